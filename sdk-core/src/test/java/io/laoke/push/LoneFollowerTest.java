package io.laoke.push;

import static io.laoke.push.PlanFixture.NOW;
import static io.laoke.push.PlanFixture.tagged;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** WeChat's lists have two or more, so that who is alone is sent to by a tag. */
class LoneFollowerTest {
  private static final PlanSettings THREE = PlanSettings.standard().withBatch(3);

  private static void started(PlanFixture laoke, String key) {
    laoke.started(Plan.of(key, "厨房", "wx1").rule("厨房", tagged("kitchen"), "A"));
  }

  /** So much later that tags are deleted which nobody needs. */
  private static void tagsAreOld(PlanFixture laoke) {
    laoke.write("UPDATE {plan_batch} SET tag_until_ms = 1 WHERE tag_until_ms > 0");
    laoke.later();
  }

  @ParameterizedTest
  @EnumSource
  void whoIsAloneIsSentToByATagOfItsOwn(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      laoke.agreed("o-0", "kitchen");
      started(laoke, "p");
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      assertThat(laoke.wechat.got()).isEqualTo(Map.of("o-0", 1));
      assertThat(laoke.batches("p")).containsExactly("0 1 SENT");
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.DONE);
      assertThat(laoke.used()).isEqualTo(1);
      assertThat(laoke.wechat.tags).as("WeChat may still be at it").hasSize(1);
      assertThat(laoke.wechat.tags.keySet()).allMatch(name -> name.length() <= 30);
      laoke.later();
      assertThat(laoke.wechat.tags).hasSize(1);
      tagsAreOld(laoke);
      assertThat(laoke.wechat.tags).isEmpty();
      tagsAreOld(laoke);
      assertThat(laoke.wechat.count("delete tag")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatIsLostIsAskedForWhileTheTagIsThere(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      laoke.agreed("o-0", "kitchen");
      started(laoke, "p");
      laoke.wechat.lostAnswers.add(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).containsExactly("0 1 OPEN");
      laoke.write("UPDATE {plan_batch} SET tag_until_ms = 1");
      laoke.engine().tick(NOW);
      assertThat(laoke.wechat.tags).as("the repeat needs it").hasSize(1);
      laoke.later();
      laoke.later();
      assertThat(laoke.batches("p")).containsExactly("0 1 SENT");
      assertThat(laoke.wechat.got()).isEqualTo(Map.of("o-0", 1));
      assertThat(laoke.wechat.count("send")).isEqualTo(2);
      assertThat(laoke.used()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoCannotBeTaggedHasTheMessageOfTheMonthBack(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      laoke.agreed("o-0", "kitchen");
      laoke.wechat.untaggable.add("o-0");
      started(laoke, "p");
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).containsExactly("0 1 FAILED UNTAGGED");
      assertThat(laoke.plans().reason("UNTAGGED")).isPresent();
      assertThat(laoke.used()).isZero();
      assertThat(laoke.wechat.sent).isEmpty();
      assertThat(laoke.wechat.made).as("its draft is deleted").isEmpty();
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.DONE);
      tagsAreOld(laoke);
      assertThat(laoke.wechat.tags).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAccountWithoutRoomForTagsIsAskedAgainUntilItIsTooLate(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      laoke.agreed("o-0", "kitchen");
      started(laoke, "p");
      laoke.wechat.noTags =
          Optional.of(new ChannelAnswer.Refused<>(Reason.of("45056", "too many tags")));
      laoke.engine().tick(NOW);
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).containsExactly("0 1 TAGGING");
      assertThat(laoke.wechat.count("create tag")).as("not again within the hour").isEqualTo(1);
      laoke.later();
      assertThat(laoke.wechat.count("create tag")).isEqualTo(2);
      assertThat(laoke.used()).isEqualTo(1);
      laoke.write("UPDATE {plan_batch} SET created_ms = 1");
      laoke.later();
      assertThat(laoke.batches("p")).containsExactly("0 1 FAILED TOO_LATE");
      assertThat(laoke.plans().reason("TOO_LATE")).isPresent();
      assertThat(laoke.used()).isZero();
      assertThat(laoke.wechat.sent).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofACancelledPlanNobodyIsTagged(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      laoke.agreed("o-0", "kitchen");
      started(laoke, "p");
      laoke.wechat.noTags =
          Optional.of(
              new ChannelAnswer.Later<>(
                  Duration.ofMinutes(10), false, Reason.of("45009", "no calls")));
      laoke.engine().tick(NOW);
      assertThat(laoke.batches("p")).containsExactly("0 1 TAGGING");
      assertThat(laoke.used()).isEqualTo(1);
      laoke.plans().pause("p", "boss", "等一等");
      laoke.later();
      assertThat(laoke.batches("p")).containsExactly("0 1 TAGGING");
      laoke.plans().cancel("p", "boss", "不发了");
      laoke.later();
      assertThat(laoke.batches("p")).containsExactly("0 1 FAILED CANCELLED");
      assertThat(laoke.used()).isZero();
      assertThat(laoke.wechat.sent).isEmpty();
    }
  }

  /** Killed at each commit in turn, each time with an engine that starts anew later. */
  @ParameterizedTest
  @EnumSource
  void whoIsAloneGetsOneWhereverAWorkerIsKilled(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, THREE)) {
      Set<String> openids = Set.of("o-0", "o-1", "o-2", "o-3");
      openids.forEach(openid -> laoke.agreed(openid, "kitchen"));
      started(laoke, "p"); // its first batch is of two, of whom one is left out then
      long refuses = laoke.dealer().members().byOpenid("wx1", "o-0").orElseThrow().id();
      laoke.dealer().members().pause(refuses, Purpose.MARKETING, null, "投诉", "li");
      for (int at = 1; at <= 16; at++) {
        laoke.killed(THREE, at);
      }
      for (int i = 0; i < 6; i++) {
        laoke.later();
      }
      assertThat(laoke.wechat.got())
          .as(laoke.wechat.calls.toString())
          .isEqualTo(Map.of("o-1", 1, "o-2", 1, "o-3", 1));
      assertThat(laoke.used()).isEqualTo(3);
      tagsAreOld(laoke);
      tagsAreOld(laoke);
      assertThat(laoke.wechat.tags).isEmpty();
      assertThat(laoke.plans().find("p").orElseThrow().state()).isEqualTo(PlanState.DONE);
    }
  }
}
