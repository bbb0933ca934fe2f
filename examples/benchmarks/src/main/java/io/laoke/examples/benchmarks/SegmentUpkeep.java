package io.laoke.examples.benchmarks;

import io.laoke.internal.ids.Ids;
import io.laoke.order.Buyer;
import io.laoke.order.LineKind;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * New orders of members that are known, one transaction each: Laoke's upsert, which finds the
 * member, locks it and keeps the consumption file, beside the same rows of {@code customer_order}
 * and {@code order_line} inserted by prepared statements of one connection, which reads nothing,
 * checks nothing and hashes nothing.
 */
final class SegmentUpkeep {
  private static final String HASH = "0123456789012345678901234567890123456789012";
  private static final Instant AT = Shop.AS_OF.plus(Duration.ofDays(20));

  private final SegmentDatabase database;
  // Others in each run, since one that was killed has left its orders in a kept database.
  private final long run = System.currentTimeMillis() % Duration.ofDays(30).toMillis();
  private final String prefix = "UP" + run + "-";
  private final SplittableRandom random = new SplittableRandom(5);
  private final Set<Integer> touched = new TreeSet<>();
  private int number;

  SegmentUpkeep(SegmentDatabase database) {
    this.database = database;
  }

  /** An order that comes. */
  private record Coming(int number, int member, Instant at, List<Shop.Line> lines) {}

  private List<Coming> coming(int orders) {
    List<Coming> coming = new ArrayList<>();
    for (int i = 0; i < orders; i++) {
      int member = random.nextInt(database.shop.members);
      touched.add(member);
      number++;
      coming.add(
          new Coming(
              number,
              member,
              AT.plusSeconds(number),
              database.shop.lines(random.nextInt(database.shop.orders))));
    }
    return coming;
  }

  long laoke(int orders) throws Exception {
    List<Order> all = coming(orders).stream().map(this::order).toList();
    return Rounds.timed(() -> all.forEach(database.orders()::upsert));
  }

  private Order order(Coming coming) {
    List<OrderLine> lines = new ArrayList<>();
    for (Shop.Line line : coming.lines()) {
      lines.add(
          OrderLine.of(
              LineKind.GOODS,
              Integer.toString(lines.size() + 1),
              Shop.CATEGORIES.get(line.category()),
              BigDecimal.valueOf(line.quantity()),
              line.fen()));
    }
    return Order.of(prefix + coming.number(), coming.at())
        .store("S1")
        .salesperson("P1")
        .buyer(Buyer.of(SegmentDatabase.customerNo(coming.member()), null, null))
        .lines(lines);
  }

  long rows(int orders) throws Exception {
    List<Coming> all = coming(orders);
    try (Connection connection = database.pool.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement head =
              connection.prepareStatement(
                  """
                  INSERT INTO laoke_customer_order (dealer_id, id, order_no, ordered_ms, member_id,
                    assigned, buyer_customer_no, buyer_name, buyer_phone, place_id, store_code,
                    salesperson, sales_channel, stage, stage_text, stage_at_ms, stage_seq,
                    message_seq, with_numbers, with_units, with_returns, content_hash, created_ms,
                    changed_ms, erased)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  """);
          PreparedStatement line =
              connection.prepareStatement(
                  """
                  INSERT INTO laoke_order_line (dealer_id, order_id, line_no, line_index, kind,
                    category_code, category, name, model, brand, quantity, net_fen, stage,
                    counted_quantity, counted_fen, member_id, ordered_ms)
                  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                  """)) {
        return Rounds.timed(
            () -> {
              for (Coming one : all) {
                head(head, one);
                lines(line, one);
                connection.commit();
              }
            });
      }
    }
  }

  private long id(Coming one) {
    return Ids.firstAt(AT.toEpochMilli() + run) + one.number();
  }

  private void head(PreparedStatement insert, Coming one) throws SQLException {
    long at = one.at().toEpochMilli();
    insert.setInt(1, database.dealerId());
    insert.setLong(2, id(one));
    insert.setString(3, prefix + one.number());
    insert.setLong(4, at);
    insert.setLong(5, SegmentDatabase.memberId(one.member()));
    insert.setBoolean(6, false);
    insert.setString(7, SegmentDatabase.customerNo(one.member()));
    insert.setNull(8, Types.VARCHAR);
    insert.setNull(9, Types.VARCHAR);
    insert.setNull(10, Types.BIGINT);
    insert.setString(11, "S1");
    insert.setString(12, "P1");
    insert.setNull(13, Types.VARCHAR);
    insert.setString(14, "REPORTED");
    insert.setNull(15, Types.VARCHAR);
    insert.setNull(16, Types.BIGINT);
    insert.setInt(17, 0);
    insert.setLong(18, 0);
    insert.setBoolean(19, false);
    insert.setBoolean(20, false);
    insert.setBoolean(21, false);
    insert.setString(22, HASH);
    insert.setLong(23, at);
    insert.setLong(24, at);
    insert.setInt(25, 0);
    insert.executeUpdate();
  }

  private void lines(PreparedStatement insert, Coming one) throws SQLException {
    int index = 0;
    for (Shop.Line line : one.lines()) {
      String category = Shop.CATEGORIES.get(line.category());
      insert.setInt(1, database.dealerId());
      insert.setLong(2, id(one));
      insert.setString(3, Integer.toString(index + 1));
      insert.setInt(4, index++);
      insert.setString(5, "GOODS");
      insert.setString(6, category);
      insert.setString(7, category);
      insert.setNull(8, Types.VARCHAR);
      insert.setNull(9, Types.VARCHAR);
      insert.setNull(10, Types.VARCHAR);
      insert.setBigDecimal(11, BigDecimal.valueOf(line.quantity()));
      insert.setLong(12, line.fen());
      insert.setString(13, "REPORTED");
      insert.setBigDecimal(14, BigDecimal.valueOf(line.quantity()));
      insert.setLong(15, line.fen());
      insert.setLong(16, SegmentDatabase.memberId(one.member()));
      insert.setLong(17, one.at().toEpochMilli());
      insert.addBatch();
    }
    insert.executeBatch();
  }

  /** Takes all of it away again, so that a kept database is as it was. */
  void undo() throws SQLException {
    database.execute(
        """
        DELETE FROM laoke_order_line WHERE dealer_id = %1$d AND order_id IN (
          SELECT id FROM laoke_customer_order
          WHERE dealer_id = %1$d AND ordered_ms >= %2$d AND order_no LIKE '%3$s%%')
        """
            .formatted(database.dealerId(), AT.toEpochMilli(), prefix),
        "DELETE FROM laoke_customer_order WHERE dealer_id = %d AND ordered_ms >= %d AND order_no LIKE '%s%%'"
            .formatted(database.dealerId(), AT.toEpochMilli(), prefix));
    touched.forEach(member -> database.orders().recount(SegmentDatabase.memberId(member)));
  }
}
