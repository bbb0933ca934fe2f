package io.laoke.examples.benchmarks;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A PostgreSQL server of this run's own, in a process of its own. Every commit goes to the disk, as
 * in a dealer's installation: nothing of its durability is switched off.
 */
final class Postgres implements AutoCloseable {
  private final EmbeddedPostgres server;

  private Postgres(EmbeddedPostgres server) {
    this.server = server;
  }

  static Postgres start() throws IOException {
    return start(Optional.empty(), Map.of());
  }

  /**
   * Starts one.
   *
   * @param data where it is kept, or begun; empty for one that goes with this
   * @param settings beside, or instead of, the usual ones
   */
  static Postgres start(Optional<Path> data, Map<String, String> settings) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setServerConfig("max_connections", "100")
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("shared_buffers", "128MB");
    settings.forEach(builder::setServerConfig);
    if (data.isPresent()) {
      Files.createDirectories(data.get());
      builder.setDataDirectory(data.get()).setCleanDataDirectory(false);
    }
    return new Postgres(builder.start());
  }

  /** For other processes. */
  String url() {
    return server.getJdbcUrl("postgres", "postgres");
  }

  /** For other processes, of a database of that name. */
  String url(String database) {
    return server.getJdbcUrl("postgres", database);
  }

  /** A pool as a host would have it. */
  HikariDataSource pool(int connections) {
    return poolOf(url(), connections);
  }

  /** The same of a database of that name, which is made if it is not there. */
  HikariDataSource pool(String database, int connections) throws SQLException {
    try (HikariDataSource admin = pool(2);
        Connection connection = admin.getConnection();
        Statement statement = connection.createStatement();
        ResultSet there =
            statement.executeQuery(
                "SELECT 1 FROM pg_database WHERE datname = '" + database + "'")) {
      if (!there.next()) {
        execute(admin, List.of("CREATE DATABASE " + database));
      }
    }
    return poolOf(url(database), connections);
  }

  static HikariDataSource poolOf(String url, int connections) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(connections);
    return new HikariDataSource(config);
  }

  static void execute(HikariDataSource database, List<String> statements) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
