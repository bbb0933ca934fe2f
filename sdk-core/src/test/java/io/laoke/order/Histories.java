package io.laoke.order;

import io.laoke.base.Phone;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.imports.ImportFact;
import io.laoke.member.Attribute;
import io.laoke.member.Gender;
import io.laoke.member.MemberProfile;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Histories made from a seed, to be imported or to be told fact by fact. */
final class Histories {
  private static final Instant FROM = Instant.parse("2026-01-30T15:00:00Z");
  private static final List<String> CATEGORIES =
      List.of("kitchen/hood", "kitchen/pot", "kitchen", "av/tv", "nowhere");
  private static final List<String> NAMES = List.of("王芳", "李雷", "韩梅", "赵一", "钱二");

  private Histories() {}

  /** A fact both ways; the call throws where the import is to refuse. */
  record Fact(ImportFact given, List<Call> calls) {}

  interface Call {
    void to(OrderFixture laoke);
  }

  static List<Fact> of(Random random, int facts) {
    List<Fact> all = new ArrayList<>();
    int known = facts / 4 + 2;
    for (int i = 0; i < facts; i++) {
      String orderNo = "SO-" + random.nextInt(known);
      all.add(
          switch (random.nextInt(13)) {
            case 12 -> {
              UnitServiceReport service = service(random);
              yield new Fact(
                  ImportFact.service(orderNo, service),
                  List.of(laoke -> laoke.orders().recordService(orderNo, service)));
            }
            case 0, 1 -> told(profile(random));
            case 2, 3 -> told(note(random, 9, known + 3, 9));
            case 4 -> {
              StageReport report = report(random);
              yield new Fact(
                  ImportFact.stage(orderNo, report),
                  List.of(laoke -> laoke.orders().advance(orderNo, report)));
            }
            default ->
                told(
                    order(random, orderNo),
                    Stream.generate(() -> report(random))
                        .limit(random.nextInt(4))
                        .toArray(StageReport[]::new));
          });
    }
    return all;
  }

  static Fact told(MemberProfile profile) {
    return new Fact(ImportFact.member(profile), List.of(laoke -> laoke.members().put(profile)));
  }

  static Fact told(Order order, StageReport... stages) {
    ImportFact fact = ImportFact.order(order);
    List<Call> calls = new ArrayList<>();
    calls.add(laoke -> laoke.orders().upsert(order));
    for (StageReport stage : stages) {
      fact = fact.stage(stage);
      calls.add(laoke -> laoke.orders().advance(order.orderNo(), stage));
    }
    return new Fact(fact, calls);
  }

  static Fact told(ReturnNote note) {
    return new Fact(ImportFact.returned(note), List.of(laoke -> laoke.returns().record(note)));
  }

  /** Tells facts one by one; the positions of those that were refused, with what was told. */
  static List<String> tell(OrderFixture laoke, List<Fact> facts) {
    List<String> refused = new ArrayList<>();
    for (int i = 0; i < facts.size(); i++) {
      int call = 0;
      for (Call each : facts.get(i).calls()) {
        try {
          each.to(laoke);
        } catch (StoreException failed) {
          throw failed;
        } catch (LaokeException bad) {
          refused.add("" + (i + 1));
          if (call == 0) {
            break;
          }
        }
        call++;
      }
    }
    return refused;
  }

  private static String phone(Random random) {
    return random.nextInt(12) == 0 ? "none" : "1380013800" + random.nextInt(8);
  }

  private static MemberProfile profile(Random random) {
    MemberProfile profile = MemberProfile.of("C" + random.nextInt(9));
    if (random.nextBoolean()) {
      profile = profile.withName(NAMES.get(random.nextInt(NAMES.size())));
    }
    if (random.nextBoolean()) {
      profile = profile.withGender(random.nextBoolean() ? Gender.FEMALE : Gender.MALE);
    }
    if (random.nextInt(3) > 0) {
      profile = profile.withPhones(Phone.of("1380013800" + random.nextInt(8)).value());
    }
    if (random.nextInt(3) == 0) {
      profile = profile.withAttribute("card", new Attribute.Text("v" + random.nextInt(2)));
    }
    return random.nextInt(20) == 0
        ? profile.withBirthday(java.time.LocalDate.of(2199, 1, 1))
        : profile;
  }

  static Order order(Random random, String orderNo) {
    return order(random, orderNo, 9);
  }

  /** An order of one of so many customers. */
  static Order order(Random random, String orderNo, int customers) {
    Order order =
        Order.of(orderNo, FROM.plus(Duration.ofHours(random.nextInt(2000))))
            .place(
                random.nextBoolean()
                    ? Place.of("浙江", "文一路 " + random.nextInt(3), null, null)
                    : null)
            .buyer(
                Buyer.of(
                    random.nextInt(3) == 0 ? null : "C" + random.nextInt(customers),
                    random.nextInt(3) == 0 ? null : NAMES.get(random.nextInt(NAMES.size())),
                    random.nextInt(2) == 0 ? null : phone(random)));
    if (random.nextInt(3) == 0) {
      order = order.externalNumber("TMALL", "" + random.nextInt(4));
    }
    for (int i = 0; i < 5; i++) {
      String category = CATEGORIES.get(random.nextInt(CATEGORIES.size()));
      order =
          switch (random.nextInt(6)) {
            case 0, 1 -> order;
            case 2 ->
                order.line(
                    OrderLine.service(
                        "" + i, category, new BigDecimal("0.125"), "" + random.nextInt(100)));
            case 3 -> order.line(OrderLine.gift("" + i, category, 1 + random.nextInt(2)));
            default ->
                order.line(
                    OrderLine.goods(
                            "" + i,
                            category,
                            random.nextInt(40) == 0 ? 300 : 1 + random.nextInt(4),
                            random.nextInt(100) + ".37")
                        .serials(random.nextBoolean() ? "S" + random.nextInt(9) : null));
          };
    }
    return order;
  }

  static StageReport report(Random random) {
    Stage[] stages = Stage.values();
    Stage stage = stages[random.nextInt(stages.length - (random.nextInt(3) == 0 ? 0 : 3))];
    StageReport report =
        random.nextInt(6) == 0
            ? StageReport.ofUnknownTime(stage)
            : StageReport.of(stage, FROM.plus(Duration.ofHours(random.nextInt(3000))));
    report = report.document("D" + random.nextInt(3)).text("t" + random.nextInt(3));
    return switch (random.nextInt(5)) {
      case 0 -> report.line("" + random.nextInt(5));
      case 1 -> report.units("" + random.nextInt(5), 1 + random.nextInt(3));
      default -> report;
    };
  }

  /** Some of them of a day before all orders, which is refused. */
  private static UnitServiceReport service(Random random) {
    Instant from = FROM.plus(Duration.ofDays(random.nextInt(8) == 0 ? -1 : 100));
    UnitServiceReport service =
        UnitServiceReport.of(
                "" + random.nextInt(5), "CLEAN", from.plus(Duration.ofHours(random.nextInt(9))))
            .paidFen(random.nextInt(3))
            .document(random.nextBoolean() ? "GD-" + random.nextInt(2) : null);
    return random.nextInt(3) == 0 ? service : service.unit(1 + random.nextInt(3));
  }

  /** A note, one of so many, of one of so many orders and customers. */
  static ReturnNote note(Random random, int notes, int orders, int customers) {
    ReturnNote note =
        ReturnNote.of(
            "R-" + random.nextInt(notes), FROM.plus(Duration.ofHours(random.nextInt(3000))));
    if (random.nextInt(4) > 0) {
      note = note.order("SO-" + random.nextInt(orders));
    }
    if (random.nextBoolean()) {
      note = note.customerNo("C" + random.nextInt(customers));
    }
    List<ReturnLine> lines = new ArrayList<>();
    for (int i = 0; i < random.nextInt(4); i++) {
      ReturnLine line =
          ReturnLine.of(
              "" + i,
              CATEGORIES.get(random.nextInt(CATEGORIES.size())),
              1 + random.nextInt(3),
              random.nextInt(60) + ".5");
      lines.add(random.nextBoolean() ? line.orderLine("" + random.nextInt(6)) : line);
    }
    return note.lines(lines);
  }

  // ---- what is in the tables

  private static final Map<String, String> KEYS =
      Map.of("customer_order", "order_no", "return_note", "note_no", "place", "place_hash");
  private static final List<String> OF_NOBODY =
      List.of(
          "random31",
          "created_ms",
          "changed_ms",
          "first_seen_ms",
          "recorded_ms",
          "noted_ms",
          "unit_id");

  /** All rows of orders and members, Laoke's own numbers replaced by what they stand for. */
  static String picture(OrderFixture laoke) {
    return laoke.database.read(
        "draw",
        tx -> {
          Map<Long, String> named = new HashMap<>();
          KEYS.forEach(
              (table, key) ->
                  tx.query("SELECT id, " + key + " AS k FROM {" + table + "}")
                      .map((row, context) -> Map.entry(row.getLong("id"), row.getString("k")))
                      .forEach(row -> named.put(row.getKey(), table + ":" + row.getValue())));
          Map<Long, TreeSet<String>> people = new HashMap<>();
          tx.query("SELECT member_id, kind, value_hash FROM {identity} WHERE member_id IS NOT NULL")
              .map(
                  (row, context) ->
                      Map.entry(row.getLong(1), row.getString(2) + ":" + row.getString(3)))
              .forEach(
                  row ->
                      people
                          .computeIfAbsent(row.getKey(), id -> new TreeSet<>())
                          .add(row.getValue()));
          people.forEach((id, known) -> named.put(id, known.toString()));
          int[] former = {0};
          // Those who are nobody any more were made one by one: by their order they are the same.
          tx.query(
                  "SELECT id FROM {member} WHERE merged_into IS NOT NULL OR erased_ms IS NOT NULL"
                      + " ORDER BY id")
              .mapTo(Long.class)
              .forEach(id -> named.putIfAbsent(id, "former " + ++former[0]));
          StringBuilder all = new StringBuilder();
          for (String table :
              Stream.concat(
                      Stream.of("member", "identity", "member_duplicate", "member_attribute"),
                      OrderFixture.TABLES.stream())
                  .toList()) {
            List<String> rows = new ArrayList<>();
            tx.query("SELECT * FROM {" + table + "}")
                .mapToMap()
                .forEach(
                    row -> {
                      Map<String, Object> shown = new TreeMap<>(row);
                      shown.keySet().removeAll(OF_NOBODY);
                      if (!table.equals("member")) {
                        shown.remove("id");
                      }
                      shown.replaceAll(
                          (column, value) ->
                              value instanceof Long id && named.containsKey(id)
                                  ? named.get(id)
                                  : value);
                      if (table.equals("member_duplicate")) {
                        // Which has the lower number depends on when they were made.
                        rows.add(
                            new TreeSet<>(
                                    List.of("" + shown.get("one_id"), "" + shown.get("other_id")))
                                + " "
                                + shown.get("why"));
                      } else {
                        rows.add(shown.toString());
                      }
                    });
            rows.sort(null);
            all.append(table).append('\n');
            rows.forEach(row -> all.append("  ").append(row).append('\n'));
          }
          return all.toString();
        });
  }
}
