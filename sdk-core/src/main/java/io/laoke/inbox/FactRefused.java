package io.laoke.inbox;

/** A fact cannot be what it should be. The message shows no value that may be personal. */
final class FactRefused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final String field;

  FactRefused(String code, String field, String message) {
    super(message, null, false, false);
    this.code = code;
    this.field = field;
  }

  String code() {
    return code;
  }

  /** Empty where no field is to blame. */
  String field() {
    return field;
  }

  String words() {
    return String.valueOf(getMessage());
  }
}
