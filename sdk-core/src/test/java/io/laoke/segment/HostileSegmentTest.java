package io.laoke.segment;

import static io.laoke.segment.SampleSchema.AS_OF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.segment.SegmentProblem.Code;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is given as a segment is read, or refused with a place and a sentence. */
class HostileSegmentTest {
  private static final int FAR = 100_000;

  private final SampleSchema schema = new SampleSchema();

  private static void refused(String json, Code code) {
    assertThatThrownBy(() -> SegmentJson.read(json))
        .isInstanceOfSatisfying(
            SegmentException.class,
            refused -> assertThat(refused.problems().get(0).code()).isEqualTo(code));
  }

  private static String nested(String open, String close, int times) {
    return "{\"v\":1,\"where\":" + open.repeat(times) + "{\"all\":[]}" + close.repeat(times) + "}";
  }

  @Test
  void depthCostsNothing() {
    refused(nested("{\"not\":", "}", FAR), Code.TOO_LONG);
    refused("[".repeat(FAR), Code.TOO_LONG);
    refused(nested("{\"not\":", "}", 150), Code.TOO_DEEP);
    refused(nested("{\"all\":[", "]}", 90), Code.TOO_DEEP);
    refused(nested("{\"all\":[", "]}", 5_000), Code.TOO_DEEP);
    refused(nested("{\"x\":", "}", 5_000), Code.TOO_DEEP);
    refused("[".repeat(60_000), Code.WRONG_TYPE);
    refused("{\"v\":" + "[".repeat(60_000), Code.TOO_DEEP);
    refused(
        "{\"v\":1,\"where\":{\"field\":\"points\",\"op\":\"in\",\"value\":" + "[".repeat(50_000),
        Code.TOO_DEEP);
  }

  @Test
  void widthCostsNothing() {
    refused(
        "{\"v\":1,\"where\":{\"all\":["
            + String.join(",", Collections.nCopies(1_000_000, "{}"))
            + "]}}",
        Code.TOO_LONG);
    refused(
        "{\"v\":1,\"where\":{\"all\":["
            + String.join(",", Collections.nCopies(20_000, "{}"))
            + "]}}",
        Code.MISSING_KEY);
    refused(
        "{\"v\":1,\"where\":{\"field\":\"points\",\"op\":\"in\",\"value\":["
            + "1,".repeat(30_000)
            + "1]}}",
        Code.TOO_MANY_VALUES);
    StringBuilder keys = new StringBuilder("{\"v\":1,\"where\":{");
    for (int i = 0; i < 6_000; i++) {
      keys.append("\"k").append(i).append("\":1,");
    }
    refused(keys.append("\"all\":[]}}").toString(), Code.UNKNOWN_KEY);
  }

  @Test
  void lengthCostsNothing() {
    String million = "字".repeat(1_000_000);
    refused(million, Code.TOO_LONG);
    refused(
        "{\"v\":1,\"where\":{\"field\":\"name\",\"op\":\"eq\",\"value\":\"" + million + "\"}}",
        Code.TOO_LONG);
    refused("{\"v\":1,\"where\":{\"" + "x".repeat(60_000) + "\":1}}", Code.MISSING_KEY);
    refused(
        "{\"v\":1,\"where\":{\"field\":\"points\",\"op\":\"eq\",\"value\":"
            + "9".repeat(60_000)
            + "}}",
        Code.OUT_OF_RANGE);
    assertThatThrownBy(
            () ->
                resolved(new Segment.Field("name", Op.EQ, new Operand.Text("x".repeat(1_000_000)))))
        .isInstanceOf(SegmentException.class);
    assertThatThrownBy(() -> resolved(new Segment.Field("x".repeat(1_000_000), Op.EXISTS, NONE)))
        .isInstanceOf(SegmentException.class)
        .message()
        .hasSizeLessThan(1_000);
    assertThatThrownBy(() -> resolved(new Segment.InSegment("x".repeat(1_000_000))))
        .isInstanceOf(SegmentException.class)
        .message()
        .hasSizeLessThan(1_000);
  }

  private static final Operand NONE = new Operand.None();

  private Question resolved(Segment segment) {
    return Resolver.resolve(segment, schema, AS_OF);
  }

  @Test
  void treesOfJavaAreNotWalkedTooFar() {
    Segment not = new Segment.Everyone();
    Segment all = new Segment.Everyone();
    Segment where = new Segment.All(List.of());
    for (int i = 0; i < FAR; i++) {
      not = new Segment.Not(not);
      all = i % 2 == 0 ? new Segment.Any(List.of(all)) : new Segment.All(List.of(all));
      where = new Segment.Not(where);
    }
    Segment rows =
        new Segment.Agg(
            Aggregation.COUNT,
            "orders",
            Optional.empty(),
            Optional.of(where),
            Optional.empty(),
            Scope.DEFAULT,
            Op.GTE,
            new Operand.Whole(1));
    Segment wide = new Segment.All(Collections.nCopies(1_000_000, new Segment.Everyone()));
    for (Segment deep : List.of(not, all, rows, wide)) {
      assertThatThrownBy(() -> resolved(deep)).isInstanceOf(SegmentException.class);
      assertThatThrownBy(() -> SegmentJson.write(deep)).isInstanceOf(SegmentException.class);
    }
    List<Operand> many = Collections.nCopies(1_000_000, new Operand.Whole(1));
    Segment list = new Segment.Field("points", Op.IN, new Operand.Many(many));
    assertThatThrownBy(() -> resolved(list)).isInstanceOf(SegmentException.class);
    assertThatThrownBy(() -> SegmentJson.write(list)).isInstanceOf(SegmentException.class);
  }

  @Test
  void referencesThatMultiplyEndAtTheLimit() {
    SampleSchema many = new SampleSchema();
    many.save("x4", new Segment.Everyone());
    for (int i = 3; i >= 1; i--) {
      many.save(
          "x" + i,
          new Segment.All(Collections.nCopies(1_000, new Segment.InSegment("x" + (i + 1)))));
    }
    assertThatThrownBy(() -> Resolver.resolve(new Segment.InSegment("x1"), many, AS_OF))
        .isInstanceOfSatisfying(
            SegmentException.class,
            refused -> assertThat(refused.problems().get(0).code()).isEqualTo(Code.TOO_MANY_NODES));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "'; DROP TABLE member; --",
        "100%",
        "a_b",
        "\\",
        "\\%",
        "\"",
        "`x`",
        "${jndi:x}",
        ":name",
        "?",
        "!%",
        "𠮷野家",
        "👨‍👩‍👧",
        "<b>&amp;",
        "a\nb\tc",
        "\u202Eabc",
        "{\"v\":1}",
        "null",
        "NaN"
      })
  void textsOfAllKindsAreTexts(String text) {
    for (Op op : List.of(Op.EQ, Op.CONTAINS, Op.STARTS_WITH, Op.NOT_CONTAINS)) {
      Segment segment = new Segment.Field("name", op, new Operand.Text(text));
      assertThat(SegmentJson.read(SegmentJson.write(segment))).isEqualTo(segment);
      Question question = resolved(segment);
      assertThat(question.canonical().equals(segment)).isEqualTo(op != Op.NOT_CONTAINS);
      assertThat(ChineseSentence.of(segment, schema)).doesNotContain("\n", "\t");
    }
    Segment salt = new Segment.Bucket(text, 0, 1);
    assertThat(SegmentJson.read(SegmentJson.write(salt))).isEqualTo(salt);
    assertThatThrownBy(() -> resolved(new Segment.Field(text, Op.EXISTS, NONE)))
        .isInstanceOf(SegmentException.class);
    assertThatThrownBy(() -> resolved(new Segment.InSegment(text)))
        .isInstanceOf(SegmentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u0000", "a\u0000b", "\ud83d", "a\udc00", "\u001b[2J", "\udc00\ud83d"})
  void noTextIsRefusedInEachPlace(String text) {
    for (Segment segment :
        List.of(
            new Segment.Field("name", Op.EQ, new Operand.Text(text)),
            new Segment.Field("name", Op.CONTAINS, new Operand.Text(text)),
            new Segment.Field(
                "tags", Op.HAS_ANY, new Operand.Many(List.of(new Operand.Text(text)))),
            new Segment.Field("region", Op.UNDER, new Operand.Text(text)),
            new Segment.Field(text, Op.EXISTS, NONE),
            new Segment.InSegment(text),
            new Segment.Bucket(text, 0, 1))) {
      assertThatThrownBy(() -> resolved(segment))
          .isInstanceOf(SegmentException.class)
          .message()
          .doesNotContainPattern("[\\x00-\\x1f]");
    }
  }

  @Test
  void damagedJsonIsNeverAnythingButRefused() {
    Trees trees = schema.trees(11);
    Random random = new Random(12);
    int read = 0;
    for (int i = 0; i < 3_000; i++) {
      String json = SegmentJson.write(trees.next());
      String damaged = damaged(json, random);
      try {
        resolved(SegmentJson.read(damaged));
        read++;
      } catch (SegmentException refused) {
        for (SegmentProblem problem : refused.problems()) {
          assertThat(problem.pointer()).as(damaged).matches("(?s)|/.*");
          assertThat(problem.en()).as(damaged).endsWith(".");
          assertThat(problem.zh()).as(damaged).endsWith("。");
        }
      }
    }
    assertThat(read).isBetween(1, 2_900);
  }

  private static String damaged(String json, Random random) {
    int at = random.nextInt(json.length());
    String noise = "{}[]\",:0-.eé𠮷\u0000a";
    return switch (random.nextInt(5)) {
      case 0 -> json.substring(0, at);
      case 1 -> json.substring(0, at) + json.substring(at + 1);
      case 2 ->
          json.substring(0, at) + noise.charAt(random.nextInt(noise.length())) + json.substring(at);
      case 3 -> {
        List<String> tokens = new ArrayList<>(List.of(json.split("(?<=[,:])")));
        Collections.swap(tokens, random.nextInt(tokens.size()), random.nextInt(tokens.size()));
        yield String.join("", tokens);
      }
      default -> json.replaceFirst("\"(op|field|agg|of|value)\":\"?[A-Za-z]", "\"$1\":\"q");
    };
  }
}
