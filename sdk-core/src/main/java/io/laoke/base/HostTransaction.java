package io.laoke.base;

import java.sql.Connection;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * SPI: finds the host's own transaction, so that what Laoke writes is committed or rolled back
 * together with what the host writes. The starter supplies Spring's. Without one, every call is a
 * transaction of its own, unless it is made through {@code dealer.in(connection)}.
 */
public interface HostTransaction {
  /**
   * The connection of the host's transaction on this data source in the calling thread, or empty
   * when there is none. It must not be in auto-commit mode. Laoke never commits, rolls back or
   * closes it, and leaves its settings alone.
   */
  Optional<Connection> current(DataSource dataSource);

  /**
   * Runs a task after the current transaction has been committed, and never if it is rolled back.
   * Called only inside a transaction that {@link #current} returned.
   */
  void afterCommit(Runnable task);

  /** For hosts that manage no transactions, or hand over their connection themselves. */
  static HostTransaction none() {
    return new HostTransaction() {
      @Override
      public Optional<Connection> current(DataSource dataSource) {
        return Optional.empty();
      }

      @Override
      public void afterCommit(Runnable task) {
        throw new IllegalStateException("there is no host transaction");
      }
    };
  }
}
