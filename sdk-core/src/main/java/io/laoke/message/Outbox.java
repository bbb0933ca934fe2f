package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Where upper floors put messages 待发消息. Safe for use by many threads. */
@Internal
public interface Outbox {
  /**
   * Writes a message, its decision and a note that the dealer has work, all in the caller's
   * transaction, and wakes the engine once that is committed. Costs three inserts. A repeat with
   * the same cause, recipient and channel changes nothing, whatever else it says. The caller holds
   * the lock of the order, so that sequence numbers of one key commit in order.
   *
   * @return whether this call wrote it
   * @throws io.laoke.error.ConflictException if the account belongs to another dealer
   */
  boolean enqueue(Tx tx, Tenant tenant, NewMessage message);

  /**
   * The same for messages about causes that are new in this transaction, none of an order, by few
   * statements for all. One whose cause, recipient and channel are there already is a lost race:
   * the transaction is to be repeated.
   */
  void enqueueNew(Tx tx, Tenant tenant, List<NewMessage> messages);

  /**
   * What the newest message about a cause says to a recipient that is waiting, under way or sent;
   * empty where there is none. One query.
   *
   * @param causeId the id of the cause, whatever its kind
   */
  Optional<TemplateMessage> newest(
      Tx tx, Tenant tenant, long orderId, long causeId, String openidHash);

  /** All messages of a key, the first put first. One query. */
  List<Put> all(Tx tx, Tenant tenant, long orderId, String openidHash);

  /** A message that was put, and what became of it so far. */
  record Put(Delivery.State state, TemplateMessage body) {}

  /**
   * What waits for its turn about these orders and is still valid, by order, recipient and place.
   * Messages under way are not among it. One query.
   *
   * @param now business time
   */
  List<Waiting> waiting(Tx tx, Tenant tenant, Set<Long> orderIds, Instant now);

  /** A message that waits; as in {@link NewMessage}. */
  record Waiting(long orderId, String openidHash, long seq, String causeKind, long causeId) {
    /** Shows no recipient. */
    @Override
    public String toString() {
      return "Waiting[%s %d, seq %d]".formatted(causeKind, causeId, seq);
    }
  }

  /**
   * The dealer's accounts that ever had a message, their rows locked until the transaction ends:
   * whoever rewords takes this lock first, so that of two rewordings the later wins everywhere. One
   * query. Putting, sending and settling messages do not wait for it.
   */
  Set<String> lockAccounts(Tx tx, Tenant tenant);

  /**
   * Gives other words to what waits, or is held by a pause, and has certainly not left; all else of
   * a message stays, its dedupe id included. What is claimed meanwhile, or becomes uncertain, keeps
   * its words: it leaves either in the old ones or in the new ones. A message that a paused
   * template held is let go if its new words are of another template. Reads and writes 500 messages
   * at a time, so that it holds no more in memory, with one query and one batch for each 500; locks
   * the rows that it writes.
   *
   * @param words called with some messages after others, oldest first, gives new words by the id of
   *     the message; a message that it leaves out, or gives the words that it has, is not touched
   * @return the templates that words were taken from
   */
  Set<String> reword(
      Tx tx,
      Tenant tenant,
      String account,
      Purpose purpose,
      ChannelKind channel,
      Function<List<Unsent>, Map<Long, TemplateMessage>> words);

  /** A message that has certainly not left; as in {@link NewMessage}. */
  record Unsent(
      long id,
      long orderId,
      String openidHash,
      String causeKind,
      long causeId,
      TemplateMessage body) {
    /** Shows neither recipient nor values. */
    @Override
    public String toString() {
      return "Unsent[%d, %s %d]".formatted(id, causeKind, causeId);
    }
  }

  /** The templates that are paused, by account. One query. */
  Map<String, Set<String>> pausedTemplates(Tx tx, Tenant tenant);

  /**
   * Ends the pauses of these templates of an account, as {@link Deliveries#resume} does; a template
   * that is not paused changes nothing. A few statements for each pause.
   */
  void resumeTemplates(Tx tx, Tenant tenant, String account, Set<String> templateIds);
}
