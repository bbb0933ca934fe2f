package io.laoke.notice;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Internal;
import io.laoke.binding.BindingBook;
import io.laoke.catalog.CatalogBook;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Accounts;
import io.laoke.message.Decisions;
import io.laoke.message.GateRule;
import io.laoke.message.Outbox;
import io.laoke.order.OrderBook;
import io.laoke.order.OrderListener;
import java.time.Clock;
import java.util.List;
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

  /**
   * Builds; opens nothing.
   *
   * @param business business time
   * @param settings of each dealer; asked at every stage, so it answers from memory
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
      Function<Tenant, NoticeSettings> settings) {
    this.templates = new TemplateTable(notNull("json", json));
    this.business = notNull("business", business);
    this.orders = notNull("orders", orders);
    this.catalog = notNull("catalog", catalog);
    this.bindings = notNull("bindings", bindings);
    this.accounts = notNull("accounts", accounts);
    this.outbox = notNull("outbox", outbox);
    this.decisions = notNull("decisions", decisions);
    this.settings = notNull("settings", settings);
  }

  /**
   * The public face for one dealer.
   *
   * @param view the database, or its view that joins a connection
   */
  public Notices notices(Database view, Tenant tenant) {
    return new StoredNotices(
        templates,
        new Rewording(templates, orders, catalog, outbox, settings),
        accounts,
        business,
        view,
        tenant);
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
    return new StageNotices(templates, orders, catalog, bindings, outbox, decisions, settings);
  }

  /** To be registered with the gate, in this order. */
  public List<GateRule> gateRules() {
    return List.of(new RecipientRule(bindings), new NewsRule(orders, outbox, settings));
  }
}
