package io.laoke.reminder;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** {@link Answers} over the tables. */
final class StoredAnswers implements Answers {
  private final Database database;
  private final Tenant tenant;
  private final AnswerDesk desk;
  private final Clock clock;

  StoredAnswers(Database database, Tenant tenant, AnswerDesk desk, Clock clock) {
    this.database = database;
    this.tenant = tenant;
    this.desk = desk;
    this.clock = clock;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public Optional<String> token(long taskId) {
    Instant now = now();
    return database.view(
        "make a token to answer about task " + taskId,
        tx ->
            ContactTable.newestFirst(tx, tenant, taskId).stream()
                .filter(contact -> desk.leads(tx, tenant, contact, taskId))
                .findFirst()
                .filter(
                    contact ->
                        desk.look(tx, tenant, contact, Optional.empty(), now)
                            instanceof AnswerState.Open)
                .map(contact -> desk.token(tx, tenant, contact, taskId, now)));
  }

  @Override
  public Optional<String> link(long taskId) {
    return token(taskId).flatMap(token -> desk.links().page(tenant, token));
  }

  @Override
  public AnswerState open(String token) {
    Optional<AnswerLinks.Named> named = AnswerLinks.read(tenant, notNull("token", token));
    if (named.isEmpty()) {
      return new AnswerState.Unknown();
    }
    Instant now = now();
    return database.view(
        "look what a customer can answer", tx -> desk.look(tx, tenant, named.get(), now));
  }

  @Override
  public AnswerState book(String token, Instant from, Instant to) {
    Instant now = now();
    Task.Slot slot = Slots.of(from, to);
    Slots.mustBeAhead(tenant, slot, now);
    return answer(token, new AnswerDesk.Given.Book(slot), now);
  }

  @Override
  public AnswerState later(String token, int days) {
    range("days", days, 1, 366);
    return answer(token, new AnswerDesk.Given.Later(days), now());
  }

  @Override
  public AnswerState decline(String token) {
    return answer(token, new AnswerDesk.Given.Decline(), now());
  }

  @Override
  public AnswerState installed(String token, LocalDate day) {
    return answer(token, new AnswerDesk.Given.Installed(notNull("day", day)), now());
  }

  @Override
  public AnswerState call(String token) {
    return answer(token, new AnswerDesk.Given.Call(), now());
  }

  private AnswerState answer(String token, AnswerDesk.Given given, Instant now) {
    Optional<AnswerLinks.Named> named = AnswerLinks.read(tenant, notNull("token", token));
    if (named.isEmpty()) {
      return new AnswerState.Unknown();
    }
    return database.write(
        "take a customer's answer",
        tx ->
            desk.answer(
                tx,
                database.within(tx),
                tenant,
                named.get(),
                given,
                CustomerAnswer.Source.LINK,
                now));
  }
}
