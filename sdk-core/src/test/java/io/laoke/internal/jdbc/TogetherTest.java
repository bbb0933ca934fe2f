package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Statements that may wait for each other: as if each had been done where it was asked for. */
class TogetherTest {
  private static final String NAMES =
      "SELECT name FROM {chore} WHERE dealer_id = :dealer ORDER BY name";
  private static final Map<String, ?> ONE = Map.of("dealer", 1);

  private static Database over(DataSource source) {
    return new Database(source, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }

  private static Rows chores(String... names) {
    Rows rows = Rows.of("chore", 1).with(Rows.Type.TEXT, "name").with(Rows.Type.LONG, "due_ms");
    for (String name : names) {
      rows.add(name, 0L);
    }
    return rows;
  }

  private static List<String> names(Tx tx) {
    return tx.query(NAMES).bind("dealer", 1).mapTo(String.class).list();
  }

  private static void asWritten(Database database) {
    List<List<String>> seen = new ArrayList<>();
    List<String> there = new ArrayList<>();
    database.write(
        "write",
        tx -> {
          List<String> before = new ArrayList<>();
          List<String> after = new ArrayList<>();
          tx.later(NAMES, ONE, row -> before.add(row.getString(1)));
          tx.insertLater(chores("a"));
          tx.insertLater(chores("b", "c", "d"));
          tx.later(NAMES, ONE, row -> after.add(row.getString(1)));
          tx.insertLaterIfAbsent(chores("e"), () -> there.add("e"));
          tx.insertLaterIfAbsent(chores("b"), () -> there.add("b"));
          tx.settle();
          seen.add(before);
          seen.add(after);
          tx.writeLater("DELETE FROM {chore} WHERE dealer_id = :dealer", ONE);
          tx.insertLater(chores("f"));
          seen.add(names(tx));
          tx.insertLater(chores("g"));
          tx.insertAll(chores("h"));
          tx.writeLater("DELETE FROM {chore} WHERE dealer_id = :dealer AND name <> 'g'", ONE);
          return null;
        });
    seen.add(database.read("read", TogetherTest::names));
    assertThat(there).containsExactly("b");
    assertThat(seen)
        .containsExactly(List.of(), List.of("a", "b", "c", "d"), List.of("f"), List.of("g"));
  }

  @ParameterizedTest
  @EnumSource
  void eachSeesWhatThoseBeforeItDid(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      asWritten(over(pool));
    }
  }

  @ParameterizedTest
  @EnumSource(names = "POSTGRESQL")
  void oneAfterTheOtherBehindAWallThatRefusesSeveral(TestServer server) {
    List<String> refused = new ArrayList<>();
    try (HikariDataSource pool = server.migrated()) {
      DataSource walled =
          new TamperedDataSource(
              pool,
              (Connection connection, String method, Object[] arguments) -> {
                if (method.equals("prepareStatement") && ((String) arguments[0]).contains(";")) {
                  refused.add((String) arguments[0]);
                  throw new SQLException("multi-statement not allowed");
                }
              });
      asWritten(over(walled));
    }
    assertThat(refused).hasSize(1);
  }

  @Test
  void fewRowsAreTheRightOnesAndPlannedOnce() throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    try (HikariDataSource pool = TestServer.POSTGRESQL.migrated(config)) {
      Database database = over(pool);
      for (int round = 0; round < 30; round++) {
        // From two to as many as are told one by one, and one more.
        int rows = round < 20 ? 7 : round == 20 ? 2 : round == 21 ? 64 : 65;
        List<String> names = IntStream.range(0, rows).mapToObj("%03d"::formatted).toList();
        List<String> there =
            database.write(
                "write",
                tx -> {
                  tx.insertLater(chores(names.toArray(String[]::new)));
                  tx.settle();
                  List<String> found = names(tx);
                  tx.update("DELETE FROM {chore} WHERE dealer_id = 1").execute();
                  return found;
                });
        assertThat(there).isEqualTo(names);
      }
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet plans =
              statement.executeQuery(
                  """
                  SELECT generic_plans, custom_plans FROM pg_prepared_statements
                  WHERE statement LIKE '%laoke_chore%(8))%'""")) {
        assertThat(plans.next()).isTrue();
        // The server plans five calls anew before it looks which way is cheaper.
        assertThat(plans.getInt(2)).isEqualTo(5);
        assertThat(plans.getInt(1)).isPositive();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = "POSTGRESQL")
  void aFailureIsToldInItsOwnWordsAndNothingRemains(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = over(pool);
      database.write("write", tx -> insert(tx, "a"));
      assertThatThrownBy(
              () ->
                  database.write(
                      "write",
                      tx -> {
                        tx.insertLater(chores("b"));
                        tx.later(
                            "SELECT due_ms / (due_ms - due_ms) FROM {chore} WHERE dealer_id = :dealer",
                            ONE,
                            row -> {},
                            failed -> new IllegalStateException("told", failed));
                        return null;
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("told");
      assertThat(database.<List<String>>read("read", TogetherTest::names)).containsExactly("a");
    }
  }

  private static Object insert(Tx tx, String name) {
    tx.insertLater(chores(name));
    return name;
  }
}
