package io.laoke.inbox;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.base.Check;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.inbox.FactTable.Decided;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@link Inbox} over the table. */
final class StoredFacts implements Inbox {
  private static final int PAGE = 500;

  private final Database database;
  private final Tenant tenant;
  private final FactReader reader;
  private final InboxSettings settings;
  private final Runnable wake;

  StoredFacts(
      Database database, Tenant tenant, FactReader reader, InboxSettings settings, Runnable wake) {
    this.database = database;
    this.tenant = tenant;
    this.reader = reader;
    this.settings = settings;
    this.wake = wake;
  }

  @Override
  public List<InboxFact> page(InboxFact.State state, long afterId, int limit) {
    notNull("state", state);
    range("limit", limit, 1, PAGE);
    return database.read(
        "read a page of table inbox",
        tx ->
            FactTable.page(tx, tenant.code(), state.name(), afterId, limit).stream()
                .map(StoredFacts::shown)
                .toList());
  }

  @Override
  public Optional<InboxFact> find(long id) {
    return database.read(
        "read a row of table inbox",
        tx -> FactTable.find(tx, tenant.code(), id).map(StoredFacts::shown));
  }

  private static InboxFact shown(FactTable.Shown shown) {
    FactRow row = shown.row();
    Long since = shown.doneMs() == null ? row.firstMs() : shown.doneMs();
    InboxFact.State state = InboxFact.State.valueOf(row.state());
    return new InboxFact(
        row.id(),
        text(row.kind()),
        text(row.ref()),
        state,
        row.tries(),
        Optional.ofNullable(since).map(Instant::ofEpochMilli),
        state == InboxFact.State.WAITING
            ? Optional.of(Instant.ofEpochMilli(row.nextMs()))
            : Optional.empty(),
        Optional.ofNullable(shown.field()),
        Optional.ofNullable(row.code()).map(code -> Words.reason(code, text(shown.text()))));
  }

  private static String text(@Nullable String text) {
    return text == null ? "" : text;
  }

  @Override
  public Optional<String> json(long id) {
    return database.read(
        "read a fact of table inbox",
        tx -> {
          if (FactTable.find(tx, tenant.code(), id).isEmpty()) {
            throw unknown(id);
          }
          return Optional.of(text(FactTable.facts(tx, tenant.code(), List.of(id)).get(id)))
              .filter(fact -> !fact.isEmpty());
        });
  }

  @Override
  public long count(InboxFact.State state) {
    notNull("state", state);
    return database.read(
        "count rows of table inbox", tx -> FactTable.count(tx, tenant.code(), state.name()));
  }

  @Override
  public void correct(long id, String json) {
    notNull("json", json);
    database.write(
        "correct a row of table inbox",
        tx -> {
          FactRow row = open(tx, id);
          check(row, json);
          again(tx, row, json);
          return id;
        });
  }

  private void check(FactRow row, String json) {
    try {
      for (Fact.Kind kind : Fact.Kind.values()) {
        if (kind.name().equals(row.kind()) && row.ref() != null) {
          reader.read(kind, row.ref(), json, tenant.zone());
          return;
        }
      }
    } catch (FactRefused refused) {
      throw new InvalidInputException(
          refused.field().isEmpty() ? "json" : refused.field(), refused.words());
    }
    throw new ConflictException(
        "Row %d of table inbox has no kind and ref that Laoke can read, so another fact does not help. Insert a new row, and drop this one."
            .formatted(row.id()));
  }

  @Override
  public void retry(long id) {
    database.write(
        "retry a row of table inbox",
        tx -> {
          again(tx, open(tx, id), null);
          return id;
        });
  }

  private void again(Tx tx, FactRow row, @Nullable String json) {
    String kind = row.kind();
    if (!"STAGE".equals(kind)
        && FactTable.doneAfter(tx, tenant.code(), row, InboxModule.kept(tenant, kind, row.ref()))) {
      throw new ConflictException(
          "Row %d of table inbox says an earlier state than a later row that is applied, and would undo it. Insert a new row that says how it is now, and drop this one."
              .formatted(row.id()));
    }
    FactTable.again(tx, tenant.code(), row.id(), json);
    tx.afterCommit(wake);
  }

  @Override
  public int retryAll() {
    return database.write(
        "retry the bad rows of table inbox",
        tx -> {
          tx.afterCommit(wake);
          return FactTable.allAgain(tx, tenant.code());
        });
  }

  @Override
  public void drop(long id, String why) {
    String reason = Check.text("why", why, 200);
    database.write(
        "drop a row of table inbox",
        tx -> {
          FactRow row = locked(tx, id);
          if (row.state().equals("DROPPED")) {
            return id;
          }
          if (row.state().equals("DONE")) {
            throw new ConflictException(
                "Row %d of table inbox is applied already, so it cannot be dropped. Insert a row that says how it is now."
                    .formatted(id));
          }
          long now = tx.machineMillis();
          Decided dropped =
              new Decided(
                  row,
                  "DROPPED",
                  InboxModule.kept(tenant, row.kind(), row.ref()),
                  now + settings.keepDone().toMillis(),
                  row.tries(),
                  "DROPPED",
                  "",
                  reason);
          FactTable.decide(tx, tenant.code(), List.of(dropped), now);
          return id;
        });
  }

  private FactRow open(Tx tx, long id) {
    FactRow row = locked(tx, id);
    if (row.state().equals("DONE") || row.state().equals("DROPPED")) {
      throw new ConflictException(
          "Row %d of table inbox is %s, so it is not tried again. Insert a new row that says how it is now."
              .formatted(id, row.state().equals("DONE") ? "applied already" : "dropped"));
    }
    return row;
  }

  private FactRow locked(Tx tx, long id) {
    return FactTable.lock(tx, tenant.code(), id).orElseThrow(() -> unknown(id));
  }

  private static NotFoundException unknown(long id) {
    return new NotFoundException(
        "There is no row %d of this dealer in table inbox. It may have been applied and removed since; take the ids from inbox().page(…)."
            .formatted(id));
  }
}
