package io.laoke.segment;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What sentences in both languages look up. Nothing here refuses a tree that cannot be resolved:
 * what has no label is called by its name.
 */
final class Terms {
  private static final int LONGEST = 40;

  /** Deeper parts, which no segment that was resolved has, are not said. */
  static final int DEEPEST = 40;

  /** Most values of a list that a sentence names. */
  static final int NAMED = 10;

  private final Schema schema;
  private final Function<Labels, String> language;

  Terms(Schema schema, Function<Labels, String> language) {
    this.schema = schema;
    this.language = language;
  }

  FieldDef field(String name, @Nullable CollectionDef rows) {
    Map<String, FieldDef> fields = rows == null ? schema.memberFields() : rows.fields();
    FieldDef found = fields.get(name);
    return found == null ? FieldDef.of(name, FieldType.TEXT, cut(name), cut(name)) : found;
  }

  CollectionDef collection(String name) {
    CollectionDef found = schema.collections().get(name);
    return found == null
        ? new CollectionDef(name, new Labels(cut(name), cut(name)), false, new LinkedHashMap<>())
        : found;
  }

  String segment(String key) {
    return cut(schema.savedName(key).orElse(key));
  }

  /** What people call a code or path. */
  String value(FieldDef field, String code) {
    Optional<Map<String, Labels>> known =
        field.codes().isEmpty() ? schema.values(field) : Optional.of(field.codes());
    return cut(
        known
            .map(
                all -> {
                  Labels labels = all.get(code);
                  return labels == null
                      ? all.get(schema.unlisted(field, code).orElse(code))
                      : labels;
                })
            .map(language)
            .orElse(code));
  }

  /** In one line, and not too long. */
  static String cut(String text) {
    StringBuilder line = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .map(c -> Character.isISOControl(c) || c == 0x2028 || c == 0x2029 ? ' ' : c)
        .map(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE ? '?' : c)
        .forEach(line::appendCodePoint);
    return text.codePointCount(0, text.length()) > LONGEST
        ? line.append('…').toString()
        : line.toString();
  }

  static List<Operand> operands(Operand value) {
    return value instanceof Operand.Many many ? many.values() : List.of(value);
  }

  static long number(Operand value) {
    return value instanceof Operand.Whole whole ? whole.value() : 0;
  }

  static String text(Operand value) {
    if (value instanceof Operand.Text text) {
      return text.value();
    }
    if (value instanceof Operand.Whole whole) {
      return String.valueOf(whole.value());
    }
    return value instanceof Operand.Flag flag ? String.valueOf(flag.value()) : "?";
  }

  static Window window(Operand value) {
    return value instanceof Operand.Within within
        ? within.window()
        : new Window.Days(Optional.empty(), Optional.empty());
  }

  /** Yuan, with fen only where there are some. */
  static String yuan(long fen, boolean grouped) {
    BigDecimal yuan = BigDecimal.valueOf(fen, 2);
    boolean whole = fen % 100 == 0;
    String plain = yuan.setScale(whole ? 0 : 2, RoundingMode.UNNECESSARY).toPlainString();
    return grouped ? String.format(Locale.ROOT, whole ? "%,.0f" : "%,.2f", yuan) : plain;
  }

  static @Nullable LocalDate date(Operand value) {
    try {
      return LocalDate.parse(text(value));
    } catch (DateTimeException none) {
      return null;
    }
  }

  /** A time as the dealer's clock shows it. */
  @Nullable ZonedDateTime time(Operand value) {
    try {
      Instant instant = OffsetDateTime.parse(text(value)).toInstant();
      return instant.atZone(schema.zone());
    } catch (DateTimeException none) {
      return null;
    }
  }

  /** The operator that asks for the opposite of a value that is there. */
  static Op opposite(Op op) {
    return switch (op) {
      case LT -> Op.GTE;
      case LTE -> Op.GT;
      case GT -> Op.LTE;
      case GTE -> Op.LT;
      case EXISTS -> Op.MISSING;
      case MISSING -> Op.EXISTS;
      default -> op;
    };
  }

  /** What an operator with a "not" of its own negates. */
  static Optional<Op> negates(Op op) {
    return switch (op) {
      case NE -> Optional.of(Op.EQ);
      case NOT_IN -> Optional.of(Op.IN);
      case HAS_NONE -> Optional.of(Op.HAS_ANY);
      case NOT_CONTAINS -> Optional.of(Op.CONTAINS);
      default -> Optional.empty();
    };
  }

  /** Whether 0 is what is asked for. */
  static boolean zeroFits(Op op, Operand value) {
    List<Operand> given = operands(value);
    long first = given.isEmpty() ? 0 : number(given.get(0));
    return switch (op) {
      case EQ -> first == 0;
      case LT -> first > 0;
      case LTE -> first >= 0;
      case GT -> first < 0;
      case GTE -> first <= 0;
      case IN -> given.stream().anyMatch(one -> number(one) == 0);
      case BETWEEN -> !given.isEmpty() && first <= 0 && number(given.get(given.size() - 1)) >= 0;
      default -> false;
    };
  }

  /** How many rows there are, where the answer is whether there are any. */
  static Optional<Boolean> any(Op op, Operand value, boolean negated) {
    if (!(value instanceof Operand.Whole whole)) {
      return Optional.empty();
    }
    long bound = whole.value();
    boolean some = (op == Op.GTE && bound == 1) || (op == Op.GT && bound == 0);
    boolean none =
        (op == Op.EQ && bound == 0) || (op == Op.LT && bound == 1) || (op == Op.LTE && bound == 0);
    return some || none ? Optional.of(some != negated) : Optional.empty();
  }

  /** The same parts without an all within an all, or an any within an any. */
  static List<Segment> parts(Segment node) {
    List<Segment> flat = new ArrayList<>();
    flatten(node, node instanceof Segment.All, flat, 1);
    return flat;
  }

  private static void flatten(Segment node, boolean all, List<Segment> into, int depth) {
    List<Segment> of =
        all && node instanceof Segment.All some
            ? some.of()
            : !all && node instanceof Segment.Any some ? some.of() : List.of();
    for (Segment part : of) {
      boolean same = all ? part instanceof Segment.All : part instanceof Segment.Any;
      if (same && !nodes(part).isEmpty() && depth < DEEPEST) {
        flatten(part, all, into, depth + 1);
      } else {
        into.add(part);
      }
    }
  }

  private static List<Segment> nodes(Segment node) {
    return node instanceof Segment.All all
        ? all.of()
        : node instanceof Segment.Any any ? any.of() : List.of();
  }

  /** An aggregate's rows: those of categories by their names, the other conditions apart. */
  record RowsOf(List<String> categories, List<Segment> others) {}

  RowsOf rows(Segment.Agg agg, CollectionDef of) {
    List<Segment> parts =
        agg.where()
            .map(where -> where instanceof Segment.All ? parts(where) : List.of(where))
            .orElse(List.of());
    List<String> categories = new ArrayList<>();
    List<Segment> others = new ArrayList<>();
    for (Segment part : parts) {
      if (categories.isEmpty()
          && part instanceof Segment.Field field
          && field.op() == Op.UNDER
          && field(field.field(), of).type() == FieldType.CATEGORY) {
        categories.add(value(field(field.field(), of), text(field.value())));
      } else {
        others.add(part);
      }
    }
    return new RowsOf(categories, others);
  }
}
