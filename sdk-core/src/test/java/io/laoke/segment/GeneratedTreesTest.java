package io.laoke.segment;

import static io.laoke.segment.SampleSchema.AS_OF;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What holds of all segments, held against generated ones. */
class GeneratedTreesTest {
  private static final int TREES = 2_500;

  private final SampleSchema schema =
      new SampleSchema()
          .save("women", new Segment.Field("gender", Op.EQ, new Operand.Text("FEMALE")))
          .save(
              "vips",
              new Segment.All(
                  List.of(
                      new Segment.InSegment("women"),
                      new Segment.Field("vip", Op.EQ, new Operand.Flag(true)))));

  private Question resolved(Segment segment) {
    return Resolver.resolve(segment, schema, AS_OF);
  }

  @Test
  void areTheSameTreeAndTheSameHashAfterATripThroughJson() {
    Trees trees = schema.trees(1).referring("women", "vips");
    for (int i = 0; i < TREES; i++) {
      Segment segment = trees.next();
      String json = SegmentJson.write(segment);
      Segment again = SegmentJson.read(json);
      assertThat(again).as(json).isEqualTo(segment);
      Question question = resolved(segment);
      String canonical = SegmentJson.write(question.canonical());
      Question canonicalAgain = resolved(SegmentJson.read(canonical));
      assertThat(canonicalAgain.hash()).as(json).isEqualTo(question.hash());
      assertThat(SegmentJson.write(canonicalAgain.canonical())).as(json).isEqualTo(canonical);
      assertThat(canonicalAgain.node()).as(json).isEqualTo(question.node());
    }
  }

  @Test
  void haveEqualShapesInBothForms() {
    Trees trees = schema.trees(2).referring("women", "vips");
    for (int i = 0; i < TREES; i++) {
      Segment segment = trees.next();
      Question question = resolved(segment);
      sameShape(question.canonical(), question.node(), SegmentJson.write(segment));
    }
  }

  private static void sameShape(Segment segment, Node node, String of) {
    if (node instanceof Node.All all) {
      assertThat(segment).as(of).isInstanceOf(Segment.All.class);
      sameShapes(((Segment.All) segment).of(), all.of(), of);
    } else if (node instanceof Node.Any any) {
      assertThat(segment).as(of).isInstanceOf(Segment.Any.class);
      sameShapes(((Segment.Any) segment).of(), any.of(), of);
    } else if (node instanceof Node.Not not) {
      assertThat(segment).as(of).isInstanceOf(Segment.Not.class);
      sameShape(((Segment.Not) segment).of(), not.of(), of);
    } else if (node instanceof Node.Leaf leaf) {
      assertThat(((Segment.Field) segment).field()).as(of).isEqualTo(leaf.field().name());
    } else if (node instanceof Node.Aggregate aggregate) {
      Segment.Agg agg = (Segment.Agg) segment;
      assertThat(agg.of()).as(of).isEqualTo(aggregate.of().name());
      sameShape(agg.where().orElse(new Segment.All(List.of())), aggregate.where(), of);
    } else {
      assertThat(segment).as(of).isInstanceOf(Segment.Bucket.class);
    }
  }

  private static void sameShapes(List<Segment> segments, List<Node> nodes, String of) {
    assertThat(segments).as(of).hasSameSizeAs(nodes);
    for (int i = 0; i < nodes.size(); i++) {
      sameShape(segments.get(i), nodes.get(i), of);
    }
  }

  @Test
  void useAllThatTheLanguageHas() {
    Trees trees = schema.trees(3).referring("women", "vips");
    Set<Op> ops = EnumSet.noneOf(Op.class);
    Set<Aggregation> aggregations = EnumSet.noneOf(Aggregation.class);
    Set<String> kinds = new HashSet<>();
    for (int i = 0; i < TREES; i++) {
      collect(trees.next(), ops, aggregations, kinds);
    }
    assertThat(ops).containsExactlyInAnyOrder(Op.values());
    assertThat(aggregations).containsExactlyInAnyOrder(Aggregation.values());
    assertThat(kinds)
        .contains("All", "Any", "Not", "Field", "Agg", "InSegment", "Bucket", "Everyone")
        .contains("Last", "Next", "Before", "This", "Prev", "NextUnit", "Days");
  }

  private static void collect(
      Segment node, Set<Op> ops, Set<Aggregation> aggregations, Set<String> kinds) {
    kinds.add(node.getClass().getSimpleName());
    if (node instanceof Segment.All all) {
      all.of().forEach(one -> collect(one, ops, aggregations, kinds));
    } else if (node instanceof Segment.Any any) {
      any.of().forEach(one -> collect(one, ops, aggregations, kinds));
    } else if (node instanceof Segment.Not not) {
      collect(not.of(), ops, aggregations, kinds);
    } else if (node instanceof Segment.Field field) {
      ops.add(field.op());
      kinds.addAll(window(field.value()));
    } else if (node instanceof Segment.Agg agg) {
      ops.add(agg.op());
      aggregations.add(agg.agg());
      agg.during().ifPresent(window -> kinds.add(window.getClass().getSimpleName()));
      agg.where().ifPresent(where -> collect(where, ops, aggregations, kinds));
    }
  }

  private static List<String> window(Operand value) {
    return value instanceof Operand.Within within
        ? List.of(within.window().getClass().getSimpleName())
        : List.of();
  }
}
