package io.laoke.examples.shell;

import io.laoke.segment.FieldType;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentSchema;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the values of a segment's parts are. */
final class Types {
  private final Map<String, FieldType> types = new HashMap<>();

  Types(SegmentSchema schema) {
    schema.fields().forEach(field -> types.put(field.name(), field.type()));
    for (SegmentSchema.Collection of : schema.collections()) {
      for (SegmentSchema.Aggregate aggregate : of.aggregates()) {
        for (SegmentSchema.Result result : aggregate.results()) {
          types.put(key(aggregate.name(), of.name(), result.field()), result.type());
        }
      }
    }
  }

  private static String key(String aggregate, String of, String field) {
    return aggregate + "\n" + of + "\n" + field;
  }

  /** Of a part; null if it has no value of its own. */
  @Nullable FieldType of(Segment part) {
    if (part instanceof Segment.Field field) {
      return types.get(field.field());
    }
    return part instanceof Segment.Agg agg
        ? types.get(
            key(agg.agg().name().toLowerCase(Locale.ROOT), agg.of(), agg.field().orElse("")))
        : null;
  }
}
