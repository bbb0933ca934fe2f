package io.laoke.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.base.Sealer;
import io.laoke.catalog.Category;
import io.laoke.catalog.Keys;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.Orders;
import io.laoke.order.RecountReport;
import io.laoke.segment.Segments;
import io.laoke.testing.TestServer;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A database with Laoke's tables that holds a {@link Shop}: the rows that Laoke itself writes when
 * the orders are reported one after the other, put there by the fastest way in. Only the hash of an
 * order's content is left out, by which Laoke knows a repeat. Rows of the consumption file stand in
 * the order in which the orders made them, as they do after years of work.
 */
final class SegmentDatabase implements AutoCloseable {
  static final String DEALER = "hengxin";
  private static final int SAMPLE = 200;
  private static final int ROOT = Shop.PATHS.indexOf("");
  private static final List<String> FILLED =
      List.of("member", "identity", "customer_order", "order_line", "member_category");

  final Shop shop;
  final HikariDataSource pool;
  final String product;
  private final Closeable server;
  private final Laoke laoke;
  private int dealerId;

  /** A sum for a row of the consumption file. */
  private static final class Sum {
    long orders;
    long quantity;
    long fen;
    long lines;
    long firstMs;
    long lastMs;
  }

  private SegmentDatabase(Shop shop, HikariDataSource pool, Closeable server) throws SQLException {
    this.shop = shop;
    this.pool = pool;
    this.server = server;
    try (Connection connection = pool.getConnection()) {
      product =
          connection.getMetaData().getDatabaseProductVersion().contains("MariaDB")
              ? "MariaDB"
              : connection.getMetaData().getDatabaseProductName();
    }
    laoke = Laoke.builder().dataSource(pool).dealer(DEALER).build();
  }

  /**
   * Opens one, and fills it unless it was kept.
   *
   * @param kind {@code postgresql}, {@code mysql}, {@code mariadb} or {@code h2}
   * @param keep where a database is kept for the next run; those of MySQL and MariaDB never are
   */
  static SegmentDatabase open(String kind, Shop shop, long seed, Optional<Path> keep, Report report)
      throws Exception {
    Optional<Path> folder =
        keep.map(path -> path.toAbsolutePath().resolve(kind + "-" + shop.members));
    SegmentDatabase database =
        switch (kind) {
          case "postgresql" -> postgres(shop, folder);
          case "h2" -> h2(shop, folder);
          default -> {
            HikariDataSource pool = TestServer.valueOf(kind.toUpperCase(Locale.ROOT)).fresh();
            SegmentDatabase opened = new SegmentDatabase(shop, pool, () -> {});
            // As PostgreSQL's: else each side reads from the disk what the one before it displaced.
            opened.execute("SET GLOBAL innodb_buffer_pool_size = 1073741824");
            yield opened;
          }
        };
    database.fill("%d members, seed %d".formatted(shop.members, seed), report);
    return database;
  }

  private static SegmentDatabase postgres(Shop shop, Optional<Path> folder) throws Exception {
    Map<String, String> settings = new LinkedHashMap<>();
    // As somebody sets it up who knows that it holds some gigabytes.
    settings.put("shared_buffers", "1GB");
    settings.put("effective_cache_size", "8GB");
    settings.put("work_mem", "64MB");
    settings.put("maintenance_work_mem", "512MB");
    settings.put("max_wal_size", "8GB");
    Postgres server = Postgres.start(folder, settings);
    return new SegmentDatabase(shop, server.pool(4), server::close);
  }

  private static SegmentDatabase h2(Shop shop, Optional<Path> folder) throws Exception {
    Path data = folder.isPresent() ? folder.get() : Files.createTempDirectory("laoke-segments-");
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl("jdbc:h2:file:" + data.resolve("h2") + ";CACHE_SIZE=524288;WRITE_DELAY=0");
    config.setMaximumPoolSize(4);
    return new SegmentDatabase(
        shop, new HikariDataSource(config), folder.isPresent() ? () -> {} : () -> delete(data));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  int dealerId() {
    return dealerId;
  }

  Orders orders() {
    return laoke.dealer(DEALER).orders();
  }

  Segments segments() {
    return laoke.dealer(DEALER).segments();
  }

  static long memberId(int member) {
    return Ids.firstAt(Shop.FROM.toEpochMilli()) + ((long) member << 12);
  }

  private long orderId(int order) {
    return Ids.firstAt(shop.orderedMs(order)) + order % (1 << 22);
  }

  static String customerNo(int member) {
    return "C" + member;
  }

  /** What the statements give, row by row and value by value. */
  List<List<String>> ask(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      return read(statement.executeQuery(sql));
    }
  }

  static List<List<String>> read(ResultSet rows) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    int columns = rows.getMetaData().getColumnCount();
    while (rows.next()) {
      List<String> row = new ArrayList<>(columns);
      for (int i = 1; i <= columns; i++) {
        row.add(rows.getString(i));
      }
      all.add(row);
    }
    return all;
  }

  /**
   * Makes H2 forget results: it gives one again while no row has changed, and would measure that.
   */
  void freshen() throws SQLException {
    if (product.equals("H2")) {
      execute(
          "UPDATE laoke_member SET random31 = random31 WHERE dealer_id = %d AND id = %d"
              .formatted(dealerId, memberId(0)),
          "UPDATE laoke_customer_order SET changed_ms = changed_ms WHERE dealer_id = %d AND id = %d"
              .formatted(dealerId, orderId(0)),
          "UPDATE laoke_order_line SET stage = stage WHERE dealer_id = %d AND order_id = %d"
              .formatted(dealerId, orderId(0)),
          """
          UPDATE laoke_member_category SET orders = orders
          WHERE dealer_id = %d AND member_id = %d AND path = '' AND month_no = 0
          """
              .formatted(dealerId, memberId(shop.owner(0))));
    }
  }

  void execute(String... statements) throws SQLException {
    Postgres.execute(pool, List.of(statements));
  }

  boolean postgresql() {
    return product.equals("PostgreSQL");
  }

  // ---- filling

  private void fill(String what, Report report) throws Exception {
    int migrated = laoke.migrations().apply();
    execute("CREATE TABLE IF NOT EXISTS benchmark_data (about VARCHAR(200) NOT NULL)");
    List<List<String>> there = ask("SELECT about FROM benchmark_data");
    if (there.isEmpty() || !there.get(0).get(0).equals(what)) {
      long nanos = Rounds.timed(() -> refill(what, !there.isEmpty()));
      report.line("loaded in %.0f s: %s", nanos / 1e9, what);
    } else if (migrated > 0) {
      // What migrations filled, they filled as for any dealer; the sample below proves it.
      analyse();
      report.line("kept, and brought up to date by %d statements: %s", migrated, what);
    } else {
      report.line("kept: %s", what);
    }
    dealerId =
        Integer.parseInt(
            ask("SELECT id FROM laoke_dealer WHERE code = '" + DEALER + "'").get(0).get(0));
    for (String table : FILLED) {
      report.line("  %-16s %,d", table, count(table));
    }
    proveSample(report);
  }

  private long count(String table) throws SQLException {
    return Long.parseLong(ask("SELECT COUNT(*) FROM laoke_" + table).get(0).get(0));
  }

  private void refill(String about, boolean older) throws Exception {
    if (older || count("customer_order") > 0) {
      throw new IllegalStateException(
          "The kept database holds something else than '%s'; delete its folder.".formatted(about));
    }
    Shop.CATEGORIES.forEach(path -> laoke.dealer(DEALER).catalog().put(Category.of(path, path)));
    Tenant tenant = tenant();
    dealerId = tenant.id();
    List<String> indexes = postgresql() ? withoutIndexes() : List.of();
    if (product.startsWith("M")) {
      execute("SET SESSION unique_checks = 0");
    }
    members(tenant);
    orders(tenant);
    file();
    execute(indexes.toArray(String[]::new));
    analyse();
    try (Connection connection = pool.getConnection();
        RowSink sink = RowSink.of(manual(connection), "benchmark_data", List.of("about"))) {
      sink.row(about);
    }
  }

  private static Connection manual(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    return connection;
  }

  private Tenant tenant() throws SQLException {
    List<String> row =
        ask("SELECT id, zone, hash_key FROM laoke_dealer WHERE code = '" + DEALER + "'").get(0);
    byte[] key = Base64.getDecoder().decode(Sealer.plain().open(row.get(2)));
    return new Tenant(
        Integer.parseInt(row.get(0)),
        DEALER,
        ZoneId.of(row.get(1)),
        new Privacy(key, Sealer.plain()));
  }

  /** Takes keys and indexes away; the statements that bring them back. */
  private List<String> withoutIndexes() throws SQLException {
    List<String> back = new ArrayList<>();
    List<String> tables = new ArrayList<>(FILLED);
    tables.add("member_category_life");
    for (String table : tables) {
      for (List<String> key :
          ask(
              "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype IN"
                  + " ('p', 'u') AND conrelid = CAST('laoke_"
                  + table
                  + "' AS regclass)")) {
        execute("ALTER TABLE laoke_" + table + " DROP CONSTRAINT " + key.get(0));
        back.add(
            "ALTER TABLE laoke_%s ADD CONSTRAINT %s %s".formatted(table, key.get(0), key.get(1)));
      }
      for (List<String> index :
          ask(
              "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND"
                  + " tablename = 'laoke_"
                  + table
                  + "'")) {
        execute("DROP INDEX " + index.get(0));
        back.add(index.get(1));
      }
    }
    return back;
  }

  /** As a database does by itself some time after many rows came. */
  private void analyse() throws SQLException {
    switch (product) {
      case "PostgreSQL" -> execute("VACUUM (ANALYZE)", "CHECKPOINT");
      case "H2" -> execute("ANALYZE");
      default ->
          execute(
              FILLED.stream().map(table -> "ANALYZE TABLE laoke_" + table).toArray(String[]::new));
    }
  }

  private RowSink sink(Connection connection, String table, String... columns) throws SQLException {
    return RowSink.of(manual(connection), "laoke_" + table, List.of(columns));
  }

  private void members(Tenant tenant) throws SQLException {
    long created = Shop.FROM.toEpochMilli();
    try (Connection connection = pool.getConnection();
        RowSink sink =
            sink(
                connection,
                "member",
                "dealer_id",
                "id",
                "source",
                "numbered",
                "gender",
                "birthday",
                "region",
                "random31",
                "created_ms",
                "orders",
                "line_count",
                "quantity",
                "net_fen",
                "first_ms",
                "last_ms")) {
      for (int member = 0; member < shop.members; member++) {
        Shop.Person person = shop.person(member);
        Sum all = sums(1 << ROOT, shop.orders(member), Integer.MAX_VALUE)[ROOT];
        sink.row(
            dealerId,
            memberId(member),
            "ORDER",
            true,
            person.gender(),
            person.birthday(),
            person.city(),
            person.random31(),
            created,
            all == null ? null : all.orders,
            all == null ? null : all.lines,
            all == null ? null : all.quantity,
            all == null ? null : all.fen,
            all == null ? null : all.firstMs,
            all == null ? null : all.lastMs);
      }
    }
    try (Connection connection = pool.getConnection();
        RowSink sink =
            sink(
                connection,
                "identity",
                "dealer_id",
                "kind",
                "account",
                "value_hash",
                "value_sealed",
                "member_id",
                "status",
                "proven",
                "first_seen_ms")) {
      for (int member = 0; member < shop.members; member++) {
        sink.row(
            dealerId,
            "CUSTOMER_NO",
            "",
            Keys.customerNo(tenant, customerNo(member)),
            tenant.privacy().seal(customerNo(member)),
            memberId(member),
            "ACTIVE",
            false,
            created);
      }
    }
  }

  private void orders(Tenant tenant) throws SQLException {
    try (Connection connection = pool.getConnection();
        RowSink sink =
            sink(
                connection,
                "customer_order",
                "dealer_id",
                "id",
                "order_no",
                "ordered_ms",
                "member_id",
                "assigned",
                "buyer_customer_no",
                "store_code",
                "salesperson",
                "stage",
                "stage_at_ms",
                "stage_seq",
                "message_seq",
                "with_numbers",
                "with_units",
                "with_returns",
                "created_ms",
                "changed_ms",
                "erased")) {
      for (int order = 0; order < shop.orders; order++) {
        long at = shop.orderedMs(order);
        int member = shop.owner(order);
        sink.row(
            dealerId,
            orderId(order),
            "SO-" + order,
            at,
            memberId(member),
            false,
            tenant.privacy().seal(customerNo(member)),
            "S" + order % 12,
            "P" + order % 60,
            "REPORTED",
            at,
            0,
            0,
            false,
            false,
            false,
            at,
            at,
            0);
      }
    }
    try (Connection connection = pool.getConnection();
        RowSink sink =
            sink(
                connection,
                "order_line",
                "dealer_id",
                "order_id",
                "line_no",
                "line_index",
                "kind",
                "category_code",
                "category",
                "quantity",
                "net_fen",
                "stage",
                "counted_quantity",
                "counted_fen",
                "plain_units",
                "member_id",
                "ordered_ms")) {
      for (int order = 0; order < shop.orders; order++) {
        int index = 0;
        for (Shop.Line line : shop.lines(order)) {
          String category = Shop.CATEGORIES.get(line.category());
          sink.row(
              dealerId,
              orderId(order),
              Integer.toString(index + 1),
              index,
              "GOODS",
              category,
              category,
              line.quantity(),
              line.fen(),
              "REPORTED",
              line.quantity(),
              line.fen(),
              line.quantity(),
              memberId(shop.owner(order)),
              shop.orderedMs(order));
          index++;
        }
      }
    }
  }

  private void file() throws SQLException {
    int[] inAll = new int[shop.members];
    int[] inMonth = new int[shop.members];
    int[] month = new int[shop.members];
    try (Connection connection = pool.getConnection();
        RowSink sink =
            sink(
                connection,
                "member_category",
                "dealer_id",
                "member_id",
                "path",
                "month_no",
                "orders",
                "line_count",
                "quantity",
                "net_fen",
                "first_ms",
                "last_ms")) {
      for (int order = 0; order < shop.orders; order++) {
        int member = shop.owner(order);
        int now = Shop.month(shop.orderedMs(order));
        int bought = bought(order);
        if (month[member] != now) {
          month[member] = now;
          inMonth[member] = 0;
        }
        int newInAll = bought & ~inAll[member];
        int newInMonth = bought & ~inMonth[member];
        if (newInMonth == 0) {
          continue;
        }
        inAll[member] |= bought;
        inMonth[member] |= bought;
        int[] from = shop.ordersFrom(member, order);
        rows(sink, member, 0, newInAll, sums(newInAll, from, Integer.MAX_VALUE));
        rows(sink, member, now, newInMonth, sums(newInMonth, from, now));
      }
    }
  }

  private int bought(int order) {
    return shop.lines(order).stream()
        .mapToInt(line -> Shop.mask(line.category()))
        .reduce(0, (one, other) -> one | other);
  }

  /** The sums of some paths over orders, up to the end of a month. */
  private @Nullable Sum[] sums(int paths, int[] orders, int untilMonth) {
    @Nullable Sum[] sums = new Sum[Shop.PATHS.size()];
    if (paths == 0) {
      return sums;
    }
    for (int order : orders) {
      long at = shop.orderedMs(order);
      if (untilMonth < Integer.MAX_VALUE && Shop.month(at) > untilMonth) {
        break;
      }
      int counted = 0;
      for (Shop.Line line : shop.lines(order)) {
        int of = Shop.mask(line.category()) & paths;
        for (int path = 0; path < sums.length; path++) {
          if ((of & 1 << path) != 0) {
            Sum sum = sums[path] == null ? new Sum() : sums[path];
            sums[path] = sum;
            sum.firstMs = sum.orders == 0 ? at : sum.firstMs;
            sum.lastMs = at;
            sum.orders += (counted & 1 << path) == 0 ? 1 : 0;
            sum.quantity += line.quantity();
            sum.fen += line.fen();
            sum.lines++;
          }
        }
        counted |= of;
      }
    }
    return sums;
  }

  private void rows(RowSink sink, int member, int month, int paths, @Nullable Sum[] sums)
      throws SQLException {
    for (int path = 0; path < sums.length; path++) {
      Sum sum = sums[path];
      if ((paths & 1 << path) != 0 && sum != null) {
        sink.row(
            dealerId,
            memberId(member),
            Shop.PATHS.get(path),
            month,
            sum.orders,
            month == 0 ? sum.lines : 0,
            sum.quantity,
            sum.fen,
            sum.firstMs,
            sum.lastMs);
      }
    }
  }

  /** Laoke itself counts some members again and finds nothing wrong. */
  private void proveSample(Report report) {
    int step = Math.max(1, shop.members / SAMPLE);
    int[] sample = IntStream.range(0, shop.members / step).map(i -> i * step).toArray();
    for (int member : sample) {
      RecountReport recount = orders().recount(memberId(member));
      if (!recount.clean()) {
        throw new IllegalStateException(
            "Laoke would have written member %d otherwise: %s".formatted(member, recount));
      }
    }
    report.line("  recounted by Laoke: %d members, nothing to put right", sample.length);
  }

  @Override
  public void close() throws IOException {
    laoke.close();
    pool.close();
    server.close();
  }
}
