package io.laoke.internal.jdbc;

import static java.util.Objects.requireNonNull;

import io.laoke.internal.jdbc.Failures.Left;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.ParsedSql;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jdbi.v3.core.statement.SqlStatements;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementCustomizer;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * A transaction under way: Laoke's own, or the part of the host's that one call of Laoke makes.
 * Table names in statements stand in braces: {@code SELECT … FROM {member}}.
 */
public final class Tx implements AutoCloseable {
  /**
   * Stands behind a table whose rows are to be found by its primary key. MariaDB would rather read
   * an index that has all columns, again for each row of another table.
   */
  public static final String BY_KEY = " {!}";

  /** What stands for a dealer's lists among the members that were changed. */
  public static final long LISTS = 0;

  private final Connection connection;
  private final Function<Connection, Handle> handles;
  private @Nullable Handle handle;
  private final Dialect dialect;
  private final Names names;
  private final boolean joined;
  private final boolean joinedToWrite;
  private final Together together;
  private final List<Runnable> afterCommit = new ArrayList<>();
  private final Changed changed = new Changed();
  private int seconds;

  Tx(
      Connection connection,
      Function<Connection, Handle> handles,
      Dialect dialect,
      Names names,
      Together.Shared shared,
      boolean joined,
      boolean joinedToWrite) {
    this.joined = joined;
    this.connection = connection;
    this.handles = handles;
    this.dialect = dialect;
    this.names = names;
    this.joinedToWrite = joinedToWrite;
    this.together = new Together(connection, names, shared);
  }

  /** Made for the first statement that needs it: to make one takes as long as a short statement. */
  private Handle handle() {
    if (handle == null) {
      handle = handles.apply(connection);
      SqlStatements statements = handle.getConfig(SqlStatements.class);
      statements.addCustomizer(new WaitingFirst());
      if (seconds > 0) {
        statements.setQueryTimeout(seconds);
      }
    }
    return handle;
  }

  /** Whatever Jdbi executes comes behind what waits. */
  private final class WaitingFirst implements StatementCustomizer {
    @Override
    public void beforeExecution(PreparedStatement statement, StatementContext context) {
      settle();
    }
  }

  /**
   * Does what waits by {@link #later} and the like, if anything does. Any other statement of this
   * transaction does so first, and so does its end.
   */
  public void settle() {
    // What hears an outcome may have more wait.
    while (!together.isEmpty()) {
      // Takes no trip of its own then.
      changed.write(this);
      try {
        together.run();
      } catch (SQLException failed) {
        throw new Bulk.Failed(failed);
      }
    }
  }

  private void later(Together.Step step) {
    try {
      together.add(step);
    } catch (SQLException failed) {
      throw new Bulk.Failed(failed);
    }
  }

  /** Lets no statement take longer than that. */
  void limit(int atMost) {
    seconds = atMost;
    if (handle != null) {
      handle.getConfig(SqlStatements.class).setQueryTimeout(atMost);
    }
    together.limit(atMost);
  }

  private Bulk bulk() {
    settle();
    return new Bulk(connection, dialect, names, seconds);
  }

  /** The database's kind. */
  public Dialect dialect() {
    return dialect;
  }

  /** Whether this is one of Laoke's own, which Laoke repeats after a lost race. */
  public boolean own() {
    return !joined;
  }

  /** A query. */
  public Query query(String sql) {
    return handle().createQuery(names.in(dialect.adapted(sql)));
  }

  /**
   * A query with a list {@code IN (<name>)} of hundreds of values. PostgreSQL takes them as one
   * array, so that the statement is the same whatever their number, and neither it nor Jdbi has to
   * read hundreds of parameters.
   */
  public Query query(String sql, String name, Rows.Type type, Collection<?> values) {
    return dialect == Dialect.POSTGRESQL
        ? query(byArray(sql, name)).bind(name, array(type, values))
        : query(sql).bindList(name, List.copyOf(values));
  }

  /**
   * A query with its values, among them lists as {@code IN (<name>)} or {@code NOT IN (<name>)} and
   * {@link Listed}.
   */
  public Query query(String sql, Map<String, ?> values) {
    Query query = query(listed(sql, values));
    values.forEach((name, value) -> bind(query, name, value));
    return query;
  }

  /** A row that a query found. */
  public interface RowReader {
    /** Reads it. */
    void row(ResultSet row) throws SQLException;
  }

  /**
   * Tells the rows that a query finds one after the other, never all at once in memory.
   *
   * @return how many there were
   */
  public long stream(String sql, Map<String, ?> values, RowReader each) {
    return query(sql, values)
        .setFetchSize(dialect.fetchSize(connection))
        .scanResultSet((rows, context) -> told(rows.get(), each));
  }

  /** An insert, update or delete with its values, lists among them. */
  public int update(String sql, Map<String, ?> values) {
    try (Update update = update(listed(sql, values))) {
      values.forEach((name, value) -> bind(update, name, value));
      return update.execute();
    }
  }

  /**
   * Has tables whose contents the database has not counted yet read as if they were big, to the end
   * of this transaction; not in one of the host, which plans its own queries. PostgreSQL takes a
   * table for empty until it is analyzed, which is a minute after a bulk load, and would read it
   * again for every row of another.
   */
  public void plannedForMany() {
    plannedForMany(false);
  }

  /**
   * The same, and of any contents where a query makes itself a table of a pass over many rows:
   * PostgreSQL takes what several parts of a pass come to for 200 rows, whatever they are.
   *
   * @param passes whether the query does so
   */
  public void plannedForMany(boolean passes) {
    if (!joined) {
      bulk().plannedForMany(passes);
    }
  }

  private <S extends SqlStatement<S>> void bind(S query, String name, Object value) {
    if (!(value instanceof Listed list)) {
      query.bind(name, value);
    } else if (dialect == Dialect.POSTGRESQL) {
      query.bind(name, array(list.type(), list.values()));
    } else {
      query.bindList(name, List.copyOf(list.values()));
    }
  }

  private String listed(String sql, Map<String, ?> values) {
    if (dialect != Dialect.POSTGRESQL) {
      return sql;
    }
    String text = sql;
    for (Map.Entry<String, ?> value : values.entrySet()) {
      if (value.getValue() instanceof Listed) {
        String name = value.getKey();
        text = byArray(text.replace("NOT IN (<" + name + ">)", "<> ALL(:" + name + ")"), name);
      }
    }
    return text;
  }

  private static String byArray(String sql, String name) {
    return sql.replace("IN (<" + name + ">)", "= ANY(:" + name + ")");
  }

  private static Argument array(Rows.Type type, Collection<?> values) {
    Object[] array = type.array(values);
    return (position, statement, context) ->
        statement.setArray(
            position, statement.getConnection().createArrayOf(type.postgresql, array));
  }

  /**
   * A query of rows that change only under a lock which this transaction holds, such as the lines
   * of a locked order. It sees them as they are committed now, whatever the host has read before.
   */
  public Query guarded(String sql) {
    return query(joinedToWrite ? sql + dialect.asCommitted() : sql);
  }

  /** The same with a list of hundreds of values. */
  public Query guarded(String sql, String name, Rows.Type type, Collection<?> values) {
    return query(joinedToWrite ? sql + dialect.asCommitted() : sql, name, type, values);
  }

  /**
   * A query of rows as they are committed now, whatever the host has read before, that waits for
   * nobody: those who have locked one of them may wait for what this transaction has locked. The
   * host is then told to repeat.
   *
   * @param sql names the index that leads to these rows alone, see {@link Dialect#byIndex}
   */
  public Query committedNow(String sql) {
    return query(joinedToWrite ? sql + dialect.asCommittedAtOnce() : sql);
  }

  /**
   * Whether this is a call in a transaction of the host that never shows what others have committed
   * since it began, so that a call which must reach all of something could not.
   */
  public boolean hidesWhatCame() {
    if (!joinedToWrite) {
      return false;
    }
    try {
      return dialect.hidesWhatCame(connection.getTransactionIsolation());
    } catch (SQLException lost) {
      throw Failures.of("read the level of the transaction", lost, Left.NOTHING_IN_HOST);
    }
  }

  /** Whoever locks a dealer's row changes what depends on all of a kind, such as rules, in turn. */
  public void lockDealer(int dealer) {
    query("SELECT id FROM {dealer} WHERE id = :dealer FOR UPDATE")
        .bind("dealer", dealer)
        .mapTo(Integer.class)
        .list();
  }

  /** An insert, update or delete. */
  public Update update(String sql) {
    return handle().createUpdate(names.in(dialect.adapted(sql)));
  }

  /** The same statement for many rows. Its counts prove nothing. */
  public PreparedBatch batch(String sql) {
    return handle().prepareBatch(names.in(dialect.adapted(sql)));
  }

  /**
   * Inserts one row unless one with an equal key is there. The transaction stays usable either way.
   *
   * @param sql a plain {@code INSERT … VALUES (…)}
   * @return whether this call inserted it
   */
  public boolean insertIfAbsent(String sql, Consumer<Update> values) {
    Update insert = update(sql + dialect.insertIfAbsentSuffix());
    values.accept(insert);
    try (insert) {
      return insert.execute() == 1;
    } catch (UnableToExecuteStatementException failed) {
      if (failed.getCause() instanceof SQLException cause && dialect.duplicate(cause)) {
        return false;
      }
      throw failed;
    }
  }

  /**
   * Inserts rows by few statements. An equal key is a lost race: the transaction is to be repeated.
   */
  public void insertAll(Rows rows) {
    if (rows.size() > 0) {
      bulk().insert(rows, "");
    }
  }

  /**
   * Inserts those rows of which none with an equal key is there, by few statements; only where
   * {@link Dialect#insertsUnlessThere()}.
   *
   * @return the first columns of those that were inserted
   */
  public Set<Long> insertUnlessThere(Rows rows) {
    return bulk().insertUnlessThere(rows);
  }

  /**
   * A statement that gives rows. Where several go to the database in one trip it waits for {@link
   * #settle}, and {@code each} hears its rows then; else it is done at once.
   *
   * @param values none of them null, among them {@link Listed}
   */
  public void later(String sql, Map<String, ?> values, RowReader each) {
    later(sql, values, each, Tx::asItIs);
  }

  /**
   * The same, where some failures are to be told in other words.
   *
   * @param told null for a failure that is to be told as it is; heard also of failures of others
   *     that waited with it
   */
  public void later(
      String sql,
      Map<String, ?> values,
      RowReader each,
      Function<SQLException, @Nullable RuntimeException> told) {
    later(sql, values, each, () -> {}, told);
  }

  /**
   * The same, where what is done with the rows may ask or write further.
   *
   * @param read what to do once all rows are read
   */
  public void later(String sql, Map<String, ?> values, RowReader each, Runnable read) {
    later(sql, values, each, read, Tx::asItIs);
  }

  private void later(
      String sql,
      Map<String, ?> values,
      RowReader each,
      Runnable read,
      Function<SQLException, @Nullable RuntimeException> told) {
    if (!dialect.takesSeveral()) {
      query(sql, values).scanResultSet((rows, context) -> told(rows.get(), each));
      read.run();
      return;
    }
    ParsedSql parsed = together.parsed(listed(sql, values));
    later(
        new Together.Step(
            parsed.getSql(),
            (statement, first) -> bind(statement, first, parsed, values),
            (rows, count) -> {
              told(requireNonNull(rows), each);
              read.run();
            },
            told));
  }

  /** An insert, update or delete with its values, none of them null; may wait like the others. */
  public void writeLater(String sql, Map<String, ?> values) {
    if (!dialect.takesSeveral()) {
      update(sql, values);
      return;
    }
    ParsedSql parsed = together.parsed(listed(sql, values));
    later(
        new Together.Step(
            parsed.getSql(),
            (statement, first) -> bind(statement, first, parsed, values),
            (none, count) -> {},
            Tx::asItIs));
  }

  private static @Nullable RuntimeException asItIs(SQLException failed) {
    return null;
  }

  private static long told(ResultSet row, RowReader each) throws SQLException {
    long count = 0;
    while (row.next()) {
      each.row(row);
      count++;
    }
    return count;
  }

  private static int bind(
      PreparedStatement statement, int first, ParsedSql parsed, Map<String, ?> values)
      throws SQLException {
    int at = first;
    for (String name : parsed.getParameters().getParameterNames()) {
      Object value = requireNonNull(values.get(name), name);
      if (value instanceof Listed list) {
        statement.setArray(at++, array(statement.getConnection(), list));
      } else {
        statement.setObject(at++, value);
      }
    }
    return at;
  }

  private static Array array(Connection connection, Listed list) throws SQLException {
    return connection.createArrayOf(list.type().postgresql, list.type().array(list.values()));
  }

  /** As {@link #insertAll}, but may wait as {@link #later} does. */
  public void insertLater(Rows rows) {
    if (dialect.takesSeveral()) {
      bulk(rows, "", (none, count) -> {}, failed -> Bulk.equalKey(failed) ? Bulk.lost(rows) : null);
    } else {
      insertAll(rows);
    }
  }

  private void bulk(
      Rows rows,
      String after,
      Together.Outcome outcome,
      Function<SQLException, @Nullable RuntimeException> told) {
    if (rows.size() > 0) {
      later(Bulk.step(rows, after, outcome, told));
    }
  }

  /**
   * Inserts one row unless one with an equal key is there; may wait as {@link #later} does.
   *
   * @param there what to do if one is there
   */
  public void insertLaterIfAbsent(Rows row, Runnable there) {
    if (dialect.takesSeveral()) {
      bulk(
          row,
          dialect.insertIfAbsentSuffix(),
          (none, count) -> {
            if (count == 0) {
              there.run();
            }
          },
          Tx::asItIs);
    } else if (!bulk().insertIfAbsent(row)) {
      there.run();
    }
  }

  /**
   * As {@link #accumulateAll}, but may wait as {@link #later} does.
   *
   * @param told null for a failure that is to be told as it is
   */
  public void accumulateLater(
      Rows rows,
      List<String> key,
      List<String> sums,
      String least,
      String most,
      Function<SQLException, @Nullable RuntimeException> told) {
    if (dialect.takesSeveral()) {
      bulk(rows, accumulating(rows, key, sums, least, most), (none, count) -> {}, told);
    } else {
      accumulateAll(rows, key, sums, least, most);
    }
  }

  /**
   * Inserts rows, or where the key is there already adds to it, by few statements; only where
   * {@link Dialect#accumulates()}.
   *
   * @param key its columns behind {@code dealer_id}
   * @param sums columns that are added up
   * @param least column that keeps its least value; a missing value is none
   * @param most column that keeps its greatest value
   */
  public void accumulateAll(
      Rows rows, List<String> key, List<String> sums, String least, String most) {
    if (rows.size() > 0) {
      bulk().insert(rows, accumulating(rows, key, sums, least, most));
    }
  }

  private String accumulating(
      Rows rows, List<String> key, List<String> sums, String least, String most) {
    return dialect.accumulating(names.in("{" + rows.table() + "}"), key, sums, least, most);
  }

  /**
   * Gives rows new values by few statements. Counts prove nothing.
   *
   * @param rows the first column is the key beside {@code dealer_id}
   * @param alike what is set in every row alike, as {@code ended_ms = NULL}, or empty
   */
  public void updateAll(Rows rows, String alike) {
    if (rows.size() > 0) {
      bulk().update(rows, alike);
    }
  }

  /**
   * Adds to rows by few statements; what is missing in a row is nothing. Counts prove nothing.
   *
   * @param rows the first column is the key beside {@code dealer_id}
   * @param sums columns that are added up
   * @param least column that keeps its least value; a missing value is none
   * @param most column that keeps its greatest value
   */
  public void addAll(Rows rows, List<String> sums, String least, String most) {
    if (rows.size() > 0) {
      bulk().add(rows, sums, least, most);
    }
  }

  /**
   * Gives rows new values by few statements, but only where more than the key is as given; only
   * where {@link Dialect#returnsUpdated()}.
   *
   * @param rows the first column is the key beside {@code dealer_id}, the second is compared too
   * @param alike what is set in every row alike
   * @param where what else must be true of a row {@code o}
   * @return the keys of the rows that were given them
   */
  public Set<Long> updateWhere(Rows rows, String alike, String where) {
    return bulk().updateWhere(rows, alike, where);
  }

  /**
   * Has keys looked up by indexes to the end of this transaction. PostgreSQL plans a statement by
   * what it knew of a table when it was empty, until the table is analyzed; others need no telling.
   */
  public void byIndexes() {
    bulk().byIndexes();
  }

  /** Machine time: the database's own clock in epoch milliseconds. Never business time. */
  public long machineMillis() {
    return query("SELECT " + dialect.machineMillis()).mapTo(Long.class).one();
  }

  /** Runs a task once this transaction is committed, never if it is rolled back. */
  public void afterCommit(Runnable task) {
    afterCommit.add(task);
  }

  /**
   * Notes that something changed, or may have, of what segments can ask of a member. It is written
   * with all else that this transaction notes, at its end.
   */
  public void changed(int dealer, long member) {
    changed.member(dealer, member);
  }

  /** The same of several members. */
  public void changed(int dealer, Collection<Long> members) {
    members.forEach(member -> changed.member(dealer, member));
  }

  /** Notes the same of what a dealer's segments can speak of: its lists, fields and segments. */
  public void listsChanged(int dealer) {
    changed.member(dealer, LISTS);
  }

  /**
   * Writes which members were changed.
   *
   * @return whether any were
   */
  boolean writeChanged() {
    return changed.write(this);
  }

  /** Closes the statements, not the connection. */
  @Override
  public void close() {
    if (handle != null) {
      handle.close();
    }
  }

  List<Runnable> tasksAfterCommit() {
    return afterCommit;
  }
}
