package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import io.laoke.message.Reason;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.Scope;
import io.laoke.wechat.MassOutcome.Fault;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a result means for a mass message: as for any message, but for the codes that only these
 * know, and for those about a person, who here is one of many.
 */
final class MassOutcomes {
  /** WeChat takes an id again after a minute. */
  private static final Duration REPEAT_AFTER = Duration.ofSeconds(61);

  private final Outcomes outcomes;

  MassOutcomes(Clock clock) {
    outcomes = new Outcomes(clock);
  }

  MassOutcome of(String path, CallResult result) {
    if (result instanceof CallResult.Success success) {
      OptionalLong id = id(success.json(), "msg_id");
      return id.isPresent()
          ? new MassOutcome.Accepted(id.getAsLong(), id(success.json(), "msg_data_id"))
          : unknown(
              Problem.unclear(path, "NO_MSGID", "WeChat's answer holds no id of a message", null));
    }
    Problem problem = (Problem) result;
    boolean answered = problem.kind() == Problem.Kind.ANSWERED && !problem.atToken();
    return answered
        ? special(problem).orElseGet(() -> common(path, problem))
        : common(path, problem);
  }

  private Optional<MassOutcome> special(Problem problem) {
    Reason why = Reasons.of(problem);
    OptionalLong id =
        problem.answer() == null ? OptionalLong.empty() : id(problem.answer(), "msg_id");
    return switch (problem.errcode()) {
      case 45065 -> Optional.of(new MassOutcome.Repeated(id));
      case 45066 -> Optional.of(new MassOutcome.Unknown(REPEAT_AFTER, why));
      case 89504, 89505 -> Optional.of(new MassOutcome.AwaitingAdministrator(id, why));
      case 45028 -> Optional.of(new MassOutcome.Later(outcomes.untilTomorrow(), true, why));
      default -> Optional.empty();
    };
  }

  private MassOutcome common(String path, Problem problem) {
    SendOutcome outcome = outcomes.of(path, problem, List.of());
    if (outcome instanceof SendOutcome.Later later) {
      return new MassOutcome.Later(later.after(), later.wholeChannel(), later.why());
    }
    if (outcome instanceof SendOutcome.Misconfigured wrong) {
      return new MassOutcome.Refused(
          wrong.scope() == Scope.ACCOUNT ? Fault.ACCOUNT : fault(problem.errcode()), wrong.why());
    }
    if (outcome instanceof SendOutcome.Refused refused) {
      // of one person in a list there is advice for other messages only
      return new MassOutcome.Refused(fault(problem.errcode()), refused.why());
    }
    return unknown(problem);
  }

  private static MassOutcome unknown(Problem problem) {
    return new MassOutcome.Unknown(REPEAT_AFTER, Reasons.of(problem));
  }

  private static Fault fault(int errcode) {
    return switch (errcode) {
      case 40200, 45062, 48003, 50004, 61004, 61007, 61016, 200011 -> Fault.ACCOUNT;
      case 40003,
          40031,
          40032,
          40130,
          40152,
          41009,
          43004,
          43019,
          45159,
          46004,
          48002,
          49003,
          50001,
          50005,
          70000 ->
          Fault.AUDIENCE;
      case 40004,
          40005,
          40006,
          40007,
          40008,
          40009,
          40039,
          41006,
          41039,
          44001,
          44003,
          44004,
          45001,
          45002,
          45003,
          45004,
          45005,
          45006,
          45007,
          45008,
          45113,
          45162,
          45166,
          46001,
          47003,
          48008,
          48021,
          48022,
          53404,
          53405,
          53406,
          53503,
          53504,
          53505,
          88000 ->
          Fault.CONTENT;
      default -> Fault.OTHER;
    };
  }

  private static OptionalLong id(JsonNode json, String field) {
    OptionalLong id = Json.number(json, field);
    return id.isPresent() && id.getAsLong() > 0 ? id : OptionalLong.empty();
  }
}
