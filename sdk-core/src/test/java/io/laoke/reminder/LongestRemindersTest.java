package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.catalog.Category;
import io.laoke.catalog.Staff;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.UnitServiceReport;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is named is as long as may be, of characters that take two units of Java and four bytes. */
class LongestRemindersTest {
  private static final LocalDate DUE = ReminderFixture.START.plusMonths(6);
  private static final String PATH =
      String.join("/", Collections.nCopies(7, of(20))) + "/" + of(53);
  private static final String ORDER = of(64);
  private static final String LINE = of(32);
  private static final String KIND = of(32);
  private static final String MODEL = of(100);
  private static final String STORE = of(64);
  private static final String LI = of(64);
  private static final String WANG = "王" + of(63);
  private static final String NOTE = of(200);

  /** As many letters of an alphabet behind the first 65,536 characters, no two alike. */
  private static String of(int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(0x20000 + i * 97);
    }
    return text.toString();
  }

  private static ReminderRule rule(String code, String kind) {
    return ReminderRule.of(code, PATH, kind, ServiceCycle.every(Period.ofMonths(6)))
        .named(of(100))
        .model(MODEL)
        .brand(MODEL)
        .assignee(AssigneeRule.roundRobin(LI));
  }

  private static void soldToday(ReminderFixture laoke) {
    laoke.dealer().catalog().put(Category.of(PATH, of(100)));
    laoke.dealer().catalog().put(Staff.of(LI, of(100)));
    laoke.dealer().catalog().put(Staff.of(WANG, of(100)));
    laoke
        .dealer()
        .orders()
        .upsert(
            Order.of(ORDER, at(ReminderFixture.START))
                .store(STORE)
                .buyer(Buyer.of(of(64), of(100), null))
                .line(OrderLine.goods(LINE, PATH, 1, "3000").model(MODEL).brand(MODEL)));
    laoke.installed(ORDER, ReminderFixture.START);
  }

  @ParameterizedTest
  @EnumSource
  void areRuledPlannedWorkedAtAndDone(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      List<ReminderBooked> booked = new CopyOnWriteArrayList<>();
      laoke.engine(booked::add);
      List<Digest> told = new CopyOnWriteArrayList<>();
      laoke.digesting(told::add);
      soldToday(laoke);
      ReminderRule rule = rule(of(64), KIND);
      laoke.rules().put(rule);
      laoke.tick();
      assertThat(laoke.rules().dryRun(rule.cycle(ServiceCycle.every(Period.ofMonths(7)))))
          .extracting(RuleEffect::moved)
          .isEqualTo(1L);
      assertThat(laoke.dealer().reminders().of(ORDER)).hasSize(1);
      assertThat(
              laoke
                  .dealer()
                  .reminders()
                  .due(DueQuery.between(DUE, DUE).store(STORE).kind(KIND), null, 9)
                  .reminders())
          .hasSize(1);
      laoke.on(DUE);
      laoke.engine(2).tick(at(DUE));
      assertThat(told).extracting(Digest::staff).containsExactly(LI);

      Tasks work = laoke.work();
      TaskQuery query = TaskQuery.todo().store(STORE).kind(KIND);
      Task task = work.list(query.assignee(LI), null, 9).tasks().get(0);
      assertThat(task.items().get(0).orderNo()).isEqualTo(ORDER);
      assertThat(task.items().get(0).lineNo()).isEqualTo(LINE);
      assertThat(task.items().get(0).kind()).isEqualTo(KIND);
      work.reassign(task.id(), LI, WANG, of(64));
      work.claim(task.id(), WANG);
      work.contacted(task.id(), WANG, ContactChannel.PHONE, ContactResult.REACHED, NOTE);
      Instant slot = at(DUE.plusDays(2));
      work.book(task.id(), WANG, slot, slot.plusSeconds(7_200), NOTE);
      laoke.engine(1).tick(at(DUE));
      assertThat(booked)
          .extracting(one -> one.task().assignee().orElseThrow())
          .containsExactly(WANG);
      work.workOrder(task.id(), of(64));
      assertThat(work.cancelBooking(of(64), NOTE)).isTrue();
      work.book(task.id(), WANG, slot, slot.plusSeconds(7_200), NOTE);
      work.workOrder(task.id(), of(64));
      laoke.be(DUE.plusDays(2));
      assertThat(
              work.done(
                  of(64),
                  ServiceDone.at(slot)
                      .paidFen(12_000)
                      .technician(of(64))
                      .note(NOTE)
                      .only(ORDER, LINE, 1, KIND)))
          .isTrue();
      laoke.tick();

      assertThat(work.history(task.id()))
          .filteredOn(event -> event.note().isPresent())
          .extracting(event -> event.note().orElseThrow())
          .hasSizeGreaterThanOrEqualTo(4)
          .containsOnly(NOTE);
      assertThat(work.history(task.id())).extracting(TaskEvent::by).contains(of(64), WANG);
      assertThat(laoke.dealer().services().of(ORDER).get(0).technician()).contains(of(64));
      assertThat(laoke.dealer().services().of(ORDER).get(0).note()).contains(NOTE);
      ReportRow row =
          laoke
              .dealer()
              .reminders()
              .report(ReportQuery.month(YearMonth.from(DUE)).kind(KIND).store(STORE))
              .total();
      assertThat(List.of(row.due(), row.done(), row.incomeFen())).containsExactly(1L, 1L, 12_000L);
      StringBuilder csv = new StringBuilder();
      assertThat(work.exportCsv(TaskQuery.todo().states(TaskState.values()), csv)).isEqualTo(1);
      assertThat(csv.toString()).contains(WANG, of(64));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofServicesAndOverdueStores(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      soldToday(laoke);
      LocalDate late = DUE.plusMonths(1);
      laoke.be(late);
      List<String> kinds = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        kinds.add(i + of(31));
        laoke.rules().put(rule(i + of(63), kinds.get(i)));
      }
      laoke.tick();
      assertThat(laoke.rows("SELECT store_code FROM {reminder_filled}")).containsExactly(STORE);
      assertThat(laoke.dealer().reminders().of(ORDER)).hasSize(3);

      UnitServiceReport report =
          UnitServiceReport.of(LINE, kinds.get(0), at(late.minusDays(1)))
              .unit(1)
              .document(of(64))
              .technician(of(64))
              .note(NOTE);
      laoke.dealer().services().record(ORDER, report);
      laoke.dealer().orders().recordService(ORDER, UnitServiceReport.of(LINE, "x", at(late)));
      laoke.tick();
      assertThat(laoke.dealer().services().of(ORDER))
          .filteredOn(service -> service.kind().equals(kinds.get(0)))
          .extracting(service -> service.document() + service.note().orElseThrow())
          .containsExactly(of(64) + NOTE);
      assertThat(
              laoke.rows(
                  "SELECT kind, due FROM {reminder} WHERE kind = '%s'".formatted(kinds.get(0))))
          .containsExactly(kinds.get(0) + " " + late.minusDays(1).plusMonths(6));
      assertThat(laoke.dealer().services().remove(ORDER, report)).isTrue();
      assertThat(laoke.rules().retire(0 + of(63))).isTrue();
      laoke.tick();
      assertThat(laoke.rules().progress(0 + of(63)).orElseThrow().doneAt()).isPresent();
      assertThat(laoke.rows("SELECT kind FROM {reminder}"))
          .containsExactlyElementsOf(kinds.subList(1, 3));
    }
  }
}
