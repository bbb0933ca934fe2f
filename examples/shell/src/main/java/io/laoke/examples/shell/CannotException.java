package io.laoke.examples.shell;

/** What the shell cannot do, in words for whoever sits before it; it ends with exit code 3. */
final class CannotException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CannotException(String message) {
    super(message);
  }
}
