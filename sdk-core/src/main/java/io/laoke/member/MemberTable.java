package io.laoke.member;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Table {@code member}. */
final class MemberTable {
  private static final String COLUMNS =
      """
      SELECT id, source, name, gender, birthday, region, created_ms
      FROM {member} WHERE dealer_id = :dealer""";

  /**
   * A row, personal values opened.
   *
   * @param source where the member came from
   */
  record Row(
      long id,
      String source,
      @Nullable String name,
      @Nullable String gender,
      @Nullable LocalDate birthday,
      @Nullable String region,
      Instant created) {}

  void insert(Tx tx, Tenant tenant, long id, String source, boolean numbered, Instant now) {
    tx.update(
            """
            INSERT INTO {member} (dealer_id, id, source, numbered, random31, created_ms)
            VALUES (:dealer, :id, :source, :numbered, :random, :now)""")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("source", source)
        .bind("numbered", numbered)
        .bind("random", ThreadLocalRandom.current().nextInt() >>> 1)
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Gives a customer number to a member that has none; of two that try, one succeeds. */
  boolean takeNumber(Tx tx, Tenant tenant, long id) {
    return tx.update(
                """
                UPDATE {member} SET numbered = TRUE
                WHERE dealer_id = :dealer AND id = :id AND numbered = FALSE""")
            .bind("dealer", tenant.id())
            .bind("id", id)
            .execute()
        == 1;
  }

  void nameIfMissing(Tx tx, Tenant tenant, long id, String name) {
    tx.update(
            """
            UPDATE {member} SET name = :name
            WHERE dealer_id = :dealer AND id = :id AND name IS NULL""")
        .bind("name", tenant.privacy().seal(name))
        .bind("dealer", tenant.id())
        .bind("id", id)
        .execute();
  }

  boolean nameless(Tx tx, Tenant tenant, long id) {
    return tx.query(
            "SELECT 1 FROM {member} WHERE dealer_id = :dealer AND id = :id AND name IS NULL")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  void update(Tx tx, Tenant tenant, Row row) {
    tx.update(
            """
            UPDATE {member} SET name = :name, gender = :gender, birthday = :birthday, region = :region
            WHERE dealer_id = :dealer AND id = :id""")
        .bind("name", tenant.privacy().seal(row.name()))
        .bind("gender", row.gender())
        .bind("birthday", row.birthday())
        .bind("region", row.region())
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .execute();
  }

  Optional<Row> find(Tx tx, Tenant tenant, long id) {
    return one(tx, tenant, id, "");
  }

  Optional<Row> lock(Tx tx, Tenant tenant, long id) {
    return one(tx, tenant, id, " FOR UPDATE");
  }

  private static Optional<Row> one(Tx tx, Tenant tenant, long id, String lock) {
    return tx.query(COLUMNS + " AND id = :id" + lock)
        .bind("dealer", tenant.id())
        .bind("id", id)
        .map((row, context) -> row(tenant, row))
        .findFirst();
  }

  List<Row> page(Tx tx, Tenant tenant, long afterId, int limit) {
    return tx.query(COLUMNS + " AND id > :after ORDER BY id LIMIT :limit")
        .bind("dealer", tenant.id())
        .bind("after", afterId)
        .bind("limit", limit)
        .map((row, context) -> row(tenant, row))
        .list();
  }

  /** In the order of the ids, where the database promises it; else one by one. */
  void lockAll(Tx tx, Tenant tenant, Collection<Long> ids) {
    Collection<Long> sorted = new TreeSet<>(ids);
    if (tx.dialect().locksInOrder()) {
      Chunks.of(sorted).forEach(some -> lockSorted(tx, tenant, some));
    } else {
      sorted.forEach(id -> lockSorted(tx, tenant, List.of(id)));
    }
  }

  private static void lockSorted(Tx tx, Tenant tenant, List<Long> ids) {
    tx.query(
            """
            SELECT id FROM {member} WHERE dealer_id = :dealer AND id IN (<ids>)
            ORDER BY id FOR UPDATE""")
        .bind("dealer", tenant.id())
        .bindList("ids", ids)
        .mapTo(Long.class)
        .list();
  }

  boolean noteDuplicate(
      Tx tx, Tenant tenant, long id, long one, long other, String why, Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {member_duplicate} (dealer_id, id, one_id, other_id, why, noted_ms)
        VALUES (:dealer, :id, :one, :other, :why, :now)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", id)
                .bind("one", one)
                .bind("other", other)
                .bind("why", why)
                .bind("now", now.toEpochMilli()));
  }

  boolean duplicateNoted(Tx tx, Tenant tenant, long one, long other) {
    return tx.query(
            """
            SELECT 1 FROM {member_duplicate}
            WHERE dealer_id = :dealer AND one_id = :one AND other_id = :other""")
        .bind("dealer", tenant.id())
        .bind("one", one)
        .bind("other", other)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  List<Duplicate> duplicates(Tx tx, Tenant tenant, long afterId, int limit) {
    return tx.query(
            """
            SELECT id, one_id, other_id, why, noted_ms FROM {member_duplicate}
            WHERE dealer_id = :dealer AND id > :after ORDER BY id LIMIT :limit""")
        .bind("dealer", tenant.id())
        .bind("after", afterId)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Duplicate(
                    row.getLong("id"),
                    row.getLong("one_id"),
                    row.getLong("other_id"),
                    row.getString("why"),
                    Instant.ofEpochMilli(row.getLong("noted_ms"))))
        .list();
  }

  private static Row row(Tenant tenant, ResultSet row) throws SQLException {
    return new Row(
        row.getLong("id"),
        row.getString("source"),
        tenant.privacy().open(row.getString("name")),
        row.getString("gender"),
        row.getObject("birthday", LocalDate.class),
        row.getString("region"),
        Instant.ofEpochMilli(row.getLong("created_ms")));
  }
}
