package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where upper floors record why there is no message 发送判定. */
@Internal
public interface Decisions {
  /**
   * Records a decision that no message belongs to, such as NO_RECIPIENT, STALE or REPLIED, in the
   * caller's transaction. A repeat with the same cause, recipient and channel changes nothing; if a
   * message was enqueued for these, its decision stays.
   *
   * @return whether this call recorded it
   */
  boolean record(Tx tx, Tenant tenant, NewDecision decision);

  /**
   * Records decisions about causes that are new in this transaction, by few statements. One that is
   * recorded already is a lost race: the transaction is to be repeated.
   */
  void recordNew(Tx tx, Tenant tenant, List<NewDecision> decisions);

  /**
   * What was decided, and what became of it so far, about telling anybody of these causes, by cause
   * in the order of decision. One query; as {@link Deliveries#decisions} otherwise.
   */
  List<Decision> about(Tx tx, Tenant tenant, String causeKind, Set<Long> causeIds);

  /**
   * By which id the platform knows the messages of these causes, each where it has taken one. One
   * query.
   */
  Map<Long, String> providerIds(Tx tx, Tenant tenant, String causeKind, Set<Long> causeIds);

  /**
   * What was decided about telling these, and what became of it so far, of causes of a kind that
   * asked for it in that time, in the order in which they did. One query; as {@link
   * Deliveries#decisions} otherwise.
   *
   * @param recipientHashes as {@link NewMessage#openidHash}
   * @param until behind it
   */
  List<Decision> told(
      Tx tx,
      Tenant tenant,
      String causeKind,
      Collection<String> recipientHashes,
      Instant from,
      Instant until);

  /**
   * The causes of which somebody was told, or was to be, the newest first. One query.
   *
   * @param recipientHash as {@link NewMessage#openidHash}
   */
  List<Long> causesOf(
      Tx tx, Tenant tenant, String causeKind, String account, String recipientHash, int limit);
}
