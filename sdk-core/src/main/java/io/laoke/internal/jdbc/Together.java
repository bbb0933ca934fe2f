package io.laoke.internal.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Statements that wait for each other, so that they take one trip to the database: of a short
 * statement the trip is the most of it. They are done in the order in which they came, each sees
 * what those before it did, and all before any other statement of the transaction.
 */
final class Together {
  private static final Logger LOG = LoggerFactory.getLogger(Together.class);
  private static final int MOST = 32;

  private final Connection connection;
  private final Names names;
  private final Shared shared;
  private final List<Step> waiting = new ArrayList<>();
  private int seconds;

  /** Sets values, from that place on. */
  interface Values {
    /**
     * Sets them.
     *
     * @return the place behind the last
     */
    int set(PreparedStatement statement, int first) throws SQLException;
  }

  /** Hears what a statement came to: its rows, or how many it wrote. */
  interface Outcome {
    void of(@Nullable ResultSet rows, int count) throws SQLException;
  }

  /**
   * A statement.
   *
   * @param told as what a failure of it is told; empty, or for other failures null, for as it is
   */
  record Step(
      String sql,
      Values values,
      Outcome outcome,
      Function<SQLException, @Nullable RuntimeException> told) {}

  /** What all transactions of a database share. */
  static final class Shared {
    private final NamedParameters parameters;
    private volatile boolean walled;

    Shared(NamedParameters parameters) {
      this.parameters = parameters;
    }
  }

  Together(Connection connection, Names names, Shared shared) {
    this.connection = connection;
    this.names = names;
    this.shared = shared;
  }

  /** A statement with its parameters as marks. */
  ParsedSql parsed(String sql) {
    return shared.parameters.remembered(sql);
  }

  void limit(int atMost) {
    seconds = atMost;
  }

  /** Has a statement wait, or does it at once where that would gain nothing. */
  void add(Step step) throws SQLException {
    waiting.add(step);
    if (shared.walled || waiting.size() == MOST) {
      run();
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Does what waits. */
  void run() throws SQLException {
    if (waiting.isEmpty()) {
      return;
    }
    // First: what hears an outcome may ask further.
    List<Step> steps = List.copyOf(waiting);
    waiting.clear();
    boolean[] executed = {false};
    try {
      run(steps, executed);
    } catch (SQLException refused) {
      // A state is the database's own answer.
      if (steps.size() == 1 || executed[0] || refused.getSQLState() != null) {
        throw refused;
      }
      LOG.debug("laoke.database.walled", refused);
      shared.walled = true;
      for (Step step : steps) {
        run(List.of(step), executed);
      }
    }
  }

  private void run(List<Step> steps, boolean[] executed) throws SQLException {
    String sql = steps.stream().map(Step::sql).collect(Collectors.joining(";\n"));
    try (PreparedStatement statement = connection.prepareStatement(names.in(sql))) {
      if (seconds > 0) {
        statement.setQueryTimeout(seconds);
      }
      int at = 1;
      for (Step step : steps) {
        at = step.values().set(statement, at);
      }
      boolean rows = execute(statement, steps);
      executed[0] = true;
      for (Step step : steps) {
        step.outcome()
            .of(rows ? statement.getResultSet() : null, rows ? 0 : statement.getUpdateCount());
        rows = statement.getMoreResults();
      }
    }
  }

  private static boolean execute(PreparedStatement statement, List<Step> steps)
      throws SQLException {
    try {
      return statement.execute();
    } catch (SQLException failed) {
      for (Step step : steps) {
        RuntimeException told = step.told().apply(failed);
        if (told != null) {
          throw told;
        }
      }
      throw failed;
    }
  }
}
