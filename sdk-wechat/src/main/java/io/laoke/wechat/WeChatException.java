package io.laoke.wechat;

import io.laoke.error.ChannelException;
import io.laoke.message.Reason;
import java.util.Optional;

/**
 * WeChat refused a call, or could not be reached. The message says what was tried, what WeChat
 * answered with its request id, and what to do; it holds no token, secret, openid or URL.
 */
public final class WeChatException extends ChannelException {
  private final int code;
  private final String rid;
  private final String path;
  private final String reasonCode;
  private final String reasonText;
  private final String advice;
  private final String adviceZh;
  private final transient Problem problem;

  WeChatException(String attempted, Problem problem) {
    super(said(attempted, problem), problem.cause(), retryable(problem));
    ErrorCodes.Advice toDo = toDo(problem);
    code = problem.errcode();
    rid = problem.rid();
    path = problem.path();
    reasonCode = problem.code();
    reasonText = problem.shown();
    advice = toDo.en();
    adviceZh = toDo.zh();
    this.problem = problem;
  }

  /** What it was made of. */
  Problem problem() {
    return problem;
  }

  /** WeChat's errcode; 0 when it gave none, as after a time-out. */
  public int code() {
    return code;
  }

  /** WeChat's id of the request, which its support asks for; kept there for 7 days. */
  public Optional<String> rid() {
    return rid.isEmpty() ? Optional.empty() : Optional.of(rid);
  }

  /** The path of the API that failed, such as {@code /cgi-bin/qrcode/create}. */
  public String path() {
    return path;
  }

  /** Code, text and advice in English and Chinese. */
  public Reason reason() {
    return new Reason(reasonCode, reasonText, advice, adviceZh);
  }

  private static String said(String attempted, Problem problem) {
    ErrorCodes.Advice toDo = toDo(problem);
    return "%s: %s. %s %s".formatted(attempted, problem.shown(), toDo.en(), toDo.zh());
  }

  private static ErrorCodes.Advice toDo(Problem problem) {
    return problem.advice().orElseGet(() -> ErrorCodes.otherwise(problem));
  }

  static boolean retryable(Problem problem) {
    return problem.kind() != Problem.Kind.ANSWERED
        || switch (problem.errorClass()) {
          case RETRY, QUOTA -> true;
          case TOKEN, RECIPIENT, CONFIG, DONE -> false;
        };
  }
}
