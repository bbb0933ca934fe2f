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
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Of tasks beside those that are asked for nothing is read, as the databases tell. */
class TaskPlansTest {
  private static final int TASKS = 8_000;

  private final Tenant tenant =
      new Tenant(7, "some", ReminderFixture.ZONE, new Privacy(new byte[32], Sealer.plain()));

  /** Most have ended; every hundredth of the others is li's. */
  private void fill(ReminderFixture laoke) {
    laoke.in(
        tx -> {
          Rows rows =
              Rows.of("reminder_task", tenant.id())
                  .with(Rows.Type.LONG, "id")
                  .with(Rows.Type.TEXT, "open_party", "party")
                  .with(Rows.Type.TEXT, "store_code", "state", "assignee")
                  .with(Rows.Type.DATE, "due", "opened")
                  .with(Rows.Type.INT, "listed")
                  .with(Rows.Type.LONG, "created_ms", "changed_ms");
          for (long i = 1; i <= TASKS; i++) {
            boolean live = i % 4 == 0;
            boolean lis = live && i % 400 == 0;
            LocalDate due = ReminderFixture.START.plusDays(i / 16);
            rows.add(
                i,
                live && !lis ? "M:" + i : null,
                live ? "M:" + i : null,
                "S1",
                live ? (lis ? "CONTACTED" : "OPEN") : "DONE",
                lis ? "li" : i % 4 == 1 ? "wang" : null,
                due,
                due,
                live ? 1 : 0,
                1L,
                1L);
          }
          tx.insertAll(rows);
          return true;
        });
  }

  private void look(Tx tx, String what) {
    Instant now = ReminderFixture.at(ReminderFixture.START.plusDays(100));
    TaskQuery todo = TaskQuery.todo();
    switch (what) {
      case "list" -> assertThat(WorkTable.page(tx, tenant, todo, now, null, 50)).hasSize(50);
      case "next page" ->
          assertThat(
                  WorkTable.page(
                      tx,
                      tenant,
                      todo,
                      now,
                      new WorkTable.After(ReminderFixture.START.plusDays(250), 4_008),
                      50))
              .hasSize(50);
      case "mine" ->
          assertThat(WorkTable.page(tx, tenant, todo.assignee("li"), now, null, 20)).hasSize(20);
      case "claim" -> {
        assertThat(WorkTable.free(tx, tenant, todo, now, null, 32)).hasSize(32);
        assertThat(WorkTable.lockIfFree(tx, tenant, 8)).isPresent();
      }
      default -> throw new IllegalStateException(what);
    }
  }

  private static final List<String> LOOKS = List.of("list", "next page", "mine", "claim");

  private void littleIsRead(ReminderFixture laoke) {
    for (String what : LOOKS) {
      laoke.in(
          tx -> {
            long before = Plans.handled(tx);
            look(tx, what);
            assertThat(Plans.handled(tx) - before).as(what).isBetween(20L, 500L);
            return true;
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void byTheirPlansAndWhatTheServersCount(TestServer server) throws SQLException {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      fill(laoke);
      if (server != TestServer.POSTGRESQL) {
        littleIsRead(laoke);
      }
      Statements written = new Statements();
      Database database =
          new Database(
              written.of(laoke.pool),
              HostTransaction.none(),
              new Names("laoke_", Optional.empty()));
      for (String what : LOOKS) {
        written.taken();
        database.own(
            what,
            tx -> {
              look(tx, what);
              return true;
            });
        String sql =
            written.taken().stream()
                .filter(one -> one.contains("FROM laoke_reminder_task"))
                .findFirst()
                .orElseThrow();
        String plan = Plans.explain(laoke.pool, "ANALYZE laoke_reminder_task", valued(sql));
        assertThat(plan)
            .as(what + "\n" + sql)
            .contains(what.equals("mine") ? "reminder_task_of" : "reminder_task_listed")
            .doesNotContain("Sort", "filesort", "Seq Scan", "temporary");
      }
    }
  }

  /** With values in their places, in the order in which the statement has them. */
  private static String valued(String sql) {
    String text = sql;
    for (String one : List.of("7", "1", "DATE '2026-01-10'", "DATE '2027-01-10'")) {
      text = text.replaceFirst("\\?", one);
    }
    if (text.contains("t.due > ?")) {
      text = text.replaceFirst("\\?", "DATE '2026-01-10'").replaceFirst("\\?", "20");
    }
    if (text.contains("t.assignee = ?")) {
      text = text.replaceFirst("\\?", "'li'");
    }
    for (String state : List.of("BOOKED", "CLAIMED", "CONTACTED", "OPEN")) {
      text = text.replaceFirst("\\?", "'" + state + "'");
    }
    return text.replaceFirst("\\?", "DATE '2026-04-20'").replaceFirst("\\?", "50");
  }
}
