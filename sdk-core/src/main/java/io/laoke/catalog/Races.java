package io.laoke.catalog;

import io.laoke.base.Internal;
import io.laoke.error.StoreException;
import java.sql.SQLException;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;

/** What to do when a row was written beside us and cannot be seen. */
@Internal
public final class Races {
  private Races() {}

  /**
   * An equal key was there when we inserted, but our snapshot does not show its row, or it is gone.
   * Laoke repeats its own transaction; a host repeats its own.
   */
  public static StoreException lost(String what) {
    return new StoreException(
        "Could not put the %s: another transaction wrote it at the same time. Nothing of the call remains; repeat the transaction."
            .formatted(what),
        new SQLException("row of another transaction is not visible", "40001"),
        true);
  }

  /** The same if a statement failed because an equal key was there, else that failure. */
  public static RuntimeException lostIfEqualKey(
      String what, UnableToExecuteStatementException failed) {
    return failed.getCause() instanceof SQLException cause
            && String.valueOf(cause.getSQLState()).startsWith("23")
        ? lost(what)
        : failed;
  }
}
