package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;

/** What goes back, and how the connection ends. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record HttpAnswer(
    int status, String contentType, byte[] body, Ending ending, Duration hang, String moreHead) {
  /** How the exchange ends. */
  enum Ending {
    NORMAL,
    /** Nothing is written; the socket is reset. */
    RESET,
    /** Nothing is written until {@code hang} is over; then the socket is reset. */
    HANG,
    /** Half of the body is written, then the socket is closed. */
    TRUNCATE
  }

  static HttpAnswer of(int status, String contentType, byte[] body) {
    return new HttpAnswer(status, contentType, body, Ending.NORMAL, Duration.ZERO, "");
  }

  static HttpAnswer json(String body) {
    return of(200, "application/json; encoding=utf-8", body.getBytes(UTF_8));
  }

  static HttpAnswer text(int status, String body) {
    return of(status, "text/plain; charset=utf-8", body.getBytes(UTF_8));
  }

  HttpAnswer ending(Ending how, Duration howLong) {
    return new HttpAnswer(status, contentType, body, how, howLong, moreHead);
  }

  /** As a file of that name. */
  HttpAnswer named(String fileName) {
    return with("Content-disposition: attachment; filename=\"" + fileName + "\"");
  }

  /** With one more line in the head. */
  HttpAnswer with(String headLine) {
    return new HttpAnswer(
        status,
        contentType,
        body,
        ending,
        hang,
        moreHead + headLine.replaceAll("[\r\n]", "") + "\n");
  }

  static HttpAnswer redirect(String address) {
    return text(302, "").header("Location", address);
  }

  HttpAnswer header(String name, String value) {
    return with(name + ": " + value);
  }
}
