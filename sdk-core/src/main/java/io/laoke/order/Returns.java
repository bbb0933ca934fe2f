package io.laoke.order;

import io.laoke.base.Upserted;
import java.util.Optional;

/**
 * A dealer's returns. Every call may be repeated and made from any thread or node; what it writes
 * is one transaction, the host's if there is one.
 */
public interface Returns {
  /**
   * Records a return as it is now: makes it, or makes it equal to this. The same content changes no
   * row. A line that names a line of a known order is taken off it, at the time of the sale; one
   * that names none is taken off the lines of its category code and model, the first ones first.
   * Any other line lowers the sums of the note's member (else the order's) at its own time; if the
   * order arrives later, it is taken off that order's lines from then on.
   *
   * <p>A return is never refused because no order matches, nor because more comes back than was
   * sold: facts come in any order. But no line counts less than nothing. What is too much counts
   * nowhere, is told by {@link OrderHistory#surplus} and by a warning in the log, and is taken off
   * once a later report of the order raises the line.
   *
   * @return whether anything was written
   * @throws io.laoke.error.InvalidInputException if a value is refused
   */
  Upserted record(ReturnNote note);

  /** The return as it is recorded. */
  Optional<ReturnDetail> find(String noteNo);
}
