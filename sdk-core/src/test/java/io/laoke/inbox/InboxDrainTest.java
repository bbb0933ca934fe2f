package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.inbox.InboxFact.State;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * How fast a table full of facts is applied, and that memory does not grow with it; by hand: {@code
 * -Dlaoke.drain=100000 -Dlaoke.test.only=POSTGRESQL}.
 */
@EnabledIfSystemProperty(named = "laoke.drain", matches = "[0-9]+")
class InboxDrainTest {
  private static final int ROWS = Integer.getInteger("laoke.drain", 0);

  @ParameterizedTest
  @EnumSource
  void allRowsAreAppliedInMemoryThatStays(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      int bad = fill(host);
      long before = heap();
      long largest = before;
      long start = System.nanoTime();
      int done = 0;
      int applied;
      do {
        applied = host.tick();
        done += applied;
        largest = Math.max(largest, heap());
      } while (applied > 0);
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          "inbox drain on %s: %d rows in %.1f s, %.0f rows/s; live heap %d MB before, %d MB at"
              + " most%n",
          server, done, seconds, done / seconds, before >> 20, largest >> 20);
      assertThat(done).isEqualTo(ROWS - bad);
      assertThat(host.dealer.inbox().count(State.BAD)).isEqualTo(bad);
      assertThat(largest - before).isLessThan(64L << 20);
    }
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Orders with two stages each, members, returns; one row in a hundred is bad. */
  private static int fill(InboxHost host) throws SQLException {
    long start = System.nanoTime();
    int bad = 0;
    try (Connection erp = host.pool.getConnection();
        PreparedStatement row =
            erp.prepareStatement(
                "INSERT INTO laoke_inbox (dealer, kind, ref, fact) VALUES ('hengxin', ?, ?, ?)")) {
      erp.setAutoCommit(false);
      for (int i = 0; i < ROWS; i++) {
        int order = i / 10 * 3 + i % 10 / 3;
        bad += i % 100 == 99 ? 1 : 0;
        String[] fact = i % 100 == 99 ? new String[] {"ORDER", "bad-" + i, "{}"} : fact(i, order);
        for (int column = 0; column < 3; column++) {
          row.setString(column + 1, fact[column]);
        }
        row.addBatch();
        if (i % 1_000 == 999) {
          row.executeBatch();
          erp.commit();
        }
      }
      row.executeBatch();
      erp.commit();
    }
    System.out.printf(
        "filled in %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
    return bad;
  }

  private static String[] fact(int i, int order) {
    String orderNo = "SO-" + order;
    return switch (i % 10) {
      case 0, 3, 6 ->
          new String[] {
            "ORDER",
            orderNo,
            """
            {"orderedAt": "2026-11-%02d 10:00:00", "store": "S1",
             "buyer": {"customerNo": "C-%d", "name": "王芳", "phone": "138%08d"},
             "place": {"region": "浙江/杭州", "street": "文三路 %d 号"},
             "lines": [{"lineNo": 1, "category": "kitchen/hood", "quantity": 1, "netYuan": 2999.00},
                       {"lineNo": 2, "category": "kitchen/hob", "quantity": 2, "netYuan": 1200.00}]}\
            """
                .formatted(1 + order % 24, order / 4, order / 4, order / 4)
          };
      case 1, 4, 7 ->
          new String[] {
            "STAGE", orderNo, "{\"stage\": \"APPROVED\", \"at\": \"2026-11-24 12:00:00\"}"
          };
      case 2, 5, 8 ->
          new String[] {
            "STAGE",
            orderNo,
            "{\"stage\": \"SHIPPED\", \"at\": \"2026-11-24 15:00:00\", \"document\": \"CK-1\"}"
          };
      default ->
          i % 20 == 9
              ? new String[] {"MEMBER", "C-" + order / 4, "{\"name\": \"王芳\", \"gender\": \"女\"}"}
              : new String[] {
                "RETURN",
                "RT-" + order,
                """
                {"returnedAt": "2026-11-24", "orderNo": "SO-%d",
                 "lines": [{"lineNo": 1, "orderLineNo": 2, "category": "kitchen/hob", "quantity": 1, "netYuan": 600.00}]}\
                """
                    .formatted(order - 1)
              };
    };
  }
}
