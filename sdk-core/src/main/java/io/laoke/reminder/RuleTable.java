package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The SQL of rules, and of what follows when they change. */
final class RuleTable {
  static final int ORDERS = 0;
  static final int REMINDERS = 1;

  private static final String ACTIVE = "ACTIVE";
  private static final String RETIRED = "RETIRED";
  private static final long LEASE = Duration.ofMinutes(1).toMillis();

  /** Whoever was at work with older rules when they changed is done by then. */
  private static final List<Duration> AGAIN = List.of(Duration.ofMinutes(1), Duration.ofHours(1));

  private RuleTable() {}

  // ---- rules

  /** Lets no other transaction change rules until this one ends. */
  static void lock(Tx tx, Tenant tenant) {
    tx.lockDealer(tenant.id());
  }

  static List<RuleVersion> all(Tx tx, Tenant tenant) {
    return all(tx, tenant, ReminderRuleJson::stored);
  }

  private static List<RuleVersion> all(
      Tx tx, Tenant tenant, Function<String, ReminderRule> reading) {
    return tx.guarded(
            """
            SELECT code, version, body, state, changed_ms FROM {reminder_rule}
            WHERE dealer_id = :dealer ORDER BY dealer_id, code""")
        .bind("dealer", tenant.id())
        .map((row, context) -> rule(row, reading))
        .list();
  }

  /** Those in force; of a category that has moved, for where it was, too: lines follow later. */
  static ActiveRules active(Tx tx, Tenant tenant, CatalogBook catalog, ParsedRules parsed) {
    List<RuleVersion> active =
        all(tx, tenant, parsed::of).stream().filter(RuleVersion::active).toList();
    Map<String, String> moved =
        catalog.movedPaths(
            tx, tenant, active.stream().map(one -> one.rule().category()).distinct().toList());
    List<ActiveRules.Numbered> rules = new ArrayList<>();
    for (RuleVersion one : active) {
      rules.add(new ActiveRules.Numbered(one.rule(), one.version()));
      String now = moved.get(one.rule().category());
      if (now != null) {
        rules.add(new ActiveRules.Numbered(one.rule().movedTo(now), one.version()));
      }
    }
    return new ActiveRules(rules);
  }

  /** Whether there is any, retired ones among them. */
  static boolean any(Tx tx, Tenant tenant) {
    return tx.query("SELECT code FROM {reminder_rule} WHERE dealer_id = :dealer LIMIT 1")
        .bind("dealer", tenant.id())
        .mapTo(String.class)
        .findFirst()
        .isPresent();
  }

  static Optional<RuleVersion> find(Tx tx, Tenant tenant, String code) {
    return tx.guarded(
            """
            SELECT code, version, body, state, changed_ms FROM {reminder_rule}
            WHERE dealer_id = :dealer AND code = :code""")
        .bind("dealer", tenant.id())
        .bind("code", code)
        .map((row, context) -> rule(row, ReminderRuleJson::stored))
        .findOne();
  }

  /** The cycles of rules as they were, by code and version; at most all versions of these codes. */
  static Map<Key, ServiceCycle> cycles(Tx tx, Tenant tenant, Collection<Key> wanted) {
    Map<Key, ServiceCycle> found = new HashMap<>();
    for (List<String> codes : Chunks.of(wanted.stream().map(Key::code).distinct().toList())) {
      tx.query(
              """
              SELECT code, version, body FROM {reminder_rule_version}
              WHERE dealer_id = :dealer AND code IN (<codes>) AND body IS NOT NULL""")
          .bind("dealer", tenant.id())
          .bindList("codes", codes)
          .map(
              (row, context) ->
                  Map.entry(
                      new Key(row.getString("code"), row.getInt("version")), row.getString("body")))
          .forEach(
              one -> {
                if (wanted.contains(one.getKey())) {
                  found.put(one.getKey(), ReminderRuleJson.stored(one.getValue()).cycle());
                }
              });
    }
    return found;
  }

  /** A version of a rule. */
  record Key(String code, int version) {}

  private static RuleVersion rule(ResultSet row, Function<String, ReminderRule> reading)
      throws SQLException {
    return new RuleVersion(
        reading.apply(row.getString("body")),
        row.getInt("version"),
        row.getString("state").equals(ACTIVE),
        Instant.ofEpochMilli(row.getLong("changed_ms")));
  }

  static void write(Tx tx, Tenant tenant, RuleVersion rule, boolean first) {
    String body = ReminderRuleJson.write(rule.rule());
    tx.update(
            first
                ? """
                INSERT INTO {reminder_rule} (dealer_id, code, version, body, state, changed_ms)
                VALUES (:dealer, :code, :version, :body, :state, :now)"""
                : """
                UPDATE {reminder_rule} SET version = :version, body = :body, state = :state,
                  changed_ms = :now
                WHERE dealer_id = :dealer AND code = :code""")
        .bind("dealer", tenant.id())
        .bind("code", rule.rule().code())
        .bind("version", rule.version())
        .bind("body", body)
        .bind("state", rule.active() ? ACTIVE : RETIRED)
        .bind("now", rule.changedAt().toEpochMilli())
        .execute();
    tx.update(
            """
            INSERT INTO {reminder_rule_version} (dealer_id, code, version, body, changed_ms)
            VALUES (:dealer, :code, :version, :body, :now)""")
        .bind("dealer", tenant.id())
        .bind("code", rule.rule().code())
        .bind("version", rule.version())
        .bind("body", rule.active() ? body : null)
        .bind("now", rule.changedAt().toEpochMilli())
        .execute();
  }

  // ---- what follows a change

  /** What a change of a rule may concern: what it planned, and what it may plan now. */
  record Scope(String code, String kind, String category) {}

  /**
   * A change that is being followed.
   *
   * @param until the lease
   */
  record Claim(long id, Scope scope, int step, long afterId, int passes, long until) {
    Claim at(int nextStep, long after, long next) {
      return new Claim(id, scope, nextStep, after, passes, next);
    }
  }

  static void follow(
      Tx tx, Tenant tenant, long id, ReminderRule rule, int version, boolean orders, Instant now) {
    tx.update(
            """
            INSERT INTO {reminder_change} (dealer_id, id, code, version, kind, category, first_step,
              step, after_id, passes, next_ms, moved, vanished, appeared, created_ms)
            VALUES (:dealer, :id, :code, :version, :kind, :category, :step, :step, 0, 0, :next, 0, 0, 0, :now)""")
        .bind("dealer", tenant.id())
        .bind("id", id)
        .bind("code", rule.code())
        .bind("version", version)
        .bind("kind", rule.kind())
        .bind("category", rule.category())
        .bind("step", orders ? ORDERS : REMINDERS)
        .bind("next", tx.machineMillis())
        .bind("now", now.toEpochMilli())
        .execute();
  }

  /** Takes one that is due and that nobody else works at. */
  static Optional<Claim> claim(Tx tx, Tenant tenant) {
    long now = tx.machineMillis();
    List<Claim> due =
        tx.query(
                """
                SELECT id, code, kind, category, step, after_id, passes, next_ms FROM {reminder_change}
                WHERE dealer_id = :dealer AND next_ms <= :now ORDER BY dealer_id, next_ms LIMIT 20""")
            .bind("dealer", tenant.id())
            .bind("now", now)
            .map(
                (row, context) ->
                    new Claim(
                        row.getLong("id"),
                        new Scope(
                            row.getString("code"),
                            row.getString("kind"),
                            row.getString("category")),
                        row.getInt("step"),
                        row.getLong("after_id"),
                        row.getInt("passes"),
                        row.getLong("next_ms")))
            .list();
    return due.stream()
        .filter(one -> next(tx, tenant, one, now + LEASE))
        .map(one -> one.at(one.step(), one.afterId(), now + LEASE))
        .findFirst();
  }

  private static boolean next(Tx tx, Tenant tenant, Claim claim, @Nullable Long next) {
    return tx.update(
                """
                UPDATE {reminder_change} SET next_ms = :next
                WHERE dealer_id = :dealer AND id = :id AND next_ms = :was""")
            .bind("next", next)
            .bind("dealer", tenant.id())
            .bind("id", claim.id())
            .bind("was", claim.until())
            .execute()
        == 1;
  }

  /**
   * Whether it is the dealer's first: before it nobody noted which orders change, and for some
   * seconds after it not every engine does.
   */
  static boolean first(Tx tx, Tenant tenant, Claim claim) {
    return tx.query("SELECT MIN(id) FROM {reminder_change} WHERE dealer_id = :dealer")
            .bind("dealer", tenant.id())
            .mapTo(Long.class)
            .one()
        == claim.id();
  }

  /** Notes how far it is, and keeps the lease; empty if another has taken it over. */
  static Optional<Claim> walked(
      Tx tx, Tenant tenant, Claim claim, int step, long afterId, RuleEffect effect) {
    long until = Math.max(tx.machineMillis() + LEASE, claim.until() + 1);
    int kept =
        tx.update(
                """
                UPDATE {reminder_change} SET next_ms = :next, step = :step, after_id = :after,
                  moved = moved + :moved, vanished = vanished + :vanished,
                  appeared = appeared + :appeared
                WHERE dealer_id = :dealer AND id = :id AND next_ms = :was""")
            .bind("next", until)
            .bind("step", step)
            .bind("after", afterId)
            .bind("moved", effect.moved())
            .bind("vanished", effect.vanished())
            .bind("appeared", effect.appeared())
            .bind("dealer", tenant.id())
            .bind("id", claim.id())
            .bind("was", claim.until())
            .execute();
    return kept == 1 ? Optional.of(claim.at(step, afterId, until)) : Optional.empty();
  }

  /** Gives it back before the end, to go on at once. */
  static void giveBack(Tx tx, Tenant tenant, Claim claim) {
    next(tx, tenant, claim, tx.machineMillis());
  }

  /** All of it was looked at; it is again a few times. */
  static void passed(Tx tx, Tenant tenant, Claim claim, Instant business) {
    long now = tx.machineMillis();
    Long next =
        claim.passes() < AGAIN.size() ? (Long) (now + AGAIN.get(claim.passes()).toMillis()) : null;
    if (next(tx, tenant, claim, next)) {
      tx.update(
              """
              UPDATE {reminder_change} SET passes = passes + 1, step = first_step,
                after_id = 0,
                done_ms = COALESCE(done_ms, :now)
              WHERE dealer_id = :dealer AND id = :id""")
          .bind("now", business.toEpochMilli())
          .bind("dealer", tenant.id())
          .bind("id", claim.id())
          .execute();
    }
  }

  static Optional<RuleProgress> progress(Tx tx, Tenant tenant, String code) {
    return tx.query(
            """
            SELECT version, moved, vanished, appeared, done_ms FROM {reminder_change}
            WHERE dealer_id = :dealer AND code = :code ORDER BY id DESC LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("code", code)
        .map(
            (row, context) ->
                new RuleProgress(
                    code,
                    row.getInt("version"),
                    new RuleEffect(
                        row.getLong("moved"), row.getLong("vanished"), row.getLong("appeared")),
                    Optional.ofNullable(ReminderTable.number(row, "done_ms"))
                        .map(Instant::ofEpochMilli)))
        .findFirst();
  }
}
