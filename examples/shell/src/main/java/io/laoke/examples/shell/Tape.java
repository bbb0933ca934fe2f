package io.laoke.examples.shell;

import java.io.IOException;
import java.io.Reader;

/**
 * The text of a file with each end of a line as one {@code \n}. Keeps what was read since the last
 * whole row, so that it can be read once more behind a line that is no row.
 */
final class Tape extends Reader {
  /** Most characters of a row. */
  static final int LONGEST = 1 << 21;

  private final Reader source;
  private final StringBuilder kept = new StringBuilder();
  private int from;
  private int cursor;
  private boolean afterReturn;
  private boolean tooLong;
  private boolean skipping;
  private IOException failure;

  @SuppressWarnings("NullAway.Init")
  Tape(Reader source) {
    this.source = source;
  }

  @Override
  public int read(char[] into, int at, int length) throws IOException {
    if (cursor == kept.length()) {
      if (cursor - from > LONGEST) {
        tooLong = true;
        throw new IOException("a row is too long");
      }
      if (!more()) {
        return -1;
      }
    }
    int some = Math.min(length, kept.length() - cursor);
    kept.getChars(cursor, cursor + some, into, at);
    cursor += some;
    return some;
  }

  /** Reads on; whether there was something. */
  private boolean more() throws IOException {
    char[] some = new char[8_192];
    int before = kept.length();
    while (kept.length() == before) {
      int length;
      try {
        length = source.read(some, 0, some.length);
      } catch (IOException failed) {
        failure = failed;
        throw failed;
      }
      if (length < 0) {
        return false;
      }
      for (int i = 0; i < length; i++) {
        add(some[i]);
      }
    }
    return true;
  }

  private void add(char c) {
    boolean second = c == '\n' && afterReturn;
    afterReturn = c == '\r';
    if (second) {
      return;
    }
    if (skipping) {
      skipping = c != '\n' && c != '\r';
    } else {
      kept.append(c == '\r' ? '\n' : c);
    }
  }

  /** Lets go of so many lines, which were rows. */
  void forget(long lines) {
    for (long line = 0; line < lines; line++) {
      int end = kept.indexOf("\n", from);
      from = end < 0 ? kept.length() : end + 1;
    }
    if (from > 1 << 16) {
      kept.delete(0, from);
      cursor -= from;
      from = 0;
    }
  }

  /** Goes back to behind the first line that is kept. */
  void afterLine() {
    int end = kept.indexOf("\n", from);
    if (end < 0) {
      kept.setLength(0);
      from = 0;
      cursor = 0;
      skipping = true;
    } else {
      from = end + 1;
      cursor = from;
    }
    tooLong = false;
  }

  /** Whether the row that failed was too long. */
  boolean tooLong() {
    return tooLong;
  }

  /** What the file itself failed with, if it did. */
  void check() throws IOException {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    source.close();
  }
}
