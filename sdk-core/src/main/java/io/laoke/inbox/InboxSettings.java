package io.laoke.inbox;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.Duration;

/**
 * How an engine applies the rows of table {@code inbox}, and how long they are kept, in machine
 * time.
 *
 * @param applied whether this engine applies rows at all; where it does not, others may
 * @param poll how often a started engine looks for rows, which others insert without telling it;
 *     from 100 ms to an hour
 * @param together at most so many rows are applied in one transaction, 1 to 1,000. Many make it
 *     fast; while it lasts, their orders are locked for everybody else
 * @param keepDone how long a row that is done or dropped stays, without its fact, for whoever wants
 *     to see what became of it; 0 to 3,650 days
 * @param waitForOrder how long a STAGE row waits for an order or line that is not known before it
 *     is listed as bad; 0 to 3,650 days
 */
public record InboxSettings(
    boolean applied, Duration poll, int together, Duration keepDone, Duration waitForOrder) {
  private static final Duration LONGEST = Duration.ofDays(3_650);
  private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_POLL = Duration.ofHours(1);

  /** Checks. */
  public InboxSettings {
    if (notNull("inbox.poll", poll).compareTo(SHORTEST_POLL) < 0
        || poll.compareTo(LONGEST_POLL) > 0) {
      throw new InvalidInputException("inbox.poll", "must be from 100 ms to an hour, was " + poll);
    }
    range("inbox.together", together, 1, 1_000);
    checked("inbox.keepDone", keepDone);
    checked("inbox.waitForOrder", waitForOrder);
  }

  /**
   * A look each second, 100 rows in one transaction, a week for what is done, a day for an order to
   * come.
   */
  public static InboxSettings standard() {
    return new InboxSettings(
        true, Duration.ofSeconds(1), 100, Duration.ofDays(7), Duration.ofDays(1));
  }

  /** Applying rows, or leaving that to other engines. */
  public InboxSettings applied(boolean applied) {
    return new InboxSettings(applied, poll, together, keepDone, waitForOrder);
  }

  /** Looking that often. */
  public InboxSettings poll(Duration poll) {
    return new InboxSettings(applied, poll, together, keepDone, waitForOrder);
  }

  /** Applying at most so many rows in one transaction. */
  public InboxSettings together(int together) {
    return new InboxSettings(applied, poll, together, keepDone, waitForOrder);
  }

  /** Keeping done rows that long. */
  public InboxSettings keepDone(Duration keepDone) {
    return new InboxSettings(applied, poll, together, keepDone, waitForOrder);
  }

  /** Waiting that long for an order that is not known. */
  public InboxSettings waitForOrder(Duration waitForOrder) {
    return new InboxSettings(applied, poll, together, keepDone, waitForOrder);
  }

  private static void checked(String field, Duration given) {
    if (notNull(field, given).isNegative() || given.compareTo(LONGEST) > 0) {
      throw new InvalidInputException(field, "must be from 0 to 3,650 days, was " + given);
    }
  }
}
