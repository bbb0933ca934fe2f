package io.laoke.wechat;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** {@code message/mass/…}. */
final class MassCalls implements MassMessages {
  private static final Logger log = LoggerFactory.getLogger(MassCalls.class);
  private static final String SEND = "/cgi-bin/message/mass/send";
  private static final String SEND_ALL = "/cgi-bin/message/mass/sendall";
  private static final String PREVIEW = "/cgi-bin/message/mass/preview";
  private static final String DELETE = "/cgi-bin/message/mass/delete";
  private static final String GET = "/cgi-bin/message/mass/get";
  private static final String SPEED = "/cgi-bin/message/mass/speed/get";
  private static final String SET_SPEED = "/cgi-bin/message/mass/speed/set";
  private static final Duration MARGIN = Duration.ofMillis(200);

  private final Api api;
  private final Workers workers;
  private final MassOutcomes outcomes;
  private final Duration callTimeout;

  MassCalls(Api api, Workers workers, OfficialAccountSettings settings) {
    this.api = api;
    this.workers = workers;
    outcomes = new MassOutcomes(settings.clock());
    callTimeout = settings.callTimeout();
  }

  @Override
  public CompletionStage<MassOutcome> send(
      Collection<String> openids, MassContent content, String clientMsgId) {
    ObjectNode body = Json.object();
    ArrayNode list = body.putArray("touser");
    audience(openids).forEach(list::add);
    return submit(SEND, body, content, clientMsgId);
  }

  private static Set<String> audience(Collection<String> openids) {
    int given = notNull("openids", openids).size();
    if (given < MIN_OPENIDS) {
      throw new InvalidInputException(
          "openids",
          "must be at least %d, were %d; %s"
              .formatted(
                  MIN_OPENIDS,
                  given,
                  given == 0
                      ? "there is nobody to send to"
                      : "put a tag on that one person and use sendToTag"));
    }
    if (given > MAX_OPENIDS) {
      throw new InvalidInputException(
          "openids",
          "must be at most %,d, were %,d; send in batches, each with a draft and a clientMsgId of its own, and none of one person"
              .formatted(MAX_OPENIDS, given));
    }
    Set<String> distinct = new LinkedHashSet<>();
    int at = 0;
    for (String openid : openids) {
      if (!distinct.add(key("openids[" + at + "]", openid, 128))) {
        throw new InvalidInputException(
            "openids[" + at + "]", "is in the list before; name each person once");
      }
      at++;
    }
    return distinct;
  }

  @Override
  public CompletionStage<MassOutcome> sendToTag(
      long tagId, MassContent content, String clientMsgId) {
    ObjectNode body = Json.object();
    body.putObject("filter")
        .put("is_to_all", false)
        .put("tag_id", range("tagId", tagId, 0, Long.MAX_VALUE));
    return submit(SEND_ALL, body, content, clientMsgId);
  }

  private CompletionStage<MassOutcome> submit(
      String path, ObjectNode body, MassContent content, String clientMsgId) {
    write(body, notNull("content", content), false);
    body.put("clientmsgid", checkedId(clientMsgId));
    long now = System.nanoTime();
    CompletableFuture<MassOutcome> outcome = new CompletableFuture<>();
    Calls.then(
        api.start(
            Request.post(path, Json.bytes(body)),
            now + callTimeout.dividedBy(2).toNanos(),
            now + callTimeout.minus(MARGIN).toNanos()),
        result -> end(outcome, path, result),
        fault -> end(outcome, path, fault),
        path);
    return outcome;
  }

  private void end(CompletableFuture<MassOutcome> outcome, String path, CallResult result) {
    MassOutcome told = outcomes.of(path, result);
    if (result instanceof Problem problem) {
      log.atLevel(told instanceof MassOutcome.Refused ? Level.WARN : Level.INFO)
          .log("A mass message became {}: {}", told.getClass().getSimpleName(), problem);
    }
    workers.foreign(() -> outcome.complete(told));
  }

  private static String checkedId(String clientMsgId) {
    String id = key("clientMsgId", clientMsgId, MAX_CLIENT_MSG_ID_BYTES);
    int bytes = id.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_CLIENT_MSG_ID_BYTES) {
      throw new InvalidInputException(
          "clientMsgId",
          "must have at most %d bytes in UTF-8, has %d; use letters and digits only"
              .formatted(MAX_CLIENT_MSG_ID_BYTES, bytes));
    }
    return id;
  }

  private static void write(ObjectNode body, MassContent content, boolean preview) {
    if (content instanceof MassContent.Article article) {
      media(body, "mpnews", article.mediaId());
      if (!preview) {
        body.put("send_ignore_reprint", article.sendReprint() ? 1 : 0);
      }
    } else if (content instanceof MassContent.Text text) {
      body.put("msgtype", "text").putObject("text").put("content", text.text());
    } else if (content instanceof MassContent.Images images) {
      if (preview) {
        media(body, "image", images.mediaIds().get(0));
      } else {
        write(body.put("msgtype", "image").putObject("images"), images);
      }
    } else if (content instanceof MassContent.Voice voice) {
      media(body, "voice", voice.mediaId());
    } else if (content instanceof MassContent.Video video) {
      media(body, "mpvideo", video.mediaId())
          .put("title", video.title())
          .put("description", video.description());
    }
  }

  private static ObjectNode media(ObjectNode body, String type, String mediaId) {
    return body.put("msgtype", type).putObject(type).put("media_id", mediaId);
  }

  private static void write(ObjectNode json, MassContent.Images images) {
    ArrayNode ids = json.putArray("media_ids");
    images.mediaIds().forEach(ids::add);
    if (!images.recommend().isEmpty()) {
      json.put("recommend", images.recommend());
    }
    ArticleJson.write(json, images.comments());
  }

  @Override
  public void preview(String openid, MassContent content) {
    ObjectNode body = Json.object().put("touser", key("openid", openid, 128));
    write(body, notNull("content", content), true);
    ObjectNode unused =
        api.once(Request.post(PREVIEW, Json.bytes(body)), "Could not show a preview");
  }

  @Override
  public void delete(long msgId) {
    delete(named(msgId).put("article_idx", 0));
  }

  @Override
  public void delete(long msgId, int article) {
    delete(named(msgId).put("article_idx", range("article", article, 1, 100)));
  }

  @Override
  public void deleteByUrl(String url) {
    delete(Json.object().put("url", key("url", url, 2_000)));
  }

  private void delete(ObjectNode body) {
    ObjectNode unused =
        api.call(
            Request.post(DELETE, Json.bytes(body)), "Could not delete what a mass message carried");
  }

  @Override
  public State state(long msgId) {
    String attempted = "Could not read how a mass message stands";
    ObjectNode body = Json.object().put("msg_id", String.valueOf(checked(msgId)));
    ObjectNode answer = api.call(Request.post(GET, Json.bytes(body)), attempted);
    String word = Json.string(answer, "msg_status").strip();
    return switch (word) {
      case "SENDING" -> State.SENDING;
      case "SEND_SUCCESS" -> State.SUCCEEDED;
      case "SEND_FAIL" -> State.FAILED;
      case "DELETE" -> State.DELETED;
      case "" -> throw Api.unreadable(GET, attempted, "WeChat's answer holds no msg_status");
      default -> {
        log.warn("WeChat says of a mass message what is not known here: {}", shown(word));
        yield State.OTHER;
      }
    };
  }

  private static String shown(String word) {
    return word.matches("[A-Za-z_]{1,40}") ? word : "no word";
  }

  @Override
  public Speed speed() {
    String attempted = "Could not read the speed of mass messages";
    ObjectNode answer = api.call(Request.post(SPEED, Json.bytes(Json.object())), attempted);
    OptionalLong level = Json.number(answer, "speed");
    if (level.isEmpty() || level.getAsLong() < 0 || level.getAsLong() > 100) {
      throw Api.unreadable(SPEED, attempted, "WeChat's answer holds no speed");
    }
    return new Speed((int) level.getAsLong(), Json.number(answer, "realspeed").orElse(0));
  }

  @Override
  public void speed(int level) {
    ObjectNode body = Json.object().put("speed", range("level", level, 0, 4));
    ObjectNode unused =
        api.call(
            Request.post(SET_SPEED, Json.bytes(body)), "Could not set the speed of mass messages");
  }

  private static ObjectNode named(long msgId) {
    return Json.object().put("msg_id", checked(msgId));
  }

  private static long checked(long msgId) {
    return range("msgId", msgId, 1, Long.MAX_VALUE);
  }
}
