package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.testing.TestServer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two public data sets come in through the shell, in its layout, and give the answers that others
 * worked out. Contoso goes into the embedded file database, Online Retail into PostgreSQL, and both
 * into all that {@code -Dlaoke.test.retail=H2,POSTGRESQL,MYSQL,MARIADB} names.
 */
class KnownAnswersTest {
  @TempDir private Path dir;

  @Test
  void contoso() throws Exception {
    Path data = DataSets.folder();
    DataSets.contoso(data, dir, true);
    String database = dir.resolve("db/laoke").toString();

    Ran first = Ran.imported(dir, database);

    assertThat(first.code()).as(first.err()).isZero();
    // C1
    JsonNode json = first.json();
    assertThat(json.path("members").asLong()).isEqualTo(5585);
    assertThat(json.path("orders").asLong()).isEqualTo(5819);
    assertThat(json.path("lines").asLong()).isEqualTo(13915);
    assertThat(json.path("stages").asLong()).isEqualTo(5819);
    assertThat(DataSets.contosoProducts(data)).isEqualTo(2517);
    assertThat(json.path("guestOrders").asLong()).isZero();
    // C4
    assertThat(json.path("net").path("SALE").decimalValue()).isEqualByComparingTo("12337639.90");
    String url = "jdbc:h2:file:" + database + ";IFEXISTS=TRUE";
    try (HikariDataSource pool = pool(url)) {
      assertThat(number(pool, "SELECT SUM(quantity) FROM laoke_order_line"))
          .isEqualByComparingTo("43517");
      assertThat(
              number(
                  pool,
                  "SELECT SUM(quantity) FROM laoke_member_category WHERE path = '' AND month_no = 0"))
          .isEqualByComparingTo("43517");
      assertThat(root(pool)).isEqualByComparingTo("1233763990");
      // C2, C6
      for (String[] gender : new String[][] {{"FEMALE", "2746"}, {"MALE", "2839"}}) {
        assertThat(
                number(
                    pool, "SELECT COUNT(*) FROM laoke_member WHERE gender = '" + gender[0] + "'"))
            .isEqualByComparingTo(gender[1]);
      }
      assertThat(
              number(
                  pool,
                  "SELECT COUNT(*) FROM laoke_member_category WHERE path = '' AND month_no = 0 AND"
                      + " orders >= 2"))
          .isEqualByComparingTo("228");
      assertThat(
              number(
                  pool,
                  "SELECT COUNT(*) FROM laoke_member_category WHERE path = '' AND month_no = 0 AND"
                      + " orders >= 3"))
          .isEqualByComparingTo("6");
      // C5
      assertThat(
              number(
                  pool,
                  "SELECT SUM(net_fen) FROM laoke_member_category WHERE path = 'Home Appliances'"
                      + " AND month_no = 0"))
          .isBetween(new BigDecimal("189577100"), new BigDecimal("189577300"));
    }
  }

  private static Stream<TestServer> serversOfHalfAMillionLines() {
    return Stream.of(System.getProperty("laoke.test.retail", "POSTGRESQL").split(","))
        .map(TestServer::valueOf);
  }

  @ParameterizedTest
  @MethodSource("serversOfHalfAMillionLines")
  void onlineRetail(TestServer server) throws Exception {
    DataSets.onlineRetail(DataSets.folder(), dir, 1);
    try (HikariDataSource pool = server.migrated()) {
      long from = System.nanoTime();
      Ran ran = Ran.imported(dir, pool.getJdbcUrl(), "--zone", "Europe/London");
      System.out.printf(
          "%s Online Retail through the shell: %.1f s%n", server, (System.nanoTime() - from) / 1e9);

      assertThat(ran.code()).as(ran.err()).isEqualTo(1);
      JsonNode json = ran.json();
      // R1: lines, invoices
      long refusedLines = json.path("outcomes").path("lines").path("refused").asLong();
      assertThat(json.path("rows").path("lines.csv").asLong()).isEqualTo(541_909);
      assertThat(json.path("lines").asLong() + json.path("returnLines").asLong() + refusedLines)
          .isEqualTo(541_909);
      assertThat(json.path("rows").path("orders.csv").asLong()).isEqualTo(25_900);
      assertThat(
              json.path("orders").asLong()
                  + json.path("returns").asLong()
                  + json.path("outcomes").path("orders").path("refused").asLong())
          .isEqualTo(25_900);
      // R2: lines without a customer; no correction has one
      assertThat(
              json.path("guestLines").asLong()
                  + json.path("guestReturnLines").asLong()
                  + refusedLines)
          .isEqualTo(135_080);
      assertThat(json.path("refusedBy").path("LINE quantity").asLong()).isEqualTo(1336);
      assertThat(json.path("refusedBy").path("LINE net_amount").asLong()).isEqualTo(2);
      // R3: returns and their lines
      assertThat(json.path("returns").asLong()).isEqualTo(3836);
      assertThat(json.path("returnLines").asLong()).isEqualTo(9288);
      assertThat(json.path("roundedLines").asLong()).isEqualTo(4);
      // R5, R6, R7
      assertThat(json.path("members").asLong()).isEqualTo(4372);
      assertThat(
              number(
                  pool,
                  "SELECT COUNT(*) FROM laoke_member_category WHERE path = '' AND month_no = 0 AND"
                      + " orders > 0"))
          .isEqualByComparingTo("4339");
      assertThat(
              number(
                  pool,
                  "SELECT SUM(l.net_fen) FROM laoke_order_line l JOIN laoke_customer_order o"
                      + " ON o.dealer_id = l.dealer_id AND o.id = l.order_id"
                      + " WHERE o.member_id IS NOT NULL"))
          .isEqualByComparingTo("891140790");
      assertThat(root(pool)).isEqualByComparingTo("830006581");
      // R1, R13
      assertThat(
              number(
                  pool,
                  "SELECT COUNT(*) FROM laoke_member_category WHERE path = '' AND month_no = 0 AND"
                      + " net_fen <= 0"))
          .isEqualByComparingTo("55");
      assertThat(number(pool, "SELECT COUNT(*) FROM laoke_return_note"))
          .isEqualByComparingTo("3836");
    }
  }

  private static HikariDataSource pool(String url) {
    HikariDataSource pool = new HikariDataSource();
    pool.setJdbcUrl(url);
    pool.setUsername("sa");
    pool.setPassword("");
    pool.setMaximumPoolSize(1);
    return pool;
  }

  private static BigDecimal root(DataSource pool) throws SQLException {
    return number(
        pool, "SELECT SUM(net_fen) FROM laoke_member_category WHERE path = '' AND month_no = 0");
  }

  private static BigDecimal number(DataSource pool, String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getBigDecimal(1);
    }
  }
}
