package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Works the consumption files out a second time, from the recorded facts alone, the slow and plain
 * way: unit by unit, with nothing of the code under test but its tables.
 */
final class Truth {
  /** Ends the key of a member's row for all there is, and that of what the member repeats of it. */
  private static final String ALL = "||0";

  private static final String REPEATED = "|member";

  private Truth() {}

  private record Line(
      String lineNo,
      String kind,
      String code,
      String category,
      String model,
      BigDecimal quantity,
      long fen) {}

  private static final List<String> RANKS =
      List.of(
          "REPORTED", "APPROVED", "SHIPPED", "SCHEDULED", "DELIVERED", "INSTALLED", "COMPLETED");

  private static final class Sums {
    final Set<Long> orders = new HashSet<>();
    long lines;
    BigDecimal quantity = BigDecimal.ZERO;
    BigInteger fen = BigInteger.ZERO;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;

    @Override
    public String toString() {
      return "%d %d %s %s %s"
          .formatted(
              orders.size(),
              lines,
              quantity.stripTrailingZeros().toPlainString(),
              fen,
              orders.isEmpty() ? "-" : first + ".." + last);
    }
  }

  static void check(OrderFixture laoke) {
    checkFiles(laoke);
    units(laoke);
  }

  /** The same but for units, which are asked for one by one. */
  static void checkFiles(OrderFixture laoke) {
    assertThat(stored(laoke)).isEqualTo(expected(laoke));
    stages(laoke);
  }

  /** What questions about units read: one row per unit that counts. */
  static final String UNITS =
      """
      SELECT l.order_id, l.line_no, 1 AS n, u.installed_ms, u.serviced_ms
      FROM {order_line} l JOIN {order_unit} u
        ON u.dealer_id = l.dealer_id AND u.order_id = l.order_id AND u.line_no = l.line_no
      WHERE l.dealer_id = 1 AND u.counted = TRUE
      UNION ALL
      SELECT l.order_id, l.line_no, l.plain_units AS n, l.installed_ms, l.serviced_ms
      FROM {order_line} l WHERE l.dealer_id = 1 AND l.plain_units > 0
      """;

  private record Unit(int rank, int rowless, int unitNo, String said) {}

  /** Which units count, when they were installed and serviced, and when orders reached stages. */
  private static void units(OrderFixture laoke) {
    Map<String, Object> stored = new TreeMap<>();
    Map<String, Object> expected = new TreeMap<>();
    laoke.database.read(
        "read units",
        tx -> {
          Map<String, List<String>> counted = new TreeMap<>();
          tx.query(UNITS)
              .mapToMap()
              .forEach(
                  row -> {
                    for (int i = 0; i < number(row.get("n")); i++) {
                      counted
                          .computeIfAbsent(
                              row.get("order_id") + "/" + row.get("line_no"),
                              key -> new ArrayList<>())
                          .add(row.get("installed_ms") + " " + row.get("serviced_ms"));
                    }
                  });
          counted.forEach((key, units) -> units.sort(null));
          stored.putAll(counted);
          tx.query("SELECT * FROM {customer_order} WHERE dealer_id = 1 AND ordered_ms IS NOT NULL")
              .mapToMap()
              .forEach(
                  order -> {
                    long id = number(order.get("id"));
                    List<StageRecord> reports = laoke.module.book().stages(tx, laoke.tenant, id);
                    List<Map<String, Object>> services =
                        tx.query(
                                "SELECT * FROM {unit_service} WHERE dealer_id = 1 AND order_id = :id")
                            .bind("id", id)
                            .mapToMap()
                            .list();
                    for (Map<String, Object> service : services) {
                      stored.put("whose " + service.get("id"), "" + service.get("member_id"));
                      expected.put("whose " + service.get("id"), "" + order.get("member_id"));
                      stored.put("unit " + service.get("id"), "" + service.get("unit_id"));
                      expected.put("unit " + service.get("id"), "" + row(tx, id, service));
                    }
                    stored.put("serviced " + id, order.get("with_services"));
                    expected.put("serviced " + id, !services.isEmpty());
                    Set<String> live = new HashSet<>();
                    Set<String> all = new HashSet<>();
                    tx.query("SELECT * FROM {order_line} WHERE dealer_id = 1 AND order_id = :id")
                        .bind("id", id)
                        .mapToMap()
                        .forEach(
                            line -> {
                              String no = (String) line.get("line_no");
                              all.add(no);
                              if (RANKS.contains((String) line.get("stage"))) {
                                live.add(no);
                              }
                              List<String> units = counting(tx, id, line, reports, services);
                              if (!units.isEmpty()) {
                                expected.put(id + "/" + no, units);
                              }
                            });
                    for (String stage : List.of("APPROVED", "SHIPPED", "DELIVERED", "INSTALLED")) {
                      String key = "reached " + id + " " + stage;
                      stored.put(key, "" + order.get(stage.toLowerCase(Locale.ROOT) + "_ms"));
                      expected.put(
                          key, reached(stage, (String) order.get("stage"), reports, live, all));
                    }
                  });
          return 0;
        });
    assertThat(stored).isEqualTo(expected);
  }

  private static Long row(io.laoke.internal.jdbc.Tx tx, long order, Map<String, Object> service) {
    return tx.query(
            """
            SELECT id FROM {order_unit} WHERE dealer_id = 1 AND order_id = :id AND line_no = :line
              AND unit_no = :unit
            """)
        .bind("id", order)
        .bind("line", service.get("line_no"))
        .bind("unit", service.get("unit_no"))
        .mapTo(Long.class)
        .findOne()
        .orElse(null);
  }

  private static List<String> counting(
      io.laoke.internal.jdbc.Tx tx,
      long order,
      Map<String, Object> line,
      List<StageRecord> reports,
      List<Map<String, Object>> services) {
    if (!line.get("kind").equals("GOODS")) {
      return List.of();
    }
    String no = (String) line.get("line_no");
    Set<Integer> rows =
        new HashSet<>(
            tx.query(
                    """
                    SELECT unit_no FROM {order_unit}
                    WHERE dealer_id = 1 AND order_id = :id AND line_no = :line
                    """)
                .bind("id", order)
                .bind("line", no)
                .mapTo(Integer.class)
                .list());
    List<Unit> units = new ArrayList<>();
    for (int unit = 1; unit <= ((BigDecimal) line.get("quantity")).intValueExact(); unit++) {
      int rank = RANKS.indexOf(stage(no, unit, reports));
      if (rank >= 0) {
        int number = unit;
        Long installed =
            latest(
                reports.stream()
                    .filter(report -> report.stage() == Stage.INSTALLED)
                    .filter(
                        report ->
                            report.scope().isEmpty()
                                || (report.scope().containsKey(no)
                                    && (report.scope().get(no).isEmpty()
                                        || report.scope().get(no).contains(number))))
                    .flatMap(report -> report.at().stream())
                    .map(Instant::toEpochMilli)
                    .toList());
        Long serviced =
            latest(
                services.stream()
                    .filter(
                        service ->
                            service.get("line_no").equals(no)
                                && List.of(0L, (long) number)
                                    .contains(number(service.get("unit_no"))))
                    .map(service -> number(service.get("at_ms")))
                    .toList());
        units.add(
            new Unit(
                RANKS.size() - rank,
                rows.contains(unit) ? 0 : 1,
                unit,
                installed + " " + serviced));
      }
    }
    int bought =
        ((BigDecimal) line.get("counted_quantity")).setScale(0, RoundingMode.UP).intValueExact();
    return units.stream()
        .sorted(
            Comparator.comparingInt(Unit::rank)
                .thenComparingInt(Unit::rowless)
                .thenComparingInt(Unit::unitNo))
        .limit(bought)
        .map(Unit::said)
        .sorted()
        .toList();
  }

  private static String reached(
      String stage, String now, List<StageRecord> reports, Set<String> live, Set<String> all) {
    boolean over = !RANKS.contains(now);
    if (!over && RANKS.indexOf(now) < RANKS.indexOf(stage)) {
      return "null";
    }
    return ""
        + latest(
            reports.stream()
                .filter(report -> report.stage().name().equals(stage))
                .filter(
                    report ->
                        report.scope().isEmpty()
                            || report.scope().keySet().stream()
                                .anyMatch(over ? all::contains : live::contains))
                .flatMap(report -> report.at().stream())
                .map(Instant::toEpochMilli)
                .toList());
  }

  private static Long latest(List<Long> times) {
    return times.stream().max(Comparator.naturalOrder()).orElse(null);
  }

  /** The rows of a table by their order; whole tables, as a query for each order takes minutes. */
  private static Map<Long, List<Map<String, Object>>> byOrder(Tx tx, String table, String which) {
    Map<Long, List<Map<String, Object>>> rows = new HashMap<>();
    tx.query("SELECT * FROM {" + table + "} WHERE dealer_id = 1" + which)
        .mapToMap()
        .filter(row -> row.get("order_id") != null)
        .forEach(
            row ->
                rows.computeIfAbsent(number(row.get("order_id")), id -> new ArrayList<>())
                    .add(row));
    return rows;
  }

  /** The recorded stages by their order, in the order of recording. */
  private static Map<Long, List<StageRecord>> stages(Tx tx, OrderFixture laoke) {
    List<Long> orders =
        tx.query("SELECT id FROM {customer_order} WHERE dealer_id = 1").mapTo(Long.class).list();
    Map<Long, List<StageRecord>> stages = new HashMap<>();
    new OrderTable(new Json())
        .stagesOf(tx, laoke.tenant, orders)
        .forEach(
            (order, rows) ->
                stages.put(order, rows.stream().map(OrderTable.StageRow::record).toList()));
    return stages;
  }

  /** The stages of orders, lines and units, the slow way. */
  private static void stages(OrderFixture laoke) {
    Map<String, String> stored = new TreeMap<>();
    Map<String, String> expected = new TreeMap<>();
    laoke.database.read(
        "read stages",
        tx -> {
          Map<Long, List<StageRecord>> stages = stages(tx, laoke);
          Map<Long, List<Map<String, Object>>> lines = byOrder(tx, "order_line", "");
          Map<Long, List<Map<String, Object>>> allUnits =
              byOrder(tx, "order_unit", " AND present = TRUE");
          tx.query("SELECT * FROM {customer_order} WHERE dealer_id = 1 AND ordered_ms IS NOT NULL")
              .mapToMap()
              .forEach(
                  order -> {
                    long id = number(order.get("id"));
                    stored.put("" + id, (String) order.get("stage"));
                    List<StageRecord> reports = stages.getOrDefault(id, List.of());
                    List<String> ofLines = new ArrayList<>();
                    lines
                        .getOrDefault(id, List.of())
                        .forEach(
                            row -> {
                              String line = (String) row.get("line_no");
                              boolean goods = row.get("kind").equals("GOODS");
                              int pieces =
                                  goods ? ((BigDecimal) row.get("quantity")).intValueExact() : 1;
                              List<String> units = new ArrayList<>();
                              for (int unit = 1; unit <= pieces; unit++) {
                                units.add(stage(line, goods ? unit : 0, reports));
                              }
                              stored.put(id + "/" + line, (String) row.get("stage"));
                              expected.put(id + "/" + line, least(units));
                              ofLines.add(least(units));
                              allUnits.getOrDefault(id, List.of()).stream()
                                  .filter(unit -> unit.get("line_no").equals(line))
                                  .forEach(
                                      unit -> {
                                        int no = ((Number) unit.get("unit_no")).intValue();
                                        String key = id + "/" + line + "/" + no;
                                        stored.put(key, (String) unit.get("stage"));
                                        expected.put(key, units.get(no - 1));
                                      });
                            });
                    expected.put(
                        "" + id, ofLines.isEmpty() ? stage("", 0, reports) : least(ofLines));
                  });
          return 0;
        });
    assertThat(stored).isEqualTo(expected);
  }

  private static String stage(String line, int unit, List<StageRecord> reports) {
    boolean returned = false;
    int rank = 0;
    for (StageRecord report : reports) {
      Set<Integer> units = report.scope().get(line);
      if (report.scope().isEmpty()
          || (units != null && (units.isEmpty() || units.contains(unit)))) {
        if (report.stage() == Stage.CANCELLED) {
          return "CANCELLED";
        }
        returned |= report.stage() == Stage.RETURNED;
        rank = Math.max(rank, RANKS.indexOf(report.stage().name()));
      }
    }
    return returned ? "RETURNED" : RANKS.get(rank);
  }

  private static String least(List<String> stages) {
    for (String rank : RANKS) {
      if (stages.contains(rank)) {
        return rank;
      }
    }
    return stages.contains("RETURNED") ? "RETURNED" : "CANCELLED";
  }

  private static Map<String, String> stored(OrderFixture laoke) {
    return laoke.database.read(
        "read files",
        tx -> {
          Map<String, String> rows = new TreeMap<>();
          tx.query("SELECT * FROM {member_category} WHERE dealer_id = 1")
              .map(
                  (row, context) ->
                      Map.entry(
                          row.getLong("member_id")
                              + "|"
                              + row.getString("path")
                              + "|"
                              + row.getInt("month_no"),
                          said(row)))
              .forEach(row -> rows.put(row.getKey(), row.getValue()));
          tx.query("SELECT * FROM {member} WHERE dealer_id = 1 AND orders IS NOT NULL")
              .map((row, context) -> Map.entry(row.getLong("id") + REPEATED, said(row)))
              .forEach(row -> rows.put(row.getKey(), row.getValue()));
          return rows;
        });
  }

  private static String said(ResultSet row) throws SQLException {
    return "%d %d %s %s %s"
        .formatted(
            row.getLong("orders"),
            row.getLong("line_count"),
            row.getBigDecimal("quantity").stripTrailingZeros().toPlainString(),
            row.getBigDecimal("net_fen").toBigInteger(),
            row.getObject("first_ms") == null
                ? "-"
                : row.getLong("first_ms") + ".." + row.getLong("last_ms"));
  }

  private static Map<String, String> expected(OrderFixture laoke) {
    Map<String, Sums> sums = new TreeMap<>();
    laoke.database.read(
        "read facts",
        tx -> {
          List<Map<String, Object>> orders =
              tx.query("SELECT id, member_id, ordered_ms FROM {customer_order} WHERE dealer_id = 1")
                  .mapToMap()
                  .list();
          Map<Long, List<Map<String, Object>>> allLines = byOrder(tx, "order_line", "");
          Map<Long, List<Map<String, Object>>> allBack = byOrder(tx, "return_line", "");
          Map<Long, List<StageRecord>> allStages = stages(tx, laoke);
          Set<String> netted = new HashSet<>();
          Map<Long, Long> memberOfOrder = new TreeMap<>();
          for (Map<String, Object> order : orders) {
            long id = number(order.get("id"));
            if (order.get("member_id") != null) {
              memberOfOrder.put(id, number(order.get("member_id")));
            }
            List<Line> lines = new ArrayList<>();
            allLines.getOrDefault(id, List.of()).stream()
                .sorted(Comparator.comparing(row -> number(row.get("line_index"))))
                .forEach(
                    row ->
                        lines.add(
                            new Line(
                                (String) row.get("line_no"),
                                (String) row.get("kind"),
                                (String) row.get("category_code"),
                                (String) row.get("category"),
                                (String) row.get("model"),
                                (BigDecimal) row.get("quantity"),
                                number(row.get("net_fen")))));
            List<StageRecord> stages = allStages.getOrDefault(id, List.of());
            List<Map<String, Object>> back = allBack.getOrDefault(id, List.of());
            Map<String, BigDecimal> backQuantity = new TreeMap<>();
            Map<String, Long> backFen = new TreeMap<>();
            for (boolean named : List.of(true, false)) {
              for (boolean model : List.of(true, false)) {
                for (Map<String, Object> line : back) {
                  if (named != (line.get("order_line_no") != null)
                      || model != (line.get("model") != null)) {
                    continue;
                  }
                  List<Line> of =
                      lines.stream()
                          .filter(
                              sold ->
                                  named
                                      ? line.get("order_line_no").equals(sold.lineNo())
                                      : line.get("category_code").equals(sold.code())
                                          && (!model || line.get("model").equals(sold.model())))
                          .toList();
                  if (of.isEmpty()) {
                    continue;
                  }
                  netted.add(line.get("note_id") + "/" + line.get("line_no"));
                  BigDecimal quantity = (BigDecimal) line.get("quantity");
                  long fen = number(line.get("net_fen"));
                  for (Line sold : of) {
                    BigDecimal some =
                        quantity.min(
                            sold.quantity()
                                .subtract(
                                    backQuantity.getOrDefault(sold.lineNo(), BigDecimal.ZERO)));
                    if (some.signum() > 0) {
                      backQuantity.merge(sold.lineNo(), some, BigDecimal::add);
                      quantity = quantity.subtract(some);
                    }
                    long paid = Math.min(fen, sold.fen() - backFen.getOrDefault(sold.lineNo(), 0L));
                    if (paid > 0) {
                      backFen.merge(sold.lineNo(), paid, Long::sum);
                      fen -= paid;
                    }
                  }
                }
              }
            }
            if (order.get("member_id") == null) {
              continue;
            }
            for (Line line : lines) {
              int pieces = line.kind().equals("GOODS") ? line.quantity().intValueExact() : 1;
              int alive = 0;
              for (int unit = 1; unit <= pieces; unit++) {
                alive += lives(line, unit, stages, laoke.countsFrom) ? 1 : 0;
              }
              BigDecimal quantity =
                  line.quantity()
                      .multiply(BigDecimal.valueOf(alive))
                      .divide(BigDecimal.valueOf(pieces));
              long fen =
                  BigDecimal.valueOf(line.fen())
                      .multiply(BigDecimal.valueOf(alive))
                      .divide(BigDecimal.valueOf(pieces), 0, RoundingMode.HALF_UP)
                      .longValueExact();
              quantity =
                  quantity.min(
                      line.quantity()
                          .subtract(backQuantity.getOrDefault(line.lineNo(), BigDecimal.ZERO)));
              fen = Math.min(fen, line.fen() - backFen.getOrDefault(line.lineNo(), 0L));
              add(
                  sums,
                  number(order.get("member_id")),
                  line.category(),
                  number(order.get("ordered_ms")),
                  quantity,
                  fen,
                  quantity.signum() > 0 ? id : null);
            }
          }
          tx.query(
                  """
                  SELECT l.*, n.member_id AS note_member FROM {return_line} l
                  JOIN {return_note} n ON n.dealer_id = l.dealer_id AND n.id = l.note_id
                  WHERE l.dealer_id = 1
                  """)
              .mapToMap()
              .forEach(
                  line -> {
                    Object member = line.get("note_member");
                    if (member == null && line.get("order_id") != null) {
                      member = memberOfOrder.get(number(line.get("order_id")));
                    }
                    if (member != null
                        && !netted.contains(line.get("note_id") + "/" + line.get("line_no"))) {
                      add(
                          sums,
                          number(member),
                          (String) line.get("category"),
                          number(line.get("returned_ms")),
                          ((BigDecimal) line.get("quantity")).negate(),
                          -number(line.get("net_fen")),
                          null);
                    }
                  });
          return 0;
        });
    Map<String, String> rows = new TreeMap<>();
    sums.forEach(
        (key, sum) -> {
          if (!sum.orders.isEmpty() || sum.quantity.signum() != 0 || sum.fen.signum() != 0) {
            rows.put(key, sum.toString());
            if (key.endsWith(ALL)) {
              rows.put(key.substring(0, key.length() - ALL.length()) + REPEATED, sum.toString());
            }
          }
        });
    return rows;
  }

  private static boolean lives(Line line, int unit, List<StageRecord> stages, Stage countsFrom) {
    int rank = 0;
    for (StageRecord stage : stages) {
      Set<Integer> units = stage.scope().get(line.lineNo());
      boolean mine =
          stage.scope().isEmpty()
              || (units != null
                  && (units.isEmpty() || (line.kind().equals("GOODS") && units.contains(unit))));
      if (!mine) {
        continue;
      }
      String name = stage.stage().name();
      if (name.equals("CANCELLED") || name.equals("RETURNED")) {
        return false;
      }
      rank = Math.max(rank, RANKS.indexOf(name));
    }
    return rank >= RANKS.indexOf(countsFrom.name());
  }

  private static void add(
      Map<String, Sums> sums,
      long member,
      String category,
      long at,
      BigDecimal quantity,
      long fen,
      Long order) {
    java.time.ZonedDateTime time = Instant.ofEpochMilli(at).atZone(OrderFixture.ZONE);
    int month = time.getYear() * 100 + time.getMonthValue();
    List<String> paths = new ArrayList<>(List.of(""));
    StringBuilder path = new StringBuilder();
    for (String level : category.split("/")) {
      path.append(path.length() == 0 ? "" : "/").append(level);
      paths.add(path.toString());
    }
    for (String one : paths) {
      for (int period : new int[] {0, month}) {
        Sums sum = sums.computeIfAbsent(member + "|" + one + "|" + period, key -> new Sums());
        sum.quantity = sum.quantity.add(quantity);
        sum.fen = sum.fen.add(BigInteger.valueOf(fen));
        if (order != null) {
          sum.orders.add(order);
          sum.lines += period == 0 ? 1 : 0;
          sum.first = Math.min(sum.first, at);
          sum.last = Math.max(sum.last, at);
        }
      }
    }
  }

  private static long number(Object value) {
    return ((Number) value).longValue();
  }
}
