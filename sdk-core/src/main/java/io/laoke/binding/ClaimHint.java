package io.laoke.binding;

import java.util.Optional;

/**
 * What a reply says that explains how to claim an order.
 *
 * @param store the store whose permanent code was scanned
 * @param page where the same can be done with a form, if the dealer has pages
 */
public record ClaimHint(Optional<String> store, Optional<String> page) {
  ClaimHint of(String storeName) {
    return new ClaimHint(Optional.of(storeName), page);
  }
}
