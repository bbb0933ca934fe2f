package io.laoke.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportReport;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.postgresql.Driver;

/**
 * The import of a dealer's history into PostgreSQL, consumption files kept, beside the rows that it
 * ends with, inserted bare.
 *
 * <p>The baseline knows everything in advance: it inserts the final rows of all tables that the
 * import fills, those of the consumption files included, each once, in the order of their primary
 * keys, by batches of 1,000 rows of one statement that the driver rewrites ({@code
 * rewriteBatchedInserts}), into the same tables with the same indexes, and commits as seldom as the
 * import. It reads nothing, checks nothing, hashes nothing, and updates nothing.
 */
final class ImportBenchmark implements Benchmark {
  private static final String DEALER = "hengxin";
  private static final int BATCH = 1_000;
  private static final List<String> TABLES =
      List.of(
          "customer_order",
          "order_line",
          "order_stage",
          "place",
          "identity",
          "member",
          "member_category");

  @Override
  public String about() {
    return "history into PostgreSQL against bare inserts of its rows:"
        + " [orders=20000] [from=100000] [growth=1000000] [only=bare|growth]";
  }

  @Override
  public Set<String> options() {
    return Set.of("orders", "from", "growth", "only");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    report.version("postgresql", Driver.class);
    int orders = options.number("orders", 20_000);
    int from = options.number("from", 100_000);
    int growth = options.number("growth", 1_000_000);
    int rounds = options.rounds();
    String only = options.choice("only", "all", "bare", "growth");
    try (Postgres postgres = Postgres.start()) {
      if (!only.equals("growth")) {
        beside(report, postgres, orders, rounds);
      }
      if (!only.equals("bare")) {
        growth(report, postgres, from, growth);
      }
    }
  }

  private static void beside(Report report, Postgres postgres, int orders, int rounds)
      throws Exception {
    Map<String, Rows> rows = new LinkedHashMap<>();
    try (Schema first = new Schema(postgres, "warm", false)) {
      first.imported(orders);
      for (String table : TABLES) {
        rows.put(table, first.rows(table));
      }
    }
    int all = rows.values().stream().mapToInt(table -> table.values().size()).sum();
    report.line("rows of %,d orders: %,d", orders, all);
    rows.forEach((table, of) -> report.line("  %-16s %,d", table, of.values().size()));
    int commitRows = Math.max(1, (int) ((long) all * BATCH / orders));
    Measured measured =
        new Rounds()
            .side(
                "laoke",
                () -> {
                  try (Schema schema = new Schema(postgres, "laoke", false)) {
                    return schema.imported(orders);
                  }
                })
            .side(
                "bare",
                () -> {
                  try (Schema schema = new Schema(postgres, "bare", true)) {
                    return Rounds.timed(() -> schema.inserted(rows, commitRows));
                  }
                })
            .run(rounds);
    report.table("import of orders with lines and stages", orders, measured.all());
    report.atLeast(0.5, "import-vs-bare", measured.of("laoke"), measured.of("bare"));
  }

  private static void growth(Report report, Postgres postgres, int from, int to) throws Exception {
    Samples few = new Samples("%,d orders".formatted(from));
    Samples many = new Samples("%,d orders".formatted(to));
    try (Schema schema = new Schema(postgres, "few", false)) {
      few.add(schema.imported(from) / 1e9);
    }
    try (Schema schema = new Schema(postgres, "many", false)) {
      many.add(schema.imported(to) / 1e9);
    }
    report.table("import as it grows", from, List.of(few));
    report.table("import as it grows", to, List.of(many));
    report.atMost(12, "import-growth", many.median() / few.median());
  }

  /** A table's rows, in the order of its primary key. */
  private record Rows(List<String> columns, List<Object[]> values) {}

  /** Laoke's tables in a schema of their own, which goes with this. */
  private static final class Schema implements AutoCloseable {
    private final HikariDataSource pool;
    private final String name;

    Schema(Postgres postgres, String name, boolean rewriting) throws SQLException {
      this.name = name;
      try (HikariDataSource admin = postgres.pool(1)) {
        Postgres.execute(
            admin, List.of("DROP SCHEMA IF EXISTS " + name + " CASCADE", "CREATE SCHEMA " + name));
      }
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(
          postgres.url()
              + (postgres.url().contains("?") ? "&" : "?")
              + "currentSchema="
              + name
              + (rewriting ? "&reWriteBatchedInserts=true" : ""));
      config.setMaximumPoolSize(4);
      pool = new HikariDataSource(config);
      try (Laoke laoke = laoke()) {
        laoke.migrations().apply();
      }
      Postgres.execute(pool, List.of("CHECKPOINT"));
    }

    private Laoke laoke() {
      return Laoke.builder().dataSource(pool).dealer(DEALER).build();
    }

    /** Imports; the time it took. */
    long imported(int orders) throws Exception {
      try (Laoke laoke = laoke()) {
        Dealer dealer = laoke.dealer(DEALER);
        DealerHistory.CATEGORIES.forEach(path -> dealer.catalog().put(Category.of(path, path)));
        ImportReport[] report = new ImportReport[1];
        long nanos =
            Rounds.timed(
                () -> report[0] = dealer.imports().run("history", DealerHistory.of(orders)));
        if (report[0].of(ImportFact.Kind.ORDER).taken() != orders || report[0].refused() > 0) {
          throw new IllegalStateException("not all was taken: " + report[0]);
        }
        return nanos;
      }
    }

    Rows rows(String table) throws SQLException {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        List<String> key = new ArrayList<>();
        try (ResultSet keys =
            connection.getMetaData().getPrimaryKeys(null, name, "laoke_" + table)) {
          Map<Short, String> byPlace = new TreeMap<>();
          while (keys.next()) {
            byPlace.put(keys.getShort("KEY_SEQ"), keys.getString("COLUMN_NAME"));
          }
          key.addAll(byPlace.values());
        }
        try (ResultSet all =
            statement.executeQuery(
                "SELECT * FROM laoke_" + table + " ORDER BY " + String.join(", ", key))) {
          List<String> columns = new ArrayList<>();
          for (int i = 1; i <= all.getMetaData().getColumnCount(); i++) {
            columns.add(all.getMetaData().getColumnName(i));
          }
          List<Object[]> values = new ArrayList<>();
          while (all.next()) {
            Object[] row = new Object[columns.size()];
            for (int i = 0; i < row.length; i++) {
              row[i] = all.getObject(i + 1);
            }
            values.add(row);
          }
          return new Rows(columns, values);
        }
      }
    }

    void inserted(Map<String, Rows> rows, int commitRows) throws SQLException {
      try (Connection connection = pool.getConnection()) {
        connection.setAutoCommit(false);
        int uncommitted = 0;
        for (Map.Entry<String, Rows> table : rows.entrySet()) {
          List<String> columns = table.getValue().columns();
          String sql =
              "INSERT INTO laoke_%s (%s) VALUES (%s)"
                  .formatted(
                      table.getKey(),
                      String.join(", ", columns),
                      String.join(", ", Collections.nCopies(columns.size(), "?")));
          try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int waiting = 0;
            for (Object[] row : table.getValue().values()) {
              for (int i = 0; i < row.length; i++) {
                statement.setObject(i + 1, row[i]);
              }
              statement.addBatch();
              if (++waiting == BATCH) {
                statement.executeBatch();
                uncommitted += waiting;
                waiting = 0;
                if (uncommitted >= commitRows) {
                  connection.commit();
                  uncommitted = 0;
                }
              }
            }
            statement.executeBatch();
          }
        }
        connection.commit();
      }
    }

    @Override
    public void close() throws SQLException {
      Postgres.execute(pool, List.of("DROP SCHEMA " + name + " CASCADE"));
      pool.close();
    }
  }
}
