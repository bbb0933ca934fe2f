package io.laoke.internal.jdbc;

import io.laoke.error.StoreException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Everything in which databases differ. */
public enum Dialect {
  /** For trying and tests. */
  H2(
      "h2",
      "DATEDIFF('MILLISECOND', TIMESTAMP WITH TIME ZONE '1970-01-01 00:00:00Z', CURRENT_TIMESTAMP"
          + " AT TIME ZONE 'UTC')",
      "") {
    @Override
    boolean duplicate(SQLException error) {
      return "23505".equals(error.getSQLState());
    }
  },
  /** PostgreSQL 12 and later. */
  POSTGRESQL(
      "postgresql",
      "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)",
      " ON CONFLICT DO NOTHING") {
    @Override
    boolean duplicate(SQLException error) {
      return false; // ON CONFLICT DO NOTHING leaves nothing to catch
    }
  },
  /** MySQL 8.0 and later, InnoDB. */
  MYSQL("mysql", Constants.UTC_MILLIS, "") {
    @Override
    boolean duplicate(SQLException error) {
      return error.getErrorCode() == Constants.DUPLICATE_ENTRY;
    }
  },
  /** MariaDB 10.6 and later, InnoDB. */
  MARIADB("mysql", Constants.UTC_MILLIS, "") {
    @Override
    boolean duplicate(SQLException error) {
      return error.getErrorCode() == Constants.DUPLICATE_ENTRY;
    }
  };

  /** What MySQL and MariaDB have in common. */
  private static final class Constants {
    // From the UTC clock: a local time is ambiguous in the hour that summer time gives back.
    static final String UTC_MILLIS =
        "TIMESTAMPDIFF(MICROSECOND, '1970-01-01 00:00:00', UTC_TIMESTAMP(3)) DIV 1000";
    // Other violations of class 23, such as a missing value, have other numbers.
    static final int DUPLICATE_ENTRY = 1062;
    // Table, column or key exists; column or key does not, so it was dropped.
    static final Set<Integer> ALREADY_THERE = Set.of(1050, 1060, 1061, 1091);
  }

  private static final @Nullable ClassLoader OWN_LOADER = Dialect.class.getClassLoader();

  private static final Pattern IN_LIST =
      Pattern.compile(
          "\\b((?:[a-z]+\\.)?)dealer_id = :dealer\\s+AND \\1([a-z_]+) IN \\(<([A-Za-z]+)>\\)");

  private final String folder;
  private final String machineMillis;
  private final String insertIfAbsentSuffix;

  Dialect(String folder, String machineMillis, String insertIfAbsentSuffix) {
    this.folder = folder;
    this.machineMillis = machineMillis;
    this.insertIfAbsentSuffix = insertIfAbsentSuffix;
  }

  /** The folder of its migrations. */
  public String folder() {
    return folder;
  }

  /** An expression: the database's own clock in epoch milliseconds. */
  public String machineMillis() {
    return machineMillis;
  }

  /**
   * A statement as this database answers it by an index. Given an equal first column and a list for
   * the second, H2 looks only the first up and reads all of a dealer; given a list of pairs, it
   * looks up both. The others do the reverse.
   */
  String adapted(String sql) {
    String keyed = sql.replace(Tx.BY_KEY, byPrimaryKey());
    return this == H2 && keyed.contains(" IN (<")
        ? IN_LIST.matcher(keyed).replaceAll("($1dealer_id, $1$2) IN (<$3:dealer>)")
        : keyed;
  }

  /**
   * What follows {@code FOR UPDATE} to pass over locked rows of a page; only ever a speed-up. H2
   * takes the page first, so that it would be empty where others have locked that many rows; where
   * there is no page, it passes over locked rows as the others do.
   */
  public String skipLocked() {
    return this == H2 ? "" : " SKIP LOCKED";
  }

  /**
   * Whether rows that a list names are locked or changed by their keys, not by reading them all.
   */
  public boolean writesByList() {
    return this != H2;
  }

  /**
   * Whether a list of keys leads to these rows alone, however small the table is. MySQL and MariaDB
   * may read all of it by any index, and wait for whatever others have locked there.
   */
  public boolean listsAreKeys() {
    return this == POSTGRESQL;
  }

  /**
   * Whether a list for the last of several columns is looked up by their index. H2 reads all that
   * the columns before it lead to.
   */
  public boolean looksListsUpLast() {
    return this != H2;
  }

  /**
   * Whether what a query makes an array of first, by {@code = ANY (ARRAY(SELECT …))}, is looked up
   * by an index as a list of values would be.
   */
  public boolean looksArraysUp() {
    return this == POSTGRESQL;
  }

  /** Whether rows that two columns name are looked up as pairs, and only so. */
  public boolean looksPairsUp() {
    return this == H2;
  }

  /**
   * Whether drivers send the rest of a batch after one of its statements failed, as they may where
   * a failure leaves the transaction usable.
   */
  public boolean batchesGoOnAfterFailures() {
    return mysqlFamily();
  }

  /** Whether texts that differ by blanks at their end only are compared as equal. */
  public boolean overlooksBlanksAtEnd() {
    return mysqlFamily();
  }

  /**
   * What follows the only table of a query that locks by primary key. Of a small table MySQL and
   * MariaDB may read any index instead, and lock in its order, whatever they sort afterwards.
   */
  public String byPrimaryKey() {
    return mysqlFamily() ? " FORCE INDEX (PRIMARY)" : "";
  }

  /**
   * What follows a table of a query that is to read by that index, named without its prefix. MySQL
   * would rather read all of a big table in the order of its keys.
   */
  public String byIndex(String index) {
    return mysqlFamily() ? " FORCE INDEX ({#}" + index + ")" : "";
  }

  /**
   * Whether an insert of a key that is there does nothing and locks nothing, so that a row need not
   * be looked for first.
   */
  public boolean insertsUnlessThere() {
    return this == POSTGRESQL;
  }

  /**
   * Whether the driver takes several statements with semicolons between them, values and all, and
   * sends them in one trip; others would have to be told so by the host, or never do.
   */
  boolean takesSeveral() {
    return this == POSTGRESQL;
  }

  /** Whether an update may return the rows that it has changed, as {@link Tx#updateWhere} does. */
  public boolean returnsUpdated() {
    return this == POSTGRESQL;
  }

  /**
   * Leads to rows of a table that on PostgreSQL has no index of this, by the rows with the same ids
   * of another, which has one: there a row that changes is written to each of its indexes anew.
   *
   * @param row what the condition calls the rows, with a dot, or empty
   * @param condition on a column that both tables have alike
   * @return a condition for {@code WHERE dealer_id = :dealer AND}
   */
  public String foundIn(String other, String row, String condition) {
    String own = row + condition;
    return this == POSTGRESQL
        ? own
            + " AND %sid = ANY (ARRAY(SELECT f.id FROM {%s} f WHERE f.dealer_id = :dealer AND f.%s))"
                .formatted(row, other, condition)
        : own;
  }

  /** Whether an index, and whoever sorts by it, has missing values before all others. */
  public boolean nullsFirst() {
    return this != POSTGRESQL;
  }

  /** Whether {@code ORDER BY … FOR UPDATE} locks rows in that order, those of the primary key. */
  public boolean locksInOrder() {
    return this != H2;
  }

  /**
   * The level that a transaction of Laoke's own has: it shall see what others have committed up to
   * each statement, or one moment in all its statements. Under the default level of MySQL and
   * MariaDB, or one that the host has given its pool, a plain read would see the state as of the
   * first read, even after it has waited for a lock. H2 shows one moment of all tables at
   * SERIALIZABLE only, and refuses nothing at it.
   */
  int level(boolean oneMoment) {
    if (!oneMoment) {
      return Connection.TRANSACTION_READ_COMMITTED;
    }
    return this == H2
        ? Connection.TRANSACTION_SERIALIZABLE
        : Connection.TRANSACTION_REPEATABLE_READ;
  }

  /** Whether each statement at that level sees what is committed up to it, and nothing else. */
  boolean readsCommitted(int level) {
    return level == Connection.TRANSACTION_READ_COMMITTED
        || (this == POSTGRESQL && level == Connection.TRANSACTION_READ_UNCOMMITTED);
  }

  /**
   * Whether connections are at READ COMMITTED unless the host wants another level, so that to ask a
   * connection once is cheaper than to tell it each time.
   */
  boolean startsReadCommitted() {
    return !mysqlFamily();
  }

  /**
   * Whether statements at that level that only read see one moment, or what is committed up to each
   * of them, and lock nothing.
   */
  boolean readsPlainly(int level) {
    return readsCommitted(level)
        || (mysqlFamily() && level == Connection.TRANSACTION_REPEATABLE_READ);
  }

  /** The driver's own type of connections, if it can be found from there. */
  Optional<Class<?>> connectionType(@Nullable ClassLoader from) {
    List<String> names =
        switch (this) {
          case H2 -> List.of("org.h2.jdbc.JdbcConnection");
          case POSTGRESQL -> List.of("org.postgresql.PGConnection");
          case MYSQL -> List.of("com.mysql.cj.jdbc.JdbcConnection", "org.mariadb.jdbc.Connection");
          case MARIADB ->
              List.of("org.mariadb.jdbc.Connection", "com.mysql.cj.jdbc.JdbcConnection");
        };
    for (String name : names) {
      for (ClassLoader loader :
          Arrays.asList(from, Thread.currentThread().getContextClassLoader(), OWN_LOADER)) {
        Optional<Class<?>> found = named(name, loader);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Class<?>> named(String name, @Nullable ClassLoader loader) {
    try {
      return Optional.of(Class.forName(name, false, loader));
    } catch (ClassNotFoundException elsewhere) {
      return Optional.empty();
    }
  }

  /** Whether a statement gives one transaction a level, not the connection. */
  boolean levelsOneTransaction() {
    return this != H2;
  }

  /**
   * What follows a query of rows that a lock guards, in a call that writes inside a transaction of
   * the host. Under REPEATABLE READ, the default of MySQL and MariaDB, a plain read there shows
   * what was committed when the host read for the first time, not what the lock was waited for.
   * PostgreSQL refuses the lock itself where a row has changed since.
   */
  String asCommitted() {
    return mysqlFamily() ? " LOCK IN SHARE MODE" : "";
  }

  /**
   * What follows a query of rows that many hold unchanged to the end of their transactions, while
   * whoever changes one waits; empty where rows are locked by one transaction alone.
   */
  public Optional<String> sharedLock() {
    return switch (this) {
      case H2 -> Optional.empty();
      case POSTGRESQL -> Optional.of(" FOR SHARE");
      case MYSQL, MARIADB -> Optional.of(" LOCK IN SHARE MODE");
    };
  }

  /**
   * The same of rows that others may be at who wait for this transaction: one that is locked fails
   * the query, which a host is told to repeat, instead of being waited for.
   */
  String asCommittedAtOnce() {
    return mysqlFamily() ? " FOR UPDATE NOWAIT" : "";
  }

  /**
   * Whether rows that came under a lock have to leave a mark on what is locked: a host's older
   * snapshot shows none of them, a lock of a row that has not changed is given, and there is no
   * {@link #asCommitted}. A changed row is refused.
   */
  public boolean marksWhatReceives() {
    return this == POSTGRESQL;
  }

  /**
   * Whether a transaction at that level never shows rows that were committed since it began, not to
   * locking reads either, as {@link #asCommitted} would.
   */
  boolean hidesWhatCame(int level) {
    return !mysqlFamily() && level > Connection.TRANSACTION_READ_COMMITTED;
  }

  /** The query of how long a connection waits for locks, where that outlives a transaction. */
  Optional<String> lockWaitAsked() {
    return switch (this) {
      case H2 -> Optional.of("SELECT LOCK_TIMEOUT()");
      case POSTGRESQL -> Optional.empty();
      case MYSQL, MARIADB -> Optional.of("SELECT @@SESSION.innodb_lock_wait_timeout");
    };
  }

  /**
   * The statement that says how long to wait for a lock; where {@link #lockWaitAsked} is empty,
   * only if that is shorter than what holds.
   */
  String lockWait(long units) {
    return switch (this) {
      case H2 -> "SET LOCK_TIMEOUT " + units;
      case POSTGRESQL ->
          """
          SELECT CASE
            WHEN CAST(current_setting('lock_timeout') AS interval)
              BETWEEN CAST('1 ms' AS interval) AND CAST('%1$d ms' AS interval) THEN ''
            ELSE set_config('lock_timeout', '%1$d', true) END\
          """
              .formatted(units);
      case MYSQL, MARIADB -> "SET SESSION innodb_lock_wait_timeout = " + units;
    };
  }

  /** At least one: 0 would be for ever on PostgreSQL. */
  long lockWaitUnits(Duration atMost) {
    return Math.max(1, mysqlFamily() ? atMost.plusMillis(999).toSeconds() : atMost.toMillis());
  }

  /** Whether a statement of the schema failed since it was run before. */
  boolean alreadyThere(SQLException error) {
    return mysqlFamily() && Constants.ALREADY_THERE.contains(error.getErrorCode());
  }

  /**
   * The fetch size by which a driver hands rows on as they come. MySQL's own driver would read all
   * of them into memory by any other.
   */
  int fetchSize(Connection connection) {
    try {
      String driver = connection.getMetaData().getDriverName();
      return mysqlFamily() && driver.startsWith("MySQL") ? Integer.MIN_VALUE : 10_000;
    } catch (SQLException lost) {
      throw Failures.of("ask the driver for its name", lost, Failures.Left.NOTHING);
    }
  }

  /**
   * Whether a table that a query derives, and joins by a key, is made once and looked up. H2 would
   * make it anew for every row that it is joined to; what it asks for by {@code IN} it makes once.
   */
  public boolean joinsDerived() {
    return this != H2;
  }

  /**
   * How many tables a query should join beside a few others; MySQL and MariaDB refuse more than 61
   * in all.
   */
  public int mostJoined() {
    return this == POSTGRESQL ? 200 : 40;
  }

  /**
   * Whether a condition on one of several tables that a query derives is taken into it, so that
   * fewer of its rows meet the others. The others would do it, but need not be told: they filter a
   * sum as soon as it is there.
   */
  public boolean narrowsDerived() {
    return mysqlFamily();
  }

  /**
   * Whether a value that nearly all rows miss is looked up as if few did, row by row in an index of
   * it; the few that have it are found by that index, if each column is asked for by itself.
   */
  public boolean takesMissingForRare() {
    return mysqlFamily();
  }

  /** Whether rows of the consumption file for the lifetime are found by their path alone. */
  public boolean findsLifetimes() {
    return this == POSTGRESQL;
  }

  /**
   * Whether rows of the consumption file for the lifetime and for months are partitions. Asked for
   * by the name of both, less is known of them than by their own, since nobody but a person
   * analyses a table that is split.
   */
  public boolean splitsFile() {
    return this == POSTGRESQL;
  }

  /** Whether {@link Tx#accumulateAll} works here. */
  public boolean accumulates() {
    return this != H2;
  }

  /** What follows an insert whose row is added to one that is there. */
  String accumulating(
      String table, List<String> key, List<String> sums, String least, String most) {
    String stored = this == POSTGRESQL ? table + "." : "";
    Function<String, String> given =
        this == POSTGRESQL ? column -> "EXCLUDED." + column : column -> "VALUES(" + column + ")";
    List<String> sets = new ArrayList<>();
    sums.forEach(sum -> sets.add(sum + " = " + stored + sum + " + " + given.apply(sum)));
    Map.of("LEAST", least, "GREATEST", most)
        .forEach(
            (function, end) ->
                sets.add(
                    "%2$s = %1$s(COALESCE(%3$s%2$s, %4$s), %4$s)"
                        .formatted(function, end, stored, given.apply(end))));
    return (this == POSTGRESQL
            ? " ON CONFLICT (dealer_id, " + String.join(", ", key) + ") DO UPDATE SET "
            : " ON DUPLICATE KEY UPDATE ")
        + String.join(", ", sets.stream().sorted().toList());
  }

  private boolean mysqlFamily() {
    return this == MYSQL || this == MARIADB;
  }

  String insertIfAbsentSuffix() {
    return insertIfAbsentSuffix;
  }

  /** Whether a failed insert met an equal key. */
  abstract boolean duplicate(SQLException error);

  static Dialect of(Connection connection) throws SQLException {
    DatabaseMetaData about = connection.getMetaData();
    String product = about.getDatabaseProductName();
    String name = product.toLowerCase(Locale.ROOT);
    String version = about.getDatabaseProductVersion();
    if (name.startsWith("h2")) {
      return H2;
    }
    if (name.startsWith("postgresql")) {
      return POSTGRESQL;
    }
    int major = about.getDatabaseMajorVersion();
    int minor = about.getDatabaseMinorVersion();
    // MySQL's own driver calls a MariaDB server MySQL too; only the version tells.
    boolean mariadb =
        name.startsWith("mariadb") || version.toLowerCase(Locale.ROOT).contains("mariadb");
    if (mariadb && (major > 10 || (major == 10 && minor >= 6))) {
      return MARIADB;
    }
    if (name.startsWith("mysql") && !mariadb && major >= 8) {
      return MYSQL;
    }
    throw new StoreException(
        "Laoke does not know the database '%s' %s. It runs on H2, PostgreSQL, MySQL 8.0 or later and MariaDB 10.6 or later; give Laoke a data source of one of these."
            .formatted(product, version),
        null,
        false);
  }
}
