package io.laoke.reminder;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.base.HostTransaction;
import io.laoke.binding.FakePlatform;
import io.laoke.catalog.Category;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.jdbc.Work;
import io.laoke.message.Inbound;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.sms.FakeSms;
import io.laoke.sms.SmsAccount;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;

/** A dealer with rules, and any number of engines on one database, whose day the test decides. */
final class ReminderFixture implements AutoCloseable {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  static final LocalDate START = LocalDate.of(2026, 1, 10);

  final HikariDataSource pool;
  private final Database database;

  /** The dealer's account. */
  final FakePlatform platform = new FakePlatform("wx1");

  /** The dealer's provider of text messages. */
  final FakeSms sms = new FakeSms("aliyun");

  private final List<Laoke> engines = new ArrayList<>();
  private final AtomicInteger facts = new AtomicInteger();
  private volatile LocalDate today = START;

  ReminderFixture(TestServer server) {
    this(server, DealerSettings.defaults());
  }

  ReminderFixture(TestServer server, DealerSettings settings) {
    this(server.migrated(), settings);
    dealer().catalog().put(Category.of("kitchen/hood", "油烟机"));
    dealer().catalog().put(Category.of("kitchen/purifier", "净水器"));
    dealer().catalog().put(Category.of("ac", "空调"));
  }

  /** The dealer as a database has it; closes the pool. */
  ReminderFixture(HikariDataSource pool, DealerSettings settings) {
    this.pool = pool;
    database = new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
    engine(settings);
  }

  /** One more engine. */
  Laoke engine(DealerSettings settings) {
    Laoke engine =
        builder(pool)
            .dealer("hengxin", settings)
            .account("hengxin", platform)
            .account("hengxin", SmsAccount.of("sms1", sms, "恒信电器"))
            .build();
    engines.add(engine);
    return engine;
  }

  /** One more engine that tells what is booked. */
  Laoke engine(BookingListener listener) {
    Laoke engine = builder(pool).dealer("hengxin").bookings(listener).build();
    engines.add(engine);
    return engine;
  }

  /** One more engine that tells staff what they have to do. */
  Laoke digesting(DigestListener listener) {
    Laoke engine = builder(pool).dealer("hengxin").digests(listener).build();
    engines.add(engine);
    return engine;
  }

  /** An engine over another way to the same database; not closed with this. */
  Laoke over(DataSource source) {
    return builder(source).dealer("hengxin").build();
  }

  /** The same with all that it tells customers by. */
  Laoke told(DataSource source) {
    return builder(source)
        .dealer("hengxin")
        .account("hengxin", platform)
        .account("hengxin", SmsAccount.of("sms1", sms, "恒信电器"))
        .build();
  }

  private Laoke.Builder builder(DataSource source) {
    return Laoke.builder()
        .dataSource(source)
        .clock(
            new Clock() {
              @Override
              public ZoneId getZone() {
                return ZONE;
              }

              @Override
              public Clock withZone(ZoneId zone) {
                return this;
              }

              @Override
              public Instant instant() {
                return at(today);
              }
            });
  }

  Laoke engine(int number) {
    return engines.get(number);
  }

  Dealer dealer() {
    return engines.get(0).dealer("hengxin");
  }

  ReminderRules rules() {
    return dealer().reminders().rules();
  }

  /** Noon of a day, where the dealer is. */
  static Instant at(LocalDate day) {
    return day.atTime(12, 0).atZone(ZONE).toInstant();
  }

  LocalDate today() {
    return today;
  }

  /** Lets it be that day, and does what is due. */
  void on(LocalDate day) {
    today = day;
    tick();
  }

  /** Lets it be that day. */
  void be(LocalDate day) {
    today = day;
  }

  void tick() {
    engines.get(0).tick(at(today));
  }

  static ReminderRule cleaning() {
    return ReminderRule.of(
        "hood", "kitchen/hood", "CLEANING", ServiceCycle.every(Period.ofMonths(6)));
  }

  static Order order(String orderNo, String customer, int hoods) {
    Order order =
        Order.of(orderNo, at(START))
            .store("S1")
            .line(OrderLine.goods("1", "kitchen/hood", hoods, "3000"));
    return customer == null ? order : order.buyer(Buyer.of(customer, null, null));
  }

  void sold(String orderNo, String customer, int hoods) {
    dealer().orders().upsert(order(orderNo, customer, hoods));
  }

  void installed(String orderNo, LocalDate day) {
    dealer().orders().advance(orderNo, StageReport.of(Stage.INSTALLED, at(day)));
  }

  /** Orders of customers of their own, each of one hood, that come due on a day. */
  LocalDate due(int orders) {
    rules().put(cleaning());
    for (int i = 1; i <= orders; i++) {
      sold("SO-" + i, "C" + i, 1);
      installed("SO-" + i, START);
    }
    on(START.plusMonths(6));
    return today;
  }

  Tasks work() {
    return dealer().reminders().tasks();
  }

  /** The newest task that an order is in. */
  long task(String orderNo) {
    return Long.parseLong(
        rows("""
                SELECT MAX(i.task_id) FROM {reminder_item} i
                JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
                JOIN {customer_order} o ON o.dealer_id = u.dealer_id AND o.id = u.order_id
                WHERE o.order_no = '%s'"""
                .formatted(orderNo))
            .get(0));
  }

  /** The claims of all tasks have lapsed. */
  void lapse() {
    write("UPDATE {reminder_task} SET lease_ms = 1 WHERE lease_ms IS NOT NULL");
  }

  /** Has somebody scan an order's code and follow the account by it. */
  void follows(String openid, String orderNo) {
    dealer().bindings().issue(orderNo);
    String scene =
        rows("""
                SELECT t.scene FROM {ticket} t
                JOIN {customer_order} o ON o.dealer_id = t.dealer_id AND o.id = t.order_id
                WHERE o.order_no = '%s'"""
                .formatted(orderNo))
            .get(0);
    engines
        .get(0)
        .receive(
            "wx1",
            new Inbound.Scanned("f" + facts.incrementAndGet(), at(today), openid, scene, true));
  }

  /** What comes next of an order's only unit. */
  String next(String orderNo) {
    return dealer().reminders().of(orderNo).stream()
        .map(one -> one.next().toEnglish())
        .collect(Collectors.joining("; "));
  }

  /** As it is stored: order and unit, kind, due day. */
  List<String> planned() {
    return rows(
        """
        SELECT o.order_no, u.line_no, u.unit_no, r.kind, r.state, r.due, r.contact_day, r.closed
        FROM {reminder} r
        JOIN {order_unit} u ON u.dealer_id = r.dealer_id AND u.id = r.unit_id
        JOIN {customer_order} o ON o.dealer_id = r.dealer_id AND o.id = r.order_id""");
  }

  /** Dates that came due, each with the day on which it did. */
  List<String> contacts() {
    return rows(
        """
        SELECT o.order_no, u.line_no, u.unit_no, i.kind, i.due, i.opened, i.state
        FROM {reminder_item} i
        JOIN {order_unit} u ON u.dealer_id = i.dealer_id AND u.id = i.unit_id
        JOIN {customer_order} o ON o.dealer_id = i.dealer_id AND o.id = u.order_id""");
  }

  /** Tasks by their states, each with how many dates it is about. */
  List<String> tasks() {
    return rows(
        """
        SELECT t.state, t.opened, (SELECT COUNT(*) FROM {reminder_item} i
          WHERE i.dealer_id = t.dealer_id AND i.task_id = t.id) AS items
        FROM {reminder_task} t""");
  }

  /** Members of whom several tasks hold what came due on a day. */
  List<String> splitContacts(LocalDate day) {
    return rows(
        """
        SELECT t.member_id FROM {reminder_item} i
        JOIN {reminder_task} t ON t.dealer_id = i.dealer_id AND t.id = i.task_id
        WHERE t.member_id IS NOT NULL AND i.opened = '%s'
        GROUP BY t.member_id HAVING COUNT(DISTINCT t.id) > 1"""
            .formatted(day));
  }

  /**
   * Open dates in another's task or in none that more may join, and tasks that are open or ended
   * against what they hold.
   */
  List<String> strays() {
    List<String> strays =
        new ArrayList<>(
            rows(
                """
                SELECT i.unit_id, i.kind, t.open_party, r.party FROM {reminder_item} i
                JOIN {reminder_task} t ON t.dealer_id = i.dealer_id AND t.id = i.task_id
                JOIN {reminder} r ON r.dealer_id = i.dealer_id AND r.unit_id = i.unit_id
                  AND r.kind = i.kind
                WHERE i.state = 'OPEN' AND t.state NOT IN ('CLAIMED', 'CONTACTED', 'BOOKED')
                  AND (t.open_party IS NULL OR t.open_party <> r.party)"""));
    strays.addAll(
        rows(
            """
            SELECT t.id, t.state, t.open_party FROM {reminder_task} t
            WHERE CASE t.state WHEN 'OPEN' THEN 1 ELSE 0 END
                <> CASE WHEN t.open_party IS NULL THEN 0 ELSE 1 END
              OR CASE WHEN t.state IN ('OPEN', 'CLAIMED', 'CONTACTED', 'BOOKED') THEN 1 ELSE 0 END
                <> t.listed
              OR t.listed <> CASE WHEN t.party IS NULL THEN 0 ELSE 1 END"""));
    strays.addAll(
        rows(
            """
            SELECT t.id, t.state FROM {reminder_task} t
            WHERE t.listed <> CASE WHEN EXISTS (
              SELECT 1 FROM {reminder_item} i
              WHERE i.dealer_id = t.dealer_id AND i.task_id = t.id AND i.state = 'OPEN')
              THEN 1 ELSE 0 END"""));
    return strays;
  }

  /** All that is stored of reminders, as text. */
  List<String> everything() {
    List<String> all = new ArrayList<>();
    for (String table : List.of("reminder", "reminder_task", "reminder_item", "reminder_audit")) {
      database
          .read("read", tx -> tx.query("SELECT * FROM {" + table + "}").mapToMap().list())
          .forEach(row -> all.add(table + new TreeMap<>(row)));
    }
    all.sort(null);
    return all;
  }

  List<String> rows(String sql) {
    return database.read(
        "read",
        tx ->
            tx
                .query(sql)
                .map(
                    (row, context) -> {
                      List<String> values = new ArrayList<>();
                      for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        values.add(String.valueOf(row.getObject(i)));
                      }
                      return String.join(" ", values);
                    })
                .list()
                .stream()
                .sorted()
                .toList());
  }

  /** One transaction of the test's own. */
  <T> T in(Work<T> work) {
    return database.write("test", work);
  }

  int count(String table) {
    return database.read(
        "count", tx -> tx.query("SELECT COUNT(*) FROM {" + table + "}").mapTo(Integer.class).one());
  }

  int write(String sql) {
    return database.write("write", tx -> tx.update(sql).execute());
  }

  @Override
  public void close() {
    engines.forEach(Laoke::close);
    pool.close();
  }
}
