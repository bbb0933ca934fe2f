package io.laoke.push;

import static io.laoke.push.PlanFixture.NOW;
import static io.laoke.push.PlanFixture.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.Laoke;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A dealer may write more seldom than WeChat lets it. */
class CapsTest {
  private static final FrequencyCap TWO_A_WEEK =
      FrequencyCap.rolling(Purpose.MARKETING, 2, Duration.ofDays(7));
  private static final PlanSettings CAPPED =
      PlanSettings.standard().withKept(0).withCap(TWO_A_WEEK);

  private static void sent(PlanFixture laoke, String key, Purpose purpose, Instant at) {
    Plan plan = Plan.of(key, "厨房", "wx1").rule("厨房", tagged("kitchen"), "A").purpose(purpose);
    laoke.approved(plan);
    laoke.plans().allocate(key, at, "boss");
    laoke.plans().start(key, "boss");
    laoke.engine().tick(at);
    laoke.engine().tick(at);
  }

  private static void followers(PlanFixture laoke, int many) {
    for (int i = 0; i < many; i++) {
      laoke.agreed("o-" + i, "kitchen");
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyGetsMoreInATimeThanTheDealerAllows(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, CAPPED)) {
      followers(laoke, 3);
      sent(laoke, "p1", Purpose.MARKETING, NOW);
      sent(laoke, "p2", Purpose.MARKETING, NOW.plus(Duration.ofDays(1)));
      assertThat(laoke.wechat.got().values()).containsOnly(2);

      Instant early = NOW.plus(Duration.ofDays(7)).minusMillis(1);
      Plan third = Plan.of("p3", "厨房", "wx1").rule("厨房", tagged("kitchen"), "A");
      PlanCounts preview = laoke.plans().preview(third, early);
      assertThat(preview.rules().get(0).stopped()).isEqualTo(Map.of("CAPPED", 3L));
      assertThat(laoke.plans().reason("CAPPED")).isPresent();
      assertThat(laoke.plans().preview(third, early.plusMillis(1)).chosen()).isEqualTo(3);
      assertThat(laoke.plans().preview(third.purpose(Purpose.CARE), early).chosen()).isEqualTo(3);

      sent(laoke, "p3", Purpose.MARKETING, early);
      assertThat(laoke.wechat.got().values()).containsOnly(2);
      assertThat(laoke.number("SELECT MAX(used) FROM {push_quota}")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatReachedNobodyDoesNotCount(TestServer server) {
    try (PlanFixture laoke = new PlanFixture(server, CAPPED)) {
      followers(laoke, 2);
      laoke.wechat.sends.add(new SendOutcome.Refused(Reason.of("45028", "no quota"), false, false));
      sent(laoke, "p0", Purpose.MARKETING, NOW);
      sent(laoke, "p1", Purpose.MARKETING, NOW);
      sent(laoke, "p2", Purpose.MARKETING, NOW);
      sent(laoke, "p3", Purpose.MARKETING, NOW);
      assertThat(laoke.wechat.got().values()).containsOnly(2);
    }
  }

  /** Allocated before either was sent, so that only their batches can tell. */
  @ParameterizedTest
  @EnumSource
  void plansThatMeetOnTwoEnginesKeepTheCap(TestServer server) throws Exception {
    PlanSettings one =
        PlanSettings.standard()
            .withKept(0)
            .withBatch(4)
            .withCap(FrequencyCap.calendar(Purpose.MARKETING, 1, ChronoUnit.DAYS));
    try (PlanFixture laoke = new PlanFixture(server, one)) {
      followers(laoke, 9);
      Laoke other = laoke.engine(laoke.pool, one);
      other.dealer("hengxin");
      for (int i = 0; i < 4; i++) {
        Plan plan = Plan.of("p" + i, "厨房", "wx1").rule("厨房", tagged("kitchen"), "A");
        laoke.started(plan);
      }
      for (int round = 0; round < 4; round++) {
        AtOnce.all(List.of(() -> laoke.engine().tick(NOW), () -> other.tick(NOW)));
      }
      for (int round = 0; round < 6; round++) {
        laoke.later();
      }
      assertThat(laoke.wechat.got()).hasSize(9);
      assertThat(laoke.wechat.got().values()).containsOnly(1);
      assertThat(laoke.used()).isEqualTo(9);
    }
  }

  @Test
  void capsCountByTheDealersCalendarOrByAnyTime() {
    ZoneId zone = ZoneId.of("Asia/Shanghai");
    Instant now = Instant.parse("2026-11-27T18:30:00Z"); // Saturday the 28th, 2:30
    assertThat(FrequencyCap.calendar(Purpose.CARE, 1, ChronoUnit.DAYS).since(now, zone))
        .isEqualTo("2026-11-27T16:00:00Z");
    assertThat(FrequencyCap.calendar(Purpose.CARE, 1, ChronoUnit.WEEKS).since(now, zone))
        .isEqualTo("2026-11-22T16:00:00Z");
    assertThat(FrequencyCap.calendar(Purpose.CARE, 1, ChronoUnit.MONTHS).since(now, zone))
        .isEqualTo("2026-10-31T16:00:00Z");
    assertThat(TWO_A_WEEK.since(now, zone)).isEqualTo("2026-11-20T18:30:00.001Z");
  }

  @Test
  void settingsAreKeptWithTheirCaps() {
    PlanSettings many =
        CAPPED.withCap(FrequencyCap.calendar(Purpose.CARE, 1, ChronoUnit.MONTHS)).withMonthly(3);
    assertThat(PlanSettings.restored(many.stored())).isEqualTo(many);
    assertThat(PlanSettings.restored("4/1/0/true/10000/09:00/20:00"))
        .as("as kept by an earlier version")
        .isEqualTo(PlanSettings.standard());
    assertThatThrownBy(() -> FrequencyCap.rolling(Purpose.ORDER, 1, Duration.ofDays(1)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> FrequencyCap.rolling(Purpose.CARE, 0, Duration.ofDays(1)))
        .isInstanceOf(InvalidInputException.class);
    assertThatThrownBy(() -> FrequencyCap.calendar(Purpose.CARE, 1, ChronoUnit.YEARS))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("DAYS, WEEKS or MONTHS");
  }
}
