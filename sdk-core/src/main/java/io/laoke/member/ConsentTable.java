package io.laoke.member;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Purpose;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code consent}. */
final class ConsentTable {
  private static final String COLUMNS =
      """
      SELECT id, member_id, purpose, given, source, text_version, at_ms
      FROM {consent} WHERE dealer_id = :dealer""";

  /** A row. */
  record Row(long id, long member, Consent consent) {}

  /** The newest counts; at the same moment the refusal. */
  static final Comparator<Row> COUNTING =
      Comparator.comparing((Row row) -> row.consent().at())
          .thenComparing(row -> !row.consent().given());

  boolean insert(
      Tx tx,
      Tenant tenant,
      long id,
      long member,
      Consent consent,
      @Nullable Long merge,
      Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {consent} (dealer_id, id, member_id, purpose, given, source, text_version, at_ms,
          recorded_ms, merge_id)
        VALUES (:dealer, :id, :member, :purpose, :given, :source, :version, :at, :now, :merge)""",
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", id)
                .bind("member", member)
                .bind("purpose", rank(consent.purpose()))
                .bind("given", consent.given() ? 1 : 0)
                .bind("source", consent.source())
                .bind("version", consent.textVersion().orElse(""))
                .bind("at", consent.at().toEpochMilli())
                .bind("now", now.toEpochMilli())
                .bind("merge", merge));
  }

  /** Takes away what a merge copied to a member. */
  void removeCopies(Tx tx, Tenant tenant, long member, long merge) {
    tx.update(
            """
            DELETE FROM {consent}
            WHERE dealer_id = :dealer AND member_id = :member AND merge_id = :merge""")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .bind("merge", merge)
        .execute();
  }

  /** In the order in which they count, the last counting. */
  List<Row> of(Tx tx, Tenant tenant, Collection<Long> members) {
    return members.isEmpty()
        ? List.of()
        : tx
            .guarded(COLUMNS + " AND member_id IN (<members>)", "members", Rows.Type.LONG, members)
            .bind("dealer", tenant.id())
            .map((row, context) -> row(row))
            .stream()
            .sorted(COUNTING.thenComparing(Row::id))
            .toList();
  }

  private static Row row(ResultSet row) throws SQLException {
    return new Row(
        row.getLong("id"),
        row.getLong("member_id"),
        new Consent(
            purpose(row.getInt("purpose")),
            row.getInt("given") != 0,
            row.getString("source"),
            Optional.of(row.getString("text_version")).filter(text -> !text.isEmpty()),
            Instant.ofEpochMilli(row.getLong("at_ms"))));
  }

  private static int rank(Purpose purpose) {
    return purpose == Purpose.CARE ? 1 : 2;
  }

  private static Purpose purpose(int rank) {
    return rank == 1 ? Purpose.CARE : Purpose.MARKETING;
  }
}
