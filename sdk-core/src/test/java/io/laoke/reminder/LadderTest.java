package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Decision.Result;
import io.laoke.message.Inbound.Delivery;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LadderTest {
  private static final Instant TAKEN = Instant.parse("2026-07-10T04:00:00Z");

  private static String after(
      String result, String reason, String delivery, Duration age, int silenceDays) {
    Instant now = TAKEN.plus(age);
    Ladder.Next next =
        Ladder.after(
            result == null
                ? Optional.empty()
                : Optional.of(
                    new Decision(
                        CareRule.CAUSE,
                        1,
                        1,
                        Optional.empty(),
                        "",
                        "wx1",
                        ChannelKind.WECHAT_TEMPLATE,
                        Purpose.CARE,
                        Result.valueOf(result),
                        Optional.ofNullable(reason).map(code -> Reason.of(code, "")),
                        List.of(),
                        Optional.ofNullable(delivery).map(Delivery::valueOf),
                        Optional.empty(),
                        TAKEN,
                        TAKEN)),
            TAKEN,
            silenceDays,
            now);
    if (next instanceof Ladder.Next.Wait wait) {
      return "WAIT " + Duration.between(now, wait.until());
    }
    if (next instanceof Ladder.Next.Again again) {
      return "AGAIN " + again.why() + " " + Duration.between(now, again.at());
    }
    return next instanceof Ladder.Next.Climb climb
        ? "CLIMB " + climb.why()
        : "STOP " + ((Ladder.Next.Stop) next).why();
  }

  @ParameterizedTest
  @CsvSource({
    // under way
    "QUEUED,,,PT0S,WAIT PT10M",
    "QUEUED,,,PT1H,WAIT PT10M",
    "DEFERRED,QUIET_HOURS,,PT40H,WAIT PT10M",
    // with no engine that would send or end it
    "QUEUED,,,PT73H,CLIMB EXPIRED",
    // told, and silent
    "SENT,,,PT1M,WAIT PT1M",
    "SENT,,DELIVERED,PT70H,WAIT PT2H",
    "SENT,,DELIVERED,PT72H,CLIMB SILENT",
    "FITTED,FITTED,,PT72H,CLIMB SILENT",
    "UNKNOWN,UNKNOWN,,PT1M,WAIT PT1M",
    "UNKNOWN,UNKNOWN,,PT72H,CLIMB SILENT",
    // taken, and then lost
    "SENT,BLOCKED,BLOCKED,PT1M,CLIMB BLOCKED",
    "SENT,DELIVERY_FAILED,FAILED,PT1M,CLIMB DELIVERY_FAILED",
    // refused by the platform: 43004 not a follower, 43101 refused, 47003 a field
    "REFUSED,43004,,PT1M,CLIMB 43004",
    "REFUSED,43101,,PT1M,CLIMB 43101",
    "REFUSED,47003,,PT1M,CLIMB 47003",
    "STOPPED,NO_ADDRESS,,PT1M,CLIMB NO_ADDRESS",
    "EXPIRED,EXPIRED,,PT48H,CLIMB EXPIRED",
    "PARKED,CLAIMED_5_TIMES,,PT1M,CLIMB CLAIMED_5_TIMES",
    "DROPPED,,,PT1M,CLIMB DROPPED",
    // what holds for every other step, too
    "STOPPED,REFUSED_PURPOSE,,PT1M,STOP REFUSED_PURPOSE",
    "STOPPED,PAUSED,,PT1M,AGAIN PAUSED PT24H",
    "STOPPED,STALE,,PT1M,AGAIN STALE PT0S",
    "STOPPED,ANSWERED,,PT1M,STOP ANSWERED",
    ",,,PT1M,CLIMB NO_DECISION",
  })
  void eachOutcomeHasItsNextStep(
      String result, String reason, String delivery, Duration age, String next) {
    assertThat(after(result, reason, delivery, age, 3)).isEqualTo(next);
  }

  @Test
  void theRuleSaysHowLongSilenceIs() {
    assertThat(after("SENT", null, null, Duration.ofDays(1), 1)).isEqualTo("CLIMB SILENT");
    assertThat(after("SENT", null, null, Duration.ofDays(29), 30)).isEqualTo("WAIT PT6H");
  }

  @Test
  void noOutcomeOfTheEngineIsLeftOut() {
    for (Result result : Result.values()) {
      assertThat(after(result.name(), null, null, Duration.ofDays(30), 3))
          .as("%s", result)
          .isNotBlank();
    }
  }
}
