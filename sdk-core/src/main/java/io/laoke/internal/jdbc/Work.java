package io.laoke.internal.jdbc;

import org.jspecify.annotations.Nullable;

/**
 * What is done in one transaction. It may be run more than once, so it changes nothing but the
 * database.
 */
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
  /** Does it. */
  T in(Tx tx);
}
