package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static io.laoke.reminder.ToldCustomers.DUE;
import static io.laoke.reminder.ToldCustomers.held;
import static io.laoke.reminder.ToldCustomers.laoke;
import static io.laoke.reminder.ToldCustomers.steps;
import static io.laoke.reminder.ToldCustomers.text;
import static io.laoke.reminder.ToldCustomers.tickAt;
import static io.laoke.reminder.ToldCustomers.toCall;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.member.MemberProfile;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.UnitServiceReport;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.time.LocalTime;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What comes in between while customers are told: none is forgotten, or told too much. */
class ReminderContactEdgesTest {
  @Test
  void whoScansTheCodeAfterTheDateCameDueIsStillToBeCalled() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.sold("SO-3", null, 1);
      laoke.installed("SO-3", ReminderFixture.START);
      laoke.tick();
      laoke.on(DUE);
      assertThat(toCall(laoke)).contains("SO-3");

      laoke.follows("o-3", "SO-3");
      laoke.on(DUE.plusDays(1));
      laoke.on(DUE.plusDays(10));
      laoke.on(DUE.plusDays(20));

      assertThat(laoke.tasks()).as("open in a task of the member").contains("OPEN 2026-07-11 1");
      assertThat(
              laoke.platform.sent().stream().map(Outbound::to).toList().contains("o-3")
                  || toCall(laoke).contains("SO-3"))
          .as("told or called")
          .isTrue();
    }
  }

  @Test
  void whoIsMergedWhileBeingToldIsReachedLater() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.on(DUE);
      laoke.dealer().members().put(MemberProfile.of("C-NEW"));
      long kept = laoke.dealer().members().find("C-NEW").orElseThrow().id();
      long two = laoke.dealer().orders().find("SO-2").orElseThrow().memberId().orElseThrow();
      assertThat(toCall(laoke)).contains("SO-2");
      laoke.dealer().members().merge(kept, two, "M", "same");
      laoke.on(DUE.plusDays(1));
      laoke.on(DUE.plusDays(10));
      assertThat(toCall(laoke)).contains("SO-2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatStaffGiveBackIsStillToBeCalled(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      laoke.on(DUE);
      laoke.work().claim(laoke.task("SO-1"), "P-7");
      laoke.on(DUE.plusDays(4));
      assertThat(toCall(laoke)).contains("SO-1");

      laoke.work().leave("P-7", null, "M");
      laoke.on(DUE.plusDays(5));
      laoke.on(DUE.plusDays(30));

      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
    }
  }

  @Test
  void whatIsOpenAgainIsToldAfterAll() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.engine(0).tick(DUE.atTime(LocalTime.of(2, 0)).atZone(ReminderFixture.ZONE).toInstant());
      laoke.be(DUE);
      UnitServiceReport wrong =
          UnitServiceReport.of("1", "CLEANING", at(DUE).minusSeconds(4 * 3600));
      laoke.dealer().services().record("SO-1", wrong);
      laoke.tick();
      laoke.dealer().services().remove("SO-1", wrong);
      laoke.on(DUE.plusDays(1));
      laoke.on(DUE.plusDays(10));

      assertThat(laoke.contacts()).anyMatch(one -> one.startsWith("SO-1") && one.endsWith("OPEN"));
      assertThat(!laoke.platform.sent().isEmpty() || toCall(laoke).contains("SO-1"))
          .as("told or called")
          .isTrue();
    }
  }

  @Test
  void silenceIsCountedFromTheMessage() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      text(laoke, "您的${items}该${service}了，回电预约。");
      tickAt(laoke, DUE, 2);
      laoke.on(DUE.plusDays(4));
      assertThat(laoke.platform.sent()).hasSize(1);

      laoke.engine(0).tick(at(DUE.plusDays(4)).plusSeconds(120));

      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE TOLD");
      assertThat(laoke.sms.sent().stream().map(one -> one.phone().value()))
          .doesNotContain("13800000001");
    }
  }

  @Test
  void silenceIsCountedFromWhenAHeldMessageLeft() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      text(laoke, "您的${items}该${service}了，回电预约。");
      laoke
          .rules()
          .put(
              ReminderFixture.cleaning().named("油烟机清洗").contact(ContactPlan.auto().silenceDays(1)));
      laoke.platform.script.add(
          new SendOutcome.Misconfigured(
              SendOutcome.Scope.ACCOUNT, Reason.of("40164", "not on the IP list")));
      laoke.on(DUE);
      tickAt(laoke, DUE.plusDays(1), 20);
      laoke
          .dealer()
          .deliveries()
          .pauses()
          .forEach(one -> laoke.dealer().deliveries().resume(one.id()));
      tickAt(laoke, DUE.plusDays(2), 10);
      tickAt(laoke, DUE.plusDays(2), 11);
      laoke.engine(0).tick(at(DUE.plusDays(2)).plusSeconds(-1800));
      tickAt(laoke, DUE.plusDays(2), 17);
      assertThat(laoke.platform.sent()).hasSize(2);
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE TOLD");
    }
  }

  @Test
  void aDateThatStaffAreToCallForIsCalledForThoughItJoinsATaskThatWasTold() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke
          .rules()
          .put(ReminderFixture.cleaning().contact(ContactPlan.auto().steps(ContactStep.TEMPLATE)));
      laoke
          .rules()
          .put(
              ReminderRule.of(
                      "hood-check",
                      "kitchen/hood",
                      "CHECK",
                      ServiceCycle.every(java.time.Period.ofDays(183)))
                  .contact(ContactPlan.byStaff()));
      laoke.tick();
      laoke.on(DUE);
      for (int i = 1; i < 30; i++) {
        laoke.on(DUE.plusDays(i));
      }
      assertThat(laoke.contacts()).anyMatch(one -> one.contains("CHECK") && one.endsWith("OPEN"));
      assertThat(toCall(laoke)).contains("SO-1", "SO-2");
    }
  }

  @Test
  void aRetiredRuleTellsNobodyAnyMore() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      text(laoke, "您的${items}该${service}了，回电预约。");
      laoke.on(DUE);
      int before = laoke.sms.sent().size();
      laoke.rules().retire("hood");
      laoke.on(DUE.plusDays(1));
      laoke.on(DUE.plusDays(3));
      laoke.on(DUE.plusDays(4));
      assertThat(laoke.sms.sent()).hasSize(before);
    }
  }

  @Test
  void aMessageToAnAccountThatIsGoneIsNoReasonToTellNobody() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      try (Laoke other = laoke.over(laoke.pool)) {
        for (int i = 0; i < 30; i++) {
          laoke.be(DUE.plusDays(i));
          other.tick(at(laoke.today()));
        }
      }
      assertThat(toCall(laoke)).contains("SO-1", "SO-2");
    }
  }

  @Test
  void aComplaintThatWasClosedIsNoReasonToTellNobodyForGood() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      long member = laoke.dealer().orders().find("SO-1").orElseThrow().memberId().orElseThrow();
      laoke.dealer().members().pause(member, Purpose.CARE, null, "投诉", "M");
      laoke.on(DUE);
      laoke.engine(0).tick(at(DUE).plusSeconds(120));
      laoke.dealer().members().resume(member, Purpose.CARE, "已结", "M");
      for (int i = 1; i < 30; i++) {
        laoke.on(DUE.plusDays(i));
      }
      assertThat(!laoke.platform.sent().isEmpty() || toCall(laoke).contains("SO-1"))
          .as("told or called")
          .isTrue();
    }
  }

  @Test
  void whoIsPausedIsNotPutOnTheListOfCalls() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      long member = laoke.dealer().orders().find("SO-2").orElseThrow().memberId().orElseThrow();
      laoke.dealer().members().pause(member, Purpose.CARE, null, "投诉", "M");
      laoke.on(DUE);
      assertThat(toCall(laoke)).isEmpty();
    }
  }

  @Test
  void whatIsSettledIsNotNamedThoughTheHouseholdHasOtherDates() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.sold("SO-9", "C-SO-1", 1);
      laoke.installed("SO-9", ReminderFixture.START);
      laoke.tick();
      held(laoke);
      laoke
          .dealer()
          .services()
          .record("SO-1", UnitServiceReport.of("1", "CLEANING", at(DUE).minusSeconds(60)));
      tickAt(laoke, DUE, 13);
      tickAt(laoke, DUE, 14);
      assertThat(laoke.platform.sent()).hasSize(2);
      Outbound sent = laoke.platform.sent().get(1);
      assertThat(sent.body().fields().get("character_string4").value()).isEqualTo("SO-9");
    }
  }

  @Test
  void aHouseholdIsToldOfItsDatesTogetherHoweverManyOthersAreDueBetween() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.write(
          """
          INSERT INTO {reminder} (dealer_id, unit_id, kind, order_id, category, party, closed,
            rule_code, rule_version, state, due, basis, from_day, assumed, contact_day)
          SELECT r.dealer_id, r.unit_id + n.x, r.kind, r.order_id, r.category, 'O:' || n.x, r.closed,
            r.rule_code, r.rule_version, r.state, r.due, r.basis, r.from_day, r.assumed, r.contact_day
          FROM {reminder} r, SYSTEM_RANGE(1, 2500) n
          WHERE r.unit_id = (SELECT MIN(unit_id) FROM {reminder})""");
      laoke.sold("SO-9", "C-SO-1", 1);
      laoke.installed("SO-9", ReminderFixture.START);
      laoke.tick();

      laoke.on(DUE);

      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(laoke.platform.sent().get(0).body().fields().get("thing2").value()).contains("2");
    }
  }

  @Test
  void whatCannotBeToldComesDueAllTheSameAndIsToldOnceItCan() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.write("UPDATE {template} SET content = 'broken' WHERE stage = 'REMINDER'");

      assertThatThrownBy(() -> laoke.on(DUE)).isInstanceOf(RuntimeException.class);
      assertThat(laoke.tasks()).hasSize(2);
      assertThat(laoke.platform.sent()).isEmpty();

      laoke
          .dealer()
          .notices()
          .reminderTemplate(NoticeTemplate.of("T-CARE").field("thing1", "{service.name}"));
      laoke.engine(DealerSettings.defaults()).tick(at(DUE));
      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(toCall(laoke)).containsExactly("SO-2");
    }
  }

  /** A step that cannot be read, since its row is broken. */
  private static void broken(ReminderFixture laoke, String orderNo, String plan) {
    laoke.write(
        "UPDATE {reminder_contact} SET plan = '%s' WHERE task_id = %d"
            .formatted(plan, laoke.task(orderNo)));
  }

  @ParameterizedTest
  @EnumSource
  void whoseStepCannotBeTakenKeepsNoOthersWaiting(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      tickAt(laoke, DUE, 2);
      assertThat(laoke.count("reminder_contact")).isEqualTo(2);
      broken(laoke, "SO-2", "broken");

      tickAt(laoke, DUE, 10);
      tickAt(laoke, DUE, 11);
      assertThat(laoke.platform.sent()).hasSize(1);
      laoke.sold("SO-3", "C-SO-3", 1);
      laoke.installed("SO-3", ReminderFixture.START);
      tickAt(laoke, DUE, 12);
      assertThat(toCall(laoke)).as("nor those who come due later").containsExactly("SO-3");

      broken(laoke, "SO-2", ContactPlan.auto().stored());
      laoke
          .engine(DealerSettings.defaults())
          .tick(DUE.atTime(13, 0).atZone(ReminderFixture.ZONE).toInstant());
      assertThat(toCall(laoke)).containsExactly("SO-2", "SO-3");
      assertThat(laoke.platform.sent()).hasSize(1);
    }
  }

  /** It is no fault of theirs, and is told; what is behind them is looked at all the same. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void whereNoStepCanBeTakenItIsTold(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      tickAt(laoke, DUE, 2);
      broken(laoke, "SO-1", "broken");
      broken(laoke, "SO-2", "broken");

      assertThatThrownBy(() -> tickAt(laoke, DUE, 10)).isInstanceOf(RuntimeException.class);
      laoke.sold("SO-3", "C-SO-3", 1);
      laoke.installed("SO-3", ReminderFixture.START);
      // On a slow machine they may be tried once more before.
      for (int i = 0; i < 5 && toCall(laoke).isEmpty(); i++) {
        assertThat(catchThrowable(() -> tickAt(laoke, DUE, 11)))
            .satisfiesAnyOf(
                one -> assertThat(one).isNull(),
                one -> assertThat(one).isInstanceOf(RuntimeException.class));
      }
      assertThat(toCall(laoke)).containsExactly("SO-3");
    }
  }

  /** One that cannot be read. */
  @ParameterizedTest
  @EnumSource
  void aBookingThatCannotBeToldKeepsNoOthersNorDates(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      laoke.on(DUE);
      List<String> told = new CopyOnWriteArrayList<>();
      Laoke listening =
          laoke.engine(booking -> booking.task().items().forEach(item -> told.add(item.orderNo())));
      for (String order : List.of("SO-1", "SO-2")) {
        Instant from = at(DUE.plusDays(1));
        laoke.work().claim(laoke.task(order), "P-7");
        laoke.work().book(laoke.task(order), "P-7", from, from.plusSeconds(3600), null);
      }
      long task = laoke.task("SO-1");
      laoke.write("UPDATE {reminder_task} SET tell_ms = 1 WHERE id = " + task);
      laoke.write("UPDATE {reminder_item} SET state = 'NEWER' WHERE task_id = " + task);

      listening.tick(at(DUE));
      listening.tick(at(DUE));
      assertThat(told).containsExactly("SO-2");

      laoke.write("UPDATE {reminder_item} SET state = 'OPEN' WHERE task_id = " + task);
      laoke.write("UPDATE {reminder_task} SET tell_ms = 1 WHERE tell_ms IS NOT NULL");
      listening.tick(at(DUE));
      assertThat(told).containsExactly("SO-2", "SO-1");
    }
  }
}
