package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Tables {@code member_merge} and {@code member_merge_item}. */
final class MergeTable {
  private static final String COLUMNS =
      """
      SELECT id, survivor_id, merged_id, live, actor, reason, at_ms, orders, notes, identities,
        split_ms, split_actor, split_reason, orders_back, orders_followed, orders_stayed,
        identities_stayed
      FROM {member_merge} WHERE dealer_id = :dealer""";

  /**
   * What a merge moved, and what the survivor had by itself: ids of different nodes do not tell
   * what came before it. {@code HAD} says that this was written down, be it nothing.
   */
  enum Kind {
    ORDER,
    NOTE,
    IDENTITY,
    FIELD,
    ATTRIBUTE,
    TAG,
    REMARK,
    PAUSE,
    EVENT,
    HAD,
    HAD_ORDER,
    HAD_NOTE,
    HAD_CONSENT,
    HAD_PAUSE
  }

  /**
   * One of these things.
   *
   * @param part the kind of an identity, the name of a field or an attribute, or a tag
   */
  record Item(Kind kind, long ref, String part, String account, String hash) {
    static Item of(Kind kind, long ref) {
      return new Item(kind, ref, "", "", "");
    }

    static Item of(Kind kind, String part) {
      return new Item(kind, 0, part, "", "");
    }

    static Item of(IdentityTable.Key key) {
      return new Item(Kind.IDENTITY, 0, key.kind().name(), key.account(), key.hash());
    }

    IdentityTable.Key key() {
      return new IdentityTable.Key(IdentityKind.valueOf(part), account, hash);
    }
  }

  void insert(Tx tx, Tenant tenant, Merge merge, List<Item> items) {
    tx.update(
            """
            INSERT INTO {member_merge} (dealer_id, id, survivor_id, merged_id, live, actor, reason,
              at_ms, orders, notes, identities)
            VALUES (:dealer, :id, :survivor, :merged, 1, :by, :why, :at, :orders, :notes,
              :identities)""")
        .bind("dealer", tenant.id())
        .bind("id", merge.id())
        .bind("survivor", merge.survivor())
        .bind("merged", merge.merged())
        .bind("by", merge.by())
        .bind("why", tenant.privacy().seal(merge.why().orElse(null)))
        .bind("at", merge.at().toEpochMilli())
        .bind("orders", merge.orders())
        .bind("notes", merge.returns())
        .bind("identities", merge.identities())
        .execute();
    if (items.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            INSERT INTO {member_merge_item} (dealer_id, merge_id, kind, ref, part, account, hash)
            VALUES (:dealer, :merge, :kind, :ref, :part, :account, :hash)""");
    for (Item item : items) {
      batch
          .bind("dealer", tenant.id())
          .bind("merge", merge.id())
          .bind("kind", item.kind().name())
          .bind("ref", item.ref())
          .bind("part", item.part())
          .bind("account", item.account())
          .bind("hash", item.hash())
          .add();
    }
    batch.execute();
  }

  void split(Tx tx, Tenant tenant, long id, Merge.Split split) {
    tx.update(
            """
            UPDATE {member_merge} SET live = NULL, split_ms = :at, split_actor = :by,
              split_reason = :why, orders_back = :back, orders_followed = :followed,
              orders_stayed = :stayed, identities_stayed = :identities
            WHERE dealer_id = :dealer AND id = :id""")
        .bind("at", split.at().toEpochMilli())
        .bind("by", split.by())
        .bind("why", tenant.privacy().seal(split.why().orElse(null)))
        .bind("back", split.ordersBack())
        .bind("followed", split.ordersFollowed())
        .bind("stayed", split.ordersStayed())
        .bind("identities", split.identitiesStayed())
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  Optional<Merge> find(Tx tx, Tenant tenant, long id, boolean lock) {
    return merges(
            tx.query(COLUMNS + " AND id = :id" + (lock ? " FOR UPDATE" : "")).bind("id", id),
            tenant)
        .stream()
        .findFirst();
  }

  /** The merge that ended this member and still holds. */
  Optional<Merge> ending(Tx tx, Tenant tenant, long merged) {
    return merges(
            tx.guarded(COLUMNS + " AND merged_id = :merged AND live = 1").bind("merged", merged),
            tenant)
        .stream()
        .findFirst();
  }

  /** All that one of these took part in, oldest first. */
  List<Merge> of(Tx tx, Tenant tenant, Collection<Long> members) {
    List<Merge> found = new ArrayList<>();
    for (String column : List.of("survivor_id", "merged_id")) {
      merges(
              tx.guarded(COLUMNS + " AND " + column + " IN (<members>)")
                  .bindList("members", List.copyOf(members)),
              tenant)
          .stream()
          .filter(one -> found.stream().noneMatch(other -> other.id() == one.id()))
          .forEach(found::add);
    }
    found.sort((one, other) -> Long.compare(one.id(), other.id()));
    return found;
  }

  List<Item> items(Tx tx, Tenant tenant, long merge) {
    return tx.guarded(
            """
            SELECT kind, ref, part, account, hash FROM {member_merge_item}
            WHERE dealer_id = :dealer AND merge_id = :merge""")
        .bind("dealer", tenant.id())
        .bind("merge", merge)
        .map(
            (row, context) ->
                new Item(
                    Kind.valueOf(row.getString("kind")),
                    row.getLong("ref"),
                    row.getString("part"),
                    row.getString("account"),
                    row.getString("hash")))
        .list();
  }

  static List<Item> items(Kind kind, Collection<Long> refs) {
    return refs.stream().map(ref -> Item.of(kind, ref)).toList();
  }

  static Set<Long> refs(List<Item> items, Kind kind) {
    Set<Long> refs = new TreeSet<>();
    items.stream().filter(item -> item.kind() == kind).forEach(item -> refs.add(item.ref()));
    return refs;
  }

  private static List<Merge> merges(Query query, Tenant tenant) {
    return query.bind("dealer", tenant.id()).map((row, context) -> merge(row, tenant)).list();
  }

  private static Merge merge(ResultSet row, Tenant tenant) throws SQLException {
    long split = row.getLong("split_ms");
    boolean live = row.wasNull();
    return new Merge(
        row.getLong("id"),
        row.getLong("survivor_id"),
        row.getLong("merged_id"),
        row.getString("actor"),
        why(tenant, row.getString("reason")),
        Instant.ofEpochMilli(row.getLong("at_ms")),
        row.getInt("orders"),
        row.getInt("notes"),
        row.getInt("identities"),
        live
            ? Optional.empty()
            : Optional.of(
                new Merge.Split(
                    row.getString("split_actor"),
                    why(tenant, row.getString("split_reason")),
                    Instant.ofEpochMilli(split),
                    row.getInt("orders_back"),
                    row.getInt("orders_followed"),
                    row.getInt("orders_stayed"),
                    row.getInt("identities_stayed"))));
  }

  private static Optional<String> why(Tenant tenant, @Nullable String sealed) {
    return Optional.ofNullable(tenant.privacy().open(sealed));
  }
}
