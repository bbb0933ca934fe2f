package io.laoke.segment;

import static io.laoke.segment.SampleSchema.AS_OF;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is described is what can be asked, no more and no less. */
class SegmentSchemaTest {
  private final SampleSchema schema = new SampleSchema();
  private final SegmentSchema described = SegmentSchema.of(schema);

  @Test
  void whatIsDescribedCanBeAskedAndNothingElse() {
    for (SegmentSchema.Field field : described.fields()) {
      for (Op op : Op.values()) {
        Segment segment = new Segment.Field(field.name(), op, operand(op, field.type(), field));
        asked(segment, field.operators().contains(op.word()));
      }
    }
    for (SegmentSchema.Collection collection : described.collections()) {
      for (Aggregation agg : Aggregation.values()) {
        for (SegmentSchema.Field field : collection.fields()) {
          Optional<String> of =
              agg == Aggregation.COUNT ? Optional.empty() : Optional.of(field.name());
          Optional<SegmentSchema.Result> result = result(collection, agg, of.orElse(""));
          for (Op op : Op.values()) {
            FieldType type = result.map(SegmentSchema.Result::type).orElse(field.type());
            asked(
                new Segment.Agg(
                    agg,
                    collection.name(),
                    of,
                    Optional.empty(),
                    Optional.empty(),
                    collection.scoped() ? Scope.ALL : Scope.DEFAULT,
                    op,
                    operand(op, type, field)),
                result.map(one -> one.operators().contains(op.word())).orElse(false));
          }
        }
      }
    }
  }

  private static Optional<SegmentSchema.Result> result(
      SegmentSchema.Collection collection, Aggregation agg, String field) {
    return collection.aggregates().stream()
        .filter(one -> one.name().equals(agg.word()))
        .flatMap(one -> one.results().stream())
        .filter(one -> one.field().equals(field))
        .findFirst();
  }

  private void asked(Segment segment, boolean can) {
    String json = SegmentJson.write(segment);
    if (can) {
      assertThatCode(() -> Resolver.resolve(segment, schema, AS_OF))
          .as(json)
          .doesNotThrowAnyException();
    } else {
      assertThatCode(() -> Resolver.resolve(segment, schema, AS_OF))
          .as(json)
          .isInstanceOf(SegmentException.class);
    }
  }

  private static Operand operand(Op op, FieldType type, SegmentSchema.Field field) {
    Operand one = one(type, field);
    return switch (Ops.shape(op)) {
      case NONE -> new Operand.None();
      case ONE -> one;
      case PAIR -> new Operand.Many(List.of(one, one));
      case MANY -> new Operand.Many(List.of(one));
      case WINDOW -> new Operand.Within(new Window.This(Window.Unit.YEAR));
    };
  }

  private static Operand one(FieldType type, SegmentSchema.Field field) {
    return switch (type) {
      case INTEGER, MONEY -> new Operand.Whole(1);
      case FLAG -> new Operand.Flag(true);
      case DATE -> new Operand.Text("2026-01-01");
      case INSTANT -> new Operand.Text("2026-01-01T00:00:00Z");
      case CODE, TEXT, REGION, CATEGORY, TAGS ->
          new Operand.Text(field.values().isEmpty() ? "x" : field.values().get(0).value());
    };
  }

  @Test
  void everythingHasLabelsInBothLanguages() {
    List<Labels> labels = new ArrayList<>();
    described.operators().forEach(one -> labels.add(one.labels()));
    described
        .windows()
        .forEach(
            one -> {
              labels.add(one.labels());
              one.units().forEach(unit -> labels.add(unit.labels()));
            });
    described.fields().forEach(one -> labels.add(one.labels()));
    for (SegmentSchema.Collection collection : described.collections()) {
      labels.add(collection.labels());
      collection.fields().forEach(one -> labels.add(one.labels()));
      collection.aggregates().forEach(one -> labels.add(one.labels()));
    }
    assertThat(labels)
        .hasSizeGreaterThan(120)
        .allSatisfy(
            one -> {
              assertThat(one.zh()).isNotBlank();
              assertThat(one.en()).isNotBlank().doesNotContainPattern("\\p{IsHan}");
            });
    assertThat(described.operators()).hasSize(Op.values().length);
  }

  @Test
  void closedListsHaveTheirValues() {
    SegmentSchema.Field gender = described.fields().get(0);
    assertThat(gender.closed()).isTrue();
    assertThat(gender.values())
        .containsExactly(
            new SegmentSchema.Value("FEMALE", new Labels("女", "female")),
            new SegmentSchema.Value("MALE", new Labels("男", "male")));
    SegmentSchema.Field name = described.fields().get(1);
    assertThat(name.closed()).isFalse();
    assertThat(name.values()).isEmpty();
  }

  @Test
  void isTheSameAsJson() throws Exception {
    JsonNode json = new ObjectMapper().readTree(described.toJson());
    assertThat(json.path("version").asInt()).isEqualTo(1);
    assertThat(json.path("zone").asText()).isEqualTo("Asia/Shanghai");
    assertThat(json.path("fields")).hasSize(described.fields().size());
    JsonNode gender = json.path("fields").path(0);
    assertThat(gender.toString())
        .isEqualTo(
            "{\"name\":\"gender\",\"labels\":{\"zh\":\"性别\",\"en\":\"gender\"},\"type\":\"code\",\"operators\":[\"eq\",\"in\",\"ne\",\"notIn\",\"exists\",\"missing\"],\"values\":[{\"value\":\"FEMALE\",\"labels\":{\"zh\":\"女\",\"en\":\"female\"}},{\"value\":\"MALE\",\"labels\":{\"zh\":\"男\",\"en\":\"male\"}}]}");
    JsonNode orders = json.path("collections").path(0);
    assertThat(orders.path("scoped").asBoolean()).isTrue();
    assertThat(orders.path("aggregates").path(0).toString())
        .isEqualTo(
            "{\"name\":\"count\",\"labels\":{\"zh\":\"数量\",\"en\":\"number\"},\"results\":[{\"type\":\"integer\",\"operators\":[\"gte\",\"lte\",\"gt\",\"lt\",\"between\",\"eq\",\"in\",\"ne\",\"notIn\"]}]}");
    assertThat(orders.path("aggregates").path(1).path("results").toString())
        .isEqualTo(
            "[{\"field\":\"netAmount\",\"type\":\"money\",\"operators\":[\"gte\",\"lte\",\"gt\",\"lt\",\"between\",\"eq\",\"ne\"]}]");
    assertThat(json.path("operators").path(0).path("given").asText()).isEqualTo("value");
    assertThat(
            json.path("windows").path(4).path("units").path(2).path("labels").path("zh").asText())
        .isEqualTo("上月");
    assertThat(json.path("limits").toString())
        .isEqualTo(
            "{\"depth\":8,\"nodes\":200,\"valuesInAList\":1000,\"valuesInAll\":10000,\"bytes\":65536,\"references\":4}");
  }
}
