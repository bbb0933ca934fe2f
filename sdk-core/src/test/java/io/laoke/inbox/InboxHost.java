package io.laoke.inbox;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.HostTransaction;
import io.laoke.base.Sealer;
import io.laoke.catalog.CatalogModule;
import io.laoke.catalog.Category;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportReport;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberModule;
import io.laoke.message.Alarm;
import io.laoke.message.Tenants;
import io.laoke.order.OrderHistory;
import io.laoke.order.OrderModule;
import io.laoke.order.OrderSettings;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/** A database with an ERP's tables and Laoke's. */
final class InboxHost implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-11-25T02:00:00Z");

  private final TestServer server;
  final HikariDataSource pool;
  final String table;
  final Laoke laoke;
  final Dealer dealer;
  final List<Alarm> alarms = Collections.synchronizedList(new ArrayList<>());

  InboxHost(TestServer server) {
    this(server, UnaryOperator.identity(), "laoke_");
  }

  InboxHost(TestServer server, UnaryOperator<Laoke.Builder> more, String prefix) {
    this.server = server;
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(16);
    this.pool = prefix.equals("laoke_") ? server.migrated(config) : server.fresh(config);
    this.table = prefix + "inbox";
    this.laoke = more.apply(builder(pool)).tablePrefix(prefix).build();
    laoke.migrations().apply();
    this.dealer = laoke.dealer("hengxin");
    dealer.catalog().put(Category.of("kitchen/hood", "油烟机"));
  }

  Laoke.Builder builder(DataSource database) {
    return Laoke.builder()
        .dataSource(database)
        .hostTransaction(
            table.startsWith("laoke_") ? TestServer.hostTransaction() : HostTransaction.none())
        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
        .alarms(alarms::add)
        .dealer("hengxin")
        .dealer("same");
  }

  /** An import of history, which is not for a host's transaction. */
  ImportReport imports(List<ImportFact> facts) {
    try (Laoke own = builder(pool).hostTransaction(HostTransaction.none()).build()) {
      return own.dealer("hengxin").imports().run("history", facts.iterator());
    }
  }

  /** Erases a member, outside of a host's transaction where that is refused in it. */
  void erase(long member) {
    Laoke.Builder builder = builder(pool);
    if (Way.eachCallBlind(server)) {
      builder.hostTransaction(HostTransaction.none());
    }
    try (Laoke own = builder.build()) {
      own.dealer("hengxin").members().erase(member, "店长", "客户要求");
    }
  }

  int tick() {
    return laoke.tick(NOW).inbound();
  }

  /** A row of a transaction of its own; its id. */
  long insert(String kind, String ref, String json) throws SQLException {
    try (Connection connection = pool.getConnection()) {
      return insert(connection, "hengxin", kind, ref, json);
    }
  }

  long insert(Connection connection, String dealer, String kind, String ref, String json)
      throws SQLException {
    String sql = "INSERT INTO " + table + " (dealer, kind, ref, fact) VALUES (?, ?, ?, ?)";
    try (PreparedStatement row = connection.prepareStatement(sql, new String[] {"id"})) {
      row.setString(1, dealer);
      row.setString(2, kind);
      row.setString(3, ref);
      row.setString(4, json);
      row.executeUpdate();
      try (ResultSet keys = row.getGeneratedKeys()) {
        keys.next();
        return keys.getLong(1);
      }
    }
  }

  /** What an ERP does past any wall of Laoke's. */
  void sql(String statement) throws SQLException {
    try (Connection connection = TestServer.straight(pool).getConnection();
        Statement run = connection.createStatement()) {
      run.execute(statement);
    }
  }

  String text(String query) throws SQLException {
    return text(pool, query);
  }

  static String text(DataSource from, String query) throws SQLException {
    try (Connection connection = from.getConnection();
        Statement run = connection.createStatement();
        ResultSet rows = run.executeQuery(query)) {
      StringBuilder all = new StringBuilder();
      int columns = rows.getMetaData().getColumnCount();
      while (rows.next()) {
        for (int i = 1; i <= columns; i++) {
          all.append(rows.getString(i)).append(i < columns ? " " : "\n");
        }
      }
      return all.toString();
    }
  }

  InboxFact row(long id) {
    return dealer.inbox().find(id).orElseThrow();
  }

  /** Time for rows that wait, and for turns that a killed engine had. */
  void later() throws SQLException {
    sql("UPDATE " + table + " SET next_ms = 0 WHERE state = 'WAITING'");
    sql("UPDATE " + table + "_turn SET until_ms = 0");
  }

  /** The dealer as its module sees it. */
  static Tenant tenant(ZoneId zone) {
    return new Tenant(1, "hengxin", zone, new Privacy(new byte[32], Sealer.plain()));
  }

  Database database() {
    return new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }

  /** Erases through the module, as a feature above does. */
  int erase(List<String> customerNos, List<String> orderNos, List<String> values) {
    Tenant tenant = tenant(ZoneId.of("Asia/Shanghai"));
    try (InboxModule module = module(tenant)) {
      return database().own("erase", tx -> module.erase(tx, tenant, customerNos, orderNos, values));
    }
  }

  /** The module by itself, for that dealer. */
  InboxModule module(Tenant tenant) {
    Database database = database();
    CatalogModule catalog = new CatalogModule();
    Ids ids = new Ids(database, Clock.systemUTC());
    MemberModule members = new MemberModule(catalog.book(), ids, Clock.systemUTC());
    return new InboxModule(
        database,
        new Tenants() {
          @Override
          public Set<Integer> ids() {
            return Set.of(tenant.id());
          }

          @Override
          public Tenant byId(int id) {
            return tenant;
          }

          @Override
          public Tenant byCode(String code) {
            return tenant;
          }
        },
        catalog,
        members,
        new OrderModule(
            new Json(),
            ids,
            catalog.book(),
            members.book(),
            Clock.systemUTC(),
            of -> new OrderSettings(Stage.REPORTED)),
        InboxSettings.standard(),
        Clock.systemUTC(),
        alarms::add);
  }

  /** All that is recorded of an order, but for ids. */
  static String recorded(Dealer dealer, String orderNo) {
    Optional<OrderHistory> found =
        dealer.orders().find(orderNo).map(order -> dealer.orders().history(orderNo));
    if (found.isEmpty()) {
      return "none";
    }
    StringBuilder all = new StringBuilder();
    OrderHistory history = found.get();
    all.append(history.order().stage())
        .append(history.order().buyer().name())
        .append(history.order().buyer().customerNo())
        .append(history.order().storeCode())
        .append(history.order().lines());
    history
        .stages()
        .forEach(
            stage ->
                all.append('\n')
                    .append(stage.stage())
                    .append(stage.at())
                    .append(stage.document())
                    .append(stage.text())
                    .append(stage.scope())
                    .append(stage.details())
                    .append(stage.revision()));
    history.returns().forEach(note -> all.append('\n').append(note.noteNo()).append(note.lines()));
    history
        .order()
        .memberId()
        .ifPresent(
            member ->
                all.append('\n')
                    .append(dealer.members().get(member).orElseThrow().name())
                    .append(dealer.orders().consumption(member)));
    return all.toString();
  }

  @Override
  public void close() {
    laoke.close();
    pool.close();
  }
}
