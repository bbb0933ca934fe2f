package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.reminder.DuePage;
import io.laoke.reminder.DueQuery;
import io.laoke.reminder.DueReminder;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** 服务报表: what is to come. */
@Component
class ServiceCharts {
  private static final int DAYS = 90;
  private static final int AT_ONCE = 500;

  private final Dealer dealer;
  private final StoreTable stores;
  private final Clock clock;

  ServiceCharts(Laoke laoke, StoreTable stores, Clock clock) {
    this.dealer = laoke.dealer("hengxin");
    this.stores = stores;
    this.clock = clock;
  }

  /**
   * What comes due.
   *
   * @param stores names of the columns
   * @param days one after the other
   * @param totals for each store
   * @param all in all
   */
  record Calendar(List<String> stores, List<Day> days, List<Long> totals, long all) {}

  /**
   * A day.
   *
   * @param day which
   * @param counts for each store
   * @param all in all stores
   */
  record Day(LocalDate day, List<Long> counts, long all) {}

  // Laoke: the services that are to come.

  Calendar calendar(String kind) {
    LocalDate first = LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE).plusDays(1);
    LocalDate last = first.plusDays(DAYS - 1L);
    DueQuery query = DueQuery.between(first, last).kind(kind.isEmpty() ? null : kind);
    Map<LocalDate, Map<String, Long>> counts = new HashMap<>();
    String cursor = null; // of the first page
    do {
      DuePage page = dealer.reminders().due(query, cursor, AT_ONCE);
      for (DueReminder one : page.reminders()) {
        counts
            .computeIfAbsent(one.contact(), day -> new HashMap<>())
            .merge(one.storeCode().orElse(""), 1L, Long::sum);
      }
      cursor = page.next().orElse(null);
    } while (cursor != null);
    return calendar(first, last, counts);
  }

  private Calendar calendar(
      LocalDate first, LocalDate last, Map<LocalDate, Map<String, Long>> counts) {
    Map<String, String> names =
        stores.findAll().stream()
            .collect(Collectors.toMap(Store::code, Store::name, (a, b) -> a, TreeMap::new));
    List<Day> days = new ArrayList<>();
    for (LocalDate day = first; !day.isAfter(last); day = day.plusDays(1)) {
      Map<String, Long> here = counts.getOrDefault(day, Map.of());
      List<Long> each = names.keySet().stream().map(code -> here.getOrDefault(code, 0L)).toList();
      days.add(new Day(day, each, here.values().stream().mapToLong(Long::longValue).sum()));
    }
    List<Long> totals = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int column = i;
      totals.add(days.stream().mapToLong(day -> day.counts().get(column)).sum());
    }
    return new Calendar(
        List.copyOf(names.values()), days, totals, days.stream().mapToLong(Day::all).sum());
  }
}
