package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import java.util.Optional;

/**
 * By what members and their money are divided.
 *
 * @param field of members, such as gender; or of the rows of {@code items}: category, {@code
 *     order.store}, {@code order.salesChannel}, brand, or {@code month} of the sale. An attribute
 *     that is called like one of these gives way to it
 * @param where which rows count; of rows only
 * @param during rows of which time; of rows only
 * @param scope which documents are rows; of rows only
 */
public record Breakdown(
    String field, Optional<Segment> where, Optional<Window> during, Scope scope) {
  /** Checks. */
  public Breakdown {
    notNull("field", field);
    notNull("where", where);
    notNull("during", during);
    notNull("scope", scope);
  }

  /**
   * By a field of members, with all that they paid; or by a field of their items. A category counts
   * the members with a row there or below, one row for each path and ancestor.
   */
  public static Breakdown by(String field) {
    return new Breakdown(field, Optional.empty(), Optional.empty(), Scope.DEFAULT);
  }

  /** Of these rows only. */
  public Breakdown where(Segment rows) {
    return new Breakdown(field, Optional.of(rows), during, scope);
  }

  /** Of rows of that time only. */
  public Breakdown during(Window window) {
    return new Breakdown(field, where, Optional.of(window), scope);
  }

  /** Of rows of that scope. */
  public Breakdown scope(Scope of) {
    return new Breakdown(field, where, during, of);
  }
}
