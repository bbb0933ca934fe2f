package io.laoke.reminder;

import static io.laoke.reminder.ReminderFixture.at;
import static io.laoke.reminder.ReminderFixture.cleaning;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.base.Sealer;
import io.laoke.imports.ImportFact;
import io.laoke.internal.tenant.Privacy;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.AtOnce;
import io.laoke.testing.Plans;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReminderEngineTest {
  private static final LocalDate DUE = ReminderFixture.START.plusMonths(6);

  @ParameterizedTest
  @EnumSource
  void ofEnginesThatTickAtOnceEachDateComesDueForOne(TestServer server) throws Exception {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      for (int i = 1; i < 4; i++) {
        laoke.engine(DealerSettings.defaults());
      }
      laoke.rules().put(cleaning());
      for (int i = 0; i < 60; i++) {
        laoke.sold("SO-" + i, "C" + i % 20, 2);
        laoke.installed("SO-" + i, ReminderFixture.START.plusDays(i % 3));
      }
      laoke.tick();
      laoke.be(DUE.plusDays(10));
      AtomicInteger due = new AtomicInteger();
      List<Callable<Object>> ticks = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Laoke engine = laoke.engine(i);
        ticks.add(() -> due.addAndGet(engine.tick(at(laoke.today())).reminded()));
      }
      AtOnce.all(ticks);
      due.addAndGet(laoke.engine(0).tick(at(laoke.today())).reminded());
      assertThat(laoke.contacts()).hasSize(120);
      assertThat(due).as("each engine tells what it did").hasValue(120);
      assertThat(laoke.tasks())
          .as("one of each member")
          .hasSize(20)
          .containsOnly("OPEN 2026-07-20 6");
    }
  }

  /** Whatever statement of a tick fails, nothing of its step remains, and the next tick does it. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aTickThatEndsAnywhereLeavesNothingHalf(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke.sold("SO-1", "C1", 2);
      laoke.installed("SO-1", ReminderFixture.START);
      laoke.tick();
      laoke.be(DUE);
      String[] writes = {
        "INSERT INTO laoke_reminder_task",
        "INSERT INTO laoke_reminder_item",
        "UPDATE laoke_reminder "
      };
      for (String write : writes) {
        List<String> before = laoke.everything();
        int[] failed = {0};
        try (Laoke broken = laoke.over(failing(laoke, write, failed))) {
          try {
            broken.tick(at(DUE));
          } catch (RuntimeException expected) {
            // as a process that ends there would
          }
        }
        assertThat(failed[0]).as(write).isPositive();
        assertThat(laoke.everything()).as(write).isEqualTo(before);
      }
      laoke.tick();
      assertThat(laoke.contacts()).hasSize(2);
      assertThat(laoke.tasks()).containsExactly("OPEN 2026-07-10 2");
    }
  }

  private static TamperedDataSource failing(ReminderFixture laoke, String write, int[] failed) {
    return new TamperedDataSource(
        laoke.pool,
        (connection, method, arguments) -> {
          if (arguments.length > 0 && String.valueOf(arguments[0]).contains(write)) {
            failed[0]++;
            throw new SQLException("the process ended here", "08006");
          }
        });
  }

  /** An engine ends while reminders follow a rule; another goes on from there. */
  @ParameterizedTest
  @EnumSource
  void anotherEngineGoesOnWithAChangedRule(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      for (int i = 0; i < 12; i++) {
        laoke.sold("SO-" + i, "C" + i, 1);
        laoke.installed("SO-" + i, ReminderFixture.START);
      }
      laoke.tick();
      laoke.rules().put(cleaning().cycle(ServiceCycle.every(Period.ofMonths(8))));
      long middle =
          Long.parseLong(laoke.rows("SELECT unit_id FROM {reminder} ORDER BY unit_id").get(5));
      // As the one that ended left it: some have followed, and its lease is over.
      laoke.write(
          "UPDATE {reminder_change} SET after_id = "
              + middle
              + ", next_ms = 1 WHERE done_ms IS NULL");
      laoke.tick();
      assertThat(laoke.planned().stream().filter(row -> row.contains("2026-09-10"))).hasSize(6);
      // What an engine with the old rule wrote behind the new one is found when it is looked again.
      laoke.write("UPDATE {reminder_change} SET next_ms = 1 WHERE next_ms IS NOT NULL");
      laoke.tick();
      assertThat(laoke.planned().stream().filter(row -> row.contains("2026-09-10"))).hasSize(12);
    }
  }

  /** For some seconds after a dealer's first rule other engines do not know of it. */
  @ParameterizedTest
  @EnumSource
  void whatAnEngineWroteThatDidNotKnowOfTheFirstRuleIsFound(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      Dealer elsewhere = laoke.engine(DealerSettings.defaults()).dealer("hengxin");
      elsewhere.orders().upsert(ReminderFixture.order("SO-1", "C1", 1));
      laoke.rules().put(cleaning());
      laoke.tick();
      elsewhere
          .orders()
          .advance("SO-1", StageReport.of(Stage.INSTALLED, at(ReminderFixture.START)));
      assertThat(laoke.count("reminder_todo")).isZero();
      laoke.write("UPDATE {reminder_change} SET next_ms = 1");
      laoke.tick();
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2026-07-10 2026-07-10 0");
    }
  }

  @ParameterizedTest
  @EnumSource
  void historyIsPlannedToo(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.rules().put(cleaning());
      laoke
          .dealer()
          .imports()
          .run(
              "all",
              List.of(
                      ImportFact.order(ReminderFixture.order("SO-1", "C1", 1)),
                      ImportFact.stage(
                          "SO-1",
                          StageReport.of(
                              Stage.INSTALLED, at(ReminderFixture.START.minusMonths(8)))))
                  .iterator());
      laoke.tick();
      assertThat(laoke.contacts()).containsExactly("SO-1 1 1 CLEANING 2025-11-10 2026-01-10 OPEN");
      assertThat(laoke.planned())
          .containsExactly("SO-1 1 1 CLEANING PLANNED 2026-05-10 2026-05-10 1");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDealerWithoutRulesNotesNothing(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.sold("SO-1", "C1", 1);
      laoke.installed("SO-1", ReminderFixture.START);
      assertThat(laoke.count("reminder_todo")).isZero();
    }
  }

  /** Of what exists beside what is due nothing is read. */
  @Test
  void whatIsDueIsFoundByAnIndexOfWhatIsPlanned() throws SQLException {
    try (ReminderFixture laoke = new ReminderFixture(TestServer.POSTGRESQL);
        Connection connection = TestServer.straight(laoke.pool).getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          INSERT INTO laoke_reminder (dealer_id, unit_id, kind, order_id, category, party, closed,
            rule_code, rule_version, state, assumed, due, contact_day)
          SELECT 1 + n % 2, n, 'CLEANING', n, 'kitchen/hood', 'M:' || n, 0, 'hood', 1,
            CASE WHEN n % 4 < 2 THEN 'PLANNED' ELSE 'NOT_STARTED' END, false,
            CASE WHEN n % 4 < 2 THEN DATE '2026-01-10' + (n / 20)::int END,
            CASE WHEN n % 4 < 2 THEN DATE '2026-01-10' + (n / 20)::int END
          FROM generate_series(1, 40000) n""");
      statement.execute("ANALYZE laoke_reminder");
      StringBuilder plan = new StringBuilder();
      try (ResultSet rows =
          statement.executeQuery(
              """
              EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, SUMMARY OFF)
              SELECT r.unit_id FROM laoke_reminder r
              WHERE r.dealer_id = 1 AND r.contact_day <= DATE '2026-01-12'
              ORDER BY r.dealer_id, r.contact_day, r.unit_id LIMIT 500 FOR UPDATE SKIP LOCKED""")) {
        while (rows.next()) {
          plan.append(rows.getString(1)).append('\n');
        }
      }
      assertThat(plan.toString())
          .containsPattern("Index Scan using laoke_reminder_planned .*rows=14 ")
          .containsPattern("Index Cond: .*dealer_id = 1.*contact_day <= ")
          .doesNotContain("Sort", "Filter");
    }
  }

  /** The same by what the servers count. */
  @ParameterizedTest
  @EnumSource(names = {"MYSQL", "MARIADB"})
  void ofWhatIsPlannedForLaterNothingIsRead(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      Tenant tenant =
          new Tenant(7, "some", ReminderFixture.ZONE, new Privacy(new byte[32], Sealer.plain()));
      List<ReminderRow> rows = new ArrayList<>();
      for (int i = 0; i < 20_000; i++) {
        LocalDate day = i % 2 == 0 ? null : ReminderFixture.START.plusDays(i / 20);
        rows.add(
            new ReminderRow(
                new ReminderRow.Unit(
                    i + 1, i, "kitchen/hood", null, null, "M:" + i, (long) i, null, "S1"),
                "CLEANING",
                new ReminderRow.Days(null, null, null, null, null, 0, null, null),
                new ReminderRow.Planned("hood", 1, "X", day, null, null, false, null, day)));
      }
      laoke.in(
          tx -> {
            ReminderTable.insert(tx, tenant, rows);
            return true;
          });
      laoke.in(
          tx -> {
            long before = Plans.handled(tx);
            assertThat(ReminderTable.due(tx, tenant, ReminderFixture.START.plusDays(2), 500))
                .hasSize(30);
            assertThat(Plans.handled(tx) - before).isBetween(30L, 400L);
            return true;
          });
    }
  }
}
