package io.laoke.internal.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.testing.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DialectTest {
  private static final String FIND =
      "SELECT id FROM {work_due} WHERE dealer_id = :dealer AND id IN (<ids>) ORDER BY id";

  @ParameterizedTest
  @EnumSource
  void findsAListOfOneDealersRows(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      Database database = filled(pool);

      List<Long> found =
          database.read(
              "read",
              tx ->
                  tx.query(FIND)
                      .bind("dealer", 1)
                      .bindList("ids", List.of(5L, 7L, 99_999L))
                      .mapTo(Long.class)
                      .list());

      assertThat(found).containsExactly(5L, 7L);
    }
  }

  @Test
  void looksUpEachOfAListInsteadOfReadingAllOfTheDealerOnH2() {
    try (HikariDataSource pool = TestServer.H2.migrated()) {
      Database database = filled(pool);

      String plan =
          database.read(
              "explain",
              tx ->
                  tx.query("EXPLAIN ANALYZE " + FIND)
                      .bind("dealer", 1)
                      .bindList("ids", List.of(5L, 7L))
                      .mapTo(String.class)
                      .one());

      assertThat(plan).contains("scanCount: 3");
    }
  }

  @Test
  void leavesOtherStatementsAlone() {
    String sql = "SELECT 1 FROM {t} WHERE dealer_id = :dealer AND a = 1 AND id IN (<ids>)";
    assertThat(Dialect.H2.adapted(sql)).isEqualTo(sql);
    assertThat(Dialect.POSTGRESQL.adapted(FIND)).isEqualTo(FIND);
    assertThat(Dialect.H2.adapted("WHERE o.dealer_id = :dealer\n  AND o.id IN (<ids>)"))
        .isEqualTo("WHERE (o.dealer_id, o.id) IN (<ids:dealer>)");
  }

  @Test
  void aFileThatIsWrittenLateIsWarnedOf(@TempDir Path folder) throws SQLException {
    String file = "jdbc:h2:file:" + folder.resolve("laoke");
    assertThat(warned(file))
        .hasValueSatisfying(words -> assertThat(words).contains(";WRITE_DELAY=0"));
    assertThat(warned(file + ";WRITE_DELAY=0")).isEmpty();
    assertThat(warned("jdbc:h2:mem:late")).isEmpty();
  }

  private static Optional<String> warned(String url) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url)) {
      return LateWrites.warning(Dialect.of(connection), connection);
    }
  }

  private static Database filled(HikariDataSource pool) {
    Database database =
        new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
    database.write(
        "fill",
        tx -> {
          var rows =
              tx.batch("INSERT INTO {work_due} (dealer_id, id, due_ms) VALUES (:dealer, :id, 0)");
          for (long id = 1; id <= 200; id++) {
            rows.bind("dealer", 1).bind("id", id).add();
            rows.bind("dealer", 2).bind("id", 99_999 - id).add();
          }
          return rows.execute();
        });
    return database;
  }
}
