package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Whatever comes to the callback URL: an answer, never an exception, and no fact that was forged.
 */
class CallbackFuzzTest {
  private static final long SEED = 20261124;
  private static final long MOST_BYTES = 16L * 1024 * 1024;

  /** Of the thread's own work, so that a busy machine does not count; the worst takes some ms. */
  private static final Duration MOST_CPU = Duration.ofSeconds(1);

  /**
   * A few seconds; with {@code -Dlaoke.fuzz.inputs=1000000} the long run, with {@code
   * -Dlaoke.fuzz.seed=…} another one.
   */
  @Test
  void nothingEscapesWhateverComes() {
    long seed = Long.getLong("laoke.fuzz.seed", SEED);
    CallbackFuzz fuzz = new CallbackFuzz(seed);
    fuzz.run(Long.getLong("laoke.fuzz.inputs", 12_000));
    System.out.println("seed " + seed + ": " + fuzz.report());
    assertThat(fuzz.counts()).containsOnlyKeys(CallbackFuzz.Kind.values());
    assertThat(fuzz.facts()).as("what is well made is believed").isPositive();
    assertThat(fuzz.mostBytes()).as(fuzz.report()).isLessThan(MOST_BYTES);
    assertThat(fuzz.mostCpu()).as(fuzz.report()).isPositive().isLessThan(MOST_CPU);
  }

  @Test
  void noChangedByteOfAnEncryptedPushIsBelieved() {
    Random random = new Random(SEED);
    Pushes.Receiver receiver = new Pushes.Receiver();
    OfficialAccount account = WeChat.officialAccount(Pushes.secure().build());
    try {
      WeChatCallback callback = account.callback(receiver);
      CallbackRequest right = Pushes.encrypted(Pushes.scan("lk:1"));
      int sealed = new String(right.body(), StandardCharsets.UTF_8).indexOf("<Encrypt>") + 18;
      for (int i = 0; i < 5000; i++) {
        byte[] body = right.body().clone();
        int at = sealed + random.nextInt(body.length - sealed - 25);
        body[at] = (byte) (body[at] ^ (1 << random.nextInt(7)));
        assertThat(callback.handle(new CallbackRequest("POST", right.query(), body)).status())
            .as("seed %d, byte %d", SEED, at)
            .isIn(400, 403);
      }
      assertThat(receiver.facts).isEmpty();
    } finally {
      account.close();
    }
  }
}
