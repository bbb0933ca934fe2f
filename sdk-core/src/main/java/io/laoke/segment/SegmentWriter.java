package io.laoke.segment;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.laoke.segment.SegmentProblem.Code;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes segments as JSON. */
final class SegmentWriter {
  /** Deeper ones are not walked, neither here nor where they are read. */
  static final int DEEPEST = 32;

  private static final JsonFactory JSON = new JsonFactory();

  private final StringWriter text = new StringWriter();
  private final JsonGenerator out;

  private SegmentWriter() throws IOException {
    out = JSON.createGenerator(text);
  }

  /** With version and all, to be read again. */
  static String document(Segment segment) {
    String json =
        written(
            writer -> {
              writer.out.writeStartObject();
              writer.out.writeNumberField("v", 1);
              writer.out.writeFieldName("where");
              writer.node(segment, 1);
              writer.out.writeEndObject();
            });
    if (bytes(json) > SegmentJson.MOST_BYTES) {
      throw tooLong();
    }
    return json;
  }

  static SegmentException tooLong() {
    return Problems.one(
        "",
        Code.TOO_LONG,
        "JSON 超过 64 KB；请缩短列表，或拆成几个分组并引用它们。",
        "has more than 64 KB of JSON; shorten its lists, or split it.");
  }

  static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** One part of a segment. */
  static String part(Segment segment) {
    return written(writer -> writer.node(segment, 1));
  }

  private interface Part {
    void write(SegmentWriter writer) throws IOException;
  }

  private static String written(Part part) {
    try {
      SegmentWriter writer = new SegmentWriter();
      part.write(writer);
      writer.out.close();
      return writer.text.toString();
    } catch (IOException impossible) {
      throw new UncheckedIOException("a text that cannot be written", impossible);
    }
  }

  private void node(Segment node, int depth) throws IOException {
    if (depth > DEEPEST) {
      throw Problems.one(
          "", Code.TOO_DEEP, "嵌套过深；最多 8 层。", "is nested too deeply; use at most 8 levels.");
    }
    if (text.getBuffer().length() > SegmentJson.MOST_BYTES) {
      throw tooLong();
    }
    out.writeStartObject();
    if (node instanceof Segment.All all) {
      nodes("all", all.of(), depth);
    } else if (node instanceof Segment.Any any) {
      nodes("any", any.of(), depth);
    } else if (node instanceof Segment.Not not) {
      out.writeFieldName("not");
      node(not.of(), depth + 1);
    } else if (node instanceof Segment.Field field) {
      out.writeStringField("field", field.field());
      asked(field.op(), field.value());
    } else if (node instanceof Segment.Agg agg) {
      aggregate(agg, depth);
    } else if (node instanceof Segment.InSegment in) {
      out.writeStringField("in", in.key());
    } else if (node instanceof Segment.Bucket bucket) {
      out.writeStringField("bucket", bucket.salt());
      out.writeNumberField("from", bucket.from());
      out.writeNumberField("to", bucket.to());
    } else {
      out.writeBooleanField("everyone", true);
    }
    out.writeEndObject();
  }

  private void nodes(String key, List<Segment> nodes, int depth) throws IOException {
    out.writeArrayFieldStart(key);
    for (Segment node : nodes) {
      node(node, depth + 1);
      out.flush();
    }
    out.writeEndArray();
  }

  private void aggregate(Segment.Agg agg, int depth) throws IOException {
    out.writeStringField("agg", agg.agg().word());
    out.writeStringField("of", agg.of());
    if (agg.field().isPresent()) {
      out.writeStringField("field", agg.field().get());
    }
    if (agg.where().isPresent()) {
      out.writeFieldName("where");
      node(agg.where().get(), depth + 1);
    }
    if (agg.during().isPresent()) {
      out.writeFieldName("during");
      window(agg.during().get());
    }
    if (agg.scope() == Scope.ALL) {
      out.writeStringField("scope", agg.scope().word());
    }
    asked(agg.op(), agg.value());
  }

  private void asked(Op op, Operand value) throws IOException {
    out.writeStringField("op", op.word());
    if (!(value instanceof Operand.None)) {
      out.writeFieldName("value");
      operand(value, true);
    }
  }

  private void operand(Operand value, boolean outermost) throws IOException {
    if (value instanceof Operand.Text one) {
      out.writeString(one.value());
    } else if (value instanceof Operand.Whole number) {
      out.writeNumber(number.value());
    } else if (value instanceof Operand.Flag flag) {
      out.writeBoolean(flag.value());
    } else if (value instanceof Operand.Within within) {
      window(within.window());
    } else if (value instanceof Operand.Many many && outermost) {
      out.writeStartArray();
      for (Operand one : many.values()) {
        operand(one, false);
        if (text.getBuffer().length() > SegmentJson.MOST_BYTES) {
          throw tooLong();
        }
      }
      out.writeEndArray();
    } else {
      out.writeNull();
    }
  }

  private void window(Window window) throws IOException {
    out.writeStartObject();
    if (window instanceof Window.Last last) {
      out.writeStringField("last", last.period().toString());
    } else if (window instanceof Window.Next next) {
      out.writeStringField("next", next.period().toString());
    } else if (window instanceof Window.Before before) {
      out.writeStringField("before", before.period().toString());
    } else if (window instanceof Window.This of) {
      out.writeStringField("this", of.unit().word());
    } else if (window instanceof Window.Prev of) {
      out.writeStringField("prev", of.unit().word());
    } else if (window instanceof Window.NextUnit of) {
      out.writeStringField("nextUnit", of.unit().word());
    } else if (window instanceof Window.Days days) {
      day("from", days.from().orElse(null));
      day("to", days.to().orElse(null));
    }
    out.writeEndObject();
  }

  private void day(String key, @Nullable LocalDate day) throws IOException {
    if (day != null) {
      out.writeStringField(key, day.toString());
    }
  }
}
