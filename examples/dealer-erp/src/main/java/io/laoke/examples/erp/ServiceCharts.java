package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.reminder.ForecastDay;
import io.laoke.reminder.ForecastQuery;
import io.laoke.reminder.Report;
import io.laoke.reminder.ReportChannel;
import io.laoke.reminder.ReportQuery;
import io.laoke.reminder.ReportQuery.Part;
import io.laoke.reminder.ReportRow;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.springframework.stereotype.Component;

/** 服务报表: what is to come, and what came of it. */
@Component
class ServiceCharts {
  static final int DAYS = 90;
  private static final int FEN = 2;

  private final Dealer dealer;
  private final StoreTable stores;
  private final Salespeople salespeople;
  private final Clock clock;

  ServiceCharts(Laoke laoke, StoreTable stores, Salespeople salespeople, Clock clock) {
    this.dealer = laoke.dealer("hengxin");
    this.stores = stores;
    this.salespeople = salespeople;
    this.clock = clock;
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
  }

  private Map<String, String> shops() {
    return stores.findAll().stream()
        .collect(Collectors.toMap(Store::code, Store::name, (a, b) -> a, TreeMap::new));
  }

  // Laoke: the services that are to come, and those that are on the work list.

  /**
   * What there is to do.
   *
   * @param stores names of the last columns
   * @param days one after the other
   * @param total of all days
   * @param due of all days, whatever there is room for
   */
  record Calendar(List<String> stores, List<Day> days, Counts total, Sorts due) {}

  /** How many services of each sort it is the turn of, with room for them or not. */
  record Sorts(long coming, long waiting, long overdue, long booked) {
    /** All of them. */
    public long all() {
      return coming + waiting + overdue + booked;
    }
  }

  /** A day. */
  record Day(LocalDate day, Counts counts) {}

  /**
   * How many services; what no day has room for is counted in {@code over} instead.
   *
   * @param coming 将到期
   * @param waiting 待跟进
   * @param overdue 逾期
   * @param booked 已预约
   * @param over 排不下
   * @param all all of these
   * @param byStore the same by store, as the stores are named
   */
  record Counts(
      long coming,
      long waiting,
      long overdue,
      long booked,
      long over,
      long all,
      List<Long> byStore) {
    private static Counts of(Map<String, ForecastDay> found, Set<String> codes) {
      return new Counts(
          sum(found, day -> day.coming().planned() - day.coming().over()),
          sum(found, day -> day.waiting().planned() - day.waiting().over()),
          sum(found, day -> day.overdue().planned() - day.overdue().over()),
          sum(found, day -> day.booked().planned() - day.booked().over()),
          sum(found, ForecastDay::over),
          sum(found, ForecastDay::planned),
          codes.stream()
              .map(found::get)
              .map(one -> one == null ? 0L : (Long) one.planned())
              .toList());
    }

    private static long sum(Map<String, ForecastDay> found, ToLongFunction<ForecastDay> what) {
      return found.values().stream().mapToLong(what).sum();
    }

    private Counts and(Counts other) {
      return new Counts(
          coming + other.coming,
          waiting + other.waiting,
          overdue + other.overdue,
          booked + other.booked,
          over + other.over,
          all + other.all,
          IntStream.range(0, byStore.size())
              .mapToObj(i -> byStore.get(i) + other.byStore.get(i))
              .toList());
    }
  }

  /**
   * The next days.
   *
   * @param kind of service; blank for all
   * @param store blank for all
   * @param capacity how many a store can do on a day, if there is a limit
   */
  Calendar calendar(String kind, String store, OptionalInt capacity) {
    ForecastQuery query =
        ForecastQuery.days(DAYS)
            .kind(kind.isEmpty() ? null : kind)
            .store(store.isEmpty() ? null : store);
    query = capacity.isPresent() ? query.capacity(capacity.getAsInt()) : query;
    Map<LocalDate, Map<String, ForecastDay>> found = new HashMap<>();
    List<ForecastDay> forecast = dealer.reminders().forecast(query).days();
    for (ForecastDay day : forecast) {
      found.computeIfAbsent(day.day(), one -> new HashMap<>()).put(day.store().orElse(""), day);
    }
    Map<String, String> names = shops();
    names.keySet().removeIf(code -> !store.isEmpty() && !code.equals(store));
    List<Day> days = new ArrayList<>();
    LocalDate first = today();
    Counts total = Counts.of(Map.of(), names.keySet());
    for (LocalDate day = first; day.isBefore(first.plusDays(DAYS)); day = day.plusDays(1)) {
      Counts counts = Counts.of(found.getOrDefault(day, Map.of()), names.keySet());
      days.add(new Day(day, counts));
      total = total.and(counts);
    }
    return new Calendar(List.copyOf(names.values()), days, total, due(forecast));
  }

  private static Sorts due(List<ForecastDay> days) {
    return new Sorts(
        days.stream().mapToLong(day -> day.coming().due()).sum(),
        days.stream().mapToLong(day -> day.waiting().due()).sum(),
        days.stream().mapToLong(day -> day.overdue().due()).sum(),
        days.stream().mapToLong(day -> day.booked().due()).sum());
  }

  // Laoke: what came of reminders.

  /**
   * A row of a report.
   *
   * @param label of what
   * @param due how many came due
   * @param reached of how many the customer was reached
   * @param booked for how many a visit was agreed on
   * @param done of how many a service came
   * @param yuan what that brought in
   * @param own services that came of no reminder
   * @param ownYuan what these brought in
   */
  record Row(
      String label,
      long due,
      long reached,
      long booked,
      long done,
      BigDecimal yuan,
      long own,
      BigDecimal ownYuan) {
    /** Of what came due, for people. */
    public String share(long part) {
      long percent = due == 0 ? 0 : Math.round(100.0 * part / due);
      return due == 0 ? "" : part > 0 && percent == 0 ? "不到 1%" : percent + "%";
    }
  }

  /**
   * A report.
   *
   * @param months from the first on
   * @param total all of them
   * @param parts the same told apart otherwise, by what it is called
   */
  record Income(List<Row> months, Row total, Map<String, List<Row>> parts) {}

  /**
   * The last months.
   *
   * @param many of them, the one that it is included
   * @param kind of service; blank for all
   * @param store blank for all
   */
  Income income(int many, String kind, String store) {
    ReportQuery query = query(many, kind, store);
    Map<String, String> shops = shops();
    Map<String, String> staff =
        salespeople.findAllByOrderByCode().stream()
            .collect(Collectors.toMap(Salesperson::code, Salesperson::name));
    Map<YearMonth, ReportRow> byMonth =
        report(query.by(Part.MONTH)).rows().stream()
            .collect(Collectors.toMap(one -> one.month().orElseThrow(), Function.identity()));
    List<Row> months = new ArrayList<>();
    YearMonth last = YearMonth.from(today());
    for (int back = many - 1; back >= 0; back--) {
      YearMonth month = last.minusMonths(back);
      ReportRow row = byMonth.get(month);
      months.add(
          row == null
              ? new Row(month.toString(), 0, 0, 0, 0, yuan(0), 0, yuan(0))
              : row(month.toString(), row));
    }
    Map<String, List<Row>> parts = new LinkedHashMap<>();
    parts.put(
        "门店",
        rows(
            query.by(Part.STORE),
            one -> one.store().map(c -> shops.getOrDefault(c, c)).orElse("（没有门店）")));
    parts.put(
        "员工",
        rows(
            query.by(Part.STAFF),
            one -> one.staff().map(c -> staff.getOrDefault(c, c)).orElse("（没有人领）")));
    parts.put(
        "触达方式",
        rows(query.by(Part.CHANNEL), one -> one.channel().map(ServiceCharts::name).orElse("")));
    return new Income(months, row("合计", report(query.by()).total()), parts);
  }

  private ReportQuery query(int many, String kind, String store) {
    YearMonth last = YearMonth.from(today());
    return ReportQuery.months(last.minusMonths(many - 1L), last)
        .kind(kind.isEmpty() ? null : kind)
        .store(store.isEmpty() ? null : store);
  }

  private Report report(ReportQuery query) {
    return dealer.reminders().report(query);
  }

  private List<Row> rows(ReportQuery query, Function<ReportRow, String> label) {
    return report(query).rows().stream().map(one -> row(label.apply(one), one)).toList();
  }

  private static Row row(String label, ReportRow row) {
    return new Row(
        label,
        row.due(),
        row.reached(),
        row.booked(),
        row.done(),
        yuan(row.incomeFen()),
        row.ownServices(),
        yuan(row.ownIncomeFen()));
  }

  private static BigDecimal yuan(long fen) {
    return BigDecimal.valueOf(fen, FEN);
  }

  private static String name(ReportChannel channel) {
    return switch (channel) {
      case WECHAT -> "微信";
      case SMS -> "短信";
      case PHONE -> "电话";
      case VISIT -> "上门或到店";
      case UNKNOWN -> "没有记下";
      case NONE -> "还没联系上";
      case OWN -> "客户自己来的";
    };
  }

  /** As a file for a spreadsheet. */
  void csv(int many, String kind, String store, Appendable to) throws IOException {
    to.append('\ufeff');
    report(query(many, kind, store)).writeCsv(to);
  }
}
