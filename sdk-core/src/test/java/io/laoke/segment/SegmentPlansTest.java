package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.laoke.internal.jdbc.Tx;
import io.laoke.testing.TestServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * No question makes a database touch members × orders: it is told how many rows each step of its
 * plan really touched, and all together are a small multiple of what is stored.
 */
class SegmentPlansTest {
  private static final int MEMBERS = 600;
  private static final int MOST_TIMES = 25;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern MYSQL =
      Pattern.compile("\\(actual time=[^ ]+ rows=([0-9.e+]+) loops=([0-9]+)\\)");

  private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

  static {
    ask("women who spent", all(gender(), sum("", 500_000)));
    ask(
        "spent in a category in a window and never bought another",
        all(
            "{\"agg\":\"sum\",\"of\":\"items\",\"field\":\"netAmount\",\"where\":{\"field\":\"category\",\"op\":\"under\",\"value\":\"kitchen\"},\"during\":{\"last\":\"P365D\"},\"op\":\"gte\",\"value\":200000}",
            count(
                "items",
                "\"where\":{\"field\":\"category\",\"op\":\"under\",\"value\":\"av\"},",
                "eq",
                "0")));
    ask(
        "two orders and the last long ago",
        all(
            count("orders", "", "gte", "2"),
            "{\"agg\":\"max\",\"of\":\"orders\",\"field\":\"at\",\"op\":\"during\",\"value\":{\"before\":\"P540D\"}}"));
    ask(
        "few orders, dear lines",
        all(
            count("orders", "", "between", "[2,5]"),
            "{\"agg\":\"avg\",\"of\":\"items\",\"field\":\"netAmount\",\"op\":\"gte\",\"value\":100000}"));
    ask("a sum or a gender", any(gender(), sum("\"during\":{\"last\":\"P1Y\"},", 100_000)));
    ask(
        "never in a window, or known for other things",
        any(
            count("items", "\"during\":{\"last\":\"P90D\"},", "eq", "0"),
            "{\"not\":"
                + sum("\"where\":{\"field\":\"brand\",\"op\":\"eq\",\"value\":\"格力\"},", 1)
                + "}"));
    ask(
        "orders by their own amounts",
        all(
            count(
                "orders",
                "\"where\":{\"all\":[{\"field\":\"netAmount\",\"op\":\"gte\",\"value\":100000},{\"field\":\"store\",\"op\":\"eq\",\"value\":\"S-1\"}]},",
                "gte",
                "1")));
    ask(
        "the last order's stage",
        "{\"agg\":\"last\",\"of\":\"orders\",\"field\":\"stage\",\"op\":\"eq\",\"value\":\"DELIVERED\"}");
    ask(
        "different categories",
        "{\"agg\":\"distinct\",\"of\":\"items\",\"field\":\"category\",\"op\":\"gte\",\"value\":2}");
    ask(
        "delivered lately, by order",
        count(
            "items",
            "\"where\":{\"field\":\"order.deliveredAt\",\"op\":\"during\",\"value\":{\"last\":\"P1Y\"}},",
            "gte",
            "1"));
    ask("every document", count("items", "\"scope\":\"all\",", "gte", "3"));
    ask(
        "whoever follows and is tagged or has a bound order",
        all(
            "{\"field\":\"follows\",\"op\":\"eq\",\"value\":true}",
            any(
                "{\"field\":\"tags\",\"op\":\"hasAny\",\"value\":[\"VIP\",\"vip\"]}",
                "{\"field\":\"hasBoundOrder\",\"op\":\"eq\",\"value\":true}")));
    ask(
        "what was sent",
        count(
            "sends",
            "\"where\":{\"field\":\"outcome\",\"op\":\"eq\",\"value\":\"SENT\"},",
            "eq",
            "0"));
    ask(
        "attributes and events",
        all(
            "{\"field\":\"积分\",\"op\":\"gte\",\"value\":2}",
            count("到店", "\"where\":{\"field\":\"分钟\",\"op\":\"gte\",\"value\":3},", "gte", "1")));
  }

  private static void ask(String what, String json) {
    QUESTIONS.put(what, json);
  }

  private static String gender() {
    return "{\"field\":\"gender\",\"op\":\"eq\",\"value\":\"FEMALE\"}";
  }

  private static String sum(String more, long fen) {
    return "{\"agg\":\"sum\",\"of\":\"items\",\"field\":\"netAmount\",%s\"op\":\"gte\",\"value\":%d}"
        .formatted(more, fen);
  }

  private static String count(String of, String more, String op, String value) {
    return "{\"agg\":\"count\",\"of\":\"%s\",%s\"op\":\"%s\",\"value\":%s}"
        .formatted(of, more, op, value);
  }

  private static String all(String... parts) {
    return "{\"all\":[" + String.join(",", parts) + "]}";
  }

  private static String any(String... parts) {
    return "{\"any\":[" + String.join(",", parts) + "]}";
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void noQuestionTouchesMembersTimesOrders(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      laoke.imports().run("people", People.of(new Random(7), MEMBERS).iterator());
      People.told(laoke, new Random(7), MEMBERS / 4);
      People.followed(laoke, new Random(7), MEMBERS);
      // Before the database has counted its tables, as after a bulk load, and after.
      asked(laoke, server);
      laoke.analyzed(server);
      asked(laoke, server);
    }
  }

  private static void asked(SegmentFixture laoke, TestServer server) {
    long stored =
        laoke.database.read(
            "count rows",
            tx ->
                tx.query(
                        "SELECT (SELECT COUNT(*) FROM {member}) + (SELECT COUNT(*) FROM {order_line})"
                            + " + (SELECT COUNT(*) FROM {customer_order})"
                            + " + (SELECT COUNT(*) FROM {member_category})")
                    .mapTo(Long.class)
                    .one());
    QUESTIONS.forEach(
        (what, json) -> {
          Segment segment = SegmentJson.read("{\"v\":1,\"where\":" + json + "}");
          long touched = laoke.database.read("explain", tx -> touched(laoke, server, tx, segment));
          assertThat(touched)
              .as("rows touched for '%s' beside %d that are stored", what, stored)
              .isBetween((long) MEMBERS / 10, stored * MOST_TIMES);
        });
  }

  private static long touched(SegmentFixture laoke, TestServer server, Tx tx, Segment segment) {
    DealerSchema schema = laoke.schema();
    SqlCompiler compiler =
        new SqlCompiler(
            laoke.tenant,
            new DealerBranches(laoke.tenant, schema.events(), new KnownPlaces(tx, laoke.tenant)),
            tx.dialect());
    String from =
        compiler.from(
            compiler.idsAlone(Resolver.resolve(segment, schema, SegmentFixture.NOW).node()));
    String explain =
        switch (server) {
          case POSTGRESQL -> "EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ";
          case MYSQL -> "EXPLAIN ANALYZE ";
          case MARIADB -> "ANALYZE FORMAT=JSON ";
          case H2 -> throw new IllegalArgumentException("H2 does not tell");
        };
    tx.plannedForMany();
    List<String> plan =
        tx.query(explain + "SELECT COUNT(*) " + from, compiler.binds().all())
            .mapTo(String.class)
            .list();
    String text = String.join("\n", plan);
    return server == TestServer.MYSQL ? ofMysql(text) : ofJson(text);
  }

  private static long ofMysql(String plan) {
    long sum = 0;
    for (Matcher step = MYSQL.matcher(plan); step.find(); ) {
      sum += (long) (Double.parseDouble(step.group(1)) * Long.parseLong(step.group(2)));
    }
    return sum;
  }

  private static long ofJson(String plan) {
    try {
      return ofStep(JSON.readTree(plan));
    } catch (JsonProcessingException damaged) {
      throw new IllegalStateException(plan, damaged);
    }
  }

  private static long ofStep(JsonNode step) {
    double rows =
        number(step, "Actual Rows")
            + number(step, "Rows Removed by Filter")
            + number(step, "Rows Removed by Join Filter")
            + number(step, "r_rows");
    double loops = Math.max(1, number(step, "Actual Loops") + number(step, "r_loops"));
    long sum = (long) (rows * loops);
    for (JsonNode part : step) {
      sum += ofStep(part);
    }
    return sum;
  }

  private static double number(JsonNode step, String name) {
    return step.path(name).asDouble(0);
  }
}
