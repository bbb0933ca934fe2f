package io.laoke.segment;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What can be asked of which type, and what can be made of it. */
final class Ops {
  /** Results that are there without rows, too. */
  static final Set<Aggregation> NEVER_MISSING =
      EnumSet.of(Aggregation.COUNT, Aggregation.SUM, Aggregation.DISTINCT);

  private Ops() {}

  /** The shape of what an operator is given. */
  enum Shape {
    NONE,
    ONE,
    PAIR,
    MANY,
    WINDOW
  }

  static Shape shape(Op op) {
    return switch (op) {
      case EXISTS, MISSING -> Shape.NONE;
      case BETWEEN -> Shape.PAIR;
      case IN, NOT_IN, HAS_ANY, HAS_ALL, HAS_NONE -> Shape.MANY;
      case DURING, ANNIVERSARY -> Shape.WINDOW;
      case EQ, NE, CONTAINS, NOT_CONTAINS, STARTS_WITH, UNDER, LT, LTE, GT, GTE -> Shape.ONE;
    };
  }

  /** Operators of values of a type, in the order in which they are described. */
  static List<Op> of(FieldType type) {
    List<Op> ops = new ArrayList<>(values(type));
    ops.add(Op.EXISTS);
    ops.add(Op.MISSING);
    return ops;
  }

  private static List<Op> values(FieldType type) {
    return switch (type) {
      case CODE -> List.of(Op.EQ, Op.IN, Op.NE, Op.NOT_IN);
      case TEXT ->
          List.of(Op.EQ, Op.IN, Op.CONTAINS, Op.STARTS_WITH, Op.NE, Op.NOT_IN, Op.NOT_CONTAINS);
      case REGION, CATEGORY -> List.of(Op.UNDER, Op.EQ, Op.IN, Op.NE, Op.NOT_IN);
      case TAGS -> List.of(Op.HAS_ANY, Op.HAS_ALL, Op.HAS_NONE);
      case INTEGER ->
          List.of(Op.GTE, Op.LTE, Op.GT, Op.LT, Op.BETWEEN, Op.EQ, Op.IN, Op.NE, Op.NOT_IN);
      case MONEY -> List.of(Op.GTE, Op.LTE, Op.GT, Op.LT, Op.BETWEEN, Op.EQ, Op.NE);
      case FLAG -> List.of(Op.EQ, Op.NE);
      case DATE ->
          List.of(
              Op.DURING, Op.ANNIVERSARY, Op.GTE, Op.LTE, Op.GT, Op.LT, Op.BETWEEN, Op.EQ, Op.NE);
      case INSTANT -> List.of(Op.DURING, Op.GTE, Op.LT);
    };
  }

  /** Operators of a field: of one that is kept encrypted those that need no look inside. */
  static List<Op> of(Schema schema, FieldDef field) {
    List<Op> ops = new ArrayList<>(of(field.type()));
    if (schema.comparedWhole(field)) {
      ops.removeAll(List.of(Op.CONTAINS, Op.STARTS_WITH, Op.NOT_CONTAINS));
    }
    return ops;
  }

  /** Operators of an aggregate's result. */
  static List<Op> of(Aggregation agg, FieldType result) {
    return NEVER_MISSING.contains(agg) ? values(result) : of(result);
  }

  /** Operators of what an aggregate makes of a field. */
  static List<Op> of(Schema schema, Aggregation agg, FieldType result, FieldDef field) {
    return agg == Aggregation.FIRST || agg == Aggregation.LAST
        ? of(schema, field)
        : of(agg, result);
  }

  /** Whether it can be made of values of that type; COUNT is made of rows. */
  static boolean makes(Aggregation agg, FieldType type) {
    return switch (agg) {
      case COUNT -> false;
      case SUM, AVG -> type == FieldType.INTEGER || type == FieldType.MONEY;
      case MIN, MAX ->
          switch (type) {
            case INTEGER, MONEY, DATE, INSTANT -> true;
            case CODE, TEXT, REGION, CATEGORY, TAGS, FLAG -> false;
          };
      case FIRST, LAST, DISTINCT -> type != FieldType.TAGS;
    };
  }

  /** The type of its result. */
  static FieldType result(Aggregation agg, FieldType type) {
    return switch (agg) {
      case COUNT, DISTINCT -> FieldType.INTEGER;
      case SUM, AVG, MIN, MAX, FIRST, LAST -> type;
    };
  }

  static String words(List<Op> ops) {
    return ops.stream().map(Op::word).collect(Collectors.joining(", "));
  }

  static Labels labels(FieldType type) {
    return switch (type) {
      case CODE -> new Labels("代码", "code");
      case TEXT -> new Labels("文本", "text");
      case REGION -> new Labels("地区", "region");
      case CATEGORY -> new Labels("品类", "category");
      case TAGS -> new Labels("标签", "tag");
      case INTEGER -> new Labels("整数", "integer");
      case MONEY -> new Labels("金额", "money");
      case FLAG -> new Labels("是/否", "flag");
      case DATE -> new Labels("日期", "date");
      case INSTANT -> new Labels("时间", "instant");
    };
  }
}
