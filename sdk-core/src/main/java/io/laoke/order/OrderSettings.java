package io.laoke.order;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;

/**
 * How a dealer's orders count.
 *
 * @param countsFrom the stage from which a line counts as bought, REPORTED to COMPLETED. After a
 *     change, {@link Orders#recountAll} brings what is recorded in line
 */
public record OrderSettings(Stage countsFrom) {
  /** Checks. */
  public OrderSettings {
    if (!notNull("countsFrom", countsFrom).progress()) {
      throw new InvalidInputException(
          "countsFrom", "must be a stage from REPORTED to COMPLETED, was " + countsFrom);
    }
  }

  /** Orders count as soon as they are reported. */
  public static OrderSettings defaults() {
    return new OrderSettings(Stage.REPORTED);
  }
}
