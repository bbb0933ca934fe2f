package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static io.laoke.reminder.ToldCustomers.steps;
import static io.laoke.reminder.ToldCustomers.toCall;
import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.internal.jdbc.Dialect;
import io.laoke.internal.jdbc.Migrations;
import io.laoke.internal.jdbc.Names;
import io.laoke.message.Inbound;
import io.laoke.message.Outbound;
import io.laoke.message.Reply;
import io.laoke.notice.NoticeTemplate;
import io.laoke.sms.SmsRequest;
import io.laoke.testing.TestServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reminders go on where an older build left off. Its rows, as it wrote them itself, are recorded in
 * {@code test/resources/io/laoke} and never made anew: of version 24, which had rules and dates,
 * and of 28, the last before customers could answer.
 */
class ReminderUpgradeTest {
  private static LocalDate day(int month, int day) {
    return LocalDate.of(2026, month, day);
  }

  // ---- the older build

  private static ReminderFixture upgraded(TestServer server, int version) throws Exception {
    return upgraded(server, version, version, List.of());
  }

  /** The rows of that version, and what a later one made of them and has written since. */
  private static ReminderFixture upgraded(
      TestServer server, int version, int later, List<String> since) throws Exception {
    HikariDataSource pool = server.fresh();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      boolean mysql = server == TestServer.MYSQL || server == TestServer.MARIADB;
      Dialect dialect = TestServer.database(pool).dialect();
      List<String> first = upTo(version, dialect);
      for (String sql : first) {
        statement.execute(sql);
      }
      if (mysql) {
        // Text is written as the standard has it.
        statement.execute("SET sql_mode = CONCAT(@@sql_mode, ',NO_BACKSLASH_ESCAPES')");
      }
      for (String sql : recorded(version)) {
        statement.execute(sql);
      }
      if (mysql) {
        statement.execute("SET sql_mode = DEFAULT");
      }
      List<String> then = upTo(later, dialect);
      for (String sql : then.subList(first.size(), then.size())) {
        statement.execute(sql);
      }
      for (String sql : since) {
        statement.execute(sql);
      }
    }
    ReminderFixture laoke =
        new ReminderFixture(
            pool, DealerSettings.defaults().webAddress("https://m.hengxin.example/laoke"));
    List<String> before = untouched(laoke);
    assertThat(before).isNotEmpty();
    assertThat(laoke.engine(0).migrations().apply()).isPositive();
    assertThat(untouched(laoke)).isEqualTo(before);
    return laoke;
  }

  /** The statements of these versions, as a host's own tool would run them. */
  private static List<String> upTo(int version, Dialect dialect) {
    List<String> statements = new ArrayList<>();
    String all = Migrations.render(dialect, new Names("laoke_", Optional.empty()));
    String next = "SELECT " + (version + 1) + ", 1, '";
    for (String sql : all.split(";\n")) {
      if (sql.contains(next)) {
        statements.remove(statements.size() - 1);
        return statements;
      }
      if (!sql.isBlank()) {
        statements.add(sql);
      }
    }
    throw new IllegalStateException("no version behind " + version);
  }

  private static List<String> recorded(int version) throws IOException {
    String name = "/io/laoke/v%03d/data.sql".formatted(version);
    try (InputStream in = ReminderUpgradeTest.class.getResourceAsStream(name)) {
      String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(all.split(";\n")).filter(sql -> !sql.isBlank()).toList();
    }
  }

  /** What an upgrade must leave alone. */
  private static List<String> untouched(ReminderFixture laoke) {
    List<String> rows = new ArrayList<>();
    rows.addAll(
        laoke.rows(
            "SELECT unit_id, kind, rule_code, rule_version, state, due, contact_day, closed,"
                + " not_before FROM {reminder}"));
    rows.addAll(
        laoke.rows("SELECT id, open_party, member_id, state, due, opened FROM {reminder_task}"));
    rows.addAll(
        laoke.rows("SELECT unit_id, kind, due, task_id, opened, state FROM {reminder_item}"));
    rows.addAll(laoke.rows("SELECT id, task_id, action, actor, at_ms FROM {reminder_audit}"));
    rows.addAll(laoke.rows("SELECT id, cause_kind, cause_id, result FROM {decision}"));
    return rows;
  }

  private static void template(ReminderFixture laoke) {
    laoke
        .dealer()
        .notices()
        .reminderTemplate(
            NoticeTemplate.of("T-CARE")
                .field("thing1", "{service.name}")
                .field("thing2", "{service.items}")
                .field("time3", "{service.due}")
                .field("character_string4", "{service.orderNo}"));
  }

  private static List<String> told(ReminderFixture laoke) {
    return laoke.platform.sent().stream().map(Outbound::to).sorted().toList();
  }

  private static ReportRow report(ReminderFixture laoke, int month) {
    return laoke.dealer().reminders().report(ReportQuery.month(YearMonth.of(2026, month))).total();
  }

  /** Each date came due once. */
  private static void eachOnce(ReminderFixture laoke) {
    assertThat(
            laoke.rows(
                "SELECT unit_id, kind, due FROM {reminder_item} GROUP BY unit_id, kind, due"
                    + " HAVING COUNT(*) > 1"))
        .isEmpty();
    assertThat(laoke.strays()).isEmpty();
  }

  // ---- version 24

  @ParameterizedTest
  @EnumSource
  void datesAndTasksOfVersion24GoOn(TestServer server) throws Exception {
    try (ReminderFixture laoke = upgraded(server, 24)) {
      template(laoke);
      laoke.on(day(7, 13));

      assertThat(told(laoke)).as("what had come due by then is for staff").isEmpty();
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-2", "SO-6");
      assertThat(laoke.next("SO-3")).contains("2027-01-12");
      assertThat(laoke.next("SO-4")).contains("2026-08-01");
      assertThat(laoke.next("SO-7")).as("an order that waited").contains("2026-09-01");
      assertThat(laoke.next("SO-8")).as("a rule that waited").contains("2026-07-20");
      eachOnce(laoke);
      ReportRow july = report(laoke, 7);
      assertThat(List.of(july.due(), july.done(), july.incomeFen(), july.ownServices()))
          .containsExactly(5L, 1L, 12_000L, 0L);

      long task = laoke.task("SO-2");
      laoke.work().claim(task, "li");
      laoke.work().contacted(task, "li", ContactChannel.PHONE, ContactResult.REACHED, null);
      laoke.be(day(7, 15));
      assertThat(laoke.work().done(task, "li", ServiceDone.at(at(day(7, 15))).paidFen(20_000)))
          .isTrue();
      laoke.on(day(7, 15));
      assertThat(laoke.next("SO-2")).contains("2027-01-15");
      assertThat(report(laoke, 7).incomeFen()).isEqualTo(32_000);

      laoke.on(day(8, 1));
      laoke.on(day(8, 1));
      assertThat(told(laoke)).containsExactly("o-4");
      assertThat(said(laoke, "o-4", "预约")).contains("打电话");
      assertThat(toCall(laoke)).containsExactly("SO-1", "SO-4", "SO-6", "SO-8");

      laoke.on(day(8, 15));
      laoke.on(day(8, 20));
      assertThat(told(laoke)).as("of what joined the older task").containsExactly("o-4", "o-6");
      assertThat(laoke.work().find(laoke.task("SO-6")).orElseThrow().items())
          .extracting(TaskItem::lineNo)
          .containsExactly("1", "2");
      eachOnce(laoke);
    }
  }

  private static String said(ReminderFixture laoke, String openid, String words) {
    Reply reply =
        laoke
            .engine(0)
            .receive(
                "wx1",
                new Inbound.Said("said-" + openid + words, at(laoke.today()), openid, words));
    return ((Reply.Text) reply).text();
  }

  // ---- version 28

  @ParameterizedTest
  @EnumSource
  void customersWhoWereToldAnswerAndWhoWaitAreToldOnce(TestServer server) throws Exception {
    try (ReminderFixture laoke = upgraded(server, 28)) {
      laoke.be(day(7, 11));
      ToldCustomers.tickAt(laoke, day(7, 11), 3);
      assertThat(laoke.platform.sent()).as("at night").isEmpty();

      laoke.on(day(7, 11));
      laoke.on(day(7, 11));
      assertThat(told(laoke)).containsExactly("o-6");
      assertThat(laoke.sms.sent()).isEmpty();
      assertThat(steps(laoke, "SO-1")).containsExactly("TEMPLATE TOLD");
      assertThat(steps(laoke, "SO-2")).containsExactly("TEMPLATE ENDED NO_FOLLOWER", "SMS TOLD");
      assertThat(toCall(laoke)).containsExactly("SO-3", "SO-5", "SO-9");
      eachOnce(laoke);

      assertThat(said(laoke, "o-1", "预约")).contains("打电话");
      String token = laoke.dealer().reminders().answers().token(laoke.task("SO-1")).orElseThrow();
      assertThat(
              laoke
                  .dealer()
                  .reminders()
                  .answers()
                  .book(token, at(day(7, 16)), at(day(7, 16)).plusSeconds(7_200)))
          .isInstanceOf(AnswerState.Answered.class);
      laoke
          .engine(0)
          .receive(
              "sms1", new Inbound.SmsReply("r-1", at(laoke.today()), "13800000002", "恒信电器", "不需要"));
      laoke.tick();
      assertThat(state(laoke, "SO-1")).isEqualTo(TaskState.BOOKED);
      assertThat(state(laoke, "SO-2")).isEqualTo(TaskState.REFUSED);

      laoke.be(day(7, 14));
      assertThat(laoke.work().done("GD-9", ServiceDone.at(at(day(7, 14))).paidFen(8_000))).isTrue();
      laoke.on(day(7, 15));
      assertThat(steps(laoke, "SO-6")).first().isEqualTo("TEMPLATE ENDED SILENT");
      laoke.on(day(8, 1));
      assertThat(told(laoke)).containsExactly("o-6", "o-8");
      assertThat(laoke.sms.sent()).extracting(SmsRequest::templateCode).isEmpty();
      eachOnce(laoke);

      ReportRow june = report(laoke, 6);
      assertThat(List.of(june.due(), june.done(), june.incomeFen()))
          .containsExactly(4L, 2L, 20_000L);
      assertThat(List.of(june.reached(), june.booked()))
          .as("what had come of them is kept: SO-5 was told by WeChat, all else by staff, too")
          .containsExactly(4L, 2L);
      assertThat(
              laoke
                  .dealer()
                  .reminders()
                  .report(ReportQuery.month(YearMonth.of(2026, 6)).by(ReportQuery.Part.CHANNEL))
                  .rows())
          .extracting(row -> row.channel().orElseThrow() + " " + row.reached())
          .containsExactlyInAnyOrder("PHONE 1", "UNKNOWN 1", "WECHAT 2");
      ReportRow july = report(laoke, 7);
      assertThat(List.of(july.due(), july.reached(), july.booked()))
          .as("SO-3 could not be reached")
          .containsExactly(4L, 3L, 1L);
    }
  }

  private static TaskState state(ReminderFixture laoke, String orderNo) {
    return laoke.work().find(laoke.task(orderNo)).orElseThrow().state();
  }

  // ---- version 31

  /** Days stood in rows whose store or member of staff begins with a blank, as no code does. */
  @ParameterizedTest
  @EnumSource
  void theDaysOfVersion31HaveTablesOfTheirOwn(TestServer server) throws Exception {
    long machineDay = Duration.ofMillis(System.currentTimeMillis()).toDays();
    List<String> since =
        List.of(
            "INSERT INTO laoke_reminder_filled (dealer_id, store_code, fill_day, taken)"
                + " VALUES (1, ' lived', '2027-03-01', 0), (1, 'S1', '2026-07-20', 3),"
                + " (1, 'S2', '2026-07-12', 2), (7, ' lived', '2026-07-02', 0)",
            "INSERT INTO laoke_reminder_digest (dealer_id, staff, digest_day, due, overdue, booked)"
                + " VALUES (1, '', '2026-07-14', 0, 0, 0), (1, 'li', '2026-07-14', 2, 1, 0),"
                + " (1, ' 2026-07-13', '2026-07-13', %1$d, 0, 0),".formatted(machineDay)
                + " (1, ' 2027-02-28', '2027-02-28', 20000, 0, 0),"
                + " (7, ' 2026-07-01', '2026-07-01', %1$d, 0, 0)".formatted(machineDay));
    try (ReminderFixture laoke = upgraded(server, 28, 31, since)) {
      assertThat(laoke.rows("SELECT dealer_id, lived FROM {reminder_clock}"))
          .containsExactly("1 2027-03-01", "7 2026-07-02");
      assertThat(laoke.rows("SELECT dealer_id, digest_day, ended_ms FROM {reminder_digest_day}"))
          .containsExactly(
              "1 2026-07-13 " + machineDay * 86_400_000,
              "1 2027-02-28 1728000000000",
              "7 2026-07-01 " + machineDay * 86_400_000);
      assertThat(laoke.rows("SELECT store_code, fill_day, taken FROM {reminder_filled}"))
          .containsExactly("S1 2026-07-20 3", "S2 2026-07-12 2");
      assertThat(laoke.rows("SELECT digest_day, staff, due FROM {reminder_digest}"))
          .containsExactly("2026-07-14  0", "2026-07-14 li 2");

      List<Digest> told = new CopyOnWriteArrayList<>();
      Laoke telling = laoke.digesting(told::add);
      laoke.work().reassign(laoke.task("SO-3"), null, "li", "boss");
      for (int day = 13; day <= 15; day++) {
        telling.tick(at(day(7, day)));
      }
      assertThat(told).extracting(Digest::day).isNotEmpty().containsOnly(day(7, 15));
      assertThat(laoke.rows("SELECT store_code, fill_day, taken FROM {reminder_filled}"))
          .as("the clock was seven months ahead")
          .containsExactly("S1 2026-07-13 0", "S2 2026-07-12 2");
      assertThat(laoke.rows("SELECT lived FROM {reminder_clock} WHERE dealer_id = 1"))
          .containsExactly("2026-07-15");
      assertThat(laoke.rows("SELECT digest_day FROM {reminder_digest_day} WHERE dealer_id = 1"))
          .containsExactly("2026-07-13", "2026-07-14", "2027-02-28");
      telling.tick(at(LocalDate.of(2027, 2, 28)));
      telling.tick(at(LocalDate.of(2027, 3, 2)));
      assertThat(told)
          .extracting(Digest::day)
          .as("that of February was made, long ago")
          .containsOnly(day(7, 15), LocalDate.of(2027, 3, 2));
      assertThat(laoke.rows("SELECT digest_day FROM {reminder_digest_day} WHERE dealer_id = 1"))
          .containsExactly("2026-07-13", "2026-07-14", "2026-07-15");
    }
  }
}
