package io.laoke.examples.benchmarks;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Takes rows of one table the fastest way that its database knows. Values hold no quotes. */
interface RowSink extends AutoCloseable {
  /** Takes a row, its values in the order of the columns. */
  void row(@Nullable Object... values) throws SQLException;

  @Override
  void close() throws SQLException;

  /**
   * A sink.
   *
   * @param connection without auto-commit; what was taken is committed when the sink is closed
   */
  static RowSink of(Connection connection, String table, List<String> columns) throws SQLException {
    String names = table + " (" + String.join(", ", columns) + ")";
    return switch (connection.getMetaData().getDatabaseProductName()) {
      case "PostgreSQL" -> new Copied(connection, names);
      case "H2" -> new Batched(connection, names, columns.size());
      default -> new Written(connection, names);
    };
  }

  /** PostgreSQL: {@code COPY}. */
  final class Copied implements RowSink {
    private static final int BUFFER = 1 << 16;

    private final Connection connection;
    private final CopyIn copy;
    private final StringBuilder text = new StringBuilder(BUFFER + 1_000);

    Copied(Connection connection, String names) throws SQLException {
      this.connection = connection;
      copy =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("COPY " + names + " FROM STDIN");
    }

    @Override
    public void row(@Nullable Object... values) throws SQLException {
      for (int i = 0; i < values.length; i++) {
        text.append(i == 0 ? "" : "\t").append(values[i] == null ? "\\N" : values[i]);
      }
      text.append('\n');
      if (text.length() > BUFFER) {
        flush();
      }
    }

    private void flush() throws SQLException {
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      copy.writeToCopy(bytes, 0, bytes.length);
      text.setLength(0);
    }

    @Override
    public void close() throws SQLException {
      flush();
      copy.endCopy();
      connection.commit();
    }
  }

  /** H2: batches. */
  final class Batched implements RowSink {
    private static final int ROWS = 1_000;

    private final Connection connection;
    private final PreparedStatement insert;
    private int waiting;

    Batched(Connection connection, String names, int columns) throws SQLException {
      this.connection = connection;
      insert =
          connection.prepareStatement(
              "INSERT INTO "
                  + names
                  + " VALUES ("
                  + String.join(", ", Collections.nCopies(columns, "?"))
                  + ")");
    }

    @Override
    public void row(@Nullable Object... values) throws SQLException {
      for (int i = 0; i < values.length; i++) {
        insert.setObject(i + 1, values[i]);
      }
      insert.addBatch();
      if (++waiting == ROWS) {
        flush();
      }
    }

    private void flush() throws SQLException {
      insert.executeBatch();
      connection.commit();
      waiting = 0;
    }

    @Override
    public void close() throws SQLException {
      flush();
      insert.close();
    }
  }

  /** MySQL and MariaDB: many rows behind one {@code VALUES}, written out. */
  final class Written implements RowSink {
    private static final int BUFFER = 1 << 19;

    private final Connection connection;
    private final String head;
    private final StringBuilder text = new StringBuilder(BUFFER + 1_000);

    Written(Connection connection, String names) {
      this.connection = connection;
      head = "INSERT INTO " + names + " VALUES ";
    }

    @Override
    public void row(@Nullable Object... values) throws SQLException {
      text.append(text.isEmpty() ? head : ",");
      for (int i = 0; i < values.length; i++) {
        text.append(i == 0 ? '(' : ',');
        Object value = values[i];
        if (value == null || value instanceof Number || value instanceof Boolean) {
          text.append(value);
        } else {
          text.append('\'').append(value).append('\'');
        }
      }
      text.append(')');
      if (text.length() > BUFFER) {
        flush();
      }
    }

    private void flush() throws SQLException {
      if (!text.isEmpty()) {
        try (Statement statement = connection.createStatement()) {
          statement.executeUpdate(text.toString());
        }
        connection.commit();
        text.setLength(0);
      }
    }

    @Override
    public void close() throws SQLException {
      flush();
    }
  }
}
