package io.laoke.order;

import io.laoke.base.Internal;

/** What counts as bought, for statements of the floors above. */
@Internal
public final class Purchases {
  private Purchases() {}

  /**
   * A query of what members bought in a span of time: one row for each who bought, or brought back,
   * anything. It has {@code member_id}, {@code orders} and {@code fen}, as {@link Consumption}
   * counts them: orders that have a line which counts, and money net of what came back of them,
   * both at the time of the order; and less what came back of no order that is known, at its own
   * time. Reads the orders of that span, not those of all times.
   *
   * <p>Binds {@code :dealer}, {@code :from} and, half-open, {@code :until} in epoch milliseconds.
   */
  public static String ofMembers() {
    return """
    SELECT y.member_id, SUM(y.orders) AS orders, SUM(y.fen) AS fen FROM (
      SELECT o.member_id,
        COUNT(DISTINCT CASE WHEN l.counted_quantity > 0 THEN o.id END) AS orders,
        SUM(l.counted_fen) AS fen
      FROM {customer_order} o
      JOIN {order_line} l ON l.dealer_id = o.dealer_id AND l.order_id = o.id
      WHERE o.dealer_id = :dealer AND o.ordered_ms >= :from AND o.ordered_ms < :until
        AND o.member_id IS NOT NULL
      GROUP BY o.member_id
      UNION ALL
      SELECT t.member_id, 0 AS orders, -SUM(t.net_fen) AS fen
      FROM {return_line} t
      WHERE t.dealer_id = :dealer AND t.returned_ms >= :from AND t.returned_ms < :until
        AND t.member_id IS NOT NULL AND t.netted_line IS NULL
      GROUP BY t.member_id) y
    GROUP BY y.member_id\
    """;
  }
}
