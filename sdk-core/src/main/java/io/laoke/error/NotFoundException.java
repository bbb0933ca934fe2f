package io.laoke.error;

/** A dealer, order, account or row that a call names is not known. Nothing was written. */
public final class NotFoundException extends LaokeException {
  /**
   * Not found.
   *
   * @param message what was looked for, where, and what to do
   */
  public NotFoundException(String message) {
    super(message, null, false);
  }
}
