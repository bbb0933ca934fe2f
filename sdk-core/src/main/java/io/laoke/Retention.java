package io.laoke;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Retained;
import io.laoke.internal.tenant.Tenant;
import io.laoke.segment.SegmentModule;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes old records in small transactions, once a day for each dealer, on one node. */
final class Retention {
  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);
  private static final String NAME = "RETENTION";
  private static final int BATCH = 500;
  private static final int CHANGES_AT_ONCE = 5_000;
  private static final int BATCHES_AT_ONCE = 20;
  private static final long SOON = Duration.ofMinutes(1).toMillis();
  private static final long LEASE = Duration.ofMinutes(10).toMillis();
  private static final long DAILY = Duration.ofDays(1).toMillis();

  private final Database database;
  private final List<PersonalData> features;
  private final Function<Tenant, RetentionSettings> settings;

  Retention(
      Database database,
      List<PersonalData> features,
      Function<Tenant, RetentionSettings> settings) {
    this.database = database;
    this.features = List.copyOf(features);
    this.settings = settings;
  }

  /** Does some of it if it is due and no other node does it. */
  void due(Tenant tenant) {
    OptionalLong mine = database.own("look for old records", tx -> claim(tx, tenant));
    if (mine.isPresent()) {
      forgetChanges(tenant);
      ExpiredRecords gone = some(tenant, BATCHES_AT_ONCE);
      database.own(
          "note when to look for old records",
          tx -> {
            long next = tx.machineMillis() + (gone.complete() ? DAILY : SOON);
            return set(tx, tenant, mine.getAsLong(), next);
          });
      if (!gone.equals(new ExpiredRecords(0, 0, 0, 0, 0, 0, 0, true))) {
        LOG.info("laoke.retention dealer={} {}", tenant.code(), gone);
      }
    }
  }

  private void forgetChanges(Tenant tenant) {
    int removed;
    do {
      removed =
          database.own(
              "remove old changes", tx -> SegmentModule.forgetChanges(tx, tenant, CHANGES_AT_ONCE));
    } while (removed == CHANGES_AT_ONCE);
  }

  /** All of it. */
  ExpiredRecords all(Tenant tenant) {
    forgetChanges(tenant);
    return some(tenant, Integer.MAX_VALUE);
  }

  private static OptionalLong claim(Tx tx, Tenant tenant) {
    long now = tx.machineMillis();
    long until = now + LEASE;
    boolean first =
        tx.query("SELECT due_ms FROM {chore} WHERE dealer_id = :dealer AND name = :name")
            .bind("dealer", tenant.id())
            .bind("name", NAME)
            .mapTo(Long.class)
            .findFirst()
            .isEmpty();
    if (first) {
      boolean made =
          tx.insertIfAbsent(
              "INSERT INTO {chore} (dealer_id, name, due_ms) VALUES (:dealer, :name, :until)",
              row -> row.bind("dealer", tenant.id()).bind("name", NAME).bind("until", until));
      return made ? OptionalLong.of(until) : OptionalLong.empty();
    }
    int mine =
        tx.update(
                """
                UPDATE {chore} SET due_ms = :until
                WHERE dealer_id = :dealer AND name = :name AND due_ms <= :now""")
            .bind("until", until)
            .bind("dealer", tenant.id())
            .bind("name", NAME)
            .bind("now", now)
            .execute();
    return mine == 1 ? OptionalLong.of(until) : OptionalLong.empty();
  }

  private static int set(Tx tx, Tenant tenant, long mine, long next) {
    return tx.update(
            """
            UPDATE {chore} SET due_ms = :next
            WHERE dealer_id = :dealer AND name = :name AND due_ms = :mine""")
        .bind("next", next)
        .bind("dealer", tenant.id())
        .bind("name", NAME)
        .bind("mine", mine)
        .execute();
  }

  private ExpiredRecords some(Tenant tenant, int batches) {
    Map<Retained, Integer> gone = new EnumMap<>(Retained.class);
    boolean complete = true;
    int left = batches;
    for (Map.Entry<Retained, Duration> age : settings.apply(tenant).ages().entrySet()) {
      for (PersonalData feature : features) {
        int removed = BATCH;
        while (removed > 0 && left > 0) {
          removed = batch(tenant, feature, age.getKey(), age.getValue());
          gone.merge(age.getKey(), removed, Integer::sum);
          left -= removed > 0 ? 1 : 0;
        }
        complete &= removed == 0;
      }
    }
    return new ExpiredRecords(
        gone.getOrDefault(Retained.CALLBACKS, 0),
        gone.getOrDefault(Retained.BODIES, 0),
        gone.getOrDefault(Retained.DECISIONS, 0),
        gone.getOrDefault(Retained.REPORTS, 0),
        gone.getOrDefault(Retained.AUDIT, 0),
        gone.getOrDefault(Retained.REFUSALS, 0),
        gone.getOrDefault(Retained.TRIES, 0),
        complete);
  }

  private int batch(Tenant tenant, PersonalData feature, Retained kind, Duration age) {
    return database.own(
        "remove old records",
        tx -> feature.expire(tx, tenant, kind, tx.machineMillis() - age.toMillis(), BATCH));
  }
}
