package io.laoke.message;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What waits, what was not sent and why, what failed and what to do about it, for one dealer. Safe
 * for use by many threads. Pages are read by key: {@code after} is empty for the first page, then
 * the {@link Page#next} of the page before. Every call may throw {@link
 * io.laoke.error.StoreException} if the database fails; repeating is safe.
 */
public interface Deliveries {
  /**
   * Messages that wait or are under way, oldest first. One query.
   *
   * @param limit at most 1,000
   */
  Page<Delivery> waiting(Optional<String> after, int limit);

  /** Messages that a pause holds, oldest first. One query. */
  Page<Delivery> paused(Optional<String> after, int limit);

  /** Messages that the platform refused, oldest first. One query. */
  Page<Delivery> failed(Optional<String> after, int limit);

  /**
   * Messages that ended unsent without the platform's refusal, oldest first: they became too old, a
   * rule stopped them when their turn came, or a person dropped them. One query. What was decided
   * without ever making a message, such as for want of a recipient, is among {@link #decisions}.
   *
   * @param limit at most 1,000
   */
  Page<Delivery> unsent(Optional<String> after, int limit);

  /**
   * Messages that wait for a person, oldest first: of unknown outcome, or that could not be
   * handled. One query.
   */
  Page<Delivery> parked(Optional<String> after, int limit);

  /**
   * What was decided about telling anybody of an order, in the order in which it happened. One
   * query; at most 1,000 decisions. An unknown order has none.
   */
  List<Decision> decisions(String orderNo);

  /**
   * Sends a message again that was refused, stopped, expired, parked or dropped; it passes the gate
   * anew, except that its age, newer messages and the night do not stop it, and is valid for at
   * least another 24 hours of business time. Later messages of the same order that have left
   * meanwhile stay ahead of it.
   *
   * <p>A message with {@link Delivery#mayHaveArrived} may reach the person twice: Laoke never
   * repeats it by itself, so calling this is that decision.
   *
   * @throws io.laoke.error.NotFoundException if the dealer has no such message
   * @throws io.laoke.error.ConflictException if it still waits, is under way, or was sent;
   *     repeating a successful call therefore may end so
   */
  void retry(long id);

  /**
   * Gives a message up that waits, is held, refused or parked, so that later ones of its order can
   * leave. Repeating the call changes nothing.
   *
   * @param reason who decided it and why, at most 400 characters; kept in the decision
   * @throws io.laoke.error.NotFoundException if the dealer has no such message
   * @throws io.laoke.error.ConflictException if it is under way or has ended otherwise
   */
  void drop(long id, String reason);

  /** What is paused now, oldest first. One query. */
  List<Pause> pauses();

  /**
   * Ends a pause; what it held is sent as soon as the engine comes by. Call it after its cause was
   * removed: else the next message pauses it again. A pause that has ended already is no error.
   */
  void resume(long pauseId);

  /**
   * Facts from outside that could not be processed even after several tries, oldest first. One
   * query.
   */
  Page<FailedInbound> failedInbound(Optional<String> after, int limit);

  /**
   * Processes such a fact again at the next tick.
   *
   * @throws io.laoke.error.NotFoundException if the dealer has no such failed fact
   */
  void retryInbound(long id);

  /**
   * A page.
   *
   * @param items in order
   * @param next names the following page; empty on the last
   */
  record Page<T>(List<T> items, Optional<String> next) {
    /** Copies. */
    public Page {
      items = List.copyOf(items);
    }
  }

  /**
   * A fact that could not be processed.
   *
   * @param id for {@link #retryInbound}
   * @param account the account's key
   * @param kind its kind, such as {@code Scanned}
   * @param receivedAt machine time
   * @param tries how often it was tried
   * @param error what failed; shows no personal value
   */
  record FailedInbound(
      long id, String account, String kind, Instant receivedAt, int tries, String error) {}
}
