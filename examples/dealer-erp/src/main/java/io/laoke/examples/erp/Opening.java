package io.laoke.examples.erp;

import io.laoke.examples.erp.OrderForm.Line;
import io.laoke.simulator.Follower;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.SmsGateway;
import io.laoke.simulator.SmsProvider;
import io.laoke.simulator.WeChatSimulator;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.boot.web.context.WebServerApplicationContext;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** What is done once the shop is open: the account's callback is set, some orders are made. */
@Component
class Opening {
  private static final String SAMPLES = "sample-orders";
  private static final int BOUND = 120;
  private static final Duration LATELY = Duration.ofDays(60);

  private final DemoData demo;
  private final DemoFollowers followers;
  private final DemoSettings settings;
  private final OrderDesk desk;
  private final CustomerNotices notices;
  private final ObjectProvider<WeChatSimulator> simulator;
  private final ObjectProvider<SmsGateway> sms;
  private final String smsPath;
  private final WebServerApplicationContext web;
  private final Clock clock;
  private final boolean orders;

  Opening(
      DemoData demo,
      DemoFollowers followers,
      DemoSettings settings,
      OrderDesk desk,
      CustomerNotices notices,
      ObjectProvider<WeChatSimulator> simulator,
      ObjectProvider<SmsGateway> sms,
      @Value("${erp.sms.push-path:}") String smsPath,
      WebServerApplicationContext web,
      Clock clock,
      @Value("${erp.sample-orders}") boolean orders) {
    this.demo = demo;
    this.followers = followers;
    this.settings = settings;
    this.desk = desk;
    this.notices = notices;
    this.simulator = simulator;
    this.sms = sms;
    this.smsPath = smsPath;
    this.web = web;
    this.clock = clock;
    this.orders = orders;
  }

  @EventListener(ApplicationReadyEvent.class)
  void open() {
    simulator.ifAvailable(platform -> platform.phonesShow(clock));
    String erp = "http://127.0.0.1:" + web.getWebServer().getPort();
    boolean first = desk.search(null, null, 0).isEmpty();
    Optional<DemoHistory> history = demo.load();
    List<DemoCustomer> fans = history.or(demo::begun).map(DemoFollowers::choose).orElse(List.of());
    simulator.ifAvailable(
        platform -> {
          SimulatedAccount account = platform.accounts().get(0);
          DemoFollowers.follow(account, fans);
          account.writeDraft(
              "净水器选购：三步不花冤枉钱",
              "恒信家电",
              "量水压、看通量、算滤芯。",
              "<p>员工在公众号后台写的一篇。</p><h3>三步</h3><p>量水压，看通量，算滤芯一年多少钱。</p>",
              PictureShelf.read("value"));
          if (history.isPresent()) {
            followers.tell(account, fans);
          }
        });
    sms.ifAvailable(
        gateway ->
            gateway
                .receiptsTo(SmsProvider.ALIYUN, erp + "/sms/" + smsPath + "/receipts")
                .repliesTo(SmsProvider.ALIYUN, erp + "/sms/" + smsPath + "/replies"));
    simulator.ifAvailable(
        platform -> {
          SimulatedAccount account = platform.accounts().get(0);
          account.callbackUrl(erp + "/laoke/wechat/hengxin");
          history.ifPresent(loaded -> bind(account, loaded, fans));
          if (orders && (first || history.isPresent()) && settings.read(SAMPLES).isEmpty()) {
            sample(account);
            settings.write(SAMPLES, "made");
          }
        });
    System.out.println("\n  ERP            " + erp + "/");
    simulator.ifAvailable(
        platform -> System.out.println("  Phone 手机     " + platform.baseUrl() + "/"));
    System.out.println("\n  Stop with Ctrl+C.\n");
  }

  /** Some customers of lately scanned their code, so that they follow. */
  private void bind(SimulatedAccount account, DemoHistory history, List<DemoCustomer> fans) {
    Instant since = history.end().minus(LATELY);
    Set<String> people = new HashSet<>();
    Map<String, String> known =
        fans.stream().collect(Collectors.toMap(DemoCustomer::name, DemoCustomer::no));
    history.sales().stream()
        .filter(sale -> sale.order().orderedAt().isAfter(since))
        .filter(sale -> sale.order().status() != OrderStatus.CANCELLED)
        .filter(
            sale ->
                known
                    .getOrDefault(sale.customer().name(), sale.customer().no())
                    .equals(sale.customer().no()))
        .filter(sale -> people.add(sale.customer().name()))
        .limit(BOUND)
        .forEach(
            sale -> {
              notices.issue(sale.order().orderNo());
              scan(account, sale.order().orderNo(), sale.customer().name());
            });
  }

  private void sample(SimulatedAccount account) {
    String gu = order("顾晓棠", "13705710055", "D1001", line("KH2103", 1, ""));
    scan(account, gu, "顾晓棠");
    advance(gu, OrderStatus.APPROVED, OrderStatus.SHIPPED, OrderStatus.SCHEDULED);
    advance(gu, OrderStatus.DELIVERED, OrderStatus.INSTALLED);
    String zhou =
        order("周敏", "13805710011", "D1001", line("KH2102", 1, "4399"), line("KS2201", 1, ""));
    scan(account, zhou, "周敏");
    advance(zhou, OrderStatus.APPROVED, OrderStatus.SHIPPED);
    String lin =
        order("林国栋", "13905710022", "D2001", line("CF4102", 1, "6299"), line("SV9102", 1, ""));
    scan(account, lin, "林国栋");
    scan(account, lin, "林太太");
    advance(lin, OrderStatus.APPROVED);
    String shen =
        order("沈玉兰", "13605750033", "D3001", line("WP3101", 1, ""), line("WF3202", 2, "259"));
    advance(shen, OrderStatus.APPROVED, OrderStatus.CANCELLED);
    order("何志远", "15868810044", "D1002", line("AT5101", 1, "5799"));
  }

  private String order(String name, String phone, String salesperson, Line... lines) {
    OrderForm form = new OrderForm();
    form.setCustomerName(name);
    form.setCustomerPhone(phone);
    form.setRegion(MasterData.REGIONS.get(0));
    form.setStreet("文三路 " + (phone.charAt(10) + 100) + " 号 3 幢 502");
    form.setSalesperson(salesperson);
    form.setLines(List.of(lines));
    String orderNo = desk.create(form);
    notices.issue(orderNo);
    return orderNo;
  }

  private static Line line(String sku, int quantity, String price) {
    Line line = new Line();
    line.setSku(sku);
    line.setQuantity(quantity);
    line.setPrice(price.isEmpty() ? null : new java.math.BigDecimal(price));
    return line;
  }

  private void scan(SimulatedAccount account, String orderNo, String person) {
    Follower follower = account.follower(person);
    follower.scan(notices.code(orderNo).content());
  }

  private void advance(String orderNo, OrderStatus... steps) {
    for (OrderStatus step : steps) {
      desk.advance(orderNo, StepForm.to(step));
    }
  }
}
