package io.laoke.internal.columns;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.roaringbitmap.RoaringBitmap;

/** Gathers members and their lines, in any order of the lines. Used by one thread, once. */
public final class BlockBuilder {
  private final DayStarts days;
  private final int exactFrom;
  private final Map<String, Map<String, RoaringBitmap>> codes = new HashMap<>();
  private final Map<String, Gathered> numbers = new HashMap<>();
  private long[] ids = new long[1_024];
  private int members;

  private int[] slots = new int[1_024];
  private long[] orders = new long[1_024];
  private long[] moments = new long[1_024];
  private int[] flags = new int[1_024];
  private long[] fen = new long[1_024];
  private long[] thousandths = new long[1_024];
  private int lines;

  private static final class Gathered {
    final RoaringBitmap slots = new RoaringBitmap();
    long[] values = new long[64];
    int count;

    void add(int slot, long value) {
      if (count == values.length) {
        values = Arrays.copyOf(values, count * 2);
      }
      slots.add(slot);
      values[count++] = value;
    }
  }

  /**
   * Of members.
   *
   * @param exactFrom from which day on the moments of lines are kept
   */
  public BlockBuilder(DayStarts days, int exactFrom) {
    this.days = days;
    this.exactFrom = exactFrom;
  }

  /**
   * The next member; by id.
   *
   * @return the slot
   */
  public int member(long id) {
    if (members == ids.length) {
      ids = Arrays.copyOf(ids, members * 2);
    }
    ids[members] = id;
    return members++;
  }

  /** The id of a slot's member. */
  public long id(int slot) {
    return ids[slot];
  }

  /** How many there are. */
  public int size() {
    return members;
  }

  /** The slot of a member; negative for none. */
  public int slot(long id) {
    return Arrays.binarySearch(ids, 0, members, id);
  }

  /** A member has a code; several of one field where it is a set. */
  public void code(int slot, String field, String code) {
    codes
        .computeIfAbsent(field, none -> new HashMap<>())
        .computeIfAbsent(code, none -> new RoaringBitmap())
        .add(slot);
  }

  /** A member has a number; of each field in the order of the slots. */
  public void number(int slot, String field, long value) {
    numbers.computeIfAbsent(field, none -> new Gathered()).add(slot, value);
  }

  /**
   * A line.
   *
   * @param order what tells orders of a member apart
   * @param kind a number from 0 to 2
   */
  public void line(
      int slot, long order, long ms, int category, int kind, long fenOfIt, long thousandthsOfIt) {
    add(slot, order, ms, (category << Block.FLAGS) | kind, fenOfIt, thousandthsOfIt);
  }

  /** A line of a return that names no sale. */
  public void nameless(int slot, long ms, int category, long fenOfIt, long thousandthsOfIt) {
    // Below all orders, and told apart from each other.
    add(
        slot,
        Long.MIN_VALUE + lines,
        ms,
        (category << Block.FLAGS) | Block.NAMELESS,
        -fenOfIt,
        -thousandthsOfIt);
  }

  private void add(int slot, long order, long ms, int what, long amount, long quantity) {
    if (!days.knows(ms)) {
      throw new Unserved("an order lies before 1900 or behind 2249");
    }
    if (lines == slots.length) {
      int more = lines + (lines >> 1);
      slots = Arrays.copyOf(slots, more);
      orders = Arrays.copyOf(orders, more);
      moments = Arrays.copyOf(moments, more);
      flags = Arrays.copyOf(flags, more);
      fen = Arrays.copyOf(fen, more);
      thousandths = Arrays.copyOf(thousandths, more);
    }
    slots[lines] = slot;
    orders[lines] = order;
    moments[lines] = ms;
    flags[lines] = what;
    fen[lines] = amount;
    thousandths[lines++] = quantity;
  }

  /** All of a member of a block. */
  void copy(Block from, int old, int slot) {
    long order = 0;
    for (int line = from.start[old]; line < from.start[old + 1]; line++) {
      long what = from.what.get(line);
      order += (what & Block.NEXT_ORDER) != 0 ? 1 : 0;
      int on = (int) from.day.get(line);
      add(
          slot,
          order,
          on >= from.exact.from ? from.ms(line) : days.start(on),
          (int) what & ~Block.NEXT_ORDER,
          from.fen.get(line),
          from.quantity.get(line) * from.unit);
    }
  }

  /** The block. */
  public Block build() {
    int[] start = new int[members + 1];
    for (int line = 0; line < lines; line++) {
      start[slots[line] + 1]++;
    }
    for (int slot = 0; slot < members; slot++) {
      start[slot + 1] += start[slot];
    }
    int[] sorted = new int[lines];
    int[] next = Arrays.copyOf(start, members + 1);
    for (int line = 0; line < lines; line++) {
      sorted[next[slots[line]]++] = line;
    }
    for (int slot = 0; slot < members; slot++) {
      byOrder(sorted, start[slot], start[slot + 1]);
    }
    long[] values = new long[lines];
    BitSet there = new BitSet();
    int firstDay = Integer.MAX_VALUE;
    int exact = 0;
    for (int i = 0; i < lines; i++) {
      int on = days.of(moments[sorted[i]]);
      values[i] = on;
      firstDay = Math.min(firstDay, on);
      exact += on >= exactFrom ? 1 : 0;
    }
    int[] exactLines = new int[exact];
    long[] exactMs = new long[exact];
    exact = 0;
    for (int i = 0; i < lines; i++) {
      there.set((int) values[i] - firstDay);
      if (values[i] >= exactFrom) {
        exactLines[exact] = i;
        exactMs[exact++] = moments[sorted[i]];
      }
    }
    Numbers day = Numbers.of(values, lines);
    for (int i = 0; i < lines; i++) {
      boolean ofNext =
          i == 0
              || slots[sorted[i]] != slots[sorted[i - 1]]
              || orders[sorted[i]] != orders[sorted[i - 1]];
      values[i] = flags[sorted[i]] | (ofNext ? Block.NEXT_ORDER : 0);
    }
    Numbers what = Numbers.of(values, lines);
    for (int i = 0; i < lines; i++) {
      values[i] = fen[sorted[i]];
    }
    Numbers amounts = Numbers.of(values, lines);
    boolean whole = true;
    for (int i = 0; i < lines; i++) {
      values[i] = thousandths[sorted[i]];
      whole &= values[i] % 1_000 == 0;
    }
    int unit = whole ? 1_000 : 1;
    for (int i = 0; i < lines; i++) {
      values[i] /= unit;
    }
    Map<String, Column> columns = new HashMap<>();
    numbers.forEach(
        (field, gathered) ->
            columns.put(
                field,
                new Column(
                    gathered.slots,
                    new Ordered(Numbers.of(gathered.values, gathered.count)),
                    gathered.count == members)));
    codes.values().forEach(field -> field.values().forEach(RoaringBitmap::runOptimize));
    return new Block(
        Numbers.of(ids, members),
        Map.copyOf(codes),
        Map.copyOf(columns),
        new Block.Lines(
            start,
            List.of(day, what, amounts, Numbers.of(values, lines)),
            unit,
            new Block.Exact(exactFrom, exactLines, exactMs),
            there,
            firstDay));
  }

  /** Most members have a few lines. */
  private void byOrder(int[] sorted, int from, int to) {
    if (to - from > 64) {
      Integer[] boxed = new Integer[to - from];
      for (int i = from; i < to; i++) {
        boxed[i - from] = sorted[i];
      }
      Arrays.sort(boxed, (one, other) -> Long.compare(orders[one], orders[other]));
      for (int i = from; i < to; i++) {
        sorted[i] = boxed[i - from];
      }
      return;
    }
    for (int i = from + 1; i < to; i++) {
      int line = sorted[i];
      int place = i;
      while (place > from && orders[sorted[place - 1]] > orders[line]) {
        sorted[place] = sorted[place - 1];
        place--;
      }
      sorted[place] = line;
    }
  }
}
