package io.laoke.error;

import org.jspecify.annotations.Nullable;

/**
 * A value was refused at the border: nothing was read or written. {@link #field()} names what was
 * wrong, the message also says the rule and, where that gives nothing away, the value.
 */
public final class InvalidInputException extends LaokeException {
  private final String field;

  /**
   * A refusal.
   *
   * @param field the field as its record or parameter is called, such as {@code lines[2].quantity}
   * @param message what is wrong with it and what would be right
   */
  public InvalidInputException(String field, String message) {
    this(field, message, null);
  }

  /**
   * A refusal that was caused by another.
   *
   * @param field the field as its record or parameter is called
   * @param message what is wrong with it and what would be right
   * @param cause what found it
   */
  public InvalidInputException(String field, String message, @Nullable Throwable cause) {
    super(field + ": " + message, cause, false);
    this.field = field;
  }

  /** The field or parameter that was refused. */
  public String field() {
    return field;
  }
}
