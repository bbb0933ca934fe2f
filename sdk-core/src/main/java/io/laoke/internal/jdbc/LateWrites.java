package io.laoke.internal.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** What a database that writes late can take back: H2 in a file does, unless it is told not to. */
final class LateWrites {
  private static final String ASKED =
      """
      SELECT SETTING_VALUE FROM INFORMATION_SCHEMA.SETTINGS WHERE SETTING_NAME = 'WRITE_DELAY'""";

  private LateWrites() {}

  /** What to warn of, once for a database; empty also where it cannot be asked. */
  static Optional<String> warning(Dialect dialect, Connection connection) {
    if (dialect != Dialect.H2) {
      return Optional.empty();
    }
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ASKED)) {
      return row.next() && row.getInt(1) > 0
          ? Optional.of(
              "laoke.database.late: this H2 database writes what is committed up to %d ms later; a"
                      .formatted(row.getInt(1))
                  + " power cut or a kill in that time takes it back, and a message that has left"
                  + " could leave again. Add ;WRITE_DELAY=0 to its URL.")
          : Optional.empty();
    } catch (SQLException notShown) {
      return Optional.empty();
    }
  }
}
