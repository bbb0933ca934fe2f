package io.laoke.internal.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkerTest {
  private static final Duration LONG = Duration.ofHours(1);
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private interface Round {
    boolean number(int number) throws InterruptedException;
  }

  /** Counts its rounds, and rests so long that only a call ends it. */
  private static final class Counting implements Worker.Work {
    final AtomicInteger rounds = new AtomicInteger();
    final List<String> told = new CopyOnWriteArrayList<>();
    final List<Integer> rests = new CopyOnWriteArrayList<>();
    final Round round;

    Counting(Round round) {
      this.round = round;
    }

    @Override
    public boolean round() {
      try {
        return round.number(rounds.incrementAndGet());
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Duration rest(int failures) {
      rests.add(failures);
      return failures > 0 ? Duration.ofMillis(1) : LONG;
    }

    @Override
    public void failed(int failures, Throwable failure) {
      told.add("failed " + failures + " " + failure.getMessage());
    }

    @Override
    public void recovered(int failures) {
      told.add("recovered " + failures);
    }
  }

  private final AtomicReference<Worker> open = new AtomicReference<>();

  private Worker worker(Worker.Work work) {
    Worker worker = new Worker("worker-of-a-test", work);
    open.set(worker);
    return worker;
  }

  @AfterEach
  void end() {
    open.get().close(PATIENCE);
  }

  @Test
  void goesOnWhileThereIsWorkAndThenRestsUntilItIsWoken() {
    Counting work = new Counting(number -> number < 5);
    Worker worker = worker(work);
    assertThat(worker.started()).isFalse();
    worker.start();
    worker.start();
    assertThat(worker.started()).isTrue();
    await().until(() -> work.rests.size() == 1);
    assertThat(work.rounds).hasValue(5);
    worker.wake();
    worker.wake();
    await().until(() -> work.rests.size() >= 2);
    assertThat(work.rounds.get()).isGreaterThanOrEqualTo(6);
    assertThat(work.told).isEmpty();
  }

  @Test
  void aCallThatComesDuringARoundIsNotOverlooked() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch called = new CountDownLatch(1);
    Counting work =
        new Counting(
            number -> {
              begun.countDown();
              called.await();
              return false;
            });
    Worker worker = worker(work);
    worker.start();
    begun.await();
    worker.wake();
    called.countDown();
    await().until(() -> work.rounds.get() == 2);
  }

  @Test
  void whateverFailsIsCountedAndTriedAgain() {
    Counting work =
        new Counting(
            number -> {
              if (number == 1) {
                throw new IllegalStateException("away");
              }
              if (number == 2) {
                throw new NoClassDefFoundError("of a host");
              }
              return false;
            });
    worker(work).start();
    await().until(() -> work.rests.contains(0));
    assertThat(work.told).containsExactly("failed 1 away", "failed 2 of a host", "recovered 2");
    assertThat(work.rests).containsExactly(1, 2, 0);
  }

  @Test
  void closingWaitsForTheRoundThatIsOnAndNoneFollows() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    AtomicReference<Worker> own = new AtomicReference<>();
    AtomicInteger complete = new AtomicInteger();
    Counting work =
        new Counting(
            number -> {
              begun.countDown();
              while (!own.get().ended()) {
                Thread.onSpinWait();
              }
              complete.incrementAndGet();
              return true;
            });
    Worker worker = worker(work);
    own.set(worker);
    worker.start();
    begun.await();
    worker.close(PATIENCE);
    assertThat(complete).hasValue(1);
    assertThat(worker.started()).isFalse();
    worker.start();
    worker.close(PATIENCE);
    assertThat(work.rounds).hasValue(1);
  }

  @Test
  void aRoundMayCloseItsOwnWorker() {
    AtomicReference<Worker> own = new AtomicReference<>();
    CountDownLatch closed = new CountDownLatch(1);
    Counting work =
        new Counting(
            number -> {
              own.get().close(LONG);
              closed.countDown();
              return true;
            });
    Worker worker = worker(work);
    own.set(worker);
    worker.start();
    await().until(() -> closed.getCount() == 0);
    worker.close(PATIENCE);
    assertThat(work.rounds).hasValue(1);
  }

  @Test
  void aRestIsNoLongerThanAsked() throws Exception {
    Worker worker = worker(new Counting(number -> false));
    long began = System.nanoTime();
    worker.await(Duration.ofMillis(5));
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(5_000_000);
    worker.wake();
    worker.await(LONG);
  }
}
