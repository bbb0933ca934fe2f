package io.laoke.examples.erp;

import io.laoke.segment.Window;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A window of time while it is edited.
 *
 * @param form which, as {@link SegmentWords#windows} lists them; empty: none
 * @param number of units, of a form that is counted
 * @param unit D, W, M or Y; empty: the number is a whole ISO period
 * @param from the first day
 * @param to the last day
 */
record WindowDraft(String form, String number, String unit, String from, String to) {
  static final String DAYS = "days";

  private static final int MOST = 100_000;

  static WindowDraft none() {
    return new WindowDraft("", "", "Y", "", "");
  }

  static WindowDraft lastYear() {
    return new WindowDraft("last", "1", "Y", "", "");
  }

  static WindowDraft of(Window window) {
    if (window instanceof Window.Last last) {
      return of("last", last.period());
    } else if (window instanceof Window.Next next) {
      return of("next", next.period());
    } else if (window instanceof Window.Before before) {
      return of("before", before.period());
    } else if (window instanceof Window.This one) {
      return of("this", one.unit());
    } else if (window instanceof Window.Prev prev) {
      return of("prev", prev.unit());
    } else if (window instanceof Window.NextUnit next) {
      return of("nextUnit", next.unit());
    }
    Window.Days days = (Window.Days) window;
    return new WindowDraft(
        DAYS,
        "",
        "Y",
        days.from().map(LocalDate::toString).orElse(""),
        days.to().map(LocalDate::toString).orElse(""));
  }

  private static WindowDraft of(String form, Window.Unit unit) {
    return new WindowDraft(form + " " + unit.word(), "", "Y", "", "");
  }

  private static WindowDraft of(String form, Period period) {
    long days = period.get(ChronoUnit.DAYS);
    boolean months = period.toTotalMonths() != 0;
    if (days != 0 && months) {
      return new WindowDraft(form, period.toString(), "", "", "");
    }
    if (days != 0) {
      return days % 7 == 0 ? counted(form, days / 7, "W") : counted(form, days, "D");
    }
    return period.toTotalMonths() % 12 == 0
        ? counted(form, period.toTotalMonths() / 12, "Y")
        : counted(form, period.toTotalMonths(), "M");
  }

  private static WindowDraft counted(String form, long number, String unit) {
    return new WindowDraft(form, String.valueOf(number), unit, "", "");
  }

  boolean given() {
    return !form.isEmpty();
  }

  /**
   * The window.
   *
   * @throws Unclear if it is not filled in
   */
  Window window() throws Unclear {
    if (form.equals(DAYS)) {
      Optional<LocalDate> first = day(from);
      Optional<LocalDate> last = day(to);
      if (first.isEmpty() && last.isEmpty()) {
        throw Unclear.missing("请选开始或结束的日期");
      }
      return new Window.Days(first, last);
    }
    int mark = form.indexOf(' ');
    if (mark > 0) {
      Window.Unit unit = unit(form.substring(mark + 1));
      return switch (form.substring(0, mark)) {
        case "this" -> new Window.This(unit);
        case "prev" -> new Window.Prev(unit);
        case "nextUnit" -> new Window.NextUnit(unit);
        default -> throw Unclear.wrong("没有这种时间段");
      };
    }
    Period period = period();
    return switch (form) {
      case "last" -> new Window.Last(period);
      case "next" -> new Window.Next(period);
      case "before" -> new Window.Before(period);
      default -> throw Unclear.wrong("没有这种时间段");
    };
  }

  private static Window.Unit unit(String word) throws Unclear {
    for (Window.Unit unit : Window.Unit.values()) {
      if (unit.word().equals(word)) {
        return unit;
      }
    }
    throw Unclear.wrong("没有这种时间段");
  }

  private static Optional<LocalDate> day(String text) throws Unclear {
    try {
      return text.isBlank() ? Optional.empty() : Optional.of(LocalDate.parse(text.strip()));
    } catch (DateTimeException wrong) {
      throw Unclear.wrong("日期要写成 2026-01-31 的样子");
    }
  }

  private Period period() throws Unclear {
    if (number.isBlank()) {
      throw Unclear.missing("请填时间段的长度");
    }
    try {
      if (unit.isEmpty()) {
        return Period.parse(number.strip());
      }
      int count = Integer.parseInt(number.strip());
      if (count < 1 || count > MOST) {
        throw Unclear.wrong("时间段的长度从 1 起");
      }
      return Period.parse("P" + count + unit);
    } catch (NumberFormatException | DateTimeException wrong) {
      throw Unclear.wrong("时间段的长度要是整数");
    }
  }
}
