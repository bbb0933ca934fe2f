package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Chunks;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Puts tasks on lists, each rule's in turn: the row of a rule is locked to the end of the
 * transaction, so that two engines give no two tasks the same turn.
 */
final class Assigning {
  private static final String ENGINE = "laoke";

  /** Whose row counts a rule's turns. */
  private static final String NOBODY = "";

  private Assigning() {}

  /** A task that is to be somebody's. */
  record Wanted(long taskId, ReminderRule rule, ReminderRow.Unit of) {}

  static void assign(
      Tx tx, Tenant tenant, CatalogBook catalog, Ids ids, List<Wanted> wanted, Instant now) {
    if (wanted.isEmpty()) {
      return;
    }
    List<CatalogBook.Seat> seats = catalog.seats(tx, tenant);
    Map<Long, String> regions = regions(tx, tenant, wanted);
    SortedMap<String, List<Wanted>> byRule = new TreeMap<>();
    wanted.forEach(
        one -> byRule.computeIfAbsent(one.rule().code(), code -> new ArrayList<>()).add(one));
    Map<Long, String> given = new TreeMap<>();
    byRule.forEach(
        (code, some) -> {
          Map<String, Long> turns = lock(tx, tenant, code);
          Set<String> before = new HashSet<>(turns.keySet());
          Set<String> served = new HashSet<>();
          some.stream()
              .sorted(Comparator.comparingLong(Wanted::taskId))
              .forEach(
                  one ->
                      AssigneeRule.next(candidates(one, seats, regions), turns)
                          .ifPresent(
                              staff -> {
                                turns.put(staff, turns.merge(NOBODY, 1L, Long::sum));
                                served.add(staff);
                                given.put(one.taskId(), staff);
                              }));
          write(tx, tenant, code, turns, before, served);
        });
    assign(tx, tenant, ids, given, now);
  }

  private static List<String> candidates(
      Wanted one, List<CatalogBook.Seat> seats, Map<Long, String> regions) {
    Long place = one.of().placeId();
    return one.rule()
        .assignee()
        .candidates(seats, one.of().storeCode(), place == null ? null : regions.get(place));
  }

  private static Map<Long, String> regions(Tx tx, Tenant tenant, List<Wanted> wanted) {
    Map<Long, String> regions = new HashMap<>();
    List<Long> places =
        wanted.stream()
            .filter(one -> one.rule().assignee().by() == AssigneeRule.By.REGION)
            .map(one -> one.of().placeId())
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    for (List<Long> some : Chunks.of(places)) {
      record Found(long place, @Nullable String region) {}
      tx.query(
              """
              SELECT id, region FROM {place} WHERE dealer_id = :dealer AND id IN (<places>)""",
              "places",
              Rows.Type.LONG,
              some)
          .bind("dealer", tenant.id())
          .map((row, context) -> new Found(row.getLong("id"), row.getString("region")))
          .forEach(
              one -> {
                if (one.region() != null) {
                  regions.put(one.place(), one.region());
                }
              });
    }
    return regions;
  }

  /** The last turns of a rule, whose row is locked. */
  private static Map<String, Long> lock(Tx tx, Tenant tenant, String code) {
    tx.insertIfAbsent(
        """
        INSERT INTO {reminder_turn} (dealer_id, code, staff, given)
        VALUES (:dealer, :code, :staff, 0)""",
        row -> row.bind("dealer", tenant.id()).bind("code", code).bind("staff", NOBODY));
    tx.query(
            """
            SELECT given FROM {reminder_turn}
            WHERE dealer_id = :dealer AND code = :code AND staff = :staff FOR UPDATE""")
        .bind("dealer", tenant.id())
        .bind("code", code)
        .bind("staff", NOBODY)
        .mapTo(Long.class)
        .one();
    Map<String, Long> turns = new HashMap<>();
    tx.guarded(
            "SELECT staff, given FROM {reminder_turn} WHERE dealer_id = :dealer AND code = :code")
        .bind("dealer", tenant.id())
        .bind("code", code)
        .map((row, context) -> Map.entry(row.getString("staff"), row.getLong("given")))
        .forEach(one -> turns.put(one.getKey(), one.getValue()));
    return turns;
  }

  private static void write(
      Tx tx,
      Tenant tenant,
      String code,
      Map<String, Long> turns,
      Set<String> before,
      Set<String> served) {
    if (served.isEmpty()) {
      return;
    }
    Rows added =
        Rows.of("reminder_turn", tenant.id())
            .with(Rows.Type.TEXT, "code", "staff")
            .with(Rows.Type.LONG, "given");
    PreparedBatch changed =
        tx.batch(
            """
            UPDATE {reminder_turn} SET given = :given
            WHERE dealer_id = :dealer AND code = :code AND staff = :staff""");
    served.add(NOBODY);
    for (String staff : served) {
      Long turn = Objects.requireNonNull(turns.get(staff));
      if (before.contains(staff)) {
        changed
            .bind("given", turn)
            .bind("dealer", tenant.id())
            .bind("code", code)
            .bind("staff", staff)
            .add();
      } else {
        added.add(code, staff, turn);
      }
    }
    changed.execute();
    tx.insertAll(added);
  }

  private static void assign(Tx tx, Tenant tenant, Ids ids, Map<Long, String> given, Instant now) {
    if (given.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            """
            UPDATE {reminder_task} SET assignee = :staff
            WHERE dealer_id = :dealer AND id = :id""");
    Rows audit =
        Rows.of("reminder_audit", tenant.id())
            .with(Rows.Type.LONG, "id", "task_id")
            .with(Rows.Type.TEXT, "action", "actor")
            .with(Rows.Type.LONG, "at_ms")
            .with(Rows.Type.TEXT, "from_state", "to_state", "detail");
    given.forEach(
        (task, staff) -> {
          batch.bind("staff", staff).bind("dealer", tenant.id()).bind("id", task).add();
          audit.add(
              ids.next(),
              task,
              TaskEvent.Action.ASSIGNED.name(),
              ENGINE,
              now.toEpochMilli(),
              TaskState.OPEN.name(),
              TaskState.OPEN.name(),
              "to " + staff);
        });
    batch.execute();
    tx.insertAll(audit);
  }
}
