package io.laoke.member;

import static io.laoke.base.Check.notNull;

import java.util.function.Consumer;

/** How followers are read. Immutable; each method gives a changed copy. */
public final class FollowerSyncOptions {
  private static final FollowerSyncOptions STANDARD = new FollowerSyncOptions(true, so -> {});

  private final boolean details;
  private final Consumer<FollowerSync> progress;

  private FollowerSyncOptions(boolean details, Consumer<FollowerSync> progress) {
    this.details = details;
    this.progress = progress;
  }

  /** With details, and nobody told of the progress. */
  public static FollowerSyncOptions standard() {
    return STANDARD;
  }

  /**
   * Without asking since when people follow: one call for 10,000 people instead of one more for
   * each 100 whom Laoke did not know to follow. The time at which the list was read stands in for
   * it.
   */
  public FollowerSyncOptions withoutDetails() {
    return new FollowerSyncOptions(false, progress);
  }

  /**
   * Tells how far it is after each commit, on the thread that reads. What it throws ends the call;
   * the next one goes on.
   */
  public FollowerSyncOptions progress(Consumer<FollowerSync> listener) {
    return new FollowerSyncOptions(details, notNull("progress", listener));
  }

  boolean details() {
    return details;
  }

  Consumer<FollowerSync> progress() {
    return progress;
  }
}
