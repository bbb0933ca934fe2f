package io.laoke.order;

import java.util.List;

/**
 * Codes that recorded orders name, for lists and filters.
 *
 * @param stores store codes, also of stores that were not put in the catalogue
 * @param salesChannels sales channels
 */
public record UsedCodes(List<String> stores, List<String> salesChannels) {
  /** Copies. */
  public UsedCodes {
    stores = List.copyOf(stores);
    salesChannels = List.copyOf(salesChannels);
  }
}
