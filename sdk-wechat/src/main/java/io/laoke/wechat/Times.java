package io.laoke.wechat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fields of time and date. Takes what ERPs write (ISO with or without offset, {@code 2025-12-17
 * 15:01}, {@code 2025/12/17}, {@code 2025年12月17日}) and ranges of two; writes WeChat's own form in
 * Shanghai's time. What is already in a form that WeChat takes stays as it is; for fields of time
 * that is 年月日 only.
 */
final class Times {
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final Pattern FINE_DATE =
      Pattern.compile("[0-9]{4}(?:年[0-9]{1,2}月[0-9]{1,2}日|([-/.])[0-9]{1,2}\\1[0-9]{1,2})");
  private static final Pattern DATE =
      Pattern.compile(
          "([0-9]{4})(?:年([0-9]{1,2})月([0-9]{1,2})日|[-/.]([0-9]{1,2})[-/.]([0-9]{1,2}))");
  private static final Pattern TIME =
      Pattern.compile("([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\\.[0-9]{1,9})?)?");
  private static final Pattern RANGE =
      Pattern.compile("\\s*[~～至到—–]\\s*|\\s+-\\s+|(?<=:[0-9]{2})\\s*-\\s*(?=[0-9])");

  private Times() {}

  static FieldType.@Nullable Shape time(String clean) {
    return shape(clean, true);
  }

  static FieldType.@Nullable Shape date(String clean) {
    return shape(clean, false);
  }

  private static FieldType.@Nullable Shape shape(String clean, boolean needsTime) {
    String half = Characters.halfWidth(clean);
    Optional<Point> whole = point(half);
    if (whole.isPresent()) {
      return whole.get().shape(needsTime);
    }
    String[] ends = RANGE.split(half, -1);
    if (ends.length != 2) {
      return null;
    }
    Optional<Point> from = point(ends[0]);
    Optional<Point> to = point(ends[1]);
    if (from.isEmpty() || to.isEmpty()) {
      return null;
    }
    FieldType.@Nullable Shape first = from.get().shape(needsTime);
    Point until = to.get().onDateOf(from.get(), needsTime);
    FieldType.@Nullable Shape second = until.shape(needsTime);
    if (first == null || second == null) {
      return null;
    }
    return new FieldType.Shape(
        first.value() + "~" + second.value(), false, first.doubtful() || second.doubtful(), true);
  }

  private static Optional<Point> point(String text) {
    String value = text.strip();
    Optional<Point> machine = machine(value);
    if (machine.isPresent()) {
      return machine;
    }
    Matcher date = DATE.matcher(value);
    boolean dated = date.lookingAt();
    String rest = dated ? value.substring(date.end()).strip() : value;
    if (rest.startsWith("T") || rest.startsWith("t")) {
      rest = rest.substring(1);
    }
    Matcher time = TIME.matcher(rest);
    boolean timed = time.matches();
    if ((!dated && !timed) || (!timed && !rest.isEmpty())) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new Point(
              dated ? dateOf(date) : null,
              timed ? timeOf(time) : null,
              dated && FINE_DATE.matcher(date.group()).matches() ? date.group() : null));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /** An instant, or a time with its offset. */
  private static Optional<Point> machine(String value) {
    if (value.indexOf('T') < 0) {
      return Optional.empty();
    }
    try {
      Instant at =
          value.endsWith("]")
              ? ZonedDateTime.parse(value).toInstant()
              : OffsetDateTime.parse(value).toInstant();
      LocalDateTime local = LocalDateTime.ofInstant(at, SHANGHAI);
      return local.getYear() < 1000 || local.getYear() > 9999
          ? Optional.empty()
          : Optional.of(new Point(local.toLocalDate(), local.toLocalTime(), null));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static LocalDate dateOf(Matcher date) {
    String month = date.group(2) == null ? date.group(4) : date.group(2);
    String day = date.group(3) == null ? date.group(5) : date.group(3);
    return LocalDate.of(
        Integer.parseInt(date.group(1)), Integer.parseInt(month), Integer.parseInt(day));
  }

  private static LocalTime timeOf(Matcher time) {
    return LocalTime.of(Integer.parseInt(time.group(1)), Integer.parseInt(time.group(2)));
  }

  /**
   * A date, a time, or both.
   *
   * @param written the date as it was written, if WeChat takes that
   */
  private record Point(
      @Nullable LocalDate date, @Nullable LocalTime time, @Nullable String written) {

    /** A date alone is no time: its midnight would be an invention, so a fallback is better. */
    FieldType.@Nullable Shape shape(boolean needsTime) {
      if (date == null) {
        return needsTime && time != null ? FieldType.Shape.sameMeaning(shown(time)) : null;
      }
      String day =
          written != null && (!needsTime || written.indexOf('年') > 0)
              ? written
              : date.getYear() + "年" + date.getMonthValue() + "月" + date.getDayOfMonth() + "日";
      if (time == null) {
        return needsTime
            ? new FieldType.Shape(day + " 00:00", false, true, false)
            : FieldType.Shape.sameMeaning(day);
      }
      return FieldType.Shape.sameMeaning(day + " " + shown(time));
    }

    /** The end of a range may leave out the date; a date field wants it written out. */
    Point onDateOf(Point from, boolean needsTime) {
      return date == null && !needsTime ? new Point(from.date, time, from.written) : this;
    }

    private static String shown(LocalTime time) {
      return "%02d:%02d".formatted(time.getHour(), time.getMinute());
    }
  }
}
