package io.laoke.segment;

import java.time.Instant;
import java.util.Optional;

/**
 * Counts while a user clicks: from columns and bitmaps of the dealer's members in this process,
 * where these can answer, else from the database. Off unless {@code Laoke.builder().liveCounts(…)}
 * says so; then all counts come from the database, and say so.
 *
 * <p>The index holds what a member is (gender, birthday, region, source, follows, phone, tags, and
 * attributes that are no text) and the lines that count. Questions of texts, appliances, services,
 * sends, events, of documents that do not count, and of an order's other fields go to the database.
 * Changes that any node commits reach it with the next count: that first looks, by one short
 * statement, for what was committed since, unless somebody has looked in the last 50 ms and this
 * process has written nothing meanwhile. {@link LiveCount#freshTo} says when it was.
 *
 * <p>Windows are held in whole days of the dealer's zone, of recent lines also to the millisecond;
 * a question whose window begins or ends within an older day goes to the database.
 *
 * <p>Safe for use by many threads.
 */
public interface LiveCounts {
  /**
   * How many members are in a segment. From memory it costs one short statement and some
   * milliseconds for a million members; nothing is locked. The first count of a dealer has the
   * index built: in the background once {@code Laoke.start()} was called, by {@code Laoke.tick}, or
   * by {@link #build}; until then the database answers.
   *
   * <p>Within a transaction of the host the database answers, since only that shows what the
   * transaction has written.
   *
   * <p>Changes of a transaction of the host that is open for longer than ten minutes are counted up
   * to ten seconds after it commits, those of one that is open for more than six hours perhaps not
   * at all until the index is built anew.
   *
   * @throws SegmentException if the segment cannot be answered
   * @throws io.laoke.error.StoreException if the database fails
   */
  LiveCount count(Segment segment, Instant asOf);

  /** How many members are in a segment now. */
  LiveCount count(Segment segment);

  /**
   * Builds the index on the calling thread, unless it is there. Reads all members and lines of the
   * dealer, on connections of Laoke's own.
   *
   * @return whether it is there now; if not, {@link #status} says why
   * @throws io.laoke.error.StoreException if the database fails; repeating is safe
   */
  boolean build();

  /** What the index is like. Costs nothing. */
  Status status();

  /**
   * What the index of a dealer is like.
   *
   * @param state whether it answers
   * @param members how many members it holds
   * @param bytes what it takes in memory
   * @param freshTo up to when changes are in it, in this machine's time; the epoch before there is
   *     one
   * @param lastChange when a change was last taken in, in this machine's time; the epoch before
   *     there was one
   * @param why why it does not answer, as a sentence; empty where it does
   */
  record Status(
      State state,
      long members,
      long bytes,
      Instant freshTo,
      Instant lastChange,
      Optional<String> why) {}

  /** Whether an index answers. */
  enum State {
    /** Live counts are off, or not for this dealer. */
    OFF,
    /** Nobody has asked yet, or it is to be built. */
    WAITING,
    /** It is being built. */
    BUILDING,
    /** It answers. */
    READY,
    /** It cannot hold this dealer: most likely it would take more memory than it may. */
    UNABLE
  }
}
