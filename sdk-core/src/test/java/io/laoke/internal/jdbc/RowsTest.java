package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.testing.TestServer;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many rows are written as they were given, whatever their columns have in common. */
class RowsTest {
  private static final long SEED = Long.getLong("laoke.seed", System.nanoTime());
  private static final int DEALER = 7;
  private static final int COLUMNS = 6;
  private static final String EMPTIED = "DELETE FROM {sample}";

  /** About the sizes from which on PostgreSQL is given them in other forms. */
  private static final List<Integer> SIZES = List.of(1, 2, 63, 64, 65, 66, 300, 10_001);

  private static Database over(HikariDataSource pool) throws SQLException {
    try (var connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE TABLE laoke_sample (dealer_id INT NOT NULL, id BIGINT NOT NULL, kind VARCHAR(40),
            n INT, big BIGINT, flag BOOLEAN, amount DECIMAL(12, 2), the_day DATE,
            PRIMARY KEY (dealer_id, id))""");
    }
    return new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }

  private static Rows rows() {
    return Rows.of("sample", DEALER)
        .with(Rows.Type.LONG, "id")
        .with(Rows.Type.TEXT, "kind")
        .with(Rows.Type.INT, "n")
        .with(Rows.Type.LONG, "big")
        .with(Rows.Type.BOOL, "flag")
        .with(Rows.Type.DECIMAL, "amount")
        .with(Rows.Type.DATE, "the_day");
  }

  private static Rows of(List<@Nullable Object[]> all) {
    Rows rows = rows();
    all.forEach(rows::add);
    return rows;
  }

  private static @Nullable Object value(int column, int of) {
    return switch (column) {
      case 0 -> of % 5 == 0 ? "空调'\"{},\\ NULL" : "kind-" + of;
      case 1 -> of;
      case 2 -> of * 10_000_000_000L;
      case 3 -> of % 2 == 0;
      case 4 -> BigDecimal.valueOf(of, 2);
      default -> LocalDate.of(2024, 2, 29).plusDays(of);
    };
  }

  /** Each column the same in all rows, nothing in all of them, or another in some or each. */
  private static List<@Nullable Object[]> random(Random random, int size, int firstId) {
    int[] ways = random.ints(COLUMNS, 0, 5).toArray();
    int same = random.nextInt(100);
    int odd = random.nextInt(size);
    List<@Nullable Object[]> all = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      @Nullable Object[] row = new @Nullable Object[COLUMNS + 1];
      row[0] = (long) firstId + i;
      for (int column = 0; column < COLUMNS; column++) {
        row[column + 1] =
            switch (ways[column]) {
              case 0 -> value(column, same);
              case 1 -> null;
              case 2 -> i == odd ? value(column, same + 1) : value(column, same);
              case 3 -> i == odd ? null : value(column, same);
              default -> random.nextInt(4) == 0 ? null : value(column, random.nextInt(1_000));
            };
      }
      all.add(row);
    }
    return all;
  }

  private static List<List<@Nullable Object>> stored(Database database) {
    List<List<@Nullable Object>> found = new ArrayList<>();
    database.ask(
        "read",
        "SELECT dealer_id, id, kind, n, big, flag, amount, the_day FROM {sample} ORDER BY id",
        row -> {
          assertThat(row.getInt("dealer_id")).isEqualTo(DEALER);
          found.add(
              Arrays.asList(
                  row.getLong("id"),
                  row.getString("kind"),
                  orNull(row, row.getInt("n")),
                  orNull(row, row.getLong("big")),
                  orNull(row, row.getBoolean("flag")),
                  row.getBigDecimal("amount"),
                  row.getObject("the_day", LocalDate.class)));
        });
    return found;
  }

  private static @Nullable Object orNull(ResultSet row, Object value) throws SQLException {
    return row.wasNull() ? null : value;
  }

  private static List<List<@Nullable Object>> asLists(List<@Nullable Object[]> rows) {
    return rows.stream().map(Arrays::asList).toList();
  }

  private static void write(Database database, Consumer<Tx> work) {
    database.write(
        "write",
        tx -> {
          work.accept(tx);
          return true;
        });
  }

  @ParameterizedTest
  @EnumSource
  void areInsertedAndUpdated(TestServer server) throws SQLException {
    Random random = new Random(SEED);
    try (HikariDataSource pool = server.migrated()) {
      Database database = over(pool);
      for (int size : SIZES) {
        List<@Nullable Object[]> first = random(random, size, 1);
        List<@Nullable Object[]> second = random(random, size, 1);
        write(
            database,
            tx -> {
              tx.update(EMPTIED).execute();
              tx.insertAll(of(first));
            });
        assertThat(stored(database)).as("seed %d, %d", SEED, size).isEqualTo(asLists(first));
        write(
            database,
            tx -> {
              tx.updateAll(of(second), "");
            });
        assertThat(stored(database)).as("seed %d, %d", SEED, size).isEqualTo(asLists(second));
        write(
            database,
            tx -> {
              tx.update(EMPTIED).execute();
              tx.insertLater(of(first));
            });
        assertThat(stored(database)).as("seed %d, %d", SEED, size).isEqualTo(asLists(first));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void areInsertedUnlessThereAndUpdatedWhereAsGiven(TestServer server) throws SQLException {
    Random random = new Random(SEED);
    try (HikariDataSource pool = server.migrated()) {
      Database database = over(pool);
      for (int size : SIZES) {
        List<@Nullable Object[]> there = random(random, size, 1);
        List<@Nullable Object[]> more = random(random, 2 * size, 1);
        there.forEach(row -> row[1] = "there");
        more.forEach(row -> row[1] = row[0] instanceof Long id && id % 2 == 0 ? "there" : "not");
        TreeMap<Object, List<@Nullable Object>> expected = new TreeMap<>();
        asLists(there).forEach(row -> expected.put(row.get(0), row));
        Set<Long> inserted =
            database.write(
                "write",
                tx -> {
                  Assumptions.assumeTrue(tx.dialect().insertsUnlessThere());
                  tx.update(EMPTIED).execute();
                  tx.insertAll(of(there));
                  return tx.insertUnlessThere(of(more));
                });
        asLists(more).forEach(row -> expected.putIfAbsent(row.get(0), row));
        assertThat(inserted).hasSize(size).allMatch(id -> id > size);
        assertThat(stored(database)).isEqualTo(List.copyOf(expected.values()));

        List<@Nullable Object[]> changed = random(random, 2 * size, 1);
        changed.forEach(row -> row[1] = "there");
        Set<Long> updated =
            database.write("write", tx -> tx.updateWhere(of(changed), "", "o.id <> 2"));
        asLists(changed).stream()
            .filter(row -> "there".equals(expected.get(row.get(0)).get(1)))
            .filter(row -> !row.get(0).equals(2L))
            .forEach(row -> expected.put(row.get(0), row));
        assertThat(updated).as("seed %d, %d", SEED, size).isNotEmpty();
        assertThat(stored(database)).as("seed %d", SEED).isEqualTo(List.copyOf(expected.values()));
      }
    }
  }
}
