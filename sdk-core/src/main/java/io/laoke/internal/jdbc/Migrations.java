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
  public static final int VERSION = 7;

  private static final long LEASE_MILLIS = 60_000;
  private static final int LEASE_ROW = 0;
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
      )""";

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
    return database.onOwnConnection("bring the tables to version " + VERSION, this::apply);
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
        connection -> missing(connection, recorded(connection)).stream().map(Step::name).toList());
  }

  /** The statements for a host's own migration tool, records included. */
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
                  VALUES (%d, %d, '%s', %s);
                  """)
              .formatted(step.version(), step.number(), step.checksum(), dialect.machineMillis()));
    }
    return sql.toString();
  }

  private int apply(Connection connection) throws SQLException {
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(true);
    try {
      return applyEach(connection);
    } finally {
      connection.setAutoCommit(autoCommit);
    }
  }

  private int applyEach(Connection connection) throws SQLException {
    createBook(connection);
    String holder = UUID.randomUUID().toString();
    if (missing(connection, recorded(connection)).isEmpty()) {
      return 0;
    }
    acquire(connection, holder);
    try {
      List<Step> steps = missing(connection, recorded(connection));
      for (Step step : steps) {
        keep(connection, holder);
        run(connection, step.sql());
        record(connection, step);
      }
      LOG.info("laoke.schema.applied version={} statements={}", VERSION, steps.size());
      return steps.size();
    } finally {
      release(connection, holder);
    }
  }

  /**
   * Makes the table of the steps. PostgreSQL's IF NOT EXISTS does not cover another session that
   * makes it at the same moment: the later one gets a duplicate key of the server's own tables, or
   * "already exists", once the earlier one has committed.
   */
  private void createBook(Connection connection) throws SQLException {
    if (bookExists(connection)) {
      return;
    }
    try {
      run(connection, BOOK);
    } catch (SQLException lost) {
      if (!bookExists(connection)) {
        throw lost;
      }
    }
  }

  private void acquire(Connection connection, String holder) throws SQLException {
    while (!take(connection, holder)) {
      LockSupport.parkNanos(200_000_000);
      if (Thread.currentThread().isInterrupted()) {
        throw new StoreException(
            "Interrupted while another node was bringing the tables up to date.", null, true);
      }
    }
  }

  private boolean take(Connection connection, String holder) throws SQLException {
    long now = machineMillis(connection);
    int taken =
        update(
            connection,
            "UPDATE {schema_version} SET holder = ?, lease_until_ms = ? WHERE version = ? AND step = 0"
                + " AND (holder IS NULL OR lease_until_ms < ?)",
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
          "INSERT INTO {schema_version} (version, step, checksum, applied_ms, holder, lease_until_ms)"
              + " VALUES (?, 0, 'lease', ?, ?, ?)",
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

  private void keep(Connection connection, String holder) throws SQLException {
    int kept =
        update(
            connection,
            "UPDATE {schema_version} SET lease_until_ms = ? WHERE version = ? AND step = 0 AND holder = ?",
            machineMillis(connection) + LEASE_MILLIS,
            LEASE_ROW,
            holder);
    if (kept != 1) {
      throw new StoreException(
          "Another node took over bringing the tables up to date, since this one was slow; nothing is lost.",
          null,
          true);
    }
  }

  private void release(Connection connection, String holder) throws SQLException {
    update(
        connection,
        "UPDATE {schema_version} SET holder = NULL, lease_until_ms = NULL WHERE version = ? AND step = 0"
            + " AND holder = ?",
        LEASE_ROW,
        holder);
  }

  private void record(Connection connection, Step step) throws SQLException {
    update(
        connection,
        "INSERT INTO {schema_version} (version, step, checksum, applied_ms) VALUES (?, ?, ?, ?)",
        step.version(),
        step.number(),
        step.checksum(),
        machineMillis(connection));
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
      String state = String.valueOf(absent.getSQLState());
      if (state.startsWith("42")) {
        if (!connection.getAutoCommit()) {
          connection.rollback();
        }
        return false;
      }
      throw absent;
    }
  }

  private List<Step> missing(Connection connection, Map<String, String> recorded)
      throws SQLException {
    List<Step> missing = new ArrayList<>();
    for (Step step : steps(Dialect.of(connection))) {
      String checksum = recorded.get(step.name());
      if (checksum == null) {
        missing.add(step);
      } else if (!checksum.equals(step.checksum())) {
        throw new ConflictException(
            "Step %s of Laoke's tables was applied with other content than this version of Laoke has. Somebody edited a migration, or two builds of Laoke share the tables. Restore the recorded build, or compare with Migrations.render."
                .formatted(step.name()));
      }
    }
    return missing;
  }

  private void run(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(database.names().in(sql));
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
          steps.add(new Step(version, number++, sql));
        }
      }
    }
    return steps;
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
