package io.laoke.inbox;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogBatch;
import io.laoke.catalog.CatalogModule;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBatch;
import io.laoke.member.MemberModule;
import io.laoke.message.Alarm;
import io.laoke.message.Tenants;
import io.laoke.order.OrderModule;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The door of this package for the composition root. Makes no thread before {@link #start}. */
@Internal
public final class InboxModule implements AutoCloseable {
  private static final int PAGE = 100;

  private final FactReader reader = new FactReader();
  private final InboxSettings settings;
  private final InboxEngine engine;
  private final ErasedPeople erased;

  /**
   * Builds; opens nothing.
   *
   * @param database not a view that joins a connection
   * @param business the business clock
   */
  public InboxModule(
      Database database,
      Tenants tenants,
      CatalogModule catalog,
      MemberModule members,
      OrderModule orders,
      InboxSettings settings,
      Clock business,
      Consumer<Alarm> alarms) {
    this.settings = notNull("settings", settings);
    this.erased = new ErasedPeople(reader, members.book(), orders.book());
    Turns turns = new Turns(database);
    Applier.Parts parts =
        new Applier.Parts() {
          @Override
          public Fact.Doors doors(Database view, Tenant tenant) {
            return new Fact.Doors(
                members.members(view, tenant),
                orders.orders(view, tenant),
                orders.returns(view, tenant));
          }

          @Override
          public Together.Source many(Database view, Tenant tenant) {
            return undo -> {
              CatalogBatch remembered = catalog.batch();
              MemberBatch people = members.batch(view, tenant, remembered, undo);
              return orders.batch(tenant, remembered, people, false, undo);
            };
          }

          @Override
          public Set<String> lockedByOthers(Tx tx, Tenant tenant, Collection<String> orderNos) {
            return orders.lockedByOthers(tx, tenant, orderNos);
          }

          @Override
          public ErasedPeople erased() {
            return erased;
          }
        };
    Applier applier = new Applier(database, reader, settings, business, parts, turns, alarms);
    this.engine = new InboxEngine(database, tenants, applier, turns, settings.poll(), alarms);
  }

  /** What the table of facts keeps of people. */
  public PersonalData personalData() {
    return new InboxData(this);
  }

  /** The public face for one dealer. */
  public Inbox inbox(Database view, Tenant tenant) {
    return new StoredFacts(view, tenant, reader, settings, engine::wake);
  }

  /**
   * Applies what is due on the calling thread.
   *
   * @return how many rows were applied
   */
  public int run(long nanos) {
    return settings.applied() ? engine.run(nanos) : 0;
  }

  /** Starts a daemon thread that applies rows as they come. Repeating changes nothing. */
  public void start() {
    if (settings.applied()) {
      engine.start();
    }
  }

  /**
   * Takes a person out of the rows that are not applied: their MEMBER rows are dropped, and ORDER
   * and RETURN rows, of their orders or that name them, lose buyer and place, so that the money is
   * still counted. A row that cannot be read and holds one of the values is dropped. The reason of
   * a row that is refused is taken away with it. Rows that are done hold nothing personal.
   *
   * @param customerNos numbers of the person
   * @param orderNos numbers of their orders
   * @param values whatever else names them: phones, names; shorter than 4 characters are passed
   *     over
   * @return how many rows were changed
   */
  public int erase(
      Tx tx,
      Tenant tenant,
      Collection<String> customerNos,
      Collection<String> orderNos,
      Collection<String> values) {
    Mentioned person = new Mentioned(reader, customerNos, orderNos, values);
    int changed = 0;
    long after = 0;
    List<FactTable.Full> rows;
    do {
      rows = FactTable.notEnded(tx, tenant.code(), after, PAGE, true);
      for (FactTable.Full row : rows) {
        after = row.row().id();
        if (person.in(row)) {
          erase(tx, tenant, row, person);
          changed++;
        }
      }
    } while (rows.size() == PAGE);
    return changed;
  }

  /** Takes all who were erased out of the rows that are not applied. */
  void eraseAgain(Tx tx, Tenant tenant) {
    long ends = tx.machineMillis() + settings.keepDone().toMillis();
    long after = 0;
    List<FactTable.Full> rows;
    do {
      rows = FactTable.notEnded(tx, tenant.code(), after, PAGE, true);
      erased.takeOut(tx, tenant, rows, ends);
      after = rows.isEmpty() ? after : rows.get(rows.size() - 1).row().id();
    } while (rows.size() == PAGE);
  }

  /** The rows about a person that are not applied, as they are shown. */
  List<Map<String, @Nullable Object>> export(Tx tx, Tenant tenant, Mentioned person) {
    List<Map<String, @Nullable Object>> shown = new ArrayList<>();
    long after = 0;
    List<FactTable.Full> rows;
    do {
      rows = FactTable.notEnded(tx, tenant.code(), after, PAGE, false);
      for (FactTable.Full full : rows) {
        FactRow row = full.row();
        after = row.id();
        if (person.in(full)) {
          Map<String, @Nullable Object> columns = new TreeMap<>();
          columns.put("id", Long.toString(row.id()));
          columns.put("kind", row.kind());
          columns.put("ref", row.ref());
          columns.put("fact", full.fact());
          columns.put("state", row.state());
          columns.put("tries", row.tries());
          columns.put("reason_code", row.code());
          columns.put("reason_field", full.field());
          columns.put("reason", full.reason());
          shown.add(columns);
        }
      }
    } while (rows.size() == PAGE);
    return shown;
  }

  FactReader reader() {
    return reader;
  }

  private void erase(Tx tx, Tenant tenant, FactTable.Full full, Mentioned person) {
    String kind = String.valueOf(full.row().kind());
    Optional<String> rest =
        kind.equals("ORDER") || kind.equals("RETURN")
            ? reader.withoutPerson(full.fact()).filter(fact -> !person.saidIn(fact))
            : kind.equals("STAGE")
                ? reader.withoutWords(full.fact()).filter(fact -> !person.saidIn(fact))
                : Optional.empty();
    if (rest.isPresent()) {
      FactTable.rewrite(tx, tenant.code(), full.row().id(), rest.get());
      return;
    }
    long now = tx.machineMillis();
    FactTable.decide(
        tx,
        tenant.code(),
        List.of(
            ErasedPeople.ended(
                tenant, full.row(), full.row().tries(), now + settings.keepDone().toMillis())),
        now);
  }

  /** The number of a row that has ended: of customers only its keyed hash. */
  static String kept(Tenant tenant, @Nullable String kind, @Nullable String ref) {
    String given = ref == null ? "" : ref;
    return "ORDER".equals(kind) || "STAGE".equals(kind) || "RETURN".equals(kind)
        ? given
        : tenant.privacy().hash("inbox", given);
  }

  /** Ends the thread after the row that it is at. */
  @Override
  public void close() {
    engine.close();
  }
}
