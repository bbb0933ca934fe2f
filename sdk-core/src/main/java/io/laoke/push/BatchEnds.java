package io.laoke.push;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends batches by what became of their jobs at WeChat. The first that tells an end decides it, for
 * good, under the batch's own state: so the ledger gets back what a failed one took, and gets it
 * once, whoever tells it how often.
 */
final class BatchEnds {
  private static final Logger LOG = LoggerFactory.getLogger(BatchEnds.class);

  private final AdminWatch admin;
  private final Ids ids;

  BatchEnds(AdminWatch admin, Ids ids) {
    this.admin = admin;
    this.ids = ids;
  }

  /**
   * An end.
   *
   * @param code why it failed; empty where it did not
   * @param at when, in business time as far as is known
   */
  record End(boolean succeeded, String code, Instant at) {
    static End success(Instant at) {
      return new End(true, "", at);
    }

    static End failure(String code, Instant at) {
      return new End(false, code, at);
    }
  }

  /**
   * Notes the end of a batch that WeChat took, or may have.
   *
   * @param batch as it was read in this transaction
   * @param now business time
   * @return whether it is this one that decides
   */
  boolean end(Tx tx, Tenant tenant, BatchTable.Batch batch, End end, Instant now) {
    boolean awaited = batch.state() == BatchTable.State.AWAITING_ADMIN;
    if (!awaited
        && batch.state() != BatchTable.State.SENT
        && batch.state() != BatchTable.State.UNKNOWN) {
      return false;
    }
    if (awaited) {
      admin.lock(tx, tenant, batch.planId()); // before the batch, as whoever makes one does
    }
    BatchTable.State state = end.succeeded ? BatchTable.State.SENT : BatchTable.State.FAILED;
    if (!BatchTable.end(tx, tenant, batch, state, end.code, end.at.toEpochMilli())) {
      return false;
    }
    if (end.succeeded) {
      spent(tx, tenant, batch);
    } else {
      giveBack(tx, tenant, batch);
      LOG.warn(
          "laoke.plans.job: batch {} of dealer '{}', {} followers, was ended by WeChat without reaching anybody: {}; they have their message of the month back",
          batch.id(),
          tenant.code(),
          batch.recipients(),
          end.code);
    }
    if (awaited) {
      admin.ended(tx, tenant, batch.planId(), end.code, now);
    }
    return true;
  }

  private static void spent(Tx tx, Tenant tenant, BatchTable.Batch batch) {
    if (PayloadJson.read(batch.payload()) instanceof MassPayload.Draft draft) {
      DraftTable.spent(tx, drafts(tenant, batch), draft.mediaId());
    }
  }

  private static DraftTable.Batch drafts(Tenant tenant, BatchTable.Batch batch) {
    return new DraftTable.Batch(tenant, batch.account(), batch.prepared());
  }

  private void giveBack(Tx tx, Tenant tenant, BatchTable.Batch batch) {
    returned(tx, tenant, batch);
    DraftTable.Batch drafts = drafts(tenant, batch);
    boolean kept =
        DraftTable.change(tx, drafts, DraftTable.State.MADE, DraftTable.State.DROPPED) > 0;
    if (!kept && PayloadJson.read(batch.payload()) instanceof MassPayload.Draft draft) {
      // It was taken for sent, and with that for gone; it stands in the account's box.
      long id = ids.next();
      DraftTable.begin(tx, drafts, id, "");
      DraftTable.made(tx, tenant, id, draft.mediaId());
      DraftTable.change(tx, drafts, DraftTable.State.MADE, DraftTable.State.DROPPED);
    }
  }

  /**
   * The followers of a batch, whose state has just become FAILED, have their message back.
   *
   * @return always true
   */
  static boolean returned(Tx tx, Tenant tenant, BatchTable.Batch batch) {
    List<String> openids = BatchTable.openids(tx, tenant, batch.planId(), batch.id());
    for (List<String> some : PlanEngine.parts(openids)) {
      QuotaTable.giveBack(tx, tenant, batch.account(), batch.month(), some);
    }
    return true;
  }
}
