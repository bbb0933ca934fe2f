package io.laoke.segment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.laoke.segment.SegmentSchema.Aggregate;
import io.laoke.segment.SegmentSchema.Collection;
import io.laoke.segment.SegmentSchema.Field;
import io.laoke.segment.SegmentSchema.Limits;
import io.laoke.segment.SegmentSchema.Operator;
import io.laoke.segment.SegmentSchema.Result;
import io.laoke.segment.SegmentSchema.Value;
import io.laoke.segment.SegmentSchema.WindowForm;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a description as JSON. */
final class SegmentSchemaJson {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonGenerator out;

  private SegmentSchemaJson(JsonGenerator out) {
    this.out = out;
  }

  static String of(SegmentSchema schema) {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      new SegmentSchemaJson(out).write(schema);
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text that cannot be written", impossible);
    }
    return text.toString();
  }

  private interface Each<T> {
    void write(T one) throws IOException;
  }

  private <T> void list(String key, List<T> all, Each<T> each) throws IOException {
    out.writeArrayFieldStart(key);
    for (T one : all) {
      out.writeStartObject();
      each.write(one);
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private void words(String key, List<String> words) throws IOException {
    out.writeArrayFieldStart(key);
    for (String word : words) {
      out.writeString(word);
    }
    out.writeEndArray();
  }

  private void named(String key, String name, Labels labels) throws IOException {
    out.writeStringField(key, name);
    out.writeObjectFieldStart("labels");
    out.writeStringField("zh", labels.zh());
    out.writeStringField("en", labels.en());
    out.writeEndObject();
  }

  private void write(SegmentSchema schema) throws IOException {
    out.writeStartObject();
    out.writeNumberField("version", schema.version());
    out.writeStringField("zone", schema.zone());
    list("fields", schema.fields(), this::field);
    list("collections", schema.collections(), this::collection);
    list("operators", schema.operators(), this::operator);
    list("windows", schema.windows(), this::window);
    limits(schema.limits());
    out.writeEndObject();
  }

  private void field(Field field) throws IOException {
    named("name", field.name(), field.labels());
    out.writeStringField("type", SegmentSchema.word(field.type()));
    words("operators", field.operators());
    if (field.closed()) {
      list("values", field.values(), this::value);
    }
  }

  private void value(Value value) throws IOException {
    named("value", value.value(), value.labels());
  }

  private void collection(Collection collection) throws IOException {
    named("name", collection.name(), collection.labels());
    out.writeBooleanField("scoped", collection.scoped());
    list("fields", collection.fields(), this::field);
    list("aggregates", collection.aggregates(), this::aggregate);
  }

  private void aggregate(Aggregate aggregate) throws IOException {
    named("name", aggregate.name(), aggregate.labels());
    list("results", aggregate.results(), this::result);
  }

  private void result(Result result) throws IOException {
    if (!result.field().isEmpty()) {
      out.writeStringField("field", result.field());
    }
    out.writeStringField("type", SegmentSchema.word(result.type()));
    words("operators", result.operators());
  }

  private void operator(Operator operator) throws IOException {
    named("name", operator.name(), operator.labels());
    out.writeStringField("given", SegmentSchema.word(operator.given()));
  }

  private void window(WindowForm window) throws IOException {
    named("key", window.key(), window.labels());
    out.writeStringField("argument", SegmentSchema.word(window.argument()));
    if (!window.units().isEmpty()) {
      list("units", window.units(), this::value);
    }
  }

  private void limits(Limits limits) throws IOException {
    out.writeObjectFieldStart("limits");
    out.writeNumberField("depth", limits.depth());
    out.writeNumberField("nodes", limits.nodes());
    out.writeNumberField("valuesInAList", limits.valuesInAList());
    out.writeNumberField("valuesInAll", limits.valuesInAll());
    out.writeNumberField("bytes", limits.bytes());
    out.writeNumberField("references", limits.references());
    out.writeEndObject();
  }
}
