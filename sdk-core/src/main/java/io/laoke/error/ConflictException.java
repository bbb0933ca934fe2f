package io.laoke.error;

/**
 * What was asked contradicts what is recorded, such as a ticket for a cancelled order. Nothing was
 * written; repeating without a change gives the same answer.
 */
public final class ConflictException extends LaokeException {
  /**
   * A contradiction.
   *
   * @param message what was asked, what stands against it, and what to do
   */
  public ConflictException(String message) {
    super(message, null, false);
  }
}
