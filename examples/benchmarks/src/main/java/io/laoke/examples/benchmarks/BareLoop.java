package io.laoke.examples.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/**
 * A loop by hand over Laoke's table of reminders: 500 that are due are locked and read, marked so
 * that they are due no more, and committed. Nothing comes of them: no next date, no task, no
 * message.
 */
final class BareLoop {
  private static final int AT_ONCE = 500;

  private static final String CLAIM =
      """
      SELECT unit_id, kind, party, due FROM laoke_reminder
      WHERE dealer_id = ? AND contact_day <= ?
      ORDER BY contact_day, unit_id LIMIT 500 FOR UPDATE SKIP LOCKED""";

  private final ReminderDatabase database;

  /** How rows are marked. */
  enum Marking {
    /** By a prepared update of each row, in a batch. */
    BATCH,
    /** By one update that is given an array of keys. */
    ARRAY
  }

  BareLoop(ReminderDatabase database) {
    this.database = database;
  }

  /** Claims and marks as many that are due; the time it took. */
  long round(int due, Marking marking) throws Exception {
    LocalDate day = database.dueAlone(due);
    long[] marked = {0};
    long nanos = Rounds.timed(() -> marked[0] = all(day, marking));
    if (marked[0] != due) {
      throw new IllegalStateException("%,d were marked of %,d".formatted(marked[0], due));
    }
    database.execute("DELETE FROM laoke_reminder WHERE state = 'DONE'");
    return nanos;
  }

  private long all(LocalDate day, Marking marking) throws SQLException {
    long marked = 0;
    try (Connection connection = database.pool.getConnection()) {
      connection.setAutoCommit(false);
      try (PreparedStatement claim = connection.prepareStatement(CLAIM);
          PreparedStatement mark =
              connection.prepareStatement(
                  "UPDATE laoke_reminder SET contact_day = NULL, state = 'DONE'"
                      + " WHERE dealer_id = ? AND kind = 'CLEANING' AND unit_id = "
                      + (marking == Marking.BATCH ? "?" : "ANY(?)"))) {
        claim.setInt(1, database.dealerId());
        claim.setObject(2, day);
        List<Long> units = new ArrayList<>(AT_ONCE);
        do {
          units.clear();
          try (ResultSet rows = claim.executeQuery()) {
            while (rows.next()) {
              units.add(rows.getLong(1));
            }
          }
          mark(connection, mark, units, marking);
          connection.commit();
          marked += units.size();
        } while (units.size() == AT_ONCE);
      }
      connection.setAutoCommit(true);
    }
    return marked;
  }

  private void mark(
      Connection connection, PreparedStatement mark, List<Long> units, Marking marking)
      throws SQLException {
    mark.setInt(1, database.dealerId());
    if (marking == Marking.ARRAY) {
      mark.setArray(2, connection.createArrayOf("int8", units.toArray(Long[]::new)));
      mark.executeUpdate();
      return;
    }
    for (long unit : units) {
      mark.setInt(1, database.dealerId());
      mark.setLong(2, unit);
      mark.addBatch();
    }
    mark.executeBatch();
  }
}
