package io.laoke.examples.shell;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it could not be written, which print streams do not say. */
final class WatchedOutput extends FilterOutputStream {
  private @Nullable IOException failure;

  WatchedOutput(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      out.write(bytes, from, length);
    } catch (IOException lost) {
      failure = lost;
      throw lost;
    }
  }

  /** Why what was written is not there, unless its reader has seen enough, as head does. */
  @Nullable String lost() {
    IOException lost = failure;
    String why = lost == null ? null : String.valueOf(lost.getMessage());
    return why == null || why.contains("ipe") || why.contains("管道") ? null : why;
  }
}
