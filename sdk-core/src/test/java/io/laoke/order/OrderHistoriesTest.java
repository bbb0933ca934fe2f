package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Histories made from a seed. {@code -Dlaoke.seed=…} repeats one. */
class OrderHistoriesTest {
  private static final Instant FROM = Instant.parse("2026-01-30T15:00:00Z");
  private static final List<String> CATEGORIES =
      List.of("kitchen/hood", "kitchen/pot", "av/tv", "x");

  private static long seed() {
    return Long.getLong("laoke.seed", System.nanoTime());
  }

  @ParameterizedTest
  @EnumSource
  void theConsumptionFileIsTheTruthAfterEveryStep(TestServer server) {
    long seed = seed();
    System.out.println("histories on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    try (OrderFixture laoke = new OrderFixture(server)) {
      for (int step = 0; step < 250; step++) {
        Consumer<OrderFixture> next = fact(random);
        next.accept(laoke);
        Truth.check(laoke);
      }
      String rows = laoke.everything();
      RecountReport report = laoke.orders().recountAll(0, 1000);
      assertThat(report.clean()).as("seed " + seed).isTrue();
      assertThat(laoke.everything()).isEqualTo(rows);
      Truth.check(laoke);
    }
  }

  private static Consumer<OrderFixture> fact(Random random) {
    String orderNo = "SO-" + random.nextInt(6);
    return switch (random.nextInt(13)) {
      case 10, 11, 12 -> {
        Random own = new Random(random.nextLong());
        yield laoke -> laoke.orders().find(orderNo).ifPresent(found -> serviced(laoke, own, found));
      }
      case 0, 1, 2 -> {
        Order order = order(random, orderNo);
        yield laoke -> laoke.orders().upsert(order);
      }
      case 3, 4, 5 -> {
        Random own = new Random(random.nextLong());
        yield laoke ->
            laoke
                .orders()
                .find(orderNo)
                .ifPresent(found -> laoke.orders().advance(orderNo, report(own, found)));
      }
      case 6, 7, 8 -> {
        ReturnNote note = note(random);
        yield laoke -> laoke.returns().record(note);
      }
      default -> {
        int member = random.nextInt(4);
        yield laoke ->
            laoke
                .orders()
                .find(orderNo)
                .ifPresent(
                    found ->
                        laoke.assign(
                            orderNo,
                            member == 0
                                ? OptionalLong.empty()
                                : OptionalLong.of(laoke.memberOf("C" + member))));
      }
    };
  }

  /** Also of lines that are not there, which is refused, and of services that were not recorded. */
  private static void serviced(OrderFixture laoke, Random random, OrderDetail order) {
    UnitServiceReport report =
        UnitServiceReport.of(
                "" + random.nextInt(5),
                random.nextBoolean() ? "CLEAN" : "FILTER",
                FROM.plus(Duration.ofDays(90)).plus(Duration.ofHours(random.nextInt(6))))
            .paidFen(random.nextInt(9))
            .document(random.nextBoolean() ? null : "GD-" + random.nextInt(2));
    report = random.nextInt(3) == 0 ? report : report.unit(1 + random.nextInt(4));
    try {
      if (random.nextInt(4) == 0) {
        laoke.orders().removeService(order.orderNo(), report);
      } else {
        laoke.orders().recordService(order.orderNo(), report);
      }
    } catch (NotFoundException | InvalidInputException refused) {
      assertThat(refused).hasMessageContaining("line");
    }
  }

  private static Order order(Random random, String orderNo) {
    Order order = Order.of(orderNo, FROM.plus(Duration.ofHours(random.nextInt(2000))));
    if (random.nextInt(5) > 0) {
      order = order.buyer(Buyer.of("C" + (1 + random.nextInt(3)), null, null));
    }
    int lines = random.nextInt(4);
    for (int i = 0; i < lines; i++) {
      String category = CATEGORIES.get(random.nextInt(CATEGORIES.size()));
      String number = "" + (i + random.nextInt(2) * 3);
      order =
          order.line(
              random.nextInt(4) == 0
                  ? OrderLine.service(
                      number, category, new java.math.BigDecimal("1.25"), "" + random.nextInt(100))
                  : OrderLine.goods(
                      number, category, 1 + random.nextInt(4), random.nextInt(100) + ".37"));
    }
    return order;
  }

  private static StageReport report(Random random, OrderDetail order) {
    Stage[] stages = Stage.values();
    StageReport report =
        StageReport.of(
                stages[random.nextInt(stages.length - (random.nextInt(3) == 0 ? 0 : 3))],
                FROM.plus(Duration.ofHours(random.nextInt(3000))))
            .document(random.nextBoolean() ? "" : "D" + random.nextInt(2));
    if (!order.lines().isEmpty() && random.nextInt(3) > 0) {
      OrderDetail.Line line = order.lines().get(random.nextInt(order.lines().size()));
      report =
          line.kind() == LineKind.GOODS && random.nextBoolean()
              ? report.units(line.lineNo(), 1 + random.nextInt(line.quantity().intValueExact()))
              : report.line(line.lineNo());
    }
    return report;
  }

  private static ReturnNote note(Random random) {
    ReturnNote note =
        ReturnNote.of("R-" + random.nextInt(5), FROM.plus(Duration.ofHours(random.nextInt(3000))));
    if (random.nextInt(4) > 0) {
      note = note.order("SO-" + random.nextInt(8));
    }
    if (random.nextBoolean()) {
      note = note.customerNo("C" + (1 + random.nextInt(3)));
    }
    int lines = random.nextInt(3);
    for (int i = 0; i < lines; i++) {
      ReturnLine line =
          ReturnLine.of(
              "" + i,
              CATEGORIES.get(random.nextInt(CATEGORIES.size())),
              1 + random.nextInt(3),
              random.nextInt(60) + ".5");
      note = note.line(random.nextBoolean() ? line.orderLine("" + random.nextInt(6)) : line);
    }
    return note;
  }

  @ParameterizedTest
  @EnumSource
  void theSameFactsInAnyOrderAndRepetitionEndTheSame(TestServer server) {
    long seed = seed();
    System.out.println("permutations on " + server + ": -Dlaoke.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 4; round++) {
      try (OrderFixture laoke = new OrderFixture(server)) {
        List<String> states = new ArrayList<>();
        Order order =
            Order.of("SO", FROM)
                .buyer(Buyer.of("C1", null, null))
                .line(OrderLine.goods("1", "kitchen/hood", 3, "100").serials("A"))
                .line(OrderLine.goods("2", "av/tv", 1, "50"))
                .line(OrderLine.service("3", "service", new java.math.BigDecimal("2.5"), "9"));
        OrderDetail shape;
        try (OrderFixture other = new OrderFixture(TestServer.H2)) {
          other.orders().upsert(order);
          shape = other.orders().find("SO").orElseThrow();
        }
        List<Consumer<String>> facts = facts(laoke, random, order, shape);
        for (int run = 0; run < 6; run++) {
          String orderNo = "SO-" + run;
          List<Consumer<String>> shuffled = new ArrayList<>(facts);
          shuffled.addAll(facts.subList(0, facts.size() / 2));
          Collections.shuffle(shuffled, random);
          // The order's lines must be known before a stage of theirs; returns may come before.
          shuffled.get(0).accept(orderNo);
          laoke.orders().upsert(numbered(order, orderNo, random.nextBoolean()));
          shuffled.forEach(fact -> fact.accept(orderNo));
          laoke.orders().upsert(numbered(order, orderNo, true));
          states.add(state(laoke, orderNo));
        }
        assertThat(states).as("seed " + seed).containsOnly(states.get(0));
        Truth.check(laoke);
      }
    }
  }

  private static Order numbered(Order order, String orderNo, boolean whole) {
    Order copy =
        Order.of(orderNo, order.orderedAt())
            .buyer(Buyer.of("C-" + orderNo, null, null))
            .lines(order.lines());
    return whole ? copy : copy.store("S1").line(OrderLine.gift("9", "av/tv", 1));
  }

  /** Facts about an order of any number; those that it cannot take yet are left out. */
  private static List<Consumer<String>> facts(
      OrderFixture laoke, Random random, Order order, OrderDetail shape) {
    List<Consumer<String>> facts = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      String number = "R" + i;
      ReturnLine line =
          ReturnLine.of("1", "kitchen/hood", 1 + random.nextInt(2), random.nextInt(60) + "")
              .orderLine("" + (1 + random.nextInt(4)));
      facts.add(
          orderNo ->
              laoke
                  .returns()
                  .record(
                      ReturnNote.of(number + orderNo, FROM.plusSeconds(9))
                          .order(orderNo)
                          .line(line)));
    }
    for (int i = 0; i < 7; i++) {
      StageReport report = report(random, shape).document("U" + i).text("t" + i);
      facts.add(
          orderNo -> {
            if (laoke.orders().find(orderNo).isPresent()) {
              laoke.orders().advance(orderNo, report);
            }
          });
    }
    StageReport exchanged =
        StageReport.of(Stage.EXCHANGED, FROM).units("1", 1).detail("newSerial", "B");
    facts.add(
        orderNo -> {
          if (laoke.orders().find(orderNo).isPresent()) {
            laoke.orders().advance(orderNo, exchanged);
          }
        });
    facts.add(orderNo -> laoke.orders().upsert(numbered(order, orderNo, true)));
    return facts;
  }

  private static String state(OrderFixture laoke, String orderNo) {
    OrderHistory history = laoke.orders().history(orderNo);
    OrderDetail order = history.order();
    long member = order.memberId().orElseThrow();
    return order.stage()
        + " "
        + order.stageText()
        + " "
        + order.stageAt()
        + " "
        + order.lines()
        + " "
        + history.stages().stream()
            .map(stage -> stage.stage() + stage.document() + stage.scope() + stage.at())
            .sorted()
            .toList()
        + history.units().stream()
            .map(
                unit ->
                    unit.lineNo() + unit.unitNo() + unit.serial() + unit.stage() + unit.present())
            .toList()
        + laoke.orders().consumption(member);
  }

  @Test
  void theStateDoesNotDependOnTheOrderOfFacts() {
    long seed = seed();
    Random random = new Random(seed);
    for (int round = 0; round < 2_000; round++) {
      List<LineRow> lines = new ArrayList<>();
      int count = random.nextInt(4);
      for (int i = 0; i < count; i++) {
        lines.add(
            LineRow.given(
                OrderLine.goods("" + i, "c" + i % 2, 1 + random.nextInt(4), "10.0" + i), i, "c"));
      }
      OrderDetail shape =
          new OrderHead(
                  1,
                  "SO",
                  0L,
                  null,
                  false,
                  Buyer.unknown(),
                  null,
                  null,
                  null,
                  null,
                  null,
                  java.util.Map.of(),
                  Stage.REPORTED,
                  null,
                  null,
                  0,
                  false,
                  false,
                  null,
                  0)
              .detail(lines);
      List<StageRecord> stages = new ArrayList<>();
      List<ReturnRow> returns = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        StageReport report = report(random, shape);
        stages.add(
            new StageRecord(
                i,
                report.stage(),
                report.at(),
                report.document() + i,
                report.text(),
                report.scope(),
                report.details(),
                1,
                FROM));
        returns.add(
            new ReturnRow(
                i,
                "1",
                0,
                1L,
                random.nextBoolean() ? null : "" + random.nextInt(4),
                "c1",
                "c1",
                null,
                java.math.BigDecimal.ONE,
                random.nextInt(300),
                0,
                null,
                null,
                null));
      }
      OrderState state = OrderState.of(0, lines, stages, returns, Stage.SHIPPED);
      for (int i = 0; i < 4; i++) {
        Collections.shuffle(stages, random);
        Collections.shuffle(returns, random);
        assertThat(OrderState.of(0, lines, stages, returns, Stage.SHIPPED))
            .as("seed " + seed)
            .isEqualTo(state);
      }
    }
  }
}
