package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.time.MonthDay;

/**
 * The part of each year in which a service is done, such as 1 April to 30 September for air
 * conditioners; it may reach over the new year. 29 February is 28 February in common years.
 *
 * @param first its first day
 * @param last its last day, which belongs to it
 */
public record Season(MonthDay first, MonthDay last) {
  /** Refuses a season that is the whole year: leave it out then. */
  public Season {
    notNull("season.first", first);
    notNull("season.last", last);
    if (whole(first, last, 2023) || whole(first, last, 2024)) {
      throw new InvalidInputException(
          "season",
          "from %s to %s is the whole year; leave the season out for that."
              .formatted(first.toString().substring(2), last.toString().substring(2)));
    }
  }

  private static boolean whole(MonthDay first, MonthDay last, int year) {
    LocalDate next = last.atYear(year).plusDays(1);
    return first.atYear(year).equals(next.withYear(year));
  }

  /** Whether a day is in it. */
  public boolean has(LocalDate day) {
    LocalDate begins = first.atYear(day.getYear());
    LocalDate ends = last.atYear(day.getYear());
    return begins.isAfter(ends)
        ? !day.isBefore(begins) || !day.isAfter(ends)
        : !day.isBefore(begins) && !day.isAfter(ends);
  }

  /** The day itself if it is in the season, else the next first day of it. */
  public LocalDate notBefore(LocalDate day) {
    if (has(day)) {
      return day;
    }
    LocalDate begins = first.atYear(day.getYear());
    return begins.isBefore(day) ? first.atYear(day.getYear() + 1) : begins;
  }
}
