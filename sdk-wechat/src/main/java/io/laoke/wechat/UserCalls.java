package io.laoke.wechat;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** {@code user/info} and its batch form. */
final class UserCalls implements Users {
  private static final String ONE = "/cgi-bin/user/info";
  private static final String BATCH = "/cgi-bin/user/info/batchget";

  private final Api api;

  UserCalls(Api api) {
    this.api = api;
  }

  @Override
  public User find(String openid) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("openid", text("openid", openid, 128));
    query.put("lang", "zh_CN");
    String attempted = "Could not read a follower";
    return read(api.call(Request.get(ONE, query), attempted))
        .orElseThrow(
            () ->
                new WeChatException(
                    attempted,
                    Problem.unclear(
                        ONE,
                        "UNREADABLE",
                        "WeChat's answer tells nothing about the person",
                        null)));
  }

  @Override
  public List<User> find(Collection<String> openids) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String openid : notNull("openids", openids)) {
      distinct.add(text("openids", openid, 128));
    }
    if (distinct.size() > MAX_BATCH) {
      throw new InvalidInputException(
          "openids", "must be at most " + MAX_BATCH + ", were " + distinct.size());
    }
    if (distinct.isEmpty()) {
      return List.of();
    }
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("user_list");
    for (String openid : distinct) {
      list.addObject().put("openid", openid).put("lang", "zh_CN");
    }
    List<User> users = new ArrayList<>();
    for (JsonNode row :
        api.list(
            Request.post(BATCH, Json.bytes(body)),
            "Could not read " + distinct.size() + " followers",
            "user_info_list")) {
      read(row).ifPresent(users::add);
    }
    return List.copyOf(users);
  }

  private static Optional<User> read(JsonNode row) {
    String openid = Json.string(row, "openid");
    OptionalLong subscribe = Json.number(row, "subscribe");
    if (openid.isBlank() || subscribe.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new User(
            openid,
            subscribe.getAsLong() == 1,
            Json.seconds(row, "subscribe_time"),
            some(Json.string(row, "unionid")),
            Json.string(row, "subscribe_scene"),
            scene(row)));
  }

  private static Optional<String> scene(JsonNode row) {
    Optional<String> text = some(Json.string(row, "qr_scene_str"));
    return text.isPresent()
        ? text
        : some(Json.string(row, "qr_scene")).filter(number -> !number.equals("0"));
  }

  private static Optional<String> some(String value) {
    return value.isBlank() ? Optional.empty() : Optional.of(value);
  }
}
