package io.laoke.segment;

import io.laoke.base.Internal;
import java.time.Instant;
import java.util.List;

/** Which members are in which of several segments, one member after the other. */
@Internal
public interface Memberships {
  /** A member that is in at least one of the segments. */
  @FunctionalInterface
  interface Reader {
    /**
     * Hears it.
     *
     * @param memberId its id
     * @param random31 the number that was drawn once for it, 0 to 2³¹ − 1
     * @param mask bit i is set if it is in the segment at place i
     */
    void member(long memberId, int random31, int mask);
  }

  /**
   * Refuses segments that could not be asked together, before anybody asks; reads no members.
   *
   * @param segments 1 to 10, of at most 400 parts together
   * @throws SegmentException if one of them cannot be answered; its place is told as {@code
   *     /segments/0/where}
   */
  void check(List<Segment> segments, Instant asOf);

  /**
   * Tells all members that are in any of the segments, by id, as of one moment, in constant memory
   * and by one statement. Reads on a connection of Laoke's own, in a transaction that lasts as long
   * as {@code each} takes. What {@code each} throws ends it.
   *
   * @return how many there were
   * @throws SegmentException as {@link #check}
   */
  long stream(List<Segment> segments, Instant asOf, Reader each);
}
