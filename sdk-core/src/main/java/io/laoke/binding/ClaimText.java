package io.laoke.binding;

import java.text.Normalizer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads whether a text asks for a claim: 绑定, alone or with an order's number and four digits. */
sealed interface ClaimText {
  Pattern FORM =
      Pattern.compile(
          "(?:绑定|綁定)(?:(?:订单|訂單)[号號]?)?(?:([\\s:,、+]*)(\\S{1,64}?)(?:[\\s,、+]+(\\d{1,20}))?)?[\\s。.!]*",
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
    String number = found.group(2);
    String digits = found.group(3);
    if (number == null) {
      return new Ask();
    }
    // Without a blank before it only what looks like a number: 绑定SO-1001, but not 绑定手机号.
    if (found.group(1).isEmpty() && !latin(number.charAt(0))) {
      return null;
    }
    if (digits != null && digits.length() == 4) {
      return new Claim(number, digits);
    }
    // A whole phone, or no digits at all: how to claim, if the word can be an order's number; else
    // somebody talks about binding.
    return number.chars().anyMatch(Character::isDigit) ? new Ask() : null;
  }

  private static boolean latin(char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
