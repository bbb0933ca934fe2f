package io.laoke.internal.jdbc;

import static java.util.Objects.requireNonNull;

import io.laoke.base.HostTransaction;
import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Failures.Left;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.WeakHashMap;
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
 * own transaction Laoke switches auto-commit off, sets READ COMMITTED unless that is the level
 * already or only a {@link #glance} is taken, commits, and repeats after a deadlock or a
 * serialization failure. The connection goes back as it came.
 */
public final class Database {
  private static final Logger LOG = LoggerFactory.getLogger(Database.class);
  private static final int ATTEMPTS = 12;
  private static final int STATEMENT_SECONDS = 3;
  private static final int LONGEST_FILLED = 1_024;

  private final DataSource dataSource;
  private final HostTransaction host;
  private final Names names;
  private final Shared shared;
  private final @Nullable Connection given;
  private final @Nullable Tx whole;
  private final Runnable ready;
  private final @Nullable Duration patience;

  /** A database; nothing is opened. */
  public Database(DataSource dataSource, HostTransaction host, Names names) {
    this(dataSource, host, names, new Shared(), null, null, () -> {}, null);
  }

  private Database(
      DataSource dataSource,
      HostTransaction host,
      Names names,
      Shared shared,
      @Nullable Connection given,
      @Nullable Tx whole,
      Runnable ready,
      @Nullable Duration patience) {
    this.dataSource = dataSource;
    this.host = host;
    this.names = names;
    this.shared = shared;
    this.given = given;
    this.whole = whole;
    this.ready = ready;
    this.patience = patience;
  }

  /**
   * The same database with something to get ready before any work that writes. It is done while
   * Laoke holds no connection of its own: whoever asked for a second one inside a transaction would
   * wait for ever behind a pool of one.
   */
  public Database before(Runnable getReady) {
    return new Database(dataSource, host, names, shared, given, whole, getReady, patience);
  }

  /**
   * The same database, where a transaction of Laoke's own waits no longer than that for a lock of
   * others, in whole seconds on MySQL and MariaDB; a shorter wait that the host has set holds. One
   * that has waited in vain is not repeated: see {@link #lockedOut}.
   */
  public Database waiting(Duration atMost) {
    return new Database(dataSource, host, names, shared, given, whole, ready, atMost);
  }

  /**
   * Whether {@link #waiting} does what it says. It does not once a wall in front of the database
   * has refused to let it: then no statement may take longer than {@value #STATEMENT_SECONDS}
   * seconds, nor wait longer than the database's own bound lets one.
   */
  public boolean boundsWaits() {
    return !shared.lockWaitWalled;
  }

  /** Whether a call failed since a lock of others was in its way for too long. */
  public static boolean lockedOut(LaokeException failure) {
    return failure instanceof StoreException store && Failures.lockedOut(store);
  }

  /**
   * The same database, every call inside the transaction of that connection.
   *
   * @throws InvalidInputException if the connection is in auto-commit mode, or closed
   */
  public Database in(Connection connection) {
    try {
      if (connection.isClosed()) {
        throw new InvalidInputException("connection", "must be open, is closed");
      }
      if (connection.getAutoCommit()) {
        throw new InvalidInputException(
            "connection",
            "is in auto-commit mode, so there is no transaction to join; call setAutoCommit(false)"
                + " first");
      }
    } catch (SQLException closed) {
      throw failed("join the connection", closed);
    }
    return new Database(dataSource, host, names, shared, connection, null, ready, null);
  }

  /**
   * The same database, every call a part of that transaction of Laoke's own. A call that fails is
   * not undone by itself: whoever began the transaction must let it fail as a whole.
   */
  public Database within(Tx tx) {
    return new Database(dataSource, host, names, shared, null, requireNonNull(tx), () -> {}, null);
  }

  /** The table names. */
  public Names names() {
    return names;
  }

  /**
   * When this process last wrote that it changed members, by {@link System#nanoTime()}; the
   * transaction may not be committed yet.
   */
  public long changedNanos() {
    return shared.changedNanos;
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
    ready.run();
    return does(what, work, true, Sees.COMMITTED);
  }

  /** Reads. What the host's open transaction has written is seen. */
  public <T extends @Nullable Object> T read(String what, Work<T> work) {
    return does(what, work, false, Sees.COMMITTED);
  }

  /**
   * Reads with several statements that see one moment, though others commit between them. In a
   * transaction of the host they see what its level lets them see.
   */
  public <T extends @Nullable Object> T view(String what, Work<T> work) {
    Optional<Connection> connection = joinable();
    return connection.isPresent()
        ? joined(what, connection.get(), work, false)
        : repeated(what, work, Sees.ONE_MOMENT);
  }

  /**
   * Reads with statements that may see one moment or what is committed up to each of them,
   * whichever the connection does unasked: it takes the fewest trips to the database.
   */
  public <T extends @Nullable Object> T glance(String what, Work<T> work) {
    return does(what, work, false, Sees.EITHER);
  }

  /**
   * Reads on a connection of Laoke's own, whatever the host has open, as of one moment, once: what
   * was handed on to others cannot be taken back and told again.
   */
  public <T extends @Nullable Object> T streamed(String what, Work<T> work) {
    return once(what, work, Sees.ONE_MOMENT);
  }

  /**
   * Reads by one statement on a connection of Laoke's own, whatever the host has open; not in a
   * transaction if connections are in auto-commit mode, so that it takes a single trip.
   *
   * @param sql without parameters; is known again by the next call if it is the same object
   */
  public void ask(String what, String sql, Tx.RowReader each) {
    Connection connection = opened(what);
    try {
      boolean autoCommit = connection.getAutoCommit();
      if (!autoCommit) {
        connection.rollback(); // what the pool may have begun is not to be seen
      }
      String adapted = shared.dialectOf(connection).adapted(sql);
      try (PreparedStatement query = connection.prepareStatement(names.in(adapted));
          ResultSet row = query.executeQuery()) {
        while (row.next()) {
          each.row(row);
        }
      }
      if (!autoCommit) {
        connection.rollback();
      }
    } catch (SQLException failure) {
      throw failed(what, failure);
    } finally {
      close(connection);
    }
  }

  /** What the statements of a transaction see of what others commit meanwhile. */
  private enum Sees {
    COMMITTED,
    ONE_MOMENT,
    EITHER
  }

  private <T extends @Nullable Object> T does(
      String what, Work<T> work, boolean writing, Sees sees) {
    if (whole != null) {
      T result = work.in(whole);
      whole.settle();
      return result;
    }
    Optional<Connection> connection = joinable();
    return connection.isPresent()
        ? joined(what, connection.get(), work, writing)
        : repeated(what, work, sees);
  }

  /** Does work in a transaction of Laoke's own, whatever the host has open. */
  public <T extends @Nullable Object> T own(String what, Work<T> work) {
    ready.run();
    return repeated(what, work, Sees.COMMITTED);
  }

  private <T extends @Nullable Object> T repeated(String what, Work<T> work, Sees sees) {
    for (int attempt = 1; ; attempt++) {
      try {
        return once(what, work, sees);
      } catch (StoreException failure) {
        if (attempt >= ATTEMPTS
            || !Failures.deadlock(failure)
            || (patience != null && Failures.lockedOut(failure))) {
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

  private <T extends @Nullable Object> T once(String what, Work<T> work, Sees sees) {
    Connection connection = opened(what);
    Tx tx;
    T result;
    try {
      boolean autoCommit = connection.getAutoCommit();
      if (autoCommit) {
        connection.setAutoCommit(false);
      } else {
        // By its test of the connection the pool may have begun one, which takes no level any more.
        connection.rollback();
      }
      Before before = new Before(autoCommit, OptionalInt.empty(), OptionalLong.empty());
      try {
        // First: PostgreSQL takes a level before the first query only.
        before = before.withLevel(shared.level(connection, sees));
        if (patience != null) {
          before = before.withLockWait(shared.lockWait(connection, patience));
        }
        tx = tx(connection, false, false);
        if (patience != null && shared.limits(tx)) {
          tx.limit(STATEMENT_SECONDS);
          result = limited(what, tx, work);
        } else {
          result = translated(what, tx, work, Left.NOTHING);
        }
      } catch (RuntimeException | SQLException | Error failure) {
        rollBack(connection, failure, before);
        throw failure;
      }
      if (sees == Sees.EITHER && before.onlyAutoCommit()) {
        // Which ends the transaction: there is nothing to commit that could fail.
        restore(connection, before);
      } else {
        commit(what, connection, before);
      }
    } catch (SQLException failure) {
      throw failed(what, failure);
    } finally {
      close(connection);
    }
    tx.tasksAfterCommit().forEach(Database::afterwards);
    return result;
  }

  private Connection opened(String what) {
    try {
      return dataSource.getConnection();
    } catch (SQLException down) {
      throw failed(what, down);
    }
  }

  /** What a connection was like, and is when it goes back. */
  private record Before(boolean autoCommit, OptionalInt level, OptionalLong lockWait) {
    Before withLevel(OptionalInt was) {
      return new Before(autoCommit, was, lockWait);
    }

    /** Whether auto-commit alone is to be as it was. */
    boolean onlyAutoCommit() {
      return autoCommit && level.isEmpty() && lockWait.isEmpty();
    }

    Before withLockWait(OptionalLong was) {
      return new Before(autoCommit, level, was);
    }
  }

  private void commit(String what, Connection connection, Before before) {
    try {
      connection.commit();
    } catch (SQLException failure) {
      rollBack(connection, failure, before);
      throw Failures.of(what, failure, Left.MAYBE_ALL);
    }
    restore(connection, before);
  }

  private <T extends @Nullable Object> T joined(
      String what, Connection connection, Work<T> work, boolean writing) {
    try {
      if (connection.getAutoCommit()) {
        throw new InvalidInputException(
            "connection", "must have auto-commit off, so that there is a transaction to join");
      }
      Tx tx = tx(connection, true, writing);
      Savepoint savepoint = connection.setSavepoint();
      try {
        T result = translated(what, tx, work, Left.NOTHING_IN_HOST);
        if (given == null) {
          tx.tasksAfterCommit().forEach(host::afterCommit);
        }
        connection.releaseSavepoint(savepoint);
        return result;
      } catch (RuntimeException | SQLException | Error failure) {
        undo(what, connection, savepoint, failure);
        throw failure;
      }
    } catch (SQLException failure) {
      throw Failures.of(what, failure, Left.NOTHING_IN_HOST);
    }
  }

  private <T extends @Nullable Object> T translated(String what, Tx tx, Work<T> work, Left left) {
    try (tx) {
      T result = work.in(tx);
      // First, as what waits may change something yet.
      tx.settle();
      boolean changed = tx.writeChanged();
      tx.settle();
      if (changed) {
        shared.changedNanos = System.nanoTime();
      }
      return result;
    } catch (JdbiException failure) {
      throw Failures.of(what, failure, left);
    }
  }

  private <T extends @Nullable Object> T limited(String what, Tx tx, Work<T> work) {
    try {
      return translated(what, tx, work, Left.NOTHING);
    } catch (StoreException failure) {
      throw Failures.tookTooLong(what, failure, STATEMENT_SECONDS);
    }
  }

  private Tx tx(Connection connection, boolean joined, boolean joinedToWrite) throws SQLException {
    Dialect dialect = shared.dialectOf(connection);
    return new Tx(
        connection, shared::handle, dialect, names, shared.together, joined, joinedToWrite);
  }

  private static void undo(
      String what, Connection connection, Savepoint savepoint, Throwable failure) {
    try {
      connection.rollback(savepoint);
      connection.releaseSavepoint(savepoint);
    } catch (SQLException lost) {
      // A deadlock victim's whole transaction is gone on some databases, its savepoints with it.
      if (failure instanceof Error) {
        failure.addSuppressed(lost);
      } else {
        throw Failures.notUndone(what, failure, lost);
      }
    }
  }

  private void rollBack(Connection connection, Throwable failure, Before before) {
    try {
      connection.rollback();
    } catch (SQLException lost) {
      failure.addSuppressed(lost);
      // Auto-commit would commit what could not be rolled back.
      abort(connection);
      return;
    }
    restore(connection, before);
  }

  private static void abort(Connection connection) {
    try {
      connection.abort(Runnable::run);
      // H2 does nothing when asked to. After a failed write it closes a database for good, unless
      // every connection to it is closed; a pool would keep them as good ones.
      Connection physical = connection.unwrap(Connection.class);
      if (physical.getClass().getName().startsWith("org.h2.")) {
        physical.close();
      }
    } catch (SQLException gone) {
      LOG.debug("The connection was lost before it could be aborted", gone);
    }
  }

  private void restore(Connection connection, Before before) {
    if (before.level().isPresent()) {
      restore(() -> connection.setTransactionIsolation(before.level().getAsInt()));
    }
    if (before.lockWait().isPresent()) {
      restore(
          () ->
              shared.execute(
                  connection,
                  shared.dialectOf(connection).lockWait(before.lockWait().getAsLong())));
    }
    if (before.autoCommit()) {
      restore(() -> connection.setAutoCommit(true));
    }
  }

  interface Setting {
    void back() throws SQLException;
  }

  /** Gives a connection a setting back, each by itself: without auto-commit a host loses writes. */
  static void restore(Setting setting) {
    try {
      setting.back();
    } catch (SQLException lost) {
      LOG.debug("The connection was lost before it went back to the pool", lost);
    }
  }

  private static void close(Connection connection) {
    try {
      connection.close();
    } catch (SQLException lost) {
      // What the call did is decided by now.
      LOG.debug("The connection could not go back to the pool", lost);
    }
  }

  /** What follows a commit must not make the call look as if it had failed. */
  private static void afterwards(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException failed) {
      LOG.warn("laoke.aftercommit failed; the call itself is committed", failed);
    }
  }

  private static StoreException failed(String what, Exception failure) {
    return Failures.of(what, failure, Left.NOTHING);
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

    private final NamedParameters parameters = new NamedParameters();
    private final Together.Shared together = new Together.Shared(parameters);
    private final Jdbi jdbi = configured(this, parameters);
    private volatile @Nullable Dialect dialect;
    private volatile boolean walled;
    private volatile long changedNanos = System.nanoTime();
    private volatile boolean lockWaitWalled;
    private volatile @Nullable Class<?> driversType;
    private volatile boolean driversTypeSought;
    private final Map<Object, Integer> levels = Collections.synchronizedMap(new WeakHashMap<>());

    /**
     * Gives the transaction that begins its level, by the statement that is for this one only.
     * Where a wall in front of the database does not let that through, the connection is told.
     *
     * @return the connection's level to be set again afterwards, if it was changed
     */
    OptionalInt level(Connection connection, Sees sees) throws SQLException {
      Dialect here = dialectOf(connection);
      int wanted = here.level(sees == Sees.ONE_MOMENT);
      if (sees == Sees.EITHER
          ? here.readsPlainly(levelOf(connection))
          : wanted == Connection.TRANSACTION_READ_COMMITTED
              && here.startsReadCommitted()
              && here.readsCommitted(levelOf(connection))) {
        return OptionalInt.empty();
      }
      if (!walled && here.levelsOneTransaction()) {
        try {
          execute(
              connection,
              "SET TRANSACTION ISOLATION LEVEL "
                  + (wanted == Connection.TRANSACTION_READ_COMMITTED
                      ? "READ COMMITTED"
                      : "REPEATABLE READ"));
          return OptionalInt.empty();
        } catch (SQLException refused) {
          // A state is the database's own answer.
          if (refused.getSQLState() != null) {
            throw refused;
          }
          LOG.debug("laoke.database.walled", refused);
          walled = true;
        }
      }
      int before = connection.getTransactionIsolation();
      connection.setTransactionIsolation(wanted);
      return OptionalInt.of(before);
    }

    /**
     * The level of the connection's transactions. The driver may ask the server for that, so it is
     * asked once for each connection behind the pool: pools give connections out at the level that
     * they are set up with.
     */
    private int levelOf(Connection connection) throws SQLException {
      Object behind = behind(connection);
      Integer known = levels.get(behind);
      if (known == null) {
        known = connection.getTransactionIsolation();
        levels.put(behind, known);
      }
      return known;
    }

    /** Some wrappers say that they are the connection; the driver's own type they are not. */
    private Object behind(Connection connection) throws SQLException {
      try {
        Connection unwrapped = connection.unwrap(Connection.class);
        Class<?> type = unwrapped == connection ? drivers(connection) : null;
        return type == null ? unwrapped : connection.unwrap(type);
      } catch (SQLException nothing) {
        return connection;
      }
    }

    private @Nullable Class<?> drivers(Connection connection) throws SQLException {
      if (!driversTypeSought) {
        driversType =
            dialectOf(connection)
                .connectionType(connection.getClass().getClassLoader())
                .orElse(null);
        driversTypeSought = true;
      }
      return driversType;
    }

    /**
     * Bounds how long the transaction that begins waits for a lock, unless it would wait shorter.
     *
     * @return the connection's own bound to be set again afterwards, if it was changed for longer
     *     than the transaction
     */
    OptionalLong lockWait(Connection connection, Duration atMost) throws SQLException {
      Dialect here = dialectOf(connection);
      if (lockWaitWalled) {
        return OptionalLong.empty();
      }
      long units = here.lockWaitUnits(atMost);
      try {
        Optional<String> asked = here.lockWaitAsked();
        OptionalLong before =
            asked.isPresent()
                ? OptionalLong.of(number(connection, asked.get()))
                : OptionalLong.empty();
        if (before.isPresent() && before.getAsLong() <= units) {
          return OptionalLong.empty();
        }
        execute(connection, here.lockWait(units));
        return before;
      } catch (SQLException refused) {
        if (refused.getSQLState() != null) {
          throw refused;
        }
        LOG.warn(
            "laoke.database.walled a wall in front of the database refuses to bound how long locks"
                + " are waited for; statements that wait are ended after {} seconds instead",
            STATEMENT_SECONDS,
            refused);
        lockWaitWalled = true;
        return OptionalLong.empty();
      }
    }

    private static long number(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        row.next();
        return row.getLong(1);
      }
    }

    void execute(Connection connection, String sql) throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(sql);
      }
    }

    /** Whether statements are limited since waits cannot be; on H2 that would outlive them. */
    boolean limits(Tx tx) {
      return lockWaitWalled && tx.dialect() != Dialect.H2;
    }

    Dialect dialectOf(Connection connection) throws SQLException {
      Dialect known = dialect;
      if (known == null) {
        known = Dialect.of(connection);
        dialect = known;
        LateWrites.warning(known, connection).ifPresent(LOG::warn);
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

    private static Jdbi configured(ConnectionFactory connections, NamedParameters parameters) {
      Jdbi jdbi = Jdbi.create(connections);
      // The end of a handle must not touch a transaction that is the host's.
      jdbi.getConfig(Handles.class).setForceEndTransactions(false);
      // Jdbi's own messages show every bound value.
      jdbi.getConfig(StatementExceptions.class).setMessageRendering(hidden -> "");
      jdbi.getConfig(SqlStatements.class)
          .setTemplateEngine(Database::lists)
          .setSqlParser(parameters);
      return jdbi;
    }
  }

  /**
   * Puts in the lists of {@code bindList}, for H2 as pairs with the dealer; nothing else in a
   * statement is a template. A list is filled up with its last value to a power of two, so that
   * there are few texts for Jdbi to parse and for the database to plan.
   */
  private static String lists(String sql, StatementContext context) {
    String filled = sql;
    for (Map.Entry<String, Object> list : context.getAttributes().entrySet()) {
      String values = filledUp(String.valueOf(list.getValue()));
      filled =
          filled
              .replace("<" + list.getKey() + ">", values)
              .replace(
                  "<" + list.getKey() + ":dealer>",
                  "(:dealer, " + values.replace(",", "), (:dealer, ") + ")");
    }
    return filled;
  }

  private static String filledUp(String values) {
    int count = 1;
    for (int i = 0; i < values.length(); i++) {
      count += values.charAt(i) == ',' ? 1 : 0;
    }
    int full = Integer.highestOneBit(Math.max(1, count - 1)) << 1;
    if (count < 3 || full > LONGEST_FILLED) {
      return values;
    }
    String last = "," + values.substring(values.lastIndexOf(',') + 1);
    return values + last.repeat(full - count);
  }
}
