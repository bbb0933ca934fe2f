package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Works the consumption files out a second time, from the recorded facts alone, the slow and plain
 * way: unit by unit, with nothing of the code under test but its tables.
 */
final class Truth {
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
    BigDecimal quantity = BigDecimal.ZERO;
    BigInteger fen = BigInteger.ZERO;
    long first = Long.MAX_VALUE;
    long last = Long.MIN_VALUE;

    @Override
    public String toString() {
      return "%d %s %s %s"
          .formatted(
              orders.size(),
              quantity.stripTrailingZeros().toPlainString(),
              fen,
              orders.isEmpty() ? "-" : first + ".." + last);
    }
  }

  static void check(OrderFixture laoke) {
    assertThat(stored(laoke)).isEqualTo(expected(laoke));
    stages(laoke);
  }

  /** The stages of orders, lines and units, the slow way. */
  private static void stages(OrderFixture laoke) {
    Map<String, String> stored = new TreeMap<>();
    Map<String, String> expected = new TreeMap<>();
    laoke.database.read(
        "read stages",
        tx -> {
          tx.query("SELECT * FROM {customer_order} WHERE dealer_id = 1 AND ordered_ms IS NOT NULL")
              .mapToMap()
              .forEach(
                  order -> {
                    long id = number(order.get("id"));
                    stored.put("" + id, (String) order.get("stage"));
                    List<StageRecord> reports = laoke.module.book().stages(tx, laoke.tenant, id);
                    List<String> ofLines = new ArrayList<>();
                    tx.query("SELECT * FROM {order_line} WHERE dealer_id = 1 AND order_id = :id")
                        .bind("id", id)
                        .mapToMap()
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
                              tx.query(
                                      """
                                      SELECT * FROM {order_unit} WHERE dealer_id = 1
                                        AND order_id = :id AND line_no = :line AND present = TRUE
                                      """)
                                  .bind("id", id)
                                  .bind("line", line)
                                  .mapToMap()
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
                          "%d %s %s %s"
                              .formatted(
                                  row.getLong("orders"),
                                  row.getBigDecimal("quantity")
                                      .stripTrailingZeros()
                                      .toPlainString(),
                                  row.getBigDecimal("net_fen").toBigInteger(),
                                  row.getObject("first_ms") == null
                                      ? "-"
                                      : row.getLong("first_ms") + ".." + row.getLong("last_ms"))))
              .forEach(row -> rows.put(row.getKey(), row.getValue()));
          return rows;
        });
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
          Set<String> netted = new HashSet<>();
          Map<Long, Long> memberOfOrder = new TreeMap<>();
          for (Map<String, Object> order : orders) {
            long id = number(order.get("id"));
            if (order.get("member_id") != null) {
              memberOfOrder.put(id, number(order.get("member_id")));
            }
            List<Line> lines = new ArrayList<>();
            tx.query(
                    "SELECT * FROM {order_line} WHERE dealer_id = 1 AND order_id = :id ORDER BY line_index")
                .bind("id", id)
                .mapToMap()
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
            List<StageRecord> stages = laoke.module.book().stages(tx, laoke.tenant, id);
            List<Map<String, Object>> back =
                tx.query("SELECT * FROM {return_line} WHERE dealer_id = 1 AND order_id = :id")
                    .bind("id", id)
                    .mapToMap()
                    .list();
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
