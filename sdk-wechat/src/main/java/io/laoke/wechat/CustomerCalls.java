package io.laoke.wechat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.message.SendOutcome;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** {@code message/custom/send}. */
final class CustomerCalls implements CustomerService {
  private static final String PATH = "/cgi-bin/message/custom/send";
  private static final Duration MARGIN = Duration.ofMillis(200);
  private static final int USED_UP = 45047;

  private final Api api;
  private final Outcomes outcomes;
  private final Duration callTimeout;

  CustomerCalls(Api api, OfficialAccountSettings settings) {
    this.api = api;
    outcomes = new Outcomes(settings.clock());
    callTimeout = settings.callTimeout();
  }

  @Override
  public CompletionStage<SendOutcome> text(String openid, String text) {
    ObjectNode body = Json.object();
    body.put("touser", Check.key("openid", openid, 128));
    body.put("msgtype", "text");
    body.putObject("text").put("content", checked(text));
    long now = System.nanoTime();
    CompletableFuture<SendOutcome> outcome = new CompletableFuture<>();
    Calls.then(
        api.start(
            Request.post(PATH, Json.bytes(body)),
            now + callTimeout.dividedBy(2).toNanos(),
            now + callTimeout.minus(MARGIN).toNanos()),
        result -> outcome.complete(read(result)),
        fault -> outcome.complete(read(fault)),
        PATH);
    return outcome;
  }

  private static String checked(String text) {
    String checked = Check.text("text", text, MAX_TEXT_BYTES);
    int bytes = checked.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_TEXT_BYTES) {
      throw new InvalidInputException(
          "text", "must have at most " + MAX_TEXT_BYTES + " bytes in UTF-8, has " + bytes);
    }
    return checked;
  }

  private SendOutcome read(CallResult result) {
    if (result instanceof CallResult.Success success) {
      // without an errcode it is no answer of this call
      return success.json().has("errcode")
          ? new SendOutcome.Accepted("none", List.of())
          : new SendOutcome.Unknown(
              Reasons.of(
                  Problem.unclear(PATH, "UNREADABLE", "WeChat's answer says nothing", null)));
    }
    Problem problem = (Problem) result;
    if (problem.kind() == Problem.Kind.ANSWERED && problem.errcode() == USED_UP) {
      return new SendOutcome.Refused(Reasons.of(problem), false, false);
    }
    return outcomes.of(PATH, problem, List.of());
  }
}
