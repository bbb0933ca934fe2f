package io.laoke.order;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.member.MemberOwnings;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Moves orders and returns when members become one, or two again. Bulk statements and a recount.
 */
final class MemberMover implements MemberOwnings {
  private final MemberBook members;
  private final OrderTable orders;
  private final Rollup rollup;
  private final OrderDesk desk;

  MemberMover(MemberBook members, OrderTable orders, Rollup rollup, OrderDesk desk) {
    this.members = members;
    this.orders = orders;
    this.rollup = rollup;
    this.desk = desk;
  }

  private static final String OWNED =
      "SELECT id FROM {%s} WHERE dealer_id = :dealer AND member_id = :member ORDER BY id";

  @Override
  public Owned lock(Tx tx, Tenant tenant, long memberId) {
    Owned owned = had(tx, tenant, memberId);
    lock(tx, tenant, "return_note", owned.notes());
    lock(tx, tenant, "customer_order", owned.orders());
    return owned;
  }

  @Override
  public Owned had(Tx tx, Tenant tenant, long memberId) {
    return new Owned(
        ids(tx, tenant, OWNED.formatted("customer_order"), memberId),
        ids(tx, tenant, OWNED.formatted("return_note"), memberId));
  }

  /** Locks rows in the order of their ids, whatever index has led to them. */
  static void lock(Tx tx, Tenant tenant, String table, Collection<Long> ids) {
    for (List<Long> each : Chunks.keys(tx, new TreeSet<>(ids))) {
      tx.query(
              "SELECT id FROM {"
                  + table
                  + "} WHERE dealer_id = :dealer AND id IN (<ids>) ORDER BY id FOR UPDATE",
              "ids",
              Rows.Type.LONG,
              each)
          .bind("dealer", tenant.id())
          .mapTo(Long.class)
          .list();
    }
  }

  @Override
  public Owned now(Tx tx, Tenant tenant, long memberId) {
    return new Owned(
        new TreeSet<>(guarded(tx, tenant, OWNED.formatted("customer_order"), memberId)),
        new TreeSet<>(guarded(tx, tenant, OWNED.formatted("return_note"), memberId)));
  }

  private static Set<Long> ids(Tx tx, Tenant tenant, String sql, long member) {
    return new TreeSet<>(
        tx.query(sql).bind("dealer", tenant.id()).bind("member", member).mapTo(Long.class).list());
  }

  private static List<Long> guarded(Tx tx, Tenant tenant, String sql, long member) {
    return tx.guarded(sql)
        .bind("dealer", tenant.id())
        .bind("member", member)
        .mapTo(Long.class)
        .list();
  }

  @Override
  public void move(Tx tx, Tenant tenant, Owned all, long from, long to, Instant now) {
    orders.assigned(tx, tenant, all.orders(), to, OrderHistory.How.MERGED, now);
    moved(tx, tenant, all, from, to, now);
  }

  @Override
  public Back moveBack(
      Tx tx, Tenant tenant, Owned brought, Owned had, long from, long to, Instant now) {
    Owned held = now(tx, tenant, from);
    Set<Long> back = new TreeSet<>(brought.orders());
    back.retainAll(held.orders());
    Set<Long> since = later(held.orders(), brought.orders(), had.orders());
    Set<Long> followed = followed(tx, tenant, since, to);
    Set<Long> notes = new TreeSet<>(brought.notes());
    notes.retainAll(held.notes());
    notes.addAll(theirNotes(tx, tenant, later(held.notes(), brought.notes(), had.notes()), to));
    Set<Long> all = new TreeSet<>(back);
    all.addAll(followed);
    orders.assigned(tx, tenant, all, to, OrderHistory.How.SPLIT, now);
    moved(tx, tenant, new Owned(all, notes), from, to, now);
    return new Back(back.size(), followed.size(), since.size() - followed.size());
  }

  private static Set<Long> later(Set<Long> held, Set<Long> brought, Set<Long> had) {
    Set<Long> later = new TreeSet<>(held);
    later.removeAll(brought);
    later.removeAll(had);
    return later;
  }

  /** Orders whose buyer is known by an identity of the member now, or that they claimed. */
  private Set<Long> followed(Tx tx, Tenant tenant, Set<Long> since, long member) {
    Set<Long> followed = new TreeSet<>();
    for (List<Long> some : Chunks.of(since)) {
      List<OrderHead> heads = orders.heads(tx, tenant, some);
      List<Long> assigned = heads.stream().filter(OrderHead::assigned).map(OrderHead::id).toList();
      Map<Long, Long> claimed = desk.claimants(tx, tenant, assigned);
      for (OrderHead head : heads) {
        Long whose =
            head.assigned()
                ? claimed.get(head.id())
                : boxed(members.whose(tx, tenant, head.buyer().customerNo(), head.buyer().phone()));
        if (whose != null && whose == member) {
          followed.add(head.id());
        }
      }
    }
    return followed;
  }

  private static @Nullable Long boxed(OptionalLong id) {
    return id.isPresent() ? (Long) id.getAsLong() : null;
  }

  private Set<Long> theirNotes(Tx tx, Tenant tenant, Set<Long> since, long member) {
    record Note(long id, Optional<String> customerNo) {}
    Set<Long> theirs = new TreeSet<>();
    for (List<Long> some : Chunks.of(since)) {
      tx
          .query(
              "SELECT id, customer_no FROM {return_note} WHERE dealer_id = :dealer AND id IN (<ids>)")
          .bind("dealer", tenant.id())
          .bindList("ids", some)
          .map(
              (row, context) ->
                  new Note(
                      row.getLong("id"),
                      Optional.ofNullable(tenant.privacy().open(row.getString("customer_no")))))
          .list()
          .stream()
          .filter(
              note ->
                  members
                      .whose(tx, tenant, note.customerNo(), Optional.empty())
                      .equals(OptionalLong.of(member)))
          .forEach(note -> theirs.add(note.id()));
    }
    return theirs;
  }

  private void moved(Tx tx, Tenant tenant, Owned what, long from, long to, Instant now) {
    Move move = new Move(tx, tenant, from, to, now);
    move.each(
        what.orders(),
        """
        UPDATE {customer_order} SET member_id = :to, changed_ms = :now
        WHERE dealer_id = :dealer AND id IN (<ids>)""");
    move.each(
        what.orders(),
        "UPDATE {order_line} SET member_id = :to WHERE dealer_id = :dealer AND order_id IN (<ids>)");
    move.each(
        what.orders(),
        "UPDATE {unit_service} SET member_id = :to WHERE dealer_id = :dealer AND order_id IN (<ids>)");
    move.each(
        what.notes(),
        """
        UPDATE {return_note} SET member_id = :to WHERE dealer_id = :dealer AND id IN (<ids>)""");
    move.each(
        what.notes(),
        """
        UPDATE {return_line} SET note_member_id = :to
        WHERE dealer_id = :dealer AND note_id IN (<ids>)""");
    // What is taken off no line counts for the member of the note, else of the order.
    move.each(
        what.notes(),
        """
        UPDATE {return_line} SET member_id = :to
        WHERE dealer_id = :dealer AND note_id IN (<ids>) AND member_id = :from""");
    move.each(
        what.orders(),
        """
        UPDATE {return_line} SET member_id = :to
        WHERE dealer_id = :dealer AND order_id IN (<ids>) AND member_id = :from
          AND note_member_id IS NULL""");
    tx.changed(tenant.id(), List.of(from, to));
    rollup.recountLocked(tx, tenant, from);
    rollup.recountLocked(tx, tenant, to);
    for (List<Long> some : Chunks.of(what.orders())) {
      desk.memberChanged(tx, tenant, new HashSet<>(some), now);
    }
  }

  private record Move(Tx tx, Tenant tenant, long from, long to, Instant now) {
    void each(Collection<Long> ids, String sql) {
      for (List<Long> some : Chunks.keys(tx, ids)) {
        var update = tx.update(sql).bind("dealer", tenant.id()).bind("to", to);
        if (sql.contains(":from")) {
          update.bind("from", from);
        }
        if (sql.contains(":now")) {
          update.bind("now", now.toEpochMilli());
        }
        update.bindList("ids", some).execute();
      }
    }
  }
}
