package io.laoke.examples.erp;

import io.laoke.segment.FieldType;
import io.laoke.segment.Operand;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Values as people write them, and as segments have them: yuan and fen, local times and instants.
 */
final class DraftValue {
  private static final int FEN = 2;

  /** One of several: in quotes, doubled within, or up to the next comma. */
  private static final Pattern PART = Pattern.compile("\"((?:[^\"]|\"\")*)\"|[^,，、;；\\n]+");

  private static final Pattern PLAIN = Pattern.compile("[^,，、;；\\n\"]+");

  private DraftValue() {}

  static Operand one(FieldType type, String text) throws Unclear {
    String given = text.strip();
    if (given.isEmpty()) {
      throw Unclear.missing("请填值");
    }
    return switch (type) {
      case CODE, TEXT, REGION, CATEGORY, TAGS -> new Operand.Text(given);
      case FLAG -> new Operand.Flag(given.equals("true"));
      case INTEGER -> new Operand.Whole(whole(given, 0, "请填整数"));
      case MONEY -> new Operand.Whole(whole(given, FEN, "金额请填数字，如 5000 或 99.50"));
      case DATE -> new Operand.Text(day(given));
      case INSTANT -> new Operand.Text(moment(given));
    };
  }

  /** Several: chosen one by one, or written one behind the other. */
  static Operand several(FieldType type, boolean chosen, List<String> values) throws Unclear {
    List<String> texts =
        chosen ? values : values.stream().flatMap(value -> split(value).stream()).toList();
    List<Operand> all = new ArrayList<>();
    for (String text : texts) {
      if (!text.isBlank()) {
        all.add(one(type, text));
      }
    }
    if (all.isEmpty()) {
      throw Unclear.missing(chosen ? "请至少选一个" : "请填值，多个用逗号分开");
    }
    return new Operand.Many(all);
  }

  private static List<String> split(String written) {
    List<String> parts = new ArrayList<>();
    Matcher part = PART.matcher(written);
    while (part.find()) {
      parts.add(part.group(1) == null ? part.group() : part.group(1).replace("\"\"", "\""));
    }
    return parts;
  }

  /** Several as one text, which gives the same when it is read again. */
  static String joined(List<String> values) {
    return values.stream()
        .map(
            value ->
                PLAIN.matcher(value).matches() ? value : "\"" + value.replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining("、"));
  }

  static int small(String text) throws Unclear {
    return (int) Math.max(-1, Math.min(100_000, whole(text.strip(), 0, "请填 0 到 10000 的整数")));
  }

  private static long whole(String text, int places, String otherwise) throws Unclear {
    try {
      return new BigDecimal(text.replace(",", "").replace("，", ""))
          .movePointRight(places)
          .longValueExact();
    } catch (ArithmeticException | NumberFormatException wrong) {
      throw Unclear.wrong(otherwise);
    }
  }

  private static String day(String text) throws Unclear {
    try {
      return LocalDate.parse(text).toString();
    } catch (DateTimeException wrong) {
      throw Unclear.wrong("日期要写成 2026-01-31 的样子");
    }
  }

  private static String moment(String text) throws Unclear {
    try {
      return LocalDateTime.parse(text)
          .atZone(OrderDesk.ZONE)
          .format(DateTimeFormatter.ISO_OFFSET_DATE_TIME);
    } catch (DateTimeException wrong) {
      throw Unclear.wrong("时间要写成 2026-01-31T09:30 的样子");
    }
  }

  /** As people write them. */
  static List<String> texts(FieldType type, Operand value) {
    if (value instanceof Operand.Many many) {
      return many.values().stream().map(one -> text(type, one)).toList();
    }
    return value instanceof Operand.None ? List.of() : List.of(text(type, value));
  }

  private static String text(FieldType type, Operand value) {
    if (value instanceof Operand.Whole number) {
      return type == FieldType.MONEY
          ? BigDecimal.valueOf(number.value(), FEN).stripTrailingZeros().toPlainString()
          : String.valueOf(number.value());
    } else if (value instanceof Operand.Flag flag) {
      return String.valueOf(flag.value());
    }
    String text = value instanceof Operand.Text one ? one.value() : "";
    return type == FieldType.INSTANT ? local(text) : text;
  }

  private static String local(String instant) {
    try {
      return OffsetDateTime.parse(instant)
          .atZoneSameInstant(OrderDesk.ZONE)
          .toLocalDateTime()
          .toString();
    } catch (DateTimeException wrong) {
      return instant;
    }
  }
}
