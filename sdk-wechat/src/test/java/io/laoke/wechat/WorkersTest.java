package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void aCallThatStartsWhileItsForerunnerStillHoldsItsThreadIsNotRefused() throws Exception {
    try (Workers workers = new Workers()) {
      CountDownLatch tails = new CountDownLatch(1);
      CompletableFuture<String> next = new CompletableFuture<>();
      CountDownLatch busy = new CountDownLatch(100);
      for (int i = 0; i < 100; i++) {
        workers.inTurn(
            () -> {
              busy.countDown();
              await(tails);
            });
      }
      assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
      workers.inTurn(() -> next.complete(Thread.currentThread().getName()));
      assertThat(next.get(20, TimeUnit.SECONDS)).startsWith("laoke-wechat-");
      tails.countDown();
    }
  }

  @Test
  void theLastThatTheEndOfATaskStartsFollowsOnItsThreadAndNoOtherWaitsForThat() throws Exception {
    try (Workers workers = new Workers()) {
      CompletableFuture<Thread> task = new CompletableFuture<>();
      CompletableFuture<Thread> last = new CompletableFuture<>();
      CountDownLatch firstHasRun = new CountDownLatch(1);
      CompletableFuture<Boolean> firstRanMeanwhile = new CompletableFuture<>();
      workers.inTurn(
          () -> {
            task.complete(Thread.currentThread());
            workers.last(
                () -> {
                  workers.inTurn(firstHasRun::countDown);
                  workers.inTurn(() -> last.complete(Thread.currentThread()));
                  firstRanMeanwhile.complete(await(firstHasRun));
                });
          });
      assertThat(firstRanMeanwhile.get(30, TimeUnit.SECONDS)).isTrue();
      assertThat(last.get(30, TimeUnit.SECONDS)).isSameAs(task.get());
    }
  }

  @Test
  void anInterruptOfOneTaskIsNoneOfTheNext() throws Exception {
    try (Workers workers = new Workers()) {
      CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
      workers.inTurn(
          () ->
              workers.last(
                  () -> {
                    workers.inTurn(
                        () -> interrupted.complete(Thread.currentThread().isInterrupted()));
                    Thread.currentThread().interrupt();
                  }));
      assertThat(interrupted.get(30, TimeUnit.SECONDS)).isFalse();
    }
  }

  @Test
  void whatATaskStartsWhileItIsOnNeverWaitsForIt() throws Exception {
    try (Workers workers = new Workers()) {
      CompletableFuture<Boolean> helped = new CompletableFuture<>();
      workers.inTurn(
          () -> {
            CountDownLatch other = new CountDownLatch(1);
            workers.inTurn(other::countDown);
            helped.complete(await(other));
          });
      assertThat(helped.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void whatAHostDoesAtTheEndOfATaskMayWaitForWhatTheEndHasStarted() throws Exception {
    try (Workers workers = new Workers()) {
      CompletableFuture<Boolean> helped = new CompletableFuture<>();
      workers.inTurn(
          () ->
              workers.last(
                  () -> {
                    CountDownLatch following = new CountDownLatch(2);
                    workers.inTurn(following::countDown);
                    workers.foreign(
                        () -> {
                          workers.inTurn(following::countDown);
                          helped.complete(await(following));
                        });
                  }));
      assertThat(helped.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void afterTheEndAnOutcomeIsToldAndWhatWasStartedFollowsAllTheSame() throws Exception {
    Workers workers = new Workers();
    CountDownLatch both = new CountDownLatch(2);
    workers.inTurn(
        () ->
            workers.last(
                () -> {
                  workers.inTurn(both::countDown);
                  workers.close();
                  workers.foreign(both::countDown);
                }));
    assertThat(both.await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aFaultOfATaskOrOfAnEndKeepsNoEndFromRunning() throws Exception {
    try (Workers workers = new Workers()) {
      CountDownLatch ends = new CountDownLatch(2);
      workers.inTurn(
          () -> {
            workers.last(
                () -> {
                  ends.countDown();
                  throw new IllegalStateException("an end fails");
                });
            workers.last(ends::countDown);
            throw new IllegalStateException("the task fails");
          });
      assertThat(ends.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
