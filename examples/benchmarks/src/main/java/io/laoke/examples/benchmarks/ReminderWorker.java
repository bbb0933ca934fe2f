package io.laoke.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;

/** An engine in a process of its own that ticks when it is told to; ends with this one. */
final class ReminderWorker implements AutoCloseable {
  private final Process process;
  private final PrintWriter in;
  private final BufferedReader out;

  private ReminderWorker(Process process) {
    this.process = process;
    in = new PrintWriter(process.outputWriter(StandardCharsets.US_ASCII), true);
    out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  static ReminderWorker start(ReminderDatabase database) throws IOException {
    ReminderWorker worker =
        new ReminderWorker(
            new ProcessBuilder(
                    List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReminderWorker.class.getName(),
                        database.url()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    worker.await("ready");
    return worker;
  }

  /** Has it tick at noon of a day; {@link #ended} waits for it. */
  void tick(LocalDate day) {
    in.println(day);
  }

  void ended() throws IOException {
    await("done");
  }

  private void await(String word) throws IOException {
    String line = out.readLine();
    if (!word.equals(line)) {
      throw new IOException("The worker said '%s' instead of '%s'.".formatted(line, word));
    }
  }

  /** The process itself: the database's URL, then a day in each line of the input. */
  public static void main(String... arguments) throws IOException {
    try (HikariDataSource pool = Postgres.poolOf(arguments[0], 4);
        Laoke laoke = ReminderDatabase.laoke(pool)) {
      BufferedReader days =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
      laoke.dealers().codes(); // connects
      System.out.println("ready");
      for (String day = days.readLine(); day != null; day = days.readLine()) {
        laoke.tick(ReminderDatabase.noon(LocalDate.parse(day)));
        System.out.println("done");
      }
    }
  }

  @Override
  public void close() {
    in.close();
    process.destroy();
  }
}
