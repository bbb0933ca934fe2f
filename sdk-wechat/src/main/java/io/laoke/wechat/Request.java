package io.laoke.wechat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call to WeChat.
 *
 * @param path the path of the API, the only part that is ever shown
 * @param query the query without the token
 * @param body JSON in UTF-8; without one it is a GET
 * @param answerLimit the largest answer that is read, in bytes
 * @param paced whether the caller limits how many of its kind are under way
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Request(
    String path,
    Map<String, String> query,
    byte @Nullable [] body,
    int answerLimit,
    boolean paced) {
  static final int ANSWER_LIMIT = 4 * 1024 * 1024;

  static Request get(String path, Map<String, String> query) {
    return new Request(path, query, null, ANSWER_LIMIT, false);
  }

  static Request post(String path, byte[] body) {
    return new Request(path, Map.of(), body, ANSWER_LIMIT, false);
  }

  Request asPaced() {
    return new Request(path, query, body, answerLimit, true);
  }

  Request with(Tokens.Token token) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("access_token", token.value());
    all.putAll(query);
    return new Request(path, all, body, answerLimit, paced);
  }

  @Override
  public String toString() {
    return "Request[" + path + "]";
  }
}
