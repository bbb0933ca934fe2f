package io.laoke.order;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The codes that recorded orders name, whether or not a catalogue has them. */
@Internal
public final class OrderCodes {
  private static final int MOST = 1_000;

  private OrderCodes() {}

  /** Codes of stores, at most 1,000, in the database's order; each by a look-up of an index. */
  public static List<String> stores(Tx tx, Tenant tenant) {
    return codes(tx, tenant, "store_code");
  }

  /** Whether an order names that store. */
  public static boolean nameStore(Tx tx, Tenant tenant, String code) {
    return tx.query(
            """
            SELECT store_code FROM {customer_order}
            WHERE dealer_id = :dealer AND store_code = :code LIMIT 1""")
        .bind("dealer", tenant.id())
        .bind("code", code)
        .mapTo(String.class)
        .findFirst()
        .isPresent();
  }

  static List<String> salesChannels(Tx tx, Tenant tenant) {
    return codes(tx, tenant, "sales_channel");
  }

  /** The values of a column that an index begins with, one after the other. */
  private static List<String> codes(Tx tx, Tenant tenant, String column) {
    List<String> codes = new ArrayList<>();
    Optional<String> next = Optional.of("");
    while (next.isPresent() && codes.size() < MOST) {
      next =
          tx.query(
                  """
                  SELECT %1$s FROM {customer_order}
                  WHERE dealer_id = :dealer AND %1$s > :after
                  ORDER BY dealer_id, %1$s LIMIT 1"""
                      .formatted(column))
              .bind("dealer", tenant.id())
              .bind("after", next.get())
              .mapTo(String.class)
              .findFirst();
      next.ifPresent(codes::add);
    }
    return codes;
  }
}
