package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** {@code tags/…} and {@code user/tag/get}; changes of people are made by {@link TagChange}. */
final class TagCalls implements Tags {
  private static final String CREATE = "/cgi-bin/tags/create";
  private static final String GET = "/cgi-bin/tags/get";
  private static final String UPDATE = "/cgi-bin/tags/update";
  private static final String DELETE = "/cgi-bin/tags/delete";
  private static final String OF_PERSON = "/cgi-bin/tags/getidlist";
  private static final String MEMBERS = "/cgi-bin/user/tag/get";
  private static final String PUT = "/cgi-bin/tags/members/batchtagging";
  private static final String TAKE = "/cgi-bin/tags/members/batchuntagging";
  private static final int NO_SUCH_TAG = 45159;

  private final Api api;
  private final Turns turns = new Turns();

  TagCalls(Api api) {
    this.api = api;
  }

  @Override
  public Tag create(String name) {
    String attempted = "Could not make a tag";
    ObjectNode body = Json.object();
    String given = checked(name);
    body.putObject("tag").put("name", given);
    JsonNode tag = api.once(Request.post(CREATE, Json.bytes(body)), attempted).path("tag");
    OptionalLong id = Json.number(tag, "id");
    if (id.isEmpty()) {
      throw Api.unreadable(CREATE, attempted, "WeChat's answer holds no id of a tag");
    }
    String made = Json.string(tag, "name");
    return new Tag(id.getAsLong(), made.isEmpty() ? given : made, 0);
  }

  private static String checked(String name) {
    String given = key("name", name, Integer.MAX_VALUE);
    int length = Characters.length(given);
    if (length > MAX_NAME) {
      throw new InvalidInputException(
          "name",
          "must have at most %d characters, has %d: %s…; shorten it"
              .formatted(MAX_NAME, length, Characters.first(given, MAX_NAME)));
    }
    return given;
  }

  @Override
  public List<Tag> all() {
    List<Tag> tags = new ArrayList<>();
    for (JsonNode tag :
        api.list(Request.get(GET, Map.of()), "Could not read the account's tags", "tags")) {
      OptionalLong id = Json.number(tag, "id");
      if (id.isPresent()) {
        tags.add(
            new Tag(id.getAsLong(), Json.string(tag, "name"), Json.number(tag, "count").orElse(0)));
      }
    }
    return List.copyOf(tags);
  }

  @Override
  public void rename(long tagId, String name) {
    ObjectNode body = Json.object();
    body.putObject("tag").put("id", id(tagId)).put("name", checked(name));
    ObjectNode unused = api.call(Request.post(UPDATE, Json.bytes(body)), "Could not rename a tag");
  }

  @Override
  public boolean delete(long tagId) {
    ObjectNode body = Json.object();
    body.putObject("tag").put("id", id(tagId));
    try {
      ObjectNode unused =
          api.call(Request.post(DELETE, Json.bytes(body)), "Could not delete a tag");
      return true;
    } catch (WeChatException e) {
      if (e.code() == NO_SUCH_TAG) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public Changed put(long tagId, Collection<String> openids) {
    return new TagChange(api, turns, PUT, id(tagId)).of(distinct(openids));
  }

  @Override
  public Changed take(long tagId, Collection<String> openids) {
    return new TagChange(api, turns, TAKE, id(tagId)).of(distinct(openids));
  }

  private static List<String> distinct(Collection<String> openids) {
    Set<String> distinct = new LinkedHashSet<>();
    for (String openid : notNull("openids", openids)) {
      distinct.add(key("openids", openid, 128));
    }
    return List.copyOf(distinct);
  }

  @Override
  public List<Long> of(String openid) {
    ObjectNode body = Json.object().put("openid", key("openid", openid, 128));
    List<Long> ids = new ArrayList<>();
    for (JsonNode id :
        api.list(
            Request.post(OF_PERSON, Json.bytes(body)),
            "Could not read a person's tags",
            "tagid_list")) {
      if (id.canConvertToLong() || id.asText("").matches("\\d{1,18}")) {
        ids.add(id.asLong());
      }
    }
    return List.copyOf(ids);
  }

  @Override
  public Page page(long tagId, Optional<String> after) {
    String attempted = "Could not read who carries a tag";
    String from = notNull("after", after).map(openid -> key("after", openid, 128)).orElse("");
    ObjectNode body = Json.object().put("tagid", id(tagId)).put("next_openid", from);
    ObjectNode answer = api.call(Request.post(MEMBERS, Json.bytes(body)), attempted);
    OptionalLong count = Json.number(answer, "count");
    JsonNode list = answer.path("data").path("openid");
    if (count.isEmpty() || (count.getAsLong() > 0 && !list.isArray())) {
      throw Api.unreadable(MEMBERS, attempted, "WeChat's answer holds no list of people");
    }
    List<String> openids = new ArrayList<>();
    for (JsonNode openid : list) {
      if (!openid.asText("").isBlank()) {
        openids.add(openid.asText());
      }
    }
    String next = Json.string(answer, "next_openid").strip();
    boolean more = !next.isEmpty() && !openids.isEmpty();
    if (more && next.equals(from)) { // it would never end
      throw Api.unreadable(MEMBERS, attempted, "WeChat's list of people does not go on");
    }
    return new Page(openids, more ? Optional.of(next) : Optional.empty());
  }

  @Override
  public Stream<String> openids(long tagId) {
    long checked = id(tagId);
    return Pages.stream(
        Optional.<String>empty(),
        from -> {
          Page page = page(checked, from);
          return new Pages.Part<>(page.openids(), page.next());
        });
  }

  private static long id(long tagId) {
    return range("tagId", tagId, 0, Long.MAX_VALUE);
  }
}
