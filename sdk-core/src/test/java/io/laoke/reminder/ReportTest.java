package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.DealerSettings;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.member.MemberProfile;
import io.laoke.message.Inbound;
import io.laoke.message.Outbound;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderDetail;
import io.laoke.order.OrderLine;
import io.laoke.order.UnitService;
import io.laoke.order.UnitServiceReport;
import io.laoke.reminder.ReportQuery.Part;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What came of reminders. {@code -Dlaoke.report.histories=100} makes more random histories. */
class ReportTest {
  private static final int HISTORIES = Integer.getInteger("laoke.report.histories", 2);
  private static final long SEED = Long.getLong("laoke.report.seed", 20_260_220);
  private static final YearMonth JULY = YearMonth.of(2026, 7);

  private static String shown(ReportRow row) {
    return row.month().map(Object::toString).orElse("-")
        + " "
        + row.kind().orElse("-")
        + " "
        + row.store().orElse("-")
        + " "
        + row.staff().orElse("-")
        + " "
        + row.channel().map(Object::toString).orElse("-")
        + " due "
        + row.due()
        + " reached "
        + row.reached()
        + " booked "
        + row.booked()
        + " done "
        + row.done()
        + " "
        + row.incomeFen()
        + " own "
        + row.ownServices()
        + " "
        + row.ownIncomeFen();
  }

  private static List<String> shown(ReminderFixture laoke, ReportQuery query) {
    return laoke.dealer().reminders().report(query).rows().stream().map(ReportTest::shown).toList();
  }

  // ---- by hand

  @ParameterizedTest
  @EnumSource
  void fromDueToIncome(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      LocalDate due = laoke.due(5);
      Tasks tasks = laoke.work();
      long first = laoke.task("SO-1");
      tasks.claim(first, "li");
      tasks.contacted(first, "li", ContactChannel.PHONE, ContactResult.NO_ANSWER, null);
      tasks.contacted(first, "li", ContactChannel.PHONE, ContactResult.REACHED, null);
      tasks.contacted(first, "li", ContactChannel.WECHAT, ContactResult.LATER, null);
      tasks.book(first, "li", at(due), at(due.plusDays(1)), null);
      long second = laoke.task("SO-2");
      tasks.claim(second, "wang");
      tasks.contacted(second, "wang", ContactChannel.PHONE, ContactResult.NO_ANSWER, null);
      tasks.refused(second, "wang", null);
      laoke.be(due.plusDays(30)); // in August
      tasks.done(first, "li", ServiceDone.at(at(due.plusDays(30))).paidFen(12_000));
      service(laoke, "SO-3", due.plusDays(29), 5_000); // within 60 days
      service(laoke, "SO-4", due.minusDays(3), 700); // before it came due
      service(laoke, "SO-4", due.plusDays(2), 800); // answers it
      service(laoke, "SO-4", due.plusDays(3), 900); // so does this
      laoke.tick();

      assertThat(shown(laoke, ReportQuery.months(JULY, JULY.plusMonths(1))))
          .containsExactly(
              "2026-07 CLEANING S1 - NONE due 3 reached 0 booked 0 done 2 6700 own 0 0",
              "2026-07 CLEANING S1 - OWN due 0 reached 0 booked 0 done 0 0 own 1 700",
              "2026-07 CLEANING S1 li WECHAT due 1 reached 1 booked 1 done 1 12000 own 0 0",
              "2026-07 CLEANING S1 wang UNKNOWN due 1 reached 1 booked 0 done 0 0 own 0 0");
      assertThat(shown(laoke, ReportQuery.month(JULY).by()))
          .containsExactly("- - - - - due 5 reached 2 booked 1 done 3 18700 own 1 700");
      assertThat(shown(laoke, ReportQuery.month(JULY).by(Part.STAFF)))
          .containsExactly(
              "- - - - - due 3 reached 0 booked 0 done 2 6700 own 1 700",
              "- - - li - due 1 reached 1 booked 1 done 1 12000 own 0 0",
              "- - - wang - due 1 reached 1 booked 0 done 0 0 own 0 0");
      assertThat(shown(laoke, ReportQuery.month(JULY).by(Part.STAFF).staff("li")))
          .containsExactly("- - - li - due 1 reached 1 booked 1 done 1 12000 own 0 0");
      assertThat(shown(laoke, ReportQuery.month(JULY.plusMonths(1)))).isEmpty();
      assertThat(shown(laoke, ReportQuery.month(JULY).store("S2"))).isEmpty();
      assertThat(shown(laoke, ReportQuery.month(JULY).kind("FILTER"))).isEmpty();

      StringBuilder csv = new StringBuilder();
      laoke
          .dealer()
          .reminders()
          .report(ReportQuery.month(JULY).by(Part.MONTH, Part.CHANNEL))
          .writeCsv(csv);
      assertThat(csv.toString())
          .isEqualTo(
              """
              month,kind,store,staff,channel,due,reached,booked,done,income_fen,own_services,own_income_fen
              2026-07,,,,WECHAT,1,1,1,1,12000,0,0
              2026-07,,,,UNKNOWN,1,1,0,0,0,0,0
              2026-07,,,,NONE,3,0,0,2,6700,0,0
              2026-07,,,,OWN,0,0,0,0,0,1,700
              """
                  .replace("\n", "\r\n"));
    }
  }

  private static void service(ReminderFixture laoke, String no, LocalDate day, long fen) {
    laoke
        .dealer()
        .services()
        .record(no, UnitServiceReport.of("1", "CLEANING", at(day)).unit(1).paidFen(fen));
  }

  @Test
  void aMessageCountsUntilItIsLost() {
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2)) {
      laoke.on(ToldCustomers.DUE);
      ReportQuery query = ReportQuery.month(JULY).by(Part.CHANNEL);
      laoke.engine(0).tick(at(ToldCustomers.DUE).plusSeconds(90));
      assertThat(shown(laoke, query))
          .containsExactly(
              "- - - - WECHAT due 1 reached 1 booked 0 done 0 0 own 0 0",
              "- - - - NONE due 1 reached 0 booked 0 done 0 0 own 0 0");

      Outbound sent = laoke.platform.sent().get(0);
      laoke
          .engine(0)
          .receive(
              "wx1",
              new Inbound.Reported(
                  "r1",
                  at(ToldCustomers.DUE).plusSeconds(100),
                  "o-1",
                  "p" + sent.dedupeId(),
                  Inbound.Delivery.FAILED,
                  "system failed"));
      assertThat(sent.to()).isEqualTo("o-1");
      laoke.on(ToldCustomers.DUE.plusDays(1));
      assertThat(shown(laoke, query))
          .containsExactly("- - - - NONE due 2 reached 0 booked 0 done 0 0 own 0 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageCountsForWhomItWasTo(TestServer server) {
    for (boolean same : List.of(true, false)) {
      try (ReminderFixture laoke = ToldCustomers.laoke(server)) {
        ReportQuery query = ReportQuery.month(JULY).by(Part.CHANNEL);
        laoke.on(ToldCustomers.DUE);
        laoke.engine(0).tick(at(ToldCustomers.DUE).plusSeconds(90));
        if (same) {
          long survivor = laoke.dealer().members().find("C-SO-2").orElseThrow().id();
          long other = laoke.dealer().orders().find("SO-1").orElseThrow().memberId().orElseThrow();
          laoke.dealer().members().merge(survivor, other, "M", "same");
        } else {
          laoke.dealer().orders().upsert(ReminderFixture.order("SO-1", "C-SO-2", 1));
        }
        laoke.tick();
        assertThat(laoke.task("SO-1")).isEqualTo(laoke.task("SO-2"));
        assertThat(shown(laoke, query))
            .containsExactly(
                same
                    ? "- - - - WECHAT due 2 reached 2 booked 0 done 0 0 own 0 0"
                    : "- - - - NONE due 2 reached 0 booked 0 done 0 0 own 0 0");
      }
    }
  }

  @Test
  void aTaskThatStaffHaveBegunIsOfWhomItConcernsNow() {
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2)) {
      ReportQuery query = ReportQuery.month(JULY).by(Part.STAFF, Part.CHANNEL);
      laoke.on(ToldCustomers.DUE);
      laoke.engine(0).tick(at(ToldCustomers.DUE).plusSeconds(90));
      laoke.work().claim(laoke.task("SO-1"), "li");
      assertThat(shown(laoke, query))
          .contains("- - - li WECHAT due 1 reached 1 booked 0 done 0 0 own 0 0");

      laoke.dealer().orders().upsert(ReminderFixture.order("SO-1", "C-9", 1));
      laoke.tick();
      assertThat(shown(laoke, query))
          .contains("- - - li NONE due 1 reached 0 booked 0 done 0 0 own 0 0");
    }
  }

  @Test
  void whoActsAtOnceWasToldByTheMessageAllTheSame() {
    try (ReminderFixture laoke = ToldCustomers.laoke(TestServer.H2)) {
      laoke.on(ToldCustomers.DUE);
      laoke.work().claim(laoke.task("SO-1"), "li");
      laoke.engine(0).tick(at(ToldCustomers.DUE).plusSeconds(90));

      assertThat(shown(laoke, ReportQuery.month(JULY).by(Part.STAFF, Part.CHANNEL)))
          .containsExactly(
              "- - - - NONE due 1 reached 0 booked 0 done 0 0 own 0 0",
              "- - - li WECHAT due 1 reached 1 booked 0 done 0 0 own 0 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoAnswersAtOnceWasReached(TestServer server) {
    try (ReminderFixture laoke =
        ToldCustomers.laoke(
            server, DealerSettings.defaults().webAddress("https://m.hengxin.example/laoke"))) {
      ToldCustomers.text(laoke, "您的${items}该${service}了，回复“预约”，我们给您打电话。");
      laoke.on(ToldCustomers.DUE);
      String url = laoke.platform.sent().get(0).body().url().orElseThrow();
      laoke
          .dealer()
          .reminders()
          .answers()
          .book(
              url.substring(url.lastIndexOf('/') + 1),
              at(ToldCustomers.DUE.plusDays(1)),
              at(ToldCustomers.DUE.plusDays(2)));
      laoke
          .engine(0)
          .receive(
              "sms1", new Inbound.SmsReply("r1", at(laoke.today()), "13800000002", "恒信电器", "不需要"));
      laoke.engine(0).tick(at(ToldCustomers.DUE).plusSeconds(90));

      assertThat(shown(laoke, ReportQuery.month(JULY).by(Part.CHANNEL)))
          .containsExactly(
              "- - - - WECHAT due 1 reached 1 booked 1 done 0 0 own 0 0",
              "- - - - SMS due 1 reached 1 booked 0 done 0 0 own 0 0");
    }
  }

  @Test
  void asksForSomeMonths() {
    assertThatThrownBy(() -> ReportQuery.months(JULY, JULY.minusMonths(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("35 months behind");
    assertThatThrownBy(() -> ReportQuery.months(JULY, JULY.plusMonths(36)))
        .isInstanceOf(InvalidInputException.class);
    assertThat(ReportQuery.months(JULY, JULY.plusMonths(35)).last()).isEqualTo(JULY.plusMonths(35));
    assertThatThrownBy(() -> ReportQuery.month(YearMonth.of(1800, 1)))
        .isInstanceOf(InvalidInputException.class);
  }

  // ---- at random

  @ParameterizedTest
  @EnumSource
  void isWhatCountingOneByOneGives(TestServer server) {
    for (int i = 0; i < HISTORIES; i++) {
      DealerSettings settings =
          DealerSettings.defaults()
              .reminders(
                  ReminderSettings.standard().withOverdueADay(1_000_000).withAttributedDays(20));
      try (ReminderFixture laoke = new ReminderFixture(server, settings)) {
        new History(laoke, SEED + i).run();
      }
    }
  }

  private static final class History {
    private static final String[] STORES = {"S1", "S2", null};
    private final ReminderFixture laoke;
    private final long seed;
    private final Random random;
    private final List<String> told = new ArrayList<>();
    private final Set<String> byTask = new HashSet<>();
    private int sold;
    private int services;

    History(ReminderFixture laoke, long seed) {
      this.laoke = laoke;
      this.seed = seed;
      this.random = new Random(seed);
    }

    void run() {
      laoke
          .dealer()
          .notices()
          .reminderTemplate(NoticeTemplate.of("T-CARE").field("thing1", "{service.name}"));
      laoke
          .dealer()
          .sms()
          .templates()
          .put(
              SmsTemplate.of(ReminderSettings.SMS_TEMPLATE, SmsPurpose.NOTICE, "${items}该保养了")
                  .with("items", 6)
                  .approved("aliyun", "SMS_7")
                  .build());
      laoke
          .rules()
          .put(
              ReminderRule.of(
                  "clean", "kitchen", "CLEANING", ServiceCycle.every(Period.ofMonths(2))));
      laoke
          .rules()
          .put(
              ReminderRule.of(
                  "filter",
                  "kitchen/hood",
                  "FILTER",
                  ServiceCycle.every(Period.ofMonths(3)).leadDays(10)));
      for (int i = 0; i < 6; i++) {
        sell();
      }
      for (int step = 0; step < 70; step++) {
        switch (random.nextInt(12)) {
          case 0 -> sell();
          case 1, 2, 3, 4 -> days();
          case 5 -> service();
          case 6 -> sellAgain();
          case 7 -> removeService();
          default -> work();
        }
      }
      settle();
      check();
    }

    private Order order(String no, int units) {
      return Order.of(no, at(ReminderFixture.START.minusDays(41)))
          .store(STORES[random.nextInt(3)])
          .line(
              OrderLine.goods(
                  "1", random.nextBoolean() ? "kitchen/hood" : "kitchen/purifier", units, "1000"))
          .buyer(Buyer.of("C" + random.nextInt(4), null, null));
    }

    private void sell() {
      String no = "SO-" + ++sold;
      laoke.dealer().orders().upsert(order(no, 1 + sold % 2));
      laoke.installed(no, laoke.today());
      if (sold % 3 == 0) {
        laoke.follows("o-" + sold, no);
      }
      if (sold < 3) {
        laoke.dealer().members().put(MemberProfile.of("C" + sold).withPhones("1380000000" + sold));
      }
      told.add("sold " + no);
    }

    private String anyOrder() {
      return "SO-" + (1 + random.nextInt(sold));
    }

    private void sellAgain() {
      String no = anyOrder();
      int number = Integer.parseInt(no.substring(3));
      laoke.dealer().orders().upsert(order(no, 1 + number % 2));
      told.add("sold again " + no);
    }

    private void days() {
      if (random.nextInt(4) == 0) {
        laoke.platform.script.add(
            new SendOutcome.Refused(Reason.of("43004", "require subscribe"), false, true));
      }
      laoke.on(laoke.today().plusDays(1 + random.nextInt(18)));
      if (random.nextBoolean()) {
        laoke.engine(0).tick(at(laoke.today()).plusSeconds(90));
      }
      told.add("on " + laoke.today());
    }

    private void service() {
      String no = anyOrder();
      UnitServiceReport report =
          UnitServiceReport.of(
                  "1",
                  random.nextBoolean() ? "CLEANING" : "FILTER",
                  at(laoke.today().minusDays(random.nextInt(40))))
              .document("GD-" + ++services)
              .paidFen(random.nextInt(1_000));
      report = random.nextInt(3) == 0 ? report : report.unit(1);
      laoke.dealer().services().record(no, report);
      told.add("service of " + no + " " + report);
    }

    private void removeService() {
      String no = anyOrder();
      List<UnitService> all = laoke.dealer().services().of(no);
      if (!all.isEmpty()) {
        UnitService one = all.get(random.nextInt(all.size()));
        UnitServiceReport report =
            UnitServiceReport.of("1", one.kind(), one.doneAt()).document(one.document());
        report = one.unitNo().isPresent() ? report.unit(one.unitNo().getAsInt()) : report;
        assertThat(laoke.dealer().services().remove(no, report)).isTrue();
        told.add("no service of " + no + " " + report);
      }
    }

    private void work() {
      Tasks tasks = laoke.work();
      List<Task> todo = tasks.list(TaskQuery.todo().withSnoozed(), null, 500).tasks();
      if (todo.isEmpty()) {
        return;
      }
      Task task = todo.get(random.nextInt(todo.size()));
      long id = task.id();
      String who = task.assignee().orElse(random.nextBoolean() ? "li" : "wang");
      if (task.assignee().isEmpty()) {
        tasks.claim(id, who);
      }
      int action = random.nextInt(12);
      told.add(who + " " + action + " " + task);
      try {
        switch (action) {
          case 0, 1, 2, 3 ->
              tasks.contacted(
                  id,
                  who,
                  ContactChannel.values()[random.nextInt(4)],
                  ContactResult.values()[random.nextInt(4)],
                  null);
          case 4 -> tasks.release(id, who);
          case 5 ->
              tasks.leave(who, random.nextBoolean() && !who.equals("zhao") ? "zhao" : null, "boss");
          case 6, 7 -> tasks.book(id, who, at(laoke.today()), at(laoke.today().plusDays(1)), null);
          case 8 -> tasks.cancelBooking(id, who, null);
          case 9 -> tasks.refused(id, who, "不要");
          case 10 -> tasks.unreachable(id, who);
          default -> done(tasks, task, who);
        }
      } catch (ConflictException refused) {
        told.add("refused");
      }
    }

    private void done(Tasks tasks, Task task, String who) {
      Instant when = at(laoke.today()).plusSeconds(++services);
      tasks.done(task.id(), who, ServiceDone.at(when).paidFen(random.nextInt(10_000)));
      for (TaskItem item : tasks.find(task.id()).orElseThrow().items()) {
        if (item.state() == TaskItem.State.DONE) {
          byTask.add(place(item.orderNo(), item.unitNo(), item.kind()) + when);
        }
      }
    }

    /** All outcomes were looked at, and all is planned by what is known at the end. */
    private void settle() {
      laoke.on(laoke.today().plusDays(1));
      laoke.engine(0).tick(at(laoke.today()).plusSeconds(90));
      laoke.write(
          "INSERT INTO {reminder_todo} (dealer_id, id, order_id)"
              + " SELECT dealer_id, id, id FROM {customer_order}");
      laoke.tick();
      laoke.engine(0).tick(at(laoke.today()).plusSeconds(180));
    }

    // ---- counted one by one

    private static String place(String order, int unit, String kind) {
      return order + " " + unit + " " + kind + " ";
    }

    /** A date with its task. */
    private record Date(
        TaskItem item, Task task, LocalDate opened, LocalDate since, List<String> came) {}

    private List<Date> dates() {
      Map<String, String> opened = new HashMap<>();
      for (String row :
          laoke.rows(
              """
              SELECT o.order_no, u.unit_no, i.kind, i.due, i.opened, i.since_day
              FROM {reminder_item} i
              JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
              JOIN {customer_order} o ON o.dealer_id = i.dealer_id AND o.id = u.order_id""")) {
        String[] parts = row.split(" ");
        opened.put(
            String.join(" ", parts[0], parts[1], parts[2], parts[3]), parts[4] + " " + parts[5]);
      }
      List<Date> dates = new ArrayList<>();
      for (Task task : allTasks()) {
        for (TaskItem item : task.items()) {
          String[] days =
              opened.get(place(item.orderNo(), item.unitNo(), item.kind()) + item.due()).split(" ");
          dates.add(
              new Date(
                  item,
                  task,
                  LocalDate.parse(days[0]),
                  days[1].equals("null") ? null : LocalDate.parse(days[1]),
                  new ArrayList<>()));
        }
      }
      assertThat(dates).hasSize(opened.size());
      return dates;
    }

    private static LocalDate day(Instant at) {
      return at.atZone(ReminderFixture.ZONE).toLocalDate();
    }

    /** The date that a service of a unit came of. */
    private Date cause(List<Date> dates, String no, int unit, UnitService service) {
      LocalDate day = day(service.doneAt());
      Date cause = null;
      for (Date one : dates) {
        TaskItem item = one.item();
        if (!item.orderNo().equals(no)
            || item.unitNo() != unit
            || !item.kind().equals(service.kind())) {
          continue;
        }
        LocalDate from = one.opened();
        Optional<LocalDate> contact =
            one.task().lastContact().map(last -> day(last.at())).filter(last -> !last.isAfter(day));
        if (contact.isPresent() && contact.get().isAfter(from)) {
          from = contact.get();
        }
        boolean within =
            !one.opened().isAfter(day)
                && (one.since() == null || day.isAfter(one.since()))
                && !day.isAfter(from.plusDays(20));
        if (within && (cause == null || !one.opened().isBefore(cause.opened()))) {
          cause = one;
        }
      }
      return cause;
    }

    private Date byTask(List<Date> dates, String no, int unit, UnitService service) {
      if (!byTask.contains(place(no, unit, service.kind()) + service.doneAt())) {
        return null;
      }
      String noted =
          laoke
              .rows(
                  """
                  SELECT i.due FROM {reminder_item} i
                  JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
                  JOIN {customer_order} o ON o.dealer_id = i.dealer_id AND o.id = u.order_id
                  WHERE o.order_no = '%s' AND u.unit_no = %d AND i.kind = '%s' AND i.done_ms = %d"""
                      .formatted(no, unit, service.kind(), service.doneAt().toEpochMilli()))
              .get(0);
      return dates.stream()
          .filter(one -> one.item().orderNo().equals(no) && one.item().unitNo() == unit)
          .filter(one -> one.item().kind().equals(service.kind()))
          .filter(one -> one.item().due().toString().equals(noted))
          .findFirst()
          .orElseThrow();
    }

    /** What a date, or a service of its own accord, adds. */
    private record One(
        YearMonth month,
        String kind,
        String store,
        String staff,
        ReportChannel channel,
        long[] adds) {
      Object of(Part part) {
        return switch (part) {
          case MONTH -> month;
          case KIND -> kind;
          case STORE -> store;
          case STAFF -> staff;
          case CHANNEL -> channel;
        };
      }
    }

    private List<One> all() {
      List<Date> dates = dates();
      List<One> all = new ArrayList<>();
      Map<Date, Long> income = new HashMap<>();
      for (int i = 1; i <= sold; i++) {
        String no = "SO-" + i;
        OrderDetail order = laoke.dealer().orders().find(no).orElseThrow();
        for (UnitService service : laoke.dealer().services().of(no)) {
          Date first = null;
          for (int unit = 1; unit <= 1 + i % 2; unit++) {
            if (service.unitNo().isPresent() && service.unitNo().getAsInt() != unit) {
              continue;
            }
            Date cause = byTask(dates, no, unit, service);
            cause = cause == null ? cause(dates, no, unit, service) : cause;
            if (cause != null) {
              income.merge(cause, first == null ? service.paidFen() : 0, Long::sum);
              first = first == null ? cause : first;
            }
          }
          if (first == null) {
            all.add(
                new One(
                    YearMonth.from(day(service.doneAt())),
                    service.kind(),
                    order.storeCode().orElse(null),
                    null,
                    ReportChannel.OWN,
                    new long[] {0, 0, 0, 0, 0, 1, service.paidFen()}));
          }
        }
      }
      for (Date one : dates) {
        ReportChannel channel = channel(one);
        boolean booked =
            laoke.work().history(one.task().id()).stream()
                .anyMatch(
                    event ->
                        event.action() == TaskEvent.Action.BOOKED
                            && !day(event.at()).isBefore(one.opened()));
        all.add(
            new One(
                YearMonth.from(one.opened()),
                one.item().kind(),
                one.task().storeCode().orElse(null),
                one.task().assignee().orElse(null),
                channel,
                new long[] {
                  1,
                  channel == ReportChannel.NONE ? 0 : 1,
                  booked ? 1 : 0,
                  income.containsKey(one) ? 1 : 0,
                  income.getOrDefault(one, 0L),
                  0,
                  0
                }));
      }
      return all;
    }

    private ReportChannel channel(Date one) {
      LocalDate reached = null;
      String by = "UNKNOWN";
      for (TaskEvent event : laoke.work().history(one.task().id())) {
        boolean yes =
            switch (event.action()) {
              case CONTACTED ->
                  event.detail().endsWith(" REACHED") || event.detail().endsWith(" LATER");
              case BOOKED, REFUSED -> true;
              default -> false;
            };
        if (yes) {
          reached = day(event.at());
          by =
              event.action() == TaskEvent.Action.CONTACTED
                  ? event.detail().substring(0, event.detail().indexOf(' '))
                  : by;
        }
      }
      LocalDate message = null;
      String messageBy = "";
      for (ReminderContact step : laoke.dealer().reminders().contacts(one.task().id())) {
        String why = step.why().orElse("");
        boolean left = !why.equals("ANSWERED") || left(one.task().id(), step);
        if (step.account().isPresent() && left && Set.of("", "SILENT", "ANSWERED").contains(why)) {
          message = day(step.at());
          messageBy = step.step() == ContactStep.SMS ? "SMS" : "WECHAT";
        }
      }
      if (reached != null
          && !reached.isBefore(one.opened())
          && (message == null || !message.isAfter(reached))) {
        return ReportChannel.valueOf(by);
      }
      return message != null && !message.isBefore(one.opened())
          ? ReportChannel.valueOf(messageBy)
          : ReportChannel.NONE;
    }

    /** Whether the message of a step that ended by an answer has left before. */
    private boolean left(long task, ReminderContact step) {
      return laoke
          .rows(
              """
              SELECT o.state FROM {reminder_contact} c
              JOIN {outbox} o ON o.dealer_id = c.dealer_id AND o.cause_id = c.id
                AND o.cause_kind = '%s'
              WHERE c.task_id = %d AND c.step = '%s' AND c.taken_ms = %d"""
                  .formatted(CareRule.CAUSE, task, step.step(), step.at().toEpochMilli()))
          .stream()
          .anyMatch("SENT"::equals);
    }

    private void check() {
      List<One> all = all();
      check(all, ReportQuery.months(YearMonth.of(2026, 1), YearMonth.of(2028, 12)));
      for (int i = 0; i < 12; i++) {
        YearMonth first = YearMonth.of(2026, 1).plusMonths(random.nextInt(20));
        ReportQuery query = ReportQuery.months(first, first.plusMonths(random.nextInt(6)));
        List<Part> parts = new ArrayList<>(List.of(Part.values()));
        parts.removeIf(part -> random.nextBoolean());
        query = query.by(parts.toArray(Part[]::new));
        query = random.nextInt(3) == 0 ? query.kind("FILTER") : query;
        query = random.nextInt(3) == 0 ? query.store("S1") : query;
        query = random.nextInt(4) == 0 ? query.staff("li") : query;
        check(all, query);
      }
    }

    private String story() {
      List<String> lines = new ArrayList<>(List.of("seed " + seed));
      lines.addAll(told);
      for (Task task : allTasks()) {
        lines.add(task + " " + laoke.dealer().reminders().contacts(task.id()));
      }
      return String.join("\n", lines);
    }

    private List<Task> allTasks() {
      return laoke
          .work()
          .list(TaskQuery.todo().states(TaskState.values()).withSnoozed(), null, 500)
          .tasks();
    }

    private void check(List<One> all, ReportQuery query) {
      Map<String, long[]> sums = new HashMap<>();
      if (query.parts().isEmpty()) {
        sums.put("- - - - -", new long[7]);
      }
      for (One one : all) {
        if (one.month().isBefore(query.first())
            || one.month().isAfter(query.last())
            || query.kind().filter(kind -> !kind.equals(one.kind())).isPresent()
            || query.store().filter(store -> !store.equals(one.store())).isPresent()
            || query.staff().filter(staff -> !staff.equals(one.staff())).isPresent()) {
          continue;
        }
        StringBuilder key = new StringBuilder();
        for (Part part : Part.values()) {
          Object value = query.parts().contains(part) ? one.of(part) : null;
          key.append(key.isEmpty() ? "" : " ").append(value == null ? "-" : value);
        }
        long[] sum = sums.computeIfAbsent(key.toString(), same -> new long[7]);
        for (int i = 0; i < sum.length; i++) {
          sum[i] += one.adds()[i];
        }
      }
      List<String> expected =
          sums.entrySet().stream()
              .map(
                  one ->
                      "%s due %d reached %d booked %d done %d %d own %d %d"
                          .formatted(
                              one.getKey(),
                              one.getValue()[0],
                              one.getValue()[1],
                              one.getValue()[2],
                              one.getValue()[3],
                              one.getValue()[4],
                              one.getValue()[5],
                              one.getValue()[6]))
              .collect(Collectors.toList());

      assertThat(shown(laoke, query)).as(this::story).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
