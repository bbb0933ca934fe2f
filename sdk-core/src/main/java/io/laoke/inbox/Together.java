package io.laoke.inbox;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.member.MemberProfile;
import io.laoke.order.Order;
import io.laoke.order.OrderBatch;
import io.laoke.order.ReturnNote;
import io.laoke.order.StageReport;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several facts in one transaction, told in their order. Nothing is decided here about one that
 * cannot be taken: those before it are written, and it is left to be told by itself.
 */
final class Together {
  private static final Logger LOG = LoggerFactory.getLogger(Together.class);

  private final Undo undo = new Undo();
  private final OrderBatch orders;
  private final Instant now;

  /** Where such batches come from. */
  interface Source {
    /** A new one for each attempt of a transaction. */
    OrderBatch of(Undo undo);
  }

  /**
   * For one attempt.
   *
   * @param now business time
   */
  Together(Source source, Instant now) {
    this.orders = source.of(undo);
    this.now = now;
  }

  /**
   * What was taken.
   *
   * @param count the first so many
   * @param refused whether the next cannot be
   */
  record Taken(int count, boolean refused) {}

  /** Part of a fact that cannot be taken is in the transaction already. */
  static final class NotUndone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUndone(Throwable cause) {
      super(cause);
    }
  }

  /**
   * Tells the facts and writes what comes of them.
   *
   * @param claims whether new identities are claimed at once, since others make them too
   * @return what was taken: all up to the first that cannot be
   */
  Taken tell(Tx tx, List<Fact> facts, boolean claims) {
    OrderBatch.Mentioned mentioned = new OrderBatch.Mentioned();
    facts.forEach(fact -> fact.tell(new Mentions(mentioned)));
    orders.prefetch(tx, mentioned, claims, now);
    int told = 0;
    boolean refused = false;
    while (!refused && told < facts.size() && !orders.mustEnd()) {
      refused = !tell(tx, facts.get(told));
      told += refused ? 0 : 1;
    }
    orders.flush(tx, false, now);
    return new Taken(told, refused);
  }

  private boolean tell(Tx tx, Fact fact) {
    undo.begin();
    try {
      fact.tell(new Batched(tx));
      return true;
    } catch (StoreException failed) {
      throw failed;
    } catch (LaokeException refused) {
      if (!undo.back()) {
        throw new NotUndone(refused);
      }
      return false;
    }
  }

  private static String number(String orderNo) {
    return Check.key("orderNo", orderNo, 64);
  }

  private record Mentions(OrderBatch.Mentioned mentioned) implements Fact.Hearer {
    @Override
    public void put(MemberProfile profile) {
      mentioned.member(profile);
    }

    @Override
    public void upsert(Order order) {
      mentioned.order(order);
    }

    @Override
    public void advance(String orderNo, StageReport report) {
      try {
        mentioned.order(number(orderNo));
      } catch (InvalidInputException wrong) {
        LOG.trace("Refused when it is told", wrong);
      }
    }

    @Override
    public void record(ReturnNote note) {
      mentioned.note(note);
    }
  }

  private final class Batched implements Fact.Hearer {
    private final Tx tx;

    Batched(Tx tx) {
      this.tx = tx;
    }

    @Override
    public void put(MemberProfile profile) {
      orders.put(tx, profile, now);
    }

    @Override
    public void upsert(Order order) {
      orders.upsert(tx, order, now);
    }

    @Override
    public void advance(String orderNo, StageReport report) {
      orders.advance(tx, number(orderNo), report, now);
    }

    @Override
    public void record(ReturnNote note) {
      orders.record(tx, note, now);
    }
  }
}
