package io.laoke.segment;

import java.time.LocalDate;
import java.time.Period;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in Chinese what a segment asks. */
final class ChineseSentence {

  private final Terms terms;

  private ChineseSentence(Schema schema) {
    this.terms = new Terms(schema, Labels::zh);
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
    return new ChineseSentence(schema).said(segment, rows, 1);
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
      return "属于分组“%s”".formatted(terms.segment(in.key()));
    }
    if (node instanceof Segment.Bucket bucket) {
      return "在%s中".formatted(bucket(bucket));
    }
    if (node instanceof Segment.Everyone) {
      return everything(rows);
    }
    List<Segment> parts = Terms.parts(node);
    if (parts.isEmpty()) {
      return node instanceof Segment.All ? everything(rows) : nothing(rows);
    }
    return joined(parts, node instanceof Segment.All ? "，且" : "，或", rows, depth);
  }

  private String joined(List<Segment> parts, String word, @Nullable CollectionDef rows, int depth) {
    return parts.stream()
        .map(
            part -> {
              String said = said(part, rows, depth + 1);
              return parts.size() > 1 && several(part) ? "（" + said + "）" : said;
            })
        .collect(Collectors.joining(word));
  }

  private static boolean several(Segment part) {
    return (part instanceof Segment.All || part instanceof Segment.Any)
        && Terms.parts(part).size() > 1;
  }

  private static String everything(@Nullable CollectionDef rows) {
    return rows == null ? "所有会员" : "所有记录";
  }

  private static String nothing(@Nullable CollectionDef rows) {
    return rows == null ? "任何会员都不符合" : "任何记录都不符合";
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
      return "不属于分组“%s”".formatted(terms.segment(in.key()));
    }
    if (node instanceof Segment.Bucket bucket) {
      return "不在%s中".formatted(bucket(bucket));
    }
    List<Segment> parts = Terms.parts(node);
    if (parts.isEmpty()) {
      return node instanceof Segment.Any ? everything(rows) : nothing(rows);
    }
    return parts.size() == 1
        ? denied(parts.get(0), rows, depth + 1)
        : "不满足（%s）".formatted(said(node, rows, depth + 1));
  }

  private static String bucket(Segment.Bucket bucket) {
    int share = bucket.to() - bucket.from();
    String percent =
        share % 100 == 0
            ? String.valueOf(share / 100)
            : Terms.yuan(share, false).replaceAll("0+$", "");
    return "按“%s”随机分出的%s%%会员（%d至%d号）"
        .formatted(Terms.cut(bucket.salt()), percent, bucket.from(), bucket.to() - 1);
  }

  // ---- values

  private String field(Segment.Field field, @Nullable CollectionDef rows, boolean negated) {
    FieldDef def = terms.field(field.field(), rows);
    return value(
        new Subject(def.labels().zh(), def, false, false, "", missingToo(def)),
        field.op(),
        field.value(),
        negated);
  }

  private static String missingToo(FieldDef field) {
    return switch (field.type()) {
      case CODE, REGION, CATEGORY, FLAG -> "（含未知）";
      case TEXT, TAGS, INTEGER, MONEY, DATE, INSTANT -> "（含没有%s的）".formatted(field.labels().zh());
    };
  }

  /**
   * Of what something is said.
   *
   * @param made whether it was made of rows, so that "有" before it sounds wrong
   * @param total whether it is a sum, which people reach rather than have
   * @param measure word behind a number
   * @param missingToo what is said where members without a value are among those meant
   */
  private record Subject(
      String name, FieldDef field, boolean made, boolean total, String measure, String missingToo) {
    FieldType type() {
      return field.type();
    }
  }

  private String value(Subject of, Op given, Operand value, boolean not) {
    boolean negated = not != Terms.negates(given).isPresent();
    Op op = Terms.negates(given).orElse(given);
    if (op == Op.EXISTS || op == Op.MISSING) {
      return there(of, (op == Op.EXISTS) != negated);
    }
    if (of.type() == FieldType.TAGS) {
      return tags(of, op, value, negated);
    }
    if (of.type() == FieldType.FLAG) {
      return flag(of, value, negated);
    }
    return of.name() + predicate(of, op, value, negated) + (negated ? of.missingToo() : "");
  }

  private static String there(Subject of, boolean there) {
    String after = there ? "" : of.made() ? of.missingToo() : "";
    return switch (of.type()) {
      case CODE, REGION, CATEGORY -> of.name() + (there ? "已知" : "未知") + after;
      case FLAG -> "“%s”%s".formatted(of.name(), there ? "已知" : "未知") + after;
      default ->
          of.made() ? of.name() + (there ? "不为空" : "为空") + after : (there ? "有" : "没有") + of.name();
    };
  }

  private String tags(Subject of, Op op, Operand value, boolean negated) {
    List<String> all = quoted(of, value);
    if (op == Op.HAS_ALL && all.size() > 1) {
      String both = of.name() + listed(all, "和");
      return (negated ? "没有同时带有" : "同时带有") + both;
    }
    if (!negated) {
      return "带有" + of.name() + listed(all, "或");
    }
    return "没有" + of.name() + (all.size() == 1 ? all.get(0) : noneOf(all));
  }

  private static String flag(Subject of, Operand value, boolean negated) {
    boolean yes = value instanceof Operand.Flag flag && flag.value();
    String after = negated ? of.missingToo() : "";
    String name = of.name();
    boolean said = yes != negated;
    if (of.made()) {
      return name + (said ? "为“是”" : "为“否”") + after;
    }
    if (name.startsWith("已") && name.length() > 1) {
      return (said ? name : "未" + name.substring(1)) + after;
    }
    if (name.startsWith("有") || name.startsWith("是")) {
      String no = name.startsWith("有") ? "没" + name : "不" + name;
      return (said ? name : no) + after;
    }
    return (said ? "“%s”为是" : "“%s”为否").formatted(name) + after;
  }

  private String predicate(Subject of, Op given, Operand value, boolean negated) {
    Op op = negated ? Terms.opposite(given) : given;
    boolean no = negated && op == given;
    return switch (op) {
      case EQ -> equal(of, value, no);
      case IN -> in(of, value, no);
      case CONTAINS -> (no ? "不包含" : "包含") + quote(Terms.text(value));
      case STARTS_WITH -> (no ? "不以" : "以") + quote(Terms.text(value)) + "开头";
      case UNDER -> (no ? "不属于" : "属于") + terms.value(of.field(), Terms.text(value));
      case DURING -> (no ? "不在" : "在") + within(Terms.window(value));
      case ANNIVERSARY -> "（只看月日）" + (no ? "不在" : "在") + within(Terms.window(value));
      case BETWEEN -> between(of, value, no);
      default -> compared(of, op) + one(of, value);
    };
  }

  private String equal(Subject of, Operand value, boolean no) {
    String said = one(of, value);
    return switch (of.type()) {
      case REGION, CATEGORY -> (no ? "并非正好是" : "正好是") + said;
      case INTEGER, MONEY ->
          (of.measure().isEmpty() && !of.total() ? no ? "不是" : "为" : no ? "不是正好" : "正好") + said;
      default -> (no ? "不是" : "为") + said;
    };
  }

  private String in(Subject of, Operand value, boolean no) {
    List<String> all =
        of.type() == FieldType.TEXT
            ? quoted(of, value)
            : Terms.operands(value).stream().map(one -> bare(of, one)).toList();
    boolean tree = of.type() == FieldType.REGION || of.type() == FieldType.CATEGORY;
    String is = tree ? no ? "并非正好是" : "正好是" : no ? "不是" : "为";
    String which = no && all.size() > 1 ? noneOf(all) : listed(all, "或");
    return is + which + (no || all.size() > Terms.NAMED ? "" : of.measure());
  }

  private String between(Subject of, Operand value, boolean no) {
    List<Operand> bounds = Terms.operands(value);
    String low = bounds.isEmpty() ? "?" : bare(of, bounds.get(0));
    String high = bounds.isEmpty() ? "?" : one(of, bounds.get(bounds.size() - 1));
    return (no ? "不在" : "在") + low + "到" + high + "之间";
  }

  private static String compared(Subject of, Op op) {
    boolean time = of.type() == FieldType.DATE || of.type() == FieldType.INSTANT;
    if (time) {
      return switch (op) {
        case LT -> "早于";
        case LTE -> "不晚于";
        case GT -> "晚于";
        default -> "不早于";
      };
    }
    if (of.type() == FieldType.MONEY) {
      return switch (op) {
        case LT -> of.total() ? "不足" : "低于";
        case LTE -> of.total() ? "不超过" : "不高于";
        case GT -> of.total() ? "超过" : "高于";
        default -> of.total() ? "满" : "不低于";
      };
    }
    return switch (op) {
      case LT -> "少于";
      case LTE -> "不超过";
      case GT -> "超过";
      default -> "至少";
    };
  }

  /** A value with the word that measures it. */
  private String one(Subject of, Operand value) {
    return bare(of, value) + (of.type() == FieldType.INTEGER ? of.measure() : "");
  }

  private String bare(Subject of, Operand value) {
    return switch (of.type()) {
      case MONEY -> Terms.yuan(Terms.number(value), false) + "元";
      case INTEGER, FLAG -> Terms.text(value);
      case DATE -> day(value);
      case INSTANT -> time(value);
      case TEXT -> quote(Terms.text(value));
      case CODE, REGION, CATEGORY, TAGS -> terms.value(of.field(), Terms.text(value));
    };
  }

  private List<String> quoted(Subject of, Operand value) {
    return Terms.operands(value).stream()
        .map(
            one ->
                of.type() == FieldType.TEXT
                    ? quote(Terms.text(one))
                    : quote(terms.value(of.field(), Terms.text(one))))
        .toList();
  }

  private static String quote(String text) {
    return "“" + Terms.cut(text) + "”";
  }

  private static String listed(List<String> all, String last) {
    int size = all.size();
    if (size > Terms.NAMED) {
      return String.join("、", all.subList(0, Terms.NAMED))
          + ("和".equals(last) ? "等全部%d项" : "等%d项之一").formatted(size);
    }
    return size < 2
        ? String.join("", all)
        : String.join("、", all.subList(0, size - 1)) + last + all.get(size - 1);
  }

  private static String noneOf(List<String> all) {
    return all.size() > Terms.NAMED
        ? String.join("、", all.subList(0, Terms.NAMED)) + "等%d项中的任何一个".formatted(all.size())
        : String.join("、", all) + "中的任何一个";
  }

  private static String day(Operand value) {
    LocalDate day = Terms.date(value);
    return day == null ? quote(Terms.text(value)) : day(day);
  }

  private static String day(LocalDate day) {
    return "%d年%d月%d日".formatted(day.getYear(), day.getMonthValue(), day.getDayOfMonth());
  }

  private String time(Operand value) {
    ZonedDateTime time = terms.time(value);
    if (time == null) {
      return quote(Terms.text(value));
    }
    String clock =
        time.getSecond() == 0
            ? "%02d:%02d".formatted(time.getHour(), time.getMinute())
            : "%02d:%02d:%02d".formatted(time.getHour(), time.getMinute(), time.getSecond());
    return day(time.toLocalDate()) + " " + clock;
  }

  // ---- windows

  /** Behind "在". */
  private static String within(Window window) {
    return window instanceof Window.Last || window instanceof Window.Next
        ? leading(window) + "内"
        : leading(window);
  }

  /** Before what happened then. */
  private static String leading(Window window) {
    if (window instanceof Window.Last last) {
      return "近" + period(last.period());
    }
    if (window instanceof Window.Next next) {
      return "未来" + period(next.period());
    }
    if (window instanceof Window.Before before) {
      return period(before.period()) + "以前";
    }
    if (window instanceof Window.This of) {
      return switch (of.unit()) {
        case DAY -> "今天";
        case WEEK -> "本周";
        case MONTH -> "本月";
        case QUARTER -> "本季度";
        case YEAR -> "今年";
      };
    }
    if (window instanceof Window.Prev of) {
      return switch (of.unit()) {
        case DAY -> "昨天";
        case WEEK -> "上周";
        case MONTH -> "上月";
        case QUARTER -> "上季度";
        case YEAR -> "去年";
      };
    }
    if (window instanceof Window.NextUnit of) {
      return switch (of.unit()) {
        case DAY -> "明天";
        case WEEK -> "下周";
        case MONTH -> "下月";
        case QUARTER -> "下季度";
        case YEAR -> "明年";
      };
    }
    return days((Window.Days) window);
  }

  private static String days(Window.Days days) {
    LocalDate from = days.from().orElse(null);
    LocalDate to = days.to().orElse(null);
    if (from == null) {
      return to == null ? "任何时候" : day(to) + "及以前";
    }
    if (to == null) {
      return day(from) + "及以后";
    }
    return from.equals(to) ? day(from) : day(from) + "至" + day(to);
  }

  private static String period(Period period) {
    String said = part(period.getYears(), "年") + part(period.getMonths(), "个月");
    return said + part(period.getDays(), "天");
  }

  private static String part(int number, String unit) {
    return number == 0 ? "" : number + unit;
  }

  // ---- aggregates

  /**
   * How one speaks of the rows of a collection.
   *
   * @param thing what a row is; a category stands for it where there is one
   * @param has there are some
   * @param hasNot there are none
   * @param had behind the thing, after these two
   * @param act what made a row, where people speak of that when they tell its time
   * @param counted behind the thing, where rows are counted
   * @param measure behind their number
   * @param first before the thing, of the earliest row
   * @param last the same of the latest
   * @param none who has no rows
   */
  private record Phrases(
      String thing,
      String has,
      String hasNot,
      String had,
      String act,
      String counted,
      String measure,
      String first,
      String last,
      String none) {}

  private static Phrases phrases(CollectionDef of, boolean windowed) {
    String label = of.labels().zh();
    String none = "没有%s的".formatted(label);
    return switch (of.name()) {
      case "orders" -> new Phrases("订单", "有", "没有", "", "", "", "笔", "最早一笔", "最近一笔", none);
      case "items" -> new Phrases("商品", "买过", "没买过", "", "买", "购买记录", "条", "最早买的", "最近买的", "没买过的");
      case "units" ->
          new Phrases(
              "家电",
              windowed ? "购入过" : "有",
              windowed ? "没购入过" : "没有",
              "",
              "购入",
              "",
              "台",
              "最早一台",
              "最近一台",
              "没有的");
      case "services", "sends" ->
          new Phrases(label, "有", "没有", "", "", "", "条", "最早一条", "最近一条", none);
      default ->
          new Phrases(
              label,
              "有",
              "没有",
              label.endsWith("记录") ? "" : "记录",
              "",
              "",
              "次",
              "最早一次",
              "最近一次",
              none);
    };
  }

  private String aggregate(Segment.Agg agg, boolean negated, int depth) {
    CollectionDef of = terms.collection(agg.of());
    Phrases phrases = phrases(of, agg.during().isPresent());
    Terms.RowsOf rows = terms.rows(agg, of);
    String thing = rows.categories().isEmpty() ? phrases.thing() : rows.categories().get(0);
    String only = only(agg, of, rows.others(), depth);
    String when = agg.during().map(ChineseSentence::leading).orElse("");
    if (agg.agg() == Aggregation.COUNT) {
      return when + counted(agg, phrases, thing, only, negated);
    }
    FieldDef field = terms.field(agg.field().orElse(""), of);
    return when + made(agg, phrases, thing, only, field, negated);
  }

  /** Which rows are meant, in brackets. */
  private String only(Segment.Agg agg, CollectionDef of, List<Segment> others, int depth) {
    List<String> said = new ArrayList<>();
    if (agg.scope() == Scope.ALL) {
      said.add("含已取消和退货的单据");
    }
    if (others.size() == 1) {
      said.add(said(others.get(0), of, depth + 1));
    } else if (!others.isEmpty()) {
      said.add(joined(others, "，且", of, depth + 1));
    }
    return said.isEmpty() ? "" : "（" + String.join("；", said) + "）";
  }

  private String counted(
      Segment.Agg agg, Phrases phrases, String thing, String only, boolean negated) {
    Optional<Boolean> any = Terms.any(agg.op(), agg.value(), negated);
    if (any.isPresent()) {
      return (any.get() ? phrases.has() : phrases.hasNot()) + thing + phrases.had() + only;
    }
    Subject number =
        new Subject(
            bought(agg) + thing + phrases.counted() + only,
            FieldDef.of("", FieldType.INTEGER, "", ""),
            true,
            false,
            phrases.measure(),
            "");
    return value(number, agg.op(), agg.value(), negated);
  }

  /** What time it is that a window of units is about. */
  private static String bought(Segment.Agg agg) {
    return agg.of().equals("units") && agg.during().isPresent() ? "购入的" : "";
  }

  private String made(
      Segment.Agg agg,
      Phrases phrases,
      String thing,
      String only,
      FieldDef field,
      boolean negated) {
    String label = field.labels().zh();
    String rows = bought(agg) + thing + only;
    String none = "（含%s）".formatted(phrases.none());
    FieldType type = Ops.result(agg.agg(), field.type());
    FieldDef result = type == field.type() ? field : FieldDef.of("", type, "", "");
    if (agg.agg() == Aggregation.SUM) {
      Op op = Terms.negates(agg.op()).orElse(agg.op());
      boolean not = negated != Terms.negates(agg.op()).isPresent();
      boolean zero = Terms.zeroFits(op, agg.value()) != not;
      Subject sum = new Subject(sum(rows, thing, label), result, true, true, "", "");
      return value(sum, op, agg.value(), not) + (zero ? none : "");
    }
    if (agg.agg() == Aggregation.DISTINCT) {
      String measure =
          field.type() == FieldType.CATEGORY || field.type() == FieldType.TEXT ? "种" : "个";
      Subject kinds = new Subject(rows + "的不同" + label, result, true, false, measure, "");
      return value(kinds, agg.op(), agg.value(), negated);
    }
    Subject one =
        new Subject(which(agg.agg(), phrases, rows, field), result, true, false, "", none);
    return value(one, agg.op(), agg.value(), negated);
  }

  /** "实付金额" is paid, other things come to a sum. */
  private static String sum(String rows, String thing, String label) {
    String said =
        label.endsWith("金额") && label.length() > 2
            ? label.substring(0, label.length() - 2)
            : label + "合计";
    boolean repeats =
        rows.equals(thing) && thing.length() > 2 && label.startsWith(thing.substring(0, 2));
    return repeats ? said : rows + said;
  }

  private static String which(Aggregation agg, Phrases phrases, String rows, FieldDef field) {
    String label = field.labels().zh();
    boolean time = field.type() == FieldType.DATE || field.type() == FieldType.INSTANT;
    boolean money = field.type() == FieldType.MONEY;
    boolean first = agg == Aggregation.FIRST || agg == Aggregation.MIN;
    if (agg == Aggregation.AVG) {
      return rows + "的平均" + label;
    }
    if (field.name().equals("at") && !phrases.act().isEmpty()) {
      return (first ? "最早一次" : "最近一次") + phrases.act() + rows + "的" + label;
    }
    boolean ofRow = agg == Aggregation.FIRST || agg == Aggregation.LAST;
    if (ofRow || field.name().equals("at")) {
      return (first ? phrases.first() : phrases.last()) + rows + "的" + label;
    }
    String most = time ? first ? "最早" : "最晚" : money ? first ? "最低" : "最高" : first ? "最小" : "最大";
    return rows + "的" + most + label;
  }
}
