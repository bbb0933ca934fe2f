package io.laoke.segment;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes random segments that a schema can answer: the same ones for the same seed. Half of all
 * operands are plausible ones, so that trees are neither true of all nor of none.
 */
final class Trees {
  /** Values that members or rows really have. */
  interface Plausible {
    /**
     * Values of a field: String for CODE, TEXT, REGION, CATEGORY and TAGS, Long for INTEGER and
     * MONEY (fen), LocalDate for DATE, Instant for INSTANT; none of FLAG are needed. Where there
     * are none, the field is asked for exists and missing only; those of closed lists come from the
     * schema then.
     *
     * @param of the collection of whose rows it is; null: of members
     */
    List<?> of(@Nullable CollectionDef of, FieldDef field);
  }

  private static final List<String> ODD_TEXTS =
      List.of("%", "_", "'", "\\", "\"", "a%b", "!", "?", ":x", "𠮷", "--", "O'Neil", " x", "é");

  private final Schema schema;
  private final Plausible plausible;
  private final Random random;
  private final LocalDate today;
  private List<String> references = List.of();
  private int deepest = 4;

  Trees(Schema schema, Plausible plausible, Instant asOf, long seed) {
    this.schema = schema;
    this.plausible = plausible;
    this.random = new Random(seed);
    this.today = asOf.atZone(schema.zone()).toLocalDate();
  }

  /** With references to these saved segments, which should be small. */
  Trees referring(String... keys) {
    references = List.of(keys);
    return this;
  }

  /** Nested at most that deeply; 4 unless said otherwise, 6 at most. */
  Trees deepest(int levels) {
    deepest = levels;
    return this;
  }

  /** One more. */
  Segment next() {
    return member(1);
  }

  private Segment member(int depth) {
    if (depth < deepest && chance(depth == 1 ? 70 : 35)) {
      return branch(depth, () -> member(depth + 1));
    }
    int kind = random.nextInt(100);
    if (kind < 45) {
      return field(null, List.copyOf(schema.memberFields().values()));
    }
    if (kind < 90) {
      return aggregate(depth);
    }
    if (kind < 95 && !references.isEmpty()) {
      return new Segment.InSegment(one(references));
    }
    if (kind < 99) {
      int from = random.nextInt(9_000);
      return new Segment.Bucket(
          one(List.of("a", "spring", "双十一")), from, from + 1 + random.nextInt(1_000));
    }
    return new Segment.Everyone();
  }

  private Segment branch(int depth, Supplier<Segment> part) {
    int kind = random.nextInt(10);
    if (kind < 2) {
      return new Segment.Not(part.get());
    }
    int size = chance(4) ? 0 : 1 + random.nextInt(depth == 1 ? 4 : 3);
    List<Segment> parts = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      parts.add(part.get());
    }
    return kind < 7 ? new Segment.All(parts) : new Segment.Any(parts);
  }

  private Segment aggregate(int depth) {
    CollectionDef of = one(List.copyOf(schema.collections().values()));
    List<FieldDef> fields = List.copyOf(of.fields().values());
    Optional<Segment> where =
        chance(60)
            ? Optional.of(rows(of, fields, Math.max(depth + 1, deepest - 1)))
            : Optional.empty();
    Optional<Window> during = chance(45) ? Optional.of(window()) : Optional.empty();
    Scope scope = of.scoped() && chance(20) ? Scope.ALL : Scope.DEFAULT;
    Aggregation agg = one(List.of(Aggregation.values()));
    List<FieldDef> fit = fields.stream().filter(field -> Ops.makes(agg, field.type())).toList();
    if (agg == Aggregation.COUNT || fit.isEmpty()) {
      return counted(Aggregation.COUNT, of, Optional.empty(), where, during, scope);
    }
    FieldDef field = one(fit);
    if (agg == Aggregation.DISTINCT) {
      return counted(agg, of, Optional.of(field.name()), where, during, scope);
    }
    Asked asked =
        agg == Aggregation.SUM
            ? number(Op.GTE, times(values(of, field), 1 + random.nextInt(4)), field.type(), false)
            : asked(of, field, agg == Aggregation.AVG);
    return new Segment.Agg(
        agg, of.name(), Optional.of(field.name()), where, during, scope, asked.op(), asked.value());
  }

  private Segment counted(
      Aggregation agg,
      CollectionDef of,
      Optional<String> field,
      Optional<Segment> where,
      Optional<Window> during,
      Scope scope) {
    Asked asked = number(Op.GTE, List.of(0L, 1L, 1L, 2L, 3L, 5L), FieldType.INTEGER, false);
    return new Segment.Agg(agg, of.name(), field, where, during, scope, asked.op(), asked.value());
  }

  private static List<?> times(List<?> values, int factor) {
    return values.stream().map(one -> (Object) (((Number) one).longValue() * factor)).toList();
  }

  private Segment rows(CollectionDef of, List<FieldDef> fields, int depth) {
    if (depth <= deepest && chance(45)) {
      return branch(depth, () -> rows(of, fields, depth + 1));
    }
    return field(of, fields);
  }

  private Segment field(@Nullable CollectionDef of, List<FieldDef> fields) {
    FieldDef field = one(fields);
    Asked asked = asked(of, field, false);
    return new Segment.Field(field.name(), asked.op(), asked.value());
  }

  // ---- conditions

  private record Asked(Op op, Operand value) {}

  private Asked asked(@Nullable CollectionDef of, FieldDef field, boolean numbersOnly) {
    List<?> values = values(of, field);
    if (!numbersOnly && (chance(8) || (values.isEmpty() && field.type() != FieldType.FLAG))) {
      return new Asked(chance(50) ? Op.EXISTS : Op.MISSING, new Operand.None());
    }
    List<Op> ops =
        Ops.of(schema, field).stream().filter(op -> op != Op.EXISTS && op != Op.MISSING).toList();
    Op op = one(ops);
    return switch (field.type()) {
      case INTEGER, MONEY -> number(op, values, field.type(), true);
      case FLAG -> new Asked(op, new Operand.Flag(random.nextBoolean()));
      case DATE, INSTANT -> time(op, values);
      case CODE, TEXT, REGION, CATEGORY, TAGS -> text(op, field, values);
    };
  }

  private List<?> values(@Nullable CollectionDef of, FieldDef field) {
    List<?> given = plausible.of(of, field);
    if (!given.isEmpty()) {
      return given;
    }
    return field.codes().isEmpty()
        ? schema.values(field).map(all -> List.copyOf(all.keySet())).orElse(List.of())
        : List.copyOf(field.codes().keySet());
  }

  private Asked text(Op op, FieldDef field, List<?> values) {
    return switch (Ops.shape(op)) {
      case MANY -> new Asked(op, many(values.stream().map(Object::toString).toList()));
      default -> {
        String text = one(values).toString();
        boolean inner = op == Op.CONTAINS || op == Op.NOT_CONTAINS || op == Op.STARTS_WITH;
        if (field.type() == FieldType.TEXT && chance(10)) {
          text = one(ODD_TEXTS);
        } else if (inner) {
          text = partOf(text, op == Op.STARTS_WITH);
        } else if (op == Op.UNDER && text.contains("/") && chance(50)) {
          text = text.substring(0, text.lastIndexOf('/'));
          text = known(field, text) ? text : one(values).toString();
        }
        yield new Asked(op, new Operand.Text(text));
      }
    };
  }

  private boolean known(FieldDef field, String path) {
    return schema.values(field).map(all -> all.containsKey(path)).orElse(true);
  }

  private String partOf(String text, boolean start) {
    int length = text.codePointCount(0, text.length());
    int from = start ? 0 : random.nextInt(length);
    int to = from + 1 + random.nextInt(length - from);
    String part = text.substring(text.offsetByCodePoints(0, from), text.offsetByCodePoints(0, to));
    return part.isBlank() ? text : part;
  }

  private Operand many(List<String> values) {
    List<Operand> many = new ArrayList<>();
    int size = 1 + random.nextInt(3);
    for (int i = 0; i < size; i++) {
      many.add(new Operand.Text(one(values)));
    }
    return new Operand.Many(many);
  }

  private Asked number(Op given, List<?> values, FieldType type, boolean keep) {
    Op op =
        keep
            ? given
            : one(
                type == FieldType.MONEY
                    ? List.of(Op.GTE, Op.LTE, Op.GT, Op.LT, Op.BETWEEN, Op.EQ, Op.NE)
                    : List.of(
                        Op.GTE, Op.LTE, Op.GT, Op.LT, Op.BETWEEN, Op.EQ, Op.IN, Op.NE, Op.NOT_IN));
    return switch (Ops.shape(op)) {
      case PAIR -> {
        long a = near(values);
        long b = near(values);
        yield new Asked(op, list(Math.min(a, b), Math.max(a, b)));
      }
      case MANY -> new Asked(op, list(near(values), near(values), near(values)));
      default -> new Asked(op, new Operand.Whole(near(values)));
    };
  }

  private long near(List<?> values) {
    Object value = values.isEmpty() ? (Object) (long) random.nextInt(10) : one(values);
    long number = value instanceof BigDecimal big ? big.longValue() : ((Number) value).longValue();
    return chance(25) ? number + random.nextInt(3) - 1 : number;
  }

  private static Operand list(long... values) {
    return new Operand.Many(
        Arrays.stream(values).mapToObj(one -> (Operand) new Operand.Whole(one)).toList());
  }

  private Asked time(Op op, List<?> values) {
    return switch (Ops.shape(op)) {
      case WINDOW -> new Asked(op, new Operand.Within(window()));
      case PAIR -> {
        LocalDate a = (LocalDate) one(values);
        LocalDate b = (LocalDate) one(values);
        yield new Asked(
            op,
            new Operand.Many(
                List.of(
                    new Operand.Text((a.isBefore(b) ? a : b).toString()),
                    new Operand.Text((a.isBefore(b) ? b : a).toString()))));
      }
      default -> new Asked(op, new Operand.Text(one(values).toString()));
    };
  }

  /** Any window that is right. */
  Window window() {
    return switch (random.nextInt(8)) {
      case 0 -> new Window.Next(period(60));
      case 1 -> new Window.Before(period(900));
      case 2 -> new Window.This(one(List.of(Window.Unit.values())));
      case 3 -> new Window.Prev(one(List.of(Window.Unit.values())));
      case 4 -> new Window.NextUnit(one(List.of(Window.Unit.values())));
      case 5, 6 -> new Window.Last(period(900));
      default -> days();
    };
  }

  private Window days() {
    LocalDate from = today.minusDays(random.nextInt(1_200));
    LocalDate to = from.plusDays(chance(20) ? 0 : random.nextInt(500));
    return chance(70)
        ? new Window.Days(Optional.of(from), Optional.of(to))
        : chance(50)
            ? new Window.Days(Optional.of(from), Optional.empty())
            : new Window.Days(Optional.empty(), Optional.of(to));
  }

  private Period period(int mostDays) {
    return switch (random.nextInt(4)) {
      case 0 -> Period.ofDays(1 + random.nextInt(mostDays));
      case 1 -> Period.ofMonths(1 + random.nextInt(1 + mostDays / 30));
      case 2 -> Period.ofYears(1 + random.nextInt(1 + mostDays / 365));
      default -> Period.of(random.nextInt(2), random.nextInt(6), 1 + random.nextInt(28));
    };
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T one(List<? extends T> of) {
    return of.get(random.nextInt(of.size()));
  }
}
