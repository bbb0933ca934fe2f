package io.laoke.push;

import io.laoke.message.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * One dealer's plans. Safe for use by many threads; joins the host's transaction where there is
 * one, but for what is told otherwise.
 */
public interface Plans {
  /**
   * Saves a plan as a draft. Saving the same again changes nothing; other content is the next
   * version, and whatever was submitted or approved is a draft again.
   *
   * @param by who saves it, at most 64 characters
   * @throws io.laoke.segment.SegmentException if a segment could not be answered; its place is told
   *     as {@code /segments/0/where}, that of the rest last
   * @throws io.laoke.error.ConflictException if it is allocated or cancelled: make another
   */
  SavedPlan save(Plan plan, String by);

  /** The plan of that key. */
  Optional<SavedPlan> find(String key);

  /** All plans, by key. */
  List<SavedPlan> all();

  /** What was done with a plan, the first first; empty if there is none. */
  List<PlanEvent> events(String key);

  /**
   * Hands a draft to whoever approves. Repeating it changes nothing.
   *
   * @throws io.laoke.error.InvalidInputException if it has no rule
   * @throws io.laoke.error.ConflictException if it is beyond that
   */
  SavedPlan submit(String key, String by);

  /**
   * Lets a submitted plan go. Repeating it changes nothing.
   *
   * @param hash of what was looked at: if the plan is another by now, nothing is approved
   * @param by somebody else than who submitted it, unless {@link PlanSettings#approvedByAnother} is
   *     off
   */
  SavedPlan approve(String key, String hash, String by);

  /** Hands a submitted or approved plan back to be changed. */
  SavedPlan reject(String key, String by, String why);

  /** Ends a plan. Repeating it changes nothing. */
  SavedPlan cancel(String key, String by, String why);

  /**
   * What a plan would decide, without anything being written: the same that {@link #allocate}
   * writes as of the same moment and with the same things recorded. One statement for all segments,
   * and four for each 2,000 members, on connections of Laoke's own, two at a time, whatever the
   * host has open; constant memory.
   *
   * @param asOf to which windows of time are relative, and as of which the month is looked at
   * @param each hears each decision, by member
   */
  PlanCounts preview(Plan plan, Instant asOf, Consumer<PlanDecision> each);

  /** The same without each decision. */
  PlanCounts preview(Plan plan, Instant asOf);

  /**
   * Decides for each member, once and for good, who gets what; nothing is sent. One that was broken
   * off, as by a kill, is begun anew by the next call: until all is decided, nothing is. Repeating
   * it changes nothing. Cost and connections as of {@link #preview}, and a statement for each 2,000
   * members.
   *
   * @throws io.laoke.error.ConflictException if the plan is not approved
   */
  PlanCounts allocate(String key, Instant asOf, String by);

  /**
   * What an allocated plan came to.
   *
   * @throws io.laoke.error.ConflictException if it is not allocated
   */
  PlanCounts counts(String key);

  /**
   * What an allocated plan decided, by member.
   *
   * @param afterId the last member's id of the page before, 0 for the first page
   * @param limit at most 10,000
   */
  List<PlanDecision> decisions(String key, long afterId, int limit);

  /** What a code of a reason means. */
  Optional<Reason> reason(String code);
}
