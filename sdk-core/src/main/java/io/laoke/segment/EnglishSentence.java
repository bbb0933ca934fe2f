package io.laoke.segment;

import java.time.LocalDate;
import java.time.Period;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in English what a segment asks. */
final class EnglishSentence {
  private static final String UNKNOWN_TOO = " (or unknown)";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);

  private final Terms terms;

  private EnglishSentence(Schema schema) {
    this.terms = new Terms(schema, Labels::en);
  }

  /** A segment, or a part of one that is about members. */
  static String of(Segment segment, Schema schema) {
    return of(segment, schema, null);
  }

  /**
   * A part of one.
   *
   * @param rows the collection of whose rows it is; null: of members
   */
  static String of(Segment segment, Schema schema, @Nullable CollectionDef rows) {
    return new EnglishSentence(schema).said(segment, rows, 1);
  }

  // ---- all, any, not

  private String said(Segment node, @Nullable CollectionDef rows, int depth) {
    if (depth > Terms.DEEPEST) {
      return "…";
    }
    if (node instanceof Segment.Not not) {
      return denied(not.of(), rows, depth);
    }
    if (node instanceof Segment.Field field) {
      return field(field, rows, false);
    }
    if (node instanceof Segment.Agg agg) {
      return aggregate(agg, false, depth);
    }
    if (node instanceof Segment.InSegment in) {
      return "is in segment '%s'".formatted(terms.segment(in.key()));
    }
    if (node instanceof Segment.Bucket bucket) {
      return "is in " + bucket(bucket);
    }
    if (node instanceof Segment.Everyone) {
      return everything(rows);
    }
    List<Segment> parts = Terms.parts(node);
    if (parts.isEmpty()) {
      return node instanceof Segment.All ? everything(rows) : nothing(rows);
    }
    return joined(parts, node instanceof Segment.All ? ", and " : ", or ", rows, depth);
  }

  private String joined(List<Segment> parts, String word, @Nullable CollectionDef rows, int depth) {
    return parts.stream()
        .map(
            part -> {
              String said = said(part, rows, depth + 1);
              return parts.size() > 1 && several(part) ? "(" + said + ")" : said;
            })
        .collect(Collectors.joining(word));
  }

  private static boolean several(Segment part) {
    return (part instanceof Segment.All || part instanceof Segment.Any)
        && Terms.parts(part).size() > 1;
  }

  private static String everything(@Nullable CollectionDef rows) {
    return rows == null ? "every member" : "every row";
  }

  private static String nothing(@Nullable CollectionDef rows) {
    return rows == null ? "no member at all" : "no row at all";
  }

  private String denied(Segment node, @Nullable CollectionDef rows, int depth) {
    if (depth > Terms.DEEPEST) {
      return "…";
    }
    if (node instanceof Segment.Not not) {
      return said(not.of(), rows, depth + 1);
    }
    if (node instanceof Segment.Field field) {
      return field(field, rows, true);
    }
    if (node instanceof Segment.Agg agg) {
      return aggregate(agg, true, depth);
    }
    if (node instanceof Segment.InSegment in) {
      return "is not in segment '%s'".formatted(terms.segment(in.key()));
    }
    if (node instanceof Segment.Bucket bucket) {
      return "is not in " + bucket(bucket);
    }
    List<Segment> parts = Terms.parts(node);
    if (parts.isEmpty()) {
      return node instanceof Segment.Any ? everything(rows) : nothing(rows);
    }
    return parts.size() == 1
        ? denied(parts.get(0), rows, depth + 1)
        : "not (%s)".formatted(said(node, rows, depth + 1));
  }

  private static String bucket(Segment.Bucket bucket) {
    int share = bucket.to() - bucket.from();
    String percent =
        share % 100 == 0
            ? String.valueOf(share / 100)
            : Terms.yuan(share, false).replaceAll("0+$", "");
    return "the random %s%% of members by '%s' (numbers %d to %d)"
        .formatted(percent, Terms.cut(bucket.salt()), bucket.from(), bucket.to() - 1);
  }

  // ---- values

  private String field(Segment.Field field, @Nullable CollectionDef rows, boolean negated) {
    FieldDef def = terms.field(field.field(), rows);
    return value(
        new Subject(def.labels().en(), def, false, UNKNOWN_TOO),
        field.op(),
        field.value(),
        negated);
  }

  /**
   * Of what something is said.
   *
   * @param made whether it was made of rows
   * @param missingToo what is said where members without a value are among those meant
   */
  private record Subject(String name, FieldDef field, boolean made, String missingToo) {
    FieldType type() {
      return field.type();
    }
  }

  private String value(Subject of, Op given, Operand value, boolean not) {
    boolean negated = not != Terms.negates(given).isPresent();
    Op op = Terms.negates(given).orElse(given);
    if (op == Op.EXISTS || op == Op.MISSING) {
      boolean there = (op == Op.EXISTS) != negated;
      if (of.type() == FieldType.TAGS) {
        return (there ? "has " : "has no ") + of.name();
      }
      return of.name()
          + (there ? " is known" : " is unknown")
          + (of.made() && !there ? of.missingToo() : "");
    }
    if (of.type() == FieldType.TAGS) {
      return tags(of, op, value, negated);
    }
    if (of.type() == FieldType.FLAG) {
      return flag(of, value, negated);
    }
    return of.name() + " " + predicate(of, op, value, negated) + (negated ? of.missingToo() : "");
  }

  private String tags(Subject of, Op op, Operand value, boolean negated) {
    List<String> all =
        Terms.operands(value).stream()
            .map(one -> quote(terms.value(of.field(), Terms.text(one))))
            .toList();
    String which = all.size() == 1 ? all.get(0) : listed(all, op == Op.HAS_ALL ? "and" : "or");
    String how = op == Op.HAS_ALL && all.size() > 1 ? "all of " : "";
    return of.name() + (negated ? " do not include " : " include ") + how + which;
  }

  private static String flag(Subject of, Operand value, boolean negated) {
    boolean yes = value instanceof Operand.Flag flag && flag.value();
    boolean said = yes != negated;
    String name = of.name();
    String after = negated ? of.missingToo() : "";
    if (!of.made() && name.startsWith("has ")) {
      return (said ? name : "does not have " + name.substring(4)) + after;
    }
    if (!of.made() && name.startsWith("follows ")) {
      return (said ? name : "does not follow " + name.substring(8)) + after;
    }
    return name + (said ? " is yes" : " is no") + after;
  }

  private String predicate(Subject of, Op given, Operand value, boolean negated) {
    Op op = negated ? Terms.opposite(given) : given;
    boolean no = negated && op == given;
    String is = no ? "is not " : "is ";
    return switch (op) {
      case EQ -> is + (tree(of) ? "exactly " : "") + one(of, value);
      case IN -> is + (tree(of) ? "exactly " : "") + many(of, value);
      case CONTAINS -> (no ? "does not contain " : "contains ") + one(of, value);
      case STARTS_WITH -> (no ? "does not start with " : "starts with ") + one(of, value);
      case UNDER -> is + "in " + one(of, value);
      case DURING -> is + within(Terms.window(value));
      case ANNIVERSARY ->
          (no ? "does not fall " : "falls ") + within(Terms.window(value)) + " by month and day";
      case BETWEEN -> is + "between " + bounds(of, value);
      default -> "is " + compared(of, op) + one(of, value);
    };
  }

  private static boolean tree(Subject of) {
    return of.type() == FieldType.REGION || of.type() == FieldType.CATEGORY;
  }

  private String many(Subject of, Operand value) {
    return listed(Terms.operands(value).stream().map(one -> one(of, one)).toList(), "or");
  }

  private String bounds(Subject of, Operand value) {
    return Terms.operands(value).stream()
        .map(one -> one(of, one))
        .collect(Collectors.joining(" and "));
  }

  private static String compared(Subject of, Op op) {
    boolean time = of.type() == FieldType.DATE || of.type() == FieldType.INSTANT;
    return switch (op) {
      case LT -> time ? "before " : "less than ";
      case LTE -> time ? "on or before " : "at most ";
      case GT -> time ? "after " : "more than ";
      default -> time ? "on or after " : "at least ";
    };
  }

  private String one(Subject of, Operand value) {
    return switch (of.type()) {
      case MONEY -> money(Terms.number(value));
      case INTEGER, FLAG, DATE -> Terms.cut(Terms.text(value));
      case INSTANT -> time(value);
      case TEXT -> quote(Terms.text(value));
      case CODE, REGION, CATEGORY, TAGS -> terms.value(of.field(), Terms.text(value));
    };
  }

  private static String money(long fen) {
    String yuan = Terms.yuan(fen, true);
    return yuan.startsWith("-") ? "-¥" + yuan.substring(1) : "¥" + yuan;
  }

  private static String quote(String text) {
    return "'" + Terms.cut(text) + "'";
  }

  private static String listed(List<String> all, String last) {
    int size = all.size();
    if (size > Terms.NAMED) {
      return String.join(", ", all.subList(0, Terms.NAMED))
          + " %s %d others".formatted(last, size - Terms.NAMED);
    }
    return size < 2
        ? String.join("", all)
        : String.join(", ", all.subList(0, size - 1)) + " " + last + " " + all.get(size - 1);
  }

  private String time(Operand value) {
    ZonedDateTime time = terms.time(value);
    return time == null ? quote(Terms.text(value)) : TIME.format(time).replaceAll(":00$", "");
  }

  // ---- windows

  private static String within(Window window) {
    if (window instanceof Window.Last last) {
      return "in the last " + one(period(last.period()));
    }
    if (window instanceof Window.Next next) {
      return "in the next " + one(period(next.period()));
    }
    if (window instanceof Window.Before before) {
      return "more than " + period(before.period()) + " ago";
    }
    if (window instanceof Window.This of) {
      return of.unit() == Window.Unit.DAY ? "today" : "this " + of.unit().word();
    }
    if (window instanceof Window.Prev of) {
      return of.unit() == Window.Unit.DAY
          ? "yesterday"
          : "in the previous calendar " + of.unit().word();
    }
    if (window instanceof Window.NextUnit of) {
      return of.unit() == Window.Unit.DAY ? "tomorrow" : "in the next calendar " + of.unit().word();
    }
    return days((Window.Days) window);
  }

  private static String days(Window.Days days) {
    LocalDate from = days.from().orElse(null);
    LocalDate to = days.to().orElse(null);
    if (from == null) {
      return to == null ? "at any time" : "on or before " + to;
    }
    if (to == null) {
      return "on or after " + from;
    }
    return from.equals(to) ? "on " + from : "from " + from + " to " + to;
  }

  private static String period(Period period) {
    List<String> parts = new ArrayList<>();
    part(parts, period.getYears(), "year");
    part(parts, period.getMonths(), "month");
    part(parts, period.getDays(), "day");
    return parts.isEmpty() ? "0 days" : String.join(" and ", parts);
  }

  /** "In the last year", not "in the last 1 year". */
  private static String one(String period) {
    return period.startsWith("1 ") && !period.contains(" and ") ? period.substring(2) : period;
  }

  private static void part(List<String> parts, int number, String unit) {
    if (number != 0) {
      parts.add(number + " " + unit + (number == 1 ? "" : "s"));
    }
  }

  // ---- aggregates

  private String aggregate(Segment.Agg agg, boolean negated, int depth) {
    CollectionDef of = terms.collection(agg.of());
    Terms.RowsOf rows = terms.rows(agg, of);
    String things = things(of, rows.categories());
    String which = only(agg, of, rows.others(), depth);
    String when = agg.during().map(window -> " " + within(window)).orElse("");
    if (agg.agg() == Aggregation.COUNT) {
      return counted(agg, things + which + when, negated);
    }
    FieldDef field = terms.field(agg.field().orElse(""), of);
    return made(agg, things + which + when, of, field, negated);
  }

  private static String things(CollectionDef of, List<String> categories) {
    String things = of.name().equals("items") ? "purchases" : of.labels().en();
    return categories.isEmpty() ? things : things + " of " + categories.get(0);
  }

  private String only(Segment.Agg agg, CollectionDef of, List<Segment> others, int depth) {
    List<String> said = new ArrayList<>();
    if (agg.scope() == Scope.ALL) {
      said.add("cancelled and returned ones included");
    }
    if (others.size() == 1) {
      said.add("where " + said(others.get(0), of, depth + 1));
    } else if (!others.isEmpty()) {
      said.add("where " + joined(others, ", and ", of, depth + 1));
    }
    return said.isEmpty() ? "" : " (" + String.join("; ", said) + ")";
  }

  private String counted(Segment.Agg agg, String rows, boolean negated) {
    Optional<Boolean> any = Terms.any(agg.op(), agg.value(), negated);
    if (any.isPresent()) {
      return (any.get() ? "has " : "has no ") + rows;
    }
    return value(
        new Subject("number of " + rows, FieldDef.of("", FieldType.INTEGER, "", ""), true, ""),
        agg.op(),
        agg.value(),
        negated);
  }

  private String made(
      Segment.Agg agg, String rows, CollectionDef of, FieldDef field, boolean negated) {
    FieldType type = Ops.result(agg.agg(), field.type());
    FieldDef result = type == field.type() ? field : FieldDef.of("", type, "", "");
    String none = " (or without %s)".formatted(things(of, List.of()));
    String label = field.labels().en();
    if (agg.agg() == Aggregation.SUM) {
      Op op = Terms.negates(agg.op()).orElse(agg.op());
      boolean not = negated != Terms.negates(agg.op()).isPresent();
      boolean zero = Terms.zeroFits(op, agg.value()) != not;
      Subject sum = new Subject("total " + label + " of " + rows, result, true, "");
      return value(sum, op, agg.value(), not) + (zero ? none : "");
    }
    boolean time = field.type() == FieldType.DATE || field.type() == FieldType.INSTANT;
    String which =
        switch (agg.agg()) {
          case AVG -> "average ";
          case MIN -> time ? "earliest " : "lowest ";
          case MAX -> time ? "latest " : "highest ";
          case FIRST -> "first ";
          case LAST -> "last ";
          case COUNT, SUM, DISTINCT -> "number of different values of ";
        };
    boolean counts = agg.agg() == Aggregation.DISTINCT;
    Subject made = new Subject(which + label + " of " + rows, result, true, counts ? "" : none);
    return value(made, agg.op(), agg.value(), negated);
  }
}
