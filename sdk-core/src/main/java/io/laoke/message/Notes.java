package io.laoke.message;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import java.util.List;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * Notes that a dealer has work, in table {@code work_due}. A note is a hint, never more: what is
 * due is decided by the rows themselves. Its time is of either clock, so it counts as soon as one
 * of them has come there.
 */
final class Notes {
  private static final int PAGE = 1_000;
  private final Ids ids;

  Notes(Ids ids) {
    this.ids = ids;
  }

  void add(Tx tx, int dealer, long due) {
    tx.update("INSERT INTO {work_due} (dealer_id, id, due_ms) VALUES (:dealer, :id, :due)")
        .bind("dealer", dealer)
        .bind("id", ids.next())
        .bind("due", due)
        .execute();
  }

  /** Dealers that have a note. Reads the index of times, for all dealers at once. */
  List<Integer> dealers(Tx tx, long now) {
    return tx.query(
            "SELECT DISTINCT dealer_id FROM {work_due} WHERE due_ms <= :now ORDER BY dealer_id")
        .bind("now", now)
        .mapTo(Integer.class)
        .list();
  }

  /**
   * Takes due notes away. Must come before the rows are read: whatever a taken note speaks of is
   * then committed and visible.
   *
   * @return how many; a full page means that there may be more
   */
  Taken take(Tx tx, int dealer, long now) {
    String lock = tx.dialect().skipLocked();
    List<Long> due =
        tx.query(
                "SELECT id FROM {work_due} WHERE dealer_id = :dealer AND due_ms <= :now ORDER BY id LIMIT "
                    + PAGE
                    + (lock.isEmpty() ? "" : " FOR UPDATE" + lock))
            .bind("dealer", dealer)
            .bind("now", now)
            .mapTo(Long.class)
            .list();
    if (!due.isEmpty()) {
      try (PreparedBatch batch =
          tx.batch("DELETE FROM {work_due} WHERE dealer_id = :dealer AND id = :id")) {
        due.forEach(id -> batch.bind("dealer", dealer).bind("id", id).add());
        batch.execute();
      }
    }
    return new Taken(due.size(), due.size() == PAGE);
  }

  record Taken(int count, boolean more) {}
}
