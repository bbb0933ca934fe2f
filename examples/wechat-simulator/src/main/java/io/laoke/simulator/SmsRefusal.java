package io.laoke.simulator;

/** A gateway's refusal, told with the provider's own code. */
final class SmsRefusal extends Exception {
  private static final long serialVersionUID = 1;

  private final String code;
  private final int status;

  SmsRefusal(String code, String message) {
    this(200, code, message);
  }

  SmsRefusal(int status, String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
  }

  String code() {
    return code;
  }

  int status() {
    return status;
  }

  String words() {
    return String.valueOf(getMessage());
  }
}
