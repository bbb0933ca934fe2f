package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReadingTest {
  /** What reads an order with more than one statement. */
  private static final List<Function<Orders, OrderDetail>> READS =
      List.of(
          orders -> orders.find("SO-1").orElseThrow(),
          orders -> orders.history("SO-1").order(),
          orders -> orders.byExternalNumber("TMALL", "T-1").get(0),
          orders -> orders.page(OrderQuery.all(), null, 5).orders().get(0));

  @ParameterizedTest
  @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
  void neverMixesAnOrderWithItsChange(TestServer server) {
    try (OrderFixture laoke = new OrderFixture(server)) {
      for (Function<Orders, OrderDetail> read : READS) {
        laoke.orders().upsert(order(1));
        AtomicInteger statements = new AtomicInteger();
        Database changing =
            new Database(
                new TamperedDataSource(
                    laoke.pool,
                    (connection, method, arguments) -> {
                      if (method.equals("prepareStatement") && statements.incrementAndGet() == 2) {
                        laoke.orders().upsert(order(3));
                      }
                    }),
                HostTransaction.none(),
                laoke.database.names());

        OrderDetail seen = read.apply(laoke.module.orders(changing, laoke.tenant));

        assertThat(statements.get()).isGreaterThan(1);
        assertThat(seen.lines()).hasSize(1);
        assertThat(seen.storeCode()).contains("S1");
        assertThat(read.apply(laoke.orders()).lines()).hasSize(3);
      }
    }
  }

  private static Order order(int lines) {
    Order order =
        Order.of("SO-1", OrderFixture.NOW).externalNumber("TMALL", "T-1").store("S" + lines);
    for (int i = 1; i <= lines; i++) {
      order = order.line(OrderLine.goods("" + i, "av/tv", 1, "100.00"));
    }
    return order;
  }
}
