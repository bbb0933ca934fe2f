package io.laoke.segment;

import io.laoke.segment.Canon.Pair;
import io.laoke.segment.Problems.Names;
import io.laoke.segment.SegmentProblem.Code;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what a segment asks of a dealer's data: or, with a place, what is wrong with it.
 *
 * <p>What is counted against the limits is the tree with its references expanded, before it is
 * flattened; {@code not} around a leaf that has a word for it ({@code ne} and the like) is part of
 * the leaf, and {@code between} is the two bounds it stands for. So a canonical tree is never
 * larger than what it was made of, and can be read and resolved again.
 */
final class Resolver {
  static final int DEEPEST = 8;
  static final int MOST_NODES = 200;
  static final int MOST_IN_LIST = 1_000;
  static final int MOST_VALUES = 10_000;
  static final int MOST_REFERENCES = 4;
  static final int MOST_BUCKETS = 10_000;
  static final int LONGEST_SALT = 64;
  static final int LONGEST_KEY = 200;

  private static final Instant EARLIEST = Instant.parse("1969-12-30T00:00:00Z");
  private static final Instant LATEST = Instant.parse("2201-01-02T00:00:00Z");
  private static final int FIRST_YEAR = 1970;
  private static final int LAST_YEAR = 2200;

  private final Schema schema;
  private final Spans spans;
  private final Problems problems = new Problems();
  private final Scalars scalars;

  /** Keys of the saved segments that are being expanded, outermost first. */
  private final LinkedHashSet<String> path = new LinkedHashSet<>();

  private int nodes;
  private int values;

  private Resolver(Schema schema, Spans spans) {
    this.schema = schema;
    this.spans = spans;
    this.scalars = new Scalars(schema, problems);
  }

  /**
   * Resolves.
   *
   * @throws SegmentException if it cannot be answered
   */
  static Question resolve(Segment segment, Schema schema, Instant asOf) {
    checkAsOf(schema, asOf);
    Resolver resolver = new Resolver(schema, new Spans(Scalars.reached(asOf), schema.zone()));
    Pair pair = resolver.node(segment, "/where", 1, false, null);
    resolver.problems.throwIfAny();
    if (SegmentWriter.bytes(SegmentWriter.part(pair.segment())) > SegmentJson.MOST_BYTES) {
      throw Problems.one(
          "",
          Code.TOO_LONG,
          "展开引用后的 JSON 超过 64 KB；请缩短列表。",
          "has more than 64 KB of JSON with its references expanded; shorten its lists.");
    }
    return new Question(pair.segment(), pair.node(), Canon.hash(pair.segment()));
  }

  private static void checkAsOf(Schema schema, Instant asOf) {
    if (!asOf.isBefore(EARLIEST) && asOf.isBefore(LATEST)) {
      int year = asOf.atZone(schema.zone()).getYear();
      if (year >= FIRST_YEAR && year <= LAST_YEAR) {
        return;
      }
    }
    throw Problems.one(
        "",
        Code.AS_OF,
        "asOf（查询时点）必须在 1970 年至 2200 年之间。",
        "asOf must be between the years 1970 and 2200.");
  }

  // ---- nodes

  /**
   * A node.
   *
   * @param inAll whether it stands right within an all, into which an all of its own dissolves
   * @param rows the collection whose rows it is about; null: about members
   */
  private Pair node(
      Segment node, String at, int depth, boolean inAll, @Nullable CollectionDef rows) {
    if (node instanceof Segment.InSegment in) {
      return rows == null ? reference(in, at, depth, inAll) : notInWhere(at, "in");
    }
    if (node instanceof Segment.Not not) {
      return not(not, at, depth, rows);
    }
    count(at, depth);
    if (node instanceof Segment.All all) {
      return Canon.all(nodes(all.of(), at + "/all", depth, true, rows));
    }
    if (node instanceof Segment.Any any) {
      return Canon.any(nodes(any.of(), at + "/any", depth, false, rows));
    }
    if (node instanceof Segment.Field field) {
      return field(field, at, depth, inAll, rows);
    }
    if (node instanceof Segment.Agg agg) {
      return rows == null ? aggregate(agg, at, depth, inAll) : notInWhere(at, "agg");
    }
    if (node instanceof Segment.Bucket bucket) {
      return rows == null ? bucket(bucket, at) : notInWhere(at, "bucket");
    }
    return rows == null ? Canon.EVERYONE : notInWhere(at, "everyone");
  }

  private void count(String at, int depth) {
    nodes++;
    limits(at, depth);
  }

  private void limits(String at, int depth) {
    if (depth > DEEPEST) {
      problems.add(
          at,
          Code.TOO_DEEP,
          "嵌套过深；展开引用后最多 8 层，请合并 all/any/not。",
          "is nested too deeply; use at most 8 levels with references expanded.");
      throw problems.refusal();
    }
    if (nodes > MOST_NODES) {
      problems.add(
          at,
          Code.TOO_MANY_NODES,
          "条件过多；展开引用后最多 200 个，请用 in 列表代替许多 eq，或拆成几个分组。",
          "has too many parts; use at most 200 with references expanded, such as by one in for many eq.");
      throw problems.refusal();
    }
  }

  private List<Pair> nodes(
      List<Segment> parts, String at, int depth, boolean inAll, @Nullable CollectionDef rows) {
    List<Pair> pairs = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      pairs.add(node(parts.get(i), at + "/" + i, depth + 1, inAll, rows));
    }
    return pairs;
  }

  private Pair not(Segment.Not not, String at, int depth, @Nullable CollectionDef rows) {
    boolean sugar = hasWordForNot(not.of());
    if (!sugar) {
      count(at, depth);
    }
    return Canon.not(node(not.of(), at + "/not", sugar ? depth : depth + 1, false, rows));
  }

  private static boolean hasWordForNot(Segment node) {
    Op op =
        node instanceof Segment.Field field
            ? field.op()
            : node instanceof Segment.Agg agg ? agg.op() : Op.EXISTS;
    return switch (op) {
      case EQ, IN, HAS_ANY, CONTAINS -> true;
      case STARTS_WITH,
          UNDER,
          HAS_ALL,
          LT,
          LTE,
          GT,
          GTE,
          BETWEEN,
          DURING,
          ANNIVERSARY,
          EXISTS,
          MISSING,
          NE,
          NOT_IN,
          HAS_NONE,
          NOT_CONTAINS ->
          false;
    };
  }

  private Pair notInWhere(String at, String key) {
    problems.add(
        at,
        Code.NOT_IN_WHERE,
        "where 中只能用 field、all、any、not，不能用 %s；请把它放到 where 之外。".formatted(key),
        "a where is made of field, all, any and not only, without %s; put that outside of it."
            .formatted(key));
    return Canon.EVERYONE;
  }

  private Pair bucket(Segment.Bucket bucket, String at) {
    scalars.fits(bucket.salt(), LONGEST_SALT, at + "/bucket");
    if (bucket.from() < 0 || bucket.to() > MOST_BUCKETS || bucket.from() >= bucket.to()) {
      problems.add(
          at + "/from",
          Code.OUT_OF_RANGE,
          "必须满足 0 ≤ from < to ≤ 10000；如 0 到 500 是 5%。",
          "must be 0 ≤ from < to ≤ 10000; use 0 to 500 for 5%.");
    }
    return new Pair(bucket, new Node.Bucket(bucket.salt(), bucket.from(), bucket.to()));
  }

  // ---- references

  private Pair reference(Segment.InSegment in, String at, int depth, boolean inAll) {
    String key = in.key();
    String here = at + "/in";
    if (path.contains(key)) {
      String circle =
          path.stream().map(Shown::of).collect(Collectors.joining(" → ")) + " → " + Shown.of(key);
      problems.add(
          here,
          Code.CYCLE,
          "分组互相引用成了环：%s；请去掉其中一处引用。".formatted(circle),
          "saved segments refer to each other in a circle: %s; take one of the references out."
              .formatted(circle));
      return Canon.EVERYONE;
    }
    if (path.size() == MOST_REFERENCES) {
      String steps = path.stream().map(Shown::of).collect(Collectors.joining(" → "));
      problems.add(
          here,
          Code.REFERENCES_TOO_DEEP,
          "分组引用超过 4 层：%s → %s；请直接写出其中的条件。".formatted(steps, Shown.of(key)),
          "saved segments refer to each other over more than 4 steps: %s → %s; write out what one of them says."
              .formatted(steps, Shown.of(key)));
      return Canon.EVERYONE;
    }
    if (!scalars.fits(key, LONGEST_KEY, here)) {
      return Canon.EVERYONE;
    }
    Optional<Segment> saved = schema.saved(key);
    if (saved.isEmpty()) {
      Nearest.Candidates keys = Nearest.Candidates.of(schema.savedKeys());
      problems.unknown(
          here,
          Code.UNKNOWN_SEGMENT,
          keys.names().isEmpty()
              ? new Names("分组", "saved segment", new Labels("请先保存它。", "save it first."))
              : Names.of("分组", "saved segment"),
          key,
          keys);
      return Canon.EVERYONE;
    }
    return expanded(key, saved.get(), here, depth, inAll);
  }

  private Pair expanded(String key, Segment saved, String here, int depth, boolean inAll) {
    path.add(key);
    problems.enter(key, here);
    Pair pair = node(saved, here, depth, inAll, null);
    path.remove(key);
    problems.leave();
    return pair;
  }

  // ---- fields

  private Pair field(
      Segment.Field field, String at, int depth, boolean inAll, @Nullable CollectionDef rows) {
    Map<String, FieldDef> fields = rows == null ? schema.memberFields() : rows.fields();
    FieldDef def = fields.get(field.field());
    if (def == null) {
      unknownField(at + "/field", field.field(), rows);
      return Canon.EVERYONE;
    }
    if (!operator(at, field.op(), Ops.labels(def.type()), Ops.of(schema, def), def)) {
      return Canon.EVERYONE;
    }
    return asked(
        new Asked(def.type(), Optional.of(def), at, depth, inAll),
        field.op(),
        field.value(),
        leaf ->
            new Pair(
                new Segment.Field(field.field(), leaf.op(), leaf.value()),
                new Node.Leaf(def, leaf.condition())));
  }

  private void unknownField(String at, String name, @Nullable CollectionDef rows) {
    Map<String, FieldDef> fields = rows == null ? schema.memberFields() : rows.fields();
    List<String> elsewhere = rows == null ? collectionsWith(name) : List.of();
    if (!elsewhere.isEmpty()) {
      String names = String.join(", ", elsewhere);
      problems.add(
          at,
          Code.UNKNOWN_FIELD,
          "“%s”不是会员的字段，而是 %s 的字段；请用 agg 汇总，如 {\"agg\":\"count\",\"of\":\"%s\",\"where\":…}。"
              .formatted(Shown.of(name), names, elsewhere.get(0)),
          "'%s' is no field of members but of %s; use it in an aggregate such as {\"agg\":\"count\",\"of\":\"%s\",\"where\":…}."
              .formatted(Shown.of(name), names, elsewhere.get(0)));
    } else if (rows != null && schema.memberFields().containsKey(name)) {
      problems.add(
          at,
          Code.UNKNOWN_FIELD,
          "“%s”是会员的字段，不是 %s 的字段；请写在 where 之外。".formatted(Shown.of(name), rows.name()),
          "'%s' is a field of members, not of %s; put it outside of the where."
              .formatted(Shown.of(name), rows.name()));
    } else {
      problems.unknown(
          at,
          Code.UNKNOWN_FIELD,
          rows == null
              ? Names.of("会员字段", "field of members")
              : Names.of(rows.name() + " 的字段", "field of " + rows.name()),
          name,
          Nearest.Candidates.fields(fields));
    }
  }

  private List<String> collectionsWith(String field) {
    return schema.collections().values().stream()
        .filter(collection -> collection.fields().containsKey(field))
        .map(CollectionDef::name)
        .toList();
  }

  private boolean operator(String at, Op op, Labels what, List<Op> allowed, @Nullable FieldDef of) {
    if (allowed.contains(op)) {
      return true;
    }
    boolean encrypted = of != null && schema.comparedWhole(of) && Ops.of(of.type()).contains(op);
    String zh = encrypted ? "加密保存的" + what.zh() : what.zh();
    String en = encrypted ? what.en() + " that is kept encrypted" : what.en();
    problems.add(
        at + "/op",
        Code.WRONG_OPERATOR,
        Nearest.to(op.word(), Nearest.Candidates.of(allowed.stream().map(Op::word).toList())),
        "%s不支持 %s；请用 %s。".formatted(zh, op.word(), Ops.words(allowed)),
        "%s has no %s; use %s.".formatted(en, op.word(), Ops.words(allowed)));
    return false;
  }

  // ---- aggregates

  private Pair aggregate(Segment.Agg agg, String at, int depth, boolean inAll) {
    CollectionDef of = schema.collections().get(agg.of());
    if (of == null) {
      Map<String, Labels> names =
          schema.collections().values().stream()
              .collect(
                  Collectors.toMap(
                      CollectionDef::name,
                      CollectionDef::labels,
                      (one, other) -> one,
                      LinkedHashMap::new));
      problems.unknown(
          at + "/of",
          Code.UNKNOWN_COLLECTION,
          Names.of("集合", "collection"),
          agg.of(),
          new Nearest.Candidates(names));
      return Canon.EVERYONE;
    }
    if (agg.scope() != Scope.DEFAULT && !of.scoped()) {
      problems.add(
          at + "/scope",
          Code.NO_SCOPE,
          "%s 没有 scope；请删去它。".formatted(of.name()),
          "%s has no scope; leave it out.".formatted(of.name()));
    }
    Optional<Window> during = agg.during().flatMap(window -> window(at + "/during", window));
    Span span = during.map(spans::of).orElse(Span.EVER);
    boolean twice = agg.op() == Op.BETWEEN;
    int level = twice && !inAll ? depth + 1 : depth;
    int nodesBefore = nodes;
    int valuesBefore = values;
    Pair where =
        agg.where()
            .map(rows -> node(rows, at + "/where", level + 1, false, of))
            .orElse(Canon.EVERYONE);
    if (twice) {
      nodes += nodes - nodesBefore;
      countValues(at, values - valuesBefore);
    }
    Optional<FieldDef> field = aggregated(agg, of, at);
    if (field.isEmpty() && agg.agg() != Aggregation.COUNT) {
      return Canon.EVERYONE;
    }
    FieldType type = field.map(one -> Ops.result(agg.agg(), one.type())).orElse(FieldType.INTEGER);
    if (!operatorOfResult(agg, type, field, at)) {
      return Canon.EVERYONE;
    }
    Optional<Segment> rows =
        where.equals(Canon.EVERYONE) ? Optional.empty() : Optional.of(where.segment());
    return asked(
        new Asked(
            type,
            type == field.map(FieldDef::type).orElse(null) ? field : Optional.empty(),
            at,
            depth,
            inAll),
        agg.op(),
        agg.value(),
        leaf ->
            new Pair(
                new Segment.Agg(
                    agg.agg(),
                    agg.of(),
                    agg.field(),
                    rows,
                    during,
                    agg.scope(),
                    leaf.op(),
                    leaf.value()),
                new Node.Aggregate(
                    agg.agg(),
                    of,
                    field.orElse(null),
                    where.node(),
                    span,
                    agg.scope(),
                    leaf.condition())));
  }

  private Optional<FieldDef> aggregated(Segment.Agg agg, CollectionDef of, String at) {
    if (agg.agg() == Aggregation.COUNT) {
      if (agg.field().isPresent()) {
        problems.add(
            at + "/field",
            Code.UNKNOWN_KEY,
            Optional.of(Aggregation.DISTINCT.word()),
            "count 数的是行，没有 field；请删去它，或用 distinct 数不同的值。",
            "count counts rows and has no field; leave it out, or use distinct to count values.");
      }
      return Optional.empty();
    }
    List<String> fit =
        of.fields().values().stream()
            .filter(field -> Ops.makes(agg.agg(), field.type()))
            .map(FieldDef::name)
            .toList();
    if (agg.field().isEmpty()) {
      problems.add(
          at,
          Code.MISSING_KEY,
          "缺少“field”：%s 需要一个字段；请用其中一个：%s。".formatted(agg.agg().word(), String.join(", ", fit)),
          "has no 'field': %s is made of one; use one of %s."
              .formatted(agg.agg().word(), String.join(", ", fit)));
      return Optional.empty();
    }
    FieldDef field = of.fields().get(agg.field().get());
    if (field == null) {
      unknownField(at + "/field", agg.field().get(), of);
      return Optional.empty();
    }
    if (!Ops.makes(agg.agg(), field.type())) {
      Labels type = Ops.labels(field.type());
      problems.add(
          at + "/agg",
          Code.WRONG_AGGREGATE,
          "%s 的“%s”是%s，不能做 %s；请换字段（%s），或换汇总方式（%s）。"
              .formatted(
                  of.name(),
                  field.name(),
                  type.zh(),
                  agg.agg().word(),
                  String.join(", ", fit),
                  aggregates(field.type())),
          "there is no %s of %s, and '%s' of %s is one; use another field (%s) or aggregate (%s)."
              .formatted(
                  agg.agg().word(),
                  type.en(),
                  field.name(),
                  of.name(),
                  String.join(", ", fit),
                  aggregates(field.type())));
      return Optional.empty();
    }
    return Optional.of(field);
  }

  private static String aggregates(FieldType type) {
    return Arrays.stream(Aggregation.values())
        .filter(agg -> Ops.makes(agg, type))
        .map(Aggregation::word)
        .collect(Collectors.joining(", "));
  }

  private boolean operatorOfResult(
      Segment.Agg agg, FieldType type, Optional<FieldDef> field, String at) {
    boolean asksWhetherThere = agg.op() == Op.EXISTS || agg.op() == Op.MISSING;
    if (asksWhetherThere && Ops.NEVER_MISSING.contains(agg.agg())) {
      problems.add(
          at + "/op",
          Code.WRONG_OPERATOR,
          "%s 没有记录时为 0，从不缺失；“有记录”请用 count gte 1，“没有记录”请用 count eq 0。".formatted(agg.agg().word()),
          "%s is 0 without rows and never missing; use count gte 1 for rows that are there, count eq 0 for none."
              .formatted(agg.agg().word()));
      return false;
    }
    Labels label = Ops.labels(type);
    return operator(
        at,
        agg.op(),
        new Labels(
            "%s 的结果是%s，".formatted(agg.agg().word(), label.zh()),
            "%s gives %s, which".formatted(agg.agg().word(), label.en())),
        field.map(one -> Ops.of(schema, agg.agg(), type, one)).orElse(Ops.of(agg.agg(), type)),
        null);
  }

  // ---- conditions

  /** A leaf without sugar. */
  private record Leaf(Op op, Operand value, Condition condition) {}

  /** What is asked, and where. */
  private record Asked(
      FieldType type, Optional<FieldDef> field, String at, int depth, boolean inAll) {}

  /** A condition, its sugar gone. */
  private Pair asked(Asked asked, Op op, Operand value, Function<Leaf, Pair> make) {
    return switch (op) {
      case NE -> negated(asked, Op.EQ, value, make);
      case NOT_IN -> negated(asked, Op.IN, value, make);
      case HAS_NONE -> negated(asked, Op.HAS_ANY, value, make);
      case NOT_CONTAINS -> negated(asked, Op.CONTAINS, value, make);
      case BETWEEN -> between(asked, value, make);
      case EQ,
          IN,
          CONTAINS,
          STARTS_WITH,
          UNDER,
          HAS_ANY,
          HAS_ALL,
          LT,
          LTE,
          GT,
          GTE,
          DURING,
          ANNIVERSARY,
          EXISTS,
          MISSING ->
          leaf(asked, op, value).map(make).orElse(Canon.EVERYONE);
    };
  }

  private Pair negated(Asked asked, Op op, Operand value, Function<Leaf, Pair> make) {
    return leaf(asked, op, value).map(make).map(Canon::not).orElse(Canon.EVERYONE);
  }

  private Pair between(Asked asked, Operand value, Function<Leaf, Pair> make) {
    String at = asked.at() + "/value";
    nodes += asked.inAll() ? 1 : 2;
    limits(asked.at(), asked.inAll() ? asked.depth() : asked.depth() + 1);
    if (!(value instanceof Operand.Many bounds) || bounds.values().size() != 2) {
      problems.add(
          at,
          Code.WRONG_TYPE,
          "between 需要两个值 [最小, 最大]，两端都包含。",
          "must be two values [low, high] for between, both included.");
      return Canon.EVERYONE;
    }
    Object low = scalars.one(asked.type(), asked.field(), bounds.values().get(0), at + "/0");
    Object high = scalars.one(asked.type(), asked.field(), bounds.values().get(1), at + "/1");
    if (low == null || high == null) {
      return Canon.EVERYONE;
    }
    if (Scalars.compared(low, high) > 0) {
      problems.add(
          at,
          Code.WRONG_VALUE,
          "between 的第一个值大于第二个，永远不成立；请交换它们。",
          "must be [low, high], and the first is greater than the second; put them the other way round.");
      return Canon.EVERYONE;
    }
    return Canon.all(List.of(make.apply(bound(Op.GTE, low)), make.apply(bound(Op.LTE, high))));
  }

  private static Leaf bound(Op op, Object value) {
    return new Leaf(op, Scalars.operand(value), Scalars.condition(op, List.of(value)));
  }

  private Optional<Leaf> leaf(Asked asked, Op op, Operand value) {
    String at = asked.at() + "/value";
    return switch (Ops.shape(op)) {
      case NONE -> none(op, value, at);
      case WINDOW -> during(asked, op, value, at);
      case MANY -> many(asked, op, value, at);
      case ONE, PAIR -> one(asked, op, value, at);
    };
  }

  private Optional<Leaf> none(Op op, Operand value, String at) {
    if (!(value instanceof Operand.None)) {
      problems.add(
          at,
          Code.UNKNOWN_KEY,
          "%s 不需要 value；请删去它。".formatted(op.word()),
          "%s has no value; leave it out.".formatted(op.word()));
    }
    return Optional.of(
        new Leaf(
            op,
            new Operand.None(),
            op == Op.EXISTS ? new Condition.Exists() : new Condition.Missing()));
  }

  private Optional<Leaf> during(Asked asked, Op op, Operand value, String at) {
    if (!(value instanceof Operand.Within within)) {
      scalars.wrongShape(
          at,
          value,
          "时间窗，如 {\"last\":\"P30D\"} 或 {\"from\":\"2026-01-01\",\"to\":\"2026-06-30\"}",
          "a window such as {\"last\":\"P30D\"} or {\"from\":\"2026-01-01\",\"to\":\"2026-06-30\"}");
      return Optional.empty();
    }
    return window(at, within.window())
        .map(
            window ->
                new Leaf(
                    op,
                    new Operand.Within(window),
                    op == Op.ANNIVERSARY
                        ? spans.monthDays(window)
                        : asked.type() == FieldType.DATE
                            ? spans.days(window)
                            : new Condition.InSpan(spans.of(window))));
  }

  private Optional<Leaf> many(Asked asked, Op op, Operand value, String at) {
    if (!(value instanceof Operand.Many many)) {
      scalars.wrongShape(at, value, "列表，如 [\"A\",\"B\"]", "a list such as [\"A\",\"B\"]");
      return Optional.empty();
    }
    if (!countValues(at, many.values().size())) {
      return Optional.empty();
    }
    List<Object> found = scalars.list(asked.type(), asked.field(), many.values(), at);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    boolean alone = found.size() == 1;
    Op left = alone && op == Op.IN ? Op.EQ : alone && op == Op.HAS_ALL ? Op.HAS_ANY : op;
    Operand canonical =
        left == Op.EQ
            ? Scalars.operand(found.get(0))
            : new Operand.Many(found.stream().map(Scalars::operand).toList());
    return Optional.of(new Leaf(left, canonical, Scalars.condition(left, found)));
  }

  private boolean countValues(String at, int more) {
    if (more > MOST_IN_LIST) {
      problems.add(
          at,
          Code.TOO_MANY_VALUES,
          "列表最多 1,000 个值；请拆成几个条件放进 any。",
          "has more than 1,000 values; split it into several conditions within an any.");
      return false;
    }
    values += more;
    if (values > MOST_VALUES) {
      problems.add(
          at,
          Code.TOO_MANY_VALUES,
          "所有列表合计最多 10,000 个值；请减少一些，或改用标签、品类等条件。",
          "has more than 10,000 values in all lists together; use fewer, or a tag or category instead.");
      throw problems.refusal();
    }
    return true;
  }

  private Optional<Leaf> one(Asked asked, Op op, Operand value, String at) {
    boolean part = op == Op.CONTAINS || op == Op.STARTS_WITH;
    Object found =
        part ? scalars.part(value, at) : scalars.one(asked.type(), asked.field(), value, at);
    return Optional.ofNullable(found).map(one -> bound(op, one));
  }

  // ---- windows

  private Optional<Window> window(String at, Window window) {
    if (window instanceof Window.Last last) {
      return period(at + "/last", last.period()).map(Window.Last::new);
    }
    if (window instanceof Window.Next next) {
      return period(at + "/next", next.period()).map(Window.Next::new);
    }
    if (window instanceof Window.Before before) {
      return period(at + "/before", before.period()).map(Window.Before::new);
    }
    if (window instanceof Window.Days days) {
      return days(at, days);
    }
    return Optional.of(window);
  }

  private Optional<Window> days(String at, Window.Days days) {
    if (days.from().isEmpty() && days.to().isEmpty()) {
      problems.add(
          at,
          Code.WRONG_WINDOW,
          "时间窗既没有 from 也没有 to；请至少给出一个。",
          "has neither from nor to; give at least one of them.");
      return Optional.empty();
    }
    if (!inRange(days.from(), at + "/from") || !inRange(days.to(), at + "/to")) {
      return Optional.empty();
    }
    if (days.from().isPresent()
        && days.to().isPresent()
        && days.from().get().isAfter(days.to().get())) {
      problems.add(
          at,
          Code.WRONG_WINDOW,
          "时间窗在开始之前就结束了：from %s 晚于 to %s；请交换它们。".formatted(days.from().get(), days.to().get()),
          "ends before it starts: from %s is after to %s; put them the other way round."
              .formatted(days.from().get(), days.to().get()));
      return Optional.empty();
    }
    return Optional.of(days);
  }

  private boolean inRange(Optional<LocalDate> day, String at) {
    return day.isEmpty() || scalars.inRange(day.get(), at);
  }

  private Optional<Period> period(String at, Period period) {
    if (!Periods.sane(period)) {
      problems.add(
          at,
          Code.WRONG_WINDOW,
          "时长必须至少 1 天、最多 100 年，且不能为负；如 P30D、P6M、P1Y。只要今天请用 {\"this\":\"day\"}。",
          "must be a period of at least one day and at most 100 years, such as P30D, P6M, P1Y; for today use {\"this\":\"day\"}.");
      return Optional.empty();
    }
    return Optional.of(period.normalized());
  }
}
