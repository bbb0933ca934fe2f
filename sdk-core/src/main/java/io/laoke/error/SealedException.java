package io.laoke.error;

/**
 * A sealed value cannot be opened: its key is not known any more, or the value was changed. Other
 * values are not concerned. Nothing was written.
 */
public final class SealedException extends LaokeException {
  /**
   * A value that stays closed.
   *
   * @param message why, and what to do; shows neither the value nor a key
   */
  public SealedException(String message) {
    super(message, null, false);
  }
}
