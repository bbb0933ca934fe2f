package io.laoke.segment;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Puts what was found into words. */
final class Explainer {
  private final Schema schema;

  Explainer(Schema schema) {
    this.schema = schema;
  }

  /** The canonical tree, the resolved one and what was found are alike node for node. */
  Explanation explained(Segment segment, Node node, Evaluator.Finding finding) {
    List<Segment> segments = parts(segment);
    List<Node> nodes = parts(node);
    List<Explanation> parts = new ArrayList<>();
    for (int i = 0; i < finding.parts().size(); i++) {
      parts.add(explained(segments.get(i), nodes.get(i), finding.parts().get(i)));
    }
    return new Explanation(
        result(node, finding),
        segment,
        ChineseSentence.of(segment, schema),
        EnglishSentence.of(segment, schema),
        seen(finding.value()),
        finding.rows(),
        parts);
  }

  private static List<Segment> parts(Segment segment) {
    return segment instanceof Segment.All all
        ? all.of()
        : segment instanceof Segment.Any any
            ? any.of()
            : segment instanceof Segment.Not not ? List.of(not.of()) : List.of();
  }

  private static List<Node> parts(Node node) {
    return node instanceof Node.All all
        ? all.of()
        : node instanceof Node.Any any
            ? any.of()
            : node instanceof Node.Not not ? List.of(not.of()) : List.of();
  }

  private static Explanation.Result result(Node node, Evaluator.Finding finding) {
    if (finding.result()) {
      return Explanation.Result.TRUE;
    }
    boolean ofValue = node instanceof Node.Leaf || node instanceof Node.Aggregate;
    Condition condition =
        node instanceof Node.Leaf leaf
            ? leaf.condition()
            : node instanceof Node.Aggregate aggregate ? aggregate.condition() : null;
    return ofValue && finding.value() == null && !(condition instanceof Condition.Exists)
        ? Explanation.Result.MISSING
        : Explanation.Result.FALSE;
  }

  private Optional<String> seen(@Nullable Object value) {
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof Evaluator.Fraction average) {
      return Optional.of(average.sum().toPlainString() + "/" + average.count());
    }
    if (value instanceof BigDecimal number) {
      return Optional.of(number.stripTrailingZeros().toPlainString());
    }
    if (value instanceof Long millis) {
      ZoneId zone = schema.zone();
      return Optional.of(Instant.ofEpochMilli(millis).atZone(zone).toOffsetDateTime().toString());
    }
    return Optional.of(
        value instanceof Set<?> several
            ? String.join(", ", new TreeSet<>(several.stream().map(String::valueOf).toList()))
            : value.toString());
  }
}
