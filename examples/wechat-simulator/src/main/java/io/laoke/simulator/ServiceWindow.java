package io.laoke.simulator;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * When and how often an account may write to a person by customer-service message. Each thing that
 * the person does opens a window anew. Guarded by the world.
 */
final class ServiceWindow {
  private static final Duration EXCHANGE = Duration.ofSeconds(30);

  /** What a person does, how long the account may answer it, and how often. */
  enum Trigger {
    SAID(Duration.ofDays(2), 5),
    CLICKED(Duration.ofMinutes(1), 3),
    FOLLOWED(Duration.ofMinutes(1), 3),
    SCANNED(Duration.ofMinutes(1), 3);

    private final Duration life;
    private final int count;

    Trigger(Duration life, int count) {
      this.life = life;
      this.count = count;
    }
  }

  private record Open(Instant until, int left) {}

  private final Map<Trigger, Open> open = new EnumMap<>(Trigger.class);
  private @Nullable Instant lastSaid;
  private boolean typing;

  void did(Trigger trigger, Instant now) {
    open.put(trigger, new Open(now.plus(trigger.life), trigger.count));
    if (trigger == Trigger.SAID) {
      lastSaid = now;
      typing = false;
    }
  }

  void close() {
    open.clear();
    lastSaid = null;
    typing = false;
  }

  /** Uses one message up, of the window that ends first. */
  void use(Instant now) throws Refusal {
    open.values().removeIf(window -> !now.isBefore(window.until()));
    if (open.isEmpty()) {
      throw new Refusal(45015);
    }
    Trigger first = null;
    Open best = null;
    for (Map.Entry<Trigger, Open> window : open.entrySet()) {
      boolean sooner = best == null || window.getValue().until().isBefore(best.until());
      if (window.getValue().left() > 0 && sooner) {
        first = window.getKey();
        best = window.getValue();
      }
    }
    if (first == null || best == null) {
      throw new Refusal(45047);
    }
    open.put(first, new Open(best.until(), best.left() - 1));
    typing = false;
  }

  void type(boolean on, Instant now) throws Refusal {
    Instant said = lastSaid;
    if (said == null || now.isAfter(said.plus(EXCHANGE))) {
      throw new Refusal(45080);
    }
    if (on && typing) {
      throw new Refusal(45081);
    }
    typing = on;
  }
}
