package io.laoke.wechat;

import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.FittedField;
import io.laoke.message.SendOutcome.Scope;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Optional;

/** What a send's result means for its message. */
final class Outcomes {
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final Duration BUSY = Duration.ofSeconds(2);
  private static final Duration UNREACHABLE = Duration.ofSeconds(5);
  private static final Duration TOO_FAST = Duration.ofSeconds(30);
  private static final Duration BAD_TLS = Duration.ofMinutes(1);
  private static final Duration QUOTA_STEP = Duration.ofHours(1);

  private final Clock clock;

  Outcomes(Clock clock) {
    this.clock = clock;
  }

  SendOutcome of(String path, CallResult result, List<FittedField> fitted) {
    return of(path, result, fitted, Optional.empty());
  }

  /**
   * What follows.
   *
   * @param ownId the id of what was accepted, where WeChat's answer has none
   */
  SendOutcome of(String path, CallResult result, List<FittedField> fitted, Optional<String> ownId) {
    if (result instanceof CallResult.Success success) {
      String id = ownId.orElseGet(() -> Json.string(success.json(), "msgid").strip());
      return id.isEmpty() || id.length() > 64 || id.equals("0")
          ? unknown(
              Problem.unclear(path, "NO_MSGID", "WeChat's answer holds no id of a message", null))
          : new SendOutcome.Accepted(id, fitted);
    }
    Problem problem = (Problem) result;
    return problem.atToken() ? noToken(problem) : of(problem);
  }

  private SendOutcome of(Problem problem) {
    return switch (problem.kind()) {
      case UNCLEAR -> unknown(problem);
      case NOT_SENT -> notSent(problem);
      case ANSWERED -> answered(problem);
    };
  }

  private static SendOutcome unknown(Problem problem) {
    return new SendOutcome.Unknown(Reasons.of(problem));
  }

  private static SendOutcome notSent(Problem problem) {
    Duration after = problem.code().equals("TLS") ? BAD_TLS : UNREACHABLE;
    return new SendOutcome.Later(after, false, Reasons.of(problem));
  }

  private SendOutcome answered(Problem problem) {
    int errcode = problem.errcode();
    Reason why = Reasons.of(problem);
    if (ErrorCodes.stopsAccount(errcode)) {
      return new SendOutcome.Misconfigured(Scope.ACCOUNT, why);
    }
    if (ErrorCodes.stopsTemplate(errcode)) {
      return new SendOutcome.Misconfigured(Scope.TEMPLATE, why);
    }
    if (errcode == 47003) {
      return new SendOutcome.Misconfigured(Scope.MESSAGE, why);
    }
    if (errcode == 45009) {
      return new SendOutcome.Later(untilQuotaResets(), true, why);
    }
    return switch (problem.errorClass()) {
      case RETRY -> later(errcode, why);
      // refused although the token was renewed: nothing of this account can be sent
      case TOKEN -> new SendOutcome.Misconfigured(Scope.ACCOUNT, why);
      case RECIPIENT ->
          new SendOutcome.Refused(why, ErrorCodes.recipientGone(errcode), errcode == 49003);
      case CONFIG, QUOTA, DONE -> new SendOutcome.Refused(why, false, true);
    };
  }

  private static SendOutcome later(int errcode, Reason why) {
    return switch (errcode) {
      case 45011 -> new SendOutcome.Later(TOO_FAST, true, why);
      case 42010, 45066, 45169 -> new SendOutcome.Later(Duration.ofMinutes(1), false, why);
      default -> new SendOutcome.Later(BUSY, false, why);
    };
  }

  /** Without a token the message did not leave, so it is certainly not accepted. */
  private SendOutcome noToken(Problem problem) {
    Reason why = Reasons.of(problem);
    if (problem.kind() != Problem.Kind.ANSWERED) {
      return new SendOutcome.Later(UNREACHABLE, false, why);
    }
    if (problem.errcode() == 45009) {
      return new SendOutcome.Later(untilQuotaResets(), true, why);
    }
    return switch (problem.errorClass()) {
      case RETRY ->
          new SendOutcome.Later(
              problem.errcode() == 45011 ? TOO_FAST : BUSY, problem.errcode() == 45011, why);
      case TOKEN, RECIPIENT, CONFIG, QUOTA, DONE ->
          new SendOutcome.Misconfigured(Scope.ACCOUNT, why);
    };
  }

  /**
   * Until just after the next midnight in Shanghai, but looking again every hour: an administrator
   * may clear the quota, and the time of its reset is not documented.
   */
  private Duration untilQuotaResets() {
    Duration left = untilTomorrow();
    return left.compareTo(QUOTA_STEP) < 0 ? left : QUOTA_STEP;
  }

  /** Until a minute after the next midnight in Shanghai. */
  Duration untilTomorrow() {
    ZonedDateTime now = clock.instant().atZone(SHANGHAI);
    ZonedDateTime reset = now.toLocalDate().plusDays(1).atStartOfDay(SHANGHAI).plusMinutes(1);
    return Duration.between(now, reset);
  }
}
