package io.laoke.examples.benchmarks;

import io.laoke.imports.ImportFact;
import io.laoke.order.Buyer;
import io.laoke.order.LineKind;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The history of a dealer in household appliances, in the order of time: 1 to 4 lines an order,
 * each customer comes back twice on average, with number, name, phone and address, and most orders
 * went from approved to installed. Everything is made up from a seed.
 */
final class DealerHistory {
  static final List<String> CATEGORIES =
      IntStream.range(0, 40).mapToObj(i -> "group" + i / 5 + "/kind" + i).toList();
  private static final Instant FROM = Instant.parse("2023-01-01T01:00:00Z");
  private static final Duration LENGTH = Duration.ofDays(3 * 365L);

  private DealerHistory() {}

  static Iterator<ImportFact> of(int orders) {
    int members = Math.max(1, orders / 3);
    return IntStream.range(0, orders).mapToObj(i -> fact(i, orders, members)).iterator();
  }

  private static ImportFact fact(int number, int orders, int members) {
    Random random = new Random(number * 7919L);
    int member = random.nextInt(members);
    Instant at = FROM.plusMillis(LENGTH.toMillis() / orders * number);
    String name = "顾客" + member;
    String phone = "13%09d".formatted(member);
    List<OrderLine> lines = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int line = 1; line <= count; line++) {
      // Most lines of an order are of one group, as a kitchen is bought at once.
      int category =
          random.nextInt(3) > 0
              ? member % 8 * 5 + random.nextInt(5)
              : random.nextInt(CATEGORIES.size());
      lines.add(
          OrderLine.of(
                  LineKind.GOODS,
                  "" + line,
                  CATEGORIES.get(category),
                  BigDecimal.valueOf(random.nextInt(10) == 0 ? 2 : 1),
                  9_900L + random.nextInt(900_000))
              .name("商品" + category)
              .model("M-" + category + "-" + random.nextInt(20)));
    }
    ImportFact fact =
        ImportFact.order(
            Order.of("SO-%08d".formatted(number), at)
                .store("S" + random.nextInt(12))
                .salesperson("P" + random.nextInt(60))
                .buyer(Buyer.of("C" + member, name, phone))
                .place(Place.of("浙江/杭州/西湖区", "文三路 " + member + " 号", name, phone))
                .lines(lines));
    Stage[] stages = {Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED, Stage.INSTALLED};
    int reached = random.nextInt(5) == 0 ? 3 : 4;
    for (int i = 0; i < reached; i++) {
      fact =
          fact.stage(
              StageReport.of(stages[i], at.plus(Duration.ofHours(20L * (i + 1))))
                  .document("D" + i + "-" + number)
                  .text(stages[i].chinese()));
    }
    return fact;
  }
}
