package io.laoke.internal.columns;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/** Up to 65,536 members, who are known by their slot in it. Never changes. */
public final class Block {
  /** As many as one container of a bitmap holds. */
  public static final int MOST = 1 << 16;

  static final int KIND_BITS = 2;
  static final int NAMELESS = 1 << KIND_BITS;
  static final int NEXT_ORDER = NAMELESS << 1;
  static final int FLAGS = 4;

  final Numbers ids;
  final Map<String, Map<String, RoaringBitmap>> codes;
  final Map<String, Column> numbers;
  final RoaringBitmap all;

  // ---- lines: those of slot i are from start[i] to start[i + 1]
  final int[] start;
  final Numbers day;
  final Numbers what;
  final Numbers fen;
  final Numbers quantity;

  /** Thousandths that one of quantity stands for. */
  final int unit;

  final Exact exact;
  final BitSet days;
  final int firstDay;

  // ---- of all lines of a member
  final Ordered orders;
  final Ordered lines;
  final Ordered net;
  final Ordered first;
  final Ordered last;

  /** Who has a line that counts. */
  final RoaringBitmap buying;

  /** By category: who has a line that counts, and who has any. */
  final Map<Integer, RoaringBitmap> bought;

  final Map<Integer, RoaringBitmap> touched;

  Block(
      Numbers ids,
      Map<String, Map<String, RoaringBitmap>> codes,
      Map<String, Column> numbers,
      Lines lines) {
    this.ids = ids;
    this.codes = codes;
    this.numbers = numbers;
    this.all = RoaringBitmap.bitmapOfRange(0, ids.size());
    this.start = lines.start;
    this.day = lines.day;
    this.what = lines.what;
    this.fen = lines.fen;
    this.quantity = lines.quantity;
    this.unit = lines.unit;
    this.exact = lines.exact;
    this.days = lines.days;
    this.firstDay = lines.firstDay;
    this.bought = new TreeMap<>();
    this.touched = new TreeMap<>();
    int size = ids.size();
    long[] orderCount = new long[size];
    long[] lineCount = new long[size];
    long[] netFen = new long[size];
    long[] firstOn = new long[size];
    long[] lastOn = new long[size];
    Tally tally = new Tally();
    Scan everything = Scan.everything();
    for (int slot = 0; slot < size; slot++) {
      tally(slot, everything, tally);
      orderCount[slot] = tally.orders;
      lineCount[slot] = tally.lines;
      netFen[slot] = tally.fen;
      firstOn[slot] = tally.lines == 0 ? 0 : tally.firstDay;
      lastOn[slot] = tally.lines == 0 ? 0 : tally.lastDay;
      for (int line = start[slot]; line < start[slot + 1]; line++) {
        int category = (int) (what.get(line) >> FLAGS);
        touched.computeIfAbsent(category, none -> new RoaringBitmap()).add(slot);
        if (live(line)) {
          bought.computeIfAbsent(category, none -> new RoaringBitmap()).add(slot);
        }
      }
    }
    this.orders = new Ordered(Numbers.of(orderCount, size));
    this.lines = new Ordered(Numbers.of(lineCount, size));
    this.net = new Ordered(Numbers.of(netFen, size));
    this.first = new Ordered(Numbers.of(firstOn, size));
    this.last = new Ordered(Numbers.of(lastOn, size));
    this.buying = bits(this.lines, 1, Long.MAX_VALUE);
    bought.values().forEach(RoaringBitmap::runOptimize);
    touched.values().forEach(RoaringBitmap::runOptimize);
  }

  /** What a builder has made of lines. */
  static final class Lines {
    final int[] start;
    final Numbers day;
    final Numbers what;
    final Numbers fen;
    final Numbers quantity;
    final int unit;
    final Exact exact;
    final BitSet days;
    final int firstDay;

    Lines(int[] start, List<Numbers> columns, int unit, Exact exact, BitSet days, int firstDay) {
      this.start = start;
      this.day = columns.get(0);
      this.what = columns.get(1);
      this.fen = columns.get(2);
      this.quantity = columns.get(3);
      this.unit = unit;
      this.exact = exact;
      this.days = days;
      this.firstDay = firstDay;
    }
  }

  /** Lines whose moments are known, which are all from a day on. */
  static final class Exact {
    final int from;
    final int[] lines;
    final long[] ms;

    Exact(int from, int[] lines, long[] ms) {
      this.from = from;
      this.lines = lines;
      this.ms = ms;
    }
  }

  /** How many members it holds, those too who were changed since. */
  public int size() {
    return ids.size();
  }

  /** The id of the last member. */
  public long lastId() {
    return ids.get(ids.size() - 1);
  }

  /** The slot of a member; negative for none. */
  int slot(long id) {
    int low = 0;
    int high = ids.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long found = ids.get(middle);
      if (found == id) {
        return middle;
      }
      if (found < id) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  /** Whether a line counts. */
  public boolean live(int line) {
    return quantity.get(line) > 0;
  }

  /** Whether a line is a return that names no sale. */
  public boolean nameless(int line) {
    return (what.get(line) & NAMELESS) != 0;
  }

  /** The number of its category. */
  public int category(int line) {
    return (int) (what.get(line) >> FLAGS);
  }

  /** Its kind. */
  public int kind(int line) {
    return (int) what.get(line) & (NAMELESS - 1);
  }

  private boolean hasDay(int on) {
    return on >= firstDay && days.get(on - firstDay);
  }

  /**
   * When a line was.
   *
   * @throws Unserved if only its day is known
   */
  public long ms(int line) {
    int place = Arrays.binarySearch(exact.lines, line);
    if (place < 0) {
      throw new Unserved(
          "a window begins or ends within a day of which only whole days are in memory");
    }
    return exact.ms[place];
  }

  /** Whether a line was in that time. */
  public boolean in(DaySpan span, int line) {
    int on = (int) day.get(line);
    return (on >= span.from() && on < span.before()) || (span.inPart(on) && span.has(ms(line)));
  }

  /** Adds up the lines of a member that are asked for. */
  public void tally(int slot, Scan scan, Tally tally) {
    tally.clear();
    int end = start[slot + 1];
    DaySpan span = scan.span();
    LineFilter test = scan.test();
    boolean ofNewOrder = true;
    for (int line = start[slot]; line < end; line++) {
      long flags = what.get(line);
      ofNewOrder |= (flags & NEXT_ORDER) != 0;
      int category = (int) (flags >> FLAGS);
      if (!scan.wants(category)) {
        continue;
      }
      if (!span.ever() && !in(span, line)) {
        continue;
      }
      if (test != null && !test.test(this, line)) {
        continue;
      }
      long amount = fen.get(line);
      long counted = quantity.get(line);
      tally.fen += amount;
      tally.thousandths += counted * unit;
      if (counted > 0) {
        int on = (int) day.get(line);
        tally.lines++;
        if (ofNewOrder) {
          tally.orders++;
          ofNewOrder = false;
        }
        tally.noteDay(on);
        tally.noteAmount(amount, counted * unit);
        if (scan.distinct()) {
          tally.categories.set(category);
        }
      }
    }
  }

  /**
   * The money of many members in a span, over lines of some categories: the loop that a windowed
   * sum spends its time in.
   *
   * @return false if this block's columns are not of the widths it is written for
   */
  public boolean sums(int[] slots, int count, Scan scan, long[] into) {
    DaySpan span = scan.span();
    boolean narrow = what.bytes.length > 0;
    if (scan.test() != null
        || fen.ints.length == 0
        || day.chars.length == 0
        || (!narrow && what.chars.length == 0)
        || part(span)) {
      return false;
    }
    long[] wanted = new long[(int) ((what.least() + (narrow ? 0xff : 0xffff)) >> FLAGS) + 1];
    for (int category = 0; category < wanted.length; category++) {
      wanted[category] = scan.wants(category) ? -1 : 0;
    }
    long base = day.least();
    int from = (int) Math.max(0, Math.min(Character.MAX_VALUE + 1L, span.from() - base));
    int days = (int) Math.max(0, Math.min(Character.MAX_VALUE + 1L, span.before() - base)) - from;
    int flags = (int) what.least();
    long least = fen.least();
    for (int i = 0; i < count; i++) {
      long sum = 0;
      int end = start[slots[i] + 1];
      for (int line = start[slots[i]]; line < end; line++) {
        // Without a branch, which would be foretold wrongly every other time.
        int after = day.chars[line] - from;
        int within = ((after - days) & ~after) >> 31;
        int its = narrow ? what.bytes[line] & 0xff : what.chars[line];
        long amount = least + (fen.ints[line] & 0xffff_ffffL);
        sum += amount & within & wanted[(flags + its) >> FLAGS];
      }
      into[i] = sum;
    }
    return true;
  }

  /** Whether there are lines on a day of which only a part is asked for. */
  public boolean part(DaySpan span) {
    return (span.first() != DaySpan.NO_DAY && hasDay(span.first()))
        || (span.last() != DaySpan.NO_DAY && hasDay(span.last()));
  }

  /** Who has a line in one of the categories that are asked for. */
  public RoaringBitmap having(Scan scan, boolean counting) {
    if (scan.anyCategory() && counting) {
      return buying;
    }
    RoaringBitmap found = new RoaringBitmap();
    (counting ? bought : touched)
        .forEach(
            (category, slots) -> {
              if (scan.wants(category)) {
                found.or(slots);
              }
            });
    return found;
  }

  /** Who has a code that is asked for. */
  public RoaringBitmap coded(String field, Predicate<String> asked) {
    RoaringBitmap only = null;
    RoaringBitmap several = null;
    for (Map.Entry<String, RoaringBitmap> code : codes.getOrDefault(field, Map.of()).entrySet()) {
      if (asked.test(code.getKey())) {
        if (only == null) {
          only = code.getValue();
        } else {
          several = several == null ? only.clone() : several;
          several.or(code.getValue());
        }
      }
    }
    return several != null ? several : only != null ? only : new RoaringBitmap();
  }

  /** Whose number of a field is from one to another, both included. */
  public RoaringBitmap between(String field, long from, long to) {
    Column column = numbers.get(field);
    return column == null ? new RoaringBitmap() : column.between(from, to);
  }

  /** Who has a number of a field. */
  public RoaringBitmap numbered(String field) {
    Column column = numbers.get(field);
    return column == null ? new RoaringBitmap() : column.slots();
  }

  /** A number of a member who has one. */
  public long number(String field, int slot) {
    return Objects.requireNonNull(numbers.get(field)).get(slot);
  }

  /** All members, those too who were changed since. */
  public RoaringBitmap all() {
    return all;
  }

  /** What all lines of members come to. */
  public enum Total {
    /** Orders with a line that counts. */
    ORDERS,
    /** Lines that count. */
    LINES,
    /** Money in fen. */
    FEN
  }

  private Ordered column(Total total) {
    return switch (total) {
      case ORDERS -> orders;
      case LINES -> lines;
      case FEN -> net;
    };
  }

  /** What all lines of a member come to. */
  public long total(Total total, int slot) {
    return column(total).values().get(slot);
  }

  /** Whose total is from one to another, both included. */
  public RoaringBitmap between(Total total, long from, long to) {
    return bits(column(total), from, to);
  }

  /** Whose first, or last, line that counts was on one of these days. */
  public RoaringBitmap ending(boolean latest, int from, int before) {
    RoaringBitmap found = bits(latest ? last : first, from, before - 1L);
    found.and(buying);
    return found;
  }

  private static RoaringBitmap bits(Ordered values, long from, long to) {
    return BitSetUtil.bitmapOf(values.between(from, to));
  }

  /** The first line of a member. */
  public int start(int slot) {
    return start[slot];
  }

  /** Behind the last line of a member. */
  public int end(int slot) {
    return start[slot + 1];
  }

  /** Whether a line is the first of its order. */
  public boolean nextOrder(int line) {
    return (what.get(line) & NEXT_ORDER) != 0;
  }

  /** Its money. */
  public long fen(int line) {
    return fen.get(line);
  }

  /** Its quantity. */
  public long thousandths(int line) {
    return quantity.get(line) * unit;
  }

  /** Its day. */
  public int day(int line) {
    return (int) day.get(line);
  }

  /**
   * When the first, or the last, of the lines was that count and are asked for.
   *
   * @throws Unserved if only the day is known
   */
  public long end(int slot, Scan scan, boolean latest) {
    long found = latest ? Long.MIN_VALUE : Long.MAX_VALUE;
    for (int line = start[slot]; line < start[slot + 1]; line++) {
      if (scan.wants(category(line))
          && live(line)
          && in(scan.span(), line)
          && (scan.test() == null || scan.test().test(this, line))) {
        found = latest ? Math.max(found, ms(line)) : Math.min(found, ms(line));
      }
    }
    return found;
  }

  /** What it takes in memory, in bytes. */
  public long memory() {
    long sum = 1_000 + ids.memory() + 4L * start.length + 4L * exact.lines.length;
    sum += 8L * exact.ms.length + days.size() / 8;
    for (Numbers each : new Numbers[] {day, what, fen, quantity}) {
      sum += each.memory();
    }
    for (Ordered each : new Ordered[] {orders, lines, net, first, last}) {
      sum += each.memory();
    }
    sum += buying.getLongSizeInBytes();
    for (Map<String, RoaringBitmap> field : codes.values()) {
      sum += field.values().stream().mapToLong(one -> 100 + one.getLongSizeInBytes()).sum();
    }
    sum += numbers.values().stream().mapToLong(Column::memory).sum();
    sum += bought.values().stream().mapToLong(one -> 100 + one.getLongSizeInBytes()).sum();
    sum += touched.values().stream().mapToLong(one -> 100 + one.getLongSizeInBytes()).sum();
    return sum;
  }
}
