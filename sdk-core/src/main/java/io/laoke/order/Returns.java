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
   * row. A line that names a line of a known order is taken off it, at the time of the sale. Any
   * other line lowers the sums of the note's member (else the order's) at its own time; if the
   * order arrives later, it is taken off that order's line from then on. A return is never refused
   * because no order matches, and more may come back than was sold.
   *
   * @return whether anything was written
   * @throws io.laoke.error.InvalidInputException if a value is refused
   */
  Upserted record(ReturnNote note);

  /** The return as it is recorded. */
  Optional<ReturnDetail> find(String noteNo);
}
