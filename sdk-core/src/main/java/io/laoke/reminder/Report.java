package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * What came of service reminders 服务提醒效果: of the dates that came due, how many customers were
 * reached, how many booked, how many services were done, and what they brought in.
 *
 * <p><b>Dates</b> count in the month, of the dealer's zone, in which they came onto the work list:
 * the day of the tick that had them come due, when staff and customer were first to hear of them.
 * That is some days before the service's own date where the rule has a lead time, and after it
 * where it was overdue when it was planned, or no engine ran. So a date of 3 August can count in
 * July, and one of 30 July that an engine missed in August. All that came of a date counts in that
 * month, too, whenever it came, so that months can be compared: a month's figures grow for as long
 * as services still come of it. Each date counts once, in how many tasks it has been and however
 * often its customer was contacted; what became of it is that of the task in which it is now.
 *
 * <p><b>Reached</b>: on or after the day on which the date came due, a message about its task left
 * that is not known to be lost; or staff noted a contact as REACHED or LATER; or the customer
 * booked or refused, or answered by {@link Answers}. A message counts from the next look at its
 * outcome on, minutes after it left. The channel is that of the last time; on one day, that of
 * staff.
 *
 * <p><b>Booked</b>: a slot was agreed on then, or later. <b>Done</b>: a service came of it, which
 * is one by which its task was done, or else one within {@link ReminderSettings#attributedDays()}
 * of the day on which it came due, or of the last contact by staff before the service. A service
 * comes of one date at most, one of a whole line of one of each unit; what was paid for it counts
 * once.
 *
 * <p><b>Services of their own accord</b> 自发服务 are those that came of no date, such as those of
 * walk-in customers, or too late to have come of one. They count in the month in which they were
 * done, in {@link ReportRow#ownServices()}, and their channel is {@link ReportChannel#OWN}. So each
 * service's money is in a report of all months once.
 *
 * <p>Services count from the next {@code Laoke.tick} on.
 *
 * @param rows by month, kind, store, staff and channel
 */
public record Report(List<ReportRow> rows) {
  /** Copies. */
  public Report {
    rows = List.copyOf(rows);
  }

  /** All rows in one. */
  public ReportRow total() {
    return rows.stream()
        .map(
            row ->
                new ReportRow(
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    row.due(),
                    row.reached(),
                    row.booked(),
                    row.done(),
                    row.incomeFen(),
                    row.ownServices(),
                    row.ownIncomeFen()))
        .reduce(
            new ReportRow(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                0,
                0,
                0,
                0,
                0,
                0),
            ReportRow::and);
  }

  /**
   * Writes it as CSV (RFC 4180) under a heading, as {@link Tasks#exportCsv} does.
   *
   * @throws IOException if {@code to} throws it
   */
  public void writeCsv(Appendable to) throws IOException {
    notNull("to", to);
    TaskCsv.line(
        to,
        List.of(
            "month",
            "kind",
            "store",
            "staff",
            "channel",
            "due",
            "reached",
            "booked",
            "done",
            "income_fen",
            "own_services",
            "own_income_fen"));
    for (ReportRow row : rows) {
      TaskCsv.line(
          to,
          List.of(
              row.month().map(Object::toString).orElse(""),
              row.kind().orElse(""),
              row.store().orElse(""),
              row.staff().orElse(""),
              row.channel().map(ReportChannel::name).orElse(""),
              Long.toString(row.due()),
              Long.toString(row.reached()),
              Long.toString(row.booked()),
              Long.toString(row.done()),
              Long.toString(row.incomeFen()),
              Long.toString(row.ownServices()),
              Long.toString(row.ownIncomeFen())));
    }
  }
}
