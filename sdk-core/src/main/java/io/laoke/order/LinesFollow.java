package io.laoke.order;

import io.laoke.base.Internal;

/** Has recorded lines follow changes of the catalogue, for the composition root. */
@Internal
public final class LinesFollow implements AutoCloseable {
  private final Recategoriser recategoriser;

  LinesFollow(Recategoriser recategoriser) {
    this.recategoriser = recategoriser;
  }

  /**
   * Until no change is due or the time is over.
   *
   * @return whether something was done
   */
  public boolean run(long nanos) {
    return recategoriser.run(nanos);
  }

  /** There may be a change to follow. */
  public void wake() {
    recategoriser.wake();
  }

  /** On a thread of its own from now on. */
  public void start() {
    recategoriser.start();
  }

  /** Ends it after the slice that it is at. */
  @Override
  public void close() {
    recategoriser.close();
  }
}
