package io.laoke.order;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;

import io.laoke.base.Upserted;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** {@link Returns} over the tables. */
final class StoredReturns implements Returns {
  private final Database database;
  private final Tenant tenant;
  private final Clock clock;
  private final OrderDesk desk;
  private final ReturnReader returns;

  StoredReturns(
      Database database, Tenant tenant, Clock clock, OrderDesk desk, ReturnReader returns) {
    this.database = database;
    this.tenant = tenant;
    this.clock = clock;
    this.desk = desk;
    this.returns = returns;
  }

  @Override
  public Upserted record(ReturnNote note) {
    notNull("note", note);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    return database.write(
        "record return '" + note.noteNo() + "'", tx -> desk.record(tx, tenant, note, now));
  }

  @Override
  public Optional<ReturnDetail> find(String noteNo) {
    String number = key("noteNo", noteNo, 64);
    return database.read("read return '" + number + "'", tx -> returns.find(tx, tenant, number));
  }
}
