package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * The door of this package for the composition root. What upper floors register must be registered
 * before the first tick, {@link #start} or received fact. Makes no thread before {@link #start}.
 */
@Internal
public final class MessageModule implements AutoCloseable {
  private final Json json;
  private final Clock business;
  private final List<GateRule> rules = new CopyOnWriteArrayList<>();
  private final List<InboundHandler> handlers = new CopyOnWriteArrayList<>();
  private final List<RecipientListener> recipients = new CopyOnWriteArrayList<>();
  private final List<AlarmListener> listeners = new CopyOnWriteArrayList<>();
  private volatile ErasedRecipients erased = (tx, tenant, account, hash) -> false;
  private volatile AddressBook addresses = (tx, tenant, account, hash) -> Optional.empty();
  private volatile ChannelPreparer preparer =
      (tx, tenant, kind, account, templates) -> account.channel(kind);
  private volatile Rewords rewords = (tx, tenant, account, messages) -> Map.of();

  private final Notes notes;
  private final Pauses pauses;
  private final Alarms alarms;
  private final StoredInbox inbox;
  private final Receipts receipts;
  private final Engine engine;
  private final StoredOutbox outbox;

  /**
   * Builds; opens nothing.
   *
   * @param database not a view that joins a connection
   * @param business the clock of the started engine and of {@link Deliveries}
   */
  public MessageModule(
      Database database,
      Json json,
      Ids ids,
      Accounts accounts,
      Tenants tenants,
      Clock business,
      EngineSettings settings) {
    notNull("database", database);
    notNull("ids", ids);
    notNull("accounts", accounts);
    notNull("tenants", tenants);
    notNull("settings", settings);
    this.json = notNull("json", json);
    this.business = notNull("business", business);
    this.notes = new Notes(ids);
    this.pauses = new Pauses(ids, notes);
    Reports reports = new Reports(json, notes);
    this.alarms = new Alarms(listeners);
    handlers.add(reports);
    this.inbox =
        new StoredInbox(
            database, json, ids, accounts, tenants, notes, handlers, alarms, () -> erased);
    this.receipts = new Receipts(database, accounts, reports, inbox, () -> addresses);
    this.engine =
        new Engine(
            database,
            accounts,
            tenants,
            business,
            settings,
            notes,
            recipients,
            alarms,
            () ->
                new Visit.Tools(
                    json, notes, pauses, reports, rules, addresses, preparer, rewords, settings),
            inbox);
    engine.chores(receipts::ask);
    this.outbox = new StoredOutbox(json, ids, accounts, notes, pauses, engine::wake);
  }

  /** Adds a rule; rules are asked in the order in which they were added, the first no counts. */
  public void gate(GateRule rule) {
    rules.add(notNull("rule", rule));
  }

  /** Sets where addresses are found; without one, every message stops with NO_ADDRESS. */
  public void addressBook(AddressBook book) {
    addresses = notNull("book", book);
  }

  /** Sets what makes channels ready; without it, they are as their accounts offer them. */
  public void prepare(ChannelPreparer channels) {
    preparer = notNull("channels", channels);
  }

  /** Sets who was erased; without it, nobody was. */
  public void erased(ErasedRecipients recipients) {
    erased = notNull("recipients", recipients);
  }

  /** What the tables of messages keep of people. */
  public PersonalData personalData() {
    return new MessageData(json, notes);
  }

  /** Sets what is done for each dealer now and then, at least as often as the engine sweeps. */
  public void chores(Consumer<Tenant> chore) {
    notNull("chore", chore);
    engine.chores(
        tenant -> {
          receipts.ask(tenant);
          chore.accept(tenant);
        });
  }

  /** Sets where new words are found for what a template was refused for; without one, none. */
  public void rewords(Rewords words) {
    rewords = notNull("words", words);
  }

  /** Adds a handler; the first added is the first asked for a reply. */
  public void inbound(InboundHandler handler) {
    handlers.add(notNull("handler", handler));
  }

  /** Adds a listener. */
  public void recipients(RecipientListener listener) {
    recipients.add(notNull("listener", listener));
  }

  /** Adds a listener. */
  public void alarms(AlarmListener listener) {
    listeners.add(notNull("listener", listener));
  }

  /** Raises an alarm of an upper floor; what it tells of is committed. */
  public void raise(Alarm alarm) {
    alarms.raise(alarm);
  }

  /** Where messages are put. */
  public Outbox outbox() {
    return outbox;
  }

  /** Where decisions without a message are put. */
  public Decisions decisions() {
    return outbox;
  }

  /** Where facts from outside come in. */
  public InboundReceiver receiver() {
    return inbox;
  }

  /**
   * The public face for one dealer.
   *
   * @param view the database, or its view that joins a connection
   */
  public Deliveries deliveries(Database view, Tenant tenant) {
    return new StoredDeliveries(
        notNull("view", view),
        notNull("tenant", tenant),
        json,
        business,
        notes,
        pauses,
        engine::wake);
  }

  /**
   * Does due work on the calling thread until nothing is due or the budget ends.
   *
   * @param businessNow business time; never decides leases, back-off or windows
   */
  public TickReport tick(Instant businessNow, Duration budget) {
    long deadline = System.nanoTime() + notNull("budget", budget).toNanos();
    TickReport report = engine.tick(notNull("businessNow", businessNow), budget);
    receipts.await(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    return report;
  }

  /** Starts a daemon thread that does due work as it comes. Repeating changes nothing. */
  public void start() {
    engine.start();
  }

  /** Ends the thread; waits for what is under way, at most the longest call limit. */
  @Override
  public void close() {
    receipts.close();
    engine.close();
  }
}
