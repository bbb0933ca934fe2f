package io.laoke.internal.columns;

import java.util.Arrays;

/**
 * Numbers, and the order that they are in, so that those of a range are found by looking at few:
 * every eighth of the order has the set of what is before it. Never changes.
 */
final class Ordered {
  private static final int STEPS = 8;

  /** Fewer are looked at one by one. */
  private static final int FEW = 1_024;

  private final Numbers values;
  private final char[] order;
  private final long[][] before;

  Ordered(Numbers values) {
    this.values = values;
    int size = values.size();
    if (size < FEW) {
      order = new char[0];
      before = new long[0][];
      return;
    }
    order = sorted(values, size);
    before = new long[STEPS + 1][(size + 63) >> 6];
    for (int step = 1; step <= STEPS; step++) {
      before[step] = before[step - 1].clone();
      mark(before[step], at(step - 1), at(step));
    }
  }

  private static char[] sorted(Numbers values, int size) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < size; i++) {
      least = Math.min(least, values.get(i));
      most = Math.max(most, values.get(i));
    }
    char[] order = new char[size];
    if (most - least >= 0 && most - least < 1L << 47) {
      // The place stands in the low 16 bits.
      long[] keys = new long[size];
      for (int i = 0; i < size; i++) {
        keys[i] = ((values.get(i) - least) << 16) | i;
      }
      Arrays.sort(keys);
      for (int i = 0; i < size; i++) {
        order[i] = (char) keys[i];
      }
      return order;
    }
    Integer[] places = new Integer[size];
    Arrays.setAll(places, i -> i);
    Arrays.sort(places, (one, other) -> Long.compare(values.get(one), values.get(other)));
    for (int i = 0; i < size; i++) {
      order[i] = (char) (int) places[i];
    }
    return order;
  }

  private int at(int step) {
    return (int) ((long) order.length * step / STEPS);
  }

  private void mark(long[] bits, int from, int to) {
    for (int i = from; i < to; i++) {
      bits[order[i] >> 6] |= 1L << order[i];
    }
  }

  private void clear(long[] bits, int from, int to) {
    for (int i = from; i < to; i++) {
      bits[order[i] >> 6] &= ~(1L << order[i]);
    }
  }

  Numbers values() {
    return values;
  }

  /** The places of those from one to another, both included, a bit each. */
  long[] between(long from, long to) {
    long[] bits = new long[(values.size() + 63) >> 6];
    if (order.length == 0) {
      values.between(from, to, bits);
      return bits;
    }
    int low = below(from, false);
    int high = below(to, true);
    if (low >= high) {
      return bits;
    }
    long[] upTo = before(high);
    if (low > 0) {
      long[] under = before(low);
      for (int i = 0; i < bits.length; i++) {
        upTo[i] &= ~under[i];
      }
    }
    return upTo;
  }

  /** How many are below a bound, or as large as it. */
  private int below(long bound, boolean orEqual) {
    int low = 0;
    int high = order.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      long value = values.get(order[middle]);
      if (value < bound || (orEqual && value == bound)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** The first of the order, from the nearest step. */
  private long[] before(int place) {
    int step = (int) (((long) place * STEPS + order.length / 2) / order.length);
    long[] bits = before[step].clone();
    int known = at(step);
    if (known < place) {
      mark(bits, known, place);
    } else {
      clear(bits, place, known);
    }
    return bits;
  }

  long memory() {
    long sum = 64 + values.memory() + 2L * order.length;
    for (long[] each : before) {
      sum += 16 + 8L * each.length;
    }
    return sum;
  }
}
