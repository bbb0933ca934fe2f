package io.laoke.wechat;

import io.laoke.message.Reason;

/** Reasons as decisions keep them. */
final class Reasons {
  private Reasons() {}

  static Reason of(Problem problem) {
    return problem
        .advice()
        .map(a -> new Reason(problem.code(), problem.shown(), a.en(), a.zh()))
        .orElseGet(() -> Reason.of(problem.code(), problem.shown()));
  }
}
