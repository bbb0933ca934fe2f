package io.laoke.order;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Collection;
import java.util.Map;

/** SPI: who claimed orders. */
@Internal
@FunctionalInterface
public interface OrderClaims {
  /**
   * The member of the openid whose scan gave the order to a member, by the order's number; orders
   * that no scan gave are absent.
   */
  Map<Long, Long> claimants(Tx tx, Tenant tenant, Collection<Long> orderIds);
}
