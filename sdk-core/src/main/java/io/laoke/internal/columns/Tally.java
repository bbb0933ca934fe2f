package io.laoke.internal.columns;

import java.util.BitSet;

/** What the lines of one member come to. Used again for the next. */
public final class Tally {
  /** Lines that count. */
  public long lines;

  /** Orders that have one of those. */
  public long orders;

  /** Money, that of returns taken off. */
  public long fen;

  /** Quantity, that of returns taken off. */
  public long thousandths;

  /** Of lines that count, if there are any. */
  public int firstDay;

  /** The same. */
  public int lastDay;

  /** The same. */
  public long leastFen;

  /** The same. */
  public long mostFen;

  /** The same. */
  public long leastThousandths;

  /** The same. */
  public long mostThousandths;

  /** Of lines that count, where they are told apart. */
  public final BitSet categories = new BitSet();

  /** Begins anew. */
  public void clear() {
    lines = 0;
    orders = 0;
    fen = 0;
    thousandths = 0;
    firstDay = Integer.MAX_VALUE;
    lastDay = Integer.MIN_VALUE;
    leastFen = Long.MAX_VALUE;
    mostFen = Long.MIN_VALUE;
    leastThousandths = Long.MAX_VALUE;
    mostThousandths = Long.MIN_VALUE;
    categories.clear();
  }

  /** A line, or an order, that counts was on that day. */
  public void noteDay(int day) {
    firstDay = Math.min(firstDay, day);
    lastDay = Math.max(lastDay, day);
  }

  /** It came to that. */
  public void noteAmount(long amount, long quantity) {
    leastFen = Math.min(leastFen, amount);
    mostFen = Math.max(mostFen, amount);
    leastThousandths = Math.min(leastThousandths, quantity);
    mostThousandths = Math.max(mostThousandths, quantity);
  }
}
