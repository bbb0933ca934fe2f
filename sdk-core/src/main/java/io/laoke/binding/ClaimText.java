package io.laoke.binding;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads whether a text asks for a claim: 绑定, alone or with an order's number and four digits. */
sealed interface ClaimText {
  Pattern FORM =
      Pattern.compile(
          "(?:绑定|綁定)(?:订单|訂單)?(?:[\\s:,、+]+(\\S{1,64}?)(?:[\\s,、+]+(\\d{4}))?)?[\\s。.!]*",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Wants to know how, or left something out. */
  record Ask() implements ClaimText {}

  /** Claims. */
  record Claim(String orderNo, String lastFour) implements ClaimText {}

  /** What the text is; null if it is not ours. */
  static @Nullable ClaimText read(String text) {
    if (text.length() > 200) {
      return null;
    }
    Matcher found = FORM.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC).strip());
    if (!found.matches()) {
      return null;
    }
    String number = found.group(1);
    String digits = found.group(2);
    if (number == null) {
      return new Ask();
    }
    if (digits != null) {
      return new Claim(number, digits);
    }
    // One word after 绑定: an order's number if it has a digit, else somebody talks about binding.
    return number.chars().anyMatch(Character::isDigit) ? new Ask() : null;
  }
}
