package io.laoke.examples.erp;

import io.laoke.segment.SegmentSchema;
import io.laoke.segment.SegmentSchema.Aggregate;
import io.laoke.segment.SegmentSchema.Argument;
import io.laoke.segment.SegmentSchema.Collection;
import io.laoke.segment.SegmentSchema.Field;
import io.laoke.segment.SegmentSchema.Given;
import io.laoke.segment.SegmentSchema.Operator;
import io.laoke.segment.SegmentSchema.Result;
import io.laoke.segment.SegmentSchema.WindowForm;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What segments can say, looked up by name; all that the builder offers comes from here. */
final class SegmentWords {
  private final SegmentSchema schema;

  SegmentWords(SegmentSchema schema) {
    this.schema = schema;
  }

  /**
   * A choice of a list.
   *
   * @param value as it is sent
   * @param label as it is shown
   */
  record Choice(String value, String label) {}

  List<Field> memberFields() {
    return schema.fields();
  }

  List<Collection> collections() {
    return schema.collections();
  }

  Optional<Collection> collection(String name) {
    return schema.collections().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** The fields of members, or of the rows of a collection. */
  List<Field> fields(String of) {
    return of.isEmpty() ? memberFields() : collection(of).map(Collection::fields).orElse(List.of());
  }

  Optional<Field> field(String of, String name) {
    return fields(of).stream().filter(one -> one.name().equals(name)).findFirst();
  }

  /** What can be made of the rows of a collection: each way of each field, as one list. */
  List<Choice> measures(String of) {
    List<Choice> all = new ArrayList<>();
    Optional<Collection> collection = collection(of);
    for (Aggregate agg : collection.map(Collection::aggregates).orElse(List.of())) {
      for (Result result : agg.results()) {
        String label =
            agg.ofField()
                ? field(of, result.field()).map(f -> f.labels().zh()).orElse(result.field())
                    + " · "
                    + agg.labels().zh()
                : agg.labels().zh();
        all.add(new Choice(measure(agg.name(), result.field()), label));
      }
    }
    return all;
  }

  /** One way of one field as a single word. */
  static String measure(String agg, String field) {
    return field.isEmpty() ? agg : agg + " " + field;
  }

  Optional<Result> result(String of, String agg, String field) {
    return collection(of).stream()
        .flatMap(one -> one.aggregates().stream())
        .filter(one -> one.name().equals(agg))
        .flatMap(one -> one.results().stream())
        .filter(one -> one.field().equals(field))
        .findFirst();
  }

  List<Choice> operators(List<String> names) {
    return names.stream()
        .flatMap(name -> operator(name).stream())
        .map(one -> new Choice(one.name(), one.labels().zh()))
        .toList();
  }

  Optional<Operator> operator(String name) {
    return schema.operators().stream().filter(one -> one.name().equals(name)).findFirst();
  }

  Given given(String operator) {
    return operator(operator).map(Operator::given).orElse(Given.NOTHING);
  }

  /** Windows of time as one list: those with a number, each calendar unit, and from day to day. */
  List<Choice> windows() {
    List<Choice> all = new ArrayList<>();
    for (WindowForm form : schema.windows()) {
      if (form.argument() == Argument.PERIOD) {
        all.add(new Choice(form.key(), form.labels().zh()));
      } else if (form.argument() == Argument.UNIT) {
        form.units()
            .forEach(u -> all.add(new Choice(form.key() + " " + u.value(), u.labels().zh())));
      }
    }
    if (!ends().isEmpty()) {
      all.add(new Choice(WindowDraft.DAYS, "从某天到某天"));
    }
    return all;
  }

  /** The forms that take a date. */
  List<WindowForm> ends() {
    return schema.windows().stream().filter(w -> w.argument() == Argument.DATE).toList();
  }

  boolean counted(String window) {
    return schema.windows().stream()
        .anyMatch(w -> w.argument() == Argument.PERIOD && w.key().equals(window));
  }
}
