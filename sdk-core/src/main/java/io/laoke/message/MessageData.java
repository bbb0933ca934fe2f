package io.laoke.message;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.error.LaokeException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Retained;
import io.laoke.internal.tenant.Tenant;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** What messages and facts from outside keep of people. */
final class MessageData implements PersonalData {
  private final Json json;
  private final Notes notes;

  MessageData(Json json, Notes notes) {
    this.json = json;
    this.notes = notes;
  }

  /**
   * What finds messages: their decisions, which have the same ids, or an index of their own.
   *
   * @param condition on recipient or order_id
   */
  static String foundBy(Tx tx, String condition) {
    return foundBy(tx, "", condition);
  }

  static String foundBy(Tx tx, String row, String condition) {
    return tx.dialect().foundIn("decision", row, condition);
  }

  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("account", "account").codes("account"),
        PersonalTable.of("pause", "id")
            .codes(
                "account",
                "scope",
                "reference",
                "reason_code",
                "reason_text",
                "advice",
                "advice_zh"),
        PersonalTable.of("template_misfit", "account", "template_id", "order_id")
            .codes("account", "template_id"),
        PersonalTable.of("outbox", "id")
            .by(Person.By.RECIPIENT, "recipient")
            .by(Person.By.ORDER, "order_id")
            .foundIn("decision")
            .pieces("body")
            .hashes("recipient", "dedupe_id", "claim_token")
            .codes(
                "state", "phase", "account", "cause_kind", "channel", "template_id", "provider_id"),
        PersonalTable.of("receipt_due", "id").codes("account"),
        PersonalTable.of("outbox_claim", "token").hashes("token").codes("messages"),
        PersonalTable.of("decision", "id")
            .by(Person.By.RECIPIENT, "recipient")
            .by(Person.By.ORDER_NO, "order_no")
            .open("fitted")
            .openText("reason_text", "advice", "advice_zh")
            .byHand("fitted", "reason_text", "advice", "advice_zh")
            .derived(
                "CASE WHEN " + Changes.TOLD_BY_ITS_MESSAGE + " THEN 'SENT' ELSE t.%s END", "result")
            .derived(
                "CASE WHEN " + Changes.TOLD_BY_ITS_MESSAGE + " THEN NULL ELSE t.%s END",
                "reason_code",
                "reason_text",
                "advice",
                "advice_zh")
            .hashes("recipient")
            .codes(
                "cause_kind",
                "channel",
                "account",
                "order_no",
                "result",
                "reason_code",
                "delivery"),
        PersonalTable.of("delivery_report", "account", "provider_id")
            .by(Person.By.RECIPIENT, "recipient")
            .openText("detail")
            .hashes("recipient", "message_id")
            .codes("account", "provider_id", "delivery"),
        PersonalTable.of("callback_inbox", "account", "key_hash")
            .by(Person.By.RECIPIENT, "recipient")
            .pieces("fact")
            .piecesOrNull("reply")
            .openText("error")
            .hashes("key_hash", "recipient")
            .codes("account", "kind", "state")
            // Nobody processes them any more; the row stays, so that a repeat is one.
            .becomes("state", "DONE"));
  }

  /** Those who were told of the person's orders, also where they belong to them no more. */
  @Override
  public void find(Tx tx, Tenant tenant, Person person, boolean locking) {
    told(tx, tenant, person, false).forEach(hash -> person.add(Person.By.TOLD, hash));
  }

  private static Set<String> told(Tx tx, Tenant tenant, Person person, boolean guarded) {
    String sql =
        """
        SELECT DISTINCT recipient FROM {decision}
        WHERE dealer_id = :dealer AND order_no IN (<orders>) AND recipient <> ''""";
    Set<String> told = new TreeSet<>();
    for (List<Object> some : person.chunks(Person.By.ORDER_NO)) {
      told.addAll(
          (guarded ? tx.guarded(sql) : tx.query(sql))
              .bind("dealer", tenant.id())
              .bindList("orders", some)
              .mapTo(String.class)
              .list());
    }
    return told;
  }

  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    // Behind the lock of the messages: whoever writes outcomes locks decisions after these.
    if (!person.all(Person.By.TOLD).containsAll(told(tx, tenant, person, true))) {
      throw Races.lost("erasure");
    }
    wipe(tx, tenant, person);
    unsay(tx, tenant, person);
    stop(tx, tenant, person);
  }

  /** Before messages are stopped, which says why in the same columns. */
  private static void wipe(Tx tx, Tenant tenant, Person person) {
    Set<Long> decisions =
        ids(
            tx,
            tenant,
            person,
            "SELECT id FROM {decision} WHERE dealer_id = :dealer AND %s",
            Map.of(
                Person.By.RECIPIENT,
                "recipient IN (<values>)",
                Person.By.ORDER_NO,
                "order_no IN (<values>)"));
    if (decisions.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {decision} SET reason_text = '', advice = '', advice_zh = '', fitted = NULL
            WHERE dealer_id = :dealer AND id = :id""");
    decisions.forEach(id -> batch.bind("dealer", tenant.id()).bind("id", id).add());
    batch.execute();
  }

  /**
   * The person's rows, in order. They are looked for without locks and changed by their keys: what
   * is locked as an index finds it locks the gaps beside it, too, on MySQL and MariaDB.
   */
  private static Set<Long> ids(
      Tx tx, Tenant tenant, Person person, String sql, Map<Person.By, String> conditions) {
    Set<Long> ids = new TreeSet<>();
    conditions.forEach(
        (by, condition) -> {
          for (List<Object> some : person.chunks(by)) {
            ids.addAll(
                tx.guarded(sql.formatted(condition))
                    .bind("dealer", tenant.id())
                    .bindList("values", some)
                    .mapTo(Long.class)
                    .list());
          }
        });
    return ids;
  }

  private record Said(
      String account,
      String key,
      boolean report,
      boolean waits,
      String fact,
      @Nullable String reply) {}

  /**
   * Others were answered about the person's orders, in the words of the stage, and asked for them
   * with digits of the phone, or wait for an answer. A repeat of what they asked gets none any
   * more. A fact that does not name such an order and is in process has told nothing of it: that
   * takes the lock of the order.
   */
  private void unsay(Tx tx, Tenant tenant, Person person) {
    List<String> orders =
        person.texts(Person.By.ORDER_NO).stream()
            .map(this::asStored)
            .map(MessageData::spelt)
            .toList();
    // Emptied as their table says: locked here, as nobody may be waited for.
    person.chunks(Person.By.RECIPIENT).forEach(some -> said(tx, tenant, some));
    for (List<Object> some : person.chunks(Person.By.TOLD)) {
      List<Said> said =
          said(tx, tenant, some).stream()
              .filter(one -> !one.report && names(tenant, one, orders))
              .toList();
      if (!said.isEmpty()) {
        unsay(tx, tenant, said);
      }
    }
  }

  private static List<Said> said(Tx tx, Tenant tenant, List<Object> recipients) {
    return tx.committedNow(
            """
            SELECT account, key_hash, kind, state, fact, reply FROM {callback_inbox}%s
            WHERE dealer_id = :dealer AND recipient IN (<recipients>)"""
                .formatted(tx.dialect().byIndex("callback_inbox_by_recipient")))
        .bind("dealer", tenant.id())
        .bindList("recipients", recipients)
        .map(
            (row, context) ->
                new Said(
                    row.getString("account"),
                    row.getString("key_hash"),
                    row.getString("kind").equals("Reported"),
                    row.getString("state").equals("RECEIVED"),
                    row.getString("fact"),
                    row.getString("reply")))
        .list();
  }

  private void unsay(Tx tx, Tenant tenant, List<Said> said) {
    lock(tx, tenant, said);
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {callback_inbox} SET fact = '', reply = :none, state = 'DONE', error = ''
            WHERE dealer_id = :dealer AND account = :account AND key_hash = :key""");
    for (Said one : said) {
      batch
          .bind("none", StoredReply.write(json, tenant.privacy(), Reply.none()))
          .bind("dealer", tenant.id())
          .bind("account", one.account)
          .bind("key", one.key)
          .add();
    }
    batch.execute();
  }

  /** Who is at one that came since all were locked may be waiting for an order. */
  private static void lock(Tx tx, Tenant tenant, List<Said> said) {
    Map<String, TreeSet<String>> keys = new TreeMap<>();
    said.forEach(one -> keys.computeIfAbsent(one.account, none -> new TreeSet<>()).add(one.key));
    keys.forEach(
        (account, theirs) -> {
          for (List<String> some : Chunks.keys(tx, theirs)) {
            int locked =
                tx.query(
                        """
                        SELECT key_hash FROM {callback_inbox}
                        WHERE dealer_id = :dealer AND account = :account AND key_hash IN (<some>)
                        ORDER BY key_hash FOR UPDATE SKIP LOCKED""")
                    .bind("dealer", tenant.id())
                    .bind("account", account)
                    .bindList("some", some)
                    .mapTo(String.class)
                    .list()
                    .size();
            if (locked < some.size()) {
              throw Races.lost("erasure");
            }
          }
        });
  }

  /** Whether it names one of these orders; what no key opens may, once it has been processed. */
  private boolean names(Tenant tenant, Said one, List<String> orders) {
    return names(tenant, one.fact, orders, one.waits)
        || (one.reply != null && names(tenant, one.reply, orders, one.waits));
  }

  private boolean names(Tenant tenant, String stored, List<String> orders, boolean waits) {
    if (stored.isEmpty()) {
      return false;
    }
    try {
      String text = spelt(Sealed.open(json, tenant.privacy(), stored));
      return orders.stream().anyMatch(order -> says(text, order));
    } catch (LaokeException closed) {
      return !waits;
    }
  }

  /** As a whole: part of another number, id or time names no order. */
  private static boolean says(String text, String order) {
    for (int at = text.indexOf(order); at >= 0; at = text.indexOf(order, at + 1)) {
      int end = at + order.length();
      boolean begins = at == 0 || !inNumber(text.charAt(at - 1));
      boolean ends = end == text.length() || !inNumber(text.charAt(end));
      if (begins && ends) {
        return true;
      }
    }
    return false;
  }

  private static boolean inNumber(char c) {
    return c < 0x80 && Character.isLetterOrDigit(c);
  }

  private String asStored(String orderNo) {
    String text = json.write(orderNo);
    return text.substring(1, text.length() - 1);
  }

  /** People write order numbers in small letters, too, or in wide ones, as claims are read. */
  private static String spelt(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKC).toUpperCase(Locale.ROOT);
  }

  /** Ends what waits; what is claimed keeps its claim, and gets its outcome without its words. */
  private void stop(Tx tx, Tenant tenant, Person person) {
    Set<Long> waiting =
        ids(
            tx,
            tenant,
            person,
            """
            SELECT id FROM {outbox} WHERE dealer_id = :dealer AND %s
              AND state IN ('WAITING', 'HELD', 'PARKED')""",
            Map.of(
                Person.By.RECIPIENT,
                foundBy(tx, "recipient IN (<values>)"),
                Person.By.ORDER,
                foundBy(tx, "order_id IN (<values>)")));
    List<Change> changes = new ArrayList<>();
    for (List<Long> some : Chunks.keys(tx, waiting)) {
      tx.query(
              """
              SELECT %s FROM {outbox} o WHERE o.dealer_id = :dealer AND o.id IN (<some>)
                AND o.state IN ('WAITING', 'HELD', 'PARKED') ORDER BY o.id FOR UPDATE"""
                  .formatted(Row.COLUMNS))
          .bind("dealer", tenant.id())
          .bindList("some", some)
          .map((row, context) -> stopped(Row.read(row)))
          .forEach(changes::add);
    }
    if (changes.isEmpty()) {
      return;
    }
    long now = tx.machineMillis();
    Changes.write(tx, json, tenant.id(), changes, now);
    notes.add(tx, tenant.id(), now);
  }

  /** What may have left stays unknown: nobody can be asked any more. */
  static Change stopped(Row row) {
    return stopped(row, row.uncertain());
  }

  static Change stopped(Row row, boolean uncertain) {
    Change change =
        new Change(
            row,
            Delivery.State.STOPPED,
            uncertain ? Decision.Result.UNKNOWN : Decision.Result.STOPPED,
            Reasons.erased());
    change.uncertain = false;
    return change;
  }

  // ---- retention

  @Override
  public int expire(Tx tx, Tenant tenant, Retained kind, long beforeMs, int limit) {
    return switch (kind) {
      case CALLBACKS -> callbacks(tx, tenant, beforeMs, limit);
      case BODIES -> bodies(tx, tenant, beforeMs, limit);
      case DECISIONS -> decisions(tx, tenant, beforeMs, limit);
      case REPORTS -> reports(tx, tenant, beforeMs, limit);
      case AUDIT, REFUSALS, TRIES -> 0;
    };
  }

  private record Key(String account, String id) {}

  private static int callbacks(Tx tx, Tenant tenant, long before, int limit) {
    List<Key> old = new ArrayList<>();
    for (String state : List.of("DONE", "FAILED")) {
      tx.query(
              """
              SELECT account, key_hash FROM {callback_inbox}
              WHERE dealer_id = :dealer AND state = :state AND retry_ms < :before
              ORDER BY retry_ms, id LIMIT %d"""
                  .formatted(limit - old.size()))
          .bind("dealer", tenant.id())
          .bind("state", state)
          .bind("before", before)
          .map((row, context) -> new Key(row.getString("account"), row.getString("key_hash")))
          .forEach(old::add);
    }
    return delete(
        tx,
        tenant,
        old,
        """
        DELETE FROM {callback_inbox}
        WHERE dealer_id = :dealer AND account = :account AND key_hash = :id
          AND state <> 'RECEIVED'""");
  }

  private static int reports(Tx tx, Tenant tenant, long before, int limit) {
    List<Key> old =
        tx.query(
                """
                SELECT account, provider_id FROM {delivery_report}
                WHERE dealer_id = :dealer AND open_until_ms < :before AND received_ms < :before
                ORDER BY open_until_ms LIMIT %d"""
                    .formatted(limit))
            .bind("dealer", tenant.id())
            .bind("before", before)
            .map((row, context) -> new Key(row.getString("account"), row.getString("provider_id")))
            .list();
    return delete(
        tx,
        tenant,
        old,
        """
        DELETE FROM {delivery_report}
        WHERE dealer_id = :dealer AND account = :account AND provider_id = :id""");
  }

  private static int delete(Tx tx, Tenant tenant, List<Key> keys, String sql) {
    if (keys.isEmpty()) {
      return 0;
    }
    PreparedBatch batch = tx.batch(sql);
    for (Key key : keys) {
      batch.bind("dealer", tenant.id()).bind("account", key.account).bind("id", key.id).add();
    }
    batch.execute();
    return keys.size();
  }

  /** The words of what has ended, the youngest of the old first: those before them are done. */
  private static int bodies(Tx tx, Tenant tenant, long before, int limit) {
    List<Long> ended =
        tx.query(
                """
                SELECT id FROM {outbox}
                WHERE dealer_id = :dealer AND id < :before AND body <> ''
                  AND state IN ('SENT', 'REFUSED', 'EXPIRED', 'STOPPED', 'DROPPED')
                ORDER BY id LIMIT %d"""
                    .formatted(limit))
            .bind("dealer", tenant.id())
            .bind("before", Ids.firstAt(before))
            .mapTo(Long.class)
            .list();
    if (ended.isEmpty()) {
      return 0;
    }
    // The state again: one may just have been sent on its way once more by a person.
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {outbox} SET body = '' WHERE dealer_id = :dealer AND id = :id
              AND state IN ('SENT', 'REFUSED', 'EXPIRED', 'STOPPED', 'DROPPED')""");
    ended.forEach(id -> batch.bind("dealer", tenant.id()).bind("id", id).add());
    batch.execute();
    return ended.size();
  }

  private static int decisions(Tx tx, Tenant tenant, long before, int limit) {
    List<Long> old =
        tx.query(
                """
                SELECT d.id FROM {decision} d
                WHERE d.dealer_id = :dealer AND d.id < :before AND NOT EXISTS (
                  SELECT 1 FROM {outbox} o
                  WHERE o.dealer_id = :dealer AND o.id = d.id
                    AND o.state IN ('WAITING', 'CLAIMED', 'HELD', 'PARKED'))
                ORDER BY d.id LIMIT %d"""
                    .formatted(limit))
            .bind("dealer", tenant.id())
            .bind("before", Ids.firstAt(before))
            .mapTo(Long.class)
            .list();
    if (old.isEmpty()) {
      return 0;
    }
    // A message that a person has just sent on its way once more keeps both its rows.
    List<Long> held =
        tx.query(
                """
                SELECT id FROM {outbox} WHERE dealer_id = :dealer AND id IN (<ids>)
                  AND state IN ('SENT', 'REFUSED', 'EXPIRED', 'STOPPED', 'DROPPED')
                FOR UPDATE""")
            .bind("dealer", tenant.id())
            .bindList("ids", old)
            .mapTo(Long.class)
            .list();
    List<Long> withoutMessage =
        tx.query(
                """
                SELECT id FROM {decision}
                WHERE dealer_id = :dealer AND id IN (<ids>) AND has_message = 0""")
            .bind("dealer", tenant.id())
            .bindList("ids", old)
            .mapTo(Long.class)
            .list();
    PreparedBatch messages =
        tx.batch("DELETE FROM {outbox} WHERE dealer_id = :dealer AND id = :id");
    PreparedBatch decisions =
        tx.batch("DELETE FROM {decision} WHERE dealer_id = :dealer AND id = :id");
    held.forEach(id -> messages.bind("dealer", tenant.id()).bind("id", id).add());
    List<Long> gone = new ArrayList<>(held);
    gone.addAll(withoutMessage);
    gone.forEach(id -> decisions.bind("dealer", tenant.id()).bind("id", id).add());
    if (!held.isEmpty()) {
      messages.execute();
    }
    if (!gone.isEmpty()) {
      decisions.execute();
    }
    return gone.size();
  }
}
