package io.laoke.push;

import io.laoke.message.Reason;
import java.time.Duration;
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
   * Hands a draft to whoever approves, with the versions that its contents have now: what is
   * changed of these afterwards is not in it. Repeating it changes nothing.
   *
   * @throws io.laoke.error.InvalidInputException if it has no rule, or a content is not there or
   *     not ready to be sent by its account
   * @throws io.laoke.error.NotFoundException if the dealer has no such account
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

  /**
   * Hands a submitted, approved or scheduled plan back to be changed.
   *
   * @throws io.laoke.error.ConflictException if it is beyond that, or allocated
   */
  SavedPlan reject(String key, String by, String why);

  /** Ends a plan: no further batch is made; what was made leaves. Repeating changes nothing. */
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
   * Sets an allocated plan off. Batches of at most 10,000 followers are made one after the other,
   * by {@code tick} or {@code start}; consent, pauses and the quota are asked again for each
   * follower when its batch is made, and who is stopped then is STOPPED in {@link #decisions}. A
   * batch is committed with its followers, and with what it takes of their month, before WeChat
   * hears of it, and is never made twice. Repeating changes nothing.
   *
   * @throws io.laoke.error.ConflictException if it is not allocated
   */
  SavedPlan start(String key, String by);

  /**
   * Lets an approved or allocated plan start by itself at {@link Plan#startAt()}, by {@code tick}
   * or {@code start}, or at once if that is over: it is allocated as of then, unless it was before,
   * and set off. If nobody ticked for more than a day after that time, it is not started: it is as
   * it was before, and a step {@code MISSED} is among its {@link #events}. Until it has started it
   * can be rejected, to be changed, and cancelled. Repeating changes nothing.
   *
   * @throws io.laoke.error.InvalidInputException if it has no such time
   * @throws io.laoke.error.ConflictException if it is neither approved nor allocated
   */
  SavedPlan schedule(String key, String by);

  /**
   * Makes no further batch of a running plan, or of one that waits for WeChat's administrator; what
   * was made leaves. Repeating changes nothing.
   */
  SavedPlan pause(String key, String by, String why);

  /**
   * Lets a paused plan go on with the batches that are left; those that failed are not made anew.
   * Repeating changes nothing.
   */
  SavedPlan resume(String key, String by);

  /**
   * The batches of a plan so far, rule by rule, with what WeChat told of them; empty if there are
   * none. A job that failed as a whole is FAILED, whatever was thought of it before, and its
   * followers have their message of the month back. Two queries.
   */
  List<BatchStatus> batches(String key);

  /**
   * What an allocated plan came to; {@link PlanCounts#quota} is not kept, and empty.
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

  /**
   * What a code of a reason means, of a decision, or of a batch where it is Laoke's or of a job
   * report.
   */
  Optional<Reason> reason(String code);

  /**
   * What an allocated plan has brought in: what the members who are chosen bought within a window,
   * beside those who are held out. Who is stopped is in neither group, since it was not drawn by
   * lot. Orders count that were placed within the window, as in the consumption file: without what
   * was cancelled, and net of what came back of them, whenever it did; returns of no order that is
   * known count at their own time. A later call tells later returns, and of a window that has not
   * ended, what was bought so far.
   *
   * <p>Members that were merged since are one person, with all that it bought; one who was both
   * chosen and held out by another id is left out. Who was erased still counts, by the orders that
   * are kept without a name. Who is held out by {@link PlanSettings#heldOut} gets nothing of other
   * plans either, so that what is told holds some of their effect, too.
   *
   * <p>Costs a few statements, the last of which reads the plan's decisions and the orders of the
   * window; constant memory, whatever their number.
   *
   * @param from when the content reached its members, in business time, cut to milliseconds; {@link
   *     #uplift(String, Duration)} takes it from the batches. With a window before it, the groups
   *     show how alike they were
   * @param window how long what they buy counts from then on, half-open; a millisecond to 366 days
   * @throws io.laoke.error.ConflictException if it is not allocated
   */
  Uplift uplift(String key, Instant from, Duration window);

  /**
   * The same from when WeChat took the first batch that was sent.
   *
   * @throws io.laoke.error.ConflictException if no batch is known to be sent, or the plan is not
   *     allocated
   */
  Uplift uplift(String key, Duration window);

  /**
   * The same with less weight on who buys the most; {@link Uplift} says when that is wanted. What
   * is told of money is the difference of what is capped, which is less than all that was brought
   * in.
   *
   * @param capFen what one member's money in the window counts at most, and, below zero, what it is
   *     taken off at most; in fen, 1 to 10^15. Choose it before looking at results
   */
  Uplift uplift(String key, Instant from, Duration window, long capFen);
}
