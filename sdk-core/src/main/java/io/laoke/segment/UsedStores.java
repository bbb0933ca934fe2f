package io.laoke.segment;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.Tenant;
import io.laoke.order.OrderCodes;
import java.util.List;

/** The stores that a dealer's recorded orders name, each looked up when it is asked for. */
final class UsedStores {
  private final Database database;
  private final Tenant tenant;

  UsedStores(Database database, Tenant tenant) {
    this.database = database;
    this.tenant = tenant;
  }

  boolean names(String code) {
    return database.read(
        "look for orders of a store", tx -> OrderCodes.nameStore(tx, tenant, code));
  }

  List<String> all() {
    return database.read("list the stores of orders", tx -> OrderCodes.stores(tx, tenant));
  }
}
