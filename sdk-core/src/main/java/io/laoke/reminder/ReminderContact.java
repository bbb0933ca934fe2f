package io.laoke.reminder;

import java.time.Instant;
import java.util.Optional;

/**
 * A step that was taken to reach who has services due.
 *
 * @param step which
 * @param state how far it is
 * @param why why it was left, as a short stable code: that of the message's decision, such as
 *     {@code 43004}, or NO_MEMBER, NO_FOLLOWER, NO_TEMPLATE, NO_SMS, NO_SMS_TEMPLATE, SILENT,
 *     ANSWERED, REFUSED_PURPOSE, ANOTHERS once the task is not theirs any more who were told, MOVED
 *     where its dates have gone to another task of theirs, as after a merge, and it with them;
 *     empty while it is under way, and for a call
 * @param account where the message went, or empty
 * @param at business time at which it was taken
 */
public record ReminderContact(
    ContactStep step, State state, Optional<String> why, Optional<String> account, Instant at) {
  /** How far a step is. */
  public enum State {
    /** It is about to be taken. */
    DUE,
    /** A message is under way, or was sent and not answered yet. */
    TOLD,
    /** Another step follows, or nothing more is done by itself. */
    ENDED
  }
}
