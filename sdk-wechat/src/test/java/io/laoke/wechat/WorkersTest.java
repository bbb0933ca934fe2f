package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkersTest {
  @Test
  void aCallThatStartsWhileItsForerunnerStillHoldsItsThreadIsNotRefused() throws Exception {
    try (Workers workers = new Workers(2)) {
      CountDownLatch tails = new CountDownLatch(1);
      CompletableFuture<String> next = new CompletableFuture<>();
      CountDownLatch busy = new CountDownLatch(2);
      for (int i = 0; i < 2; i++) {
        workers
            .network()
            .execute(
                () -> {
                  busy.countDown();
                  await(tails);
                });
      }
      assertThat(busy.await(20, TimeUnit.SECONDS)).isTrue();
      workers.network().execute(() -> next.complete(Thread.currentThread().getName()));
      tails.countDown();
      assertThat(next.get(20, TimeUnit.SECONDS)).startsWith("laoke-wechat-");
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }
}
