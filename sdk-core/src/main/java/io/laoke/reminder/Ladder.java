package io.laoke.reminder;

import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.message.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows from what became of a step. Pure: one place decides, and a table of tests shows it.
 */
final class Ladder {
  /** Reasons of the gate that hold for every other step, too. */
  private static final Set<String> FOR_ALL_STEPS =
      Set.of("REFUSED_PURPOSE", "NO_CONSENT", CareRule.ANSWERED, "ERASED");

  private static final String PAUSED = "PAUSED";

  /** The task is not theirs any more who were told. */
  static final String ANOTHERS = "ANOTHERS";

  /** The task's dates went to another task of the same person. */
  static final String MOVED = "MOVED";

  /** Whether what follows a step that was left so is another occasion, or the same step again. */
  static boolean anew(@Nullable String why) {
    return CareRule.STALE.equals(why)
        || PAUSED.equals(why)
        || CareRule.ANSWERED.equals(why)
        || ANOTHERS.equals(why)
        || MOVED.equals(why);
  }

  /** What waits longer than it is valid is with no engine that would end it. */
  private static final Duration LOST = Contacts.VALID.plusDays(1);

  private static final Duration NEXT_LOOK = Duration.ofMinutes(10);
  private static final Duration ONE_DAY = Duration.ofDays(1);
  private static final Duration FIRST_LOOK = Duration.ofMinutes(1);
  private static final Duration LAST_LOOK = Duration.ofHours(6);
  static final String SILENT = "SILENT";

  private Ladder() {}

  /** What follows. */
  sealed interface Next {
    /**
     * It is looked at again then.
     *
     * @param unsent whether it has not left yet, so that silence has not begun
     */
    record Wait(Instant until, boolean unsent) implements Next {}

    /** The same step is taken again then. */
    record Again(String why, Instant at) implements Next {}

    /** The next step is taken. */
    record Climb(String why) implements Next {}

    /** No further step is taken. */
    record Stop(String why) implements Next {}

    /** Whether the message has left and is not known to be lost. */
    default boolean left() {
      return this instanceof Wait wait
          ? !wait.unsent()
          : this instanceof Climb climb && climb.why().equals(SILENT);
    }
  }

  /** When the outcome of a step taken now is first looked at. */
  static Instant firstLook(Instant now) {
    return now.plus(FIRST_LOOK);
  }

  /**
   * What follows from a message's outcome.
   *
   * @param outcome empty if its decision is gone, as after an erasure or its retention
   * @param taken when it was taken, or its message last seen not to have left
   * @param silenceDays how many days without a word count as no answer
   */
  static Next after(Optional<Decision> outcome, Instant taken, int silenceDays, Instant now) {
    if (outcome.isEmpty()) {
      return new Next.Climb("NO_DECISION");
    }
    Decision.Result result = outcome.get().result();
    String reason = outcome.get().reason().map(Reason::code).orElse("");
    return switch (result) {
      case QUEUED, DEFERRED ->
          now.isAfter(outcome.get().at().plus(LOST))
              ? new Next.Climb("EXPIRED")
              : new Next.Wait(now.plus(NEXT_LOOK), true);
      case SENT, FITTED, REPLIED ->
          outcome.get().delivery().map(Ladder::lost).orElse(false)
              ? new Next.Climb(reason.isEmpty() ? "UNDELIVERED" : reason)
              : silence(taken, silenceDays, now);
      // It may have arrived: telling them otherwise at once would tell some twice.
      case UNKNOWN -> silence(taken, silenceDays, now);
      case STOPPED -> stopped(reason.isEmpty() ? result.name() : reason, now);
      case EXPIRED, REFUSED, PARKED, DROPPED ->
          new Next.Climb(reason.isEmpty() ? result.name() : reason);
    };
  }

  private static Next stopped(String reason, Instant now) {
    if (reason.equals(CareRule.STALE)) {
      return new Next.Again(reason, now);
    }
    if (reason.equals(PAUSED)) {
      return new Next.Again(reason, now.plus(ONE_DAY));
    }
    return FOR_ALL_STEPS.contains(reason) ? new Next.Stop(reason) : new Next.Climb(reason);
  }

  private static boolean lost(Inbound.Delivery delivery) {
    return delivery == Inbound.Delivery.BLOCKED || delivery == Inbound.Delivery.FAILED;
  }

  private static Next silence(Instant taken, int days, Instant now) {
    Instant end = taken.plus(Duration.ofDays(days));
    if (!now.isBefore(end)) {
      return new Next.Climb(SILENT);
    }
    Instant look = again(taken, now);
    return new Next.Wait(look.isBefore(end) ? look : end, false);
  }

  /** Less often the longer it takes, since what is to come mostly comes soon. */
  private static Instant again(Instant taken, Instant now) {
    Duration age = Duration.between(taken, now).dividedBy(2);
    Duration wait = age.compareTo(FIRST_LOOK) < 0 ? FIRST_LOOK : age;
    return now.plus(wait.compareTo(LAST_LOOK) > 0 ? LAST_LOOK : wait);
  }
}
