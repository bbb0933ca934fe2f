package io.laoke.examples.shell;

import java.io.PrintWriter;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells on standard error how far long work is: nothing in its first seconds, then a line every few
 * seconds, or one line that is written anew where somebody sits before a terminal.
 */
final class Progress {
  /** Set by {@code examples/run} where standard error is a terminal. */
  private static final String TERMINAL = "laoke.shell.terminal";

  private static final long EVERY_NANOS = 3_000_000_000L;

  private final PrintWriter err;
  private final boolean rewriting;
  private final LongSupplier nanos;
  private long next;
  private int width;

  Progress(PrintWriter err) {
    this(err, Boolean.getBoolean(TERMINAL), System::nanoTime);
  }

  Progress(PrintWriter err, boolean rewriting, LongSupplier nanos) {
    this.err = err;
    this.rewriting = rewriting;
    this.nanos = nanos;
    this.next = nanos.getAsLong() + EVERY_NANOS;
  }

  /** Tells, if it is time to. */
  void tell(Supplier<String> what) {
    long now = nanos.getAsLong();
    if (now - next < 0) {
      return;
    }
    next = now + (rewriting ? EVERY_NANOS / 6 : EVERY_NANOS);
    String line = what.get() + " …";
    if (rewriting) {
      err.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
      width = line.length();
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Wipes what was written last, before something else is. */
  void done() {
    if (width > 0) {
      err.print("\r" + " ".repeat(width) + "\r");
      err.flush();
      width = 0;
    }
  }
}
