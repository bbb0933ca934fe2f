package io.laoke.spring;

import io.laoke.Laoke;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine when all beans stand. The bean's own end closes it, after everything that uses
 * it has ended.
 */
final class LaokeLifecycle implements SmartLifecycle {
  private final Laoke laoke;
  private final boolean sends;
  private final boolean counts;
  private volatile boolean running;

  LaokeLifecycle(Laoke laoke, boolean sends, boolean counts) {
    this.laoke = laoke;
    this.sends = sends;
    this.counts = counts;
  }

  @Override
  public void start() {
    if (sends) {
      laoke.start();
    } else {
      laoke.startLiveCounts();
    }
    running = true;
  }

  @Override
  public void stop() {
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public boolean isAutoStartup() {
    return sends || counts;
  }
}
