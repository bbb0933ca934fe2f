package io.laoke.segment;

import io.laoke.internal.columns.Block;
import io.laoke.internal.columns.Block.Total;
import io.laoke.internal.columns.DaySpan;
import io.laoke.internal.columns.DayStarts;
import io.laoke.internal.columns.LineFilter;
import io.laoke.internal.columns.Members;
import io.laoke.internal.columns.Scan;
import io.laoke.internal.columns.Tally;
import io.laoke.internal.columns.Unserved;
import io.laoke.segment.Condition.Compare;
import io.laoke.segment.Condition.HasAll;
import io.laoke.segment.Condition.HasAny;
import io.laoke.segment.Condition.InSpan;
import io.laoke.segment.Condition.OnMonthDays;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.BatchIterator;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RoaringBitmap;

/**
 * A segment as it is asked of members in memory. It gives what {@link Evaluator} gives, or is
 * refused with {@link Unserved}.
 */
final class LiveQuestion {
  private static final int BATCH = 1_024;

  /** How much work a part is: parts that are less come first. */
  private static final int BITMAPS = 0;

  private static final int NUMBERS = 1;
  private static final int EACH = 2;
  private static final int LINES = 3;

  private final List<String> categories;
  private final DayStarts days;
  private final Set<String> broken;
  private final Part whole;

  /** Who of some members is in it. */
  private interface Find {
    RoaringBitmap in(Block block, RoaringBitmap among);
  }

  private record Part(int work, Find find) {}

  /**
   * A question.
   *
   * @param categories their paths by their numbers
   * @param broken fields whose values are not all held
   */
  LiveQuestion(Node node, List<String> categories, DayStarts days, Set<String> broken) {
    this.categories = categories;
    this.days = days;
    this.broken = broken;
    this.whole = part(node);
  }

  /** How many members are in it. */
  long count(Members members) {
    long count = 0;
    for (Members.Part part : members.parts()) {
      RoaringBitmap found = whole.find().in(part.block(), part.current());
      count += found.getLongCardinality();
    }
    return count;
  }

  // ---- the tree

  private Part part(Node node) {
    if (node instanceof Node.All all) {
      List<Part> parts = parts(all.of());
      return new Part(
          most(parts),
          (block, among) -> {
            RoaringBitmap left = among;
            for (Part part : parts) {
              if (left.isEmpty()) {
                return left;
              }
              left = part.find().in(block, left);
            }
            return left;
          });
    }
    if (node instanceof Node.Any any) {
      List<Part> parts = parts(any.of());
      return new Part(
          most(parts),
          (block, among) -> {
            RoaringBitmap found = new RoaringBitmap();
            for (Part part : parts) {
              found.or(part.find().in(block, RoaringBitmap.andNot(among, found)));
            }
            return found;
          });
    }
    if (node instanceof Node.Not not) {
      Part part = part(not.of());
      return new Part(
          part.work(), (block, among) -> RoaringBitmap.andNot(among, part.find().in(block, among)));
    }
    if (node instanceof Node.Bucket bucket) {
      IntUnaryOperator number = Buckets.of(bucket.salt());
      return each(
          EACH,
          block ->
              slot -> {
                int of = number.applyAsInt((int) block.number(LiveReader.RANDOM, slot));
                return of >= bucket.from() && of < bucket.to();
              });
    }
    return node instanceof Node.Leaf leaf ? leaf(leaf) : aggregate((Node.Aggregate) node);
  }

  private List<Part> parts(List<Node> nodes) {
    List<Part> parts = new ArrayList<>();
    nodes.forEach(node -> parts.add(part(node)));
    parts.sort(Comparator.comparingInt(Part::work));
    return parts;
  }

  private static int most(List<Part> parts) {
    return parts.stream().mapToInt(Part::work).max().orElse(BITMAPS);
  }

  private interface Each {
    IntPredicate of(Block block);
  }

  private static Part each(int work, Each each) {
    return new Part(work, (block, among) -> filtered(among, each.of(block)));
  }

  private static RoaringBitmap filtered(RoaringBitmap among, IntPredicate test) {
    long[] found = new long[Block.MOST / Long.SIZE];
    int[] batch = new int[BATCH];
    BatchIterator slots = among.getBatchIterator();
    while (slots.hasNext()) {
      int some = slots.nextBatch(batch);
      for (int i = 0; i < some; i++) {
        if (test.test(batch[i])) {
          found[batch[i] >> 6] |= 1L << batch[i];
        }
      }
    }
    return BitSetUtil.bitmapOf(found);
  }

  /** Who has a value of which it holds, and, where it holds of a missing one, who has none. */
  private static Part valued(
      int work, Condition condition, Predicate<Block> none, Find holding, Find having) {
    boolean ofMissing = Values.holds(condition, null);
    return new Part(
        work,
        (block, among) -> {
          RoaringBitmap found =
              none.test(block)
                  ? new RoaringBitmap()
                  : RoaringBitmap.and(among, holding.in(block, among));
          if (ofMissing) {
            found.or(RoaringBitmap.andNot(among, having.in(block, among)));
          }
          return found;
        });
  }

  // ---- fields of members

  private Part leaf(Node.Leaf leaf) {
    FieldDef field = leaf.field();
    Condition condition = leaf.condition();
    return switch (field.name()) {
      case "gender", "source", "region" -> coded(field.name(), condition);
      case "follows", "hasPhone" -> flag(field.name(), condition);
      case "tags" -> tags(condition);
      case "birthday", "createdAt", "followedAt" -> number(field.name(), condition);
      case "name", "remark", "hasBoundOrder" -> throw unserved(field);
      default -> attribute(field, condition);
    };
  }

  private static Unserved unserved(FieldDef field) {
    return new Unserved("'%s' is not kept in memory".formatted(field.name()));
  }

  private Part attribute(FieldDef field, Condition condition) {
    String key = LiveReader.attribute(field.name(), MemberCells.kind(field.type()));
    if (broken.contains(key)) {
      throw unserved(field);
    }
    return switch (field.type()) {
      case CODE -> coded(key, condition);
      case FLAG -> coded(key, condition, code -> Values.holds(condition, code.equals("1")));
      case DATE, INSTANT, INTEGER, MONEY -> number(key, condition);
      case TEXT, REGION, CATEGORY, TAGS -> throw unserved(field);
    };
  }

  private static Part coded(String field, Condition condition) {
    return coded(field, condition, code -> Values.holds(condition, code));
  }

  private static Part coded(String field, Condition condition, Predicate<String> holds) {
    return valued(
        BITMAPS,
        condition,
        block -> false,
        (block, among) -> block.coded(field, holds),
        (block, among) -> block.coded(field, any -> true));
  }

  private static Part flag(String field, Condition condition) {
    boolean ofTrue = Values.holds(condition, true);
    boolean ofFalse = Values.holds(condition, false);
    return new Part(
        BITMAPS,
        (block, among) -> {
          RoaringBitmap yes = block.coded(field, any -> true);
          RoaringBitmap found = new RoaringBitmap();
          if (ofTrue) {
            found.or(RoaringBitmap.and(among, yes));
          }
          if (ofFalse) {
            found.or(RoaringBitmap.andNot(among, yes));
          }
          return found;
        });
  }

  private static Part tags(Condition condition) {
    if (condition instanceof HasAny any) {
      return new Part(
          BITMAPS,
          (block, among) -> RoaringBitmap.and(among, block.coded("tags", any.codes()::contains)));
    }
    if (condition instanceof HasAll all) {
      return new Part(
          BITMAPS,
          (block, among) -> {
            RoaringBitmap left = among;
            for (String tag : all.codes()) {
              left = RoaringBitmap.and(left, block.coded("tags", tag::equals));
            }
            return all.codes().isEmpty()
                ? RoaringBitmap.and(among, block.coded("tags", any -> true))
                : left;
          });
    }
    return coded("tags", condition, code -> Values.holds(condition, Set.of(code)));
  }

  private static Part number(String field, Condition condition) {
    Ranges ranges = Ranges.of(condition, 1).orElse(null);
    if (ranges == null) {
      if (!(condition instanceof OnMonthDays on)) {
        throw new Unserved("a condition on '%s' is not asked of memory".formatted(field));
      }
      return valued(
          EACH,
          condition,
          block -> false,
          (block, among) ->
              filtered(
                  RoaringBitmap.and(among, block.numbered(field)),
                  slot -> Values.holds(on, LocalDate.ofEpochDay(block.number(field, slot)))),
          (block, among) -> block.numbered(field));
    }
    return valued(
        NUMBERS,
        condition,
        block -> ranges.of().isEmpty(),
        (block, among) -> {
          RoaringBitmap found = new RoaringBitmap();
          ranges.of().forEach(range -> found.or(block.between(field, range.from(), range.to())));
          return found;
        },
        (block, among) -> block.numbered(field));
  }

  // ---- aggregates

  private Part aggregate(Node.Aggregate asked) {
    boolean items = asked.of().name().equals("items");
    if (!items && !asked.of().name().equals("orders")) {
      throw new Unserved("'%s' are not kept in memory".formatted(asked.of().name()));
    }
    if (asked.scope() != Scope.DEFAULT) {
      throw new Unserved("documents that do not count are not kept in memory");
    }
    return items ? items(asked) : orders(asked);
  }

  private DaySpan span(Span span) {
    Long from = span.fromMs();
    Long to = span.toMs();
    return DaySpan.of(from == null ? Long.MIN_VALUE : from, to == null ? Long.MAX_VALUE : to, days);
  }

  /** What an aggregate gives of what was added up. */
  private interface Result {
    boolean holds(Block block, int slot, Tally tally);
  }

  private static String field(Node.Aggregate asked) {
    return asked.field() == null ? "" : asked.field().name();
  }

  private Part items(Node.Aggregate asked) {
    Scan scan = scan(asked);
    boolean distinct = asked.agg() == Aggregation.DISTINCT && field(asked).equals("category");
    Scan full = distinct ? scan.toldApart() : scan;
    if (full.test() == null && full.span().ever()) {
      Part bought = bought(asked, full);
      if (bought != null) {
        return bought;
      }
    }
    if (full.all()) {
      Part total = total(asked, true);
      if (total != null) {
        return total;
      }
    }
    boolean sum = asked.agg() == Aggregation.SUM && field(asked).equals("netAmount");
    return tallied(asked, full, result(asked, full, true), sum);
  }

  private Part orders(Node.Aggregate asked) {
    if (asked.where().equals(Node.everyone())) {
      Scan scan = Scan.of(span(asked.span()));
      Part total = scan.all() ? total(asked, false) : null;
      if (total != null) {
        return total;
      }
      if (!field(asked).equals("netAmount")
          || asked.agg() == Aggregation.SUM
          || asked.agg() == Aggregation.AVG) {
        boolean sum = asked.agg() == Aggregation.SUM && field(asked).equals("netAmount");
        return tallied(asked, scan, result(asked, scan, false), sum);
      }
    }
    OrderTest test = orderTest(asked.where());
    DaySpan span = span(asked.span());
    Result result = result(asked, null, false);
    boolean ofNothing = Values.holds(asked.condition(), SqlCompiler.nothing(asked));
    return new Part(
        LINES,
        (block, among) -> {
          RoaringBitmap open = RoaringBitmap.and(among, block.having(Scan.everything(), false));
          Tally tally = new Tally();
          RoaringBitmap found =
              filtered(
                  open,
                  slot -> {
                    tally(block, slot, span, test, tally);
                    return result.holds(block, slot, tally);
                  });
          if (ofNothing) {
            found.or(RoaringBitmap.andNot(among, open));
          }
          return found;
        });
  }

  /** What is asked of an order, whose lines begin there and come to that much. */
  private interface OrderTest {
    boolean test(Block block, int line, long fen);
  }

  private static void tally(Block block, int slot, DaySpan span, OrderTest test, Tally tally) {
    tally.clear();
    int end = block.end(slot);
    int line = block.start(slot);
    while (line < end) {
      int first = line;
      long sum = 0;
      boolean live = false;
      do {
        sum += block.fen(line);
        live |= block.live(line);
        line++;
      } while (line < end && !block.nextOrder(line));
      if (block.in(span, first) && test.test(block, first, sum)) {
        tally.fen += sum;
        if (live) {
          tally.orders++;
          tally.lines++;
          tally.noteDay(block.day(first));
          tally.noteAmount(sum, 0);
        }
      }
    }
  }

  private OrderTest orderTest(Node node) {
    if (node instanceof Node.Not not) {
      OrderTest of = orderTest(not.of());
      return (block, line, fen) -> !of.test(block, line, fen);
    }
    if (node instanceof Node.All all) {
      List<OrderTest> tests = all.of().stream().map(this::orderTest).toList();
      return (block, line, fen) -> tests.stream().allMatch(one -> one.test(block, line, fen));
    }
    if (node instanceof Node.Any any) {
      List<OrderTest> tests = any.of().stream().map(this::orderTest).toList();
      return (block, line, fen) -> tests.stream().anyMatch(one -> one.test(block, line, fen));
    }
    Node.Leaf leaf = (Node.Leaf) node;
    Condition condition = leaf.condition();
    boolean ofMissing = Values.holds(condition, null);
    return switch (leaf.field().name()) {
      case "netAmount" -> {
        Ranges ranges = ranges(condition, 1);
        yield (block, line, fen) -> block.nameless(line) ? ofMissing : ranges.has(fen);
      }
      case "type" -> {
        boolean holds = Values.holds(condition, "SALE");
        yield (block, line, fen) -> block.nameless(line) ? ofMissing : holds;
      }
      case "at" -> {
        LineFilter at = at(condition);
        yield (block, line, fen) -> at.test(block, line);
      }
      default -> throw unserved(leaf.field());
    };
  }

  /** Whether the answer is only whether there are any rows, over the whole life. */
  private static @Nullable Part bought(Node.Aggregate asked, Scan scan) {
    boolean counts =
        asked.agg() == Aggregation.COUNT
            || (asked.agg() == Aggregation.DISTINCT
                && (field(asked).equals("order") || field(asked).equals("category")));
    Ranges ranges = counts ? Ranges.of(asked.condition(), 1).orElse(null) : null;
    if (ranges == null || ranges.of().size() != 1) {
      return null;
    }
    Ranges.Range only = ranges.of().get(0);
    if (only.from() == 1 && only.to() == Long.MAX_VALUE) {
      return new Part(
          BITMAPS, (block, among) -> RoaringBitmap.and(among, block.having(scan, true)));
    }
    if (only.from() <= 0 && only.to() == 0) {
      return new Part(
          BITMAPS, (block, among) -> RoaringBitmap.andNot(among, block.having(scan, true)));
    }
    return null;
  }

  /** What all lines of a member come to stands in columns. */
  private @Nullable Part total(Node.Aggregate asked, boolean items) {
    String field = field(asked);
    Total rows = items ? Total.LINES : Total.ORDERS;
    return switch (asked.agg()) {
      case COUNT -> total(rows, asked.condition());
      case DISTINCT ->
          field.equals(items ? "order" : "number") ? total(Total.ORDERS, asked.condition()) : null;
      case SUM -> field.equals("netAmount") ? total(Total.FEN, asked.condition()) : null;
      case AVG -> field.equals("netAmount") ? average(rows, asked.condition()) : null;
      case MIN, FIRST -> field.equals("at") ? ending(false, asked.condition()) : null;
      case MAX, LAST -> field.equals("at") ? ending(true, asked.condition()) : null;
    };
  }

  private static Part total(Total total, Condition condition) {
    Ranges ranges = ranges(condition, 1);
    return new Part(
        NUMBERS,
        (block, among) -> {
          RoaringBitmap found = new RoaringBitmap();
          for (Ranges.Range range : ranges.of()) {
            found.or(block.between(total, range.from(), range.to()));
          }
          found.and(among);
          return found;
        });
  }

  private static Ranges ranges(Condition condition, long unit) {
    return Ranges.of(condition, unit)
        .orElseThrow(() -> new Unserved("a condition on numbers is not asked of memory"));
  }

  private static Part average(Total rows, Condition condition) {
    Averaged averaged = averaged(condition);
    return each(
        EACH,
        block -> slot -> averaged.holds(block.total(Total.FEN, slot), block.total(rows, slot)));
  }

  private interface Averaged {
    boolean holds(long sum, long count);
  }

  private static Averaged averaged(Condition condition) {
    if (condition instanceof Compare compare
        && compare.value() instanceof BigDecimal number
        && number.stripTrailingZeros().scale() <= 0
        && number.abs().compareTo(BigDecimal.valueOf(1L << 40)) < 0) {
      long bound = number.longValueExact();
      return (sum, count) ->
          count > 0
              && (count < 1L << 22
                  ? compare.bound().holds(Long.compare(sum, bound * count))
                  : Average.holds(condition, BigDecimal.valueOf(sum), count));
    }
    return (sum, count) -> Average.holds(condition, BigDecimal.valueOf(sum), count);
  }

  /** The span of moments in which a condition on one holds; null if it is missing that is asked. */
  private @Nullable DaySpan moments(Condition condition) {
    if (condition instanceof Condition.Missing) {
      return null;
    }
    Ranges ranges = ranges(condition, 1);
    if (ranges.of().isEmpty()) {
      return DaySpan.of(0, 0, days);
    }
    Ranges.Range range = ranges.of().get(0);
    return DaySpan.of(
        range.from(), range.to() == Long.MAX_VALUE ? Long.MAX_VALUE : range.to() + 1, days);
  }

  private Part ending(boolean latest, Condition condition) {
    DaySpan span = moments(condition);
    Scan everything = Scan.everything();
    return new Part(
        NUMBERS,
        (block, among) -> {
          if (span == null) {
            RoaringBitmap none = block.between(Total.LINES, Long.MIN_VALUE, 0);
            none.and(among);
            return none;
          }
          RoaringBitmap found = block.ending(latest, span.from(), span.before());
          found.and(among);
          if (block.part(span)) {
            for (int day : new int[] {span.first(), span.last()}) {
              if (day != DaySpan.NO_DAY) {
                RoaringBitmap open = block.ending(latest, day, day + 1);
                open.and(among);
                open.forEach(
                    (IntConsumer)
                        slot -> {
                          if (span.has(block.end(slot, everything, latest))) {
                            found.add(slot);
                          }
                        });
              }
            }
          }
          return found;
        });
  }

  /** Looks at the lines of those who have one that is asked for. */
  private Part tallied(Node.Aggregate asked, Scan scan, Result result, boolean sumOnly) {
    boolean ofNothing =
        asked.agg() == Aggregation.AVG
            ? Values.holds(asked.condition(), null)
            : Values.holds(asked.condition(), SqlCompiler.nothing(asked));
    LongPredicate sums = sumOnly ? ranges(asked.condition(), 1)::has : any -> false;
    return new Part(
        LINES,
        (block, among) -> {
          RoaringBitmap open = RoaringBitmap.and(among, block.having(scan, false));
          RoaringBitmap found = sumOnly ? summed(block, open, scan, sums) : null;
          if (found == null) {
            Tally tally = new Tally();
            found =
                filtered(
                    open,
                    slot -> {
                      block.tally(slot, scan, tally);
                      return result.holds(block, slot, tally);
                    });
          }
          if (ofNothing) {
            found.or(RoaringBitmap.andNot(among, open));
          }
          return found;
        });
  }

  private static @Nullable RoaringBitmap summed(
      Block block, RoaringBitmap open, Scan scan, LongPredicate holds) {
    int[] slots = open.toArray();
    long[] sums = new long[slots.length];
    if (!block.sums(slots, slots.length, scan, sums)) {
      return null;
    }
    long[] found = new long[Block.MOST / Long.SIZE];
    for (int i = 0; i < slots.length; i++) {
      if (holds.test(sums[i])) {
        found[slots[i] >> 6] |= 1L << slots[i];
      }
    }
    return BitSetUtil.bitmapOf(found);
  }

  private Result result(Node.Aggregate asked, @Nullable Scan scan, boolean items) {
    String field = field(asked);
    Condition condition = asked.condition();
    boolean money = field.equals("netAmount");
    boolean quantity = items && field.equals("quantity");
    boolean at = field.equals("at");
    return switch (asked.agg()) {
      case COUNT -> {
        Ranges ranges = ranges(condition, 1);
        yield (block, slot, tally) -> ranges.has(items ? tally.lines : tally.orders);
      }
      case DISTINCT -> {
        Ranges ranges = ranges(condition, 1);
        if (field.equals(items ? "order" : "number")) {
          yield (block, slot, tally) -> ranges.has(tally.orders);
        }
        if (items && field.equals("category")) {
          yield (block, slot, tally) -> ranges.has(tally.categories.cardinality());
        }
        throw unserved(asked);
      }
      case SUM -> {
        if (!money && !quantity) {
          throw unserved(asked);
        }
        Ranges ranges = ranges(condition, money ? 1 : 1_000);
        yield (block, slot, tally) -> ranges.has(money ? tally.fen : tally.thousandths);
      }
      case AVG -> {
        if (!money && !quantity) {
          throw unserved(asked);
        }
        Averaged averaged = averaged(condition);
        yield money
            ? (block, slot, tally) -> averaged.holds(tally.fen, items ? tally.lines : tally.orders)
            : (block, slot, tally) ->
                Average.holds(condition, BigDecimal.valueOf(tally.thousandths, 3), tally.lines);
      }
      case MIN, MAX, FIRST, LAST -> {
        boolean latest = asked.agg() == Aggregation.MAX || asked.agg() == Aggregation.LAST;
        if (at) {
          yield moment(moments(condition), scan, latest);
        }
        boolean end = asked.agg() == Aggregation.FIRST || asked.agg() == Aggregation.LAST;
        if (end || (!money && !quantity)) {
          throw unserved(asked);
        }
        boolean ofNone = Values.holds(condition, null);
        Ranges ranges = ranges(condition, money ? 1 : 1_000);
        yield (block, slot, tally) ->
            tally.lines == 0
                ? ofNone
                : ranges.has(
                    money
                        ? (latest ? tally.mostFen : tally.leastFen)
                        : (latest ? tally.mostThousandths : tally.leastThousandths));
      }
    };
  }

  private static Unserved unserved(Node.Aggregate asked) {
    return new Unserved(
        "'%s' of '%s' is not asked of memory".formatted(asked.agg().word(), field(asked)));
  }

  private static Result moment(@Nullable DaySpan span, @Nullable Scan scan, boolean latest) {
    if (span == null) {
      return (block, slot, tally) -> tally.lines == 0;
    }
    return (block, slot, tally) -> {
      if (tally.lines == 0) {
        return false;
      }
      int day = latest ? tally.lastDay : tally.firstDay;
      if (!span.inPart(day)) {
        return day >= span.from() && day < span.before();
      }
      if (scan == null) {
        throw new Unserved("a window begins or ends within the day of an order");
      }
      return span.has(block.end(slot, scan, latest));
    };
  }

  // ---- rows

  /** Conditions on the category alone become a table of categories. */
  private Scan scan(Node.Aggregate asked) {
    List<Node> parts = asked.where() instanceof Node.All all ? all.of() : List.of(asked.where());
    boolean[] wanted = new boolean[0];
    List<LineFilter> tests = new ArrayList<>();
    for (Node part : parts) {
      if (ofCategory(part)) {
        boolean[] these = new boolean[Math.max(1, categories.size())];
        for (int i = 0; i < categories.size(); i++) {
          these[i] = (wanted.length == 0 || wanted[i]) && inCategory(part, categories.get(i));
        }
        wanted = these;
      } else {
        tests.add(test(part));
      }
    }
    LineFilter test =
        tests.isEmpty()
            ? null
            : (block, line) -> {
              for (LineFilter each : tests) {
                if (!each.test(block, line)) {
                  return false;
                }
              }
              return true;
            };
    return new Scan(wanted, span(asked.span()), test, false);
  }

  private static boolean ofCategory(Node node) {
    if (node instanceof Node.Not not) {
      return ofCategory(not.of());
    }
    if (node instanceof Node.All all) {
      return all.of().stream().allMatch(LiveQuestion::ofCategory);
    }
    if (node instanceof Node.Any any) {
      return any.of().stream().allMatch(LiveQuestion::ofCategory);
    }
    return node instanceof Node.Leaf leaf && leaf.field().name().equals("category");
  }

  private static boolean inCategory(Node node, String path) {
    if (node instanceof Node.Not not) {
      return !inCategory(not.of(), path);
    }
    if (node instanceof Node.All all) {
      return all.of().stream().allMatch(one -> inCategory(one, path));
    }
    if (node instanceof Node.Any any) {
      return any.of().stream().anyMatch(one -> inCategory(one, path));
    }
    return Values.holds(((Node.Leaf) node).condition(), path);
  }

  private LineFilter test(Node node) {
    if (node instanceof Node.Not not) {
      LineFilter of = test(not.of());
      return (block, line) -> !of.test(block, line);
    }
    if (node instanceof Node.All all) {
      List<LineFilter> tests = all.of().stream().map(this::test).toList();
      return (block, line) -> tests.stream().allMatch(one -> one.test(block, line));
    }
    if (node instanceof Node.Any any) {
      List<LineFilter> tests = any.of().stream().map(this::test).toList();
      return (block, line) -> tests.stream().anyMatch(one -> one.test(block, line));
    }
    Node.Leaf leaf = (Node.Leaf) node;
    Condition condition = leaf.condition();
    return switch (leaf.field().name()) {
      case "category" -> {
        boolean[] wanted = new boolean[categories.size()];
        for (int i = 0; i < wanted.length; i++) {
          wanted[i] = Values.holds(condition, categories.get(i));
        }
        yield (block, line) -> wanted[block.category(line)];
      }
      case "kind" -> {
        boolean[] wanted = new boolean[LiveReader.KINDS.size()];
        for (int i = 0; i < wanted.length; i++) {
          wanted[i] = Values.holds(condition, LiveReader.KINDS.get(i));
        }
        yield ofSale(condition, (block, line) -> wanted[block.kind(line)]);
      }
      case "netAmount" -> {
        Ranges ranges = ranges(condition, 1);
        yield ofSale(condition, (block, line) -> ranges.has(block.fen(line)));
      }
      case "quantity" -> {
        Ranges ranges = ranges(condition, 1_000);
        yield ofSale(condition, (block, line) -> ranges.has(block.thousandths(line)));
      }
      case "order.type" -> {
        boolean holds = Values.holds(condition, "SALE");
        yield ofSale(condition, (block, line) -> holds);
      }
      case "at" -> at(condition);
      default -> throw unserved(leaf.field());
    };
  }

  /** A return that names no sale has no value but its category and its time. */
  private static LineFilter ofSale(Condition condition, LineFilter ofSale) {
    boolean ofMissing = Values.holds(condition, null);
    return (block, line) -> block.nameless(line) ? ofMissing : ofSale.test(block, line);
  }

  private LineFilter at(Condition condition) {
    if (!(condition instanceof InSpan || condition instanceof Compare)) {
      boolean always = Values.holds(condition, 0L);
      return (block, line) -> always;
    }
    DaySpan span = moments(condition);
    return (block, line) -> span != null && block.in(span, line);
  }
}
