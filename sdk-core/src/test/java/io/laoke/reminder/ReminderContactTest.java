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
import static org.assertj.core.api.Assertions.tuple;

import io.laoke.DealerSettings;
import io.laoke.member.Consent;
import io.laoke.member.Members;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.order.UnitServiceReport;
import io.laoke.sms.SmsApproval;
import io.laoke.sms.SmsError;
import io.laoke.sms.SmsErrorClass;
import io.laoke.sms.SmsRequest;
import io.laoke.sms.SmsResult;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.time.LocalTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Customers are told of what comes due, step by step. */
class ReminderContactTest {
  @ParameterizedTest
  @EnumSource
  void aFollowerIsToldOnceAndWhoeverIsSilentOrOutOfReachIsCalled(TestServer server)
      throws Exception {
    try (ReminderFixture laoke = laoke(server)) {
      laoke.on(DUE.minusDays(1));
      assertThat(laoke.platform.sent()).isEmpty();

      laoke.on(DUE);
      laoke.tick();

      Outbound sent = laoke.platform.sent().get(0);
      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(sent.to()).isEqualTo("o-1");
      assertThat(sent.purpose()).isEqualTo(Purpose.CARE);
      assertThat(sent.body().templateId()).isEqualTo("T-CARE");
      assertThat(sent.body().fields().get("thing1").value()).isEqualTo("油烟机清洗");
      assertThat(sent.body().fields().get("time3").value()).isEqualTo("2026年07月10日");
      assertThat(sent.body().fields().get("character_string4").value()).isEqualTo("SO-1");
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE TOLD");
      assertThat(steps(laoke, "SO-2"))
          .containsExactly("TEMPLATE ENDED NO_FOLLOWER", "SMS ENDED NO_SMS", "CALL ENDED");
      assertThat(toCall(laoke)).containsExactly("SO-2");
      assertThat(laoke.dealer().deliveries().decisions("SO-1").toString())
          .contains("REMINDER", "SENT");

      laoke.on(DUE.plusDays(2));
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE TOLD");
      laoke.on(DUE.plusDays(3));
      laoke.tick();
      assertThat(steps(laoke, "SO-1"))
          .containsExactly("TEMPLATE ENDED SILENT", "SMS ENDED NO_SMS", "CALL ENDED");
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(exported(laoke))
          .containsExactlyInAnyOrder(
              "SO-1: PHONE NO_ANSWER TEMPLATE 2026-07-10 12:00 SILENT;"
                  + " SMS 2026-07-13 12:00 NO_SMS; CALL 2026-07-13 12:00",
              "SO-2:   TEMPLATE 2026-07-10 12:00 NO_FOLLOWER; SMS 2026-07-10 12:00 NO_SMS;"
                  + " CALL 2026-07-10 12:00");
    }
  }

  /** Of each order what the export says was tried with its customer. */
  private static List<String> exported(ReminderFixture laoke) throws IOException {
    Tasks work = laoke.work();
    work.claim(laoke.task("SO-1"), "li");
    work.contacted(laoke.task("SO-1"), "li", ContactChannel.PHONE, ContactResult.NO_ANSWER, null);
    StringBuilder csv = new StringBuilder();
    assertThat(work.exportCsv(TaskQuery.todo(), csv)).isEqualTo(2);
    List<List<String>> rows =
        csv.toString().lines().map(line -> List.of(line.split(",", -1))).toList();
    List<String> names = rows.get(0);
    return rows.stream()
        .skip(1)
        .map(
            row ->
                "%s: %s %s %s"
                    .formatted(
                        row.get(names.indexOf("order_no")),
                        row.get(names.indexOf("last_channel")),
                        row.get(names.indexOf("last_result")),
                        row.get(names.indexOf("steps"))))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void enginesThatWereOffAndTickTogetherTellOnce(TestServer server) throws Exception {
    try (ReminderFixture laoke = laoke(server)) {
      laoke.engine(DealerSettings.defaults());
      for (int i = 3; i < 12; i++) {
        laoke.sold("SO-" + i, "C-SO-" + i, 1);
        laoke.installed("SO-" + i, ReminderFixture.START);
        laoke.follows("o-" + i, "SO-" + i);
      }
      laoke.tick();

      laoke.be(DUE.plusDays(10));
      AtOnce.all(
          List.of(
              () -> laoke.engine(0).tick(at(laoke.today())),
              () -> laoke.engine(1).tick(at(laoke.today()))));
      laoke.be(DUE.plusDays(9));
      laoke.tick();
      laoke.be(DUE.plusDays(11));
      laoke.tick();

      assertThat(laoke.platform.sent().stream().map(Outbound::to))
          .hasSize(10)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void nobodyIsToldWhoRefusedAndNobodyCallsThem() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      for (String order : List.of("SO-1", "SO-2")) {
        long member = laoke.dealer().orders().find(order).orElseThrow().memberId().orElseThrow();
        laoke
            .dealer()
            .members()
            .consent(member, Consent.refused(Purpose.CARE, "PHONE", at(ReminderFixture.START)));
      }

      laoke.on(DUE);
      laoke.on(DUE.plusDays(10));

      assertThat(laoke.platform.sent()).isEmpty();
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE ENDED REFUSED_PURPOSE");
      assertThat(steps(laoke, "SO-2")).containsExactly("TEMPLATE ENDED REFUSED_PURPOSE");
      assertThat(toCall(laoke)).isEmpty();
      assertThat(laoke.tasks()).as("the list has them").hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoRefusesOnceOnTheListOfCallsIsCalledNoMore(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      laoke.on(DUE.plusDays(3));
      laoke.on(DUE.plusDays(6));
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
      Members members = laoke.dealer().members();
      long member = laoke.dealer().orders().find("SO-2").orElseThrow().memberId().orElseThrow();
      long task = laoke.task("SO-2");

      members.consent(member, Consent.refused(Purpose.CARE, "前台", at(DUE.plusDays(6))));

      assertThat(toCall(laoke)).containsExactly("SO-1");
      assertThat(laoke.work().claimNext("P-7", TaskQuery.todo().toBeCalled()))
          .hasValueSatisfying(one -> assertThat(one.id()).isEqualTo(laoke.task("SO-1")));
      assertThat(laoke.work().claimNext("P-7", TaskQuery.todo().toBeCalled())).isEmpty();
      assertThat(laoke.work().list(TaskQuery.todo(), null, 9).tasks())
          .as("what is due stays on the list of all there is to do")
          .hasSize(2);
      laoke.work().claim(task, "P-8");
      assertThat(toCall(laoke)).as("nor by whom it has").containsExactly("SO-1");
      assertThat(laoke.work().history(task))
          .extracting(TaskEvent::action, TaskEvent::by, TaskEvent::detail)
          .containsExactlyInAnyOrder(
              tuple(TaskEvent.Action.CARE_REFUSED, "customer", "前台"),
              tuple(TaskEvent.Action.CLAIMED, "P-8", ""));

      laoke.on(DUE.plusDays(7));
      members.consent(member, Consent.given(Purpose.CARE, "前台", "2026-07", at(DUE.plusDays(7))));
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
      assertThat(laoke.work().history(task))
          .extracting(TaskEvent::action)
          .endsWith(TaskEvent.Action.CARE_ALLOWED);

      members.openComplaint(member, "TS-1", "噪音", "P-9");
      assertThat(toCall(laoke)).as("a complaint is open").containsExactly("SO-1");
      members.closeComplaint(member, "TS-1", "已处理", "P-9");
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");

      laoke.work().book(task, "P-8", at(DUE.plusDays(9)), at(DUE.plusDays(10)), null);
      members.consent(member, Consent.refused(Purpose.CARE, "前台", at(DUE.plusDays(7))));
      assertThat(toCall(laoke)).as("a slot is kept").containsExactly("SO-1", "SO-2");
    }
  }

  @Test
  void whatThePlatformRefusesGoesToTheNextStep() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.platform.script.add(
          new SendOutcome.Refused(Reason.of("43004", "require subscribe"), false, true));

      laoke.on(DUE);
      laoke.engine(0).tick(at(DUE).plusSeconds(120));

      assertThat(steps(laoke, "SO-1"))
          .containsExactly("TEMPLATE ENDED 43004", "SMS ENDED NO_SMS", "CALL ENDED");
    }
  }

  @Test
  void nobodyIsToldAtNightNorOfWhatWasSettledMeanwhile() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.engine(0).tick(DUE.atTime(LocalTime.of(2, 0)).atZone(ReminderFixture.ZONE).toInstant());
      assertThat(laoke.count("reminder_item")).isEqualTo(2);
      assertThat(laoke.platform.sent()).isEmpty();

      laoke.be(DUE);
      laoke
          .dealer()
          .services()
          .record("SO-1", UnitServiceReport.of("1", "CLEANING", at(DUE).minusSeconds(4 * 3600)));
      laoke.tick();

      assertThat(laoke.platform.sent()).isEmpty();
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE ENDED ANSWERED");
    }
  }

  @Test
  void whatStaffHaveTakenUpIsToldNoFurther() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.on(DUE);
      laoke.work().claim(laoke.task("SO-1"), "P-7");

      laoke.on(DUE.plusDays(4));

      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE ENDED ANSWERED");
      assertThat(toCall(laoke)).as("it is in hand").containsExactly("SO-1", "SO-2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOpenAgainOrGivenBackOrGoesToAnotherIsForStaff(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      laoke.on(DUE);
      assertThat(toCall(laoke)).containsExactly("SO-2");
      UnitServiceReport mistaken = UnitServiceReport.of("1", "CLEANING", at(DUE).minusSeconds(60));
      laoke.dealer().services().record("SO-1", mistaken);
      laoke.on(DUE.plusDays(1));
      assertThat(toCall(laoke)).containsExactly("SO-2");

      laoke.dealer().services().remove("SO-1", mistaken);
      laoke.on(DUE.plusDays(1));
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");

      laoke.dealer().orders().upsert(ReminderFixture.order("SO-2", "C-another", 1));
      laoke.on(DUE.plusDays(2));
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
      assertThat(laoke.platform.sent()).hasSize(1);
    }
  }

  @Test
  void whatStaffGiveBackStaysToBeCalled() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.on(DUE);
      long task = laoke.task("SO-1");
      laoke.work().claim(task, "P-7");
      laoke.on(DUE.plusDays(1));

      laoke.work().release(task, "P-7");
      laoke.on(DUE.plusDays(5));

      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
      assertThat(laoke.sms.sent()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsNoFollowerIsWrittenAnSmsAndCalledIfThatFailsOrIsNotAnswered(TestServer server) {
    try (ReminderFixture laoke = laoke(server)) {
      text(laoke, "您的${items}该${service}了，回电预约。");

      laoke.on(DUE);

      assertThat(laoke.sms.sent()).hasSize(1);
      SmsRequest sent = laoke.sms.sent().get(0);
      assertThat(sent.phone().value()).isEqualTo("13800000002");
      assertThat(sent.templateCode()).isEqualTo("SMS_7");
      assertThat(sent.values()).containsEntry("service", "油烟机清洗").containsKey("items");
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE TOLD");
      assertThat(steps(laoke, "SO-2")).containsExactly("TEMPLATE ENDED NO_FOLLOWER", "SMS TOLD");

      laoke.sms.next(
          new SmsResult.Refused(
              SmsError.of(SmsErrorClass.NUMBER, "isv.MOBILE_NUMBER_ILLEGAL", "")));
      laoke.on(DUE.plusDays(3));
      laoke.engine(0).tick(at(DUE.plusDays(3)).plusSeconds(120));
      laoke.on(DUE.plusDays(4));

      assertThat(laoke.sms.sent()).hasSize(2);
      assertThat(steps(laoke, "SO-1"))
          .containsExactly(
              "TEMPLATE ENDED SILENT", "SMS ENDED isv.MOBILE_NUMBER_ILLEGAL", "CALL ENDED");
      assertThat(steps(laoke, "SO-2"))
          .containsExactly("TEMPLATE ENDED NO_FOLLOWER", "SMS ENDED SILENT", "CALL ENDED");
    }
  }

  @Test
  void aTextThatIsNotApprovedIsNoReasonToTellNobody() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      text(laoke, "您的${items}该${service}了，回电预约。");
      laoke
          .dealer()
          .sms()
          .templates()
          .state(ReminderSettings.SMS_TEMPLATE, "aliyun", SmsApproval.State.REFUSED);

      laoke.on(DUE);

      assertThat(laoke.sms.sent()).isEmpty();
      assertThat(steps(laoke, "SO-2"))
          .containsExactly(
              "TEMPLATE ENDED NO_FOLLOWER", "SMS ENDED SMS_TEMPLATE_NOT_APPROVED", "CALL ENDED");
    }
  }

  @Test
  void whatHadToWaitIntoTheNightLeavesInTheMorning() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      held(laoke);

      tickAt(laoke, DUE, 22);
      tickAt(laoke, DUE.plusDays(1), 8);
      assertThat(laoke.platform.sent()).hasSize(1);

      tickAt(laoke, DUE.plusDays(1), 9);
      assertThat(laoke.platform.sent()).hasSize(2);
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE TOLD");
    }
  }

  @Test
  void whatIsSettledBeforeItsMessageLeavesIsNotTold() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      held(laoke);
      laoke
          .dealer()
          .services()
          .record("SO-1", UnitServiceReport.of("1", "CLEANING", at(DUE).minusSeconds(60)));

      tickAt(laoke, DUE, 13);
      tickAt(laoke, DUE, 14);

      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE ENDED ANSWERED");
      assertThat(laoke.dealer().deliveries().decisions("SO-1").toString()).contains("ANSWERED");
    }
  }

  @Test
  void aRuleByStaffTellsNobody() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.rules().put(ReminderFixture.cleaning().contact(ContactPlan.byStaff()));

      laoke.on(DUE);

      assertThat(laoke.platform.sent()).isEmpty();
      assertThat(steps(laoke, "SO-1")).containsExactly("CALL ENDED");
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2");
    }
  }

  @Test
  void datesOfAHouseholdAreOneContact() {
    try (ReminderFixture laoke = laoke(TestServer.H2)) {
      laoke.sold("SO-9", "C-SO-1", 2);
      laoke.installed("SO-9", ReminderFixture.START.plusDays(2));
      laoke.tick();

      laoke.on(DUE);
      laoke.on(DUE.plusDays(2));

      assertThat(laoke.platform.sent()).hasSize(1);
      assertThat(steps(laoke, "SO-9")).containsExactly("TEMPLATE TOLD");
    }
  }
}
