package io.laoke.examples.benchmarks;

import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * What a way of asking segments offers to be measured. Laoke's own are plugged in at {@link
 * #laoke}; a figure whose side is absent is not reported.
 */
interface SegmentSide {
  /** What a question gives, as {@link SegmentDatabase#ask} reads it. */
  List<List<String>> ask(SegmentQuestion question) throws Exception;

  /** The ids of all members, in order. */
  void stream(LongConsumer ids) throws Exception;

  /** The interactive index, built; empty without one. */
  Optional<Index> index() throws Exception;

  /** Live counts from memory. */
  interface Index {
    /** The same count as of {@link SegmentSide#ask}. */
    long count(SegmentQuestion question);

    /** What it holds in memory. */
    long bytes();

    /** How long it took to be built. */
    double builtSeconds();
  }

  /** Laoke's compiler over this database, and its index. */
  static Optional<SegmentSide> laoke(SegmentDatabase database) {
    return Optional.of(new SegmentLaoke(database));
  }
}
