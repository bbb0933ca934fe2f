package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import java.io.IOException;
import java.util.List;

/**
 * The services that are to come, by day and store: each unit's next one of each kind, as they are
 * planned. One that comes again and again counts with its next date alone, and one that has come
 * due already does not count: it is on the work list.
 *
 * <p>A service counts on its due day; what is overdue, on today, or on the day on which it will
 * come due since a start-up was spread. Where a store cannot do all of a day, some are moved: each
 * at most as many days earlier or later as its rule's lead time is, never before the day on which
 * its customer is told, never into the past; and only if that leaves fewer for which the store has
 * no room, so that these are as few as can be. This is a proposal: nothing is changed by it. Behind
 * the last day stores have room for what is moved there.
 *
 * @param days by day and store, without those on which there is nothing
 */
public record Forecast(List<ForecastDay> days) {
  /** Copies. */
  public Forecast {
    days = List.copyOf(days);
  }

  /**
   * Writes it as CSV (RFC 4180) under a heading, as {@link Tasks#exportCsv} does.
   *
   * @throws IOException if {@code to} throws it
   */
  public void writeCsv(Appendable to) throws IOException {
    notNull("to", to);
    TaskCsv.line(to, List.of("day", "store", "due", "planned", "over"));
    for (ForecastDay day : days) {
      TaskCsv.line(
          to,
          List.of(
              day.day().toString(),
              day.store().orElse(""),
              Long.toString(day.due()),
              Long.toString(day.planned()),
              Long.toString(day.over())));
    }
  }
}
