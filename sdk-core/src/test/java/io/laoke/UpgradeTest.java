package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.Upserted;
import io.laoke.binding.ScanCodes;
import io.laoke.error.StoreException;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.Inbound;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Reply;
import io.laoke.message.SendOutcome;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The tables and the data of the first loop, versions 1 to 7, as that build wrote them: recorded
 * once, in {@code test/resources/io/laoke/v007}, and never made anew. Today's build brings them up
 * and goes on with them.
 */
class UpgradeTest {
  private static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");

  private final List<Outbound> sent = new CopyOnWriteArrayList<>();

  @ParameterizedTest
  @EnumSource
  void theFirstLoopsDataIsUnharmedAndUsable(TestServer server) throws Exception {
    try (HikariDataSource pool = server.fresh()) {
      boolean mysql = server == TestServer.MYSQL || server == TestServer.MARIADB;
      load(pool, mysql, "tables-" + (mysql ? "mysql" : server.name().toLowerCase()) + ".sql");
      load(pool, mysql, "data.sql");
      Map<String, String> tables = tables(pool);
      Map<String, List<String>> before = rows(pool, tables);
      assertThat(before.values().stream().filter(rows -> !rows.isEmpty())).hasSizeGreaterThan(20);

      try (Laoke laoke = laoke(pool)) {
        assertThat(laoke.migrations().apply()).isNotNegative();
        assertThat(rows(pool, tables)).isEqualTo(before);

        known(laoke.dealer("hengxin"));
        goesOn(laoke, scene(pool));
        assertThat(laoke.dealer("other").orders().find("SO-1").orElseThrow().memberId())
            .isPresent();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void killedNodesAreFollowedByOthersThatGoOn(TestServer server) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(4);
    try (HikariDataSource pool = server.fresh(config);
        Laoke alone = laoke(pool)) {
      boolean mysql = server == TestServer.MYSQL || server == TestServer.MARIADB;
      load(pool, mysql, "tables-" + (mysql ? "mysql" : server.name().toLowerCase()) + ".sql");
      load(pool, mysql, "data.sql");
      Map<String, String> tables = tables(pool);
      Map<String, List<String>> before = rows(pool, tables);
      List<String> steps = alone.migrations().pending();
      String newest = steps.get(steps.size() - 1).replaceFirst("[.].*", ".");
      int first = 0;
      while (!steps.get(first).startsWith(newest)) {
        first++;
      }
      int last = steps.size() - 1;
      int done = 0;
      // Each time both nodes die: a statement is run, and nobody has recorded it.
      for (int at : new TreeSet<>(List.of(0, last / 3, last * 2 / 3, first, last))) {
        bothDieAt(pool, at - done);
        assertThat(alone.migrations().pending()).isEqualTo(steps.subList(at, steps.size()));
        theirMinutePasses(pool);
        done = at;
      }
      assertThat(together(() -> alone.migrations().apply(), () -> migrated(pool)))
          .as("what two living nodes recorded")
          .isEqualTo(steps.size() - done);
      assertThat(rows(pool, tables)).isEqualTo(before);
      known(alone.dealer("hengxin"));
    }
  }

  private Laoke laoke(DataSource source) {
    return Laoke.builder()
        .dataSource(source)
        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
        .account("hengxin", account())
        .build();
  }

  private int migrated(DataSource source) {
    try (Laoke laoke = laoke(source)) {
      return laoke.migrations().apply();
    }
  }

  /** Two nodes at once, dead from the moment when one has run so many statements and one more. */
  private void bothDieAt(HikariDataSource pool, int statements) throws Exception {
    AtomicInteger records = new AtomicInteger();
    AtomicBoolean dead = new AtomicBoolean();
    DataSource dying =
        new TamperedDataSource(
            pool,
            (connection, method, arguments) -> {
              boolean record =
                  method.equals("prepareStatement")
                      && String.valueOf(arguments[0])
                          .contains("(version, step, checksum, applied_ms) VALUES");
              if (record && records.incrementAndGet() > statements) {
                dead.set(true);
              }
              if (dead.get() && !method.equals("close")) {
                throw new SQLException("the process is dead");
              }
            });
    Callable<Integer> node =
        () -> {
          assertThatThrownBy(() -> migrated(dying)).isInstanceOf(StoreException.class);
          return 0;
        };
    together(node, node);
    assertThat(records).as("nobody else went on").hasValue(statements + 1);
  }

  private static int together(Callable<Integer> one, Callable<Integer> other) throws Exception {
    ExecutorService nodes = Executors.newFixedThreadPool(2);
    try {
      int sum = 0;
      for (Future<Integer> node : nodes.invokeAll(List.of(one, other))) {
        sum += node.get();
      }
      return sum;
    } finally {
      nodes.shutdownNow();
    }
  }

  private static void theirMinutePasses(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      assertThat(
              statement.executeUpdate(
                  "UPDATE laoke_schema_version SET lease_until_ms = 1 WHERE version = 0 AND holder"
                      + " IS NOT NULL"))
          .as("a dead node held the lease")
          .isEqualTo(1);
    }
  }

  /** As the first loop was told. */
  private static Order order(int i) {
    return Order.of("SO-" + i, NOW.minus(Duration.ofDays(40L * i)))
        .buyer(
            Buyer.of(
                i == 6 ? null : "C-" + (i % 3),
                i % 2 == 0 ? "王芳" : "O'Brien \\ 李",
                i == 5 ? null : "1380013800" + (i % 3)))
        .place(Place.of("浙江/杭州", "文一路 " + i, "王芳", "13800138000"))
        .externalNumber("TMALL", "T-" + i)
        .store("S1")
        .line(
            OrderLine.goods("1", i % 2 == 0 ? "F1" : "later", 1, "5999.00")
                .name("双开门冰箱")
                .serials("SN-" + i))
        .line(OrderLine.goods("2", "H1", 2, "3000.00").name("抽油烟机"))
        .line(OrderLine.service("3", "install", new BigDecimal("1.5"), "99.90"))
        .line(OrderLine.gift("4", "pot", 1));
  }

  private static void known(Dealer dealer) {
    for (int i = 1; i <= 6; i++) {
      assertThat(dealer.orders().upsert(order(i)).outcome())
          .as("SO-" + i)
          .isEqualTo(Upserted.UNCHANGED);
    }
    var history = dealer.orders().history("SO-1");
    assertThat(history.order().buyer().name()).contains("O'Brien \\ 李");
    assertThat(history.order().place().orElseThrow().street()).contains("文一路 1");
    assertThat(history.stages())
        .extracting(one -> one.stage())
        .containsExactly(Stage.SHIPPED, Stage.DELIVERED);
    assertThat(dealer.orders().history("SO-4").returns()).hasSize(1);
    assertThat(dealer.orders().find("SO-3").orElseThrow().stage()).isEqualTo(Stage.CANCELLED);
    assertThat(dealer.bindings().recipients("SO-1")).isNotEmpty();
    assertThat(dealer.bindings().audit("SO-1")).isNotEmpty();
    assertThat(dealer.members().find("C-9").orElseThrow().name()).contains("韩梅");
    assertThat(dealer.orders().recountAll(0, 1_000).clean()).isTrue();
  }

  private void goesOn(Laoke laoke, String scene) {
    Dealer dealer = laoke.dealer("hengxin");
    Reply again = laoke.receive("wx1", new Inbound.Scanned("k3", NOW, "o-zhao", scene, false));
    assertThat(again)
        .as("the stored reply of a push before the upgrade")
        .isInstanceOf(Reply.Text.class);
    assertThat(
            ((Reply.Text)
                    laoke.receive("wx1", new Inbound.Scanned("n1", NOW, "o-new", scene, true)))
                .text())
        .contains("SO-5");
    laoke.tick(NOW);
    assertThat(sent).as("what waited").extracting(Outbound::to).contains("o-wang", "o-zhao");
    sent.clear();
    dealer.orders().advance("SO-5", StageReport.of(Stage.SHIPPED, NOW));
    laoke.tick(NOW);
    assertThat(sent).extracting(Outbound::to).containsExactly("o-new");
    assertThat(dealer.orders().recountAll(0, 1_000).clean()).isTrue();
    assertThat(dealer.orders().find("SO-5").orElseThrow().memberId())
        .isNotEqualTo(OptionalLong.empty());
  }

  private static String scene(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT t.scene FROM laoke_ticket t JOIN laoke_customer_order o"
                    + " ON o.dealer_id = t.dealer_id AND o.id = t.order_id"
                    + " WHERE o.order_no = 'SO-5'")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void load(HikariDataSource pool, boolean mysql, String name)
      throws IOException, SQLException {
    try (InputStream in = UpgradeTest.class.getResourceAsStream("/io/laoke/v007/" + name);
        Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      if (mysql) {
        // Text is written as the standard has it.
        statement.execute("SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')");
      }
      connection.setAutoCommit(false);
      for (String sql : new String(in.readAllBytes(), StandardCharsets.UTF_8).split(";\n", -1)) {
        if (!sql.isBlank()) {
          statement.execute(sql);
        }
      }
      connection.commit();
      if (mysql) {
        statement.execute("SET sql_mode = DEFAULT");
      }
      connection.setAutoCommit(true);
    }
  }

  /** The columns of each of Laoke's tables that is there. */
  private static Map<String, String> tables(HikariDataSource pool) throws SQLException {
    Map<String, String> tables = new TreeMap<>();
    try (Connection connection = pool.getConnection();
        ResultSet columns =
            connection
                .getMetaData()
                .getColumns(connection.getCatalog(), connection.getSchema(), null, null)) {
      while (columns.next()) {
        String table = columns.getString("TABLE_NAME").toLowerCase();
        if (table.startsWith("laoke_") && !table.equals("laoke_schema_version")) {
          tables.merge(
              table,
              columns.getString("COLUMN_NAME").toLowerCase(),
              (one, other) -> one + ", " + other);
        }
      }
    }
    return tables;
  }

  private static Map<String, List<String>> rows(HikariDataSource pool, Map<String, String> tables)
      throws SQLException {
    Map<String, List<String>> all = new TreeMap<>();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (Map.Entry<String, String> table : tables.entrySet()) {
        List<String> found = new ArrayList<>();
        try (ResultSet rows =
            statement.executeQuery("SELECT " + table.getValue() + " FROM " + table.getKey())) {
          ResultSetMetaData about = rows.getMetaData();
          while (rows.next()) {
            StringBuilder row = new StringBuilder();
            for (int i = 1; i <= about.getColumnCount(); i++) {
              row.append(rows.getString(i)).append('|');
            }
            found.add(row.toString());
          }
        }
        found.sort(null);
        all.put(table.getKey(), found);
      }
    }
    return all;
  }

  private Account account() {
    return new Account() {
      @Override
      public String key() {
        return "wx1";
      }

      @Override
      public Optional<MessageChannel> channel(ChannelKind kind) {
        return Optional.of(new Sending());
      }

      @Override
      public <T> Optional<T> capability(Class<T> type) {
        ScanCodes codes = (scene, life) -> new ScanCodes.ScanCode("http://weixin.qq.com/q/a", life);
        return type == ScanCodes.class ? Optional.of(type.cast(codes)) : Optional.empty();
      }

      @Override
      public void close() {}
    };
  }

  private final class Sending implements MessageChannel {
    @Override
    public Duration dedupeWindow() {
      return Duration.ofMinutes(10);
    }

    @Override
    public Duration callLimit() {
      return Duration.ofSeconds(5);
    }

    @Override
    public int maxInFlight() {
      return 8;
    }

    @Override
    public CompletionStage<SendOutcome> send(Outbound message) {
      sent.add(message);
      return CompletableFuture.completedFuture(
          new SendOutcome.Accepted("p" + message.dedupeId(), List.of()));
    }
  }
}
