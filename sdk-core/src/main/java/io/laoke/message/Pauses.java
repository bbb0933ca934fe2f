package io.laoke.message;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pauses in force. Whoever holds a row locks its pause first, so that none is held for ever. */
final class Pauses {
  private static final String COLUMNS =
      "id, account, scope, reference, since_ms, until_ms, reason_code, reason_text, advice,"
          + " advice_zh";
  private final Ids ids;
  private final Notes notes;

  Pauses(Ids ids, Notes notes) {
    this.ids = ids;
    this.notes = notes;
  }

  /** Those in force; those whose time has come are ended in passing. */
  List<Pause> inForce(Tx tx, int dealer, long now) {
    List<Pause> live = new ArrayList<>();
    for (Pause pause : all(tx, dealer)) {
      if (over(pause, now)) {
        end(tx, dealer, pause.id(), now, true);
      } else {
        live.add(pause);
      }
    }
    return live;
  }

  private static boolean over(Pause pause, long now) {
    return pause.until().isPresent() && pause.until().get().toEpochMilli() <= now;
  }

  List<Pause> all(Tx tx, int dealer) {
    return tx.query("SELECT " + COLUMNS + " FROM {pause} WHERE dealer_id = :dealer ORDER BY id")
        .bind("dealer", dealer)
        .map((row, context) -> read(row))
        .list();
  }

  /** Whether it is still in force; locks it until the end of the transaction. */
  boolean lock(Tx tx, int dealer, long id) {
    return tx.query("SELECT id FROM {pause} WHERE dealer_id = :dealer AND id = :id FOR UPDATE")
        .bind("dealer", dealer)
        .bind("id", id)
        .mapTo(Long.class)
        .findOne()
        .isPresent();
  }

  /** Pauses, or prolongs the pause that is there. The pause is locked afterwards. */
  Started start(
      Tx tx,
      int dealer,
      String account,
      Pause.Scope scope,
      String reference,
      @Nullable Long until,
      Reason reason,
      long now) {
    while (true) {
      boolean fresh = insert(tx, dealer, account, scope, reference, until, reason, now);
      Optional<Pause> locked =
          tx.query(
                  "SELECT "
                      + COLUMNS
                      + " FROM {pause} WHERE dealer_id = :dealer AND account = :account AND scope ="
                      + " :scope AND reference = :reference FOR UPDATE")
              .bind("dealer", dealer)
              .bind("account", account)
              .bind("scope", scope.name())
              .bind("reference", reference)
              .map((row, context) -> read(row))
              .findOne();
      if (locked.isPresent()) {
        prolong(tx, dealer, locked.get(), until);
        if (until != null) {
          notes.add(tx, dealer, until);
        }
        return new Started(locked.get().id(), fresh);
      }
    }
  }

  record Started(long id, boolean fresh) {}

  private boolean insert(
      Tx tx,
      int dealer,
      String account,
      Pause.Scope scope,
      String reference,
      @Nullable Long until,
      Reason reason,
      long now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {pause} (dealer_id, id, account, scope, reference, since_ms, until_ms, reason_code,
          reason_text, advice, advice_zh)
        VALUES (:dealer, :id, :account, :scope, :reference, :now, :until, :code, :text, :advice, :adviceZh)""",
        row ->
            row.bind("dealer", dealer)
                .bind("id", ids.next())
                .bind("account", account)
                .bind("scope", scope.name())
                .bind("reference", reference)
                .bind("now", now)
                .bind("until", until)
                .bind("code", reason.code())
                .bind("text", Changes.cut(reason.text()))
                .bind("advice", Changes.cut(reason.advice()))
                .bind("adviceZh", Changes.cut(reason.adviceZh())));
  }

  private static void prolong(Tx tx, int dealer, Pause pause, @Nullable Long until) {
    if (pause.until().isEmpty() || (until != null && until <= pause.until().get().toEpochMilli())) {
      return;
    }
    tx.update("UPDATE {pause} SET until_ms = :until WHERE dealer_id = :dealer AND id = :id")
        .bind("until", until)
        .bind("dealer", dealer)
        .bind("id", pause.id())
        .execute();
  }

  /** Ends a pause and lets go what it holds. */
  void end(Tx tx, int dealer, long id, long now) {
    end(tx, dealer, id, now, false);
  }

  /**
   * Ends a pause.
   *
   * @param over only if its time has come still: another node may just have prolonged it
   */
  private void end(Tx tx, int dealer, long id, long now, boolean over) {
    Optional<Pause> pause =
        tx.query(
                "SELECT "
                    + COLUMNS
                    + " FROM {pause} WHERE dealer_id = :dealer AND id = :id FOR UPDATE")
            .bind("dealer", dealer)
            .bind("id", id)
            .map((row, context) -> read(row))
            .findOne();
    if (pause.isEmpty() || (over && !over(pause.get(), now))) {
      return;
    }
    tx.update("DELETE FROM {pause} WHERE dealer_id = :dealer AND id = :id")
        .bind("dealer", dealer)
        .bind("id", id)
        .execute();
    tx.update(
            """
            UPDATE {outbox} SET state = 'WAITING', pause_id = NULL
            WHERE dealer_id = :dealer AND state = 'HELD' AND account = :account AND pause_id = :id""")
        .bind("dealer", dealer)
        .bind("account", pause.get().account())
        .bind("id", id)
        .execute();
    if (pause.get().scope() == Pause.Scope.CHANNEL) {
      // The message that met the limit waits by a back-off of its own; it certainly did not leave.
      tx.update(
              """
              UPDATE {outbox} SET retry_ms = :now
              WHERE dealer_id = :dealer AND state = 'WAITING' AND account = :account
                AND channel = :channel AND uncertain = 0 AND retry_ms > :now""")
          .bind("now", now)
          .bind("dealer", dealer)
          .bind("account", pause.get().account())
          .bind("channel", pause.get().reference())
          .execute();
    }
    if (pause.get().scope() == Pause.Scope.TEMPLATE) {
      tx.update(
              "DELETE FROM {template_misfit} WHERE dealer_id = :dealer AND account = :account AND"
                  + " template_id = :template")
          .bind("dealer", dealer)
          .bind("account", pause.get().account())
          .bind("template", pause.get().reference())
          .execute();
    }
    notes.add(tx, dealer, now);
  }

  /** Lets go what a template's pause holds though it is in the words of another one by now. */
  void letGoOthers(Tx tx, int dealer, Pause pause, long now) {
    int gone =
        tx.update(
                """
                UPDATE {outbox} SET state = 'WAITING', pause_id = NULL
                WHERE dealer_id = :dealer AND state = 'HELD' AND account = :account AND pause_id = :id
                  AND template_id <> :template""")
            .bind("dealer", dealer)
            .bind("account", pause.account())
            .bind("id", pause.id())
            .bind("template", pause.reference())
            .execute();
    if (gone > 0) {
      notes.add(tx, dealer, now);
    }
  }

  /** Safety net: lets go what no pause holds any more. */
  void releaseOrphans(Tx tx, int dealer) {
    tx.update(
            """
            UPDATE {outbox} SET state = 'WAITING', pause_id = NULL
            WHERE dealer_id = :dealer AND state = 'HELD'
              AND NOT EXISTS (SELECT 1 FROM {pause} p WHERE p.dealer_id = :dealer AND p.id = pause_id)""")
        .bind("dealer", dealer)
        .execute();
  }

  static Optional<Pause> holding(List<Pause> pauses, Row row) {
    return pauses.stream().filter(pause -> holds(pause, row)).findFirst();
  }

  private static boolean holds(Pause pause, Row row) {
    return pause.account().equals(row.account())
        && switch (pause.scope()) {
          case ACCOUNT -> true;
          case CHANNEL -> pause.reference().equals(row.channel().name());
          case TEMPLATE -> pause.reference().equals(row.templateId());
        };
  }

  private static Pause read(ResultSet row) throws SQLException {
    long until = row.getLong("until_ms");
    Optional<Instant> end =
        row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(until));
    return new Pause(
        row.getLong("id"),
        row.getString("account"),
        Pause.Scope.valueOf(row.getString("scope")),
        row.getString("reference"),
        Instant.ofEpochMilli(row.getLong("since_ms")),
        end,
        new Reason(
            row.getString("reason_code"),
            row.getString("reason_text"),
            row.getString("advice"),
            row.getString("advice_zh")));
  }
}
