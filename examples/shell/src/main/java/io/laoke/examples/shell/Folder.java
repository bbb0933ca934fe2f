package io.laoke.examples.shell;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The files of a history, all of them whole and readable. */
final class Folder {
  static final String MEMBERS = "members.csv";
  static final String ORDERS = "orders.csv";
  static final String LINES = "lines.csv";
  static final String STAGES = "stages.csv";
  static final String SERVICES = "services.csv";

  private static final List<String> TABLES = List.of(MEMBERS, ORDERS, LINES, STAGES, SERVICES);
  private static final String PACKED = ".gz";

  /** Another reading of the same files is another import. */
  private static final String LAYOUT = "layout 1\n";

  private final Map<String, Source> sources;
  private final String digest;
  private final AtomicLong read;

  private Folder(Map<String, Source> sources, String digest, AtomicLong read) {
    this.sources = sources;
    this.digest = digest;
    this.read = read;
  }

  /**
   * Finds the files and reads each once through; nothing is imported of a folder with a bad one.
   */
  static Folder of(
      Path dir, Charsets charsets, Warnings warnings, Progress progress, Interrupt interrupt) {
    Map<String, Path> found = files(dir, warnings);
    AtomicLong read = new AtomicLong();
    MessageDigest all = sha256();
    all.update(LAYOUT.getBytes(StandardCharsets.UTF_8));
    Map<String, Source> sources = new TreeMap<>();
    for (String table : TABLES) {
      Path path = found.get(table);
      if (path != null) {
        progress.tell(() -> "checking " + path.getFileName());
        MessageDigest one = sha256();
        Source source = Source.scanned(path, table, charsets, one, read, interrupt);
        sources.put(table, source);
        all.update(source.stamp().getBytes(StandardCharsets.UTF_8));
        all.update(one.digest());
      }
    }
    complete(dir, sources);
    read.set(0);
    return new Folder(sources, HexFormat.of().formatHex(all.digest()), read);
  }

  private static Map<String, Path> files(Path dir, Warnings warnings) {
    Map<String, Path> found = new TreeMap<>();
    TreeSet<String> others = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(dir)) {
      for (Path path : all) {
        String name = path.getFileName().toString();
        String table =
            name.endsWith(PACKED) ? name.substring(0, name.length() - PACKED.length()) : name;
        if (!TABLES.contains(table)) {
          others.add(name);
          continue;
        }
        Path other = found.put(table, path);
        if (other != null) {
          throw new CannotException(
              "%s has both %s and %s%s. Take one of them away."
                  .formatted(dir, table, table, PACKED));
        }
        if (!Files.isRegularFile(path)) {
          throw new CannotException(path + " is no file.");
        }
      }
    } catch (NoSuchFileException missing) {
      throw new CannotException("There is no folder " + dir + ".");
    } catch (NotDirectoryException file) {
      throw new CannotException(dir + " is no folder. Name the folder that the files are in.");
    } catch (AccessDeniedException denied) {
      throw new CannotException(
          "The folder %s must not be read by this user. Change its rights.".formatted(dir));
    } catch (IOException failed) {
      throw new CannotException(
          "The folder %s cannot be read (%s).".formatted(dir, failed.getClass().getSimpleName()));
    }
    others.forEach(
        name ->
            warnings.add("UNKNOWN_FILE", "files of the folder that are none of the layout", name));
    return found;
  }

  private static void complete(Path dir, Map<String, Source> sources) {
    if (!sources.containsKey(MEMBERS)
        && !sources.containsKey(ORDERS)
        && !sources.containsKey(STAGES)
        && !sources.containsKey(SERVICES)) {
      throw new CannotException(
          "%s has no %s, %s, %s or %s (each may end in %s)."
              .formatted(dir, MEMBERS, ORDERS, STAGES, SERVICES, PACKED));
    }
    if (sources.containsKey(ORDERS) != sources.containsKey(LINES)) {
      throw new CannotException(
          "%s has %s without %s. They belong together, since an order is always imported whole; where orders have no lines, give a %s that is only its header line."
              .formatted(
                  dir,
                  sources.containsKey(ORDERS) ? ORDERS : LINES,
                  sources.containsKey(ORDERS) ? LINES : ORDERS,
                  LINES));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /** A file, if it is there. */
  @Nullable Source source(String table) {
    return sources.get(table);
  }

  /** What stands in the files and how it is read, in a few characters. */
  String digest() {
    return digest;
  }

  /** How much of the files was read, of a hundred. */
  int percent() {
    long all = sources.values().stream().mapToLong(Source::bytes).sum();
    return (int) Math.min(99, all == 0 ? 0 : read.get() * 100 / all);
  }

  /** Begins to count anew. */
  void rewound() {
    read.set(0);
  }

  /** A file that was changed while it was read. */
  Optional<String> changed() {
    return sources.values().stream().filter(Source::changed).map(Source::name).findFirst();
  }
}
