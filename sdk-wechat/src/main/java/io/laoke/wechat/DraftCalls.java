package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** {@code draft/…}. */
final class DraftCalls implements Drafts {
  private static final String ADD = "/cgi-bin/draft/add";
  private static final String GET = "/cgi-bin/draft/get";
  private static final String UPDATE = "/cgi-bin/draft/update";
  private static final String DELETE = "/cgi-bin/draft/delete";
  private static final String COUNT = "/cgi-bin/draft/count";
  private static final String PAGE = "/cgi-bin/draft/batchget";
  private static final int GONE = 40007;

  /** Twenty drafts of eight bodies below 1 MB would be more; a page of such is refused. */
  private static final int LARGE = 32 * 1024 * 1024;

  private final Api api;
  private final ArticleRules rules;
  private final int mostArticles;

  DraftCalls(Api api, ArticleLimits limits) {
    this.api = api;
    rules = new ArticleRules(limits);
    mostArticles = limits.articles();
  }

  @Override
  public void check(List<? extends DraftArticle> articles) {
    notNull("articles", articles);
    int count = articles.size();
    if (count < 1 || count > mostArticles) {
      throw new InvalidInputException(
          "articles",
          "must be 1 to %d, were %d; %s"
              .formatted(
                  mostArticles,
                  count,
                  count == 0 ? "add an article" : "put the others into another draft"));
    }
    for (int i = 0; i < count; i++) {
      rules.check("articles[" + i + "]", notNull("article", articles.get(i)));
    }
  }

  @Override
  public String add(List<? extends DraftArticle> articles) {
    check(articles);
    String attempted = "Could not add a draft";
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("articles");
    articles.forEach(article -> list.add(ArticleJson.write(article)));
    ObjectNode answer = api.once(Request.post(ADD, Json.bytes(body)), attempted);
    String id = Json.string(answer, "media_id").strip();
    if (id.isEmpty()) {
      throw Api.unreadable(ADD, attempted, "WeChat's answer holds no media_id");
    }
    return id;
  }

  @Override
  public Optional<Draft> find(String mediaId) {
    String attempted = "Could not read a draft";
    Request request = Request.post(GET, Json.bytes(named(mediaId))).answering(LARGE);
    try {
      ObjectNode answer = api.call(request, attempted);
      return Optional.of(
          new Draft(
              mediaId,
              entries(Api.listIn(answer, request, attempted, "news_item")),
              Json.seconds(answer, "update_time")));
    } catch (WeChatException e) {
      if (e.code() == GONE) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public void update(String mediaId, int index, DraftArticle article) {
    range("index", index, 0, mostArticles - 1L);
    rules.check("article", notNull("article", article));
    ObjectNode body = named(mediaId).put("index", index);
    body.set("articles", ArticleJson.write(article));
    ObjectNode unused =
        api.call(Request.post(UPDATE, Json.bytes(body)), "Could not change a draft");
  }

  @Override
  public boolean delete(String mediaId) {
    try {
      ObjectNode unused =
          api.call(Request.post(DELETE, Json.bytes(named(mediaId))), "Could not delete a draft");
      return true;
    } catch (WeChatException e) {
      if (e.code() == GONE) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public long count() {
    String attempted = "Could not count the drafts";
    OptionalLong total =
        Json.number(api.call(Request.get(COUNT, Map.of()), attempted), "total_count");
    return total.orElseThrow(
        () -> Api.unreadable(COUNT, attempted, "WeChat's answer holds no total_count"));
  }

  @Override
  public Page page(int offset, int count, boolean withContent) {
    String attempted = "Could not read the draft box";
    range("offset", offset, 0, Integer.MAX_VALUE);
    range("count", count, 1, MAX_PAGE);
    ObjectNode body = Json.object();
    body.put("offset", offset).put("count", count).put("no_content", withContent ? 0 : 1);
    Request request = Request.post(PAGE, Json.bytes(body)).answering(LARGE);
    ObjectNode answer = api.call(request, attempted);
    List<Draft> drafts = new ArrayList<>();
    for (JsonNode item : Api.listIn(answer, request, attempted, "item")) {
      String id = Json.string(item, "media_id").strip();
      if (!id.isEmpty()) {
        drafts.add(
            new Draft(
                id,
                entries(item.path("content").path("news_item")),
                Json.seconds(item, "update_time")));
      }
    }
    OptionalLong total = Json.number(answer, "total_count");
    return new Page(total.orElse((long) offset + drafts.size()), drafts);
  }

  @Override
  public Stream<Draft> all() {
    return Pages.stream(
        Optional.<Integer>empty(),
        from -> {
          int offset = from.orElse(0);
          Page page = page(offset, MAX_PAGE, false);
          int next = offset + page.drafts().size();
          boolean more = !page.drafts().isEmpty() && next < page.total();
          return new Pages.Part<>(page.drafts(), more ? Optional.of(next) : Optional.empty());
        });
  }

  private static List<Entry> entries(JsonNode list) {
    List<Entry> entries = new ArrayList<>();
    for (JsonNode item : list) {
      entries.add(
          new Entry(
              ArticleJson.read(item),
              Optional.of(Json.string(item, "url")).filter(url -> !url.isBlank())));
    }
    return entries;
  }

  private static ObjectNode named(String mediaId) {
    return Json.object().put("media_id", key("mediaId", mediaId, 128));
  }
}
