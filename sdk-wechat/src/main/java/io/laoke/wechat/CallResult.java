package io.laoke.wechat;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What became of one call. */
sealed interface CallResult permits CallResult.Success, Problem {
  /** WeChat's answer, without an error code. */
  record Success(ObjectNode json) implements CallResult {
    @Override
    public String toString() {
      return "Success";
    }
  }
}
