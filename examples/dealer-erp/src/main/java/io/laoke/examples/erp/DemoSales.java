package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportOptions;
import io.laoke.member.Member;
import io.laoke.push.PlanDecision;
import io.laoke.simulator.WeChatSimulator;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.UUID;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * 演示成交: lets time pass after a plan was sent, and customers buy. Of a hundred, {@link #USUAL} would
 * have bought anyway, and {@link #MORE} more do because they got an article: that is the truth that
 * the page's result is to find again.
 */
@Component
@ConditionalOnProperty("erp.simulator")
class DemoSales {
  static final int USUAL = 30;
  static final int MORE = 15;

  private static final long SEED = 4_021;
  private static final int HUNDRED = 100;
  private static final Duration CUSTOMERS_SLEEP = Duration.ofMinutes(30);

  private final PlanDesk plans;
  private final SalesOrders orders;
  private final Products products;
  private final Salespeople salespeople;
  private final NumberSeriesTable numbers;
  private final Dealer dealer;
  private final DemoDate date;
  private final Clock clock;
  private final TransactionTemplate transactions;

  DemoSales(
      WeChatSimulator simulated,
      PlanDesk plans,
      SalesOrders orders,
      Products products,
      Salespeople salespeople,
      NumberSeriesTable numbers,
      Laoke laoke,
      DemoDate date,
      Clock clock,
      TransactionTemplate transactions) {
    this.plans = plans;
    this.orders = orders;
    this.products = products;
    this.salespeople = salespeople;
    this.numbers = numbers;
    this.dealer = laoke.dealer("hengxin");
    this.date = date;
    this.clock = clock;
    this.transactions = transactions;
  }

  private record Purchase(Member member, String goods, Instant at, String id) {}

  /**
   * So many days go by since the plan was set off. Repeating it makes no second order of the same
   * kind.
   */
  void pass(String key, int days) {
    Instant from = plans.startedAt(key).orElseThrow(NotFound::new);
    LocalDate end = LocalDate.ofInstant(from, OrderDesk.ZONE).plusDays(days);
    if (end.isAfter(date.today())) {
      date.go(end);
    }
    List<Sold> sold =
        Objects.requireNonNull(
            transactions.execute(
                status ->
                    purchases(key, from, days).stream()
                        .filter(one -> orders.findByRequestId(one.id()).isEmpty())
                        .map(this::sold)
                        .toList()));
    // Laoke: as any orders that were written down elsewhere.
    dealer
        .imports()
        .run(
            "sales " + key + " " + days,
            sold.stream()
                .map(one -> ImportFact.order(CustomerNotices.order(one.order(), one.card())))
                .iterator(),
            ImportOptions.defaults());
  }

  /** An order with the card of whose it is. */
  private record Sold(SalesOrder order, String card) {}

  private List<Purchase> purchases(String key, Instant from, int days) {
    List<String> skus =
        products.findAllByOrderBySku().stream()
            .filter(one -> !one.service())
            .map(Product::sku)
            .toList();
    List<Purchase> all = new ArrayList<>();
    for (PlanDecision one : plans.decisions(key)) {
      if (one.result() == PlanDecision.Result.STOPPED) {
        continue;
      }
      Member member = plans.member(one.memberId()).orElse(null);
      if (member == null || card(member).isEmpty() || member.name().isEmpty()) {
        continue;
      }
      Random random =
          new Random(
              new SplittableRandom(SEED + member.name().get().hashCode() * 31L + key.hashCode())
                  .nextLong());
      int luck = random.nextInt(HUNDRED);
      int share = one.result() == PlanDecision.Result.CHOSEN ? USUAL + MORE : USUAL;
      Instant at =
          from.plus(CUSTOMERS_SLEEP)
              .plusSeconds((long) (random.nextDouble() * (days * 86_400L - 7_200)));
      String sku = skus.get(random.nextInt(skus.size()));
      if (luck < share && at.isBefore(clock.instant())) {
        String id =
            UUID.nameUUIDFromBytes(
                    (key + "/" + days + "/" + member.id()).getBytes(StandardCharsets.UTF_8))
                .toString();
        all.add(new Purchase(member, sku, at, id));
      }
    }
    return all;
  }

  /** The number of a customer of the demo's history; others have no card. */
  private static Optional<String> card(Member member) {
    return member.customerNos().stream().filter(DemoCustomer::isOne).findFirst();
  }

  private Sold sold(Purchase one) {
    String card = card(one.member()).orElseThrow();
    NumberSeries series = numbers.findWithLockByName(NumberSeries.SALES_ORDER).orElseThrow();
    List<Salesperson> people = salespeople.findAllByOrderByCode();
    Product product = products.findById(one.goods()).orElseThrow();
    SalesOrder order =
        new SalesOrder(
            OrderDesk.number(series, one.at()),
            one.id(),
            one.at(),
            one.member().name().orElseThrow(),
            DemoCustomer.phone(card),
            one.member().region().orElse(MasterData.REGIONS.get(0)),
            "文三路 1 号",
            "门店",
            people.get((int) (one.member().id() % people.size())));
    order.add(product, 1, product.listPrice());
    order.goTo(OrderStatus.REPORTED, one.at(), StepForm.to(OrderStatus.REPORTED));
    return new Sold(orders.save(order), card);
  }
}
