package io.laoke.segment;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Conditions on single rows. */
final class Rowwise {
  private Rowwise() {}

  /** What a leaf is in SQL. */
  interface Leaves {
    String condition(Node leaf, boolean negated);
  }

  /** A tree in SQL; what is not is pushed down to its leaves. */
  static String condition(Node node, boolean negated, Leaves leaves) {
    if (node instanceof Node.Not not) {
      return condition(not.of(), !negated, leaves);
    }
    if (node instanceof Node.All all) {
      List<String> parts = parts(all.of(), negated, leaves);
      return negated ? Logic.or(parts) : Logic.and(parts);
    }
    if (node instanceof Node.Any any) {
      List<String> parts = parts(any.of(), negated, leaves);
      return negated ? Logic.and(parts) : Logic.or(parts);
    }
    return leaves.condition(node, negated);
  }

  private static List<String> parts(List<Node> nodes, boolean negated, Leaves leaves) {
    List<String> parts = new ArrayList<>();
    nodes.forEach(node -> parts.add(condition(node, negated, leaves)));
    return parts;
  }

  /** The tree of a {@code where}. */
  static String condition(Node node, boolean negated, Function<FieldDef, Cell> cells, Binds binds) {
    return condition(
        node,
        negated,
        (leaf, not) -> {
          Node.Leaf asked = (Node.Leaf) leaf;
          Cell cell = cells.apply(asked.field());
          return not ? cell.fails(asked.condition(), binds) : cell.holds(asked.condition(), binds);
        });
  }

  /** Whether a tree asks that field. */
  static boolean speaksOf(Node node, String field) {
    if (node instanceof Node.Not not) {
      return speaksOf(not.of(), field);
    }
    if (node instanceof Node.All all) {
      return all.of().stream().anyMatch(one -> speaksOf(one, field));
    }
    if (node instanceof Node.Any any) {
      return any.of().stream().anyMatch(one -> speaksOf(one, field));
    }
    return node instanceof Node.Leaf leaf && leaf.field().name().equals(field);
  }
}
