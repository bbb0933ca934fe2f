package io.laoke.push;

import static io.laoke.push.PlanFixture.NOW;
import static io.laoke.push.PlanFixture.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.Laoke;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.member.Consent;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Plans leave batch by batch, and nobody gets one twice, whatever breaks. */
class SendingTest {
  private static final PlanSettings THREE = PlanSettings.standard().withBatch(3);

  private static Plan kitchen(String key) {
    return Plan.of(key, "厨房", "wx1").rule("厨房", tagged("kitchen"), "A");
  }

  /** Followers who have agreed, by their openids. */
  private static Set<String> followers(PlanFixture laoke, int many) {
    Set<String> openids = new TreeSet<>();
    for (int i = 0; i < many; i++) {
      laoke.agreed("o-" + i, "kitchen");
      openids.add("o-" + i);
    }
    return openids;
  }

  /** What the ledger says is what came. */
  private static void ledgerIsWhatCame(PlanFixture laoke) {
    laoke
        .wechat
        .got()
        .forEach(
            (openid, many) ->
                assertThat(
                        laoke.number(
                            "SELECT used FROM {push_quota} WHERE openid_hash = '%s'"
                                .formatted(laoke.hash(openid))))
                    .as(openid)
                    .isEqualTo((long) many));
    assertThat(laoke.used())
        .isEqualTo(laoke.wechat.got().values().stream().mapToInt(Integer::intValue).sum());
  }

  @ParameterizedTest
  @EnumSource
  void aPlanLeavesInBatchesAndNeverOneAlone(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      Set<String> openids = followers(laoke, 7);
      Plan plan = kitchen("p");
      assertThatThrownBy(() -> laoke.plans().start("p", "boss")).isNotNull();
      laoke.started(plan);
      assertThat(laoke.plans().counts("p").batches()).isEqualTo(3);
      assertThat(laoke.plans().batches("p")).isEmpty();
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT", "0 2 SENT", "0 2 SENT");
      assertThat(laoke.wechat.got().keySet()).isEqualTo(openids);
      assertThat(laoke.wechat.got().values()).containsOnly(1);
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.DONE);
      assertThat(laoke.plans().counts("p").chosen()).isEqualTo(7);
      assertThat(laoke.wechat.made).as("each batch has a draft of its own").isEmpty();
      assertThat(laoke.wechat.count("draft")).isEqualTo(3);
      assertThat(laoke.wechat.count("IMAGE")).as("the cover is uploaded once").isEqualTo(1);
      ledgerIsWhatCame(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachFollowerIsAskedForAgainWhenTheBatchIsMade(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 6);
      laoke.started(kitchen("p"));
      long refuses = laoke.dealer().members().byOpenid("wx1", "o-0").orElseThrow().id();
      laoke
          .dealer()
          .members()
          .consent(refuses, Consent.refused(Purpose.MARKETING, "CALL", NOW.plusSeconds(1)));
      long paused = laoke.dealer().members().byOpenid("wx1", "o-1").orElseThrow().id();
      laoke.dealer().members().pause(paused, Purpose.MARKETING, null, "投诉", "li");
      laoke.unfollows("o-2");
      laoke.take(Set.of("o-3"), 4);
      laoke.take(Set.of("o-3"), 4);
      laoke.take(Set.of("o-3"), 4);
      laoke.engine().tick(NOW.plusSeconds(2));
      laoke.engine().tick(NOW.plusSeconds(2));
      assertThat(laoke.wechat.got().keySet()).containsExactly("o-4", "o-5");
      assertThat(
              laoke.plans().decisions("p", 0, 10).stream()
                  .map(one -> one.result() + " " + one.reason().map(Reason::code).orElse("")))
          .containsExactly(
              "STOPPED REFUSED_PURPOSE",
              "STOPPED PAUSED",
              "STOPPED NOT_FOLLOWING",
              "STOPPED QUOTA",
              "CHOSEN ",
              "CHOSEN ");
      assertThat(laoke.batches("p")).containsExactly("0 2 SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsLostIsAskedForByTheVerySameCall(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      Set<String> openids = followers(laoke, 3);
      laoke.started(kitchen("p"));
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("-1", "busy")));
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).containsExactly("0 3 OPEN");
      laoke.engine().tick(NOW);
      assertThat(laoke.wechat.count("send")).as("not before a minute is over").isEqualTo(1);
      laoke.later();
      laoke.later();
      laoke.later();
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT");
      assertThat(laoke.wechat.count("send")).isEqualTo(3);
      assertThat(laoke.wechat.sent).hasSize(1);
      assertThat(laoke.wechat.got().keySet()).isEqualTo(openids);
      assertThat(laoke.wechat.count("draft")).isEqualTo(1);
      ledgerIsWhatCame(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWeChatRefusesIsGivenBack(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 5);
      laoke.started(kitchen("p"));
      laoke.wechat.sends.add(new SendOutcome.Refused(Reason.of("45028", "no quota"), false, false));
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).containsExactly("0 3 FAILED 45028", "0 2 SENT");
      assertThat(laoke.wechat.got()).hasSize(2);
      ledgerIsWhatCame(laoke);
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.DONE);
    }
  }

  /**
   * Killed at each commit in turn, each time with an engine that starts anew some minutes later.
   */
  @ParameterizedTest
  @EnumSource
  void nobodyGetsTwoWhereverAWorkerIsKilled(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      Set<String> openids = followers(laoke, 7);
      laoke.started(kitchen("p"));
      for (int at = 1; at <= 14; at++) {
        laoke.killed(THREE, at);
        laoke.write(
            "UPDATE {outbox} SET retry_ms = 0, lease_until_ms = NULL WHERE lease_until_ms > 0 AND state <> 'CLAIMED'");
      }
      for (int i = 0; i < 6; i++) {
        laoke.later();
      }
      assertThat(laoke.wechat.got().values()).as(laoke.wechat.calls.toString()).containsOnly(1);
      assertThat(laoke.wechat.got().keySet()).isEqualTo(openids);
      assertThat(laoke.batches("p")).containsExactly("0 3 SENT", "0 2 SENT", "0 2 SENT");
      ledgerIsWhatCame(laoke);
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void plansThatMeetOnTwoEnginesNeverSendAFifth(TestServer server) throws Exception {
    PlanSettings all = PlanSettings.standard().withKept(0).withBatch(4);
    try (PlanFixture laoke = new PlanFixture(server, all)) {
      Set<String> openids = followers(laoke, 10);
      Laoke other = laoke.engine(laoke.pool, all);
      for (int plan = 0; plan < 6; plan++) {
        laoke.started(kitchen("p" + plan));
      }
      for (int round = 0; round < 4; round++) {
        AtOnce.all(List.of(() -> laoke.engine().tick(NOW), () -> other.tick(NOW)));
      }
      for (int round = 0; round < 4; round++) {
        laoke.later();
      }
      assertThat(laoke.wechat.got().keySet()).isEqualTo(openids);
      assertThat(laoke.wechat.got().values()).allMatch(many -> many <= 4).contains(4);
      ledgerIsWhatCame(laoke);
      assertThat(
              IntStream.range(0, 6)
                  .mapToObj(plan -> laoke.plans().find("p" + plan).orElseThrow().state())
                  .collect(Collectors.toSet()))
          .containsExactly(PlanState.DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPausedPlanMakesNoFurtherBatchUntilItGoesOn(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 7);
      laoke.started(kitchen("p"));
      assertThat(laoke.plans().pause("p", "boss", "等一等").state()).isEqualTo(PlanState.PAUSED);
      laoke.engine().tick(NOW);
      assertThat(laoke.wechat.calls).isEmpty();
      assertThat(laoke.plans().resume("p", "boss").state()).isEqualTo(PlanState.RUNNING);
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      assertThat(laoke.wechat.got()).hasSize(7);
      assertThatThrownBy(() -> laoke.plans().cancel("p", "boss", "晚了"))
          .isInstanceOf(ConflictException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void marketingLeavesByDayAndCareAtAnyHour(TestServer server) {
    Instant evening = Instant.parse("2026-11-24T12:00:00Z");
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 3);
      laoke.started(kitchen("m"));
      laoke.engine().tick(evening);
      assertThat(laoke.wechat.calls).isEmpty();
      laoke.started(kitchen("c").purpose(Purpose.CARE));
      laoke.engine().tick(evening);
      assertThat(laoke.batches("c")).containsExactly("0 3 SENT");
      laoke.engine().tick(Instant.parse("2026-11-25T00:59:59Z"));
      assertThat(laoke.batches("m")).isEmpty();
      laoke.engine().tick(Instant.parse("2026-11-25T01:00:00Z"));
      assertThat(laoke.batches("m")).containsExactly("0 3 SENT");
      assertThat(laoke.wechat.got().values()).containsOnly(2);
    }
  }

  /** Nor is the platform asked again before the time that it has named. */
  @ParameterizedTest
  @EnumSource
  void aContentThatCannotBePreparedKeepsNoOtherPlanWaiting(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 3);
      laoke.started(kitchen("first"));
      laoke.started(Plan.of("second", "文字", "wx1").rule("厨房", tagged("kitchen"), "B"));
      laoke.wechat.script.add(
          new ChannelAnswer.Later<String>(
              Duration.ofMinutes(10), true, Reason.of("45009", "no calls left")));
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("second")).containsExactly("0 3 SENT");
      assertThat(laoke.batches("first")).isEmpty();
      assertThat(laoke.wechat.count("IMAGE")).isEqualTo(1);
      laoke.later();
      assertThat(laoke.batches("first")).containsExactly("0 3 SENT");
      assertThat(laoke.wechat.got().values()).containsOnly(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAPersonDropsCountsAsSent(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 3);
      laoke.started(kitchen("p"));
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      laoke.engine().tick(NOW);
      laoke.dealer().deliveries().drop(laoke.number("SELECT id FROM {outbox}"), "店长：不再查");
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).singleElement().asString().startsWith("0 3 UNKNOWN");
      ledgerIsWhatCame(laoke);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSentIsTheContentAsItWasSubmitted(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 2);
      Plan unready = Plan.of("u", "未备好", "wx1").rule("厨房", tagged("kitchen"), "none");
      laoke.plans().save(unready, "li");
      assertThatThrownBy(() -> laoke.plans().submit("u", "li"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("there is no 'none'");
      laoke.dealer().contents().save("none", "空", Content.text(""), "li");
      assertThatThrownBy(() -> laoke.plans().submit("u", "li"))
          .isInstanceOf(InvalidInputException.class);

      Plan plan = Plan.of("p", "文字", "wx1").rule("厨房", tagged("kitchen"), "B");
      SavedPlan saved = laoke.plans().save(plan, "li");
      SavedPlan submitted = laoke.plans().submit("p", "li");
      assertThat(submitted.hash()).isNotEqualTo(saved.hash());
      assertThat(submitted.contents()).containsOnlyKeys("B");
      laoke.plans().approve("p", submitted.hash(), "boss");
      laoke.dealer().contents().save("B", "改过", Content.text("改过的话"), "li");
      assertThatThrownBy(() -> laoke.dealer().contents().remove("B", "li"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("plan 'p'");
      laoke.plans().allocate("p", NOW, "boss");
      laoke.plans().start("p", "boss");
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      List<MassPayload> payloads = new ArrayList<>();
      laoke.wechat.sent.values().forEach(one -> payloads.add(one.payload()));
      assertThat(payloads).containsExactly(new MassPayload.Text("您好，这是B"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aScheduledPlanIsAllocatedAndStartsAtItsTime(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 3);
      laoke.approved(kitchen("none"));
      assertThatThrownBy(() -> laoke.plans().schedule("none", "boss"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("startAt");
      Instant time = NOW.plus(Duration.ofHours(2));
      laoke.approved(kitchen("p").startAt(time));
      assertThat(laoke.plans().schedule("p", "boss").state()).isEqualTo(PlanState.SCHEDULED);
      assertThat(laoke.plans().schedule("p", "boss").state()).isEqualTo(PlanState.SCHEDULED);
      assertThat(laoke.plans().find("p").orElseThrow().plan().startAt()).contains(time);
      laoke.agreed("o-late", "kitchen");
      laoke.engine().tick(time.minusMillis(1));
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.SCHEDULED);
      assertThat(laoke.wechat.calls).isEmpty();
      Laoke other = laoke.engine(laoke.pool, THREE);
      other.dealer("hengxin");
      laoke.engine().tick(time);
      other.tick(time);
      laoke.engine().tick(time);
      assertThat(laoke.wechat.got()).as("and who came meanwhile").hasSize(4).containsKey("o-late");
      assertThat(laoke.wechat.got().values()).containsOnly(1);
      assertThat(laoke.plans().find("p").orElseThrow().allocatedAt()).contains(time);
      assertThat(laoke.plans().events("p"))
          .extracting(PlanEvent::action)
          .containsExactly(
              PlanEvent.Action.SAVED,
              PlanEvent.Action.SUBMITTED,
              PlanEvent.Action.APPROVED,
              PlanEvent.Action.SCHEDULED,
              PlanEvent.Action.ALLOCATED,
              PlanEvent.Action.STARTED,
              PlanEvent.Action.DONE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlanWhoseTimeWasMissedWaitsForAPerson(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 3);
      Instant time = NOW.minus(Duration.ofHours(25));
      laoke.approved(kitchen("p").startAt(time));
      laoke.plans().schedule("p", "boss");
      laoke.approved(kitchen("q").startAt(time));
      laoke.plans().allocate("q", NOW, "boss");
      laoke.plans().schedule("q", "boss");
      laoke.engine().tick(NOW);
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.APPROVED);
      assertThat(laoke.plans().find("q").orElseThrow().state()).isEqualTo(PlanState.ALLOCATED);
      assertThat(laoke.plans().events("p").get(4).action()).isEqualTo(PlanEvent.Action.MISSED);
      assertThat(laoke.wechat.calls).isEmpty();
      laoke.plans().start("q", "boss");
      laoke.engine().tick(NOW);
      assertThat(laoke.wechat.got()).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aScheduledPlanCanBeTakenBack(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      followers(laoke, 3);
      Plan plan = kitchen("p").startAt(NOW.plusSeconds(60));
      laoke.approved(plan);
      laoke.plans().schedule("p", "boss");
      assertThatThrownBy(() -> laoke.plans().save(plan.holdOut(10), "li"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("Reject it first");
      assertThat(laoke.plans().reject("p", "boss", "改时间").state()).isEqualTo(PlanState.DRAFT);
      laoke.engine().tick(NOW.plusSeconds(60));
      assertThat(laoke.wechat.calls).isEmpty();
      laoke.approved(plan);
      laoke.plans().allocate("p", NOW, "boss");
      laoke.plans().schedule("p", "boss");
      assertThatThrownBy(() -> laoke.plans().reject("p", "boss", "改时间"))
          .isInstanceOf(ConflictException.class);
      assertThat(laoke.plans().cancel("p", "boss", "不发了").state()).isEqualTo(PlanState.CANCELLED);
      laoke.engine().tick(NOW.plusSeconds(60));
      assertThat(laoke.wechat.calls).isEmpty();
    }
  }
}
