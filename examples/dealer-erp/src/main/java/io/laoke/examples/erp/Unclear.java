package io.laoke.examples.erp;

/** What is filled in makes no condition yet. */
final class Unclear extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean missing;

  private Unclear(String words, boolean missing) {
    super(words, null, false, false);
    this.missing = missing;
  }

  /** Nothing is there yet. */
  static Unclear missing(String words) {
    return new Unclear(words, true);
  }

  /** Something is there, and wrong. */
  static Unclear wrong(String words) {
    return new Unclear(words, false);
  }

  boolean missing() {
    return missing;
  }

  String words() {
    return String.valueOf(getMessage());
  }
}
