package io.laoke.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.simulator.Api.Request;
import io.laoke.simulator.Api.Right;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The calls about tags 标签. A call that names one wrong person changes nobody. */
final class TagCalls {
  private static final int MOST_PER_CALL = 50;

  void register(Api api) {
    api.post("/cgi-bin/tags/create", Right.VERIFIED, TagCalls::create);
    api.get("/cgi-bin/tags/get", Right.VERIFIED, TagCalls::list);
    api.post("/cgi-bin/tags/update", Right.VERIFIED, TagCalls::update);
    api.post("/cgi-bin/tags/delete", Right.VERIFIED, TagCalls::delete);
    api.post("/cgi-bin/tags/members/batchtagging", Right.VERIFIED, r -> mark(r, true));
    api.post("/cgi-bin/tags/members/batchuntagging", Right.VERIFIED, r -> mark(r, false));
    api.post("/cgi-bin/tags/getidlist", Right.VERIFIED, TagCalls::ofPerson);
    api.post("/cgi-bin/user/tag/get", Right.VERIFIED, TagCalls::members);
  }

  private static ObjectNode create(Request request) throws Refusal {
    String name = Api.text(request.json().path("tag"), "name");
    long id = request.account().tags.create(name);
    ObjectNode answer = Json.object();
    answer.putObject("tag").put("id", id).put("name", name);
    return answer;
  }

  private static ObjectNode list(Request request) {
    SimulatedAccount account = request.account();
    ObjectNode answer = Json.object();
    ArrayNode tags = answer.putArray("tags");
    account
        .tags
        .all()
        .forEach(
            (id, name) ->
                tags.addObject()
                    .put("id", id)
                    .put("name", name)
                    .put("count", account.tagged(id).size()));
    return answer;
  }

  private static ObjectNode update(Request request) throws Refusal {
    JsonNode tag = request.json().path("tag");
    request.account().tags.rename(id(tag.path("id")), Api.text(tag, "name"));
    return Api.ok();
  }

  private static ObjectNode delete(Request request) throws Refusal {
    SimulatedAccount account = request.account();
    long id = id(request.json().path("tag").path("id"));
    account.tags.own(id);
    List<Follower> fans = account.tagged(id);
    if (fans.size() > account.tags.mostFansToDelete()) {
      throw new Refusal(45057);
    }
    account.tags.delete(id);
    fans.forEach(fan -> fan.tags().remove(id));
    return Api.ok();
  }

  private static ObjectNode mark(Request request, boolean on) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    long id = id(body.path("tagid"));
    account.tags.own(id);
    List<Follower> people = people(account, body.path("openid_list"));
    if (on) {
      for (Follower person : people) {
        Set<Long> tags = person.tags();
        if (!tags.contains(id) && tags.size() >= TagBook.MOST_PER_PERSON) {
          throw new Refusal(45059);
        }
      }
    }
    for (Follower person : people) {
      boolean unused = on ? person.tags().add(id) : person.tags().remove(id);
    }
    return Api.ok();
  }

  private static List<Follower> people(SimulatedAccount account, JsonNode list) throws Refusal {
    if (!list.isArray() || list.isEmpty() || list.size() > MOST_PER_CALL) {
      throw new Refusal(40032);
    }
    Set<Follower> people = new LinkedHashSet<>();
    for (JsonNode openId : list) {
      people.add(follower(account, openId.asText()));
    }
    return new ArrayList<>(people);
  }

  private static Follower follower(SimulatedAccount account, String openId) throws Refusal {
    Follower person = account.byOpenId(openId);
    if (person == null) {
      throw new Refusal(account.isAnothers(openId) ? 49003 : 40003);
    }
    if (!person.following()) {
      throw new Refusal(40003);
    }
    return person;
  }

  private static ObjectNode ofPerson(Request request) throws Refusal {
    String openId = Api.text(request.json(), "openid");
    if (openId.isEmpty()) {
      throw new Refusal(41009);
    }
    ObjectNode answer = Json.object();
    ArrayNode ids = answer.putArray("tagid_list");
    follower(request.account(), openId).tags().forEach(ids::add);
    return answer;
  }

  private static ObjectNode members(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    long id = id(body.path("tagid"));
    account.tags.require(id);
    List<String> all = account.tagged(id).stream().map(Follower::openId).toList();
    String after = Api.text(body, "next_openid");
    int from = after.isEmpty() ? 0 : all.indexOf(after) + 1;
    if (from == 0 && !after.isEmpty()) {
      throw new Refusal(40003);
    }
    List<String> page = all.subList(from, Math.min(all.size(), from + account.userPageSize()));
    ObjectNode answer = Json.object().put("count", page.size());
    if (!page.isEmpty()) {
      ArrayNode ids = answer.putObject("data").putArray("openid");
      page.forEach(ids::add);
    }
    return answer.put("next_openid", page.isEmpty() ? "" : page.get(page.size() - 1));
  }

  private static long id(JsonNode given) throws Refusal {
    if (!given.isIntegralNumber() && !(given.isTextual() && given.asText().matches("\\d{1,9}"))) {
      throw new Refusal(45159);
    }
    return given.asLong();
  }
}
