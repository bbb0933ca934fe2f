package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.HostTransaction;
import io.laoke.base.Sealer;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.Statements;
import io.laoke.testing.Plans;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of months and days beside those that are asked for nothing is read, as the databases tell. */
class ReportPlansTest {
  private static final int ROWS = 24_000;
  private static final int A_DAY = 20;
  private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);
  private static final YearMonth MONTH = YearMonth.of(2025, 3);

  private final Tenant tenant =
      new Tenant(7, "some", ReminderFixture.ZONE, new Privacy(new byte[32], Sealer.plain()));

  /** 20 dates that came due, services of no date, and dates to come, on each of 1,200 days. */
  private void fill(ReminderFixture laoke) {
    laoke.in(
        tx -> {
          Rows items =
              Rows.of("reminder_item", tenant.id())
                  .with(Rows.Type.LONG, "unit_id", "task_id")
                  .with(Rows.Type.TEXT, "kind", "rule_code", "state")
                  .with(Rows.Type.DATE, "due", "opened", "over_day")
                  .with(Rows.Type.INT, "rule_version")
                  .with(Rows.Type.BOOL, "assumed");
          Rows tasks =
              Rows.of("reminder_task", tenant.id())
                  .with(Rows.Type.LONG, "id")
                  .with(Rows.Type.TEXT, "store_code", "state", "assignee")
                  .with(Rows.Type.DATE, "due", "opened")
                  .with(Rows.Type.INT, "listed")
                  .with(Rows.Type.LONG, "created_ms", "changed_ms");
          Rows services =
              Rows.of("unit_service", tenant.id())
                  .with(Rows.Type.LONG, "id", "order_id")
                  .with(Rows.Type.TEXT, "line_no", "kind", "document")
                  .with(Rows.Type.INT, "unit_no")
                  .with(Rows.Type.LONG, "at_ms", "key_ms", "paid_fen", "recorded_ms");
          Rows planned =
              Rows.of("reminder", tenant.id())
                  .with(Rows.Type.LONG, "unit_id", "order_id")
                  .with(Rows.Type.TEXT, "kind", "category", "party", "store_code")
                  .with(Rows.Type.TEXT, "rule_code", "state")
                  .with(Rows.Type.INT, "closed", "rule_version")
                  .with(Rows.Type.BOOL, "assumed")
                  .with(Rows.Type.DATE, "due", "contact_day");
          Rows orders =
              Rows.of("customer_order", tenant.id())
                  .with(Rows.Type.LONG, "id", "ordered_ms")
                  .with(Rows.Type.TEXT, "order_no", "store_code", "stage")
                  .with(Rows.Type.BOOL, "assigned", "with_numbers", "with_units", "with_returns")
                  .with(Rows.Type.INT, "stage_seq")
                  .with(Rows.Type.LONG, "message_seq", "created_ms", "changed_ms");
          for (long i = 0; i < ROWS; i++) {
            LocalDate day = FIRST.plusDays(i / A_DAY);
            long ms = day.atTime(4, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
            // Ids in another order than days.
            long id = 1 + (i * 7_919) % ROWS;
            orders.add(
                id, ms, "SO-" + id, "S1", "REPORTED", false, false, true, false, 0, 0L, 1L, 1L);
            items.add(id, id, "CLEANING", "hood", "OPEN", day, day, day, 1, false);
            boolean listed = i % 600 == 0;
            tasks.add(
                id, "S" + i % 5, listed ? "OPEN" : "DONE", "li", day, day, listed ? 1 : 0, 1L, 1L);
            services.add(id, id, "1", "CLEANING", "", 1, ms, ms, 100L, ms);
            planned.add(
                id,
                id,
                "CLEANING",
                "ac",
                "O:" + id,
                "S1",
                "hood",
                "PLANNED",
                0,
                1,
                false,
                day,
                day);
          }
          tx.insertAll(orders);
          tx.insertAll(items);
          tx.insertAll(tasks);
          tx.insertAll(services);
          tx.insertAll(planned);
          return true;
        });
  }

  private void look(Tx tx, String what) {
    tx.byIndexes();
    if (what.equals("report")) {
      ReportRow row = ReportTable.report(tx, tenant, ReportQuery.month(MONTH).by()).total();
      assertThat(row.due()).isEqualTo(31L * A_DAY);
      assertThat(row.ownServices()).isEqualTo(31L * A_DAY);
    } else {
      assertThat(
              ForecastTable.forecast(tx, tenant, ForecastQuery.days(30), FIRST).days().stream()
                  .mapToLong(ForecastDay::due)
                  .sum())
          .isEqualTo(30L * A_DAY + 1);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void byTheirPlansAndWhatTheServersCount(TestServer server) throws SQLException {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      fill(laoke);
      analyze(laoke);
      Statements written = new Statements();
      Database database =
          new Database(
              written.of(laoke.pool),
              HostTransaction.none(),
              new Names("laoke_", Optional.empty()));
      for (String what : List.of("report", "forecast")) {
        if (server != TestServer.POSTGRESQL) {
          laoke.in(
              tx -> {
                long before = Plans.handled(tx);
                look(tx, what);
                assertThat(Plans.handled(tx) - before).as(what).isBetween(500L, 6_000L);
                return true;
              });
        }
        written.taken();
        database.own(
            what,
            tx -> {
              look(tx, what);
              return true;
            });
        List<String> asked =
            written.taken().stream().filter(one -> one.startsWith("SELECT")).toList();
        assertThat(asked).as("one statement").hasSize(1);
        String plan = Plans.explain(laoke.pool, "SET enable_seqscan = off", valued(asked.get(0)));
        if (what.equals("report")) {
          assertThat(plan).contains("reminder_item_opened", "unit_service_at");
        } else {
          assertThat(plan)
              .contains("reminder_planned", "reminder_task_listed", "reminder_item_by_task");
        }
        assertThat(plan).as(plan).doesNotContain("Seq Scan");
        System.out.println(server + " " + what + "\n" + plan);
      }
    }
  }

  /** With values in their places, in the order in which the statement has them. */
  private static String valued(String sql) {
    boolean forecast = sql.contains("contact_day");
    String text = sql;
    for (String one :
        forecast
            ? List.of("7", "DATE '2024-01-30'", "7")
            : List.of(
                "7",
                "DATE '2025-03-01'",
                "DATE '2025-03-31'",
                "7",
                "1740758400000",
                "1743436800000")) {
      text = text.replaceFirst("\\?", one);
    }
    assertThat(text).doesNotContain("?");
    return text;
  }

  private static void analyze(ReminderFixture laoke) throws SQLException {
    try (Connection connection = TestServer.straight(laoke.pool).getConnection();
        Statement statement = connection.createStatement()) {
      boolean postgresql = laoke.pool.getJdbcUrl().startsWith("jdbc:postgresql");
      for (String table :
          List.of("reminder_item", "reminder_task", "unit_service", "reminder", "customer_order")) {
        statement.execute((postgresql ? "ANALYZE laoke_" : "ANALYZE TABLE laoke_") + table);
      }
    }
  }
}
