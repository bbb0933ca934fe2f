package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.examples.erp.DemoHistory.Sale;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportOptions;
import io.laoke.imports.ImportReport;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.AttributeType.Choice;
import io.laoke.member.Consent;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.message.Purpose;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts the history of the demo into an empty database: the ERP's own orders in one transaction,
 * then the same to Laoke as any dealer brings its history in. Killed in between, the next start
 * goes on. A database with other orders is left alone.
 */
@Component
class DemoData {
  private static final Logger LOG = LoggerFactory.getLogger(DemoData.class);
  private static final long SEED = 20_061_109;
  private static final String KEPT = "history";
  private static final String TOLD = "history-told";
  private static final String BY = "演示数据";
  private static final int NOTES_AT_ONCE = 250;
  private static final double AGREE = 0.3;

  private final SalesOrders orders;
  private final Products products;
  private final Salespeople salespeople;
  private final NumberSeriesTable numbers;
  private final DemoSettings settings;
  private final TransactionTemplate transactions;
  private final Dealer dealer;
  private final Clock clock;
  private final int members;

  DemoData(
      SalesOrders orders,
      Products products,
      Salespeople salespeople,
      NumberSeriesTable numbers,
      DemoSettings settings,
      TransactionTemplate transactions,
      Laoke laoke,
      Clock clock,
      @Value("${erp.demo.members}") int members) {
    this.orders = orders;
    this.products = products;
    this.salespeople = salespeople;
    this.numbers = numbers;
    this.settings = settings;
    this.transactions = transactions;
    this.dealer = laoke.dealer("hengxin");
    this.clock = clock;
    this.members = members;
  }

  /** Puts in what is missing; does nothing once all is there. */
  Optional<DemoHistory> load() {
    boolean begun = settings.read(KEPT).isPresent();
    if (settings.read(TOLD).isPresent() || (!begun && (members == 0 || orders.count() > 0))) {
      return Optional.empty();
    }
    long start = System.nanoTime();
    LOG.info("Demo data: making {} members and {} years of orders", members, DemoHistory.YEARS);
    DemoHistory history = begun ? again() : keep();
    tell(history);
    settings.write(TOLD, String.valueOf(history.sales().size()));
    LOG.info(
        "Demo data: {} members, {} orders, in {} s",
        history.customers().size(),
        history.sales().size(),
        Duration.ofNanos(System.nanoTime() - start).toSeconds());
    return Optional.of(history);
  }

  /** The history that a database was begun with, if it was. */
  Optional<DemoHistory> begun() {
    return settings.read(KEPT).isPresent() ? Optional.of(again()) : Optional.empty();
  }

  private DemoHistory again() {
    String[] made = settings.read(KEPT).orElseThrow().split(" ", 2);
    return history(Integer.parseInt(made[0]), LocalDate.parse(made[1]));
  }

  private DemoHistory history(int size, LocalDate end) {
    return new DemoHistory(
        SEED, size, end, products.findAllByOrderBySku(), salespeople.findAllByOrderByCode());
  }

  private DemoHistory keep() {
    DemoHistory made =
        transactions.execute(
            status -> {
              LocalDate today = LocalDate.ofInstant(clock.instant(), OrderDesk.ZONE);
              DemoHistory history = history(members, today);
              settings.write(KEPT, members + " " + today);
              numbers
                  .findWithLockByName(NumberSeries.SALES_ORDER)
                  .orElseThrow()
                  .passOver(history.sales().size());
              orders.saveAll(history.sales().stream().map(Sale::order).toList());
              LOG.info("Demo data: the ERP's orders are made");
              return history;
            });
    return Objects.requireNonNull(made);
  }

  // Laoke: a dealer's history, as it is brought in from any ERP.

  private void tell(DemoHistory history) {
    dealer
        .attributes()
        .put(
            AttributeType.code(
                    "house",
                    Choice.of("NEW", "新房", "new home"),
                    Choice.of("SETTLED", "自住多年", "long settled"),
                    Choice.of("RENOVATED", "旧房翻新", "renovated"),
                    Choice.of("RENTED", "租住", "rented"))
                .withLabels("房屋类型", "home"));
    ImportReport report =
        dealer
            .imports()
            .run(
                "dealer-erp history",
                facts(history),
                ImportOptions.defaults().withProgress(DemoData::told));
    if (report.refused() > 0) {
      throw new IllegalStateException("Laoke refused demo data: " + report.refusedBy());
    }
    notes(history);
  }

  private static void told(ImportReport so) {
    LOG.info(
        "Demo data: {} members, {} orders",
        so.of(ImportFact.Kind.MEMBER).accepted(),
        so.of(ImportFact.Kind.ORDER).accepted());
  }

  private static Iterator<ImportFact> facts(DemoHistory history) {
    return Stream.of(
            history.customers().stream().map(DemoData::member),
            history.sales().stream().map(DemoData::order),
            history.sales().stream()
                .flatMap(
                    sale ->
                        sale.services().stream()
                            .map(done -> ImportFact.service(sale.order().orderNo(), done))),
            history.sales().stream()
                .flatMap(sale -> sale.returned().stream().map(ImportFact::returned)))
        .<ImportFact>flatMap(all -> all)
        .iterator();
  }

  private static ImportFact member(DemoCustomer customer) {
    MemberProfile profile =
        MemberProfile.of(customer.no())
            .withName(customer.name())
            .withRegion(customer.region())
            .withPhones(customer.phone())
            .withAttribute("house", Attribute.code(customer.house()));
    profile = customer.gender().map(profile::withGender).orElse(profile);
    return ImportFact.member(customer.birthday().map(profile::withBirthday).orElse(profile));
  }

  private static ImportFact order(Sale sale) {
    ImportFact fact = ImportFact.order(CustomerNotices.order(sale.order(), sale.customer().no()));
    for (OrderStep step : sale.order().steps()) {
      if (step.status() != OrderStatus.REPORTED) {
        fact = fact.stage(CustomerNotices.stage(step));
      }
    }
    return fact;
  }

  /** What staff noted of people, and what they agreed to; some at once, each safe to repeat. */
  private void notes(DemoHistory history) {
    List<DemoCustomer> all = history.customers();
    for (int from = 0; from < all.size(); from += NOTES_AT_ONCE) {
      List<DemoCustomer> some = all.subList(from, Math.min(from + NOTES_AT_ONCE, all.size()));
      transactions.executeWithoutResult(status -> some.forEach(this::note));
    }
  }

  private static Random random(DemoCustomer customer) {
    return new Random(new SplittableRandom(SEED + customer.no().hashCode()).nextLong());
  }

  /** Whether a customer has signed that marketing is welcome. */
  static boolean agrees(DemoCustomer customer) {
    return random(customer).nextDouble() < AGREE;
  }

  private void note(DemoCustomer customer) {
    Random random = random(customer);
    double agrees = random.nextDouble();
    double says = random.nextDouble();
    if (customer.tags().isEmpty() && agrees >= 0.36 && says >= 0.03) {
      return;
    }
    Members people = dealer.members();
    long id = people.find(customer.no()).orElseThrow().id();
    customer.tags().forEach(tag -> people.tag(id, tag, BY));
    Instant at = clock.instant().minus(Duration.ofDays(1 + random.nextInt(300)));
    if (agrees < AGREE && people.consents(id).isEmpty()) {
      people.consent(id, Consent.given(Purpose.MARKETING, "门店签字", "2024 版", at));
    } else if (agrees < 0.36 && people.consents(id).isEmpty()) {
      people.consent(id, Consent.refused(Purpose.MARKETING, "电话回访", at));
    }
    if (says < 0.03 && people.remarks(id).isEmpty()) {
      people.remark(id, REMARKS.get(random.nextInt(REMARKS.size())), BY);
    }
    if (says < 0.002) {
      people.openComplaint(id, "TS-" + customer.no(), "安装后有异响，等回访", BY);
    }
  }

  private static final List<String> REMARKS =
      List.of(
          "送货请走货梯，白天家里有老人",
          "关心能耗，喜欢看评测",
          "新房年底交付，全屋家电还没定",
          "要求上门前一小时打电话",
          "对价格敏感，等 618 再联系",
          "邻居介绍来的，楼上楼下都在装修");
}
