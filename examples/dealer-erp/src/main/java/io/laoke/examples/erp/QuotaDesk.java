package io.laoke.examples.erp;

import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Fields.FOLLOWS;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.push.PlanSettings;
import io.laoke.push.QuotaMonth;
import io.laoke.push.SavedPlan;
import java.time.Clock;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/** 群发额度: how many of a month's messages followers have got, and which day sent what. */
@Component
class QuotaDesk {
  private final Dealer dealer;
  private final PlanDesk plans;
  private final Clock clock;
  private final String account;

  QuotaDesk(
      Laoke laoke,
      PlanDesk plans,
      Clock clock,
      @Value("${laoke.wechat.accounts.hengxin.app-id}") String account) {
    this.dealer = laoke.dealer("hengxin");
    this.plans = plans;
    this.clock = clock;
    this.account = account;
  }

  LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
  }

  /**
   * What was sent on a day.
   *
   * @param name of the plan, or the note of what went to all from the console
   * @param key of the plan; empty for the console's
   * @param members to how many; 0 for all
   */
  record Sent(String name, String key, long members) {}

  /**
   * A day of the month.
   *
   * @param day the day
   * @param inside whether it is in the month
   * @param today whether it is today
   * @param sent what was sent
   */
  record Day(LocalDate day, boolean inside, boolean today, List<Sent> sent) {}

  /**
   * How many followers have so many messages left.
   *
   * @param left how many messages
   * @param followers how many have them
   * @param share of the tallest bar, in percent
   */
  record Bar(int left, long followers, int share) {}

  /**
   * A month.
   *
   * @param month the month
   * @param weeks its weeks, from Monday
   * @param bars by how many messages are left, the most first
   * @param console what went to all from the console
   * @param monthly how many a follower can get
   * @param kept how many of them are for plans of high priority
   * @param followers how many follow
   */
  record Month(
      YearMonth month,
      List<List<Day>> weeks,
      List<Bar> bars,
      List<QuotaMonth.ConsoleSend> console,
      int monthly,
      int kept,
      long followers) {}

  // Laoke: the ledger.

  Month month(YearMonth month) {
    QuotaMonth quota = dealer.quota().month(account, month);
    PlanSettings settings = plans.settings();
    long followers = dealer.segments().count(field(FOLLOWS).is(true));
    return new Month(
        month,
        weeks(month, quota),
        bars(quota, settings.monthly(), followers),
        quota.console(),
        settings.monthly(),
        settings.kept(),
        followers);
  }

  /**
   * Notes what staff sent to all from WeChat's console.
   *
   * @throws io.laoke.error.InvalidInputException if that day has not come yet
   */
  void note(LocalDate day, String by, String note) {
    dealer.quota().consoleSend(account, day, by, note);
  }

  boolean takeBack(long id) {
    return dealer.quota().takeBack(id);
  }

  // Laoke: end.

  private static List<Bar> bars(QuotaMonth quota, int monthly, long followers) {
    Map<Integer, Long> left = new TreeMap<>();
    for (int i = 0; i <= monthly; i++) {
      left.put(i, 0L);
    }
    int console = quota.console().size();
    long counted = 0;
    for (Map.Entry<Integer, Long> one : quota.used().entrySet()) {
      left.merge(Math.max(0, monthly - console - one.getKey()), one.getValue(), Long::sum);
      counted += one.getValue();
    }
    left.merge(Math.max(0, monthly - console), Math.max(0, followers - counted), Long::sum);
    long most = left.values().stream().mapToLong(Long::longValue).max().orElse(1);
    List<Bar> bars = new ArrayList<>();
    left.forEach(
        (messages, many) ->
            bars.add(
                0, new Bar(messages, many, (int) Math.round(100.0 * many / Math.max(1, most)))));
    return bars;
  }

  private List<List<Day>> weeks(YearMonth month, QuotaMonth quota) {
    Map<LocalDate, List<Sent>> sent = new TreeMap<>();
    for (SavedPlan plan : plans.all()) {
      String key = plan.plan().key();
      plans
          .startedAt(key)
          .map(at -> LocalDate.ofInstant(at, OrderDesk.ZONE))
          .filter(day -> YearMonth.from(day).equals(month))
          .ifPresent(
              day ->
                  sent.computeIfAbsent(day, none -> new ArrayList<>())
                      .add(new Sent(plan.plan().name(), key, plans.sent(key))));
    }
    quota
        .console()
        .forEach(
            one ->
                sent.computeIfAbsent(one.day(), none -> new ArrayList<>())
                    .add(new Sent(one.note().isEmpty() ? "后台群发" : one.note(), "", 0)));
    LocalDate today = today();
    List<List<Day>> weeks = new ArrayList<>();
    LocalDate day = month.atDay(1);
    day = day.minusDays(day.getDayOfWeek().getValue() - 1L);
    while (!day.isAfter(month.atEndOfMonth())) {
      List<Day> week = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        week.add(
            new Day(
                day,
                YearMonth.from(day).equals(month),
                day.equals(today),
                sent.getOrDefault(day, List.of())));
        day = day.plusDays(1);
      }
      weeks.add(week);
    }
    return weeks;
  }
}
