package io.laoke.internal.jdbc;

import static java.util.Objects.requireNonNull;

import io.laoke.base.HostTransaction;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jdbi.v3.core.ConnectionFactory;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Handles;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs work in transactions: the host's where there is one, else Laoke's own.
 *
 * <p>In the host's transaction the work runs between a savepoint and its release; on failure all of
 * it is undone and the host may go on. Nothing is committed, rolled back as a whole, or set. In its
 * own transaction Laoke switches auto-commit off, commits, and repeats after a deadlock or a
 * serialization failure.
 */
public final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int ATTEMPTS = 8;

  private final DataSource dataSource;
  private final HostTransaction host;
  private final Names names;
  private final Shared shared;
  private final @Nullable Connection given;

  /** A database; nothing is opened. */
  public Database(DataSource dataSource, HostTransaction host, Names names) {
    this(dataSource, host, names, new Shared(), null);
  }

  private Database(
      DataSource dataSource,
      HostTransaction host,
      Names names,
      Shared shared,
      @Nullable Connection given) {
    this.dataSource = dataSource;
    this.host = host;
    this.names = names;
    this.shared = shared;
    this.given = given;
  }

  /**
   * The same database, every call inside the transaction of that connection.
   *
   * @throws InvalidInputException if the connection is in auto-commit mode
   */
  public Database in(Connection connection) {
    try {
      if (connection.getAutoCommit()) {
        throw new InvalidInputException(
            "connection",
            "is in auto-commit mode, so there is no transaction to join; call setAutoCommit(false) first");
      }
    } catch (SQLException closed) {
      throw failed("join the connection", closed);
    }
    return new Database(dataSource, host, names, shared, connection);
  }

  /** The table names. */
  public Names names() {
    return names;
  }

  /** The kind of database; asks it on the first call. */
  public Dialect dialect() {
    Dialect known = shared.dialect;
    if (known != null) {
      return known;
    }
    try (Connection connection = dataSource.getConnection()) {
      return shared.dialectOf(connection);
    } catch (SQLException down) {
      throw failed("connect to the database", down);
    }
  }

  /** Whether a call made now would join a transaction of the host. */
  public boolean joined() {
    return joinable().isPresent();
  }

  /** Does work in the host's transaction if there is one, else in Laoke's own. */
  public <T extends @Nullable Object> T write(String what, Work<T> work) {
    Optional<Connection> connection = joinable();
    return connection.isPresent() ? joined(what, connection.get(), work) : own(what, work);
  }

  /** Reads. What the host's open transaction has written is seen. */
  public <T extends @Nullable Object> T read(String what, Work<T> work) {
    return write(what, work);
  }

  /** Does work in a transaction of Laoke's own, whatever the host has open. */
  public <T extends @Nullable Object> T own(String what, Work<T> work) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(what, work);
      } catch (StoreException failure) {
        if (attempt >= ATTEMPTS || !repeatable(failure)) {
          throw failure;
        }
        LOG.debug("Repeating after attempt {}: {}", attempt, failure.getMessage());
        LockSupport.parkNanos(
            ThreadLocalRandom.current().nextLong(1_000_000L << Math.min(attempt, 7)));
      }
    }
  }

  private Optional<Connection> joinable() {
    return given != null ? Optional.of(given) : host.current(dataSource);
  }

  private <T extends @Nullable Object> T once(String what, Work<T> work) {
    Tx tx;
    T result;
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      }
      try {
        tx = tx(connection);
        result = translated(what, tx, work);
        connection.commit();
      } catch (RuntimeException | SQLException | Error failure) {
        rollBack(connection, failure);
        throw failure;
      } finally {
        if (autoCommit) {
          restore(connection);
        }
      }
    } catch (SQLException failure) {
      throw failed(what, failure);
    }
    tx.tasksAfterCommit().forEach(Runnable::run);
    return result;
  }

  private <T extends @Nullable Object> T joined(String what, Connection connection, Work<T> work) {
    try {
      if (connection.getAutoCommit()) {
        throw new InvalidInputException(
            "connection", "the host's transaction is in auto-commit mode, so it cannot be joined");
      }
      Tx tx = tx(connection);
      Savepoint savepoint = connection.setSavepoint();
      T result;
      try {
        result = translated(what, tx, work);
      } catch (RuntimeException | Error failure) {
        undo(connection, savepoint, failure);
        throw failure;
      }
      connection.releaseSavepoint(savepoint);
      if (given == null) {
        tx.tasksAfterCommit().forEach(host::afterCommit);
      }
      return result;
    } catch (SQLException failure) {
      throw failed(what, failure);
    }
  }

  private static <T extends @Nullable Object> T translated(String what, Tx tx, Work<T> work) {
    try (tx) {
      return work.in(tx);
    } catch (JdbiException failure) {
      throw failed(what, failure);
    }
  }

  private Tx tx(Connection connection) throws SQLException {
    Dialect dialect = shared.dialectOf(connection);
    return new Tx(shared.handle(connection), dialect, names);
  }

  private static void undo(Connection connection, Savepoint savepoint, Throwable failure) {
    try {
      connection.rollback(savepoint);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException lost) {
      // A deadlock victim's whole transaction is gone already, its savepoints with it.
      failure.addSuppressed(lost);
    }
  }

  private static void rollBack(Connection connection, Throwable failure) {
    try {
      connection.rollback();
    } catch (SQLException lost) {
      failure.addSuppressed(lost);
    }
  }

  private static void restore(Connection connection) {
    try {
      connection.setAutoCommit(true);
    } catch (SQLException lost) {
      LOG.debug("The connection was lost before it went back to the pool", lost);
    }
  }

  private static StoreException failed(String what, Exception failure) {
    SQLException sql = sqlCause(failure);
    if (sql == null) {
      return new StoreException("Could not %s.".formatted(what), failure, false);
    }
    String state = String.valueOf(sql.getSQLState());
    boolean repeatable = state.startsWith("40");
    boolean connection = state.startsWith("08") || state.startsWith("57P");
    // Only the driver's exception is kept: Jdbi's would show every bound value.
    return new StoreException(
        "Could not %s: the database answered SQLState %s, error %d (%s). %s"
            .formatted(
                what,
                state,
                sql.getErrorCode(),
                firstLine(sql),
                advice(state, repeatable || connection)),
        sql,
        repeatable || connection);
  }

  private static String advice(String state, boolean again) {
    if (state.equals("42P01") || state.equals("42S02") || state.equals("42S04")) {
      return "Laoke's tables are missing or old: call laoke.migrations().apply(), or apply what Migrations.render(…) prints.";
    }
    return again ? "Nothing of the call remains; repeat it." : "Nothing of the call remains.";
  }

  private static boolean repeatable(StoreException failure) {
    return failure.getCause() instanceof SQLException sql
        && String.valueOf(sql.getSQLState()).startsWith("40");
  }

  private static @Nullable SQLException sqlCause(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }

  private static String firstLine(SQLException failure) {
    String message = failure.getMessage();
    return message == null
        ? failure.getClass().getSimpleName()
        : message.lines().findFirst().orElse("");
  }

  /** Wraps a checked failure of JDBC used directly, as by the migrations. */
  static LaokeException wrapped(String what, SQLException failure) {
    return failed(what, failure);
  }

  /** A connection of the data source itself, for work that manages its own transactions. */
  <T> T onOwnConnection(String what, SqlWork<T> work) {
    try (Connection connection = dataSource.getConnection()) {
      return work.on(connection);
    } catch (SQLException failure) {
      throw failed(what, failure);
    }
  }

  interface SqlWork<T> {
    T on(Connection connection) throws SQLException;
  }

  /** What all views of one database share. */
  private static final class Shared implements ConnectionFactory {
    // Holds the connection only while Jdbi wraps it: its factory takes no argument.
    @SuppressWarnings("ThreadLocalUsage")
    private final ThreadLocal<Connection> opening = new ThreadLocal<>();

    private final Jdbi jdbi = configured(this);
    private volatile @Nullable Dialect dialect;

    Dialect dialectOf(Connection connection) throws SQLException {
      Dialect known = dialect;
      if (known == null) {
        known = Dialect.of(connection);
        dialect = known;
      }
      return requireNonNull(known);
    }

    /** A handle on a connection that Jdbi neither opened nor will close. */
    Handle handle(Connection connection) {
      opening.set(connection);
      try {
        return jdbi.open();
      } finally {
        opening.remove();
      }
    }

    @Override
    public Connection openConnection() {
      return requireNonNull(opening.get());
    }

    @Override
    public void closeConnection(Connection connection) {
      // It goes back to whoever opened it.
    }

    private static Jdbi configured(ConnectionFactory connections) {
      Jdbi jdbi = Jdbi.create(connections);
      // The end of a handle must not touch a transaction that is the host's.
      jdbi.getConfig(Handles.class).setForceEndTransactions(false);
      // Jdbi's own messages show every bound value.
      jdbi.getConfig(StatementExceptions.class).setMessageRendering(hidden -> "");
      jdbi.getConfig(SqlStatements.class).setTemplateEngine(Database::lists);
      return jdbi;
    }
  }

  /**
   * Puts in the lists of {@code bindList}, for H2 as pairs with the dealer; nothing else in a
   * statement is a template.
   */
  private static String lists(String sql, StatementContext context) {
    String filled = sql;
    for (Map.Entry<String, Object> list : context.getAttributes().entrySet()) {
      String values = String.valueOf(list.getValue());
      filled =
          filled
              .replace("<" + list.getKey() + ">", values)
              .replace(
                  "<" + list.getKey() + ":dealer>",
                  "(:dealer, " + values.replace(",", "), (:dealer, ") + ")");
    }
    return filled;
  }
}
