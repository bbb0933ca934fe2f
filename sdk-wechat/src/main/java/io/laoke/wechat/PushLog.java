package io.laoke.wechat;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** What came to the callback of one account since its start, for its checkup. */
final class PushLog {
  private final AtomicLong refusals = new AtomicLong();
  private volatile @Nullable Instant lastTaken;
  private volatile String lastRefusal = "";

  void taken(Instant at) {
    lastTaken = at;
  }

  /**
   * A push that is not WeChat's, or for which a setting is wrong.
   *
   * @param why without anything of the push
   */
  void refused(String why) {
    refusals.incrementAndGet();
    lastRefusal = why;
  }

  /** When the last proper push came. */
  Optional<Instant> lastTaken() {
    return Optional.ofNullable(lastTaken);
  }

  long refusals() {
    return refusals.get();
  }

  String lastRefusal() {
    return lastRefusal;
  }
}
