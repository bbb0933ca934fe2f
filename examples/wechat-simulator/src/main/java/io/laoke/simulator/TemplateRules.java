package io.laoke.simulator;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a value of each field type may be. */
final class TemplateRules {
  private static final Pattern TYPED =
      Pattern.compile(
          "(thing|short_thing|character_string|number|letter|symbol|phrase|name|time|date|amount"
              + "|phone_number|car_number|const|enum)\\d+");
  private static final Pattern DAY =
      Pattern.compile(
          "(\\d{4})(?:年(\\d{1,2})月(\\d{1,2})日|-(\\d{1,2})-(\\d{1,2})|/(\\d{1,2})/(\\d{1,2})|\\.(\\d{1,2})\\.(\\d{1,2}))");
  private static final Pattern CLOCK = Pattern.compile("([01]?\\d|2[0-3]):[0-5]\\d(:[0-5]\\d)?");
  private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d+)?");
  private static final Pattern AMOUNT = Pattern.compile("[¥￥$€£]?(\\d+(\\.\\d+)?)元?");
  private static final Pattern PHONE = Pattern.compile("[0-9+\\-() *#]{1,17}");
  private static final Pattern CAR =
      Pattern.compile("[\\p{IsHan}A-Za-z0-9][A-Za-z0-9·]*[\\p{IsHan}A-Za-z0-9]");
  private static final Pattern LEGACY_EDGE = Pattern.compile("first|remark");
  private static final int LEGACY_LENGTH = 20;

  private TemplateRules() {}

  /** Whether the key names a typed field of a category template. */
  static boolean typed(String key) {
    return TYPED.matcher(key).matches();
  }

  /** Whether the platform takes this value in this typed field. */
  static boolean accepts(String key, String value, Set<String> allowed) {
    Matcher type = TYPED.matcher(key);
    if (!type.matches()) {
      throw new IllegalArgumentException("not a typed field: " + key);
    }
    if (value.isBlank() || hasControl(value) || hasEmoji(value)) {
      return false;
    }
    int length = value.codePointCount(0, value.length());
    return switch (String.valueOf(type.group(1))) {
      case "thing" -> length <= 20;
      case "short_thing" -> length <= 5;
      case "character_string" -> length <= 32 && value.codePoints().allMatch(TemplateRules::ascii);
      case "number" -> NUMBER.matcher(value).matches() && digits(value) <= 32;
      case "letter" -> length <= 32 && value.codePoints().allMatch(TemplateRules::latin);
      case "symbol" -> length <= 5 && value.codePoints().noneMatch(Character::isLetterOrDigit);
      case "phrase" -> length <= 5 && value.codePoints().allMatch(TemplateRules::han);
      case "name" -> name(value, length);
      case "time" -> range(value, TemplateRules::moment);
      case "date" -> range(value, TemplateRules::day);
      case "amount" -> amount(value);
      case "phone_number" -> PHONE.matcher(value).matches() && digits(value) > 0;
      case "car_number" -> length <= 8 && CAR.matcher(value).matches();
      case "const" -> length <= 20 && (allowed.isEmpty() || allowed.contains(value));
      case "enum" -> allowed.isEmpty() || allowed.contains(value);
      default -> throw new IllegalStateException("no rule for " + key);
    };
  }

  /** What an old industry template shows: cut in silence, first and last line dropped. */
  static String legacy(String key, String value) {
    if (LEGACY_EDGE.matcher(key).matches()) {
      return "";
    }
    StringBuilder kept = new StringBuilder();
    int length = 0;
    for (int point : value.split("\\R", 2)[0].codePoints().toArray()) {
      if (length < LEGACY_LENGTH && !emoji(point) && !Character.isISOControl(point)) {
        kept.appendCodePoint(point);
        length++;
      }
    }
    return kept.toString();
  }

  static boolean hasControl(String value) {
    return value
        .codePoints()
        .anyMatch(p -> Character.isISOControl(p) || p == 0x2028 || p == 0x2029 || p == 0xFEFF);
  }

  static boolean hasEmoji(String value) {
    return value.codePoints().anyMatch(TemplateRules::emoji);
  }

  /** Pictographs, flags, their joiners and selectors; plain signs such as ★ or ① are not. */
  static boolean emoji(int p) {
    return (p >= 0x1F000 && p <= 0x1FAFF)
        || (p >= 0xE0020 && p <= 0xE007F)
        || p == 0xFE0F
        || p == 0x200D
        || p == 0x20E3
        || (p >= 0x231A && p <= 0x231B)
        || (p >= 0x23E9 && p <= 0x23F3)
        || (p >= 0x2600 && p <= 0x2604)
        || p == 0x260E
        || p == 0x2611
        || (p >= 0x2614 && p <= 0x2615)
        || p == 0x261D
        || (p >= 0x2638 && p <= 0x263A)
        || (p >= 0x2648 && p <= 0x2653)
        || p == 0x2660
        || p == 0x2663
        || (p >= 0x2665 && p <= 0x2666)
        || p == 0x2668
        || p == 0x267B
        || p == 0x267F
        || (p >= 0x2692 && p <= 0x26FD)
        || p == 0x2702
        || (p >= 0x2705 && p <= 0x270D)
        || p == 0x270F
        || (p >= 0x2712 && p <= 0x2716)
        || p == 0x2728
        || (p >= 0x2733 && p <= 0x2734)
        || p == 0x2744
        || p == 0x2747
        || (p >= 0x274C && p <= 0x274E)
        || (p >= 0x2753 && p <= 0x2757)
        || (p >= 0x2763 && p <= 0x2764)
        || (p >= 0x2795 && p <= 0x2797)
        || p == 0x27A1
        || p == 0x27B0
        || p == 0x27BF
        || (p >= 0x2B1B && p <= 0x2B1C)
        || p == 0x2B50
        || p == 0x2B55;
  }

  private static boolean name(String value, int length) {
    if (value.codePoints().anyMatch(Character::isDigit)) {
      return false;
    }
    return length <= (value.codePoints().anyMatch(TemplateRules::han) ? 10 : 20);
  }

  private static boolean range(String value, java.util.function.Predicate<String> one) {
    int tilde = value.indexOf('~');
    return tilde < 0
        ? one.test(value)
        : one.test(value.substring(0, tilde).strip())
            && one.test(value.substring(tilde + 1).strip());
  }

  /** {@code 15:01}, or a date before it. */
  private static boolean moment(String value) {
    if (CLOCK.matcher(value).matches()) {
      return true;
    }
    int space = value.indexOf(' ');
    return space > 0
        && date(value.substring(0, space))
        && CLOCK.matcher(value.substring(space + 1)).matches();
  }

  /** A date, or one with a time behind it. */
  private static boolean day(String value) {
    return date(value) || (value.indexOf(' ') > 0 && moment(value));
  }

  private static boolean date(String value) {
    Matcher day = DAY.matcher(value);
    if (!day.matches()) {
      return false;
    }
    int first = 2;
    while (day.group(first) == null) {
      first += 2;
    }
    try {
      return LocalDate.of(
              Integer.parseInt(day.group(1)),
              Integer.parseInt(day.group(first)),
              Integer.parseInt(day.group(first + 1)))
          .isAfter(LocalDate.MIN);
    } catch (DateTimeException noSuchDay) {
      return false;
    }
  }

  private static boolean amount(String value) {
    return AMOUNT.matcher(value).matches() && digits(value) <= 10;
  }

  private static long digits(String value) {
    return value.codePoints().filter(p -> p >= '0' && p <= '9').count();
  }

  private static boolean ascii(int p) {
    return p >= 0x20 && p < 0x7F;
  }

  private static boolean latin(int p) {
    return (p >= 'a' && p <= 'z') || (p >= 'A' && p <= 'Z');
  }

  private static boolean han(int p) {
    return Character.isIdeographic(p) || p == 0x3007;
  }
}
