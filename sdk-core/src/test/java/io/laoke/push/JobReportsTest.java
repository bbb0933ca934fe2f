package io.laoke.push;

import static io.laoke.push.PlanFixture.NOW;
import static io.laoke.push.PlanFixture.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.laoke.Laoke;
import io.laoke.error.ConflictException;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What WeChat reports, or says when it is asked, decides what became of batches; once. */
class JobReportsTest {
  private static final PlanSettings THREE = PlanSettings.standard().withBatch(3);
  private static final Instant ENDED = NOW.plusSeconds(90);
  private static final Reason ASKS = Reason.of("89504", "waits for the administrator");

  private static Plan kitchen(String key) {
    // Care, which leaves at any hour.
    return Plan.of(key, "厨房", "wx1").rule("厨房", tagged("kitchen"), "A").purpose(Purpose.CARE);
  }

  static void started(PlanFixture laoke, String key, int followers) {
    for (int i = 0; i < followers; i++) {
      laoke.agreed("o-" + i, "kitchen");
    }
    laoke.started(kitchen(key));
  }

  static void ticks(PlanFixture laoke) {
    laoke.engine().tick(NOW);
    laoke.engine().tick(NOW);
  }

  static void reports(PlanFixture laoke, String job, String words, int total, int sent) {
    boolean succeeded = words.equals("send success");
    laoke
        .engine()
        .receive(
            "wx1",
            new Inbound.JobReported(
                "job:" + job + ":" + words,
                ENDED,
                "mphelper",
                job,
                succeeded,
                words,
                total,
                succeeded ? sent : total,
                sent,
                0));
  }

  private static BatchStatus batch(PlanFixture laoke, String key) {
    return laoke.plans().batches(key).get(0);
  }

  private static PlanState state(PlanFixture laoke, String key) {
    return laoke.plans().find(key).orElseThrow().state();
  }

  static String job(PlanFixture laoke) {
    return laoke.wechat.sent.values().iterator().next().msgId();
  }

  /** Machine time goes on for batches. */
  private static void passes(PlanFixture laoke, Duration time) {
    long ms = time.toMillis();
    laoke.write(
        "UPDATE {plan_batch} SET ask_ms = ask_ms - %d, taken_machine_ms = taken_machine_ms - %d, created_ms = created_ms - %d"
            .formatted(ms, ms, ms));
    laoke.write("UPDATE {plan} SET turn_until_ms = 1 WHERE turn_until_ms > 0");
    ticks(laoke);
  }

  static SendOutcome asksAdministrator(String id) {
    return new SendOutcome.Accepted(id, List.of(), Optional.of(ASKS));
  }

  // ---- reports

  @ParameterizedTest
  @EnumSource
  void totalsOfASuccessAreTold(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      ticks(laoke);
      assertThat(batch(laoke, "p").report()).isEmpty();
      assertThat(batch(laoke, "p").providerId()).contains(job(laoke));
      assertThat(batch(laoke, "p").takenAt()).contains(NOW);
      reports(laoke, job(laoke), "send success", 3, 2);
      reports(laoke, job(laoke), "send success", 3, 2);
      ticks(laoke);
      BatchStatus told = batch(laoke, "p");
      assertThat(told.state()).isEqualTo(BatchStatus.State.SENT);
      assertThat(told.report()).contains(new JobReport(true, "send success", 3, 2, 2, 0, ENDED));
      assertThat(told.report().orElseThrow().missed()).isEqualTo(1);
      assertThat(told.others()).isEmpty();
      assertThat(told.contradicted()).isFalse();
      assertThat(laoke.used()).as("it is not known who did not get it").isEqualTo(3);
      passes(laoke, Duration.ofDays(1));
      assertThat(laoke.wechat.asked).as("it was told").isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aJobThatFailedIsGivenBackOnceHoweverOftenItIsTold(TestServer server) throws Exception {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      ticks(laoke);
      Laoke other = laoke.engine(laoke.pool, THREE);
      other.dealer("hengxin");
      assertThat(laoke.used()).isEqualTo(3);
      reports(laoke, job(laoke), "err(20013)", 3, 0);
      AtOnce.all(List.of(() -> laoke.engine().tick(NOW), () -> other.tick(NOW)));
      reports(laoke, job(laoke), "err(20013)", 3, 0);
      reports(laoke, job(laoke), "send fail", 3, 0);
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED err(20013)");
      assertThat(laoke.used()).isZero();
      assertThat(batch(laoke, "p").others())
          .extracting(JobReport::words)
          .containsExactly("send fail");
      assertThat(batch(laoke, "p").contradicted()).isFalse();
      assertThat(laoke.number("SELECT COUNT(*) FROM {content_draft} WHERE state = 'DROPPED'"))
          .as("its draft is to be deleted")
          .isEqualTo(1);
      Reason why = laoke.plans().reason(batch(laoke, "p").reason()).orElseThrow();
      assertThat(why.text()).contains("copyright");
      assertThat(why.adviceZh()).contains("侵犯版权");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatContradictsIsShownAndChangesNothing(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 5);
      ticks(laoke);
      List<String> jobs =
          laoke.plans().batches("p").stream().map(one -> one.providerId().orElseThrow()).toList();
      reports(laoke, jobs.get(0), "send success", 3, 3);
      reports(laoke, jobs.get(1), "send fail", 2, 0);
      ticks(laoke);
      reports(laoke, jobs.get(0), "err(20001)", 3, 0);
      reports(laoke, jobs.get(1), "send success", 2, 2);
      ticks(laoke);
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT", "0 2 FAILED SEND_FAIL");
      assertThat(laoke.plans().batches("p"))
          .allMatch(BatchStatus::contradicted)
          .extracting(one -> one.report().orElseThrow().words(), one -> one.others().get(0).words())
          .containsExactly(tuple("send success", "err(20001)"), tuple("send fail", "send success"));
      assertThat(laoke.used()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReportMayComeBeforeTheAnswerIsWrittenDown(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 OPEN");
      reports(laoke, job(laoke), "err(21000)", 3, 0);
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 OPEN");
      // Long after it came: nobody looks for its batch, which looks for it.
      laoke.write("UPDATE {plan_report} SET open_until_ms = 1");
      laoke.later();
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED err(21000)");
      assertThat(laoke.used()).isZero();
      laoke.later();
      assertThat(laoke.wechat.count("send")).isEqualTo(2);
      assertThat(state(laoke, "p")).isEqualTo(PlanState.DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBatchOfUnknownOutcomeIsFoundByItsReportAlone(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      ticks(laoke);
      reports(laoke, job(laoke), "send success", 3, 3);
      ticks(laoke);
      laoke.dealer().deliveries().drop(laoke.number("SELECT id FROM {outbox}"), "店长：不再查");
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT");
      assertThat(batch(laoke, "p").providerId()).contains(job(laoke));
      assertThat(batch(laoke, "p").takenAt()).contains(ENDED);
      assertThat(laoke.used()).isEqualTo(3);
      // Whoever has it sent once more sends nothing.
      laoke.dealer().deliveries().retry(laoke.number("SELECT id FROM {outbox}"));
      laoke.later();
      assertThat(laoke.wechat.count("send")).isEqualTo(1);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReportThatCouldBelongToTwoOrToAConsoleSendDecidesNothing(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 6);
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      ticks(laoke);
      laoke.write("UPDATE {outbox} SET retry_ms = retry_ms + 90000000");
      reports(laoke, job(laoke), "send fail", 3, 0);
      reports(laoke, "990", "send fail", 5_000, 0);
      ticks(laoke);
      for (long id :
          List.of(
              laoke.number("SELECT MIN(id) FROM {outbox}"),
              laoke.number("SELECT MAX(id) FROM {outbox}"))) {
        laoke.dealer().deliveries().drop(id, "店长：不再查");
      }
      ticks(laoke);
      assertThat(laoke.batches("p")).allMatch(one -> one.startsWith("0 3 UNKNOWN")).hasSize(2);
      assertThat(laoke.number("SELECT COUNT(*) FROM {plan_report}")).isEqualTo(2);
      assertThat(laoke.used()).isEqualTo(6);
    }
  }

  @ParameterizedTest
  @EnumSource
  void reportsAreKeptAsLongAsDecisions(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      ticks(laoke);
      String words = "w".repeat(150);
      reports(laoke, job(laoke), words, 3, 0);
      ticks(laoke);
      laoke.engine().dealers().expire("hengxin");
      assertThat(batch(laoke, "p").report().orElseThrow().words()).isEqualTo("w".repeat(100));
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED SEND_FAIL");
      laoke.write("UPDATE {plan_report} SET id = 1");
      laoke.engine().dealers().expire("hengxin");
      assertThat(laoke.number("SELECT COUNT(*) FROM {plan_report}")).isZero();
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED SEND_FAIL");
    }
  }

  // ---- asked

  @ParameterizedTest
  @EnumSource
  void weChatIsAskedWhereNoReportComes(TestServer server) throws Exception {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      ticks(laoke);
      laoke.wechat.jobs.put(job(laoke), ArticleChannel.JobState.SENDING);
      passes(laoke, Duration.ofMinutes(29));
      assertThat(laoke.wechat.asked).isEmpty();
      assertThat(batch(laoke, "p").askedAt()).isEmpty();
      passes(laoke, Duration.ofMinutes(1));
      assertThat(laoke.wechat.asked).hasSize(1);
      assertThat(batch(laoke, "p").askedAt()).isPresent();
      passes(laoke, Duration.ofMinutes(59));
      assertThat(laoke.wechat.asked).hasSize(1);
      passes(laoke, Duration.ofMinutes(1));
      assertThat(laoke.wechat.asked).hasSize(2);
      passes(laoke, Duration.ofHours(2));
      passes(laoke, Duration.ofHours(4));
      assertThat(laoke.wechat.asked).hasSize(4);
      for (int i = 0; i < 20; i++) {
        passes(laoke, Duration.ofHours(6));
      }
      assertThat(laoke.wechat.asked).as("every 6 hours, for 3 days").hasSize(14);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT");
      assertThat(laoke.used()).isEqualTo(3);
      // Late, but it came.
      reports(laoke, job(laoke), "send fail", 3, 0);
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED SEND_FAIL");
      assertThat(laoke.used()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatItSaysCountsAndAReportAfterItChangesNothing(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 5);
      ticks(laoke);
      List<String> jobs =
          laoke.plans().batches("p").stream().map(one -> one.providerId().orElseThrow()).toList();
      laoke.wechat.jobs.put(jobs.get(0), ArticleChannel.JobState.FAILED);
      laoke.wechat.jobs.put(jobs.get(1), ArticleChannel.JobState.DELETED);
      passes(laoke, Duration.ofMinutes(30));
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED SEND_FAIL", "0 2 SENT");
      assertThat(laoke.used()).isEqualTo(2);
      reports(laoke, jobs.get(0), "err(10001)", 3, 0);
      reports(laoke, jobs.get(1), "send fail", 2, 0);
      passes(laoke, Duration.ofHours(1));
      assertThat(laoke.wechat.asked).hasSize(2);
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED SEND_FAIL", "0 2 SENT");
      assertThat(laoke.used()).isEqualTo(2);
      assertThat(laoke.plans().batches("p"))
          .extracting(BatchStatus::contradicted)
          .containsExactly(false, true);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoEnginesDoNotAskDoublyNorMuchAtOnce(TestServer server) throws Exception {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 15);
      ticks(laoke);
      Laoke other = laoke.engine(laoke.pool, THREE);
      other.dealer("hengxin");
      laoke.write("UPDATE {plan_batch} SET ask_ms = 1");
      AtOnce.all(List.of(() -> laoke.engine().tick(NOW), () -> other.tick(NOW)));
      ticks(laoke);
      assertThat(laoke.wechat.asked).hasSize(5).doesNotHaveDuplicates();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereItCannotBeAskedItIsAskedLater(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 5);
      ticks(laoke);
      laoke.wechat.script.add(
          new ChannelAnswer.Later<ArticleChannel.JobState>(
              Duration.ofHours(9), true, Reason.of("45009", "no calls left")));
      passes(laoke, Duration.ofMinutes(30));
      assertThat(laoke.wechat.asked).as("nor is about the other").hasSize(1);
      passes(laoke, Duration.ofHours(8));
      assertThat(laoke.wechat.asked).hasSize(1);
      passes(laoke, Duration.ofHours(1));
      assertThat(laoke.wechat.asked).hasSize(3);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT", "0 2 SENT");
    }
  }

  // ---- the administrator

  @ParameterizedTest
  @EnumSource
  void aPlanWaitsForTheAdministratorAndGoesOn(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      laoke.wechat.sends.add(asksAdministrator("77"));
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 AWAITING_ADMIN 89504");
      assertThat(batch(laoke, "p").takenAt()).isEmpty();
      assertThat(state(laoke, "p")).isEqualTo(PlanState.AWAITING_WECHAT_ADMIN);
      assertThatThrownBy(() -> laoke.plans().uplift("p", Duration.ofDays(14)))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("batches(…)");
      laoke.later();
      assertThat(laoke.wechat.count("send")).as("never sent again").isEqualTo(1);
      assertThat(laoke.plans().pause("p", "boss", "等等").state()).isEqualTo(PlanState.PAUSED);
      laoke.plans().resume("p", "boss");
      ticks(laoke);
      assertThat(state(laoke, "p")).isEqualTo(PlanState.AWAITING_WECHAT_ADMIN);
      reports(laoke, "77", "send success", 3, 3);
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT");
      assertThat(batch(laoke, "p").takenAt()).contains(ENDED);
      assertThat(state(laoke, "p")).isEqualTo(PlanState.DONE);
      assertThat(laoke.plans().events("p"))
          .extracting(PlanEvent::action)
          .endsWith(
              PlanEvent.Action.AWAITING_ADMIN,
              PlanEvent.Action.PAUSED,
              PlanEvent.Action.RESUMED,
              PlanEvent.Action.AWAITING_ADMIN,
              PlanEvent.Action.CONFIRMED,
              PlanEvent.Action.DONE);
      assertThat(laoke.used()).isEqualTo(3);
      assertThat(laoke.plans().uplift("p", Duration.ofDays(14)).chosen().members()).isEqualTo(3);
    }
  }

  /** WeChat has not said the id of the job. */
  @ParameterizedTest
  @EnumSource
  void aRefusalOfTheAdministratorPausesThePlanUntilStaffResumeIt(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 6);
      laoke.wechat.sends.add(asksAdministrator(ArticleChannel.NO_ID));
      ticks(laoke);
      assertThat(laoke.batches("p"))
          .containsExactlyInAnyOrder("0 3 AWAITING_ADMIN 89504", "0 3 SENT");
      assertThat(state(laoke, "p")).isEqualTo(PlanState.AWAITING_WECHAT_ADMIN);
      reports(laoke, "78", "err(40002)", 0, 0);
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactlyInAnyOrder("0 3 FAILED err(40002)", "0 3 SENT");
      assertThat(laoke.used()).isEqualTo(3);
      assertThat(state(laoke, "p")).isEqualTo(PlanState.PAUSED);
      PlanEvent paused = laoke.plans().events("p").get(laoke.plans().events("p").size() - 1);
      assertThat(paused.action()).isEqualTo(PlanEvent.Action.PAUSED);
      assertThat(paused.by()).isEqualTo("laoke");
      assertThat(paused.note()).startsWith("err(40002) ").contains("继续计划");
      laoke.plans().resume("p", "boss");
      ticks(laoke);
      assertThat(state(laoke, "p")).isEqualTo(PlanState.DONE);
      assertThat(laoke.wechat.count("send")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereNothingIsHeardOfTheAdministratorWeChatIsAsked(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      laoke.wechat.sends.add(asksAdministrator("77"));
      laoke.wechat.jobs.put("77", ArticleChannel.JobState.SENDING);
      ticks(laoke);
      passes(laoke, Duration.ofMinutes(30));
      assertThat(laoke.wechat.asked).isEmpty();
      passes(laoke, Duration.ofMinutes(1));
      passes(laoke, Duration.ofMinutes(5));
      assertThat(laoke.wechat.asked).hasSize(2);
      assertThat(laoke.batches("p")).containsExactly("0 3 AWAITING_ADMIN 89504");
      passes(laoke, Duration.ofMinutes(10));
      assertThat(laoke.batches("p")).containsExactly("0 3 UNKNOWN NO_WORD");
      assertThat(state(laoke, "p")).isEqualTo(PlanState.PAUSED);
      assertThat(laoke.used()).isEqualTo(3);
      laoke.wechat.jobs.put("77", ArticleChannel.JobState.FAILED);
      passes(laoke, Duration.ofHours(4));
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED SEND_FAIL");
      assertThat(laoke.used()).isZero();
      assertThat(laoke.wechat.count("send")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whereThereIsNothingToAskForTheOutcomeIsUnknown(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      started(laoke, "p", 3);
      laoke.wechat.sends.add(asksAdministrator(ArticleChannel.NO_ID));
      ticks(laoke);
      passes(laoke, Duration.ofMinutes(31));
      assertThat(laoke.wechat.asked).isEmpty();
      assertThat(laoke.batches("p")).containsExactly("0 3 UNKNOWN NO_WORD");
      assertThat(laoke.plans().reason("NO_WORD")).isPresent();
      assertThat(state(laoke, "p")).isEqualTo(PlanState.PAUSED);
      assertThat(laoke.used()).isEqualTo(3);
      reports(laoke, "80", "send success", 3, 3);
      ticks(laoke);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT");
      assertThat(state(laoke, "p")).as("a person decides").isEqualTo(PlanState.PAUSED);
    }
  }
}
