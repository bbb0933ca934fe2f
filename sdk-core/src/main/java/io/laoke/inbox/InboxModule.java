package io.laoke.inbox;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberModule;
import io.laoke.message.Alarm;
import io.laoke.message.Tenants;
import io.laoke.order.OrderModule;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The door of this package for the composition root. Makes no thread before {@link #start}. */
@Internal
public final class InboxModule implements AutoCloseable {
  private static final int PAGE = 100;

  private final FactReader reader = new FactReader();
  private final InboxSettings settings;
  private final InboxEngine engine;

  /**
   * Builds; opens nothing.
   *
   * @param database not a view that joins a connection
   */
  public InboxModule(
      Database database,
      Tenants tenants,
      MemberModule members,
      OrderModule orders,
      InboxSettings settings,
      Consumer<Alarm> alarms) {
    this.settings = notNull("settings", settings);
    Turns turns = new Turns(database);
    Applier applier =
        new Applier(
            database,
            reader,
            settings,
            (view, tenant) ->
                new Fact.Doors(
                    members.members(view, tenant),
                    orders.orders(view, tenant),
                    orders.returns(view, tenant)),
            turns,
            alarms);
    this.engine = new InboxEngine(database, tenants, applier, turns, alarms);
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
    return engine.run(nanos);
  }

  /** Starts a daemon thread that applies rows as they come. Repeating changes nothing. */
  public void start() {
    engine.start();
  }

  /**
   * Takes a person out of the rows that are not applied: their MEMBER rows are dropped, and ORDER
   * and RETURN rows lose buyer and place, so that the money is still counted. A row that cannot be
   * read and holds one of the values is dropped. Rows that are done hold nothing personal.
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
    Set<String> customers = Set.copyOf(customerNos);
    Set<String> orders = Set.copyOf(orderNos);
    Set<String> said =
        values.stream().filter(value -> value.length() >= 4).collect(Collectors.toSet());
    int changed = 0;
    long after = 0;
    List<FactTable.Full> rows;
    do {
      rows = FactTable.notEnded(tx, tenant.code(), after, PAGE);
      for (FactTable.Full row : rows) {
        after = row.row().id();
        changed += erased(tx, tenant, row, customers, orders, said) ? 1 : 0;
      }
    } while (rows.size() == PAGE);
    return changed;
  }

  private boolean erased(
      Tx tx,
      Tenant tenant,
      FactTable.Full full,
      Set<String> customers,
      Set<String> orders,
      Set<String> said) {
    String kind = String.valueOf(full.row().kind());
    String ref = String.valueOf(full.row().ref());
    boolean named =
        customers.stream().anyMatch(number -> full.fact().contains("\"" + number + "\""))
            || said.stream().anyMatch(full.fact()::contains);
    boolean theirs =
        kind.equals("MEMBER") ? customers.contains(ref) || named : orders.contains(ref) || named;
    if (!theirs) {
      return false;
    }
    Optional<String> rest =
        kind.equals("ORDER") || kind.equals("RETURN")
            ? reader
                .withoutPerson(full.fact())
                .filter(fact -> said.stream().noneMatch(fact::contains))
            : kind.equals("STAGE") && !named ? Optional.of(full.fact()) : Optional.empty();
    if (rest.isPresent()) {
      FactTable.rewrite(tx, tenant.code(), full.row().id(), rest.get());
      return true;
    }
    long now = tx.machineMillis();
    FactTable.decide(
        tx,
        tenant.code(),
        List.of(
            new FactTable.Decided(
                full.row(),
                "DROPPED",
                kept(tenant, kind, ref),
                now + settings.keepDone().toMillis(),
                full.row().tries(),
                "ERASED",
                "",
                "The person it speaks of was erased.")),
        now);
    return true;
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
