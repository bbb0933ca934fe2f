package io.laoke.segment;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Answers in memory, of one member. */
final class Evaluator {
  /** By time, document and place in it. */
  private static final Comparator<MemberFile.Row> BY_TIME =
      Comparator.comparingLong(MemberFile.Row::atMs)
          .thenComparing(MemberFile.Row::number, Evaluator::byCodePoints)
          .thenComparingInt(MemberFile.Row::place);

  private Evaluator() {}

  /**
   * What was found at a node.
   *
   * @param result whether it is true
   * @param value what its value was, of leaves and aggregates; null: missing
   * @param rows how many rows an aggregate had; -1 of others
   */
  record Finding(boolean result, @Nullable Object value, int rows, List<Finding> parts) {}

  static boolean matches(Node node, MemberFile member) {
    return find(node, member).result();
  }

  /** The same with what was seen on the way, node for node. */
  static Finding find(Node node, MemberFile member) {
    if (node instanceof Node.All all) {
      List<Finding> parts = all.of().stream().map(part -> find(part, member)).toList();
      return new Finding(parts.stream().allMatch(Finding::result), null, -1, parts);
    }
    if (node instanceof Node.Any any) {
      List<Finding> parts = any.of().stream().map(part -> find(part, member)).toList();
      return new Finding(parts.stream().anyMatch(Finding::result), null, -1, parts);
    }
    if (node instanceof Node.Not not) {
      Finding part = find(not.of(), member);
      return new Finding(!part.result(), null, -1, List.of(part));
    }
    if (node instanceof Node.Bucket bucket) {
      int number = Buckets.of(bucket.salt(), member.random31());
      return new Finding(
          number >= bucket.from() && number < bucket.to(),
          BigDecimal.valueOf(number),
          -1,
          List.of());
    }
    if (node instanceof Node.Leaf leaf) {
      Object value = member.fields().get(leaf.field().name());
      return new Finding(Values.holds(leaf.condition(), value), value, -1, List.of());
    }
    return aggregate((Node.Aggregate) node, member);
  }

  private static Finding aggregate(Node.Aggregate asked, MemberFile member) {
    List<MemberFile.Row> all = new ArrayList<>();
    List<MemberFile.Row> live = new ArrayList<>();
    for (MemberFile.Row row : member.rows(asked.of(), asked.scope())) {
      if (asked.span().has(row.atMs()) && rowMatches(asked.where(), row)) {
        all.add(row);
        if (row.live()) {
          live.add(row);
        }
      }
    }
    long count = live.stream().mapToLong(MemberFile.Row::weight).sum();
    FieldDef field = asked.field();
    if (asked.agg() == Aggregation.AVG) {
      BigDecimal sum = sum(all, field);
      long valued =
          live.stream()
              .filter(row -> value(row, field) != null)
              .mapToLong(MemberFile.Row::weight)
              .sum();
      return new Finding(
          Average.holds(asked.condition(), sum, valued),
          valued == 0 ? null : new Fraction(sum, valued),
          Math.toIntExact(count),
          List.of());
    }
    Object value =
        switch (asked.agg()) {
          case COUNT -> BigDecimal.valueOf(count);
          case SUM -> sum(all, field);
          case MIN -> extreme(live, field, false);
          case MAX -> extreme(live, field, true);
          case FIRST -> live.stream().min(BY_TIME).map(row -> value(row, field)).orElse(null);
          case LAST -> live.stream().max(BY_TIME).map(row -> value(row, field)).orElse(null);
          case DISTINCT -> distinct(live, field);
          case AVG -> throw new IllegalStateException();
        };
    return new Finding(
        Values.holds(asked.condition(), value), value, Math.toIntExact(count), List.of());
  }

  /** An average as it is compared: a sum and a number. */
  record Fraction(BigDecimal sum, long count) {}

  private static @Nullable Object value(MemberFile.Row row, @Nullable FieldDef field) {
    return field == null ? null : row.value(field);
  }

  private static BigDecimal sum(List<MemberFile.Row> rows, @Nullable FieldDef field) {
    BigDecimal sum = BigDecimal.ZERO;
    for (MemberFile.Row row : rows) {
      Object value = row.values().getOrDefault(summed(field), value(row, field));
      if (value != null) {
        sum = sum.add(((BigDecimal) value).multiply(BigDecimal.valueOf(row.weight())));
      }
    }
    return sum;
  }

  /** Under this name a row holds what is added up, where that is not the field's own value. */
  static String summed(@Nullable FieldDef field) {
    return "+" + (field == null ? "" : field.name());
  }

  private static @Nullable Object extreme(
      List<MemberFile.Row> rows, @Nullable FieldDef field, boolean greatest) {
    Optional<Object> found = Optional.empty();
    for (MemberFile.Row row : rows) {
      Object value = value(row, field);
      if (value != null
          && (found.isEmpty() || Values.compared(value, found.get()) > 0 == greatest)) {
        found = Optional.of(value);
      }
    }
    return found.orElse(null);
  }

  private static BigDecimal distinct(List<MemberFile.Row> rows, @Nullable FieldDef field) {
    List<Object> different = new ArrayList<>();
    for (MemberFile.Row row : rows) {
      Object value = value(row, field);
      if (value != null && different.stream().noneMatch(one -> Values.same(one, value))) {
        different.add(value);
      }
    }
    return BigDecimal.valueOf(different.size());
  }

  private static boolean rowMatches(Node node, MemberFile.Row row) {
    if (node instanceof Node.All all) {
      return all.of().stream().allMatch(part -> rowMatches(part, row));
    }
    if (node instanceof Node.Any any) {
      return any.of().stream().anyMatch(part -> rowMatches(part, row));
    }
    if (node instanceof Node.Not not) {
      return !rowMatches(not.of(), row);
    }
    Node.Leaf leaf = (Node.Leaf) node;
    return Values.holds(leaf.condition(), row.value(leaf.field()));
  }

  private static int byCodePoints(String one, String other) {
    int[] ours = one.codePoints().toArray();
    int[] theirs = other.codePoints().toArray();
    return Arrays.compare(ours, theirs);
  }
}
