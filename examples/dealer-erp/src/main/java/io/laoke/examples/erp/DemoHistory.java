package io.laoke.examples.erp;

import io.laoke.examples.erp.DemoSeasons.Occasion;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.UnitServiceReport;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * 演示数据: the customers of the demo and three years of what they bought, had serviced and brought
 * back. Made in memory; the same seed, number, day and goods give the same.
 */
final class DemoHistory {
  static final int YEARS = 3;

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyMMdd");

  /** Of older orders the ERP kept the main steps alone. */
  private static final Duration ARCHIVED = Duration.ofDays(90);

  private static final BigDecimal TEN = BigDecimal.TEN;
  private static final BigDecimal BIG_SPENDER = BigDecimal.valueOf(20_000);

  /**
   * An order with what came after it.
   *
   * @param customer whose
   * @param order as the ERP keeps it
   * @param services what its units got
   * @param returned what came back
   */
  record Sale(
      DemoCustomer customer,
      SalesOrder order,
      List<UnitServiceReport> services,
      Optional<ReturnNote> returned) {}

  private final long seed;
  private final LocalDate end;
  private final Instant now;
  private final DemoSeasons seasons;
  private final Map<String, List<Product>> goods;
  private final Map<String, List<Salesperson>> sellers;
  private final List<DemoCustomer> customers = new ArrayList<>();
  private final List<Sale> sales = new ArrayList<>();

  /** A purchase that has no number yet. */
  private record Basket(DemoCustomer customer, Instant at, List<Choice> choices, Random random) {}

  private record Choice(Product product, int quantity, BigDecimal price) {}

  /**
   * Makes it.
   *
   * @param end the day before which all of it lies
   */
  DemoHistory(
      long seed, int members, LocalDate end, List<Product> products, List<Salesperson> people) {
    this.seed = seed;
    this.end = end;
    this.now = end.atStartOfDay(OrderDesk.ZONE).toInstant();
    this.seasons = new DemoSeasons(end.minusYears(YEARS), end);
    this.goods = products.stream().collect(Collectors.groupingBy(p -> p.category().code()));
    this.sellers = people.stream().collect(Collectors.groupingBy(p -> p.store().code()));
    List<Basket> baskets = new ArrayList<>();
    for (int i = 0; i < members; i++) {
      Random random = random(seed, i);
      DemoCustomer customer = DemoCustomer.draw(i, random, end);
      customers.add(customer);
      shop(customer, random, baskets);
    }
    baskets.sort(Comparator.comparing(Basket::at).thenComparing(b -> b.customer().no()));
    IntStream.range(0, baskets.size()).forEach(i -> sales.add(sale(i + 1, baskets.get(i))));
    tagBySpending();
  }

  /** The moment before which all of it lies. */
  Instant end() {
    return now;
  }

  List<DemoCustomer> customers() {
    return customers;
  }

  /** By time. */
  List<Sale> sales() {
    return sales;
  }

  /** Random numbers of one part; those of neighbours have nothing to do with each other. */
  private static Random random(long seed, int part) {
    return new Random(new SplittableRandom(seed * 1_000_003 + part).nextLong());
  }

  private void shop(DemoCustomer customer, Random random, List<Basket> baskets) {
    int times = times(random.nextDouble(), random);
    for (int i = 0; i < times; i++) {
      Occasion occasion = seasons.draw(random);
      basket(customer, occasion.day(), occasion.category(), random, baskets);
    }
  }

  /** Most come once, some come again, few come often; some have a card and never bought. */
  private static int times(double luck, Random random) {
    double[] upTo = {0.03, 0.44, 0.71, 0.86, 0.94};
    for (int times = 0; times < upTo.length; times++) {
      if (luck < upTo[times]) {
        return times;
      }
    }
    return 5 + random.nextInt(5);
  }

  private void basket(
      DemoCustomer customer, LocalDate day, String category, Random random, List<Basket> baskets) {
    List<Choice> choices = new ArrayList<>();
    boolean festival =
        (day.getMonthValue() == 6 && day.getDayOfMonth() >= 16 && day.getDayOfMonth() <= 18)
            || (day.getMonthValue() == 11 && day.getDayOfMonth() >= 9 && day.getDayOfMonth() <= 11);
    int quantity =
        category.equals("aircon") && random.nextDouble() < 0.4 ? 2 + random.nextInt(2) : 1;
    choices.add(choice(category, quantity, festival, random));
    Map<String, Double> along = ALONG.getOrDefault(category, Map.of());
    along.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .filter(one -> random.nextDouble() < one.getValue())
        .forEach(one -> choices.add(choice(one.getKey(), 1, festival, random)));
    if (choices.stream().filter(c -> c.product().category().groupCode().equals("kitchen")).count()
        >= 2) {
      customer.tags().add("厨房套装");
    }
    baskets.add(new Basket(customer, open(day, random), choices, random));
    if (choices.stream().anyMatch(c -> c.product().category().code().equals("purifier"))) {
      filters(customer, day, random, baskets);
    }
  }

  /** What is bought along with what, and how often. */
  private static final Map<String, Map<String, Double>> ALONG =
      Map.of(
          "hood", Map.of("stove", 0.62, "dishwasher", 0.14, "care", 0.3),
          "stove", Map.of("care", 0.2),
          "dishwasher", Map.of("care", 0.3),
          "fridge", Map.of("washer", 0.18, "care", 0.12),
          "washer", Map.of("care", 0.1),
          "tv", Map.of("audio", 0.15, "care", 0.1),
          "aircon", Map.of("care", 0.15));

  /** Who has a purifier comes back for filters, or does not. */
  private void filters(
      DemoCustomer customer, LocalDate bought, Random random, List<Basket> baskets) {
    LocalDate next = bought.plusDays(240 + random.nextInt(240));
    while (next.isBefore(end) && random.nextDouble() < 0.62) {
      baskets.add(
          new Basket(
              customer, open(next, random), List.of(choice("filter", 1, false, random)), random));
      next = next.plusDays(240 + random.nextInt(240));
    }
  }

  private static Instant open(LocalDate day, Random random) {
    return day.atTime(10, 0)
        .plusSeconds(random.nextInt(10 * 3600))
        .atZone(OrderDesk.ZONE)
        .toInstant();
  }

  /** Deal prices lie below the list price by a log-normal factor, more so at a festival. */
  private Choice choice(String category, int quantity, boolean festival, Random random) {
    List<Product> all = goods.getOrDefault(category, List.of());
    Product product = all.get(random.nextInt(all.size()));
    double factor =
        Math.min(1, Math.exp((festival ? -0.16 : -0.07) + 0.07 * random.nextGaussian()));
    BigDecimal price =
        product
            .listPrice()
            .multiply(BigDecimal.valueOf(factor))
            .divide(TEN, 0, RoundingMode.HALF_UP)
            .multiply(TEN)
            .subtract(BigDecimal.ONE)
            .min(product.listPrice());
    return new Choice(product, quantity, price);
  }

  private Sale sale(int number, Basket basket) {
    DemoCustomer customer = basket.customer();
    Random random = random(~seed, number);
    LocalDate day = LocalDate.ofInstant(basket.at(), OrderDesk.ZONE);
    String store =
        random.nextDouble() < 0.88
            ? customer.store()
            : List.of("HZ01", "HZ02", "SX01").get(random.nextInt(3));
    List<Salesperson> people = sellers.getOrDefault(store, List.of());
    SalesOrder order =
        new SalesOrder(
            "XS%s-%04d".formatted(DAY.format(day), number),
            new UUID(seed, number).toString(),
            basket.at(),
            customer.name(),
            customer.phone(),
            customer.region(),
            customer.street(),
            channel(random),
            people.get(random.nextInt(people.size())));
    basket.choices().forEach(c -> order.add(c.product(), c.quantity(), c.price()));
    Optional<Instant> delivered = steps(order, random);
    boolean comesBack = order.status() == OrderStatus.COMPLETED && random.nextDouble() < 0.018;
    return new Sale(
        customer,
        order,
        delivered.map(at -> services(order, at, random)).orElse(List.of()),
        comesBack ? delivered.map(at -> returned(order, number, at, random)) : Optional.empty());
  }

  private static String channel(Random random) {
    double luck = random.nextDouble();
    return luck < 0.62 ? "门店" : luck < 0.76 ? "小区团购" : luck < 0.9 ? "电商" : "老客介绍";
  }

  /** Takes an order as far as it got by now; gives when it was delivered. */
  private Optional<Instant> steps(SalesOrder order, Random random) {
    Instant at = order.orderedAt();
    order.goTo(OrderStatus.REPORTED, at, StepForm.to(OrderStatus.REPORTED));
    if (random.nextDouble() < 0.03) {
      step(
          true,
          order,
          OrderStatus.CANCELLED,
          at.plus(Duration.ofHours(3 + random.nextInt(20))),
          "");
      return Optional.empty();
    }
    boolean lately = at.isAfter(now.minus(ARCHIVED));
    at = at.plus(Duration.ofMinutes(20 + random.nextInt(400)));
    step(lately, order, OrderStatus.APPROVED, at, "");
    at = at.plus(Duration.ofHours(14 + random.nextInt(30)));
    step(true, order, OrderStatus.SHIPPED, at, "");
    step(lately, order, OrderStatus.SCHEDULED, at.plus(Duration.ofHours(1)), "");
    at = at.plus(Duration.ofHours(20 + random.nextInt(60)));
    boolean delivered = step(lately, order, OrderStatus.DELIVERED, at, "");
    Instant there = at;
    String worker = List.of("赵师傅", "钱师傅", "孙师傅").get(random.nextInt(3));
    at = at.plus(Duration.ofHours(2 + random.nextInt(50)));
    step(true, order, OrderStatus.INSTALLED, at, worker);
    step(true, order, OrderStatus.COMPLETED, at.plus(Duration.ofDays(7)), "");
    return delivered ? Optional.of(there) : Optional.empty();
  }

  private boolean step(boolean kept, SalesOrder order, OrderStatus to, Instant at, String worker) {
    if (!kept || !at.isBefore(now)) {
      return !kept;
    }
    StepForm form = StepForm.to(to);
    if (!worker.isEmpty()) {
      form.setWorker(worker);
    }
    if (to == OrderStatus.SCHEDULED) {
      form.setVisitOn(LocalDate.ofInstant(at, OrderDesk.ZONE).plusDays(2));
      form.setVisitSlot("08:00~12:00");
    }
    order.goTo(to, at, form);
    return true;
  }

  /** How often a unit of a category is cleaned or gets filters, in days, and by how many owners. */
  private record Care(String kind, int every, double share, int yuan) {}

  private static final Map<String, Care> CARE =
      Map.of(
          "hood", new Care("清洗", 330, 0.46, 168),
          "aircon", new Care("清洗", 350, 0.3, 120),
          "washer", new Care("清洗", 360, 0.12, 150),
          "purifier", new Care("换芯", 300, 0.5, 60),
          "heater", new Care("保养", 365, 0.1, 128));

  private List<UnitServiceReport> services(SalesOrder order, Instant delivered, Random random) {
    List<UnitServiceReport> done = new ArrayList<>();
    for (SalesOrderLine line : order.lines()) {
      Care care = CARE.get(line.product().category().code());
      if (care == null) {
        continue;
      }
      Instant at = delivered;
      while (random.nextDouble() < care.share()) {
        at = at.plus(Duration.ofDays(care.every() - 60 + random.nextInt(160)));
        if (!at.isBefore(now)) {
          break;
        }
        done.add(service(order, line, care.kind(), at, care.yuan() - 20 + random.nextInt(4) * 10));
      }
      if (random.nextDouble() < 0.03) {
        Instant broken = delivered.plus(Duration.ofDays(20 + random.nextInt(500)));
        if (broken.isBefore(now)) {
          done.add(service(order, line, "维修", broken, random.nextInt(3) * 90));
        }
      }
    }
    return done;
  }

  private static UnitServiceReport service(
      SalesOrder order, SalesOrderLine line, String kind, Instant at, int yuan) {
    return UnitServiceReport.of(String.valueOf(line.lineNo()), kind, at)
        .paidFen(yuan * 100L)
        .document(
            "FW%s-%s"
                .formatted(
                    DAY.format(LocalDate.ofInstant(at, OrderDesk.ZONE)),
                    order.orderNo().substring(order.orderNo().indexOf('-') + 1)));
  }

  private ReturnNote returned(SalesOrder order, int number, Instant delivered, Random random) {
    SalesOrderLine line = order.lines().get(random.nextInt(order.lines().size()));
    return ReturnNote.of("TH%05d".formatted(number), delivered.plus(Duration.ofDays(2)))
        .order(order.orderNo())
        .line(
            ReturnLine.of("1", line.product().category().code(), 1, line.unitPrice())
                .orderLine(String.valueOf(line.lineNo())));
  }

  private void tagBySpending() {
    Map<String, BigDecimal> spent =
        sales.stream()
            .filter(sale -> sale.order().status() != OrderStatus.CANCELLED)
            .collect(
                Collectors.groupingBy(
                    sale -> sale.customer().no(),
                    Collectors.reducing(
                        BigDecimal.ZERO, sale -> sale.order().total(), BigDecimal::add)));
    customers.stream()
        .filter(one -> spent.getOrDefault(one.no(), BigDecimal.ZERO).compareTo(BIG_SPENDER) >= 0)
        .forEach(one -> one.tags().add("大客户"));
    sales.stream()
        .filter(sale -> sale.order().channel().equals("老客介绍"))
        .forEach(sale -> sale.customer().tags().add("老客介绍"));
  }
}
