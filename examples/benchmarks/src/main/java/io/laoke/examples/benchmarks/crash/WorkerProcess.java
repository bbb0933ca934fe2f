package io.laoke.examples.benchmarks.crash;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A worker in a process of its own, with a log. */
final class WorkerProcess {
  /** What a worker says once its engine runs. */
  static final String READY = "ready";

  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /**
   * Starts one, and waits until it is ready.
   *
   * @param more arguments, behind those by which it finds the {@link #database}
   */
  static WorkerProcess start(Class<?> main, Path log, HikariDataSource database, List<String> more)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                main.getName()));
    command.add(database.getJdbcUrl());
    command.add(Objects.requireNonNullElse(database.getUsername(), ""));
    command.add(Objects.requireNonNullElse(database.getPassword(), ""));
    command.addAll(more);
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    byte[] said = process.getInputStream().readNBytes(READY.length());
    if (said.length < READY.length()) {
      throw new IOException("a worker did not start: " + Files.readString(log));
    }
    return new WorkerProcess(process);
  }

  /** In a worker: the database that whoever started it has named by the first three arguments. */
  static HikariDataSource database(String... arguments) {
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(arguments[0]);
    database.setUsername(arguments[1].isEmpty() ? null : arguments[1]);
    database.setPassword(arguments[2].isEmpty() ? null : arguments[2]);
    database.setMaximumPoolSize(6);
    return database;
  }

  /** Waits for what workers bring about; whether it came. */
  static boolean await(Duration patience, BooleanSupplier condition) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0) {
        return false;
      }
      LockSupport.parkNanos(20_000_000);
    }
    return true;
  }

  /** In a worker: says that it is ready, and ends with whoever started it. */
  static void serve() throws IOException {
    System.out.println(READY);
    while (System.in.read() >= 0) {
      // Nobody writes; the end of the input is the end of the parent.
    }
    Runtime.getRuntime().halt(1);
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Kills it, and waits until it is gone. */
  void kill() {
    process.destroyForcibly().onExit().join();
  }
}
