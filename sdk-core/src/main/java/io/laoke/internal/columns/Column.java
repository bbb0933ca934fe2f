package io.laoke.internal.columns;

import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.PeekableIntIterator;
import org.roaringbitmap.RoaringBitmap;

/** A number of some members. Never changes. */
final class Column {
  private final RoaringBitmap slots;
  private final Ordered values;

  /** The slot of each value; empty where all members have one, so that slots and places are one. */
  private final char[] slotOf;

  /**
   * A column.
   *
   * @param slots which members have a number
   * @param values theirs, in the order of the slots
   * @param dense whether all have one
   */
  Column(RoaringBitmap slots, Ordered values, boolean dense) {
    this.slots = slots;
    this.values = values;
    this.slotOf = new char[dense ? 0 : slots.getCardinality()];
    PeekableIntIterator each = slots.getIntIterator();
    for (int place = 0; place < slotOf.length; place++) {
      slotOf[place] = (char) each.next();
    }
  }

  /** Which members have a number. */
  RoaringBitmap slots() {
    return slots;
  }

  private boolean dense() {
    return slotOf.length == 0;
  }

  /** Whose number is from one to another, both included. */
  RoaringBitmap between(long from, long to) {
    long[] places = values.between(from, to);
    if (dense()) {
      return BitSetUtil.bitmapOf(places);
    }
    long[] found = new long[Block.MOST / Long.SIZE];
    for (int word = 0; word < places.length; word++) {
      for (long left = places[word]; left != 0; left &= left - 1) {
        int slot = slotOf[(word << 6) + Long.numberOfTrailingZeros(left)];
        found[slot >> 6] |= 1L << slot;
      }
    }
    return BitSetUtil.bitmapOf(found);
  }

  /** The value of a member who has one. */
  long get(int slot) {
    return values.values().get(dense() ? slot : slots.rank(slot) - 1);
  }

  long memory() {
    return values.memory() + slots.getLongSizeInBytes() + 2L * slotOf.length + 80;
  }
}
