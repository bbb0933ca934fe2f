package io.laoke.testing;

import com.alibaba.druid.pool.DruidDataSource;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.util.DriverDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Assumptions;

/**
 * The databases that a contract is proved on. All but H2 are real servers, started once in a test
 * run; {@code -Dlaoke.test.postgresql=jdbc:…} or LAOKE_TEST_POSTGRESQL names one that runs already.
 * Where one cannot start, tests fail if CI is set and are skipped, with the reason, if not. {@code
 * -Dlaoke.test.only=H2,MYSQL} leaves the others out while working, {@code
 * -Dlaoke.test.absent=MARIADB} makes one that cannot start.
 */
public enum TestServer {
  H2 {
    @Override
    String url(String name) {
      return "jdbc:h2:mem:" + name + ";DB_CLOSE_DELAY=-1";
    }

    @Override
    void create(String name) {
      // The first connection does.
    }

    @Override
    void drop(String name) {
      execute(url(name), "SHUTDOWN");
    }
  },
  POSTGRESQL {
    @Override
    String url(String name) {
      return and(Postgres.url(), "currentSchema=" + name + "&ApplicationName=" + name);
    }

    @Override
    void create(String name) {
      execute(Postgres.url(), "CREATE SCHEMA " + name);
    }

    @Override
    void drop(String name) {
      execute(Postgres.url(), "DROP SCHEMA " + name + " CASCADE");
    }
  },
  MYSQL {
    @Override
    String url(String name) {
      return and(mysql(MysqlServer.Kind.MYSQL).formatted(name), ROOT);
    }
  },
  MARIADB {
    @Override
    String url(String name) {
      return and(mysql(MysqlServer.Kind.MARIADB).formatted(name), ROOT);
    }
  };

  private static final String ROOT = "user=root&password=";

  private static final Map<MysqlServer.Kind, Object> MYSQL_SERVERS =
      new EnumMap<>(MysqlServer.Kind.class);

  private final MigratedSchemas migrated = new MigratedSchemas(this);

  private static synchronized String mysql(MysqlServer.Kind kind) {
    Object started = MYSQL_SERVERS.get(kind);
    if (started == null) {
      try {
        started =
            BuildServers.url(
                kind.name(), (folder, endsWith) -> MysqlServer.start(kind, folder, endsWith));
      } catch (IOException | RuntimeException failed) {
        started = failed;
      }
      MYSQL_SERVERS.put(kind, started);
    }
    if (started instanceof Throwable failure) {
      throw absent(kind.name(), failure);
    }
    return (String) started;
  }

  private static RuntimeException absent(String what, Throwable cause) {
    String message = what + " cannot start here: " + cause;
    if (System.getenv("CI") != null) {
      return new IllegalStateException(message, cause);
    }
    SkippedServers.note(what, String.valueOf(cause.getMessage()).lines().findFirst().orElse(""));
    return Assumptions.<RuntimeException>abort("SKIPPED: " + message);
  }

  /** The address of a database, or schema, with what it takes to connect. */
  abstract String url(String name);

  void create(String name) {
    execute(url(""), "CREATE DATABASE " + name);
  }

  void drop(String name) {
    execute(url(""), "DROP DATABASE " + name);
  }

  private static String and(String url, String parameters) {
    return url + (url.contains("?") ? "&" : "?") + parameters;
  }

  private static void execute(String url, String sql) {
    try (Connection connection = DriverManager.getConnection(url);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** An empty database, or schema, of its own behind a pool. */
  public HikariDataSource fresh() {
    return fresh(new HikariConfig());
  }

  /** An empty database, or schema, of its own behind a pool with these settings. */
  public HikariDataSource fresh(HikariConfig config) {
    onlyIfAskedFor();
    String name = newName();
    create(name);
    return new Lent(pooled(config, name), () -> dropIfInMemory(name));
  }

  /** One with Laoke's tables, prefix {@code laoke_}, and no row in them. */
  public HikariDataSource migrated() {
    return migrated(new HikariConfig());
  }

  /**
   * One with Laoke's tables, prefix {@code laoke_}, and no row in them, behind a pool with these
   * settings. To make the tables takes longer than most tests, so another test has had them before;
   * {@link MigratedSchemas} sees to it that nothing of that test is left.
   */
  public HikariDataSource migrated(HikariConfig config) {
    onlyIfAskedFor();
    MigratedSchemas.Schema schema = migrated.take();
    return new Lent(pooled(config, schema.name()), () -> migrated.giveBack(schema));
  }

  /**
   * Settings of a pool for callers who lock in any order, and so do deadlock: PostgreSQL looks for
   * that after a second only, and a second each would be the whole test.
   */
  public HikariConfig quickDeadlocks() {
    HikariConfig config = new HikariConfig();
    if (this == POSTGRESQL) {
      config.setConnectionInitSql("SET deadlock_timeout = '20ms'");
    }
    return config;
  }

  private void onlyIfAskedFor() {
    if (name().equals(System.getProperty("laoke.test.absent"))) {
      throw absent(name(), new IOException("told so by -Dlaoke.test.absent"));
    }
    String only = System.getProperty("laoke.test.only", name());
    Assumptions.assumeTrue(List.of(only.split(",")).contains(name()), "SKIPPED: not asked for");
  }

  static String newName() {
    return "t" + UUID.randomUUID().toString().replace("-", "");
  }

  /** Laoke's view of a migrated database, as {@link Way} says. */
  public static Database database(DataSource pool) {
    return new Database(pool, hostTransaction(), new Names("laoke_", Optional.empty()));
  }

  /** Changes rows as no call does, such as to make them older. */
  public static void write(DataSource pool, String sql) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
      if (!connection.getAutoCommit()) {
        connection.commit();
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** The same for calls that refuse a host's transaction, and so are made outside of any. */
  public static Database outsideOfHosts(DataSource pool) {
    return new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }

  /** The transactions of a host, as {@link Way} says. */
  public static HostTransaction hostTransaction() {
    return Way.current()
        .joined()
        .<HostTransaction>map(EachCallJoined::new)
        .orElse(HostTransaction.none());
  }

  /** The same database for what only the test asks, such as plans and locks: past any wall. */
  public static DataSource straight(HikariDataSource pool) {
    return new DriverDataSource(pool.getJdbcUrl(), null, new Properties(), null, null);
  }

  private HikariConfig pooled(HikariConfig config, String name) {
    Way way = Way.current();
    String url = reached(url(name), way);
    // Other processes need it, and so does what goes past a wall.
    config.setJdbcUrl(url);
    if (way.druid()) {
      config.setDataSource(walled(url));
    }
    if (config.getTransactionIsolation() == null) {
      config.setTransactionIsolation(System.getProperty("laoke.test.level"));
    }
    if (config.getMinimumIdle() < 0) {
      // Others are opened when they are asked for; few tests ask for all.
      config.setMinimumIdle(1);
    }
    return config;
  }

  private String reached(String url, Way way) {
    if (this != MYSQL && this != MARIADB) {
      return url;
    }
    String given = way.parameters().isEmpty() ? url : and(url, way.parameters());
    if (!way.otherDriver()) {
      return given;
    }
    return this == MYSQL
        ? given
            .replace("jdbc:mysql:", "jdbc:mariadb:")
            .replace("sslMode=DISABLED", "sslMode=disable")
        : given
            .replace("jdbc:mariadb:", "jdbc:mysql:")
            .replace("sslMode=disable", "sslMode=DISABLED&allowPublicKeyRetrieval=true");
  }

  private static DruidDataSource walled(String url) {
    DruidDataSource druid = new DruidDataSource();
    druid.setUrl(url);
    druid.setMaxActive(100);
    druid.setTestWhileIdle(false);
    try {
      druid.setFilters("stat,wall");
    } catch (SQLException unknown) {
      throw new IllegalStateException(unknown);
    }
    return druid;
  }

  private void dropIfInMemory(String name) {
    if (this == H2) {
      drop(name);
    }
  }

  /** A pool that tells when it is closed. */
  private static final class Lent extends HikariDataSource {
    private final Runnable afterwards;

    Lent(HikariConfig config, Runnable afterwards) {
      super(config);
      this.afterwards = afterwards;
    }

    @Override
    public void close() {
      if (!isClosed()) {
        super.close();
        if (getDataSource() instanceof DruidDataSource druid) {
          druid.close();
        }
        afterwards.run();
      }
    }
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
          url = given() != null ? given() : BuildServers.url("POSTGRESQL", Postgres::start);
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

    /** Started by its launcher, which knows the binaries, and left to a watch of our own. */
    private static String start(Path folder, ProcessHandle endsWith) throws IOException {
      // A folder of its own: the launcher clears old ones beside that of the data.
      Path own = Files.createDirectories(folder.resolve("POSTGRESQL"));
      EmbeddedPostgres server =
          EmbeddedPostgres.builder()
              .setServerConfig("max_connections", "400")
              .setServerConfig("fsync", "off")
              .setServerConfig("synchronous_commit", "off")
              .setServerConfig("full_page_writes", "off")
              .setServerConfig("jit", "off")
              .setDataDirectory(own.resolve("data"))
              .setCleanDataDirectory(false)
              .setRegisterShutdownHook(false)
              .setOutputRedirector(ProcessBuilder.Redirect.to(own.resolve("log").toFile()))
              .setErrorRedirector(ProcessBuilder.Redirect.to(own.resolve("errors").toFile()))
              .start();
      new ProcessBuilder(
              "sh",
              "-c",
              // Its number first: at the end another server's watch may have cleared the folder.
              "server=$(head -n 1 \"$0/POSTGRESQL/data/postmaster.pid\");"
                  + " while kill -0 $1 2>/dev/null; do sleep 1; done;"
                  + " kill -QUIT $server; sleep 1; rm -rf \"$0\"",
              folder.toString(),
              String.valueOf(endsWith.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return server.getJdbcUrl("postgres", "postgres");
    }
  }
}
