package io.laoke.examples.shell;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows in a file of the system's temporary folder, which only this user may read. */
final class RowFile implements AutoCloseable {
  private static final int BUFFER = 1 << 14;

  /**
   * A row and what it is sorted by.
   *
   * @param key before the row's line
   */
  record Keyed(long key, CsvRows.Raw row) {}

  private final Path path;
  private final DataOutputStream out;
  private @Nullable DataInputStream in;

  RowFile() {
    try {
      path = Files.createTempFile("laoke-shell-", ".tmp");
      out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(path), BUFFER));
    } catch (IOException failed) {
      throw cannot(failed);
    }
  }

  private static CannotException cannot(IOException failed) {
    return new CannotException(
        "The temporary folder %s cannot be used (%s). Make room there, or name another by the environment variable JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=…"
            .formatted(
                System.getProperty("java.io.tmpdir"),
                Cells.shown(String.valueOf(failed.getMessage()))));
  }

  void add(Keyed keyed) {
    try {
      out.writeLong(keyed.key());
      out.writeLong(keyed.row().line());
      text(keyed.row().broken());
      out.writeInt(keyed.row().cells().size());
      for (String cell : keyed.row().cells()) {
        text(cell);
      }
    } catch (IOException failed) {
      throw cannot(failed);
    }
  }

  private void text(String text) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** Begins to read, once all is written. */
  RowFile rewound() {
    try {
      out.close();
      in = new DataInputStream(new BufferedInputStream(Files.newInputStream(path), BUFFER));
      return this;
    } catch (IOException failed) {
      throw cannot(failed);
    }
  }

  /** The next row, or null at the end. */
  @Nullable Keyed next() {
    DataInputStream from = in;
    if (from == null) {
      throw new IllegalStateException("not rewound");
    }
    try {
      long key;
      try {
        key = from.readLong();
      } catch (EOFException end) {
        return null;
      }
      long line = from.readLong();
      String broken = text(from);
      int count = from.readInt();
      List<String> cells = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        cells.add(text(from));
      }
      return new Keyed(key, new CsvRows.Raw(line, cells, broken));
    } catch (IOException failed) {
      throw cannot(failed);
    }
  }

  private static String text(DataInputStream from) throws IOException {
    byte[] bytes = new byte[from.readInt()];
    from.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    try {
      out.close();
      if (in != null) {
        in.close();
      }
    } catch (IOException gone) {
      // It is deleted anyway.
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException stays) {
      path.toFile().deleteOnExit();
    }
  }
}
