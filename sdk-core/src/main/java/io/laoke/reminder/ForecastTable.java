package io.laoke.reminder;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.reminder.Smoothing.Sort;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The SQL of forecasts: one statement, so that nothing is seen twice while it comes due, whose cost
 * is that of what is told by the last day and of what is on the work list.
 */
final class ForecastTable {
  private static final String PLANNED = "PLANNED";

  /** The first day and the last. */
  private record Span(LocalDate first, LocalDate last) {}

  private ForecastTable() {}

  static Forecast forecast(Tx tx, Tenant tenant, ForecastQuery wanted, LocalDate today) {
    Span span = new Span(today, today.plusDays(wanted.days() - 1));
    Map<Optional<String>, List<Smoothing.Wish>> stores = read(tx, tenant, wanted, span);
    List<ForecastDay> days = new ArrayList<>();
    stores.forEach(
        (store, wishes) ->
            Smoothing.of(wishes, wanted.capacityOf(store).orElse(Integer.MAX_VALUE))
                .headMap(span.last(), true)
                .forEach((day, counts) -> days.add(day(day, store, counts))));
    days.sort(Comparator.comparing(ForecastDay::day).thenComparing(day -> day.store().orElse("")));
    return new Forecast(days);
  }

  private static ForecastDay day(
      LocalDate day, Optional<String> store, Map<Sort, ForecastDay.Count> counts) {
    return new ForecastDay(
        day,
        store,
        counts.getOrDefault(Sort.COMING, ForecastDay.Count.NONE),
        counts.getOrDefault(Sort.WAITING, ForecastDay.Count.NONE),
        counts.getOrDefault(Sort.OVERDUE, ForecastDay.Count.NONE),
        counts.getOrDefault(Sort.BOOKED, ForecastDay.Count.NONE));
  }

  private static Map<Optional<String>, List<Smoothing.Wish>> read(
      Tx tx, Tenant tenant, ForecastQuery wanted, Span span) {
    Map<String, Object> values = new HashMap<>(Map.of("dealer", tenant.id(), "last", span.last()));
    wanted.kind().ifPresent(kind -> values.put("kind", kind));
    wanted.store().ifPresent(store -> values.put("store", store));
    Map<Optional<String>, List<Smoothing.Wish>> stores = new HashMap<>();
    tx.stream(
        planned(tx, wanted) + "\nUNION ALL\n" + listed(tx, wanted),
        values,
        row ->
            stores
                .computeIfAbsent(
                    Optional.ofNullable(row.getString("store_code")), store -> new ArrayList<>())
                .add(wish(row, tenant, span)));
    return stores;
  }

  private static String planned(Tx tx, ForecastQuery wanted) {
    return "SELECT r.store_code, '"
        + PLANNED
        + "' AS state, r.contact_day AS told, r.due, r.contact_day AS not_before,"
        + " 0 AS booked_ms, COUNT(*) AS many FROM {reminder} r"
        + tx.dialect().byIndex("reminder_planned")
        + " WHERE r.dealer_id = :dealer AND r.contact_day <= :last"
        + wanted.kind().map(kind -> " AND r.kind = :kind").orElse("")
        + wanted.store().map(store -> " AND r.store_code = :store").orElse("")
        + " GROUP BY r.store_code, r.contact_day, r.due";
  }

  private static String listed(Tx tx, ForecastQuery wanted) {
    return "SELECT t.store_code, t.state, i.opened AS told, i.due, t.snoozed AS not_before,"
        + " t.booked_from_ms AS booked_ms, COUNT(*) AS many FROM {reminder_task} t"
        + tx.dialect().byIndex("reminder_task_listed")
        + " JOIN {reminder_item} i"
        + tx.dialect().byIndex("reminder_item_by_task")
        + " ON i.dealer_id = t.dealer_id AND i.task_id = t.id AND i.state = 'OPEN'"
        + " WHERE t.dealer_id = :dealer AND t.listed = 1"
        + wanted.kind().map(kind -> " AND i.kind = :kind").orElse("")
        + wanted.store().map(store -> " AND t.store_code = :store").orElse("")
        + " GROUP BY t.store_code, t.state, i.opened, i.due, t.snoozed, t.booked_from_ms";
  }

  private static Smoothing.Wish wish(ResultSet row, Tenant tenant, Span span) throws SQLException {
    String state = row.getString("state");
    LocalDate told = Objects.requireNonNull(ReminderTable.day(row, "told"));
    LocalDate due = Objects.requireNonNull(ReminderTable.day(row, "due"));
    LocalDate earliest = ReminderRow.later(ReminderTable.day(row, "not_before"), span.first());
    Long bookedMs = ReminderTable.number(row, "booked_ms");
    long count = row.getLong("many");
    if (state.equals(PLANNED)) {
      return open(Sort.COMING, told, due, earliest, span, count);
    }
    if (state.equals(TaskState.BOOKED.name()) && bookedMs != null) {
      LocalDate slot = tenant.dayOf(Instant.ofEpochMilli(bookedMs));
      return slot.isBefore(span.first())
          ? late(Sort.OVERDUE, earliest, span, count)
          : new Smoothing.Wish(Sort.BOOKED, slot, slot, slot, count);
    }
    return open(
        due.isBefore(span.first()) ? Sort.OVERDUE : Sort.WAITING, told, due, earliest, span, count);
  }

  /** As many days later as its customer is told before, unless its day is over by then. */
  private static Smoothing.Wish open(
      Sort sort, LocalDate told, LocalDate due, LocalDate earliest, Span span, long count) {
    if (due.isBefore(earliest)) {
      return late(sort, earliest, span, count);
    }
    long lead = Math.max(0, ChronoUnit.DAYS.between(told, due));
    return new Smoothing.Wish(sort, due, earliest, due.plusDays(lead), count);
  }

  private static Smoothing.Wish late(Sort sort, LocalDate day, Span span, long count) {
    return new Smoothing.Wish(sort, day, day, ReminderRow.later(day, span.last()), count);
  }
}
