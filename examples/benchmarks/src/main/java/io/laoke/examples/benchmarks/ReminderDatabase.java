package io.laoke.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.message.Inbound;
import io.laoke.message.TickReport;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ServiceCycle;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A database with Laoke's tables and the reminders of a dealer. One order of a follower goes
 * through the public API until its units' reminders are planned; the rows which that has written
 * are then copied by SQL, each copy a customer with an order, its units and their reminders. Of
 * reminders that come due some years later there is nothing else, since nothing else of them is
 * read.
 */
final class ReminderDatabase implements AutoCloseable {
  static final String DEALER = "hengxin";
  static final String RULE = "ac";
  private static final String APP_ID = "wx0000000000000001";
  private static final String OPENID = "oBENCH000000000000000000000";
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private static final int CYCLE_MONTHS = 24;

  /** Installed on the first day, so due on the second. */
  static final LocalDate INSTALLED = LocalDate.of(2026, 1, 10);

  private static final LocalDate FIRST_DUE = INSTALLED.plusMonths(CYCLE_MONTHS);

  /** Rounds on days of their own; what they plan next is due behind all of them. */
  private static final int MOST_DAYS = 400;

  private static final int LATER_FROM = 3 * 365;
  private static final int LATER_DAYS = 4 * 365;

  /** What is different in the copy of number i that is due on a day. */
  private static final Map<String, Map<String, String>> OWN =
      Map.of(
          "member", Map.of("id", "b.id + i"),
          "identity",
              Map.of(
                  "member_id",
                  "b.member_id + i",
                  "value_hash",
                  // As random as real ones, which takes indexes of them apart.
                  "left(translate(encode(sha256((b.kind || i)::bytea), 'base64'), '+/', '-_'), 43)"),
          "customer_order",
              Map.of("id", "b.id + i", "order_no", "'SO-' || i", "member_id", "b.member_id + i"),
          "order_line", Map.of("order_id", "b.order_id + i", "member_id", "b.member_id + i"),
          "order_unit", Map.of("id", "b.id + i * %d", "order_id", "b.order_id + i"),
          "reminder",
              Map.ofEntries(
                  Map.entry("unit_id", "b.unit_id + i * %d"),
                  Map.entry("order_id", "b.order_id + i"),
                  Map.entry("member_id", "b.member_id + i"),
                  Map.entry("party", "'M:' || (b.member_id + i)"),
                  Map.entry("due", "d.day"),
                  Map.entry("contact_day", "d.day"),
                  Map.entry("delivered", "(d.day - interval '24 months')::date"),
                  Map.entry("installed", "(d.day - interval '24 months')::date"),
                  Map.entry("from_day", "(d.day - interval '24 months')::date")));

  private static final List<String> ABOUT_DUE =
      List.of("member", "identity", "customer_order", "order_line", "order_unit", "reminder");

  final HikariDataSource pool;
  final Laoke laoke;
  private final String url;
  private final int units;
  private int dealerId;

  private ReminderDatabase(HikariDataSource pool, String url, int units) {
    this.pool = pool;
    this.units = units;
    this.url = url;
    this.laoke = laoke(pool);
  }

  /** A node that sends nothing: it does what is due of reminders, and others have the account. */
  static Laoke laoke(HikariDataSource pool) {
    return Laoke.builder()
        .dataSource(pool)
        .dealer(DEALER)
        .clock(Clock.fixed(noon(INSTALLED), ZONE))
        .build();
  }

  /**
   * Opens one, and fills it unless it was kept.
   *
   * @param later reminders that come due some years later
   * @param units how many each customer has
   */
  static ReminderDatabase open(Postgres server, String name, int later, int units, Report report)
      throws Exception {
    ReminderDatabase database = new ReminderDatabase(server.pool(name, 8), server.url(name), units);
    database.fill(name, later, report);
    return database;
  }

  String url() {
    return url;
  }

  int dealerId() {
    return dealerId;
  }

  Dealer dealer() {
    return laoke.dealer(DEALER);
  }

  static Instant noon(LocalDate day) {
    return day.atTime(12, 0).atZone(ZONE).toInstant();
  }

  // ---- filling

  private void fill(String name, int later, Report report) throws Exception {
    int migrated = laoke.migrations().apply();
    execute(
        "CREATE TABLE IF NOT EXISTS benchmark_data (later BIGINT, units INT, copies BIGINT, days INT)");
    if (number("SELECT COUNT(*) FROM benchmark_data") == 0) {
      long nanos = Rounds.timed(() -> refill(later));
      report.line("%s: loaded in %.0f s, %,d reminders", name, nanos / 1e9, later);
    } else if (number("SELECT later FROM benchmark_data") != later
        || number("SELECT units FROM benchmark_data") != units) {
      throw new IllegalStateException(
          "The kept database %s holds other reminders than %,d, %d a customer; delete its folder."
              .formatted(name, later, units));
    } else {
      report.line("%s: kept, brought up to date by %d statements", name, migrated);
    }
    dealerId = (int) number("SELECT id FROM laoke_dealer WHERE code = '" + DEALER + "'");
  }

  private void refill(int later) throws SQLException {
    if (number("SELECT COUNT(*) FROM laoke_dealer") > 0) {
      throw new IllegalStateException("An earlier run did not end loading; delete the folder.");
    }
    pattern();
    List<String> indexes = withoutIndexes("reminder");
    int customers = later / units;
    for (int from = 1; from <= customers; from += 500_000) {
      int to = Math.min(customers, from + 499_999);
      copy(
          "reminder",
          from,
          to,
          "DATE '%s' + %d + (i::bigint * 7919 %% %d)::int"
              .formatted(FIRST_DUE, LATER_FROM, LATER_DAYS));
    }
    execute(indexes.toArray(String[]::new));
    execute("VACUUM (ANALYZE)", "CHECKPOINT");
    execute("INSERT INTO benchmark_data VALUES (%d, %d, %d, 0)".formatted(later, units, customers));
  }

  /** The first order by the API, kept as the pattern of all others. */
  private void pattern() throws SQLException {
    try (Laoke engine =
        Laoke.builder()
            .dataSource(pool)
            .dealer(DEALER)
            .clock(Clock.fixed(noon(INSTALLED), ZONE))
            .account(
                DEALER,
                WeChat.officialAccount(
                    OfficialAccountSettings.builder(APP_ID)
                        .secret("0123456789abcdef0123456789abcdef")
                        .baseUrl("http://127.0.0.1:9")
                        .build()))
            .build()) {
      Dealer shop = engine.dealer(DEALER);
      shop.catalog().put(Category.of("ac/split", "分体式空调"));
      shop.notices()
          .reminderTemplate(
              NoticeTemplate.of("TPL-CARE")
                  .field("thing1", "{service.name}")
                  .field("thing2", "{service.items}")
                  .field("time3", "{service.due}")
                  .field("character_string4", "{service.orderNo}"));
      shop.reminders().rules().put(rule(CYCLE_MONTHS));
      shop.orders()
          .upsert(
              Order.of("SO-0", noon(INSTALLED))
                  .store("S1")
                  .buyer(Buyer.of("C-0", "王芳", "13800138000"))
                  .line(
                      OrderLine.goods("1", "ac/split", units, "2599.00")
                          .name("1.5 匹变频挂机空调")
                          .model("KFR-35GW")
                          .brand("恒信")));
      shop.bindings().issue("SO-0");
      String scene = text("SELECT scene FROM laoke_ticket");
      engine.receive(APP_ID, new Inbound.Scanned("bench", noon(INSTALLED), OPENID, scene, true));
      for (Stage stage : List.of(Stage.DELIVERED, Stage.INSTALLED)) {
        shop.orders().advance("SO-0", StageReport.of(stage, noon(INSTALLED)));
      }
      engine.tick(noon(INSTALLED));
    }
    for (String table : OWN.keySet()) {
      execute("CREATE TABLE pattern_%1$s AS SELECT * FROM laoke_%1$s".formatted(table));
    }
    if (number("SELECT COUNT(*) FROM pattern_reminder WHERE contact_day = DATE '" + FIRST_DUE + "'")
        != units) {
      throw new IllegalStateException("The pattern has not a reminder for each unit.");
    }
    // One behind the other, so that copies find room.
    execute(
        "UPDATE pattern_reminder r SET unit_id = (SELECT MIN(id) FROM pattern_order_unit) + u.unit_no - 1"
            + " FROM pattern_order_unit u WHERE u.id = r.unit_id",
        "UPDATE pattern_order_unit SET id = (SELECT MIN(id) FROM pattern_order_unit) + unit_no - 1");
    // Nothing of the pattern itself comes due or waits.
    execute(
        "DELETE FROM laoke_reminder",
        "UPDATE laoke_reminder_change SET next_ms = NULL",
        "TRUNCATE laoke_outbox, laoke_outbox_claim, laoke_decision, laoke_work_due");
  }

  static ReminderRule rule(int months) {
    return ReminderRule.of(
            RULE, "ac/split", "CLEANING", ServiceCycle.every(Period.ofMonths(months)))
        .named("空调清洗");
  }

  private void copy(String table, long from, long to, String day) throws SQLException {
    Map<String, String> own = Objects.requireNonNull(OWN.get(table), table);
    Map<String, String> columns = new LinkedHashMap<>();
    for (String column : columns(table)) {
      columns.put(column, own.getOrDefault(column, "b." + column).replace("%d", units + ""));
    }
    execute(
        "INSERT INTO laoke_%1$s (%2$s) SELECT %3$s FROM pattern_%1$s b, generate_series(%4$d, %5$d) AS i, LATERAL (SELECT %6$s AS day) AS d"
            .formatted(
                table,
                String.join(", ", columns.keySet()),
                String.join(", ", columns.values()),
                from,
                to,
                day));
  }

  /** But for those that the database works out itself. */
  private List<String> columns(String table) throws SQLException {
    return texts(
        """
        SELECT attname FROM pg_attribute
        WHERE attrelid = 'laoke_%s'::regclass AND attnum > 0 AND NOT attisdropped
          AND attgenerated = '' ORDER BY attnum"""
            .formatted(table));
  }

  /** Takes keys and indexes of a table away; the statements that bring them back. */
  private List<String> withoutIndexes(String table) throws SQLException {
    List<String> back =
        texts(
            """
            SELECT 'ALTER TABLE laoke_%1$s ADD CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(oid)
            FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = 'laoke_%1$s'::regclass
            UNION ALL
            SELECT pg_get_indexdef(i.indexrelid) FROM pg_index i
            WHERE i.indrelid = 'laoke_%1$s'::regclass
              AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"""
                .formatted(table));
    for (String gone :
        texts(
            """
            SELECT 'ALTER TABLE laoke_%1$s DROP CONSTRAINT ' || conname
            FROM pg_constraint WHERE contype IN ('p', 'u') AND conrelid = 'laoke_%1$s'::regclass
            UNION ALL
            SELECT 'DROP INDEX ' || i.indexrelid::regclass FROM pg_index i
            WHERE i.indrelid = 'laoke_%1$s'::regclass
              AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)"""
                .formatted(table))) {
      execute(gone);
    }
    return back;
  }

  // ---- rounds

  /**
   * Customers whose reminders come due on a day of their own.
   *
   * @return that day
   */
  LocalDate due(int reminders) throws SQLException {
    return due(reminders, ABOUT_DUE);
  }

  /** Only the rows of reminders themselves. */
  LocalDate dueAlone(int reminders) throws SQLException {
    return due(reminders, List.of("reminder"));
  }

  /** The day of the last round; nothing is due on it any more. */
  LocalDate today() throws SQLException {
    long days = number("SELECT days FROM benchmark_data");
    return days == 0 ? INSTALLED : FIRST_DUE.plusDays(days);
  }

  private LocalDate due(int reminders, List<String> tables) throws SQLException {
    long copies = number("SELECT copies FROM benchmark_data");
    int days = (int) number("SELECT days FROM benchmark_data");
    if (days == MOST_DAYS) {
      throw new IllegalStateException(
          "The kept database has been used too often; delete its folder.");
    }
    LocalDate day = FIRST_DUE.plusDays(days + 1L);
    int customers = reminders / units;
    execute("UPDATE benchmark_data SET copies = copies + %d, days = days + 1".formatted(customers));
    for (String table : tables) {
      copy(table, copies + 1, copies + customers, "DATE '" + day + "'");
    }
    execute("CHECKPOINT");
    return day;
  }

  /**
   * Lets Laoke do what is due; the time it took.
   *
   * @param threads how many of the host call it at once
   */
  long tick(LocalDate day, int threads) throws Exception {
    if (threads == 1) {
      return Rounds.timed(() -> laoke.tick(noon(day)));
    }
    Callable<TickReport> tick = () -> laoke.tick(noon(day));
    ExecutorService host = Executors.newFixedThreadPool(threads);
    try {
      return Rounds.timed(
          () -> {
            for (Future<TickReport> one : host.invokeAll(Collections.nCopies(threads, tick))) {
              one.get();
            }
          });
    } finally {
      host.shutdown();
    }
  }

  /** Each of those that came due on a day has done so once, with all that follows. */
  void prove(LocalDate day, int reminders) throws SQLException {
    String found =
        """
        SELECT COUNT(*), COUNT(CASE WHEN r.contact_day = (i.due + interval '24 months')::date THEN 1 END),
          COUNT(DISTINCT i.task_id), COUNT(DISTINCT c.id), COUNT(DISTINCT o.id), COUNT(DISTINCT d.id)
        FROM laoke_reminder_item i
        LEFT JOIN laoke_reminder r ON r.dealer_id = i.dealer_id AND r.unit_id = i.unit_id
        LEFT JOIN laoke_reminder_contact c ON c.task_id = i.task_id AND c.state = 'TOLD'
        LEFT JOIN laoke_outbox o ON o.cause_id = c.id
        LEFT JOIN laoke_decision d ON d.cause_id = c.id AND d.has_message = 1
        WHERE i.opened = DATE '%s'"""
            .formatted(day);
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      // It would read a table that is not analyzed yet again for each row of another.
      statement.execute("SET enable_nestloop = off");
      try (ResultSet row = statement.executeQuery(found)) {
        row.next();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          if (row.getLong(i) != (i <= 2 ? reminders : reminders / units)) {
            throw new IllegalStateException(
                "Of %,d reminders that were due on %s there are %,d dates, %,d next dates, %,d tasks, %,d contacts, %,d messages and %,d decisions."
                    .formatted(
                        reminders,
                        day,
                        row.getLong(1),
                        row.getLong(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6)));
          }
        }
      }
      statement.execute("RESET enable_nestloop");
    }
    settle();
  }

  /** What a round has left to do is done: messages are sent, and customers have answered. */
  void settle() throws SQLException {
    execute(
        "UPDATE laoke_outbox SET state = 'SENT' WHERE state = 'WAITING'",
        "UPDATE laoke_reminder_contact SET state = 'ENDED', next_ms = NULL WHERE next_ms IS NOT NULL",
        "DELETE FROM laoke_work_due");
  }

  void execute(String... statements) throws SQLException {
    Postgres.execute(pool, List.of(statements));
  }

  long number(String sql) throws SQLException {
    return Long.parseLong(text(sql));
  }

  private String text(String sql) throws SQLException {
    return texts(sql).get(0);
  }

  private List<String> texts(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      List<String> all = new ArrayList<>();
      while (rows.next()) {
        all.add(rows.getString(1));
      }
      return all;
    }
  }

  @Override
  public void close() {
    laoke.close();
    pool.close();
  }
}
