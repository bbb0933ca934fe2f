package io.laoke.wechat;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@code user/get}. */
final class FollowerCalls implements Followers {
  private static final String PATH = "/cgi-bin/user/get";
  private static final String ATTEMPTED = "Could not read the list of followers";

  private final Api api;

  FollowerCalls(Api api) {
    this.api = api;
  }

  @Override
  public Stream<String> all() {
    return stream(Optional.empty());
  }

  @Override
  public Stream<String> after(String openid) {
    return stream(Optional.of(text("openid", openid, 128)));
  }

  @Override
  public Page page(Optional<String> after) {
    String from = notNull("after", after).map(openid -> text("after", openid, 128)).orElse("");
    ObjectNode answer =
        api.call(
            Request.get(PATH, from.isEmpty() ? Map.of() : Map.of("next_openid", from)), ATTEMPTED);
    OptionalLong total = Json.number(answer, "total");
    OptionalLong count = Json.number(answer, "count");
    JsonNode list = answer.path("data").path("openid");
    if (total.isEmpty() || count.isEmpty() || (count.getAsLong() > 0 && !list.isArray())) {
      throw unreadable("WeChat's answer holds no list of followers");
    }
    List<String> openids = new ArrayList<>();
    for (JsonNode openid : list) {
      if (!openid.asText("").isBlank()) {
        openids.add(openid.asText());
      }
    }
    String next = Json.string(answer, "next_openid").strip();
    boolean more = !next.isEmpty() && !openids.isEmpty();
    if (more && next.equals(from)) {
      throw unreadable("WeChat's list of followers does not go on"); // it would never end
    }
    return new Page(total.getAsLong(), openids, more ? Optional.of(next) : Optional.empty());
  }

  private static WeChatException unreadable(String text) {
    return new WeChatException(ATTEMPTED, Problem.unclear(PATH, "UNREADABLE", text, null));
  }

  private Stream<String> stream(Optional<String> after) {
    return Pages.stream(
        after,
        from -> {
          Page page = page(from);
          return new Pages.Part<>(page.openids(), page.next());
        });
  }
}
