package io.laoke.notice;

import io.laoke.binding.WebAddress;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Addresses of order pages. One names a recipient, whose row names the order, and a time at which
 * it ends; a mark by the dealer's key binds all three.
 */
final class PageLinks {
  static final String ORDER = "/o/";

  /** Longer than a delivery with its installation and return takes. */
  private static final Duration LIFE = Duration.ofDays(400);

  private final Function<Tenant, Optional<String>> address;

  PageLinks(Function<Tenant, Optional<String>> address) {
    this.address = address;
  }

  Optional<String> address(Tenant tenant) {
    return address.apply(tenant);
  }

  /** Empty while the dealer has no web address. */
  Optional<String> order(Tenant tenant, long orderId, long recipientId, Instant now) {
    return address
        .apply(tenant)
        .map(base -> base + order(tenant, orderId, recipientId, now.plus(LIFE).getEpochSecond()));
  }

  /** Whether an address is one that {@link #order} gave. */
  boolean leadsToOrder(Tenant tenant, String url) {
    return address
        .apply(tenant)
        .filter(base -> url.startsWith(base + ORDER + WebAddress.dealer(tenant) + "-"))
        .isPresent();
  }

  /** The path of the page, after the mount. */
  static String order(Tenant tenant, long orderId, long recipientId, long endSeconds) {
    return ORDER
        + WebAddress.dealer(tenant)
        + "-"
        + Long.toString(recipientId, 36)
        + "-"
        + Long.toString(endSeconds, 36)
        + "-"
        + mark(tenant, orderId, recipientId, endSeconds);
  }

  static String mark(Tenant tenant, long orderId, long recipientId, long endSeconds) {
    return WebSeal.mark(tenant, "order", recipientId + "/" + orderId + "/" + endSeconds);
  }
}
