package io.laoke.testing;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;

/**
 * The databases that a contract is proved on. All but H2 are real servers, started once in a test
 * run; {@code -Dlaoke.test.postgresql=jdbc:…} or LAOKE_TEST_POSTGRESQL names one that runs already.
 * Where one cannot start, tests fail if CI is set and are skipped, with the reason, if not. {@code
 * -Dlaoke.test.only=H2,MYSQL} leaves the others out while working.
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
  },
  MYSQL {
    @Override
    HikariDataSource open(HikariConfig config, String name) {
      return mysql(MysqlServer.Kind.MYSQL, config, name);
    }
  },
  MARIADB {
    @Override
    HikariDataSource open(HikariConfig config, String name) {
      return mysql(MysqlServer.Kind.MARIADB, config, name);
    }
  };

  private static final Map<MysqlServer.Kind, Object> MYSQL_SERVERS =
      new EnumMap<>(MysqlServer.Kind.class);

  private static HikariDataSource mysql(MysqlServer.Kind kind, HikariConfig config, String name) {
    MysqlServer server = mysql(kind);
    try (Connection connection = DriverManager.getConnection(server.url(""), "root", "");
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
    config.setJdbcUrl(server.url(name));
    config.setUsername("root");
    config.setPassword("");
    return new HikariDataSource(config);
  }

  private static synchronized MysqlServer mysql(MysqlServer.Kind kind) {
    Object started = MYSQL_SERVERS.get(kind);
    if (started == null) {
      try {
        started = MysqlServer.start(kind);
      } catch (IOException | RuntimeException failed) {
        started = failed;
      }
      MYSQL_SERVERS.put(kind, started);
    }
    if (started instanceof Throwable failure) {
      throw absent(kind.name(), failure);
    }
    return (MysqlServer) started;
  }

  private static RuntimeException absent(String what, Throwable cause) {
    String message = what + " cannot start here: " + cause;
    return System.getenv("CI") != null
        ? new IllegalStateException(message, cause)
        : Assumptions.<RuntimeException>abort("SKIPPED: " + message);
  }

  abstract HikariDataSource open(HikariConfig config, String name);

  /** An empty database, or schema, of its own behind a pool. */
  public HikariDataSource fresh() {
    return fresh(new HikariConfig());
  }

  /** An empty database, or schema, of its own behind a pool with these settings. */
  public HikariDataSource fresh(HikariConfig config) {
    String only = System.getProperty("laoke.test.only", name());
    Assumptions.assumeTrue(List.of(only.split(",")).contains(name()), "SKIPPED: not asked for");
    return open(config, "t" + UUID.randomUUID().toString().replace("-", ""));
  }

  private static final class Postgres {
    private static String url;
    private static Throwable failure;

    static synchronized String url() {
      if (failure != null) {
        throw absent("POSTGRESQL", failure);
      }
      if (url == null) {
        try {
          url = given() != null ? given() : start();
        } catch (IOException | RuntimeException failed) {
          failure = failed;
          throw absent("POSTGRESQL", failed);
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
  }
}
