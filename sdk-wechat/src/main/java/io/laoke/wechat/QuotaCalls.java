package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** {@code openapi/quota/get}, {@code openapi/quota/clear}, {@code clear_quota}. */
final class QuotaCalls implements ApiQuotas {
  private static final String GET = "/cgi-bin/openapi/quota/get";
  private static final String CLEAR = "/cgi-bin/openapi/quota/clear";
  private static final String CLEAR_ALL = "/cgi-bin/clear_quota";
  private static final Pattern PATH = Pattern.compile("/[A-Za-z0-9_./-]{1,200}");

  private final Api api;
  private final String appId;

  QuotaCalls(Api api, String appId) {
    this.api = api;
    this.appId = appId;
  }

  @Override
  public Quota of(String path) {
    String attempted = "Could not read the quota of " + checked(path);
    ObjectNode answer = api.call(Request.post(GET, body(path)), attempted);
    JsonNode quota = answer.path("quota");
    OptionalLong limit = Json.number(quota, "daily_limit");
    OptionalLong used = Json.number(quota, "used");
    if (limit.isEmpty() || used.isEmpty()) {
      throw new WeChatException(
          attempted, Problem.unclear(GET, "UNREADABLE", "WeChat's answer holds no quota", null));
    }
    JsonNode rate = answer.path("rate_limit");
    long calls = Json.number(rate, "call_count").orElse(0);
    long seconds = Json.number(rate, "refresh_second").orElse(0);
    return new Quota(
        limit.getAsLong(),
        used.getAsLong(),
        Json.number(quota, "remain").orElse(Math.max(0, limit.getAsLong() - used.getAsLong())),
        calls > 0 && seconds > 0 && seconds <= 86_400
            ? Optional.of(new Rate(calls, Duration.ofSeconds(seconds)))
            : Optional.empty());
  }

  @Override
  public void clear(String path) {
    String attempted = "Could not clear the quota of " + checked(path);
    ObjectNode unused = api.once(Request.post(CLEAR, body(path)), attempted);
  }

  @Override
  public void clearAll() {
    byte[] body = Json.bytes(Json.object().put("appid", appId));
    ObjectNode unused = api.once(Request.post(CLEAR_ALL, body), "Could not clear all quotas");
  }

  private static byte[] body(String path) {
    return Json.bytes(Json.object().put("cgi_path", path));
  }

  private static String checked(String path) {
    if (!PATH.matcher(Check.notNull("path", path)).matches()) {
      throw new InvalidInputException("path", "must be like /cgi-bin/message/template/send");
    }
    return path;
  }
}
