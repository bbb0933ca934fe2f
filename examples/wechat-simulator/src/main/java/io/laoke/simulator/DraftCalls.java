package io.laoke.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.simulator.Api.Request;
import io.laoke.simulator.Api.Right;
import java.util.ArrayList;
import java.util.List;

/** The calls of the draft box 草稿箱. */
final class DraftCalls {
  private static final int MOST_ARTICLES = 8;
  private static final int MOST_A_PAGE = 20;

  private final World world;

  DraftCalls(World world) {
    this.world = world;
  }

  void register(Api api) {
    api.post("/cgi-bin/draft/add", Right.EVERYONE, this::add);
    api.post("/cgi-bin/draft/update", Right.EVERYONE, this::update);
    api.post("/cgi-bin/draft/get", Right.EVERYONE, DraftCalls::get);
    api.post("/cgi-bin/draft/delete", Right.EVERYONE, DraftCalls::delete);
    api.get("/cgi-bin/draft/count", Right.EVERYONE, DraftCalls::count);
    api.post("/cgi-bin/draft/batchget", Right.EVERYONE, DraftCalls::page);
  }

  private ObjectNode add(Request request) throws Refusal {
    JsonNode given = request.json().path("articles");
    SimulatedAccount account = request.account();
    if (!given.isArray() || given.isEmpty()) {
      throw new Refusal(44003);
    }
    if (given.size() > MOST_ARTICLES) {
      throw new Refusal(45008);
    }
    List<Article> articles = new ArrayList<>();
    for (JsonNode article : given) {
      articles.add(Article.read(article, account.shelf));
    }
    String id = world.alnum(64);
    account.drafts.put(id, new Draft(id, articles, world.now()));
    return Json.object().put("media_id", id);
  }

  private ObjectNode update(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    Draft draft = draft(account, body);
    JsonNode index = body.path("index");
    if (!index.isIntegralNumber()
        || index.asLong() < 0
        || index.asLong() >= draft.articles().size()) {
      throw new Refusal(40114);
    }
    List<Article> articles = new ArrayList<>(draft.articles());
    articles.set(index.asInt(), Article.read(body.path("articles"), account.shelf));
    account.drafts.put(draft.mediaId(), new Draft(draft.mediaId(), articles, world.now()));
    return Api.ok();
  }

  private static ObjectNode get(Request request) throws Refusal {
    SimulatedAccount account = request.account();
    Draft draft = draft(account, request.json());
    ObjectNode answer = Json.object();
    draft.writeTo(answer.putArray("news_item"), true, account.simulator.baseUrl());
    return answer;
  }

  private static ObjectNode delete(Request request) throws Refusal {
    request.account().drafts.remove(draft(request.account(), request.json()).mediaId());
    return Api.ok();
  }

  private static ObjectNode count(Request request) {
    return Json.object().put("total_count", request.account().drafts.size());
  }

  private static ObjectNode page(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    List<Draft> newestFirst = new ArrayList<>(account.drafts.values());
    java.util.Collections.reverse(newestFirst);
    List<Draft> page = slice(newestFirst, body);
    ObjectNode answer =
        Json.object().put("total_count", newestFirst.size()).put("item_count", page.size());
    ArrayNode items = answer.putArray("item");
    boolean withContent = body.path("no_content").asInt(0) != 1;
    for (Draft draft : page) {
      ObjectNode item = items.addObject().put("media_id", draft.mediaId());
      draft.writeTo(
          item.putObject("content").putArray("news_item"),
          withContent,
          account.simulator.baseUrl());
      item.put("update_time", draft.updated().getEpochSecond());
    }
    return answer;
  }

  /** The page that {@code offset} and {@code count} (1 to 20) name. */
  static <T> List<T> slice(List<T> all, ObjectNode body) throws Refusal {
    long offset = body.path("offset").asLong(-1);
    long count = body.path("count").asLong(-1);
    if (offset < 0 || count < 1 || count > MOST_A_PAGE) {
      throw new Refusal(40097);
    }
    int from = (int) Math.min(offset, all.size());
    return all.subList(from, (int) Math.min(all.size(), from + count));
  }

  private static Draft draft(SimulatedAccount account, ObjectNode body) throws Refusal {
    Draft draft = account.drafts.get(Api.text(body, "media_id"));
    if (draft == null) {
      throw new Refusal(40007);
    }
    return draft;
  }
}
