package io.laoke.examples.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Questions in JSON: one object over any number of lines, or one on each line. Several lines are
 * several questions if the first is an object by itself, or the second begins one. Memory is
 * bounded whatever comes in.
 */
final class Questions implements AutoCloseable {
  private static final char BOM = '\uFEFF';

  /** More than any segment may have; what is behind it need not be kept. */
  private static final int MOST = 70_000;

  /**
   * A question.
   *
   * @param line where it begins
   */
  record Question(long line, String text) {}

  private final Reader in;
  private final String name;
  private final Charset charset;
  private final boolean several;
  private @Nullable Question first;
  private @Nullable Question second;
  private long line;

  /** Where standard input is meant. */
  static final String STANDARD_INPUT = "-";

  /** Set by {@code examples/run} where standard input is a terminal. */
  private static final String KEYBOARD = "laoke.shell.keyboard";

  /**
   * Opens a file, or standard input.
   *
   * @param source a path, or {@link #STANDARD_INPUT}
   * @param what what somebody at a keyboard is to type, such as "a segment"
   * @param err where they are told so
   * @param eachLine whether each line is a question in any case
   */
  static Questions open(
      Shell shell, String source, String what, PrintWriter err, boolean eachLine) {
    Charset charset = shell.charset().candidates().get(0);
    if (source.equals(STANDARD_INPUT)) {
      if (Boolean.getBoolean(KEYBOARD)) {
        err.println("Type " + what + " in JSON, and end it with Ctrl-D (on Windows Ctrl-Z).");
        err.flush();
      }
      return new Questions(shell.in(), "Standard input", charset, eachLine);
    }
    Path file = Shell.absolute(Path.of(source));
    try {
      return new Questions(Files.newInputStream(file), file.toString(), charset, eachLine);
    } catch (NoSuchFileException missing) {
      throw new CannotException("There is no file " + file + ".");
    } catch (IOException failed) {
      throw new CannotException(
          "%s cannot be read (%s).".formatted(file, failed.getClass().getSimpleName()));
    }
  }

  /**
   * Reads as far as it must to see which of the two it is.
   *
   * @param name of where they come from
   * @param eachLine whether each line is a question in any case
   */
  private Questions(InputStream in, String name, Charset charset, boolean eachLine) {
    this.in =
        new BufferedReader(
            new InputStreamReader(
                in,
                charset
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)));
    this.name = name;
    this.charset = charset;
    if (eachLine) {
      several = true;
      return;
    }
    Question begin = read();
    Question next = begin == null ? null : read();
    several =
        begin != null && next != null && (next.text().startsWith("{") || Json.object(begin.text()));
    if (several || begin == null || next == null) {
      first = begin;
      second = next;
    } else {
      first = new Question(begin.line(), whole(begin.text() + "\n" + next.text()));
    }
  }

  /** Whether each line is a question. */
  boolean several() {
    return several;
  }

  /** The next one, or null at the end. */
  @Nullable Question next() {
    Question next = first;
    if (next != null) {
      first = second;
      second = null;
      return next;
    }
    return read();
  }

  private String whole(String begun) {
    StringBuilder all = new StringBuilder(begun);
    for (Question more = read(); more != null; more = read()) {
      if (all.length() < MOST) {
        all.append('\n').append(more.text());
      }
    }
    return all.toString();
  }

  /** The next line that is not blank. */
  private @Nullable Question read() {
    try {
      StringBuilder text = new StringBuilder();
      while (true) {
        int c = in.read();
        if (c == '\n' || c < 0) {
          line++;
          if (!text.toString().isBlank()) {
            return new Question(line, text.toString());
          }
          if (c < 0) {
            return null;
          }
          text.setLength(0);
        } else if (text.length() < MOST && !(c == BOM && line == 0 && text.isEmpty())) {
          text.append((char) c);
        }
      }
    } catch (CharacterCodingException other) {
      throw new CannotException(
          "%s is not written in %s. Name its charset by --charset."
              .formatted(name, charset.name()));
    } catch (IOException failed) {
      throw new CannotException("%s cannot be read: %s".formatted(name, failed.getMessage()));
    }
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException closed) {
      // All that is needed was read.
    }
  }
}
