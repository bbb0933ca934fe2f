package io.laoke.message;

import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pauses in force. Whoever holds a row locks its pause first, so that none is held for ever. */
final class Pauses {
  private static final String COLUMNS =
      "id, account, scope, reference, since_ms, until_ms, reason_code, reason_text, advice,"
          + " advice_zh";
  private static final long FIRST_TRIAL = Duration.ofMinutes(5).toMillis();
  private static final long LONGEST_TRIAL = Duration.ofMinutes(30).toMillis();
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

  /** When one message tries for the first time whether the cause of a pause is gone. */
  static long firstTrial(long now) {
    return now + FIRST_TRIAL;
  }

  /**
   * Those whose cause one message may try now, their next trial put off: first after five minutes,
   * later every half an hour. Locks them. One query, and none where nothing of that kind is paused.
   *
   * @param accounts those that can send now
   */
  List<Pause> trials(
      Tx tx, int dealer, List<Pause> inForce, Collection<String> accounts, long now) {
    if (inForce.stream().allMatch(pause -> pause.scope() == Pause.Scope.CHANNEL)) {
      return List.of();
    }
    List<Pause> due =
        tx.query(
                "SELECT %s FROM {pause} WHERE dealer_id = :dealer AND scope <> 'CHANNEL' AND until_ms <= :now ORDER BY id FOR UPDATE%s"
                    .formatted(COLUMNS, tx.dialect().skipLocked()))
            .bind("dealer", dealer)
            .bind("now", now)
            .map((row, context) -> read(row))
            .list();
    due.removeIf(pause -> !accounts.contains(pause.account()));
    for (Pause pause : due) {
      long since = pause.since().toEpochMilli();
      long next = now + Math.max(FIRST_TRIAL, Math.min(LONGEST_TRIAL, (now - since) / 2));
      tx.update("UPDATE {pause} SET until_ms = :next WHERE dealer_id = :dealer AND id = :id")
          .bind("next", next)
          .bind("dealer", dealer)
          .bind("id", pause.id())
          .execute();
      notes.add(tx, dealer, next);
    }
    return due;
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
        if (until != null && (fresh || scope == Pause.Scope.CHANNEL)) {
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
            WHERE dealer_id = :dealer AND phase = 'HELD' AND account = :account AND pause_id = :id""")
        .bind("dealer", dealer)
        .bind("account", pause.get().account())
        .bind("id", id)
        .execute();
    if (pause.get().scope() == Pause.Scope.CHANNEL) {
      // Those that met the limit wait by a back-off of their own, and for one whose earlier attempt
      // may have left the time in which it may be repeated runs out.
      tx.update(
              """
              UPDATE {outbox} SET retry_ms = :now
              WHERE dealer_id = :dealer AND phase = 'WAITING' AND account = :account
                AND state = 'WAITING' AND channel = :channel AND retry_ms > :now""")
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
                WHERE dealer_id = :dealer AND phase = 'HELD' AND account = :account AND pause_id = :id
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
            WHERE dealer_id = :dealer AND phase = 'HELD'
              AND NOT EXISTS (SELECT 1 FROM {pause} p WHERE p.dealer_id = :dealer AND p.id = pause_id)""")
        .bind("dealer", dealer)
        .execute();
  }

  static Optional<Pause> holding(List<Pause> pauses, Row row) {
    return pauses.stream().filter(pause -> holds(pause, row)).findFirst();
  }

  static boolean holds(Pause pause, Row row) {
    return pause.account().equals(row.account())
        && switch (pause.scope()) {
          case ACCOUNT -> true;
          case CHANNEL -> pause.reference().equals(row.channel().name());
          case TEMPLATE -> pause.reference().equals(row.templateId());
        };
  }

  private static Pause read(ResultSet row) throws SQLException {
    long until = row.getLong("until_ms");
    boolean open = row.wasNull();
    Pause.Scope scope = Pause.Scope.valueOf(row.getString("scope"));
    // Of an account or a template it is the time of the next trial, which need not end the pause.
    Optional<Instant> end =
        open || scope != Pause.Scope.CHANNEL
            ? Optional.empty()
            : Optional.of(Instant.ofEpochMilli(until));
    return new Pause(
        row.getLong("id"),
        row.getString("account"),
        scope,
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
