package io.laoke.imports;

import io.laoke.base.Upserted;
import io.laoke.catalog.CatalogBatch;
import io.laoke.catalog.CatalogModule;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBatch;
import io.laoke.member.MemberModule;
import io.laoke.member.MemberProfile;
import io.laoke.order.AdvanceResult;
import io.laoke.order.Order;
import io.laoke.order.OrderBatch;
import io.laoke.order.OrderLine;
import io.laoke.order.OrderModule;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.StageReport;
import io.laoke.order.UnitServiceReport;
import io.laoke.order.UpsertResult;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Some facts in one transaction. Made anew for each attempt. */
final class Batch {
  private final Undo undo = new Undo();
  private final OrderBatch orders;
  private final Tally tally;
  private final Instant now;
  private final List<Refusal> refused = new ArrayList<>();

  Batch(
      Database view,
      Tenant tenant,
      CatalogModule catalogs,
      MemberModule memberModule,
      OrderModule orderModule,
      Tally tally,
      Instant now) {
    CatalogBatch catalog = catalogs.batch();
    MemberBatch members = memberModule.batch(view, tenant, catalog, undo);
    this.orders = orderModule.batch(tenant, catalog, members, true, undo);
    this.tally = tally;
    this.now = now;
  }

  /** Something of a refused fact is in the transaction already, so that it cannot go on. */
  static final class NotUndone extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NotUndone(LaokeException cause) {
      super(cause);
    }
  }

  List<Refusal> refused() {
    return refused;
  }

  Tally tally() {
    return tally;
  }

  /**
   * Applies the facts and writes what comes of them.
   *
   * @param claims whether new identities are claimed at once, since others make them too
   * @param carefully whether sums are read before they are changed
   */
  void apply(Tx tx, List<Fact> facts, boolean claims, boolean carefully) {
    prefetch(tx, facts, claims);
    for (Fact fact : facts) {
      fact.refused().forEach(this::refuse);
      if (fact.value() instanceof MemberProfile profile) {
        outcome(fact, Kind.MEMBER, () -> orders.put(tx, profile, now));
      } else if (fact.value() instanceof Order order) {
        if (upsert(tx, fact, order)) {
          advance(tx, fact, order.orderNo());
        }
      } else if (fact.value() instanceof ReturnNote note) {
        record(tx, fact, note);
      } else if (fact.value() instanceof UnitServiceReport service) {
        outcome(
            fact, Kind.SERVICE, () -> orders.recordService(tx, fact.given().key(), service, now));
      } else if (fact.given().kind() == Kind.STAGE) {
        advance(tx, fact, fact.given().key());
      }
    }
    try {
      orders.flush(tx, carefully, now);
    } catch (ArithmeticException overflow) {
      throw new InvalidInputException(
          "netFen", "takes the member's total beyond 9.2 × 10^18 fen; check the amounts", overflow);
    }
  }

  private void prefetch(Tx tx, List<Fact> facts, boolean claims) {
    OrderBatch.Mentioned mentioned = new OrderBatch.Mentioned();
    for (Fact fact : facts) {
      if (fact.value() instanceof MemberProfile profile) {
        mentioned.member(profile);
      } else if (fact.value() instanceof Order order) {
        mentioned.order(order);
      } else if (fact.value() instanceof ReturnNote note) {
        mentioned.note(note);
      } else if (fact.value() instanceof UnitServiceReport) {
        mentioned.order(fact.given().key());
      } else if (fact.given().kind() == Kind.STAGE && fact.given().bad() == null) {
        mentioned.order(fact.given().key());
      }
    }
    orders.prefetch(tx, mentioned, claims, now);
  }

  private interface Step<T> {
    T take();
  }

  /** Does one step; a refusal takes back what it did. */
  private <T> boolean step(Fact fact, Kind kind, Step<T> step, Consumer<T> then) {
    undo.begin();
    T taken;
    try {
      taken = step.take();
    } catch (StoreException failed) {
      throw failed;
    } catch (LaokeException bad) {
      if (!undo.back()) {
        throw new NotUndone(bad);
      }
      refuse(Fact.refusal(fact.position(), fact.given(), kind, bad));
      return false;
    }
    then.accept(taken);
    return true;
  }

  private void refuse(Refusal refusal) {
    refused.add(refusal);
    tally.refused(refusal.kind(), refusal.field());
  }

  private boolean outcome(Fact fact, Kind kind, Step<Upserted> step) {
    return step(fact, kind, step, outcome -> tally.outcome(kind, outcome));
  }

  private boolean upsert(Tx tx, Fact fact, Order order) {
    return step(
        fact,
        Kind.ORDER,
        () -> orders.upsert(tx, order, now),
        (UpsertResult result) -> {
          tally.outcome(Kind.ORDER, result.outcome());
          List<OrderLine> lines = order.lines();
          boolean guest = result.memberId().isEmpty();
          tally.add("lines", lines.size());
          tally.add("guestOrders", guest ? 1 : 0);
          tally.add("guestLines", guest ? lines.size() : 0);
          tally.add("roundedLines", lines.stream().filter(OrderLine::rounded).count());
          tally.add("saleFen", sum(lines.stream().map(OrderLine::netFen).toList()));
        });
  }

  private static BigInteger sum(List<Long> fen) {
    BigInteger sum = BigInteger.ZERO;
    for (long one : fen) {
      sum = sum.add(BigInteger.valueOf(one));
    }
    return sum;
  }

  private void advance(Tx tx, Fact fact, String orderNo) {
    for (StageReport stage : fact.stages()) {
      step(
          fact,
          Kind.STAGE,
          () -> orders.advance(tx, orderNo, stage, now),
          (AdvanceResult result) -> tally.outcome(Kind.STAGE, outcome(result)));
    }
  }

  private static Upserted outcome(AdvanceResult result) {
    return switch (result.outcome()) {
      case RECORDED -> Upserted.CREATED;
      case UPDATED -> Upserted.CHANGED;
      case UNCHANGED -> Upserted.UNCHANGED;
    };
  }

  private void record(Tx tx, Fact fact, ReturnNote note) {
    boolean recorded = outcome(fact, Kind.RETURN, () -> orders.record(tx, note, now));
    if (recorded) {
      List<ReturnLine> lines = note.lines();
      boolean guest = orders.guests(note);
      tally.add("returnLines", lines.size());
      tally.add("guestReturns", guest ? 1 : 0);
      tally.add("guestReturnLines", guest ? lines.size() : 0);
      tally.add("roundedLines", lines.stream().filter(ReturnLine::rounded).count());
      tally.add("returnFen", sum(lines.stream().map(ReturnLine::netFen).toList()));
    }
  }
}
