package io.laoke.wechat;

import java.nio.charset.StandardCharsets;

/** What to answer to WeChat, as it stands. */
public final class CallbackResponse {
  private static final String TEXT = "text/plain; charset=utf-8";

  private final int status;
  private final String contentType;
  private final byte[] body;

  private CallbackResponse(int status, String contentType, byte[] body) {
    this.status = status;
    this.contentType = contentType;
    this.body = body;
  }

  static CallbackResponse text(int status, String body) {
    return new CallbackResponse(status, TEXT, body.getBytes(StandardCharsets.UTF_8));
  }

  static CallbackResponse success() {
    return text(200, "success");
  }

  static CallbackResponse reply(String body) {
    String type = body.startsWith("{") ? "application/json" : "application/xml";
    return new CallbackResponse(
        200, type + "; charset=utf-8", body.getBytes(StandardCharsets.UTF_8));
  }

  /** The HTTP status. */
  public int status() {
    return status;
  }

  /** The content type with its charset. */
  public String contentType() {
    return contentType;
  }

  /** The body; may be empty. */
  public byte[] body() {
    return body.clone();
  }

  /** Shows no body. */
  @Override
  public String toString() {
    return "CallbackResponse[" + status + ", " + contentType + ", " + body.length + " bytes]";
  }
}
