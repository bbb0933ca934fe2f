package io.laoke.wechat;

import java.util.concurrent.CompletableFuture;

/** Access tokens of one account; never blocks the caller. */
interface Tokens {
  /** A token, or why there is none. Never completes exceptionally. */
  CompletableFuture<Answer> current();

  /** WeChat refused the token; forgotten only if it is still the current one. */
  void refused(Token used);

  /** A token, or why there is none. */
  sealed interface Answer permits Token, Problem {}

  /** A token. Two are the same only if they come from the same fetch. */
  final class Token implements Answer {
    private final String value;

    Token(String value) {
      this.value = value;
    }

    String value() {
      return value;
    }

    @Override
    public String toString() {
      return "Token[hidden]";
    }
  }
}
