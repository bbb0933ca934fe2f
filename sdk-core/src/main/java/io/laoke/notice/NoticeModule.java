package io.laoke.notice;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.binding.BindingBook;
import io.laoke.binding.BindingDoor;
import io.laoke.binding.Bindings;
import io.laoke.catalog.CatalogBook;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Accounts;
import io.laoke.message.Decisions;
import io.laoke.message.GateRule;
import io.laoke.message.Outbox;
import io.laoke.message.Rewords;
import io.laoke.message.Tenants;
import io.laoke.order.OrderBook;
import io.laoke.order.OrderListener;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The door of this package for the composition root. */
@Internal
public final class NoticeModule {
  private final TemplateTable templates;
  private final Clock business;
  private final OrderBook orders;
  private final CatalogBook catalog;
  private final BindingBook bindings;
  private final Accounts accounts;
  private final Outbox outbox;
  private final Decisions decisions;
  private final Function<Tenant, NoticeSettings> settings;
  private final PageLinks pages;

  /**
   * Builds; opens nothing.
   *
   * @param business business time
   * @param settings of each dealer; asked at every stage, so it answers from memory
   * @param webAddress where each dealer's pages are, likewise
   */
  public NoticeModule(
      Json json,
      Clock business,
      OrderBook orders,
      CatalogBook catalog,
      BindingBook bindings,
      Accounts accounts,
      Outbox outbox,
      Decisions decisions,
      Function<Tenant, NoticeSettings> settings,
      Function<Tenant, Optional<String>> webAddress) {
    this.templates = new TemplateTable(notNull("json", json));
    this.business = notNull("business", business);
    this.orders = notNull("orders", orders);
    this.catalog = notNull("catalog", catalog);
    this.bindings = notNull("bindings", bindings);
    this.accounts = notNull("accounts", accounts);
    this.outbox = notNull("outbox", outbox);
    this.decisions = notNull("decisions", decisions);
    this.settings = notNull("settings", settings);
    this.pages = new PageLinks(notNull("webAddress", webAddress));
  }

  /**
   * The pages that customers open, of all dealers.
   *
   * @param database the database itself, not a view that joins one connection
   * @param services what customers answer to services that are due
   * @param machine real time, by which sign-ins end
   */
  public CustomerPages pages(
      Database database,
      Ids ids,
      Tenants tenants,
      BindingDoor door,
      Function<Tenant, Bindings> face,
      ServiceDesk services,
      Clock machine) {
    WebSeal seal = new WebSeal(new SecureRandom());
    return new StoredPages(
        notNull("database", database),
        notNull("tenants", tenants),
        accounts,
        orders,
        catalog,
        notNull("door", door),
        notNull("face", face),
        settings,
        pages,
        new SignIn(seal, notNull("machine", machine)),
        notNull("services", services),
        new SubscriptionAsk(database, templates, accounts, door, seal, notNull("ids", ids)),
        business);
  }

  /**
   * The public face for one dealer.
   *
   * @param view the database, or its view that joins a connection
   */
  public Notices notices(Database view, Tenant tenant) {
    return new StoredNotices(templates, rewording(), accounts, business, view, tenant);
  }

  /** The words of reminders. */
  public ServiceTexts serviceTexts() {
    return new ServiceTexts(templates, settings);
  }

  /** To be registered for orders, after the listener of binding. */
  public OrderListener orderListener() {
    return stages();
  }

  /** To be registered with binding. */
  public BindingBook.Listener bindingListener() {
    return stages();
  }

  private StageNotices stages() {
    return new StageNotices(
        templates, orders, catalog, bindings, outbox, decisions, settings, pages);
  }

  private Rewording rewording() {
    return new Rewording(templates, orders, catalog, bindings, outbox, settings, pages);
  }

  /** To be registered with the engine. */
  public Rewords rewords() {
    return rewording()::anew;
  }

  /** To be registered with the gate, in this order. */
  public List<GateRule> gateRules() {
    return List.of(new RecipientRule(bindings), new NewsRule(orders, outbox, settings));
  }

  /** What templates keep of people: nothing. */
  public PersonalData personalData() {
    return new NoticeData();
  }
}
