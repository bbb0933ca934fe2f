package io.laoke.segment;

import java.util.Optional;

/**
 * An aggregate that the consumption file answers exactly: a row of it for the member, a path and
 * the lifetime.
 *
 * @param path of the category; empty for all
 */
record Rolled(String path) {
  /** The path whose row answers an aggregate, if one does. */
  static Optional<Rolled> of(Node.Aggregate asked) {
    return asked.span().ever() && covered(asked) ? pathOf(asked) : Optional.empty();
  }

  /** Whether the file has sums of this. */
  static boolean covered(Node.Aggregate asked) {
    if (asked.scope() != Scope.DEFAULT) {
      return false;
    }
    String field = asked.field() == null ? "" : asked.field().name();
    boolean items = asked.of().name().equals("items");
    boolean orders = asked.of().name().equals("orders");
    return switch (asked.agg()) {
      case COUNT -> items || orders;
      case SUM, AVG -> (items || orders) && (field.equals("netAmount") || field.equals("quantity"));
      case MIN, MAX, FIRST, LAST -> (items || orders) && field.equals("at");
      case DISTINCT -> (items && field.equals("order")) || (orders && field.equals("number"));
    };
  }

  /** The path, where the rows are told by their category alone or not at all. */
  static Optional<Rolled> pathOf(Node.Aggregate asked) {
    Node where = asked.where();
    if (where.equals(Node.everyone())) {
      return Optional.of(new Rolled(""));
    }
    return where instanceof Node.Leaf leaf
            && leaf.field().name().equals("category")
            && leaf.condition() instanceof Condition.Under under
        ? Optional.of(new Rolled(under.path()))
        : Optional.empty();
  }

  /** Whether it is the row for all there is, which the member itself repeats. */
  boolean ofMember() {
    return path.isEmpty();
  }

  /** The cell, on a row of the file called by that alias, or on a member. */
  static Cell cell(Node.Aggregate asked, String alias) {
    FieldType type = asked.field() == null ? FieldType.INTEGER : asked.field().type();
    String rows = alias + (asked.of().name().equals("items") ? ".line_count" : ".orders");
    return switch (asked.agg()) {
      case COUNT -> Scalar.zeroIfNone(rows, FieldType.INTEGER);
      case DISTINCT -> Scalar.zeroIfNone(alias + ".orders", FieldType.INTEGER);
      case SUM -> Scalar.zeroIfNone(alias + "." + sum(asked), type);
      case AVG -> new Average(alias + "." + sum(asked), rows);
      case MIN, FIRST -> Scalar.of(alias + ".first_ms", type);
      case MAX, LAST -> Scalar.of(alias + ".last_ms", type);
    };
  }

  /**
   * Whether it holds where there is a first time, and nowhere else.
   *
   * @param negated whether the contrary of the condition is meant
   */
  static boolean some(Node.Aggregate asked, boolean negated) {
    return (asked.agg() == Aggregation.COUNT || asked.agg() == Aggregation.DISTINCT)
        && Positive.some(asked.condition(), negated);
  }

  private static String sum(Node.Aggregate asked) {
    return asked.field() != null && asked.field().name().equals("quantity")
        ? "quantity"
        : "net_fen";
  }
}
