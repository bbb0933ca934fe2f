package io.laoke.reminder;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Table {@code reminder_answer}. */
final class AnswerTable {
  /** What stands in place of a word once somebody has asked to be called. */
  private static final String ASKED = "ASKED";

  private AnswerTable() {}

  /**
   * A row.
   *
   * @param word null as long as they have only asked to be called
   */
  record Row(
      long id,
      long contactId,
      @Nullable AnswerWord word,
      CustomerAnswer.Source source,
      Task.@Nullable Slot slot,
      @Nullable LocalDate day,
      Instant at) {
    CustomerAnswer answer(AnswerWord given) {
      return new CustomerAnswer(
          given, Optional.ofNullable(slot), Optional.ofNullable(day), source, at);
    }
  }

  /** The answers about a task as they are now, the newest first. */
  static List<Row> of(Tx tx, Tenant tenant, long taskId) {
    return tx.guarded(
            """
            SELECT id, contact_id, kind, source, from_ms, to_ms, on_day, at_ms FROM {reminder_answer}
            WHERE dealer_id = :dealer AND task_id = :task ORDER BY id DESC""")
        .bind("dealer", tenant.id())
        .bind("task", taskId)
        .map((row, context) -> row(row))
        .list();
  }

  /** The task about which a contact was answered last. */
  static Optional<Long> taskOf(Tx tx, Tenant tenant, long contactId) {
    return tx.guarded(
            """
            SELECT task_id FROM {reminder_answer}
            WHERE dealer_id = :dealer AND contact_id = :contact""")
        .bind("dealer", tenant.id())
        .bind("contact", contactId)
        .mapTo(Long.class)
        .findOne();
  }

  private static Row row(ResultSet row) throws SQLException {
    String kind = row.getString("kind");
    Long from = ReminderTable.number(row, "from_ms");
    Long to = ReminderTable.number(row, "to_ms");
    return new Row(
        row.getLong("id"),
        row.getLong("contact_id"),
        kind.equals(ASKED) ? null : AnswerWord.valueOf(kind),
        CustomerAnswer.Source.valueOf(row.getString("source")),
        from == null || to == null
            ? null
            : new Task.Slot(Instant.ofEpochMilli(from), Instant.ofEpochMilli(to)),
        ReminderTable.day(row, "on_day"),
        Instant.ofEpochMilli(row.getLong("at_ms")));
  }

  /** Writes one; the contact has none but that they asked to be called. */
  static void put(Tx tx, Tenant tenant, long taskId, Row row) {
    tx.update("DELETE FROM {reminder_answer} WHERE dealer_id = :dealer AND contact_id = :contact")
        .bind("dealer", tenant.id())
        .bind("contact", row.contactId())
        .execute();
    tx.update(
            """
            INSERT INTO {reminder_answer} (dealer_id, id, contact_id, task_id, kind, source, from_ms,
              to_ms, on_day, at_ms)
            VALUES (:dealer, :id, :contact, :task, :kind, :source, :from, :to, :day, :at)""")
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .bind("contact", row.contactId())
        .bind("task", taskId)
        .bind("kind", row.word() == null ? ASKED : row.word().name())
        .bind("source", row.source().name())
        .bind("from", row.slot() == null ? null : (Long) row.slot().from().toEpochMilli())
        .bind("to", row.slot() == null ? null : (Long) row.slot().to().toEpochMilli())
        .bind("day", row.day())
        .bind("at", row.at().toEpochMilli())
        .execute();
  }
}
