package io.laoke.examples.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Imports in processes of their own that are killed, or told to end, in the midst of their work.
 */
class KilledImportTest {
  private static final int ORDERS = 4_000;

  @TempDir private Path dir;

  /**
   * What runs in the other process: the signal that it gets once so many facts are committed, such
   * as KILL:1000, or none; then the command.
   */
  public static final class Signalled {
    private Signalled() {}

    /** Runs the shell. */
    public static void main(String[] arguments) {
      List<String> command = new ArrayList<>(List.of(arguments));
      String signal = command.remove(0);
      if (!signal.isEmpty()) {
        String url = "jdbc:h2:file:" + command.get(3) + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE";
        String[] parts = signal.split(":", -1);
        Thread thread = new Thread(() -> signal(parts[0], Long.parseLong(parts[1]), url));
        thread.setDaemon(true);
        thread.start();
      }
      Shell.main(command.toArray(String[]::new));
    }

    private static void signal(String signal, long after, String url) {
      while (committed(url) < after) {
        LockSupport.parkNanos(5_000_000);
      }
      try {
        new ProcessBuilder("sh", "-c", "kill -" + signal + " " + ProcessHandle.current().pid())
            .start();
      } catch (IOException failed) {
        throw new IllegalStateException(failed);
      }
    }

    /** Facts that are behind the import, 0 as long as there is none. */
    private static long committed(String url) {
      if (!Files.exists(Path.of(url.substring(13, url.indexOf(';')) + ".mv.db"))) {
        return 0;
      }
      try (Connection connection = DriverManager.getConnection(url, "sa", "");
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery("SELECT MAX(facts) FROM laoke_import_run")) {
        return row.next() ? row.getLong(1) : 0;
      } catch (SQLException early) {
        return 0;
      }
    }
  }

  private void history() throws IOException {
    List<String> orders = new ArrayList<>(List.of("order_no,customer_no,ordered_at"));
    List<String> lines = new ArrayList<>(List.of("order_no,line_no,category,quantity,net_amount"));
    for (int i = 0; i < ORDERS; i++) {
      orders.add("SO-%d,C-%d,2024-05-01 08:00".formatted(i, i % 100));
      lines.add("SO-%d,1,a/b,1,2".formatted(i));
      lines.add("SO-%d,2,a/c,%d,3".formatted(i, i % 100 == 0 ? -1 : 1));
    }
    Ran.file(dir, "orders.csv", orders.toArray(String[]::new));
    Ran.file(dir, "lines.csv", lines.toArray(String[]::new));
  }

  private record Ended(int code, String err) {}

  private Ended run(String signal, String database, String... more) throws Exception {
    Path err = dir.resolve("err");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Signalled.class.getName(),
                signal,
                "import",
                dir.toString(),
                "--database",
                database));
    command.addAll(List.of(more));
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(3, TimeUnit.MINUTES)).isTrue();
      return new Ended(process.exitValue(), Files.readString(err));
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void goOnWhereTheyWere() throws Exception {
    history();
    String database = dir.resolve("db").toString();

    Ended killed = run("KILL:1000", database);
    assertThat(killed.code()).as(killed.err()).isEqualTo(128 + 9);
    Ended stopped = run("TERM:2000", database);
    assertThat(stopped.code()).as(stopped.err()).isEqualTo(128 + 15);
    assertThat(stopped.err()).contains("Stopped. What is committed stays");

    Ran last = Ran.imported(dir, database);

    assertThat(last.code()).as(last.err()).isEqualTo(1);
    assertThat(last.json().path("resumed").asBoolean()).isTrue();
    assertThat(last.json().path("starts").asLong()).isEqualTo(3);
    assertThat(last.json().path("orders").asLong()).isEqualTo(ORDERS);
    assertThat(last.json().path("lines").asLong()).isEqualTo(2 * ORDERS - 40);
    assertThat(last.json().path("refused").asLong()).isEqualTo(40);
    assertThat(last.json().path("outcomes").path("orders").path("new").asLong()).isEqualTo(ORDERS);
    assertThat(last.json().path("net").path("SALE").decimalValue())
        .isEqualByComparingTo("19880.00");
    assertThat(last.errors()).hasSize(20).allMatch(error -> error.contains("quantity '-1'"));
    Ran again = Ran.imported(dir, database);
    assertThat(again.json().path("unchanged").asLong()).isEqualTo(ORDERS);
  }

  /** The lines alone would take more memory than the process has. */
  @Test
  void linesInNoOrderTakeNoMoreMemory() throws Exception {
    int orders = 40_000;
    try (var out = Files.newBufferedWriter(dir.resolve("orders.csv"))) {
      out.write("order_no,ordered_at\n");
      for (int i = 0; i < orders; i++) {
        out.write("SO-" + i + ",2024-05-01\n");
      }
    }
    String model = "x".repeat(95);
    try (var out = Files.newBufferedWriter(dir.resolve("lines.csv"))) {
      out.write("order_no,line_no,category,model,brand,quantity,net_amount\n");
      for (int line = 0; line < 8; line++) {
        for (int i = 0; i < orders; i++) {
          out.write(
              "SO-%d,%d,a,%s,%s,1,1\n"
                  .formatted((int) ((long) i * 12_347 % orders), line, model, model));
        }
      }
    }

    Ended ended = run("", dir.resolve("db").toString(), "--dry-run");

    assertThat(ended.code()).as(ended.err()).isZero();
  }
}
