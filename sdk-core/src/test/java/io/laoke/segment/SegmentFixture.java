package io.laoke.segment;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.Sealer;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.CatalogModule;
import io.laoke.catalog.Category;
import io.laoke.catalog.Store;
import io.laoke.imports.ImportModule;
import io.laoke.imports.Imports;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.Attributes;
import io.laoke.member.Events;
import io.laoke.member.MemberModule;
import io.laoke.member.Members;
import io.laoke.message.Tenants;
import io.laoke.order.OrderModule;
import io.laoke.order.OrderSettings;
import io.laoke.order.Orders;
import io.laoke.order.Returns;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;

/** A dealer with its members and orders, over a fresh database. */
final class SegmentFixture implements AutoCloseable {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");
  static final List<String> CATEGORIES =
      List.of("kitchen/hood", "kitchen/pot", "kitchen", "av/tv", "av", "a", "a/b", "a0");
  static final List<String> STORES = List.of("S-1", "S-2", "s-1");

  final HikariDataSource pool;
  final Database database;
  final Tenant tenant;
  final Ids ids;
  final CatalogModule catalog = new CatalogModule();
  final MemberModule members;
  final OrderModule orders;
  final ImportModule imports;
  final LiveIndex live;

  SegmentFixture(TestServer server) {
    this(server, Sealer.plain());
  }

  SegmentFixture(TestServer server, Sealer sealer) {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(5);
    this.pool = server.migrated(config);
    this.database = TestServer.database(pool);
    this.tenant = new Tenant(1, "hengxin", ZONE, new Privacy(new byte[32], sealer));
    this.ids = new Ids(database, Clock.systemUTC());
    Clock clock = Clock.fixed(NOW, ZONE);
    Json json = new Json();
    this.live = new LiveIndex(database, LiveSettings.standard(), clock, Clock.systemUTC());
    this.members = new MemberModule(catalog.book(), ids, clock);
    this.orders =
        new OrderModule(
            json,
            ids,
            catalog.book(),
            members.book(),
            clock,
            of -> new OrderSettings(Stage.REPORTED));
    members.ownings(orders.ownings());
    catalog.goods(orders.placedGoods());
    List.of(orders.personalData(), members.personalData()).forEach(members::personalData);
    this.imports = new ImportModule(json, ids, catalog, members, orders, clock);
    CATEGORIES.forEach(path -> catalog().put(Category.of(path, path)));
    STORES.forEach(code -> catalog().put(Store.of(code, "店" + code)));
  }

  /** As the database does by itself after a while. */
  void analyzed(TestServer server) {
    if (server == TestServer.POSTGRESQL) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("ANALYZE");
      } catch (SQLException failed) {
        throw new IllegalStateException(failed);
      }
    }
  }

  Catalog catalog() {
    return catalog.catalog(database, tenant);
  }

  Members members() {
    return members.members(database, tenant);
  }

  Members members(Connection host) {
    return members.members(database.in(host), tenant);
  }

  Segments segments(Connection host) {
    return new SegmentModule(catalog, members.fields(), ids, Clock.fixed(NOW, ZONE), live)
        .segments(database.in(host), tenant);
  }

  Orders orders() {
    return orders.orders(database, tenant);
  }

  Returns returns() {
    return orders.returns(database, tenant);
  }

  Segments segments() {
    return new SegmentModule(catalog, members.fields(), ids, Clock.fixed(NOW, ZONE), live)
        .segments(database, tenant);
  }

  Attributes attributes() {
    return members.attributes(database, tenant);
  }

  Events events() {
    return members.events(database, tenant);
  }

  /** What segments can speak of here. */
  DealerSchema schema() {
    return database.read(
        "read the schema",
        tx ->
            new DealerSchema(
                tenant,
                catalog(),
                new UsedStores(database, tenant),
                SegmentTable.of(SegmentTable.all(tx, tenant, false)),
                new DealerSchema.Declared(
                    members.fields().attributes(tx, tenant), members.fields().events(tx, tenant))));
  }

  /** Has lines follow all changes of the catalogue that are due. */
  void followChanges() {
    Tenants one =
        new Tenants() {
          @Override
          public Tenant byId(int id) {
            return tenant;
          }

          @Override
          public Tenant byCode(String code) {
            return tenant;
          }

          @Override
          public Set<Integer> ids() {
            return Set.of(tenant.id());
          }
        };
    orders.follow(database, one, catalog.changes()).run(Long.MAX_VALUE / 2);
  }

  Imports imports() {
    return imports.imports(database, tenant);
  }

  @Override
  public void close() {
    live.close();
    ids.close();
    pool.close();
  }
}
