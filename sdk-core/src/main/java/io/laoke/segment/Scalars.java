package io.laoke.segment;

import io.laoke.base.Check;
import io.laoke.catalog.Keys;
import io.laoke.segment.Condition.Bound;
import io.laoke.segment.Problems.Names;
import io.laoke.segment.SegmentProblem.Code;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns operands into the values of conditions, as {@link Condition} says which. */
final class Scalars {
  static final int LONGEST_TEXT = 200;

  /** Of thresholds, either way: of fen, and of all other numbers. */
  static final long MOST = 1_000_000_000_000_000L;

  private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");
  private static final Set<String> UNKNOWN_GENDER = Set.of("UNKNOWN", "U", "未知", "保密");
  private static final LocalDate FIRST_DAY = LocalDate.of(1000, 1, 1);
  private static final LocalDate LAST_DAY = LocalDate.of(9998, 12, 31);

  private final Schema schema;
  private final Problems problems;

  Scalars(Schema schema, Problems problems) {
    this.schema = schema;
    this.problems = problems;
  }

  /** A value, or null if it is wrong, which then was told. */
  @Nullable Object one(FieldType type, Optional<FieldDef> field, Operand operand, String at) {
    return switch (type) {
      case CODE, TAGS, REGION, CATEGORY -> code(type, field, operand, at);
      case TEXT -> text(operand, at);
      case INTEGER, MONEY -> number(type, operand, at);
      case FLAG -> flag(operand, at);
      case DATE -> date(operand, at);
      case INSTANT -> instant(operand, at);
    };
  }

  /** Values without repeats, in order; empty if one of them is wrong, or there is none. */
  List<Object> list(FieldType type, Optional<FieldDef> field, List<Operand> operands, String at) {
    if (operands.isEmpty()) {
      problems.add(
          at,
          Code.WRONG_VALUE,
          "列表是空的，谁都不符合；请至少给出一个值，“没有值”请用 missing。",
          "is an empty list, which nobody fits; give at least one value, or use missing.");
      return List.of();
    }
    int before = problems.count();
    TreeSet<Object> found = new TreeSet<>(Scalars::compared);
    for (int i = 0; i < operands.size() && !problems.full(); i++) {
      Object one = one(type, field, operands.get(i), at + "/" + i);
      if (one != null) {
        found.add(one);
      }
    }
    return problems.count() > before ? List.of() : new ArrayList<>(found);
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static int compared(Object one, Object other) {
    return ((Comparable) one).compareTo(other);
  }

  /** Part of a text: its blanks count. */
  @Nullable String part(Operand operand, String at) {
    String text = textual(operand, at, "文本", "a text");
    return text != null && fits(text, LONGEST_TEXT, at) ? text : null;
  }

  private @Nullable String text(Operand operand, String at) {
    String text = part(operand, at);
    return text == null ? null : Check.optionalText("value", text, LONGEST_TEXT);
  }

  /** Whether it may be compared with what is stored, and is something. */
  boolean fits(String text, int most, String at) {
    int length = text.codePointCount(0, text.length());
    if (length > most) {
      problems.add(
          at,
          Code.OUT_OF_RANGE,
          "最多 %d 个字符，给了 %d 个；请缩短。".formatted(most, length),
          "must have at most %d characters, has %d.".formatted(most, length));
      return false;
    }
    if (text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\t' && c != '\r')
        || !Check.mended(text).equals(text)) {
      problems.add(
          at,
          Code.WRONG_VALUE,
          "含有控制字符或不完整的 4 字节字符；请删去。",
          "has a control character or half of a 4-byte character; leave it out.");
      return false;
    }
    if (Check.optionalText("value", text, most) == null) {
      problems.add(
          at,
          Code.WRONG_VALUE,
          "空文本等于没有值；“没有值”请用 missing，“有值”请用 exists。",
          "is blank, and blank text is no value; use missing or exists instead.");
      return false;
    }
    return true;
  }

  private @Nullable String code(
      FieldType type, Optional<FieldDef> field, Operand operand, String at) {
    boolean path = type == FieldType.REGION || type == FieldType.CATEGORY;
    String text =
        path
            ? textual(operand, at, "路径文本，如 \"kitchen/hood\"", "a path such as \"kitchen/hood\"")
            : textual(operand, at, "代码文本", "a code as text");
    if (text == null || !fits(text, LONGEST_TEXT, at)) {
      return null;
    }
    String code = path ? Keys.loose(text) : text.strip();
    Optional<Map<String, Labels>> closed = field.flatMap(this::closed);
    if (type == FieldType.REGION && !Keys.isPath(code)) {
      problems.add(
          at,
          Code.WRONG_VALUE,
          "不是地区路径；各级之间用一个 / 分开，前后不加 /，如 浙江/杭州。",
          "is no path of a region; write its levels with one / between, and none before or behind, such as 浙江/杭州.");
      return null;
    }
    if (closed.isEmpty() || closed.get().containsKey(code)) {
      return code;
    }
    Optional<String> unlisted = field.flatMap(of -> schema.unlisted(of, code));
    if (unlisted.isEmpty()) {
      unknown(field.map(FieldDef::name).orElse(""), type, code, closed.get(), at);
    }
    return unlisted.orElse(null);
  }

  /** The values of a closed list. */
  private Optional<Map<String, Labels>> closed(FieldDef field) {
    return field.codes().isEmpty() ? schema.values(field) : Optional.of(field.codes());
  }

  private void unknown(
      String field, FieldType type, String code, Map<String, Labels> closed, String at) {
    if (closed.keySet().equals(Set.of("FEMALE", "MALE"))
        && UNKNOWN_GENDER.contains(code.toUpperCase(Locale.ROOT))) {
      problems.add(
          at,
          Code.WRONG_VALUE,
          "性别未知保存为没有值；请用 {\"field\":\"%s\",\"op\":\"missing\"}。".formatted(field),
          "an unknown gender is no value; use {\"field\":\"%s\",\"op\":\"missing\"}."
              .formatted(field));
      return;
    }
    Labels label = Ops.labels(type);
    problems.unknown(
        at,
        Code.UNKNOWN_VALUE,
        closed.isEmpty()
            ? new Names(
                label.zh(),
                label.en(),
                new Labels("还没有任何可用的值，请先建立。", "there are none yet, create it first."))
            : Names.of(label.zh(), label.en()),
        code,
        new Nearest.Candidates(closed));
  }

  private @Nullable String textual(Operand operand, String at, String zh, String en) {
    if (operand instanceof Operand.Text text) {
      return text.value();
    }
    wrongShape(at, operand, zh, en);
    return null;
  }

  private @Nullable BigDecimal number(FieldType type, Operand operand, String at) {
    if (!(operand instanceof Operand.Whole whole)) {
      wrongShape(
          at,
          operand,
          type == FieldType.MONEY ? "以分为单位的整数，5,000 元写作 500000" : "整数，如 3",
          type == FieldType.MONEY
              ? "a whole number of fen, such as 500000 for ¥5,000"
              : "a whole number such as 3");
      return null;
    }
    if (whole.value() > MOST || whole.value() < -MOST) {
      problems.add(
          at,
          Code.OUT_OF_RANGE,
          "数字超出范围；请用绝对值不超过 10^15（1 后面 15 个 0）的数字。",
          "is out of range; give at most 10^15, a 1 and 15 zeros.");
      return null;
    }
    return BigDecimal.valueOf(whole.value());
  }

  private @Nullable Boolean flag(Operand operand, String at) {
    if (operand instanceof Operand.Flag flag) {
      return flag.value();
    }
    wrongShape(at, operand, "true 或 false", "true or false");
    return null;
  }

  private @Nullable LocalDate date(Operand operand, String at) {
    String text = textual(operand, at, "日期文本，如 \"2026-06-30\"", "a date such as \"2026-06-30\"");
    if (text == null) {
      return null;
    }
    try {
      if (DATE.matcher(text).matches()) {
        LocalDate day = LocalDate.parse(text);
        return inRange(day, at) ? day : null;
      }
    } catch (DateTimeException wrong) {
      // told below
    }
    problems.add(
        at,
        Code.WRONG_VALUE,
        "必须是存在的日期，写作 yyyy-MM-dd，如 2026-06-30。",
        "must be a date that exists, written yyyy-MM-dd such as 2026-06-30.");
    return null;
  }

  boolean inRange(LocalDate day, String at) {
    if (day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY)) {
      problems.add(
          at,
          Code.OUT_OF_RANGE,
          "日期必须在 1000 年至 9998 年之间。",
          "must be a date between the years 1000 and 9998.");
      return false;
    }
    return true;
  }

  private @Nullable Long instant(Operand operand, String at) {
    String text =
        textual(
            operand,
            at,
            "带时区的时间，如 \"2026-06-30T08:00:00+08:00\"",
            "a time with its offset, such as \"2026-06-30T08:00:00+08:00\"");
    if (text == null) {
      return null;
    }
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      return inRange(time.toLocalDate(), at)
          ? (Long) reached(time.toInstant()).toEpochMilli()
          : null;
    } catch (DateTimeException wrong) {
      problems.add(
          at,
          Code.WRONG_VALUE,
          "必须是带时区的时间，如 2026-06-30T08:00:00+08:00；只有日期时请用 during 的 from 和 to。",
          "must be a time with its offset such as 2026-06-30T08:00:00+08:00; for whole days use during with from and to.");
      return null;
    }
  }

  /**
   * Moments are kept to the millisecond: the first of them that is not before this one, which they
   * are before or not exactly if they are before this one or not.
   */
  static Instant reached(Instant moment) {
    Instant cut = moment.truncatedTo(ChronoUnit.MILLIS);
    return cut.equals(moment) ? cut : cut.plusMillis(1);
  }

  void wrongShape(String at, Operand was, String zh, String en) {
    if (was instanceof Operand.None) {
      problems.add(
          at,
          Code.MISSING_KEY,
          "缺少 value；请给出%s，“没有值”请用 missing。".formatted(zh),
          "has no value; give %s, or use missing to ask for none.".formatted(en));
    } else {
      problems.add(
          at,
          Code.WRONG_TYPE,
          "必须是%s。".formatted(zh),
          "must be %s, was %s.".formatted(en, what(was)));
    }
  }

  private static String what(Operand operand) {
    if (operand instanceof Operand.Text) {
      return "a text";
    }
    if (operand instanceof Operand.Whole) {
      return "a number";
    }
    if (operand instanceof Operand.Flag) {
      return "true or false";
    }
    return operand instanceof Operand.Many ? "a list" : "a window";
  }

  /** The value as it stands in the canonical form. */
  static Operand operand(Object value) {
    if (value instanceof BigDecimal number) {
      return new Operand.Whole(number.longValueExact());
    }
    if (value instanceof Boolean flag) {
      return new Operand.Flag(flag);
    }
    return new Operand.Text(
        value instanceof Long ms ? Instant.ofEpochMilli(ms).toString() : value.toString());
  }

  /** What an operator asks with values that were found right. */
  static Condition condition(Op op, List<Object> values) {
    Object first = values.get(0);
    return switch (op) {
      case EQ -> new Condition.Equal(first);
      case IN -> new Condition.In(values);
      case CONTAINS -> new Condition.Contains((String) first);
      case STARTS_WITH -> new Condition.StartsWith((String) first);
      case UNDER -> new Condition.Under((String) first);
      case HAS_ANY -> new Condition.HasAny(values.stream().map(String.class::cast).toList());
      case HAS_ALL -> new Condition.HasAll(values.stream().map(String.class::cast).toList());
      case LT -> new Condition.Compare(Bound.LT, first);
      case LTE -> new Condition.Compare(Bound.LTE, first);
      case GT -> new Condition.Compare(Bound.GT, first);
      case GTE -> new Condition.Compare(Bound.GTE, first);
      case BETWEEN, DURING, ANNIVERSARY, EXISTS, MISSING, NE, NOT_IN, HAS_NONE, NOT_CONTAINS ->
          throw new IllegalArgumentException("not asked with values: " + op);
    };
  }
}
