package io.laoke.wechat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The types of template fields, told by the prefix of a field's key: {@code thing2} is a {@code
 * thing}. Keys without such a prefix and number are those of older and test templates.
 */
enum FieldType {
  /** Up to 20 characters of any kind. */
  THING("详见订单") {
    @Override
    @Nullable Shape shape(String clean) {
      return ellipsis(clean, 20);
    }
  },
  /** Its limit is not documented; 5 is sure to pass. */
  SHORT_THING("见订单") {
    @Override
    @Nullable Shape shape(String clean) {
      return ellipsis(clean, 5);
    }
  },
  /** Up to 32 visible ASCII characters. */
  CHARACTER_STRING("-") {
    private static final Pattern BLANKS = Pattern.compile(" +");

    @Override
    @Nullable Shape shape(String clean) {
      String half = Characters.halfWidth(clean);
      String joined = Characters.keep(half, c -> c == ' ' || Characters.ascii(c)).strip();
      String kept = joined.indexOf(' ') < 0 ? joined : BLANKS.matcher(joined).replaceAll("-");
      if (kept.isEmpty()) {
        return null;
      }
      return Characters.length(kept) <= 32
          ? new Shape(kept, false, false, kept.equals(half))
          : Shape.ofCut(Characters.first(kept, 29) + "...");
    }
  },
  /** Digits with at most one decimal point. */
  NUMBER("00") {
    @Override
    @Nullable Shape shape(String clean) {
      return Numbers.plain(clean);
    }
  },
  /** Up to 32 Latin letters. */
  LETTER("NA") {
    @Override
    @Nullable Shape shape(String clean) {
      String half = Characters.withoutAccents(Characters.halfWidth(clean));
      return plainCut(Characters.keep(half, Characters::letter), 32, half);
    }
  },
  /** Up to 5 symbols. */
  SYMBOL("-") {
    @Override
    @Nullable Shape shape(String clean) {
      String half = Characters.halfWidth(clean);
      return plainCut(Characters.keep(half, Characters::asciiSymbol), 5, half);
    }
  },
  /**
   * Up to 5 Chinese characters. Leaving out letters or digits, or the end, can turn its meaning
   * round; then the fallback is better.
   */
  PHRASE("已更新") {
    @Override
    @Nullable Shape shape(String clean) {
      String kept = Characters.keep(clean, Characters::han);
      if (kept.isEmpty()) {
        return null;
      }
      boolean lostWords = !Characters.all(clean, c -> Characters.han(c) || punctuation(c));
      boolean tooLong = Characters.length(kept) > 5;
      return new Shape(Characters.first(kept, 5), tooLong, lostWords || tooLong, false);
    }

    private static boolean punctuation(int c) {
      return !Character.isLetterOrDigit(c);
    }
  },
  /** Up to 10 characters if one is Chinese, else up to 20 letters or symbols. */
  NAME("见订单") {
    @Override
    @Nullable Shape shape(String clean) {
      String half = Characters.withoutAccents(Characters.halfWidth(clean)).replace(' ', '·');
      String kept = Characters.keep(half, FieldType::mayBeInName);
      boolean named = kept.codePoints().anyMatch(c -> Characters.han(c) || Characters.letter(c));
      if (!named) {
        return null;
      }
      boolean chinese = kept.codePoints().anyMatch(Characters::han);
      return plainCut(kept, chinese ? 10 : 20, half);
    }
  },
  /** 24-hour time, after a date or alone, or a range of two. */
  TIME("00:00") {
    @Override
    @Nullable Shape shape(String clean) {
      return Times.time(clean);
    }
  },
  /** A date, with a time or alone, or a range of two. */
  DATE("1970年1月1日") {
    @Override
    @Nullable Shape shape(String clean) {
      return Times.date(clean);
    }
  },
  /** A currency sign at most, up to 10 digits, decimals, 元 at most. */
  AMOUNT("00元") {
    @Override
    @Nullable Shape shape(String clean) {
      return Numbers.amount(clean);
    }
  },
  /** Up to 17 digits and symbols. Part of a number would be another number. */
  PHONE_NUMBER("000-0000") {
    @Override
    @Nullable Shape shape(String clean) {
      return Numbers.phone(clean);
    }
  },
  /** Up to 8 characters; Chinese ones first and last only. Part of a plate would be another. */
  CAR_NUMBER("未知") {
    private static final Pattern PLATE =
        Pattern.compile("[\\u4E00-\\u9FFFA-Z0-9][A-Z0-9]{2,6}[\\u4E00-\\u9FFFA-Z0-9]");

    @Override
    @Nullable Shape shape(String clean) {
      String plate =
          Characters.halfWidth(clean).toUpperCase(Locale.ROOT).replaceAll("[\\s·•.\\-]", "");
      return PLATE.matcher(plate).matches() ? new Shape(plate, false, false, true) : null;
    }
  },
  /** One of the values that the template declares; only the mapping can know them. */
  CONST("其他") {
    @Override
    @Nullable Shape shape(String clean) {
      return declared(clean);
    }
  },
  /** As {@link #CONST}. */
  ENUM("其他") {
    @Override
    @Nullable Shape shape(String clean) {
      return declared(clean);
    }
  },
  /** A middle field {@code keywordN} of an older template: up to 20 characters. */
  KEYWORD("详见订单") {
    @Override
    @Nullable Shape shape(String clean) {
      return ellipsis(clean, 20);
    }
  },
  /** Any other key, such as {@code first}, {@code remark} or those of a test account. */
  FREE("详见订单") {
    @Override
    @Nullable Shape shape(String clean) {
      return ellipsis(clean, 200);
    }
  };

  private static final Map<String, FieldType> BY_PREFIX = byPrefix();

  private final String placeholder;

  FieldType(String placeholder) {
    this.placeholder = placeholder;
  }

  /**
   * The best that the type can make of a cleaned value.
   *
   * @return null if nothing of it fits
   */
  abstract @Nullable Shape shape(String clean);

  /** A valid value that claims nothing about the order. */
  String placeholder() {
    return placeholder;
  }

  static FieldType of(String key) {
    int digits = key.length();
    while (digits > 0 && Characters.digit(key.charAt(digits - 1))) {
      digits--;
    }
    return digits == key.length() ? FREE : BY_PREFIX.getOrDefault(key.substring(0, digits), FREE);
  }

  /**
   * A value that satisfies the type.
   *
   * @param cut whether its end was cut off
   * @param doubtful whether its meaning may have changed: a fallback is better
   * @param sameMeaning whether only its form changed
   */
  record Shape(String value, boolean cut, boolean doubtful, boolean sameMeaning) {
    static Shape ofCut(String value) {
      return new Shape(value, true, false, false);
    }

    static Shape sameMeaning(String value) {
      return new Shape(value, false, false, true);
    }
  }

  private static @Nullable Shape ellipsis(String clean, int max) {
    if (clean.isEmpty()) {
      return null;
    }
    return Characters.length(clean) <= max
        ? new Shape(clean, false, false, false)
        : Shape.ofCut(Characters.first(clean, max - 1) + "…");
  }

  private static @Nullable Shape plainCut(String kept, int max, String all) {
    if (kept.isEmpty()) {
      return null;
    }
    return Characters.length(kept) <= max
        ? new Shape(kept, false, false, kept.equals(all))
        : Shape.ofCut(Characters.first(kept, max));
  }

  private static @Nullable Shape declared(String clean) {
    if (clean.isEmpty()) {
      return null;
    }
    boolean tooLong = Characters.length(clean) > 20;
    return new Shape(Characters.first(clean, 20), tooLong, tooLong, false);
  }

  private static boolean mayBeInName(int c) {
    return Characters.han(c) || Characters.letter(c) || "·.-_'*()".indexOf(c) >= 0;
  }

  private static Map<String, FieldType> byPrefix() {
    Map<String, FieldType> all = new HashMap<>();
    for (FieldType type : values()) {
      if (type != FREE) {
        all.put(type.name().toLowerCase(Locale.ROOT), type);
      }
    }
    return Map.copyOf(all);
  }

  /** Values of which a part would say something else: taken whole or not at all. */
  private static final class Numbers {
    private static final Pattern ONE_NUMBER =
        Pattern.compile(
            "([^0-9.,+-]*)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\\.([0-9]+))?([^0-9.,+-]*)");
    private static final Pattern BEFORE_MONEY =
        Pattern.compile("(?:人民币|RMB|CNY|合计|共计|共|计|金额|[:：]|\\s)*+([¥￥$€£]?)\\s*(?:RMB|CNY)?");
    private static final Pattern AFTER_MONEY = Pattern.compile("\\s*(?:元整|元|圆整|圆|块|RMB|CNY)?");
    private static final Pattern FACTOR = Pattern.compile("[十百千万亿兆%‰kKmM]");
    private static final int MAX_AMOUNT = 10;
    private static final int MAX_PHONE = 17;
    private static final Pattern NEXT_PHONE = Pattern.compile("[/、,;|]|或");
    private static final Pattern EXTENSION = Pattern.compile("\\s*(?:转|分机|ext\\.?|#)\\s*");

    private Numbers() {}

    static @Nullable Shape plain(String clean) {
      Matcher number = ONE_NUMBER.matcher(Characters.halfWidth(clean));
      if (!number.matches() || FACTOR.matcher(number.group(4)).lookingAt()) {
        return null;
      }
      String whole = number.group(2).replace(",", "");
      String decimals = Optional.ofNullable(number.group(3)).orElse("");
      if (whole.length() > 32) {
        return null;
      }
      int room = Math.max(0, 31 - whole.length());
      String kept = decimals.substring(0, Math.min(room, decimals.length()));
      String value = kept.isEmpty() ? whole : whole + "." + kept;
      boolean bare = number.group(1).isEmpty() && number.group(4).isEmpty();
      return new Shape(value, kept.length() < decimals.length(), false, bare);
    }

    static @Nullable Shape amount(String clean) {
      String half = Characters.halfWidth(clean.replace('￥', '¥'));
      Matcher number = ONE_NUMBER.matcher(half);
      if (!number.matches()) {
        return null;
      }
      Matcher before = BEFORE_MONEY.matcher(number.group(1));
      if (!before.matches() || !AFTER_MONEY.matcher(number.group(4)).matches()) {
        return null;
      }
      String whole = number.group(2).replace(",", "");
      String decimals = Optional.ofNullable(number.group(3)).orElse("");
      BigDecimal value = new BigDecimal(decimals.isEmpty() ? whole : whole + "." + decimals);
      BigDecimal shownValue = value;
      int room = Math.min(2, MAX_AMOUNT - whole.length());
      if (room < 0) {
        return null;
      }
      if (value.scale() > room) {
        shownValue = value.setScale(room, RoundingMode.HALF_UP);
      }
      if (shownValue.precision() > MAX_AMOUNT) {
        return null;
      }
      String yuan = number.group(4).matches("\\s*[元圆块].*") ? "元" : "";
      String shown = before.group(1) + shownValue.toPlainString() + yuan;
      boolean same = shownValue.compareTo(value) == 0;
      return new Shape(shown, !same, false, same);
    }

    static @Nullable Shape phone(String clean) {
      String[] numbers = NEXT_PHONE.split(Characters.halfWidth(clean), -1);
      for (String number : numbers) {
        String[] parts = EXTENSION.split(number.strip(), 2);
        String whole = dialled(String.join("-", parts));
        String main = dialled(parts[0]);
        boolean fits = whole.length() <= MAX_PHONE;
        // without its separators an extension would run into the number
        String value = fits ? whole : main.length() <= MAX_PHONE ? main : bare(main);
        boolean lost = numbers.length > 1 || (!fits && parts.length > 1);
        if (value.length() <= MAX_PHONE && digits(value) >= 3) {
          return lost ? Shape.ofCut(value) : shapeOf(value, number);
        }
      }
      return null;
    }

    private static String dialled(String part) {
      String dashed = part.strip().replaceAll("\\s+", "-");
      return Characters.keep(dashed, c -> Characters.digit(c) || "+-()*".indexOf(c) >= 0)
          .replaceAll("-{2,}", "-")
          .replaceAll("^-|-$", "");
    }

    private static String bare(String number) {
      return number.replaceAll("[()-]", "");
    }

    private static long digits(String value) {
      return value.codePoints().filter(Characters::digit).count();
    }

    private static Shape shapeOf(String value, String number) {
      boolean onlyForm = number.codePoints().noneMatch(Character::isLetter);
      return new Shape(value, false, false, onlyForm);
    }
  }
}
