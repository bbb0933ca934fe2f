package io.laoke.order;

import static java.util.Objects.requireNonNull;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogBatch;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.ChangeTable;
import io.laoke.catalog.PlacedGoods;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberBatch;
import io.laoke.member.MemberBook;
import io.laoke.member.MemberOwnings;
import io.laoke.message.Tenants;
import java.time.Clock;
import java.util.Collection;
import java.util.Set;
import java.util.function.Function;

/** The door of this package for the composition root. */
@Internal
public final class OrderModule {
  private final Json json;
  private final Ids ids;
  private final Function<Tenant, OrderSettings> settings;
  private final Clock business;
  private final OrderDesk desk;
  private final OrderTable orders;
  private final ReturnReader returns;
  private final Rollup rollup;
  private final MemberBook members;
  private final PlacedLines placed;

  /**
   * The orders of all dealers of an engine.
   *
   * @param business the business clock
   * @param settings a dealer's settings now; asked in every call
   */
  public OrderModule(
      Json json,
      Ids ids,
      CatalogBook catalog,
      MemberBook members,
      Clock business,
      Function<Tenant, OrderSettings> settings) {
    this.json = json;
    this.ids = ids;
    this.settings = settings;
    this.business = requireNonNull(business);
    this.members = members;
    this.orders = new OrderTable(json);
    this.placed = new PlacedLines(catalog);
    ReturnTable table = new ReturnTable();
    this.returns = new ReturnReader(table);
    this.rollup = new Rollup(members);
    this.desk = new OrderDesk(ids, catalog, members, settings, orders, table, rollup);
  }

  /**
   * Which of these orders others have locked now. Locks the rest of them, waiting for nobody; where
   * the database cannot tell, none is said to be.
   */
  public Set<String> lockedByOthers(Tx tx, Tenant tenant, Collection<String> orderNos) {
    return orders.lockedByOthers(tx, tenant, orderNos);
  }

  /** Orders as the floors above use them. */
  public OrderBook book() {
    return new StoredBook(desk, orders);
  }

  /**
   * Orders within one transaction of many facts, kept in memory until they are flushed.
   *
   * @param history whether they are from before, so that nothing of them is told to anybody
   */
  public OrderBatch batch(
      Tenant tenant, CatalogBatch catalog, MemberBatch members, boolean history, Undo undo) {
    return new OrderBatch(
        tenant, json, ids, catalog, members, settings, orders, desk.listeners(), history, undo);
  }

  /** A dealer's orders, in the transactions of that view of the database. */
  public Orders orders(Database view, Tenant tenant) {
    return new StoredOrders(view, tenant, business, desk, orders, returns, rollup);
  }

  /** A dealer's returns, in the transactions of that view of the database. */
  public Returns returns(Database view, Tenant tenant) {
    return new StoredReturns(view, tenant, business, desk, returns);
  }

  /** The recorded lines, for the catalogue. */
  public PlacedGoods placedGoods() {
    return placed;
  }

  /** What has recorded lines follow changes of the catalogue. */
  public LinesFollow follow(Database database, Tenants tenants, ChangeTable changes) {
    return new LinesFollow(
        new Recategoriser(
            database, tenants, business, changes, placed, orders, new ReturnTable(), rollup, desk));
  }

  /** What moves with members, for the members. */
  public MemberOwnings ownings() {
    return new MemberMover(members, orders, rollup, desk);
  }

  /** Sets who claimed orders; without it, nobody did. */
  public void claims(OrderClaims claims) {
    desk.claims(requireNonNull(claims));
  }

  /** What the tables of orders keep of people. */
  public PersonalData personalData() {
    return new OrderData(json, ownings(), members);
  }

  /** Tells a listener of all orders from now on. Listeners hear in the order of this call. */
  public void listen(OrderListener listener) {
    desk.listen(requireNonNull(listener));
  }
}
