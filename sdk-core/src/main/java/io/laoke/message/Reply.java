package io.laoke.message;

import io.laoke.base.Check;

/** What is answered to a person at once, within the platform's own answer to the event. */
public sealed interface Reply {
  /** Nothing is answered; whoever else handles the event may. */
  record None() implements Reply {}

  /**
   * A text.
   *
   * @param text at most 600 characters
   */
  record Text(String text) implements Reply {
    /** Checks. */
    public Text {
      text = Check.text("text", text, 600);
    }
  }

  /** Nothing. */
  static Reply none() {
    return new None();
  }

  /** A text. */
  static Reply text(String text) {
    return new Text(text);
  }
}
