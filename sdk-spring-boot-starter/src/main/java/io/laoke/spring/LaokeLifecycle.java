package io.laoke.spring;

import io.laoke.Laoke;
import org.springframework.context.SmartLifecycle;

/**
 * Starts the engine when all beans stand. The bean's own end closes it, after everything that uses
 * it has ended.
 */
final class LaokeLifecycle implements SmartLifecycle {
  private final Laoke laoke;
  private final boolean enabled;
  private volatile boolean running;

  LaokeLifecycle(Laoke laoke, boolean enabled) {
    this.laoke = laoke;
    this.enabled = enabled;
  }

  @Override
  public void start() {
    laoke.start();
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
    return enabled;
  }
}
