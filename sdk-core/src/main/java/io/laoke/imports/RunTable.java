package io.laoke.imports;

import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Tables {@code import_run} and {@code import_refusal}. */
final class RunTable {
  private static final String ONE =
      """
      SELECT name, id, state, holder, facts, digest, refusals, starts, counts, started_ms, changed_ms
      FROM {import_run} WHERE dealer_id = :dealer AND name = :name
      """;

  /** Refusals deleted by one statement, so that forgetting many takes no long lock. */
  private static final int REFUSALS_AT_ONCE = 5_000;

  private final Json json;

  RunTable(Json json) {
    this.json = json;
  }

  /**
   * A run.
   *
   * @param id of the run since it last started over
   * @param facts behind it
   * @param refusals that were written
   */
  record Run(
      String name,
      long id,
      ImportReport.State state,
      String holder,
      long facts,
      long digest,
      long refusals,
      int starts,
      Tally tally,
      Instant startedAt,
      Instant changedAt) {
    ImportReport report(List<Refusal> first) {
      return tally.report(name, state, facts, starts, startedAt, changedAt, first);
    }
  }

  Optional<Run> find(Tx tx, Tenant tenant, String name, boolean lock) {
    return tx.query(lock ? ONE + " FOR UPDATE" : ONE)
        .bind("dealer", tenant.id())
        .bind("name", name)
        .map((row, context) -> run(row))
        .findOne();
  }

  private Run run(ResultSet row) throws SQLException {
    return new Run(
        row.getString("name"),
        row.getLong("id"),
        ImportReport.State.valueOf(row.getString("state")),
        row.getString("holder"),
        row.getLong("facts"),
        row.getLong("digest"),
        row.getLong("refusals"),
        row.getInt("starts"),
        Tally.of(json.read(row.getString("counts"), Tally.Stored.class)),
        Instant.ofEpochMilli(row.getLong("started_ms")),
        Instant.ofEpochMilli(row.getLong("changed_ms")));
  }

  List<String> names(Tx tx, Tenant tenant) {
    return tx.query("SELECT name FROM {import_run} WHERE dealer_id = :dealer ORDER BY name")
        .bind("dealer", tenant.id())
        .mapTo(String.class)
        .list();
  }

  /** Takes a run over, or makes it, or lets one that has ended start over. */
  Run start(Tx tx, Tenant tenant, String name, long newId, String holder, Instant now) {
    Run fresh =
        new Run(name, newId, ImportReport.State.RUNNING, holder, 0, 0, 0, 1, new Tally(), now, now);
    boolean made =
        tx.insertIfAbsent(
            """
            INSERT INTO {import_run} (dealer_id, name, id, state, holder, facts, digest, refusals,
              starts, counts, started_ms, changed_ms)
            VALUES (:dealer, :name, :id, 'RUNNING', :holder, 0, 0, 0, 1, :counts, :now, :now)
            """,
            row ->
                row.bind("dealer", tenant.id())
                    .bind("name", name)
                    .bind("id", newId)
                    .bind("holder", holder)
                    .bind("counts", json.write(fresh.tally().stored()))
                    .bind("now", now.toEpochMilli()));
    if (made) {
      return fresh;
    }
    Run was =
        find(tx, tenant, name, true).orElseThrow(() -> Races.lost("import run '" + name + "'"));
    boolean over = was.state() == ImportReport.State.DONE;
    Run run =
        over
            ? fresh
            : new Run(
                name,
                was.id(),
                was.state(),
                holder,
                was.facts(),
                was.digest(),
                was.refusals(),
                was.starts() + 1,
                was.tally(),
                was.startedAt(),
                now);
    save(tx, tenant, run);
    return run;
  }

  void save(Tx tx, Tenant tenant, Run run) {
    tx.update(
            """
            UPDATE {import_run} SET id = :id, state = :state, holder = :holder, facts = :facts,
              digest = :digest, refusals = :refusals, starts = :starts, counts = :counts,
              started_ms = :started, changed_ms = :changed
            WHERE dealer_id = :dealer AND name = :name
            """)
        .bind("id", run.id())
        .bind("state", run.state().name())
        .bind("holder", run.holder())
        .bind("facts", run.facts())
        .bind("digest", run.digest())
        .bind("refusals", run.refusals())
        .bind("starts", run.starts())
        .bind("counts", json.write(run.tally().stored()))
        .bind("started", run.startedAt().toEpochMilli())
        .bind("changed", run.changedAt().toEpochMilli())
        .bind("dealer", tenant.id())
        .bind("name", run.name())
        .execute();
  }

  boolean delete(Tx tx, Tenant tenant, String name) {
    return tx.update("DELETE FROM {import_run} WHERE dealer_id = :dealer AND name = :name")
            .bind("dealer", tenant.id())
            .bind("name", name)
            .execute()
        > 0;
  }

  // ---- refusals

  void refused(Tx tx, Tenant tenant, Run run, List<Refusal> refusals) {
    Rows rows =
        Rows.of("import_refusal", tenant.id())
            .with(Rows.Type.LONG, "run_id", "refusal_no", "fact_no")
            .with(Rows.Type.TEXT, "kind", "fact_key", "fact_hash", "origin", "field")
            .with(Rows.Type.TEXT, "fact_value", "reason");
    long number = run.refusals();
    for (Refusal refusal : refusals) {
      rows.add(
          run.id(),
          ++number,
          refusal.position(),
          refusal.kind().name(),
          tenant.privacy().seal(refusal.key()),
          ImportData.hash(tenant, refusal.kind(), refusal.key()),
          refusal.origin().orElse(null),
          refusal.field(),
          refusal.value().orElse(null),
          refusal.reason());
    }
    tx.insertAll(rows);
  }

  List<Refusal> refusals(Tx tx, Tenant tenant, long runId, long after, int limit) {
    return tx.query(
            """
            SELECT fact_no, kind, fact_key, origin, field, fact_value, reason
            FROM {import_refusal}
            WHERE dealer_id = :dealer AND run_id = :run AND refusal_no > :after
            ORDER BY refusal_no LIMIT :limit
            """)
        .bind("dealer", tenant.id())
        .bind("run", runId)
        .bind("after", after)
        .bind("limit", limit)
        .map(
            (row, context) ->
                new Refusal(
                    row.getLong("fact_no"),
                    ImportFact.Kind.valueOf(row.getString("kind")),
                    Objects.requireNonNull(tenant.privacy().open(row.getString("fact_key"))),
                    Optional.ofNullable(row.getString("origin")),
                    row.getString("field"),
                    Optional.ofNullable(row.getString("fact_value")),
                    row.getString("reason")))
        .list();
  }

  /**
   * Takes some of the refusals of a run away.
   *
   * @return whether there may be more
   */
  boolean clear(Tx tx, Tenant tenant, long runId) {
    Optional<Long> first =
        tx.query(
                "SELECT MIN(refusal_no) FROM {import_refusal} WHERE dealer_id = :dealer AND run_id"
                    + " = :run")
            .bind("dealer", tenant.id())
            .bind("run", runId)
            .mapTo(Long.class)
            .findOne();
    if (first.isEmpty()) {
      return false;
    }
    tx.update(
            "DELETE FROM {import_refusal} WHERE dealer_id = :dealer AND run_id = :run AND"
                + " refusal_no < :to")
        .bind("dealer", tenant.id())
        .bind("run", runId)
        .bind("to", first.get() + REFUSALS_AT_ONCE)
        .execute();
    return true;
  }
}
