package io.laoke.internal.columns;

/** A question that memory does not answer; the message says why, as a part of a sentence. */
public final class Unserved extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** For a reason. */
  public Unserved(String why) {
    super(why, null, false, false);
  }

  /** The reason. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
