package io.laoke.examples.benchmarks;

import io.laoke.reminder.RuleProgress;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Arrays;

/**
 * A changed rule that its reminders follow: Laoke's background job, which locks and reads them,
 * works the new dates out and notes how far it is, beside an update of as many rows of the same
 * table by hand that knows their keys and dates beforehand.
 */
final class ReminderReplan {
  private static final int BATCH = 1_000;

  private final ReminderDatabase database;
  private final int reminders;
  private final long[] units;
  private int months = 24;
  private int shift;

  ReminderReplan(ReminderDatabase database, int reminders) throws SQLException {
    this.database = database;
    this.reminders = reminders;
    units = units();
  }

  private long[] units() throws SQLException {
    try (Connection connection = database.pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT unit_id FROM laoke_reminder ORDER BY unit_id")) {
      long[] all = new long[reminders];
      int count = 0;
      while (rows.next()) {
        all[count++] = rows.getLong(1);
      }
      return Arrays.copyOf(all, count);
    }
  }

  /** By Laoke; each round a cycle that was not there before. */
  long laoke() throws Exception {
    months++;
    long nanos =
        Rounds.timed(
            () -> {
              database.dealer().reminders().rules().put(ReminderDatabase.rule(months));
              while (progress().doneAt().isEmpty()) {
                database.laoke.tick(ReminderDatabase.noon(ReminderDatabase.INSTALLED));
              }
            });
    if (progress().effect().moved() != reminders) {
      throw new IllegalStateException("%s of %,d reminders".formatted(progress(), reminders));
    }
    // It looks again a minute and an hour later: not while others are measured.
    database.execute(
        "UPDATE laoke_reminder_change SET next_ms = NULL",
        "VACUUM (ANALYZE) laoke_reminder",
        "CHECKPOINT");
    return nanos;
  }

  private RuleProgress progress() {
    return database.dealer().reminders().rules().progress(ReminderDatabase.RULE).orElseThrow();
  }

  /** By hand: a prepared update of each row, in batches, each committed. */
  long bare() throws Exception {
    LocalDate due = LocalDate.of(2051, 1, 1).plusDays(shift++);
    long nanos =
        Rounds.timed(
            () -> {
              try (Connection connection = database.pool.getConnection()) {
                connection.setAutoCommit(false);
                try (PreparedStatement update =
                    connection.prepareStatement(
                        """
                        UPDATE laoke_reminder SET due = ?, contact_day = ?
                        WHERE dealer_id = ? AND unit_id = ? AND kind = 'CLEANING'""")) {
                  for (int i = 0; i < units.length; i++) {
                    LocalDate day = due.plusDays(i % 1_460);
                    update.setObject(1, day);
                    update.setObject(2, day);
                    update.setInt(3, database.dealerId());
                    update.setLong(4, units[i]);
                    update.addBatch();
                    if (i % BATCH == BATCH - 1 || i == units.length - 1) {
                      update.executeBatch();
                      connection.commit();
                    }
                  }
                }
                connection.setAutoCommit(true);
              }
            });
    database.execute("VACUUM (ANALYZE) laoke_reminder", "CHECKPOINT");
    return nanos;
  }
}
