package io.laoke.internal.jdbc;

import io.laoke.error.ConflictException;
import io.laoke.error.StoreException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables to the version of this jar, one statement per step, each recorded with its
 * checksum. Only the holder of a lease row works; another node waits for it, and takes over where a
 * killed one stopped: every statement may be run again.
 */
public final class Migrations {
  private static final Logger LOG = LoggerFactory.getLogger(Migrations.class);

  /** The newest version that this jar brings. */
  public static final int VERSION = 38;

  private static final long LEASE_MILLIS = 60_000;
  private static final int LEASE_ROW = 0;
  private static final int MOST_WRAPPED = 8;
  private static final int ATTEMPTS = 10;

  /** A duplicate key or name, a deadlock, a lock that was waited for too long. */
  private static final Pattern MET_ANOTHER =
      Pattern.compile("23.*|40.*|42P07|42710|42S01|42S11|55P03|HYT00|XX000");

  private static final Pattern PART = Pattern.compile("\\{part:([0-9]+)}");

  private static final String BOOK =
      """
      CREATE TABLE IF NOT EXISTS {schema_version} (
        version INT NOT NULL,
        step INT NOT NULL,
        checksum VARCHAR(64) NOT NULL,
        applied_ms BIGINT NOT NULL,
        holder VARCHAR(64),
        lease_until_ms BIGINT,
        PRIMARY KEY (version, step)
      )\
      """;

  private final Database database;

  /** Migrations of a database. */
  public Migrations(Database database) {
    this.database = database;
  }

  /** A statement of the schema. */
  private record Step(int version, int number, String sql) {
    String checksum() {
      return sha256(sql);
    }

    String name() {
      return version + "." + number;
    }
  }

  /**
   * Applies what is missing. Safe to call from several nodes at once and to repeat after a kill.
   *
   * @return how many statements were run
   * @throws ConflictException if a recorded step differs from this jar's
   */
  public int apply() {
    return database.onOwnConnection(
        "bring the tables to version " + VERSION,
        connection -> committing(connection, this::applyEach));
  }

  /**
   * Compares without changing anything.
   *
   * @return the steps that are missing, such as {@code 1.12}
   * @throws ConflictException if a recorded step differs from this jar's
   */
  public List<String> missing() {
    return database.onOwnConnection(
        "check the tables",
        connection -> committing(connection, this::missing).stream().map(Step::name).toList());
  }

  /**
   * The statements for a host's own migration tool, records included. All may be run again; on
   * MySQL and MariaDB those that add a column or an index to a table then fail with error 1060 or
   * 1061, and have nothing to do.
   */
  public static String render(Dialect dialect, Names names) {
    StringBuilder sql = new StringBuilder();
    sql.append(names.in(BOOK)).append(";\n\n");
    for (Step step : steps(dialect)) {
      sql.append(names.in(step.sql())).append(";\n");
      sql.append(
          names
              .in(
                  """
                  INSERT INTO {schema_version} (version, step, checksum, applied_ms)
                  SELECT %1$d, %2$d, '%3$s', %4$s
                  WHERE NOT EXISTS (SELECT 1 FROM {schema_version} WHERE version = %1$d AND step = %2$d);
                  """)
              .formatted(step.version(), step.number(), step.checksum(), dialect.machineMillis()));
    }
    return sql.toString();
  }

  private static <T> T committing(Connection connection, Database.SqlWork<T> work)
      throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    int level = connection.getTransactionIsolation();
    // Two nodes at once would be told to repeat by each other.
    boolean lower =
        Dialect.of(connection).startsReadCommitted()
            && level > Connection.TRANSACTION_READ_COMMITTED;
    if (!autoCommit) {
      connection.setAutoCommit(true);
    }
    try {
      if (lower) {
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      }
      return work.on(connection);
    } finally {
      back(connection, autoCommit, lower, level);
    }
  }

  private static void back(Connection connection, boolean autoCommit, boolean lowered, int level) {
    if (lowered) {
      Database.restore(() -> connection.setTransactionIsolation(level));
    }
    if (!autoCommit) {
      Database.restore(() -> connection.setAutoCommit(false));
    }
  }

  private int applyEach(Connection connection) throws SQLException {
    createBook(connection);
    String holder = UUID.randomUUID().toString();
    int applied = 0;
    while (!missing(connection).isEmpty()) {
      acquire(connection, holder);
      applied += applyHeld(connection, holder);
      release(connection, holder);
    }
    if (applied > 0) {
      LOG.info("laoke.schema.applied version={} statements={}", VERSION, applied);
    }
    return applied;
  }

  /**
   * Until nothing is missing, or a statement took longer than the lease and another node goes on.
   */
  private int applyHeld(Connection connection, String holder) throws SQLException {
    int applied = 0;
    try {
      for (Step step : missing(connection)) {
        if (!keep(connection, holder)) {
          return applied;
        }
        runAgain(connection, step.sql());
        applied += record(connection, step);
      }
      return applied;
    } catch (SQLException | RuntimeException failure) {
      try {
        release(connection, holder);
      } catch (SQLException lost) {
        failure.addSuppressed(lost);
      }
      throw failure;
    }
  }

  /**
   * Makes the table of the steps. PostgreSQL's IF NOT EXISTS does not cover another session that
   * makes it at the same moment: the later one gets a duplicate key of the server's own tables, or
   * "already exists", once the earlier one has committed.
   */
  private void createBook(Connection connection) throws SQLException {
    if (!bookExists(connection)) {
      runAgain(connection, BOOK);
    }
  }

  /** Runs a statement that may be run again, also beside a node that was slow with the same one. */
  private void runAgain(Connection connection, String sql) throws SQLException {
    for (int attempt = 1; ; attempt++) {
      try {
        run(connection, sql);
        return;
      } catch (SQLException failure) {
        if (Dialect.of(connection).alreadyThere(failure)) {
          return;
        }
        if (attempt == ATTEMPTS || !MET_ANOTHER.matcher(Failures.state(failure)).matches()) {
          throw failure;
        }
        LOG.debug("laoke.schema.again attempt={}", attempt, failure);
        LockSupport.parkNanos(100_000_000);
      }
    }
  }

  private void acquire(Connection connection, String holder) throws SQLException {
    while (!take(connection, holder)) {
      LOG.debug("laoke.schema.waiting another node is bringing the tables up to date");
      LockSupport.parkNanos(200_000_000);
      if (Thread.currentThread().isInterrupted()) {
        throw new StoreException(
            "Could not bring the tables up to date: interrupted while another node was at it. Call"
                + " migrations().apply() again.",
            null,
            true);
      }
    }
  }

  private boolean take(Connection connection, String holder) throws SQLException {
    long now = machineMillis(connection);
    int taken =
        update(
            connection,
            "UPDATE {schema_version} SET holder = ?, lease_until_ms = ? WHERE version = ? AND step"
                + " = 0 AND (holder IS NULL OR lease_until_ms < ?)",
            holder,
            now + LEASE_MILLIS,
            LEASE_ROW,
            now);
    if (taken == 1) {
      return true;
    }
    try {
      update(
          connection,
          "INSERT INTO {schema_version} (version, step, checksum, applied_ms, holder,"
              + " lease_until_ms) VALUES (?, 0, 'lease', ?, ?, ?)",
          LEASE_ROW,
          now,
          holder,
          now + LEASE_MILLIS);
      return true;
    } catch (SQLException held) {
      if (!String.valueOf(held.getSQLState()).startsWith("23")) {
        throw held;
      }
      return false;
    }
  }

  /** Lengthens the lease, unless another node took it over. */
  private boolean keep(Connection connection, String holder) throws SQLException {
    update(
        connection,
        "UPDATE {schema_version} SET lease_until_ms = ? WHERE version = ? AND step = 0 AND holder ="
            + " ?",
        machineMillis(connection) + LEASE_MILLIS,
        LEASE_ROW,
        holder);
    // An update to the same value counts as none where affected rows are counted.
    try (PreparedStatement query =
            connection.prepareStatement(
                database
                    .names()
                    .in("SELECT holder FROM {schema_version} WHERE version = 0 AND step = 0"));
        ResultSet row = query.executeQuery()) {
      return row.next() && holder.equals(row.getString(1));
    }
  }

  private void release(Connection connection, String holder) throws SQLException {
    update(
        connection,
        "UPDATE {schema_version} SET holder = NULL, lease_until_ms = NULL WHERE version = ? AND"
            + " step = 0 AND holder = ?",
        LEASE_ROW,
        holder);
  }

  /** 1, or 0 when a node that was slow with the same statement has recorded it meanwhile. */
  private int record(Connection connection, Step step) throws SQLException {
    try {
      return update(
          connection,
          "INSERT INTO {schema_version} (version, step, checksum, applied_ms) VALUES (?, ?, ?, ?)",
          step.version(),
          step.number(),
          step.checksum(),
          machineMillis(connection));
    } catch (SQLException failure) {
      if (step.checksum().equals(recorded(connection).get(step.name()))) {
        return 0;
      }
      throw failure;
    }
  }

  private Map<String, String> recorded(Connection connection) throws SQLException {
    Map<String, String> recorded = new TreeMap<>();
    if (!bookExists(connection)) {
      return recorded;
    }
    try (PreparedStatement query =
            connection.prepareStatement(
                database
                    .names()
                    .in("SELECT version, step, checksum FROM {schema_version} WHERE version > 0"));
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        recorded.put(rows.getInt(1) + "." + rows.getInt(2), rows.getString(3));
      }
    }
    return recorded;
  }

  private boolean bookExists(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            database.names().in("SELECT COUNT(*) FROM {schema_version} WHERE version = 0"))) {
      query.executeQuery().close();
      return true;
    } catch (SQLException absent) {
      if (Failures.noTable(absent)) {
        return false;
      }
      throw absent;
    }
  }

  private List<Step> missing(Connection connection) throws SQLException {
    Map<String, String> recorded = recorded(connection);
    List<Step> missing = new ArrayList<>();
    for (Step step : steps(Dialect.of(connection))) {
      String checksum = recorded.remove(step.name());
      if (checksum == null) {
        missing.add(step);
      } else if (!checksum.equals(step.checksum())) {
        throw other(step.name(), "was applied with other content than this version of Laoke has");
      }
    }
    for (String unknown : recorded.keySet()) {
      if (Integer.parseInt(unknown.substring(0, unknown.indexOf('.'))) <= VERSION) {
        throw other(unknown, "was applied, and this version of Laoke has no such step");
      }
    }
    return missing;
  }

  private static ConflictException other(String step, String what) {
    return new ConflictException(
        "Step %s of Laoke's tables %s. Somebody edited a migration, or two builds of Laoke share the tables. Restore the recorded build, or compare with Migrations.render."
            .formatted(step, what));
  }

  private void run(Connection connection, String sql) throws SQLException {
    String own = database.names().in(sql);
    try {
      execute(connection, own);
    } catch (SQLException refused) {
      if (!notRead(refused)) {
        throw refused;
      }
      LOG.info(
          "laoke.schema.wall cannot read a statement of ours, which is run behind it: {}", own);
      execute(driversOwn(connection), own);
    }
  }

  /** The connection behind all pools and walls. */
  private static Connection driversOwn(Connection connection) throws SQLException {
    Connection inner = connection;
    for (int wrapped = 0; wrapped < MOST_WRAPPED; wrapped++) {
      Connection next = inner.getMetaData().getConnection();
      inner = next == inner ? inner.unwrap(Connection.class) : next;
    }
    return inner;
  }

  /**
   * Whether a wall in the pool, such as Druid's, has not understood a statement of ours: its
   * parsers know little of what a schema is made of. What it understands and forbids stays
   * forbidden. A database's own errors have a state.
   */
  private static boolean notRead(SQLException refused) {
    return refused.getSQLState() == null
        && String.valueOf(refused.getMessage()).contains("syntax error");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private int update(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(database.names().in(sql))) {
      for (int i = 0; i < values.length; i++) {
        statement.setObject(i + 1, values[i]);
      }
      return statement.executeUpdate();
    }
  }

  private static long machineMillis(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT " + Dialect.of(connection).machineMillis())) {
      row.next();
      return row.getLong(1);
    }
  }

  private static List<Step> steps(Dialect dialect) {
    List<Step> steps = new ArrayList<>();
    for (int version = 1; version <= VERSION; version++) {
      int number = 1;
      for (String statement : resource(dialect, version).split(";\n", -1)) {
        String sql = withoutComments(statement);
        if (!sql.isEmpty()) {
          for (String part : parts(sql)) {
            steps.add(new Step(version, number++, part));
          }
        }
      }
    }
    return steps;
  }

  /**
   * A statement that names a part, as <code>{part:17}</code>, is as many steps: each is over within
   * the lease where the whole would not be, and is not done again after a kill.
   */
  private static List<String> parts(String sql) {
    Matcher part = PART.matcher(sql);
    if (!part.find()) {
      return List.of(sql);
    }
    return IntStream.range(0, Integer.parseInt(part.group(1)))
        .mapToObj(number -> part.replaceAll(Integer.toString(number)))
        .toList();
  }

  private static String withoutComments(String statement) {
    StringBuilder sql = new StringBuilder();
    statement
        .lines()
        .filter(line -> !line.startsWith("--") && !line.isBlank())
        .forEach(line -> sql.append(line).append('\n'));
    return sql.toString().strip();
  }

  private static String resource(Dialect dialect, int version) {
    String path = "/io/laoke/schema/%s/%03d.sql".formatted(dialect.folder(), version);
    try (InputStream in = Migrations.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("missing in the jar: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
