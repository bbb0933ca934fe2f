package io.laoke.reminder;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogModule;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBook;
import io.laoke.message.Decisions;
import io.laoke.message.GateRule;
import io.laoke.message.InboundHandler;
import io.laoke.message.Outbox;
import io.laoke.message.Tenants;
import io.laoke.notice.ServiceDesk;
import io.laoke.notice.ServiceTexts;
import io.laoke.order.OrderListener;
import io.laoke.order.OrderModule;
import io.laoke.sms.SmsBook;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** The reminders' only door for the composition root. */
@Internal
public final class ReminderModule implements AutoCloseable {
  private final CatalogModule catalog;
  private final OrderModule orders;
  private final Ids ids;
  private final Clock business;
  private final Contacts contacts;
  private final Planner planner;
  private final ReminderEngine engine;
  private final TodoListener todo;
  private final BookingTeller bookings;
  private final DigestTeller digests;
  private final Function<Tenant, ReminderSettings> settings;
  private final MemberBook members;
  private final Decisions decisions;
  private final AnswerDesk answers;

  /**
   * The reminders of all dealers of an engine.
   *
   * @param business the business clock
   * @param settings a dealer's settings now
   * @param webAddress where each dealer's pages are
   */
  public ReminderModule(
      Database database,
      Tenants tenants,
      CatalogModule catalog,
      OrderModule orders,
      MemberBook members,
      Outbox outbox,
      Decisions decisions,
      ServiceTexts texts,
      SmsBook sms,
      Ids ids,
      Clock business,
      Function<Tenant, ReminderSettings> settings,
      Function<Tenant, Optional<String>> webAddress) {
    this.catalog = catalog;
    this.orders = orders;
    this.ids = ids;
    this.business = business;
    AnswerLinks links = new AnswerLinks(webAddress, settings);
    this.contacts =
        new Contacts(catalog.book(), members, outbox, decisions, texts, sms, settings, links, ids);
    this.planner = new Planner(orders.book(), catalog.book(), contacts, ids, settings);
    this.bookings = new BookingTeller(database);
    this.digests =
        new DigestTeller(
            database, settings, new DigestTexts(catalog.book(), texts, sms, outbox, ids));
    this.settings = settings;
    this.engine =
        new ReminderEngine(
            database,
            tenants,
            orders.book(),
            bookings,
            digests,
            new Expiry(database, settings, ids),
            planner,
            contacts,
            business);
    this.todo = new TodoListener(ids, engine::wake);
    this.members = members;
    this.decisions = decisions;
    this.answers =
        new AnswerDesk(
            orders::orders,
            planner,
            new Addressees(members, decisions),
            contacts.hours(),
            links,
            settings,
            ids,
            engine::wake);
  }

  /** A dealer's reminders, in the transactions of that view of the database. */
  public Reminders reminders(Database view, Tenant tenant) {
    return new StoredReminders(
        view,
        tenant,
        orders.book(),
        planner,
        new StoredReminders.Categories() {
          @Override
          public void mark(Database within, Tenant of, String category) {
            catalog.catalog(within, of).markServiceable(category, true);
          }

          @Override
          public String now(Tx tx, Tenant of, String category) {
            return catalog
                .book()
                .movedPaths(tx, of, List.of(category))
                .getOrDefault(category, category);
          }
        },
        todo,
        tasks(view, tenant),
        new StoredAnswers(view, tenant, answers, business),
        new DigestMessages(catalog.book(), decisions),
        ids,
        business,
        engine::wake);
  }

  private Tasks tasks(Database view, Tenant tenant) {
    return new StoredTasks(
        view,
        tenant,
        new TakingStaff(catalog.book(), tenant),
        orders.book(),
        orders::orders,
        planner,
        settings,
        ids,
        business,
        engine::wake);
  }

  /** Has that listener told of booked slots. */
  public void bookings(BookingListener listener) {
    bookings.add(listener);
  }

  /** Has that listener told each day's digests. */
  public void digests(DigestListener listener) {
    digests.add(listener);
  }

  /** A dealer's services, in the transactions of that view of the database. */
  public Services services(Database view, Tenant tenant) {
    return new RecordedServices(orders.orders(view, tenant));
  }

  /** Hears which orders have changed. */
  public OrderListener orderListener() {
    return todo;
  }

  /** To be registered with the gate. */
  public GateRule gateRule() {
    return contacts.hours();
  }

  /** What followers write. */
  public InboundHandler inboundHandler(Database database) {
    return new AnswerTexts(database, members, decisions, answers, settings, business);
  }

  /** What customers answer on pages. */
  public ServiceDesk serviceDesk(Database database) {
    return new AnswerPages(
        tenant -> new StoredAnswers(database, tenant, answers, business), business);
  }

  /** What the tables of reminders keep of people. */
  public PersonalData personalData() {
    return new ReminderData(planner, business);
  }

  /**
   * Does what is due until nothing is or the time is over.
   *
   * @param now business time
   * @param due told how many dates came due
   * @return whether something was done
   */
  public boolean run(Instant now, long nanos, IntConsumer due) {
    return engine.run(now, nanos, due);
  }

  /** On a thread of its own from now on. */
  public void start() {
    engine.start();
  }

  /** Ends it after the step that it is at. */
  @Override
  public void close() {
    engine.close();
  }
}
