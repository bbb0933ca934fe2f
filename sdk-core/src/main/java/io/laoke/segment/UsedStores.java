package io.laoke.segment;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The codes of stores that recorded orders name, whether or not the catalogue has them. */
final class UsedStores {
  private static final int MOST = 1_000;

  private final Database database;
  private final Tenant tenant;

  UsedStores(Database database, Tenant tenant) {
    this.database = database;
    this.tenant = tenant;
  }

  boolean names(String code) {
    return database.read(
        "look for orders of a store",
        tx ->
            tx.query(
                    """
                    SELECT store_code FROM {customer_order}
                    WHERE dealer_id = :dealer AND store_code = :code LIMIT 1""")
                .bind("dealer", tenant.id())
                .bind("code", code)
                .mapTo(String.class)
                .findFirst()
                .isPresent());
  }

  /** At most 1,000, each by a look-up of an index. */
  List<String> all() {
    return database.read(
        "list the stores of orders",
        tx -> {
          List<String> codes = new ArrayList<>();
          Optional<String> next = after(tx, "");
          while (next.isPresent() && codes.size() < MOST) {
            codes.add(next.get());
            next = after(tx, next.get());
          }
          return codes;
        });
  }

  private Optional<String> after(Tx tx, String code) {
    return tx.query(
            """
            SELECT store_code FROM {customer_order}
            WHERE dealer_id = :dealer AND store_code > :code
            ORDER BY dealer_id, store_code LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("code", code)
        .mapTo(String.class)
        .findFirst();
  }
}
