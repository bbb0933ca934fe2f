package io.laoke.segment;

import static io.laoke.segment.SampleSchema.AS_OF;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a shop owner reads. */
class SentenceTest {
  private final SampleSchema schema =
      new SampleSchema()
          .save("vips", new Segment.Everyone())
          .save("spring", new Segment.Everyone());

  record Golden(String json, String zh, String en) {
    Segment segment() {
      return SegmentJson.read("{\"v\":1,\"where\":" + json + "}");
    }

    @Override
    public String toString() {
      return zh;
    }
  }

  static List<Golden> golden() {
    try (InputStream file = SentenceTest.class.getResourceAsStream("sentences.txt")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      List<Golden> all = new ArrayList<>();
      for (String block : text.strip().split("\n\n")) {
        if (!block.startsWith("#")) {
          String[] lines = block.split("\n");
          all.add(new Golden(lines[0], lines[1], lines[2]));
        }
      }
      return all;
    } catch (IOException missing) {
      throw new UncheckedIOException(missing);
    }
  }

  @ParameterizedTest
  @MethodSource("golden")
  void isWhatWasAsked(Golden one) {
    Segment segment = one.segment();
    Resolver.resolve(segment, schema, AS_OF);
    assertThat(ChineseSentence.of(segment, schema)).isEqualTo(one.zh());
    assertThat(EnglishSentence.of(segment, schema)).isEqualTo(one.en());
  }

  @Test
  void differsWhereverWhatIsAskedDiffers() {
    Map<String, Set<String>> bySentence = new HashMap<>();
    for (Golden one : golden()) {
      bySentence
          .computeIfAbsent(one.zh(), zh -> new HashSet<>())
          .add(Resolver.resolve(one.segment(), schema, AS_OF).hash());
    }
    assertThat(bySentence)
        .allSatisfy(
            (sentence, hashes) ->
                assertThat(hashes)
                    .as(sentence)
                    .hasSizeLessThanOrEqualTo(sentence.equals("没买过影音") ? 2 : 1));
    assertThat(golden()).hasSizeGreaterThan(100);
  }

  @Test
  void isSaidOfEachOperatorOfEachType() {
    Map<FieldType, Set<Op>> said = new EnumMap<>(FieldType.class);
    for (Golden one : golden()) {
      collect(one.segment(), null, said);
    }
    Trees trees = schema.trees(5);
    for (int i = 0; i < 2_000; i++) {
      Segment segment = trees.next();
      collect(segment, null, said);
      whole(segment, ChineseSentence.of(segment, schema), "（", "）");
      whole(segment, EnglishSentence.of(segment, schema), "(", ")");
      Segment canonical = Resolver.resolve(segment, schema, AS_OF).canonical();
      whole(canonical, ChineseSentence.of(canonical, schema), "（", "）");
    }
    for (FieldType type : FieldType.values()) {
      assertThat(said.get(type)).as(type.name()).containsAll(Ops.of(type));
    }
  }

  private static void whole(Segment segment, String sentence, String open, String close) {
    String json = SegmentJson.write(segment);
    assertThat(sentence).as(json).isNotBlank().doesNotContain("null", "Optional", "?,", "  ");
    assertThat(sentence.split(Pattern.quote(open), -1))
        .as(json + " " + sentence)
        .hasSameSizeAs(sentence.split(Pattern.quote(close), -1));
  }

  private void collect(Segment node, @Nullable CollectionDef rows, Map<FieldType, Set<Op>> said) {
    if (node instanceof Segment.All all) {
      all.of().forEach(one -> collect(one, rows, said));
    } else if (node instanceof Segment.Any any) {
      any.of().forEach(one -> collect(one, rows, said));
    } else if (node instanceof Segment.Not not) {
      collect(not.of(), rows, said);
    } else if (node instanceof Segment.Field field) {
      Map<String, FieldDef> fields = rows == null ? schema.memberFields() : rows.fields();
      said.computeIfAbsent(fields.get(field.field()).type(), type -> EnumSet.noneOf(Op.class))
          .add(field.op());
    } else if (node instanceof Segment.Agg agg) {
      agg.where().ifPresent(where -> collect(where, schema.collections().get(agg.of()), said));
    }
  }

  @Test
  void isSaidOfPartsOfAnAggregatesRows() {
    Segment part = new Segment.Field("store", Op.NE, new Operand.Text("S1"));
    assertThat(ChineseSentence.of(part, schema, BuiltIn.ORDERS)).isEqualTo("门店不是城东店（含未知）");
    assertThat(EnglishSentence.of(part, schema, BuiltIn.ORDERS))
        .isEqualTo("store is not East (or unknown)");
    assertThat(ChineseSentence.of(new Segment.All(List.of()), schema, BuiltIn.ORDERS))
        .isEqualTo("所有记录");
  }

  @Test
  void saysWhatCannotBeResolvedByItsName() {
    Segment unknown =
        new Segment.All(
            List.of(
                new Segment.Field("shoes", Op.GTE, new Operand.Whole(42)),
                new Segment.Field("gender", Op.DURING, new Operand.None()),
                new Segment.Field(
                    "birthday", Op.EQ, new Operand.Text("gestern\n" + "x".repeat(99))),
                new Segment.Agg(
                    Aggregation.SUM,
                    "cars",
                    Optional.of("wheels"),
                    Optional.empty(),
                    Optional.of(new Window.Days(Optional.empty(), Optional.empty())),
                    Scope.DEFAULT,
                    Op.BETWEEN,
                    new Operand.Many(List.of()))));
    assertThat(ChineseSentence.of(unknown, schema))
        .contains("shoes", "性别", "cars", "wheels")
        .doesNotContain("\n");
    assertThat(EnglishSentence.of(unknown, schema)).contains("shoes", "gender", "cars", "wheels");
  }

  @Test
  void endsSomewhereHoweverDeepTheTree() {
    Segment deep = new Segment.Everyone();
    for (int i = 0; i < 100_000; i++) {
      deep = new Segment.Not(deep);
    }
    assertThat(ChineseSentence.of(deep, schema)).contains("…");
    assertThat(EnglishSentence.of(deep, schema)).contains("…");
    Segment alone = new Segment.Field("vip", Op.EXISTS, new Operand.None());
    for (int i = 0; i < 100_000; i++) {
      alone = i % 2 == 0 ? new Segment.All(Arrays.asList(alone)) : new Segment.Any(List.of(alone));
    }
    assertThat(ChineseSentence.of(alone, schema)).contains("…");
    assertThat(ChineseSentence.of(new Segment.Not(alone), schema)).contains("…");
  }
}
