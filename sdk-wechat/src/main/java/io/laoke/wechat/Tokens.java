package io.laoke.wechat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Access tokens of one account; never blocks the caller. */
interface Tokens {
  /** A token, or why there is none. Never completes exceptionally. */
  CompletableFuture<Answer> current();

  /** WeChat refused the token; forgotten only if it is still the current one. */
  void refused(Token used);

  /** How it stands with the tokens; may ask for one, and waits for it. */
  State examine();

  /**
   * How it stands.
   *
   * @param problem why there is no token, if there is none
   * @param fromHost whether a host's source gives them
   * @param changed whether WeChat's present token is another than ours, long before ours ends
   * @param refused how many tokens WeChat has refused before their end
   */
  record State(Optional<Problem> problem, boolean fromHost, boolean changed, int refused) {}

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
