package io.laoke.wechat;

import io.laoke.message.Reason;
import java.util.Optional;

/** Reasons as decisions keep them. */
final class Reasons {
  private Reasons() {}

  static Reason of(Problem problem) {
    return problem
        .advice()
        .or(() -> refused(problem))
        .map(a -> new Reason(problem.code(), problem.shown(), a.en(), a.zh()))
        .orElseGet(() -> Reason.of(problem.code(), problem.shown()));
  }

  /** What is not tried again by itself is for a person to look at, whoever knows the code. */
  private static Optional<ErrorCodes.Advice> refused(Problem problem) {
    return problem.kind() == Problem.Kind.ANSWERED
            && problem.errorClass() != ErrorCodes.ErrorClass.RETRY
        ? Optional.of(ErrorCodes.unknown())
        : Optional.empty();
  }
}
