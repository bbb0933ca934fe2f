package io.laoke.reminder;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.reminder.ReportQuery.Part;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The SQL of reports: one statement, whose cost is that of the months that are asked for. */
final class ReportTable {
  private static final String REACHED = "(t.told >= i.opened OR t.reached >= i.opened)";

  private static final Comparator<ReportRow> ORDER =
      by(ReportRow::month)
          .thenComparing(by(ReportRow::kind))
          .thenComparing(by(ReportRow::store))
          .thenComparing(by(ReportRow::staff))
          .thenComparing(by(ReportRow::channel));

  private static <T extends Comparable<? super T>> Comparator<ReportRow> by(
      Function<ReportRow, Optional<T>> part) {
    return Comparator.comparing(
        row -> part.apply(row).orElse(null), Comparator.nullsFirst(Comparator.naturalOrder()));
  }

  private ReportTable() {}

  static Report report(Tx tx, Tenant tenant, ReportQuery wanted) {
    Map<String, Object> values = new HashMap<>();
    values.put("dealer", tenant.id());
    wanted.kind().ifPresent(kind -> values.put("kind", kind));
    wanted.store().ifPresent(store -> values.put("store", store));
    wanted.staff().ifPresent(staff -> values.put("staff", staff));
    StringBuilder sql = new StringBuilder(dates(tx, wanted, values));
    if (wanted.staff().isEmpty()) {
      sql.append("\nUNION ALL\n").append(services(tx, tenant, wanted, values));
    }
    Map<List<Object>, ReportRow> rows = new HashMap<>();
    tx.stream(
        sql.toString(),
        values,
        found -> {
          ReportRow row = row(wanted, found);
          rows.merge(
              List.of(row.month(), row.kind(), row.store(), row.staff(), row.channel()),
              row,
              ReportRow::and);
        });
    return new Report(rows.values().stream().sorted(ORDER).toList());
  }

  // ---- dates that came due

  private static String dates(Tx tx, ReportQuery wanted, Map<String, Object> values) {
    Map<Part, String> parts = new EnumMap<>(Part.class);
    parts.put(Part.MONTH, "EXTRACT(YEAR FROM i.opened) * 12 + EXTRACT(MONTH FROM i.opened) - 1");
    parts.put(Part.KIND, "i.kind");
    parts.put(Part.STORE, "t.store_code");
    parts.put(Part.STAFF, "t.assignee");
    parts.put(
        Part.CHANNEL,
        """
        CASE WHEN t.reached >= i.opened AND (t.told IS NULL OR t.told <= t.reached)
            THEN COALESCE(t.reached_by, 'UNKNOWN')
          WHEN t.told >= i.opened THEN t.told_by
          ELSE 'NONE' END""");
    values.put("from", wanted.first().atDay(1));
    values.put("to", wanted.last().atEndOfMonth());
    return grouped(
        wanted,
        parts,
        """
        CASE WHEN %s THEN 1 ELSE 0 END AS reached,
          CASE WHEN t.booked >= i.opened THEN 1 ELSE 0 END AS booked,
          CASE WHEN i.served IS NULL THEN 0 ELSE 1 END AS done, i.income_fen AS income"""
            .formatted(REACHED),
        """
        COUNT(*) AS due, SUM(q.reached) AS reached, SUM(q.booked) AS booked, SUM(q.done) AS done,
          SUM(q.income) AS income, 0 AS own, 0 AS own_income""",
        " FROM {reminder_item} i"
            + tx.dialect().byIndex("reminder_item_opened")
            + " JOIN {reminder_task} t"
            + Tx.BY_KEY
            + " ON t.dealer_id = i.dealer_id AND t.id = i.task_id"
            + " WHERE i.dealer_id = :dealer AND i.opened >= :from AND i.opened <= :to"
            + wanted.kind().map(kind -> " AND i.kind = :kind").orElse("")
            + wanted.store().map(store -> " AND t.store_code = :store").orElse("")
            + wanted.staff().map(staff -> " AND t.assignee = :staff").orElse(""));
  }

  // ---- services that came of none

  private static String services(
      Tx tx, Tenant tenant, ReportQuery wanted, Map<String, Object> values) {
    Map<Part, String> parts = new EnumMap<>(Part.class);
    parts.put(Part.KIND, "s.kind");
    parts.put(Part.STORE, "o.store_code");
    parts.put(Part.STAFF, "CAST(NULL AS CHAR(1))");
    parts.put(Part.CHANNEL, "'OWN'");
    values.put("fromMs", start(tenant, wanted.first()));
    values.put("toMs", start(tenant, wanted.last().plusMonths(1)));
    if (wanted.parts().contains(Part.MONTH)) {
      List<String> months = new ArrayList<>();
      for (YearMonth month = wanted.first();
          month.isBefore(wanted.last());
          month = month.plusMonths(1)) {
        String end = "end" + months.size();
        values.put(end, start(tenant, month.plusMonths(1)));
        months.add(
            "WHEN s.at_ms < :%s THEN %d"
                .formatted(end, month.getLong(ChronoField.PROLEPTIC_MONTH)));
      }
      long last = wanted.last().getLong(ChronoField.PROLEPTIC_MONTH);
      parts.put(
          Part.MONTH,
          months.isEmpty()
              ? Long.toString(last)
              : "CASE " + String.join(" ", months) + " ELSE " + last + " END");
    }
    return grouped(
        wanted,
        parts,
        "s.paid_fen AS income",
        """
        0 AS due, 0 AS reached, 0 AS booked, 0 AS done, 0 AS income, COUNT(*) AS own,
          SUM(q.income) AS own_income""",
        " FROM {unit_service} s"
            + tx.dialect().byIndex("unit_service_at")
            + " JOIN {customer_order} o"
            + Tx.BY_KEY
            + " ON o.dealer_id = s.dealer_id AND o.id = s.order_id"
            + " WHERE s.dealer_id = :dealer AND s.at_ms >= :fromMs AND s.at_ms < :toMs"
            + " AND s.reminded IS NULL"
            + wanted.kind().map(kind -> " AND s.kind = :kind").orElse("")
            + wanted.store().map(store -> " AND o.store_code = :store").orElse(""));
  }

  private static long start(Tenant tenant, YearMonth month) {
    LocalDate first = month.atDay(1);
    Instant start = first.atStartOfDay(tenant.zone()).toInstant();
    return start.toEpochMilli();
  }

  // ---- both

  private static String grouped(
      ReportQuery wanted, Map<Part, String> parts, String values, String sums, String from) {
    List<String> columns = wanted.parts().stream().sorted().map(ReportTable::column).toList();
    String inner =
        wanted.parts().stream()
            .sorted()
            .map(part -> parts.get(part) + " AS " + column(part) + ", ")
            .collect(Collectors.joining());
    String outer = columns.stream().map(one -> "q." + one + ", ").collect(Collectors.joining());
    String group =
        columns.isEmpty()
            ? ""
            : columns.stream()
                .map(one -> "q." + one)
                .collect(Collectors.joining(", ", " GROUP BY ", ""));
    return "SELECT " + outer + sums + " FROM (SELECT " + inner + values + from + ") q" + group;
  }

  private static ReportRow row(ReportQuery wanted, ResultSet row) throws SQLException {
    return new ReportRow(
        wanted.parts().contains(Part.MONTH)
            ? Optional.of(month(row.getLong(column(Part.MONTH))))
            : Optional.empty(),
        text(wanted, Part.KIND, row),
        text(wanted, Part.STORE, row),
        text(wanted, Part.STAFF, row),
        text(wanted, Part.CHANNEL, row).map(ReportChannel::valueOf),
        row.getLong("due"),
        row.getLong("reached"),
        row.getLong("booked"),
        row.getLong("done"),
        money(row, "income"),
        row.getLong("own"),
        money(row, "own_income"));
  }

  private static String column(Part part) {
    return "part_" + part.name().toLowerCase(Locale.ROOT);
  }

  private static YearMonth month(long proleptic) {
    return YearMonth.of(
        Math.toIntExact(Math.floorDiv(proleptic, 12)), (int) Math.floorMod(proleptic, 12L) + 1);
  }

  private static Optional<String> text(ReportQuery wanted, Part part, ResultSet row)
      throws SQLException {
    return wanted.parts().contains(part)
        ? Optional.ofNullable(row.getString(column(part)))
        : Optional.empty();
  }

  private static long money(ResultSet row, String column) throws SQLException {
    BigDecimal sum = row.getBigDecimal(column);
    return sum == null ? 0 : sum.longValueExact();
  }
}
