package io.laoke.inbox;

import static io.laoke.base.Check.notNull;

import io.laoke.message.Reason;
import java.time.Instant;
import java.util.Optional;

/**
 * A row of table {@code inbox}, without its fact. All times are machine time.
 *
 * @param id the database's number of the row
 * @param kind as it was inserted; MEMBER, ORDER, STAGE or RETURN unless that is what is wrong
 * @param ref the number of the order, customer or note, as it was inserted; empty where none was.
 *     Of a MEMBER row that is done or dropped a keyed hash
 * @param state what became of it
 * @param tries how often it was tried in vain. Once a row has failed by itself ({@code FAILING}),
 *     how often it has; that others held a lock does not count then
 * @param since when Laoke first set it aside, or has done it
 * @param next when it is tried next, if it waits
 * @param field the field that is wrong, such as {@code lines[2].netYuan}, where there is one
 * @param reason why it waits, is bad or was dropped
 */
public record InboxFact(
    long id,
    String kind,
    String ref,
    State state,
    int tries,
    Optional<Instant> since,
    Optional<Instant> next,
    Optional<String> field,
    Optional<Reason> reason) {
  /** Checks. */
  public InboxFact {
    notNull("kind", kind);
    notNull("ref", ref);
    notNull("state", state);
  }

  /** What became of a row. */
  public enum State {
    /** Nobody has looked at it. */
    NEW,
    /** It could not be applied yet, and is tried again by itself. */
    WAITING,
    /** It was refused: correct, retry or drop it, or insert another. */
    BAD,
    /** It is applied. */
    DONE,
    /** It will not be applied: it was dropped, or replaced by a later one. */
    DROPPED
  }

  /** Shows no number, since that may be a customer's. */
  @Override
  public String toString() {
    return "InboxFact[" + id + ", " + kind + ", " + state + "]";
  }
}
