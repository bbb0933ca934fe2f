package io.laoke.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * Servers that all test processes of one build share: whoever comes first starts one, the others
 * read its address, and it ends with the build, however that ends. Outside of a Maven build each
 * process has its own.
 */
final class BuildServers {
  private static final String MAVEN = "org.codehaus.plexus.classworlds.launcher.Launcher";

  private BuildServers() {}

  /** Starts a server that ends with a process. */
  interface Starter {
    /**
     * Starts it.
     *
     * @param folder for its files, removed when the process ends
     * @return its address
     */
    String start(Path folder, ProcessHandle endsWith) throws IOException;
  }

  /** The address of the build's server of that name. */
  static synchronized String url(String name, Starter starter) throws IOException {
    Optional<ProcessHandle> build = build();
    if (build.isEmpty()) {
      return starter.start(
          Files.createTempDirectory(fast(), "laoke-test-"), ProcessHandle.current());
    }
    Path folder = folder(build.get());
    try (FileChannel gate =
            FileChannel.open(
                folder.resolve(name + ".lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock held = gate.lock()) {
      Path address = folder.resolve(name + ".url");
      if (held.isValid() && Files.exists(address)) {
        return Files.readString(address);
      }
      String url = starter.start(folder, build.get());
      Path whole = Files.writeString(folder.resolve(name + ".new"), url);
      Files.move(whole, address, StandardCopyOption.ATOMIC_MOVE);
      return url;
    }
  }

  /** Named by the process and when it began: the system uses numbers of processes again. */
  private static Path folder(ProcessHandle build) throws IOException {
    String began = build.info().startInstant().map(at -> "-" + at.toEpochMilli()).orElse("");
    return Files.createDirectories(fast().resolve("laoke-build-" + build.pid() + began));
  }

  /** In memory where the system has a place for that. */
  private static Path fast() throws IOException {
    Path memory = Path.of("/dev/shm");
    boolean fits =
        Files.isWritable(memory) && Files.getFileStore(memory).getUsableSpace() > 3L << 30;
    return fits ? memory : Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** The Maven process that this one belongs to. */
  private static Optional<ProcessHandle> build() {
    if (Boolean.getBoolean("laoke.test.ownServers")) {
      return Optional.empty();
    }
    for (Optional<ProcessHandle> one = ProcessHandle.current().parent();
        one.isPresent();
        one = one.get().parent()) {
      if (one.get().info().commandLine().filter(line -> line.contains(MAVEN)).isPresent()) {
        return one;
      }
    }
    return Optional.empty();
  }
}
