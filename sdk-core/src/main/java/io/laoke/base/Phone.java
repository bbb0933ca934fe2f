package io.laoke.base;

import io.laoke.error.InvalidInputException;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A phone number in the one form in which Laoke compares phones, whatever way it was written down:
 * {@code +86 138-0013-8000}, {@code ０１３８００１３８０００} and {@code 13800138000} are equal.
 *
 * <ul>
 *   <li>Chinese mobile: 11 digits;
 *   <li>Chinese landline: area code with its 0, and number, without a break; or 7 to 8 digits where
 *       the area code was not given, which are taken as they are;
 *   <li>400 and 800 numbers: 10 digits;
 *   <li>abroad: {@code +}, country code and number;
 *   <li>any of them with {@code -} and an extension. It is part of the number: the privacy numbers
 *       of shopping platforms differ by nothing else.
 * </ul>
 *
 * @param value the number in that form
 */
public record Phone(String value) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?:1[3-9]\\d{9}|0(?:10|2\\d)[1-9]\\d{7}|0[3-9]\\d{2}[1-9]\\d{6,7}|[48]00\\d{7}|(?![48]00)[2-9]\\d{6,7}"
              + "|\\+(?!86)[1-9]\\d{6,14})(?:-\\d{1,6})?");
  private static final Pattern MOBILE = Pattern.compile("1[3-9]\\d{9}");
  private static final Pattern EXTENSION =
      Pattern.compile(
          "(.*?\\d\\D*?)(?:[,;#*]|转|轉|分机|分機|(?<=\\d)\\s*-|ext\\.?|x)[\\s:.()]*(\\d{1,6})",
          Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
  private static final Pattern INVISIBLE = Pattern.compile("\\p{Cf}");
  private static final Pattern DASHES = Pattern.compile("[\\p{Pd}\\u2212]");
  private static final Pattern SEPARATORS = Pattern.compile("[\\s\\u00a0.·()-]");
  private static final int LONGEST = 64;

  /** Checks that the value is in Laoke's form; what people write goes through {@link #parse}. */
  public Phone {
    Check.notNull("phone", value);
    if (!FORM.matcher(value).matches()) {
      throw refused("phone", value);
    }
  }

  /** A number as it was written down. */
  public static Phone of(@Nullable String text) {
    return parse("phone", text);
  }

  /**
   * Reads a number as it was written down: spaces, dashes, dots and brackets, full-width digits, a
   * prefix 0086 or +86, the 0 before a mobile, 转, 分机, ext or a dash before an extension.
   *
   * @param field what to call it in an error
   * @throws InvalidInputException if it is no phone number; it does not show the text
   */
  public static Phone parse(String field, @Nullable String text) {
    return read(Check.text(field, text, LONGEST)).orElseThrow(() -> refused(field, text));
  }

  /** Reads a number as it was written down, or nothing if it is none. */
  public static Optional<Phone> read(@Nullable String text) {
    if (text == null || text.length() > LONGEST) {
      return Optional.empty();
    }
    String plain =
        DASHES
            .matcher(
                INVISIBLE.matcher(Normalizer.normalize(text, Normalizer.Form.NFKC)).replaceAll(""))
            .replaceAll("-")
            .strip();
    if (FORM.matcher(plain).matches()) {
      return Optional.of(new Phone(plain));
    }
    Matcher split = EXTENSION.matcher(plain);
    Optional<String> extended =
        split.matches()
            ? canonical(split.group(1)).map(number -> number + "-" + split.group(2))
            : Optional.empty();
    // 0571-8765432-1 has an extension; 0571-8765-4321 and +33-1-23-45-67-89 have none.
    boolean shortTail =
        extended.isPresent() && !extended.get().startsWith("+") && split.group(2).length() < 4;
    return (shortTail ? extended : canonical(plain).or(() -> extended)).map(Phone::new);
  }

  private static Optional<String> canonical(String text) {
    String digits = SEPARATORS.matcher(text).replaceAll("");
    if (digits.startsWith("+86")) {
      return national(digits.substring(3), true);
    }
    if (digits.startsWith("0086")) {
      return national(digits.substring(4), true);
    }
    if (digits.startsWith("00")) {
      return known("+" + digits.substring(2));
    }
    if (digits.startsWith("+")) {
      return known(digits);
    }
    Optional<String> number = national(digits, false);
    return number.isEmpty() && digits.startsWith("86")
        ? national(digits.substring(2), true).filter(found -> found.length() > 8)
        : number;
  }

  /** A number inside China; with a country code before it, its area code has lost the 0. */
  private static Optional<String> national(String digits, boolean afterCountryCode) {
    if (digits.startsWith("0") && MOBILE.matcher(digits.substring(1)).matches()) {
      return Optional.of(digits.substring(1));
    }
    if (afterCountryCode && !digits.startsWith("0") && digits.length() > 8) {
      Optional<String> number = known(digits);
      return number.isPresent() ? number : known("0" + digits);
    }
    return known(digits);
  }

  private static Optional<String> known(String digits) {
    return digits.indexOf('-') < 0 && FORM.matcher(digits).matches()
        ? Optional.of(digits)
        : Optional.empty();
  }

  private static InvalidInputException refused(String field, @Nullable String text) {
    String given = text == null ? "" : text;
    return new InvalidInputException(
        field,
        "is no phone number (%d characters, %d of them digits). Give a Chinese mobile, a landline with its area code, a 400 or 800 number, or + with a country code; an extension may follow after 转 or a dash. Give nothing if there is none."
            .formatted(
                given.codePointCount(0, given.length()),
                given.codePoints().filter(Character::isDigit).count()));
  }

  /** Whether it is a Chinese mobile number without an extension, which can get text messages. */
  public boolean mobile() {
    return MOBILE.matcher(value).matches();
  }

  /** The number without its extension. */
  public String number() {
    int dash = value.indexOf('-');
    return dash < 0 ? value : value.substring(0, dash);
  }

  /** The extension. */
  public Optional<String> extension() {
    int dash = value.indexOf('-');
    return dash < 0 ? Optional.empty() : Optional.of(value.substring(dash + 1));
  }

  /** The last four digits of the number, without its extension. */
  public String lastFour() {
    String number = number();
    return number.substring(number.length() - 4);
  }

  /** For people's eyes: {@code 138****8000}. */
  public String masked() {
    String number = number();
    int shown = number.length() > 8 ? 3 : 0;
    return number.substring(0, shown)
        + "****"
        + number.substring(number.length() - (number.length() > 8 ? 4 : 2));
  }

  /** Shows the masked form. */
  @Override
  public String toString() {
    return masked();
  }
}
