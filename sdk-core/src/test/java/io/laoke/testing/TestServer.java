package io.laoke.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/**
 * The databases that a contract is proved on. PostgreSQL is a real server, started once in a test
 * run; {@code -Dlaoke.test.postgresql=jdbc:…} or LAOKE_TEST_POSTGRESQL names one that runs already.
 * Where it cannot start, tests fail if CI is set and are skipped, with the reason, if not.
 */
public enum TestServer {
  H2 {
    @Override
    HikariDataSource open(HikariConfig config, String name) {
      config.setJdbcUrl("jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1");
      return new HikariDataSource(config);
    }
  },
  POSTGRESQL {
    @Override
    HikariDataSource open(HikariConfig config, String name) {
      String url = Postgres.url();
      HikariConfig admin = new HikariConfig();
      admin.setJdbcUrl(url);
      admin.setMaximumPoolSize(1);
      try (HikariDataSource server = new HikariDataSource(admin);
          Connection connection = server.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE SCHEMA " + name);
      } catch (SQLException failed) {
        throw new IllegalStateException(failed);
      }
      config.setJdbcUrl(url + (url.contains("?") ? "&" : "?") + "currentSchema=" + name);
      return new HikariDataSource(config);
    }
  };

  abstract HikariDataSource open(HikariConfig config, String name);

  /** An empty database, or schema, of its own behind a pool. */
  public HikariDataSource fresh() {
    return fresh(new HikariConfig());
  }

  /** An empty database, or schema, of its own behind a pool with these settings. */
  public HikariDataSource fresh(HikariConfig config) {
    return open(config, "t" + UUID.randomUUID().toString().replace("-", ""));
  }

  private static final class Postgres {
    private static String url;
    private static Throwable failure;

    static synchronized String url() {
      if (failure != null) {
        throw absent(failure);
      }
      if (url == null) {
        try {
          url = given() != null ? given() : start();
        } catch (IOException | RuntimeException failed) {
          failure = failed;
          throw absent(failed);
        }
      }
      return url;
    }

    private static String given() {
      return System.getProperty("laoke.test.postgresql", System.getenv("LAOKE_TEST_POSTGRESQL"));
    }

    private static String start() throws IOException {
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setServerConfig("max_connections", "300")
              .setServerConfig("fsync", "off")
              .start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server)));
      return server.getJdbcUrl("postgres", "postgres");
    }

    private static void close(EmbeddedPostgres server) {
      try {
        server.close();
      } catch (IOException ignored) {
        // The process ends with this one.
      }
    }

    private static RuntimeException absent(Throwable cause) {
      String message = "PostgreSQL cannot start here: " + cause;
      return System.getenv("CI") != null
          ? new IllegalStateException(message, cause)
          : Assumptions.<RuntimeException>abort("SKIPPED: " + message);
    }
  }
}
