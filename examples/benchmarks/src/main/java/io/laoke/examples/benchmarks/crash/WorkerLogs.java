package io.laoke.examples.benchmarks.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** What the workers of a run logged, for whoever looks into a failure. */
final class WorkerLogs {
  private final List<Path> files = new CopyOnWriteArrayList<>();

  /** A file for one more worker. */
  Path add() throws IOException {
    Path file = Files.createTempFile("laoke-crash-worker-", ".log");
    files.add(file);
    return file;
  }

  List<Path> files() {
    return List.copyOf(files);
  }

  /** Of a run that went well. */
  void delete() throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
