package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.Purchases;
import io.laoke.push.Uplift.Group;
import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** The SQL of what the members of a plan bought. */
final class UpliftTable {
  /** Nobody is merged as often, and no database joins tables without end. */
  private static final int MOST_MERGES = 30;

  private UpliftTable() {}

  /**
   * The sums of a plan's groups; one that has no members is absent. One statement adds them up in
   * the database, whatever their number; before it, one for each merge of members that were merged
   * before, of which there are few, asks how far merges lead.
   *
   * @param until half-open
   * @param capFen what a member's money counts at most, and less than minus it not at all
   */
  static Map<PlanDecision.Result, Group> groups(
      Tx tx, Tenant tenant, long planId, Instant from, Instant until, OptionalLong capFen) {
    Map<String, Object> values = new HashMap<>();
    values.put("dealer", tenant.id());
    values.put("plan", planId);
    values.put("from", from.toEpochMilli());
    values.put("until", until.toEpochMilli());
    capFen.ifPresent(
        cap -> {
          values.put("least", -cap);
          values.put("most", cap);
        });
    String sql = sql(capFen.isPresent(), merges(tx, tenant));
    tx.plannedForMany(true);
    Map<PlanDecision.Result, Group> groups = new EnumMap<>(PlanDecision.Result.class);
    tx.stream(
        sql,
        values,
        row -> groups.put(PlanDecision.Result.valueOf(row.getString("result")), group(row)));
    return groups;
  }

  private static String sql(boolean capped, int merges) {
    // What was bought is added to the members, not joined: H2 would find it anew for each of them.
    return """
    SELECT x.result, COUNT(*) AS members, SUM(CASE WHEN x.orders > 0 THEN 1 ELSE 0 END) AS buyers,
      SUM(x.orders) AS orders, SUM(x.orders * x.orders) AS order_squares, SUM(x.fen) AS fen,
      SUM(x.fen * x.fen) AS fen_squares
    FROM (SELECT y.person, MIN(y.result) AS result, SUM(y.orders) AS orders, %s AS fen
      FROM (%s
        UNION ALL
        SELECT b.member_id AS person, NULL AS result, b.orders, b.fen FROM (%s) b) y
      GROUP BY y.person
      HAVING MIN(y.result) = MAX(y.result)) x
    GROUP BY x.result\
    """
        .formatted(
            capped ? "LEAST(GREATEST(SUM(y.fen), :least), :most)" : "SUM(y.fen)",
            people(merges),
            Purchases.ofMembers());
  }

  private static Group group(ResultSet row) throws SQLException {
    return new Group(
        row.getLong("members"),
        row.getLong("buyers"),
        row.getLong("orders"),
        whole(row, "order_squares"),
        whole(row, "fen"),
        whole(row, "fen_squares"));
  }

  private static BigInteger whole(ResultSet row, String column) throws SQLException {
    return row.getBigDecimal(column).toBigIntegerExact();
  }

  /**
   * The people of both groups: members that were merged since are one person, who is in neither
   * group if it was in both.
   *
   * @param merges how many lead from a member to who it is now, at most
   */
  private static String people(int merges) {
    StringBuilder person = new StringBuilder("p.member_id)");
    StringBuilder joins = new StringBuilder();
    String from = "p.member_id";
    for (int i = 1; i <= merges; i++) {
      joins.append(
          " LEFT JOIN {member} m%d ON m%d.dealer_id = p.dealer_id AND m%d.id = %s AND m%d.merged_into IS NOT NULL"
              .formatted(i, i, i, from, i));
      from = "m" + i + ".merged_into";
      person.insert(0, from + ", ");
    }
    return """
    SELECT %s AS person, p.result, 0 AS orders, 0 AS fen
    FROM {plan_member} p%s
    WHERE p.dealer_id = :dealer AND p.plan_id = :plan AND p.result IN ('CHOSEN', 'HELD_OUT')\
    """
        .formatted(merges == 0 ? "p.member_id" : "COALESCE(" + person, joins);
  }

  /** How many merges lead from a member to who it is now, at most. */
  private static int merges(Tx tx, Tenant tenant) {
    StringBuilder joins = new StringBuilder();
    int merges = 0;
    while (merges < MOST_MERGES
        && tx.query(
                "SELECT 1 FROM {member} m0"
                    + joins
                    + " WHERE m0.dealer_id = :dealer AND m0.merged_into IS NOT NULL LIMIT 1")
            .bind("dealer", tenant.id())
            .mapTo(Integer.class)
            .findFirst()
            .isPresent()) {
      merges++;
      joins.append(
          " JOIN {member} m%d ON m%d.dealer_id = m0.dealer_id AND m%d.id = m%d.merged_into AND m%d.merged_into IS NOT NULL"
              .formatted(merges, merges, merges, merges - 1, merges));
    }
    return merges;
  }
}
