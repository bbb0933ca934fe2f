package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.binding.FakePlatform;
import io.laoke.inbox.InboxFact.State;
import io.laoke.member.Member;
import io.laoke.message.Inbound;
import io.laoke.notice.NoticeSettings;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rows that are applied many in one transaction. */
class InboxTogetherTest {
  private static final int ROUNDS = 2;
  private static final int ROWS = 70;
  private static final int ORDERS = 9;
  private static final int CUSTOMERS = 5;

  private record Given(String kind, String ref, String json) {}

  private static InboxHost host(TestServer server, int together) throws SQLException {
    InboxHost host =
        new InboxHost(
            server,
            builder ->
                builder
                    .inbox(InboxSettings.standard().together(together))
                    .account("hengxin", new FakePlatform("wx1"))
                    .dealer(
                        "hengxin",
                        io.laoke.DealerSettings.defaults()
                            .notices(NoticeSettings.standard().withNewestOnly(false))),
            "laoke_");
    host.dealer
        .notices()
        .template(Stage.APPROVED, NoticeTemplate.of("T1").field("thing1", "{order.no}"));
    host.dealer
        .notices()
        .template(Stage.SHIPPED, NoticeTemplate.of("T2").field("thing2", "{stage.text}"));
    for (int customer = 0; customer < 2; customer++) {
      host.insert("ORDER", "FIRST-" + customer, order(customer, 0, 0));
      host.tick();
      host.dealer.bindings().issue("FIRST-" + customer);
      String scene =
          host.text(
                  "SELECT t.scene FROM laoke_ticket t JOIN laoke_customer_order o ON o.dealer_id ="
                      + " t.dealer_id AND o.id = t.order_id WHERE o.order_no = 'FIRST-"
                      + customer
                      + "'")
              .strip();
      host.laoke.receive(
          "wx1",
          new Inbound.Scanned("k" + customer, InboxHost.NOW, "openid" + customer, scene, true));
    }
    return host;
  }

  /**
   * Two tables with the same rows, right and wrong ones, applied a hundred at a time and one by
   * one: what is recorded, refused, told and bound is the same. {@code -Dlaoke.seed=…} repeats it.
   */
  @ParameterizedTest
  @EnumSource
  void whatComesOfThemIsWhatComesOfThemOneByOne(TestServer server) throws SQLException {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.printf("inbox together on %s: -Dlaoke.seed=%d%n", server, seed);
    Random random = new Random(seed);
    try (InboxHost many = host(server, 100);
        InboxHost single = host(server, 1)) {
      for (int round = 0; round < ROUNDS; round++) {
        List<Given> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
          rows.add(random(random));
        }
        for (InboxHost host : List.of(many, single)) {
          try (Connection erp = host.pool.getConnection()) {
            erp.setAutoCommit(false);
            for (Given row : rows) {
              host.insert(erp, "hengxin", row.kind, row.ref, row.json);
            }
            erp.commit();
          }
          host.tick();
          host.later();
          host.tick();
        }
        assertThat(all(many)).isEqualTo(all(single));
        if (round == 0) {
          assertThat(many.dealer.inbox().retryAll()).isEqualTo(single.dealer.inbox().retryAll());
        }
      }
      assertThat(many.dealer.inbox().count(State.DONE)).isGreaterThan(ROUNDS * ROWS / 3L);
      assertThat(many.dealer.inbox().count(State.BAD)).isPositive();
      assertThat(many.dealer.orders().recountAll(0, 1_000).clean()).isTrue();
    }
  }

  /** But for how often a row was tried: one that had to wait was, as the machine's clock went. */
  private static String all(InboxHost host) throws SQLException {
    StringBuilder all = new StringBuilder();
    all.append(
        host.text(
                """
                SELECT kind, CASE WHEN state IN ('DONE', 'DROPPED')
                    AND kind NOT IN ('ORDER', 'STAGE', 'RETURN') THEN '' ELSE ref END AS ref,
                  state, CASE WHEN state = 'BAD' AND tries > 0 THEN 1 ELSE 0 END AS tries,
                  reason_code, reason_field, reason, fact
                FROM laoke_inbox ORDER BY id\
                """)
            .replaceAll("Row \\d+", "Row"));
    for (int order = 0; order < ORDERS; order++) {
      all.append('\n').append(InboxHost.recorded(host.dealer, "SO-" + order));
    }
    for (int note = 0; note < 4; note++) {
      all.append('\n')
          .append(host.dealer.returns().find("RT-" + note).map(found -> found.lines().toString()));
    }
    for (int customer = 0; customer < CUSTOMERS; customer++) {
      all.append('\n')
          .append(
              host.dealer
                  .members()
                  .find("C-" + customer)
                  .map(member -> shown(host, member))
                  .orElse("none"));
    }
    all.append('\n')
        .append(
            host.dealer.members().duplicates(0, 100).stream()
                .map(pair -> pair.why())
                .sorted()
                .toList())
        .append('\n')
        .append(
            host.text(
                """
                SELECT order_no, seq, cause_kind, account, result, reason_code, delivery, has_message
                FROM laoke_decision ORDER BY order_no, seq, account, cause_kind, has_message\
                """))
        .append(
            host.text(
                    """
                    SELECT o.order_no, b.seq, b.template_id, b.body, b.state FROM laoke_outbox b
                    JOIN laoke_customer_order o ON o.dealer_id = b.dealer_id AND o.id = b.order_id
                    ORDER BY o.order_no, b.seq\
                    """)
                .replaceAll("\\\\*\"fallback\\\\*\":[^,}]*", ""))
        .append(
            host.text(
                """
                SELECT o.order_no, r.account, r.state, r.source, r.introduced FROM laoke_recipient r
                JOIN laoke_customer_order o ON o.dealer_id = r.dealer_id AND o.id = r.order_id
                ORDER BY o.order_no, r.source, r.state\
                """))
        .append(
            host.text(
                """
                SELECT o.order_no, a.action, a.reason, COUNT(*) FROM laoke_binding_audit a
                JOIN laoke_customer_order o ON o.dealer_id = a.dealer_id AND o.id = a.order_id
                GROUP BY o.order_no, a.action, a.reason ORDER BY o.order_no, a.action, a.reason\
                """));
    return all.toString();
  }

  private static String shown(InboxHost host, Member member) {
    return member.customerNos()
        + " "
        + member.name()
        + member.gender()
        + member.source()
        + host.dealer.members().identities(member.id()).stream()
            .map(identity -> identity.kind() + "=" + identity.masked() + identity.identifying())
            .sorted()
            .toList();
  }

  private static Given random(Random random) {
    String orderNo = "SO-" + random.nextInt(ORDERS);
    int dice = random.nextInt(100);
    if (dice < 30) {
      return new Given(
          "ORDER", orderNo, order(random.nextInt(CUSTOMERS), random.nextInt(4), random.nextInt(3)));
    }
    if (dice < 62) {
      Stage stage = Stage.values()[random.nextInt(5)];
      return new Given(
          "STAGE",
          orderNo,
          "{\"stage\": \"%s\", \"at\": \"2026-11-24 1%d:00:00\", \"text\": \"%d\", \"lines\": [%s]}"
              .formatted(
                  stage,
                  random.nextInt(10),
                  random.nextInt(4),
                  random.nextInt(6) == 0 ? "\"2\"" : ""));
    }
    if (dice < 74) {
      int customer = random.nextInt(CUSTOMERS);
      return new Given(
          "MEMBER",
          "C-" + customer,
          "{\"name\": \"王%d\", \"phones\": [\"1380013800%d\"]}"
              .formatted(random.nextInt(2), random.nextInt(CUSTOMERS)));
    }
    if (dice < 84) {
      return new Given(
          "RETURN",
          "RT-" + random.nextInt(4),
          """
          {"returnedAt": "2026-11-24", %s
           "lines": [{"lineNo": "1", "category": "kitchen/hood", "quantity": 1, "netFen": %d}]}\
          """
              .formatted(
                  random.nextBoolean()
                      ? "\"orderNo\": \"" + orderNo + "\","
                      : "\"customerNo\": \"C-1\",",
                  random.nextInt(999)));
    }
    return switch (dice % 8) {
      case 0 -> new Given("ORDER", orderNo, "{\"orderedAt\": ");
      case 1 -> new Given("ORDER", orderNo, "{\"orderedAt\": \"2199-01-01\"}");
      case 2 -> new Given("STAGE", orderNo, "{\"stage\": \"SENT\", \"at\": null}");
      case 3 -> new Given("Order", orderNo, order(1, 0, 0));
      case 4 -> new Given("STAGE", "no such order", "{\"stage\": \"SHIPPED\", \"at\": null}");
      case 5 ->
          new Given("STAGE", "n".repeat(70), "{\"stage\": \"SHIPPED\", \"at\": \"2026-11-24\"}");
      case 6 ->
          new Given("MEMBER", "C-" + random.nextInt(CUSTOMERS), "{\"birthday\": \"2100-01-01\"}");
      default ->
          new Given(
              "RETURN", "RT-1", "{\"returnedAt\": \"2026-11-24\", \"orderNo\": \"SO\\u00071\"}");
    };
  }

  private static String order(int customer, int phone, int price) {
    return """
    {"orderedAt": "2026-11-20", "buyer": {"customerNo": "C-%d", "name": "王%d", "phone": "1380013800%d"},
     "lines": [{"lineNo": "1", "category": "kitchen/hood", "quantity": 2, "netFen": %d}]}\
    """
        .formatted(customer, customer, phone, 10_000 + price);
  }

  /** A host holds an order, a member and a row for long; all else goes on, and they come again. */
  @ParameterizedTest
  @EnumSource
  void whatAHostHasLockedComesAgainAndHoldsNobodyUp(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      for (int i = 0; i < 4; i++) {
        host.insert("ORDER", "SO-" + i, order(i, i, 0));
      }
      long corrected = host.insert("ORDER", "SO-4", "{}");
      assertThat(host.tick()).isEqualTo(4);
      try (Connection erp = host.pool.getConnection();
          Statement lock = erp.createStatement()) {
        erp.setAutoCommit(false);
        String dealer = host.text("SELECT id FROM laoke_dealer WHERE code = 'hengxin'").strip();
        lock.execute(
            "SELECT id FROM laoke_customer_order WHERE dealer_id = "
                + dealer
                + " AND order_no = 'SO-0' FOR UPDATE");
        lock.execute(
            "SELECT id FROM laoke_member WHERE dealer_id = "
                + dealer
                + " AND id = "
                + host.dealer.members().find("C-1").orElseThrow().id()
                + " FOR UPDATE");
        host.dealer.in(erp).inbox().retry(corrected);
        long first = host.insert("ORDER", "SO-0", order(0, 0, 1));
        long second = host.insert("STAGE", "SO-0", "{\"stage\": \"SHIPPED\", \"at\": null}");
        long ofMember = host.insert("ORDER", "SO-1", order(1, 1, 1));
        for (int i = 2; i < 4; i++) {
          host.insert("ORDER", "SO-" + i, order(i, i, 1));
          host.insert("STAGE", "SO-" + i, "{\"stage\": \"SHIPPED\", \"at\": null}");
        }

        assertThat(host.tick()).isEqualTo(4);

        for (long row : List.of(first, second, ofMember)) {
          assertThat(host.row(row).state()).isEqualTo(State.WAITING);
          assertThat(host.row(row).reason().orElseThrow().code()).isEqualTo("BUSY");
        }
        assertThat(host.row(corrected).state()).isEqualTo(State.BAD);
        assertThat(host.dealer.orders().find("SO-3").orElseThrow().netFen()).isEqualTo(10_001);
        erp.rollback();
      }
      host.later();
      assertThat(host.tick()).isEqualTo(3);
      assertThat(host.dealer.orders().find("SO-0").orElseThrow().netFen()).isEqualTo(10_001);
      assertThat(host.dealer.orders().find("SO-0").orElseThrow().stage()).isEqualTo(Stage.SHIPPED);
      assertThat(host.text(lockWait(server)))
          .as("the bound of a connection that was never lent")
          .isEqualTo(InboxHost.text(TestServer.straight(host.pool), lockWait(server)));
    }
  }

  /** How long a connection waits for locks by itself. */
  private static String lockWait(TestServer server) {
    return switch (server) {
      case H2 -> "SELECT LOCK_TIMEOUT()";
      case POSTGRESQL -> "SHOW lock_timeout";
      case MYSQL, MARIADB -> "SELECT @@SESSION.innodb_lock_wait_timeout";
    };
  }

  @ParameterizedTest
  @EnumSource(names = "H2", mode = EnumSource.Mode.EXCLUDE)
  void behindDruidAndItsWall(TestServer server) throws Exception {
    Way.plain()
        .behindDruid()
        .during(
            () -> {
              try (InboxHost host = new InboxHost(server)) {
                long early = host.insert("STAGE", "SO-1", "{\"stage\": \"SHIPPED\", \"at\": null}");
                long bad = host.insert("ORDER", "SO-2", "{}");
                host.tick();
                for (int i = 0; i < 5; i++) {
                  host.insert("ORDER", "SO-" + i, order(i, i, 0));
                  host.insert("MEMBER", "C-" + i, "{\"gender\": \"女\"}");
                }
                int applied;
                try (Connection erp = host.pool.getConnection()) {
                  // Each wait lasts seconds here; at this level there is one, for the order itself.
                  erp.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
                  erp.setAutoCommit(false);
                  host.dealer
                      .in(erp)
                      .orders()
                      .upsert(io.laoke.order.Order.of("SO-3", InboxHost.NOW));
                  applied = host.tick();
                  // MySQL may lock what stands beside the order that a host makes.
                  assertThat(applied).isBetween(5, 10);
                  erp.rollback();
                }
                host.later();
                assertThat(applied + host.tick()).isEqualTo(11);
                assertThat(host.row(early).state()).isEqualTo(State.DONE);
                assertThat(host.row(bad).state()).isEqualTo(State.DROPPED);
                assertThat(host.dealer.inbox().retryAll()).isZero();
              }
            });
  }
}
