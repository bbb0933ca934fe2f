package io.laoke.simulator;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One call that reached the platform. Tokens and secrets are replaced by {@code ***}.
 *
 * @param number 1 for the first call since the start
 * @param at platform time
 * @param appId the account it was for, {@code null} if the token or appid named none
 * @param method HTTP method
 * @param path path without query
 * @param query query without {@code access_token} and secrets
 * @param body body as text, cut after 64 Ki characters
 * @param httpStatus status answered, 0 if the connection was reset or left hanging
 * @param errcode errcode answered, 0 for success
 * @param answer body answered
 * @param fault the ordered fault that struck, {@code null} if none did
 * @param rid request id
 */
public record ReceivedCall(
    long number,
    Instant at,
    @Nullable String appId,
    String method,
    String path,
    Map<String, String> query,
    String body,
    int httpStatus,
    int errcode,
    String answer,
    @Nullable String fault,
    String rid) {

  /** Copies the map. */
  public ReceivedCall {
    query = Map.copyOf(query);
  }
}
