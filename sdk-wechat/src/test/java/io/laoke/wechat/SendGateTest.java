package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SendGateTest {
  private static final int MOST = 64;
  private static final long FAR = TimeUnit.SECONDS.toNanos(5);

  private final Workers workers = new Workers();
  private final List<Integer> going = new ArrayList<>();
  private final AtomicInteger late = new AtomicInteger();

  @AfterEach
  void close() {
    workers.close();
  }

  private SendGate gate(int perSecond) {
    return new SendGate(MOST, perSecond, 1_000, workers, System::nanoTime);
  }

  private void enter(SendGate gate, int count, long startWithin) {
    for (int i = 0; i < count; i++) {
      int number = i;
      gate.enter(
          new SendGate.Send() {
            @Override
            public void go() {
              going.add(number);
            }

            @Override
            public void tooLate(boolean queueFull) {
              late.incrementAndGet();
            }
          },
          System.nanoTime() + startWithin);
    }
  }

  /** So many answers, each of which took so long. */
  private static void answers(SendGate gate, int count, Duration took) {
    for (int i = 0; i < count; i++) {
      gate.done(took.toNanos());
    }
  }

  @Test
  void letsAsManyGoAsAreAllowedWhileAnswersTakeTheirTime() {
    SendGate gate = gate(1_000_000);
    enter(gate, 400, FAR);
    assertThat(going).hasSize(MOST);
    answers(gate, 128, Duration.ofMillis(30));
    assertThat(going).hasSize(MOST + 128);
  }

  @Test
  void fewAreUnderWayWhileAnswersComeAtOnceAndAllAgainWhenTheyAreSlow() {
    SendGate gate = gate(1_000_000);
    enter(gate, 900, FAR);
    Duration atOnce = Duration.ofNanos(100_000);
    answers(gate, 64, atOnce);
    int before = going.size();
    answers(gate, 55, atOnce);
    assertThat(going).as("all but few land first").hasSize(before);
    answers(gate, 9, atOnce);
    assertThat(going).hasSize(before + 9);
    assertThat(going.size() - 128).as("under way").isEqualTo(8);
    answers(gate, 16, Duration.ofMillis(30));
    assertThat(going.size() - 144).as("under way").isEqualTo(MOST);
  }

  @Test
  void whatIsNoAnswerSaysNothingOfHowQuicklyAnswersCome() {
    SendGate gate = gate(1_000_000);
    enter(gate, 400, FAR);
    for (int i = 0; i < 100; i++) {
      gate.done(SendGate.SAYS_NOTHING);
    }
    answers(gate, 64, Duration.ofMillis(30));
    assertThat(going).hasSize(MOST + 164);
  }

  @Test
  void goesInTheOrderInWhichTheyCame() {
    SendGate gate = gate(1_000_000);
    enter(gate, 200, FAR);
    answers(gate, 136, Duration.ofMillis(30));
    assertThat(going).hasSize(200).isSorted();
  }

  @Test
  void whatGetsNoTurnIsToldSoHoweverManyWait() {
    SendGate gate = gate(1_000_000);
    enter(gate, MOST, FAR);
    enter(gate, 300, TimeUnit.MILLISECONDS.toNanos(50));
    enter(gate, 100, TimeUnit.MILLISECONDS.toNanos(150));
    await().untilAsserted(() -> assertThat(late).hasValue(400));
    assertThat(going).hasSize(MOST);
    answers(gate, MOST, Duration.ofMillis(30));
    assertThat(going).as("none goes once it was told that it could not").hasSize(MOST);
  }

  @Test
  void afterTheEndWhatCannotGoIsRefusedAndNotKept() {
    SendGate gate = gate(1_000_000);
    enter(gate, MOST, FAR);
    workers.close();
    assertThatThrownBy(() -> enter(gate, 1, FAR)).isInstanceOf(RejectedExecutionException.class);
    answers(gate, 1, Duration.ofMillis(30));
    assertThat(going).hasSize(MOST);
  }
}
