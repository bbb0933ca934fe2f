package io.laoke.examples.benchmarks.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A worker in a process of its own, with a log. */
final class WorkerProcess {
  /** What a worker says once its engine runs. */
  static final String READY = "ready";

  private final Process process;

  private WorkerProcess(Process process) {
    this.process = process;
  }

  /** Starts one, and waits until it is ready. */
  static WorkerProcess start(Class<?> main, Path log, List<String> arguments) throws IOException {
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
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    byte[] said = process.getInputStream().readNBytes(READY.length());
    if (said.length < READY.length()) {
      throw new IOException("a worker did not start: " + Files.readString(log));
    }
    return new WorkerProcess(process);
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
