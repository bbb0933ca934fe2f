package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.Upserted;
import io.laoke.binding.FakePlatform;
import io.laoke.catalog.Category;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Orders;
import io.laoke.order.Place;
import io.laoke.order.Statements;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ServiceCycle;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What an order of a known customer asks of the database, statement by statement: most of what it
 * costs. Each entry is one call of the driver; where it carries several statements, they stand
 * between plus signs.
 */
class UpsertStatementsTest {
  private static final Instant NOW = Instant.parse("2026-05-01T02:00:00Z");
  private static final Pattern KIND =
      Pattern.compile("\\A\\s*(SELECT|INSERT|UPDATE|DELETE|SET)\\b.*?\\b(?:laoke_([a-z_]+)|LEVEL)");

  private static final String READS =
      "SELECT category_code + SELECT identity + SELECT identity + SELECT own_phone + SELECT place";
  private static final String WRITES =
      "INSERT customer_order + INSERT order_number + INSERT order_line";

  /** The last look is for an openid of the customer, by which the order would bind by itself. */
  private static final Map<TestServer, List<String>> CREATED =
      Map.of(
          TestServer.H2,
          each(
              "SELECT customer_order + "
                  + READS
                  + " + "
                  + WRITES
                  + " + SELECT member + SELECT member_category + UPDATE member_category"
                  + " + UPDATE member + SELECT identity + INSERT member_change"),
          TestServer.POSTGRESQL,
          List.of(
              "SELECT customer_order + " + READS,
              WRITES
                  + " + UPDATE member + INSERT member_category + SELECT identity"
                  + " + INSERT member_change"),
          TestServer.MYSQL,
          each(
              "SELECT customer_order + "
                  + READS
                  + " + "
                  + WRITES
                  + " + UPDATE member + INSERT member_category + SELECT identity"
                  + " + INSERT member_change"));

  private static final Map<TestServer, List<String>> REPEATED =
      Map.of(
          TestServer.H2,
          List.of("SELECT customer_order", "SELECT customer_order"),
          TestServer.POSTGRESQL,
          List.of("SELECT customer_order + " + READS),
          TestServer.MYSQL,
          List.of("SELECT customer_order", "SELECT customer_order"));

  private static List<String> each(String calls) {
    return List.of(calls.split(" \\+ "));
  }

  private static TestServer like(TestServer server) {
    return server == TestServer.MARIADB ? TestServer.MYSQL : server;
  }

  private static List<String> taken(Statements statements) {
    List<String> calls = new ArrayList<>();
    for (String call : statements.taken()) {
      List<String> parts = new ArrayList<>();
      for (String sql : call.split(";\n")) {
        Matcher kind = KIND.matcher(sql.replace('\n', ' '));
        assertThat(kind.find()).as(sql).isTrue();
        parts.add(kind.group(1) + " " + (kind.group(2) == null ? "level" : kind.group(2)));
      }
      calls.add(String.join(" + ", parts));
    }
    return calls;
  }

  private static Order order(String orderNo) {
    return Order.of(orderNo, NOW)
        .store("S1")
        .buyer(Buyer.of("C1", "王芳", "13800138000"))
        .place(Place.of("浙江省杭州市西湖区", "文三路 1 号", "王芳", "13800138000"))
        .externalNumber("tmall", "T-" + orderNo)
        .line(OrderLine.goods("1", "kitchen/hood", 1, "3999.00"))
        .line(OrderLine.goods("2", "av/tv", 2, "9998.00"));
  }

  private static Laoke laoke(DataSource source) {
    return Laoke.builder()
        .dataSource(source)
        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
        .account("hengxin", new FakePlatform("wxmain"))
        .build();
  }

  private static Dealer shop(Laoke laoke) {
    Dealer dealer = laoke.dealer("hengxin");
    dealer.catalog().put(Category.of("kitchen/hood", "油烟机"));
    dealer.catalog().put(Category.of("av/tv", "电视"));
    return dealer;
  }

  @ParameterizedTest
  @EnumSource
  void anOrderOfAKnownCustomer(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Statements statements = new Statements();
      try (Laoke laoke = laoke(statements.of(pool))) {
        Dealer dealer = shop(laoke);
        Orders orders = dealer.orders();
        orders.upsert(order("SO-1"));
        orders.upsert(order("SO-2"));
        statements.taken();

        assertThat(orders.upsert(order("SO-3")).outcome()).isEqualTo(Upserted.CREATED);
        List<String> created = taken(statements);
        assertThat(orders.upsert(order("SO-3")).outcome()).isEqualTo(Upserted.UNCHANGED);
        List<String> repeated = taken(statements);

        assertThat(created).isEqualTo(CREATED.get(like(server)));
        assertThat(repeated).isEqualTo(REPEATED.get(like(server)));
      }
    }
  }

  /**
   * What a dealer with reminder rules pays for them: one row more, on PostgreSQL in no trip more.
   */
  @ParameterizedTest
  @EnumSource
  void anOrderOfADealerWithReminderRules(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Statements statements = new Statements();
      try (Laoke laoke = laoke(statements.of(pool))) {
        Dealer dealer = shop(laoke);
        dealer
            .reminders()
            .rules()
            .put(
                ReminderRule.of(
                    "hood", "kitchen/hood", "CLEANING", ServiceCycle.every(Period.ofMonths(6))));
        dealer.orders().upsert(order("SO-1"));
        dealer.orders().upsert(order("SO-2"));
        statements.taken();

        dealer.orders().upsert(order("SO-3"));
        List<String> calls = taken(statements);
        List<String> parts = new ArrayList<>();
        calls.forEach(call -> parts.addAll(each(call)));
        assertThat(parts).containsOnlyOnce("INSERT reminder_todo", "INSERT order_unit");
        parts.removeAll(List.of("INSERT reminder_todo", "INSERT order_unit"));
        List<String> without = new ArrayList<>();
        CREATED.get(like(server)).forEach(call -> without.addAll(each(call)));
        assertThat(parts).isEqualTo(without);
        if (server == TestServer.POSTGRESQL) {
          assertThat(calls).hasSameSizeAs(CREATED.get(server));
        }
      }
    }
  }
}
