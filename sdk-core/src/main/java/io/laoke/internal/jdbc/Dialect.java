package io.laoke.internal.jdbc;

import io.laoke.error.StoreException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.regex.Pattern;

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
  };

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
    return this == H2 && sql.contains(" IN (<")
        ? IN_LIST.matcher(sql).replaceAll("($1dealer_id, $1$2) IN (<$3:dealer>)")
        : sql;
  }

  /** What follows {@code FOR UPDATE} to pass over locked rows; only ever a speed-up. */
  public String skipLocked() {
    return this == POSTGRESQL ? " SKIP LOCKED" : "";
  }

  String insertIfAbsentSuffix() {
    return insertIfAbsentSuffix;
  }

  /** Whether a failed insert met an equal key. */
  abstract boolean duplicate(SQLException error);

  static Dialect of(Connection connection) throws SQLException {
    String product = connection.getMetaData().getDatabaseProductName();
    String name = product.toLowerCase(Locale.ROOT);
    if (name.startsWith("h2")) {
      return H2;
    }
    if (name.startsWith("postgresql")) {
      return POSTGRESQL;
    }
    throw new StoreException(
        "Laoke does not know the database '%s'. It runs on H2 and PostgreSQL; give Laoke a data source of one of these."
            .formatted(product),
        null,
        false);
  }
}
