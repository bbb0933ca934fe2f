package io.laoke.order;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.Sealer;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.CatalogModule;
import io.laoke.catalog.Category;
import io.laoke.imports.ImportModule;
import io.laoke.imports.Imports;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberModule;
import io.laoke.member.Members;
import io.laoke.message.Tenants;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Orders over a fresh database. */
final class OrderFixture implements AutoCloseable {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");

  private static final List<String> CATEGORIES =
      List.of(
          "kitchen/hood",
          "kitchen/pot",
          "kitchen",
          "av/tv",
          "av/box",
          "av",
          "service",
          "tv",
          "hood",
          "a/b",
          "a/c",
          "a");

  /** All that orders write. */
  static final List<String> TABLES =
      List.of(
          "customer_order",
          "order_line",
          "order_unit",
          "unit_service",
          "order_stage",
          "order_number",
          "order_assignment",
          "return_note",
          "return_line",
          "member_category",
          "place");

  /** What a listener heard. */
  record Heard(String what, String orderNo, Optional<StageRecord> stage, boolean flag) {}

  private final TestServer server;
  final HikariDataSource pool;
  final Database database;
  final Tenant tenant;
  final OrderModule module;
  final ImportModule imports;
  final Ids ids;
  final MemberModule members;
  final CatalogModule catalog = new CatalogModule();
  final List<Heard> heard = java.util.Collections.synchronizedList(new ArrayList<>());
  volatile Stage countsFrom = Stage.REPORTED;

  OrderFixture(TestServer server) {
    this(server, new HikariConfig());
  }

  OrderFixture(TestServer server, HikariConfig config) {
    this.server = server;
    config.setMaximumPoolSize(20);
    this.pool = server.migrated(config);
    this.database = TestServer.database(pool);
    this.tenant = tenant(1, "hengxin");
    this.ids = new Ids(database, Clock.systemUTC());
    Clock clock = Clock.fixed(NOW, ZONE);
    this.members = new MemberModule(catalog.book(), ids, clock);
    for (String path : CATEGORIES) {
      catalog().put(Category.of(path, path));
    }
    this.module =
        new OrderModule(
            new Json(),
            ids,
            catalog.book(),
            members.book(),
            clock,
            of -> new OrderSettings(countsFrom));
    catalog.goods(module.placedGoods());
    members.ownings(module.ownings());
    this.imports = new ImportModule(new Json(), ids, catalog, members, module, clock);
    List.of(module.personalData(), members.personalData(), imports.personalData())
        .forEach(members::personalData);
    module.listen(
        new OrderListener() {
          @Override
          public void imported(Tx tx, Tenant of, List<OrderDetail> orders, Instant now) {
            orders.forEach(
                order ->
                    heard.add(new Heard("imported", order.orderNo(), Optional.empty(), false)));
          }

          @Override
          public void written(Tx tx, Tenant of, OrderDetail order, boolean first, Instant now) {
            heard.add(new Heard("written", order.orderNo(), Optional.empty(), first));
          }

          @Override
          public void advanced(
              Tx tx, Tenant of, OrderDetail order, StageRecord stage, boolean news, Instant now) {
            heard.add(new Heard("advanced", order.orderNo(), Optional.of(stage), news));
          }

          @Override
          public void memberChanged(Tx tx, Tenant of, OrderDetail order, Instant now) {
            heard.add(
                new Heard(
                    "memberChanged",
                    order.orderNo(),
                    Optional.empty(),
                    order.memberId().isPresent()));
          }
        });
  }

  static Tenant tenant(int id, String code) {
    byte[] key = new byte[32];
    key[0] = (byte) id;
    return new Tenant(id, code, ZONE, new Privacy(key, Sealer.plain()));
  }

  Catalog catalog() {
    return catalog.catalog(database, tenant);
  }

  Members members() {
    return members.members(database, tenant);
  }

  /** Through another node, which makes ids of its own. */
  Members members(Ids others) {
    Clock clock = Clock.fixed(NOW, ZONE);
    MemberModule node = new MemberModule(catalog.book(), others, clock);
    node.ownings(
        new OrderModule(
                new Json(),
                others,
                catalog.book(),
                node.book(),
                clock,
                of -> new OrderSettings(countsFrom))
            .ownings());
    return node.members(database, tenant);
  }

  /** For who erases: outside of a host's transaction where that is refused in it. */
  Members eraser() {
    return members.members(
        Way.eachCallBlind(server) ? TestServer.outsideOfHosts(pool) : database, tenant);
  }

  /** A node that has lines follow changes of the catalogue. */
  LinesFollow follow(javax.sql.DataSource source) {
    return module.follow(
        TestServer.outsideOfHosts(source),
        new Tenants() {
          @Override
          public Set<Integer> ids() {
            return Set.of(tenant.id());
          }

          @Override
          public Tenant byCode(String code) {
            return tenant;
          }

          @Override
          public Tenant byId(int id) {
            return tenant;
          }
        },
        catalog.changes());
  }

  /** Has lines follow all changes that are due. */
  void follow() {
    follow(pool).run(Long.MAX_VALUE / 2);
  }

  Orders orders() {
    return module.orders(database, tenant);
  }

  Orders orders(Connection host) {
    return module.orders(database.in(host), tenant);
  }

  /** Which refuse a host's transaction. */
  Imports imports() {
    return imports.imports(TestServer.outsideOfHosts(pool), tenant);
  }

  Returns returns() {
    return module.returns(database, tenant);
  }

  OrderDetail assign(String orderNo, OptionalLong member) {
    return database.write(
        "assign",
        tx -> {
          OrderDetail order = module.book().lock(tx, tenant, orderNo).orElseThrow();
          return module.book().assign(tx, tenant, order.id(), member, NOW);
        });
  }

  long memberOf(String customerNo) {
    return database.<Long>write(
        "identify",
        tx ->
            members
                .book()
                .identify(
                    tx, tenant, Optional.of(customerNo), Optional.empty(), Optional.empty(), NOW)
                .getAsLong());
  }

  /** All rows of all tables of orders, as text; columns of time of writing left out. */
  String everything() {
    return database.read(
        "read everything",
        tx -> {
          StringBuilder all = new StringBuilder();
          for (String table : TABLES) {
            List<String> rows = new ArrayList<>();
            tx.query("SELECT * FROM {" + table + "}")
                .mapToMap()
                .forEach(
                    row -> {
                      row.keySet().removeAll(VOLATILE);
                      rows.add(new java.util.TreeMap<>(row).toString());
                    });
            rows.sort(null);
            all.append(table).append('\n');
            rows.forEach(row -> all.append("  ").append(row).append('\n'));
          }
          return all.toString();
        });
  }

  private static final Set<String> VOLATILE =
      Set.of("created_ms", "changed_ms", "recorded_ms", "at_ms_recorded");

  @Override
  public void close() {
    ids.close();
    pool.close();
  }
}
