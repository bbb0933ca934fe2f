package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A world with transactions that each hold a row. A call that comes to one of them waits; meanwhile
 * each other row shows whether the call has locked it already.
 */
final class Locks implements AutoCloseable {
  private static final Duration STALE = Duration.ofMillis(120);
  final World on;
  private final TestServer server;
  private final Map<Held, Connection> holders = new HashMap<>();
  private final Connection probe;
  private final List<Future<?>> calls = new ArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();

  Locks(TestServer server) throws SQLException {
    this.server = server;
    on = new World(server);
    probe = connection();
  }

  private Connection connection() throws SQLException {
    Connection made = on.pool.getConnection();
    made.setAutoCommit(false);
    return made;
  }

  /** One row by a key. */
  record Held(String table, Map<String, Object> key) {
    private void lock(Connection in, String waiting) throws SQLException {
      String sql =
          "SELECT dealer_id FROM laoke_%s WHERE %s = ? FOR UPDATE%s"
              .formatted(table, String.join(" = ? AND ", key.keySet()), waiting);
      try (PreparedStatement select = in.prepareStatement(sql)) {
        int at = 1;
        for (Object part : key.values()) {
          select.setObject(at++, part);
        }
        assertThat(select.executeQuery().next()).isTrue();
      }
    }

    @Override
    public String toString() {
      return table + " " + key.values();
    }
  }

  /** The one row that there is. */
  Held row(String table, String columns, String where) throws SQLException {
    List<Held> rows = rows(table, columns, where);
    assertThat(rows).as("%s where %s", table, where).hasSize(1);
    return rows.get(0);
  }

  List<Held> rows(String table, String columns, String where) throws SQLException {
    List<Held> rows = new ArrayList<>();
    try (PreparedStatement select =
            probe.prepareStatement(
                "SELECT " + columns + " FROM laoke_" + table + " WHERE " + where);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        Map<String, Object> key = new LinkedHashMap<>();
        for (String column : columns.split(", ")) {
          key.put(column, row.getObject(column));
        }
        rows.add(new Held(table, key));
      }
    }
    probe.rollback();
    return rows;
  }

  /** Locks a row until it is released. */
  void hold(Held row) throws SQLException {
    Connection holder = connection();
    holders.put(row, holder);
    row.lock(holder, "");
  }

  void release(Held row) throws SQLException {
    Connection holder = holders.remove(row);
    holder.rollback();
    holder.close();
  }

  /** Whether a call has locked a row. */
  boolean locked(Held row) throws SQLException {
    try {
      row.lock(probe, " NOWAIT");
      return false;
    } catch (SQLException others) {
      return true;
    } finally {
      probe.rollback();
    }
  }

  /** Starts a call that will wait for the row that is held, and comes back once it does. */
  <T> Future<T> waits(Callable<T> call) throws SQLException {
    long before = calls.stream().filter(one -> !one.isDone()).count();
    Future<T> running = threads.submit(call);
    calls.add(running);
    untilNews(() -> waiting() > before || running.isDone());
    assertThat(running.isDone()).as("ended without waiting").isFalse();
    return running;
  }

  /** What a call gives that waits for nobody, or for nobody any more. */
  <T> T ends(Future<T> call) throws Exception {
    return call.get(30, TimeUnit.SECONDS);
  }

  /** What a call gives while others hold locks, none of which it may wait for. */
  <T> T goesOn(Callable<T> call) throws Exception {
    return ends(threads.submit(call));
  }

  /** What a call gives, or throws, that never comes to a lock which others hold. */
  <T> T waitsForNobody(Callable<T> call) throws Exception {
    long before = calls.stream().filter(one -> !one.isDone()).count();
    Future<T> running = threads.submit(call);
    calls.add(running);
    untilNews(() -> running.isDone() || waiting() > before);
    assertThat(running.isDone()).as("ended without waiting").isTrue();
    return ends(running);
  }

  /** MySQL and MariaDB tell for a tenth of a second who waits, as they told it before. */
  private static void untilNews(Callable<Boolean> condition) {
    await().pollDelay(STALE).pollInterval(STALE).until(condition);
  }

  /** How many transactions wait for locks of others. */
  long waiting() throws SQLException {
    String sql =
        switch (server) {
          case H2 ->
              "SELECT COUNT(*) FROM information_schema.sessions WHERE blocker_id IS NOT NULL";
          case POSTGRESQL ->
              """
              SELECT COUNT(*) FROM pg_stat_activity
              WHERE wait_event_type = 'Lock'
                AND application_name = current_setting('application_name')""";
          case MYSQL, MARIADB ->
              """
              SELECT COUNT(*) FROM information_schema.innodb_trx t
              JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
              WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()""";
        };
    try (Connection connection = on.pool.getConnection();
        PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    threads.shutdownNow();
    for (Held row : List.copyOf(holders.keySet())) {
      release(row);
    }
    probe.rollback();
    probe.close();
    on.close();
  }
}
