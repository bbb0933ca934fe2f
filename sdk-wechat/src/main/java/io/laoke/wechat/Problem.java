package io.laoke.wechat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a call did not succeed. Holds nothing secret: neither token nor URL nor openid.
 *
 * @param kind what is known about the call's effect
 * @param errcode WeChat's code; 0 when it did not answer properly
 * @param code the same as text, or a word of ours such as {@code TIMEOUT}
 * @param text what happened, without the path
 * @param rid WeChat's id of the request, or empty
 * @param path the path of the API
 * @param atToken whether it happened while fetching an access token: the call itself did not leave
 * @param cause the network's exception, if any
 * @param answer all that WeChat answered, if it did; for those who know what else is in it
 */
record Problem(
    Kind kind,
    int errcode,
    String code,
    String text,
    String rid,
    String path,
    boolean atToken,
    @Nullable Throwable cause,
    @Nullable ObjectNode answer)
    implements CallResult, Tokens.Answer {
  /** What is known about the call's effect. */
  enum Kind {
    /** WeChat answered with an error code: it had no effect. */
    ANSWERED,
    /** The request certainly did not reach WeChat. */
    NOT_SENT,
    /** It may or may not have had an effect. */
    UNCLEAR
  }

  static Problem answered(String path, int errcode, String text, String rid) {
    return answered(path, errcode, text, rid, null);
  }

  static Problem answered(
      String path, int errcode, String text, String rid, @Nullable ObjectNode answer) {
    return new Problem(
        Kind.ANSWERED, errcode, Integer.toString(errcode), text, rid, path, false, null, answer);
  }

  static Problem notSent(String path, String code, String text, @Nullable Throwable cause) {
    return new Problem(Kind.NOT_SENT, 0, code, text, "", path, false, cause, null);
  }

  static Problem unclear(String path, String code, String text, @Nullable Throwable cause) {
    return new Problem(Kind.UNCLEAR, 0, code, text, "", path, false, cause, null);
  }

  /** The same, met while fetching a token for another call. */
  Problem whileFetchingToken() {
    return new Problem(kind, errcode, code, text, rid, path, true, cause, answer);
  }

  /** What to do about it, where a dealer can do something. */
  Optional<ErrorCodes.Advice> advice() {
    return kind == Kind.ANSWERED ? ErrorCodes.advice(this) : ErrorCodes.networkAdvice(code);
  }

  /** Whether WeChat or the way to it is busy or broken for a moment. */
  boolean busy() {
    return switch (kind) {
      case ANSWERED -> ErrorCodes.busy(errcode);
      case NOT_SENT -> code.equals("CONNECT");
      case UNCLEAR -> code.equals("RESET") || code.startsWith("HTTP_5");
    };
  }

  ErrorCodes.ErrorClass errorClass() {
    return ErrorCodes.classOf(errcode, atToken || StableTokens.PATH.equals(path));
  }

  /** What happened, in one line for people: words, code, path, rid. */
  String shown() {
    String where = " at " + path + (rid.isEmpty() ? "" : ", rid: " + rid);
    return kind == Kind.ANSWERED
        ? "WeChat answered " + errcode + " (" + text + ")" + where
        : text + " (" + code + ")" + where;
  }

  /** For logs: path, code, rid. */
  @Override
  public String toString() {
    return path + " " + code + (rid.isEmpty() ? "" : " rid " + rid);
  }
}
