package io.laoke.inbox;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.time.Duration;

/**
 * How long rows of table {@code inbox} are kept, in machine time.
 *
 * @param keepDone how long a row that is done or dropped stays, without its fact, for whoever wants
 *     to see what became of it; 0 to 3,650 days
 * @param waitForOrder how long a STAGE row waits for an order or line that is not known before it
 *     is listed as bad; 0 to 3,650 days
 */
public record InboxSettings(Duration keepDone, Duration waitForOrder) {
  private static final Duration LONGEST = Duration.ofDays(3_650);

  /** Checks. */
  public InboxSettings {
    checked("inbox.keepDone", keepDone);
    checked("inbox.waitForOrder", waitForOrder);
  }

  /** A week for what is done, a day for an order to come. */
  public static InboxSettings standard() {
    return new InboxSettings(Duration.ofDays(7), Duration.ofDays(1));
  }

  /** Keeping done rows that long. */
  public InboxSettings keepDone(Duration keepDone) {
    return new InboxSettings(keepDone, waitForOrder);
  }

  /** Waiting that long for an order that is not known. */
  public InboxSettings waitForOrder(Duration waitForOrder) {
    return new InboxSettings(keepDone, waitForOrder);
  }

  private static void checked(String field, Duration given) {
    if (notNull(field, given).isNegative() || given.compareTo(LONGEST) > 0) {
      throw new InvalidInputException(field, "must be from 0 to 3,650 days, was " + given);
    }
  }
}
