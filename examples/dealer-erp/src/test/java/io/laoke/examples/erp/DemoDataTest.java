package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.examples.erp.DemoHistory.Sale;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentJson;
import io.laoke.simulator.Follower;
import java.math.BigDecimal;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DemoDataTest {
  private static final LocalDate END = LocalDate.of(2026, 11, 1);

  private static Running empty;

  @BeforeAll
  static void start() {
    empty = new Running("--erp.sample-orders=false");
  }

  @AfterAll
  static void end() {
    empty.close();
  }

  private static DemoHistory history(long seed, int members) {
    return new DemoHistory(
        seed,
        members,
        END,
        empty.bean(Products.class).findAllByOrderBySku(),
        empty.bean(Salespeople.class).findAllByOrderByCode());
  }

  private static List<String> told(DemoHistory history) {
    return history.sales().stream()
        .map(
            sale ->
                "%s %s %s %s %s %s %s"
                    .formatted(
                        sale.order().orderNo(),
                        sale.order().orderedAt(),
                        sale.customer(),
                        sale.order().total(),
                        sale.order().status(),
                        sale.services(),
                        sale.returned()))
        .toList();
  }

  private static BigDecimal sum(DemoHistory history) {
    return history.sales().stream()
        .map(sale -> sale.order().total())
        .reduce(BigDecimal.ZERO, BigDecimal::add);
  }

  @Test
  void theSameSeedGivesTheSame() {
    DemoHistory once = history(7, 400);
    assertThat(told(history(7, 400))).isEqualTo(told(once));
    assertThat(told(history(8, 400))).isNotEqualTo(told(once));
  }

  @Test
  void aKnownSeedGivesKnownSums() {
    DemoHistory history = history(20_061_109, 5_000);
    assertThat(history.customers()).hasSize(5_000);
    assertThat(history.sales().size()).isEqualTo(11_037);
    assertThat(sum(history)).isEqualByComparingTo("47954049");
  }

  @Test
  void proportionsAreThoseOfSuchADealer() {
    DemoHistory history = history(1, 5_000);
    List<Sale> sales = history.sales();
    for (Sale sale : sales) {
      assertThat(sale.order().orderedAt()).isBefore(history.end());
      assertThat(sale.order().steps()).allMatch(s -> s.at().isBefore(history.end()));
      assertThat(sale.services()).allMatch(s -> s.doneAt().isBefore(history.end()));
      assertThat(sale.customer().phone()).matches("154\\d{8}");
    }
    Map<Integer, Long> aircons = byMonth(sales, "aircon");
    assertThat(aircons.get(6)).isGreaterThan(4 * aircons.get(10));
    Map<Integer, Long> heaters = byMonth(sales, "heater");
    assertThat(heaters.get(11)).isGreaterThan(2 * heaters.get(7));
    assertThat(share(sales, sale -> day(sale).getMonthValue() == 6 && near(day(sale), 18)))
        .isBetween(0.04, 0.12);
    assertThat(share(sales, sale -> day(sale).getMonthValue() == 11 && near(day(sale), 11)))
        .isBetween(0.04, 0.12);
    assertThat(share(sales, sale -> sale.order().status() == OrderStatus.CANCELLED))
        .isBetween(0.02, 0.04);
    assertThat(share(sales, sale -> sale.returned().isPresent())).isBetween(0.01, 0.03);
    Map<String, Long> times =
        sales.stream()
            .collect(Collectors.groupingBy(s -> s.customer().no(), Collectors.counting()));
    double again = times.values().stream().filter(n -> n > 1).count() / 5_000.0;
    assertThat(again).as("who came again").isBetween(0.45, 0.7);
    assertThat(sum(history).longValue() / sales.size())
        .as("yuan an order")
        .isBetween(2_500L, 6_500L);
    assertThat(sales.stream().map(s -> s.order().orderNo()).distinct()).hasSize(sales.size());
  }

  private static Map<Integer, Long> byMonth(List<Sale> sales, String category) {
    return sales.stream()
        .filter(s -> s.order().lines().get(0).product().category().code().equals(category))
        .map(s -> day(s).getMonthValue())
        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
  }

  private static LocalDate day(Sale sale) {
    return LocalDate.ofInstant(sale.order().orderedAt(), OrderDesk.ZONE);
  }

  private static boolean near(LocalDate day, int festival) {
    return day.getDayOfMonth() <= festival && day.getDayOfMonth() > festival - 3;
  }

  private static double share(List<Sale> sales, Predicate<Sale> which) {
    return sales.stream().filter(which).count() / (double) sales.size();
  }

  @Test
  void allOfItIsInTheErpAndInLaokeAndStaysOnceOverARestart(@TempDir Path dir) {
    String[] args = {
      "--erp.demo.members=300",
      "--spring.datasource.url=jdbc:h2:file:" + dir.resolve("erp") + ";WRITE_DELAY=0"
    };
    long orders;
    try (Running erp = new Running(args)) {
      orders = erp.bean(SalesOrders.class).count();
      assertThat(orders).isGreaterThan(500);
      Dealer dealer = erp.bean(Laoke.class).dealer("hengxin");
      assertThat(
              count(dealer, "{\"agg\":\"count\",\"of\":\"services\",\"op\":\"gte\",\"value\":1}"))
          .isGreaterThan(50);
      assertThat(count(dealer, "{\"field\":\"follows\",\"op\":\"eq\",\"value\":true}"))
          .isGreaterThan(5);
      assertThat(dealer.segments().countRows(everyone(), "orders", Instant.now()))
          .isBetween(orders - orders / 10, orders);
    }
    try (Running again = new Running(args)) {
      assertThat(again.bean(SalesOrders.class).count()).isEqualTo(orders);
    }
  }

  @Test
  void messagesGoOutOnWhateverDayIsPlayed() throws Exception {
    CustomerNotices notices = empty.bean(CustomerNotices.class);
    DemoDate date = empty.bean(DemoDate.class);
    LocalDate today = date.today();
    try {
      int cards = 0;
      Follower customer = empty.account().follower("穿越");
      for (int months : List.of(7, 0, -7, 14)) {
        assertThat(move(today.plusMonths(months).toString()))
            .contains("演示日期是 " + today.plusMonths(months));
        String orderNo = order();
        assertThat(
                empty
                    .bean(OrderDesk.class)
                    .open(orderNo)
                    .orderedAt()
                    .atZone(OrderDesk.ZONE)
                    .toLocalDate())
            .isEqualTo(today.plusMonths(months));
        notices.issue(orderNo);
        customer.scan(notices.code(orderNo).content());
        empty.bean(OrderDesk.class).advance(orderNo, StepForm.to(OrderStatus.APPROVED));
        int wanted = ++cards;
        await()
            .atMost(Duration.ofSeconds(60))
            .untilAsserted(() -> assertThat(customer.cards()).hasSize(wanted));
      }
      assertThat(move("2001-01-01")).contains("前后五年");
    } finally {
      date.back();
    }
    assertThat(date.today()).isEqualTo(today);
  }

  private static String move(String day) throws Exception {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    HttpRequest form =
        HttpRequest.newBuilder(URI.create(empty.url() + "/demo-date"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Origin", empty.url())
            .header("Referer", empty.url() + "/messages?x=1")
            .POST(HttpRequest.BodyPublishers.ofString("day=" + day))
            .build();
    return browser.send(form, HttpResponse.BodyHandlers.ofString()).body();
  }

  private static String order() {
    OrderForm form = OrderForm.blank(1);
    form.setCustomerName("穿越");
    form.setCustomerPhone("15409990001");
    form.setRegion("浙江/杭州/西湖区");
    form.setStreet("文三路 2 号");
    form.setSalesperson("D1001");
    form.getLines().get(0).setSku("KH2101");
    return empty.bean(OrderDesk.class).create(form);
  }

  private static Segment everyone() {
    return SegmentJson.read("{\"v\":1,\"where\":{\"everyone\":true}}");
  }

  private static long count(Dealer dealer, String node) {
    return dealer.segments().count(SegmentJson.read("{\"v\":1,\"where\":" + node + "}"));
  }
}
