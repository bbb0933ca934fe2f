package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
  void theFirstThatTheEndOfATaskStartsFollowsOnItsThreadAndTheOthersOnTheirs() throws Exception {
    try (Workers workers = new Workers()) {
      List<Thread> ran = Collections.synchronizedList(new ArrayList<>());
      CountDownLatch all = new CountDownLatch(3);
      CountDownLatch secondHasRun = new CountDownLatch(1);
      workers.inTurn(
          () -> {
            ran.add(Thread.currentThread());
            workers.last(
                () -> {
                  workers.inTurn(
                      () -> {
                        await(secondHasRun); // on a thread of its own, or never
                        ran.add(Thread.currentThread());
                        all.countDown();
                      });
                  workers.inTurn(
                      () -> {
                        ran.add(Thread.currentThread());
                        secondHasRun.countDown();
                        all.countDown();
                      });
                });
            all.countDown();
          });
      assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(ran.get(2)).isSameAs(ran.get(0));
      assertThat(ran.get(1)).isNotSameAs(ran.get(0));
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
