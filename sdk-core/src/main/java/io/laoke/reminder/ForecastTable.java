package io.laoke.reminder;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The SQL of forecasts: one statement, whose cost is that of what is told by the last day. */
final class ForecastTable {
  private ForecastTable() {}

  static Forecast forecast(Tx tx, Tenant tenant, ForecastQuery wanted, LocalDate today) {
    LocalDate last = today.plusDays(wanted.days() - 1);
    Map<Optional<String>, List<Smoothing.Wish>> stores = read(tx, tenant, wanted, today, last);
    List<ForecastDay> days = new ArrayList<>();
    stores.forEach(
        (store, wishes) ->
            Smoothing.of(wishes, wanted.capacityOf(store).orElse(Integer.MAX_VALUE))
                .headMap(last, true)
                .forEach(
                    (day, of) ->
                        days.add(
                            new ForecastDay(day, store, of.wanted(), of.planned(), of.over()))));
    days.sort(Comparator.comparing(ForecastDay::day).thenComparing(day -> day.store().orElse("")));
    return new Forecast(days);
  }

  private static Map<Optional<String>, List<Smoothing.Wish>> read(
      Tx tx, Tenant tenant, ForecastQuery wanted, LocalDate today, LocalDate last) {
    Map<String, Object> values = new HashMap<>(Map.of("dealer", tenant.id(), "last", last));
    wanted.kind().ifPresent(kind -> values.put("kind", kind));
    wanted.store().ifPresent(store -> values.put("store", store));
    Map<Optional<String>, List<Smoothing.Wish>> stores = new HashMap<>();
    tx.stream(
        "SELECT r.store_code, r.contact_day, r.due, COUNT(*) AS many FROM {reminder} r"
            + tx.dialect().byIndex("reminder_planned")
            + " WHERE r.dealer_id = :dealer AND r.contact_day <= :last"
            + wanted.kind().map(kind -> " AND r.kind = :kind").orElse("")
            + wanted.store().map(store -> " AND r.store_code = :store").orElse("")
            + " GROUP BY r.store_code, r.contact_day, r.due",
        values,
        row ->
            stores
                .computeIfAbsent(
                    Optional.ofNullable(row.getString("store_code")), store -> new ArrayList<>())
                .add(
                    wish(
                        Objects.requireNonNull(ReminderTable.day(row, "contact_day")),
                        Objects.requireNonNull(ReminderTable.day(row, "due")),
                        today,
                        row.getLong("many"))));
    return stores;
  }

  /** As many days later as its customer is told before. */
  static Smoothing.Wish wish(LocalDate contact, LocalDate due, LocalDate today, long count) {
    LocalDate earliest = ReminderRow.later(contact, today);
    LocalDate day = ReminderRow.later(due, earliest);
    long lead = Math.max(0, ChronoUnit.DAYS.between(contact, due));
    return new Smoothing.Wish(day, earliest, ReminderRow.later(day, due.plusDays(lead)), count);
  }
}
