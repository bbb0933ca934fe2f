package io.laoke.order;

import java.util.List;
import java.util.Optional;

/**
 * Some of the orders asked for.
 *
 * @param orders newest first
 * @param next what to give for the next page; empty after the last
 */
public record OrderPage(List<OrderDetail> orders, Optional<String> next) {
  /** Copies. */
  public OrderPage {
    orders = List.copyOf(orders);
  }
}
