package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A picture, sound or film to upload. A file is read piece by piece while it leaves, never as a
 * whole; bytes are taken as they are, without a copy: change them only when the upload has ended.
 * What it is is told by its first bytes; names prove nothing. Immutable otherwise; may be used
 * again.
 */
public final class MediaFile {
  private static final int MAX_NAME = 60;

  private final String name;
  private final Source source;

  private MediaFile(String name, Source source) {
    this.name = name;
    this.source = source;
  }

  /**
   * A file on this machine. It is opened when it is uploaded, not now.
   *
   * @param path where; the library shows its last part as the name
   */
  public static MediaFile of(Path path) {
    Path last = notNull("path", path).getFileName();
    if (last == null) {
      throw new InvalidInputException("path", "must name a file, was " + path);
    }
    return new MediaFile(shortened(last.toString()), new OnDisk(path));
  }

  /**
   * Content that the host holds, as from its database.
   *
   * @param name what the library shows, at most 60 characters
   * @param content not copied
   */
  public static MediaFile of(String name, byte[] content) {
    return new MediaFile(key("name", name, MAX_NAME), new InMemory(notNull("content", content)));
  }

  /** What the library shows. */
  public String name() {
    return name;
  }

  long size() {
    try {
      return source.size();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** The first bytes; fewer if it is that short. */
  byte[] head() {
    try (InputStream in = source.open()) {
      return in.readNBytes(MediaFormat.HEAD);
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  InputStream open() throws IOException {
    return source.open();
  }

  /** Shows the name. */
  @Override
  public String toString() {
    return "MediaFile[" + name + "]";
  }

  private InvalidInputException unreadable(IOException e) {
    return new InvalidInputException(
        "file",
        "%s cannot be read (%s); look whether it exists and may be read"
            .formatted(name, e.getClass().getSimpleName()),
        e);
  }

  private static String shortened(String name) {
    String clean = Characters.clean(name).strip();
    String shown = clean.isEmpty() ? "file" : clean;
    int length = Characters.length(shown);
    return length <= MAX_NAME
        ? shown
        : shown.substring(shown.offsetByCodePoints(0, length - MAX_NAME));
  }

  private sealed interface Source {
    long size() throws IOException;

    InputStream open() throws IOException;
  }

  private record OnDisk(Path path) implements Source {
    @Override
    public long size() throws IOException {
      return Files.size(path);
    }

    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(path);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  private record InMemory(byte[] content) implements Source {
    @Override
    public long size() {
      return content.length;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }
  }
}
