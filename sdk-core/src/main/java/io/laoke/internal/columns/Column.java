package io.laoke.internal.columns;

import org.roaringbitmap.BitSetUtil;
import org.roaringbitmap.RoaringBitmap;

/**
 * A number of some members.
 *
 * @param slots which members have one
 * @param values theirs, in the order of the slots
 * @param dense whether all have one, so that slots and places are the same
 */
record Column(RoaringBitmap slots, Ordered values, boolean dense) {
  /** Whose number is from one to another, both included. */
  RoaringBitmap between(long from, long to) {
    RoaringBitmap places = BitSetUtil.bitmapOf(values.between(from, to));
    if (dense) {
      return places;
    }
    RoaringBitmap found = new RoaringBitmap();
    int[] all = slots.toArray();
    places.forEach((org.roaringbitmap.IntConsumer) place -> found.add(all[place]));
    return found;
  }

  /** The value of a member who has one. */
  long get(int slot) {
    return values.values().get(dense ? slot : slots.rank(slot) - 1);
  }

  long memory() {
    return values.memory() + slots.getLongSizeInBytes() + 64;
  }
}
