package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.testing.TestServer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Two public data sets come in through the shell, in its layout, and give the answers that others
 * worked out. What the guide asks of Contoso is answered as it shows. Contoso goes into the
 * embedded file database, Online Retail into PostgreSQL, and both into all that {@code
 * -Dlaoke.test.retail=H2,POSTGRESQL,MYSQL,MARIADB} names.
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
    long asking = System.nanoTime();
    contosoAsked(new Asked(database));
    Guide guide = new Guide(dir.resolve("guide"));
    assertThat(guide.files("json")).isEqualTo(2);
    assertThat(guide.commands("contoso", database)).isEqualTo(5);
    // C14
    assertThat(membersDue(database, "2020-03-01", "2020-03-31")).isEqualTo(4);
    System.out.printf("H2 Contoso asked: %.1f s%n", (System.nanoTime() - asking) / 1e9);
  }

  /** Of whom an air conditioner is due a year after its delivery, between these days. */
  private static long membersDue(String database, String from, String to) {
    String rule =
        "{\"code\":\"ac\",\"category\":\"Home Appliances/Air Conditioners\",\"kind\":\"CHECK\","
            + "\"every\":\"P1Y\",\"from\":[\"DELIVERED\"]}";
    assertThat(Ran.asked(rule, "rules", "add", "--database", database).code()).isZero();
    // Before the first delivery: nothing is overdue, and each unit's next date is its first.
    assertThat(Ran.of("tick", "--as-of", "2010-01-01", "--database", database).code()).isZero();
    Ran due = Ran.of("due", "--from", from, "--to", to, "--json", "--database", database);
    assertThat(due.code()).as(due.err()).isZero();
    return due.out()
        .lines()
        .map(line -> Ran.line(line).path("memberId").asText())
        .distinct()
        .count();
  }

  /** The same set, asked in JSON through the shell. */
  private static void contosoAsked(Asked asked) throws Exception {
    Map<String, String> questions = new LinkedHashMap<>();
    questions.put("C1", EVERYONE);
    questions.put("C2 female", gender("FEMALE"));
    questions.put("C2 male", gender("MALE"));
    questions.put("C6 two", agg("count", "orders", "", "gte", "2"));
    questions.put("C6 three", agg("count", "orders", "", "gte", "3"));
    questions.put("C7", agg("sum", "items", ",'field':'netAmount'", "gte", "500000"));
    questions.put(
        "C8",
        agg(
            "sum",
            "items",
            ",'field':'netAmount','during':{'from':'2019-01-01','to':'2019-12-31'}",
            "gte",
            "500000"));
    questions.put("C9", bought("Home Appliances"));
    questions.put("C11", all(bought("Home Appliances"), not(bought("Computers"))));
    questions.put("C12", all(bought("Home Appliances"), bought("Computers")));
    questions.put(
        "C13", agg("max", "orders", ",'field':'at'", "during", json("{'before':'P180D'}")));

    assertThat(asked.counts(questions, "--as-of", "2020-03-03"))
        .containsExactly(
            entry("C1", 5585L),
            entry("C2 female", 2746L),
            entry("C2 male", 2839L),
            entry("C6 two", 228L),
            entry("C6 three", 6L),
            entry("C7", 640L),
            entry("C8", 169L),
            entry("C9", 1027L),
            entry("C11", 582L),
            entry("C12", 445L),
            entry("C13", 4503L));
    // C1
    assertThat(asked.counts(Map.of("C1", EVERYONE), "--of", "orders")).containsEntry("C1", 5819L);
    assertThat(asked.counts(Map.of("C1", EVERYONE), "--of", "items")).containsEntry("C1", 13915L);
    // C4, C5: the same sums as in the set's README, of lines rounded half up to fen
    Map<String, Asked.Row> categories = asked.breakdown(EVERYONE, "--by", "category");
    Map<String, BigDecimal> net = new LinkedHashMap<>();
    categories.forEach((path, row) -> net.merge(path, row.net(), BigDecimal::add));
    net.keySet().removeIf(path -> path.contains("/"));
    assertThat(net)
        .containsExactly(
            entry("", new BigDecimal("12337639.90")),
            entry("Audio", new BigDecimal("238356.03")),
            entry("Cameras and camcorders", new BigDecimal("702883.42")),
            entry("Cell phones", new BigDecimal("2239863.51")),
            entry("Computers", new BigDecimal("4773084.67")),
            entry("Games and Toys", new BigDecimal("88449.46")),
            entry("Home Appliances", new BigDecimal("1895771.65")),
            entry("Music, Movies and Audio Books", new BigDecimal("844851.34")),
            entry("TV and Video", new BigDecimal("1554379.82")));
    assertThat(categories.get("Home Appliances").members()).isEqualTo(1027);
    // The same from the rows, which a window over all of them asks for.
    assertThat(
            asked.breakdown(EVERYONE, "--by", "category", "--during", json("{'to':'2020-12-31'}")))
        .isEqualTo(categories);
    // C10
    Map<String, Asked.Row> genders = asked.breakdown(bought("Home Appliances"), "--by", "gender");
    assertThat(genders.keySet()).containsExactly("FEMALE", "MALE");
    assertThat(genders.get("FEMALE").members()).isEqualTo(501);
    assertThat(genders.get("MALE").members()).isEqualTo(526);
  }

  private static final String EVERYONE = json("{'everyone':true}");

  private static String json(String text) {
    return text.replace('\'', '"');
  }

  private static String gender(String code) {
    return json("{'field':'gender','op':'eq','value':'%s'}".formatted(code));
  }

  private static String agg(String agg, String of, String more, String op, String value) {
    return json(
        "{'agg':'%s','of':'%s'%s,'op':'%s','value':%s}".formatted(agg, of, more, op, value));
  }

  private static String bought(String category) {
    return agg(
        "count",
        "items",
        ",'where':{'field':'category','op':'under','value':'%s'}".formatted(category),
        "gte",
        "1");
  }

  private static String all(String... parts) {
    return json("{'all':[%s]}".formatted(String.join(",", parts)));
  }

  private static String not(String part) {
    return json("{'not':%s}".formatted(part));
  }

  /** The larger set, asked in JSON. Gross are the sales as they were written, net of nothing. */
  private static void retailAsked(Asked asked) throws Exception {
    String gross =
        ",'field':'netAmount','scope':'all','where':{'field':'order.type','op':'eq','value':'SALE'}";
    Map<String, String> questions = new LinkedHashMap<>();
    questions.put("R5", EVERYONE);
    questions.put("R6", agg("count", "orders", "", "gte", "1"));
    questions.put("R8", agg("sum", "items", gross, "gte", "500000"));
    questions.put(
        "R9",
        agg(
            "sum",
            "items",
            gross + ",'during':{'from':'2011-06-01','to':'2011-11-30'}",
            "gte",
            "100000"));
    questions.put("R10", agg("max", "orders", ",'field':'at'", "during", "{'before':'P180D'}"));
    questions.put("R11 one", agg("count", "orders", "", "eq", "1"));
    questions.put("R11 ten", agg("count", "orders", "", "gte", "10"));
    questions.put("R12", all(model("85123A"), not(model("22423"))));
    questions.put("R13", agg("sum", "items", ",'field':'netAmount'", "lte", "0"));

    assertThat(asked.counts(questions, "--as-of", "2011-12-10"))
        .containsExactly(
            entry("R5", 4372L),
            entry("R6", 4339L),
            entry("R8", 275L),
            entry("R9", 1105L),
            entry("R10", 861L),
            entry("R11 one", 1494L),
            entry("R11 ten", 391L),
            entry("R12", 595L),
            entry("R13", 55L));
    // R7: gross, and net of returns that name no sale
    Map<String, Asked.Row> types =
        asked.breakdown(EVERYONE, "--by", "order.type", "--scope", "all");
    assertThat(types.get("SALE")).isEqualTo(new Asked.Row(4339, new BigDecimal("8911407.90")));
    assertThat(asked.breakdown(EVERYONE, "--by", "category").get("").net())
        .isEqualTo(new BigDecimal("8300065.81"));
  }

  private static String model(String code) {
    return agg(
        "count",
        "items",
        ",'where':{'field':'model','op':'eq','value':'%s'}".formatted(code),
        "gte",
        "1");
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
      long asking = System.nanoTime();
      retailAsked(new Asked(pool.getJdbcUrl()));
      System.out.printf(
          "%s Online Retail asked: %.1f s%n", server, (System.nanoTime() - asking) / 1e9);
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
