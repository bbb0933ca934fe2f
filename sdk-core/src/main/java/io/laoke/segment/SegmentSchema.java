package io.laoke.segment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What a dealer's segments can say, as data: whoever draws a builder of segments finds here all
 * names with their types, labels and choices. Immutable.
 *
 * @param version of the language, the {@code v} of its JSON form
 * @param zone the dealer's, in which windows are reckoned
 * @param fields of members
 * @param collections of rows that members have
 * @param operators all there are, with what each is given
 * @param windows of time
 * @param limits how large a segment may be, its references expanded
 */
public record SegmentSchema(
    int version,
    String zone,
    List<Field> fields,
    List<Collection> collections,
    List<Operator> operators,
    List<WindowForm> windows,
    Limits limits) {
  /** Copies. */
  public SegmentSchema {
    fields = List.copyOf(fields);
    collections = List.copyOf(collections);
    operators = List.copyOf(operators);
    windows = List.copyOf(windows);
  }

  /**
   * A field.
   *
   * @param operators names of those that can be asked of it
   * @param closed whether it can only be compared with {@code values}
   * @param values of a closed list, in order
   */
  public record Field(
      String name,
      FieldType type,
      Labels labels,
      List<String> operators,
      boolean closed,
      List<Value> values) {
    /** Copies. */
    public Field {
      operators = List.copyOf(operators);
      values = List.copyOf(values);
    }
  }

  /**
   * A code or a path, and what people call it.
   *
   * @param value as it stands in JSON
   */
  public record Value(String value, Labels labels) {}

  /**
   * A collection.
   *
   * @param scoped whether {@code "scope":"all"} can be said of it
   * @param fields of its rows, for an aggregate's {@code where}
   * @param aggregates what can be made of its rows
   */
  public record Collection(
      String name, Labels labels, boolean scoped, List<Field> fields, List<Aggregate> aggregates) {
    /** Copies. */
    public Collection {
      fields = List.copyOf(fields);
      aggregates = List.copyOf(aggregates);
    }
  }

  /**
   * What can be made of rows.
   *
   * @param name as {@code agg} in JSON
   * @param ofField whether it is made of a field; count is not
   * @param results for each field of which it can be made; of count a single one
   */
  public record Aggregate(String name, Labels labels, boolean ofField, List<Result> results) {
    /** Copies. */
    public Aggregate {
      results = List.copyOf(results);
    }
  }

  /**
   * What an aggregate gives.
   *
   * @param field of which it is made; empty for count
   * @param type of what it gives
   * @param operators names of those that can be asked of it
   */
  public record Result(String field, FieldType type, List<String> operators) {
    /** Copies. */
    public Result {
      operators = List.copyOf(operators);
    }
  }

  /**
   * An operator.
   *
   * @param given what stands as {@code value}
   */
  public record Operator(String name, Labels labels, Given given) {}

  /** What an operator is given. */
  public enum Given {
    /** Nothing. */
    NOTHING,
    /** A value of the field's type. */
    VALUE,
    /** The least and the greatest. */
    PAIR,
    /** A list of values. */
    LIST,
    /** A window of time. */
    WINDOW
  }

  /**
   * A form of windows.
   *
   * @param key in JSON
   * @param argument what stands behind the key: PERIOD such as P30D, UNIT, or DATE
   * @param units where that is UNIT: each with what this form of it is called, such as 上月
   */
  public record WindowForm(String key, Labels labels, Argument argument, List<Value> units) {
    /** Copies. */
    public WindowForm {
      units = List.copyOf(units);
    }
  }

  /** What stands behind the key of a window. */
  public enum Argument {
    /** Whole days, weeks, months and years as in ISO 8601: P30D, P2W, P6M, P1Y. */
    PERIOD,
    /** A calendar unit. */
    UNIT,
    /** A date. */
    DATE
  }

  /** How large a segment may be. */
  public record Limits(
      int depth, int nodes, int valuesInAList, int valuesInAll, int bytes, int references) {}

  /** The same as JSON, with types and kinds in small letters. */
  public String toJson() {
    return SegmentSchemaJson.of(this);
  }

  static SegmentSchema of(Schema schema) {
    return new SegmentSchema(
        1,
        schema.zone().getId(),
        fields(schema, schema.memberFields()),
        schema.collections().values().stream().map(one -> collection(schema, one)).toList(),
        Arrays.stream(Op.values())
            .map(op -> new Operator(op.word(), Described.labels(op), given(op)))
            .toList(),
        Described.windows(),
        new Limits(
            Resolver.DEEPEST,
            Resolver.MOST_NODES,
            Resolver.MOST_IN_LIST,
            Resolver.MOST_VALUES,
            SegmentJson.MOST_BYTES,
            Resolver.MOST_REFERENCES));
  }

  private static Given given(Op op) {
    return switch (Ops.shape(op)) {
      case NONE -> Given.NOTHING;
      case ONE -> Given.VALUE;
      case PAIR -> Given.PAIR;
      case MANY -> Given.LIST;
      case WINDOW -> Given.WINDOW;
    };
  }

  private static List<Field> fields(Schema schema, Map<String, FieldDef> fields) {
    return fields.values().stream().map(field -> field(schema, field)).toList();
  }

  private static Field field(Schema schema, FieldDef field) {
    Optional<Map<String, Labels>> closed =
        field.codes().isEmpty() ? schema.used(field) : Optional.of(field.codes());
    List<Value> values = new ArrayList<>();
    closed.ifPresent(all -> all.forEach((value, labels) -> values.add(new Value(value, labels))));
    return new Field(
        field.name(),
        field.type(),
        field.labels(),
        words(Ops.of(schema, field)),
        closed.isPresent(),
        values);
  }

  private static List<String> words(List<Op> ops) {
    return ops.stream().map(Op::word).toList();
  }

  private static Collection collection(Schema schema, CollectionDef of) {
    return new Collection(
        of.name(),
        of.labels(),
        of.scoped(),
        fields(schema, of.fields()),
        Arrays.stream(Aggregation.values())
            .map(agg -> aggregate(schema, agg, of))
            .filter(one -> !one.results().isEmpty())
            .toList());
  }

  private static Aggregate aggregate(Schema schema, Aggregation agg, CollectionDef of) {
    List<Result> results =
        agg == Aggregation.COUNT
            ? List.of(new Result("", FieldType.INTEGER, words(Ops.of(agg, FieldType.INTEGER))))
            : of.fields().values().stream()
                .filter(field -> Ops.makes(agg, field.type()))
                .map(field -> result(schema, agg, field))
                .toList();
    return new Aggregate(agg.word(), Described.labels(agg), agg != Aggregation.COUNT, results);
  }

  private static Result result(Schema schema, Aggregation agg, FieldDef field) {
    FieldType type = Ops.result(agg, field.type());
    return new Result(field.name(), type, words(Ops.of(schema, agg, type, field)));
  }

  /** An enum's name as it stands in JSON. */
  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
