package io.laoke.examples.shell;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of the folder, plain or packed.
 *
 * @param table which it is, such as {@code orders.csv}
 * @param charset that its whole content can be read in
 * @param bytes its size on the disk
 * @param read how many of them were read so far, over all readings
 */
record Source(Path path, String table, Charset charset, long bytes, AtomicLong read) {
  private static final int BUFFER = 1 << 16;
  private static final char BOM = '\uFEFF';

  /** As it stands in the folder. */
  String name() {
    return path.getFileName().toString();
  }

  /** Its text, without a byte order mark. */
  Reader open() throws IOException {
    CharsetDecoder strict =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    Reader reader = new InputStreamReader(unpacked(path, counted(path, read)), strict);
    return new WithoutMark(reader);
  }

  private static InputStream counted(Path path, AtomicLong read) throws IOException {
    return new FilterInputStream(Files.newInputStream(path)) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        read.addAndGet(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int some = super.read(into, from, length);
        read.addAndGet(Math.max(0, some));
        return some;
      }
    };
  }

  private static InputStream unpacked(Path path, InputStream in) throws IOException {
    return path.getFileName().toString().endsWith(".gz")
        ? new GZIPInputStream(in, BUFFER)
        : new BufferedInputStream(in, BUFFER);
  }

  /** Leaves out a mark at the beginning. */
  private static final class WithoutMark extends Reader {
    private final Reader reader;
    private boolean begun;

    WithoutMark(Reader reader) {
      this.reader = reader;
    }

    @Override
    public int read(char[] into, int from, int length) throws IOException {
      if (!begun && length > 0) {
        begun = true;
        int first = reader.read();
        if (first < 0) {
          return -1;
        }
        if (first != BOM) {
          into[from] = (char) first;
          return 1;
        }
      }
      return reader.read(into, from, length);
    }

    @Override
    public void close() throws IOException {
      reader.close();
    }
  }

  /**
   * Reads a file once through: sees that it is whole and which charset it is in.
   *
   * @param digest takes in its bytes
   */
  static Source scanned(
      Path path,
      String table,
      Charsets charsets,
      MessageDigest digest,
      AtomicLong read,
      Interrupt interrupt) {
    try {
      long bytes = Files.size(path);
      digest(path, digest, interrupt);
      List<Charset> candidates = charsets.candidates();
      String wrong = "";
      for (Charset charset : candidates) {
        wrong = undecodable(path, charset, read, interrupt);
        if (wrong.isEmpty()) {
          return new Source(path, table, charset, bytes, read);
        }
      }
      throw new CannotException(
          wrong
              + (charsets == Charsets.UTF_8
                  ? " Give --charset gb18030 for what Excel writes in China, or --charset auto."
                  : " Save the file anew, as CSV UTF-8."));
    } catch (IOException unreadable) {
      throw unreadable(path, unreadable);
    }
  }

  private static void digest(Path path, MessageDigest digest, Interrupt interrupt)
      throws IOException {
    try (InputStream in = Files.newInputStream(path)) {
      byte[] some = new byte[BUFFER];
      for (int length = in.read(some); length >= 0; length = in.read(some)) {
        digest.update(some, 0, length);
        interrupt.check();
      }
    }
  }

  /** Where it is not in that charset, in words; empty if it is. */
  private static String undecodable(
      Path path, Charset charset, AtomicLong read, Interrupt interrupt) throws IOException {
    CharsetDecoder decoder =
        charset
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer bytes = ByteBuffer.allocate(BUFFER);
    CharBuffer chars = CharBuffer.allocate(BUFFER);
    long line = 1;
    boolean first = true;
    try (InputStream in = unpacked(path, counted(path, read))) {
      for (boolean end = false; !end; ) {
        int length = in.read(bytes.array(), bytes.position(), bytes.remaining());
        end = length < 0;
        interrupt.check();
        bytes.position(bytes.position() + Math.max(0, length));
        bytes.flip();
        if (first) {
          first = false;
          refuseUtf16(path, bytes);
        }
        CoderResult result;
        do {
          result = decoder.decode(bytes, chars, end);
          chars.flip();
          while (chars.hasRemaining()) {
            line += chars.get() == '\n' ? 1 : 0;
          }
          chars.clear();
        } while (result.isOverflow());
        if (result.isError()) {
          return "%s, line %d: byte 0x%02X is no %s."
              .formatted(
                  path.getFileName(), line, bytes.get(bytes.position()) & 0xff, charset.name());
        }
        bytes.compact();
      }
    }
    return "";
  }

  private static void refuseUtf16(Path path, ByteBuffer bytes) {
    if (bytes.remaining() >= 2) {
      int mark = bytes.getShort(bytes.position()) & 0xffff;
      if (mark == 0xfffe || mark == 0xfeff) {
        throw new CannotException(
            "%s is UTF-16, which Excel calls Unicode text. Save it as CSV UTF-8."
                .formatted(path.getFileName()));
      }
    }
  }

  /** Counts rows that come from elsewhere as if they were read here: from one to another of all. */
  void passed(long from, long to, long all) {
    read.addAndGet(share(to, all) - share(from, all));
  }

  private long share(long rows, long all) {
    return (long) ((double) bytes * Math.min(rows, all) / Math.max(1, all));
  }

  /** What to say of a file that cannot be read. */
  static CannotException unreadable(Path path, IOException failed) {
    String name = path.getFileName().toString();
    if (failed instanceof EOFException) {
      return new CannotException(name + " is cut off: its end is missing. Copy it once more.");
    }
    if (failed instanceof ZipException) {
      return new CannotException(
          "%s is damaged, or no gzip file (%s). Copy it once more."
              .formatted(name, failed.getMessage()));
    }
    if (failed instanceof AccessDeniedException) {
      return new CannotException(
          "%s must not be read by this user. Change its rights.".formatted(path));
    }
    if (failed instanceof NoSuchFileException) {
      return new CannotException("%s is not there.".formatted(path));
    }
    return new CannotException(
        "%s cannot be read: %s".formatted(path, Cells.shown(String.valueOf(failed.getMessage()))));
  }

  /** Text that tells this reading of the file from others. */
  String stamp() {
    return table + " " + charset.name() + " " + bytes + "\n";
  }

  /** Whether it is another by now than when it was scanned. */
  boolean changed() {
    try {
      return Files.size(path) != bytes;
    } catch (IOException gone) {
      return true;
    }
  }
}
