package io.laoke.segment;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;

/**
 * One dealer's segments: questions about its members, answered by one statement each, or in memory
 * for a single member. Safe for use by many threads; joins the host's transaction where there is
 * one, and then sees what that has written.
 *
 * <p>{@code asOf} moves windows of time only: members, orders and stages are those known now. The
 * forms without it ask as of now, by the business clock, which is read once.
 *
 * <p>Members are those that live: one that was merged into another answers as that one, a person
 * that was erased is in no segment. A path of the catalogue that was moved stands for where it is
 * now.
 *
 * <p>A segment that cannot be answered is refused with a {@link SegmentException} by every call
 * that is given one, but for the sentences, which tell any, as it is being written.
 */
public interface Segments {
  /**
   * What segments can say here, as data, with the dealer's own categories, stores and attributes.
   */
  SegmentSchema describe();

  /** A segment in Chinese, as one sentence. */
  String toChinese(Segment segment);

  /** A segment in English, as one sentence. */
  String toEnglish(Segment segment);

  // ---- saved

  /**
   * Saves a segment under a key by which others refer to it. Saving the same again changes nothing;
   * other content is the next version. The earlier versions stay readable.
   *
   * @param key at most 64 characters
   * @param name what people call it, at most 100 characters
   * @param by who saves it, at most 64 characters
   * @throws SegmentException if it could not be answered, or would refer to itself over others
   */
  SavedSegment save(String key, String name, Segment segment, String by);

  /** The saved segment of that key. */
  Optional<SavedSegment> find(String key);

  /** All versions of that key, oldest first, those before it was removed included. */
  List<SavedSegment> versions(String key);

  /** All saved segments, by key. */
  List<SavedSegment> all();

  /**
   * Removes a saved segment; audiences that were frozen from it stay.
   *
   * @param by who removes it, at most 64 characters
   * @return whether there was one
   * @throws io.laoke.error.ConflictException if others refer to it; the message names them
   */
  boolean remove(String key, String by);

  /**
   * The keys of all saved segments that a segment refers to, directly and over others.
   *
   * @throws SegmentException if one of them does not exist
   */
  Set<String> dependsOn(Segment segment);

  /** The keys of the saved segments that refer to that one, directly or over others. */
  Set<String> usedBy(String key);

  // ---- answers

  /** Counts while a user clicks, from memory where that was turned on. */
  LiveCounts live();

  /** How many members are in a segment. Costs one statement. */
  long count(Segment segment, Instant asOf);

  /** How many members are in a segment now. */
  long count(Segment segment);

  /**
   * How many rows of a collection the members of a segment have.
   *
   * @param collection such as orders or items, in its default scope
   */
  long countRows(Segment segment, String collection, Instant asOf);

  /**
   * The ids of members of a segment, by id.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit at most 10,000
   */
  List<Long> page(Segment segment, Instant asOf, long afterId, int limit);

  /**
   * Tells all ids of a segment, by id, as of one moment, in constant memory. Reads on a connection
   * of Laoke's own, in a transaction that lasts as long as {@code each} takes: whoever does much
   * with each member should {@link #freeze} the segment instead. What {@code each} throws ends it.
   *
   * @return how many there were
   */
  long stream(Segment segment, Instant asOf, LongConsumer each);

  /**
   * Whether a member is in a segment. Reads the member's file and answers in memory; the id of one
   * that was merged stands for the survivor.
   *
   * @throws io.laoke.error.NotFoundException if there is no such member, or the person was erased
   */
  boolean matches(Segment segment, long memberId, Instant asOf);

  /**
   * Those of these members, at most 1,000, that are in a segment; in memory, too. An id that was
   * merged is among them if the survivor's would be; one that is no member's, or of a person that
   * was erased, is not.
   */
  Set<Long> matching(Segment segment, Set<Long> memberIds, Instant asOf);

  /**
   * Why a member is in a segment, or is not: the segment part by part, with what was found. The id
   * of one that was merged stands for the survivor.
   *
   * @throws io.laoke.error.NotFoundException if there is no such member, or the person was erased
   */
  Explanation explain(Segment segment, long memberId, Instant asOf);

  /**
   * How many members are in which of several segments, for choosing which comes first. One
   * statement.
   *
   * @param segments at most 10, of at most 400 parts together
   */
  Overlap overlap(List<Segment> segments, Instant asOf);

  /**
   * Members and money of a segment, by a field. One statement.
   *
   * @throws SegmentException if the breakdown cannot be answered
   */
  List<Share> breakdown(Segment segment, Breakdown by, Instant asOf);

  // ---- audiences

  /**
   * Freezes who is in a segment now into an audience, which never changes. One statement in the
   * database, whatever the size.
   *
   * @param name what people call it, at most 100 characters
   * @param by who does it, at most 64 characters
   */
  Audience freeze(Segment segment, Instant asOf, String name, String by);

  /** The audience of that id. */
  Optional<Audience> audience(long id);

  /**
   * Audiences, newest first.
   *
   * @param beforeId the last id of the page before, 0 for the first page
   * @param limit at most 1,000
   */
  List<Audience> audiences(long beforeId, int limit);

  /**
   * The members of an audience, by id, as they were frozen; one that was merged since answers to
   * {@code members().get} with the survivor.
   *
   * @param afterId the last id of the page before, 0 for the first page
   * @param limit at most 10,000
   */
  List<Long> members(long audienceId, long afterId, int limit);
}
