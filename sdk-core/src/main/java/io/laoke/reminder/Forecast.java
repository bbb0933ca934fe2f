package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import java.io.IOException;
import java.util.List;

/**
 * The services that there are to do, by day and store: those that are to come, as they are planned,
 * and those that are open on the work list. One that comes again and again counts with what is open
 * of it, and with its next date. {@link ForecastDay} tells them apart:
 *
 * <ul>
 *   <li>one that is to come counts on its due day; or on the day on which it will come due since a
 *       start-up was spread, or today if nobody has looked since it was due;
 *   <li>one that waits on the work list counts on its due day, or on the day until which its task
 *       was put off;
 *   <li>one that is overdue there counts on today, or on the day until which its task was put off;
 *       so does one whose slot's day is over without its being done;
 *   <li>one that is booked counts on the day on which its slot begins, whenever it is due.
 * </ul>
 *
 * <p>Where a store cannot do all of a day, some are moved. What is booked stays, and takes its
 * day's room before all else. What is overdue by then, on the work list or not, may be done on any
 * later day that is asked for. All others are moved at most as many days earlier or later as their
 * customer is told before the due day; never before the day on which the customer is told or that
 * until which the task was put off, never into the past. And they are moved only if that leaves
 * fewer for which the store has no room, so that these are as few as can be. This is a proposal:
 * nothing is changed by it. Behind the last day stores have room for what is moved there.
 *
 * @param days by day and store, without those on which there is nothing
 */
public record Forecast(List<ForecastDay> days) {
  /** Copies. */
  public Forecast {
    days = List.copyOf(days);
  }

  /**
   * Writes it as CSV (RFC 4180) under a heading, as {@link Tasks#exportCsv} does. The last four
   * columns tell apart what is planned.
   *
   * @throws IOException if {@code to} throws it
   */
  public void writeCsv(Appendable to) throws IOException {
    notNull("to", to);
    TaskCsv.line(
        to,
        List.of(
            "day",
            "store",
            "due",
            "planned",
            "over",
            "coming_planned",
            "waiting_planned",
            "overdue_planned",
            "booked_planned"));
    for (ForecastDay day : days) {
      TaskCsv.line(
          to,
          List.of(
              day.day().toString(),
              day.store().orElse(""),
              Long.toString(day.due()),
              Long.toString(day.planned()),
              Long.toString(day.over()),
              Long.toString(day.coming().planned()),
              Long.toString(day.waiting().planned()),
              Long.toString(day.overdue().planned()),
              Long.toString(day.booked().planned())));
    }
  }
}
