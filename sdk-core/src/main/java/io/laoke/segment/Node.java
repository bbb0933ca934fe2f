package io.laoke.segment;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment as it is answered: names found, references expanded, sugar gone, windows made spans.
 * What memory, SQL and index compute is defined on this tree.
 */
sealed interface Node {
  /** Conjunction; empty: true. */
  record All(List<Node> of) implements Node {
    public All {
      of = List.copyOf(of);
    }
  }

  /** Disjunction; empty: false. */
  record Any(List<Node> of) implements Node {
    public Any {
      of = List.copyOf(of);
    }
  }

  /** Complement. */
  record Not(Node of) implements Node {}

  /** A value of the member, or of a row within {@code where}. */
  record Leaf(FieldDef field, Condition condition) implements Node {}

  /**
   * What rows come to.
   *
   * @param field null for COUNT
   * @param where of rows; {@link All} of nothing for all
   * @param span of the rows' {@code at}
   */
  record Aggregate(
      Aggregation agg,
      CollectionDef of,
      @Nullable FieldDef field,
      Node where,
      Span span,
      Scope scope,
      Condition condition)
      implements Node {}

  /** The stable number of the member's in [from, to). */
  record Bucket(String salt, int from, int to) implements Node {}

  /** All of nothing: true. */
  static Node everyone() {
    return new All(List.of());
  }
}
