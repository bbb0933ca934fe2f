package io.laoke.segment;

import java.time.Period;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Periods of windows: whole days, weeks, months and years. */
final class Periods {
  static final int MOST_MONTHS = 1200;
  static final int MOST_DAYS = 36_600;

  private static final Pattern FORM =
      Pattern.compile(
          "P(?=[0-9])(?:([0-9]{1,5})Y)?(?:([0-9]{1,5})M)?(?:([0-9]{1,5})W)?(?:([0-9]{1,5})D)?");

  private Periods() {}

  static Optional<Period> read(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            Period.of(
                part(form, 1), part(form, 2), Math.addExact(7 * part(form, 3), part(form, 4))))
        : Optional.empty();
  }

  private static int part(Matcher form, int group) {
    String digits = form.group(group);
    return digits == null ? 0 : Integer.parseInt(digits);
  }

  /** At least a day, at most a hundred years, no part of it backwards. */
  static boolean sane(Period period) {
    return period.getYears() >= 0
        && period.getMonths() >= 0
        && period.getDays() >= 0
        && !period.isZero()
        && period.toTotalMonths() <= MOST_MONTHS
        && period.getDays() <= MOST_DAYS;
  }
}
