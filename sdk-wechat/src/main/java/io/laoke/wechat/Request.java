package io.laoke.wechat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A call to WeChat.
 *
 * @param path the path of the API, the only part that is ever shown
 * @param query the query without the token
 * @param body JSON in UTF-8; without one and without a file it is a GET
 * @param file what is uploaded instead of a body
 * @param saveTo where an answer goes that is a picture, sound or film; else only JSON is one
 * @param answerLimit the largest answer that is read, in bytes
 * @param paced whether the caller limits how many of its kind are under way
 * @param limit how long it may take; else as long as any call
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
record Request(
    String path,
    Map<String, String> query,
    byte @Nullable [] body,
    @Nullable FormFile file,
    @Nullable Path saveTo,
    int answerLimit,
    boolean paced,
    @Nullable Duration limit) {
  static final int ANSWER_LIMIT = 4 * 1024 * 1024;

  static Request get(String path, Map<String, String> query) {
    return new Request(path, query, null, null, null, ANSWER_LIMIT, false, null);
  }

  static Request post(String path, byte[] body) {
    return new Request(path, Map.of(), body, null, null, ANSWER_LIMIT, false, null);
  }

  /** Uploads a file, which may take long. */
  static Request upload(String path, Map<String, String> query, FormFile file, Duration limit) {
    return new Request(path, query, null, file, null, ANSWER_LIMIT, false, limit);
  }

  /** The same with a larger answer. */
  Request answering(int most) {
    return new Request(path, query, body, file, saveTo, most, paced, limit);
  }

  /** The same, whose answer is a file, which may take long. */
  Request saving(Path to, Duration within) {
    return new Request(path, query, body, file, to, answerLimit, paced, within);
  }

  Request asPaced() {
    return new Request(path, query, body, file, saveTo, answerLimit, true, limit);
  }

  Request with(Tokens.Token token) {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("access_token", token.value());
    all.putAll(query);
    return new Request(path, all, body, file, saveTo, answerLimit, paced, limit);
  }

  /** Whether it only asks, and so has no effect. */
  boolean asks() {
    return body == null && file == null;
  }

  @Override
  public String toString() {
    return "Request[" + path + "]";
  }
}
