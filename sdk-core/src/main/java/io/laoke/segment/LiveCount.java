package io.laoke.segment;

import java.time.Instant;
import java.util.Optional;

/**
 * A live count.
 *
 * @param value how many members are in the segment
 * @param exact whether {@code value} is what the database's answer would be as of {@code freshTo}:
 *     all is counted that was committed by then, and nothing else. False while more changes wait
 *     than can be taken in at once; some of them may be counted then, others not
 * @param freshTo up to when changes are counted, in this machine's time
 * @param servedBy what has counted
 * @param why memory has not counted, as a sentence; empty where it has
 */
public record LiveCount(
    long value, boolean exact, Instant freshTo, ServedBy servedBy, Optional<String> why) {
  /** Who counts. */
  public enum ServedBy {
    /** The index in this process's memory. */
    INDEX,
    /** One statement of the database, as {@link Segments#count(Segment, Instant)}. */
    SQL
  }
}
