package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The phone in the browser: its files, and what they ask under {@code /_sim/}. */
final class PhonePage {
  private static final int SHOWN = 40;
  private static final String ARTICLE =
      """
      <!doctype html><html lang="zh-CN"><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%s</title>
      <style>
      body{margin:0 auto;max-width:677px;padding:20px 16px 48px;color:#191919;background:#fff;
      font:17px/1.7 -apple-system,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif}
      h1{font-size:22px;line-height:1.4;margin:0 0 12px}
      .by{color:#8a8a8a;font-size:15px;margin:0 0 22px}
      .gone{color:#8a8a8a;text-align:center;padding-top:30vh}
      article{overflow-wrap:anywhere}
      .source{margin:26px 0 0}
      .source a{color:#576b95;text-decoration:none}
      img{max-width:100%%;height:auto}
      </style>
      <body>%s</body></html>
      """;
  private static final Duration LONGEST_JUMP = Duration.ofDays(3660);
  private static final Map<String, String> FILES =
      Map.of(
          "/", "index.html",
          "/_sim/phone.css", "phone.css",
          "/_sim/phone.js", "phone.js",
          "/favicon.ico", "icon.svg");

  private final WeChatSimulator simulator;
  private final World world;

  PhonePage(WeChatSimulator simulator, World world) {
    this.simulator = simulator;
    this.world = world;
  }

  HttpAnswer answer(HttpCall call) {
    String file = FILES.get(call.path());
    if (file != null) {
      return call.method().equals("GET") || call.method().equals("HEAD")
          ? file(file)
          : error(405, "GET only");
    }
    if (foreign(call)) {
      return error(403, "只接受本页面的请求");
    }
    try {
      if (call.path().equals("/_sim/article") || call.path().equals("/_sim/draft")) {
        return article(call);
      }
      if (call.path().equals("/_sim/material")) {
        return material(call.query().getOrDefault("media_id", ""));
      }
      if (call.path().equals("/_sim/state") && call.method().equals("GET")) {
        return HttpAnswer.json(Json.write(state(call.query())));
      }
      if (call.path().equals(WebSignIn.OPEN) && call.method().equals("GET")) {
        return simulator.webSignIn().open(call);
      }
      if (!call.method().equals("POST")) {
        return error(404, "no such page");
      }
      return act(call);
    } catch (JsonProcessingException e) {
      return error(400, "not JSON");
    } catch (IllegalArgumentException | IllegalStateException e) {
      return error(400, String.valueOf(e.getMessage()));
    }
  }

  /** A page of another site must not steer the simulator through the visitor's browser. */
  private boolean foreign(HttpCall call) {
    String host = call.headers().getOrDefault("host", "");
    String origin = call.headers().get("origin");
    boolean ours =
        host.equals("127.0.0.1:" + simulator.port())
            || host.equals("localhost:" + simulator.port());
    return !ours || (origin != null && !origin.equals("http://" + host));
  }

  private static HttpAnswer file(String name) {
    String type =
        name.endsWith(".css")
            ? "text/css"
            : name.endsWith(".js")
                ? "text/javascript"
                : name.endsWith(".svg") ? "image/svg+xml" : "text/html";
    try (InputStream in = PhonePage.class.getResourceAsStream("page/" + name)) {
      if (in == null) {
        throw new IllegalStateException("The jar lacks page/" + name);
      }
      return HttpAnswer.of(200, type + "; charset=utf-8", in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read page/" + name, e);
    }
  }

  private static HttpAnswer error(int status, String words) {
    return HttpAnswer.of(
        status,
        "application/json; charset=utf-8",
        Json.write(Json.object().put("error", words)).getBytes(UTF_8));
  }

  /** An article as a follower reads it; its content comes from the host and may do nothing here. */
  private HttpAnswer article(HttpCall call) {
    Map<String, String> query = call.query();
    int idx = number(query.getOrDefault("idx", "1")).intValue();
    synchronized (world) {
      MassDesk.Sent found = null;
      for (SimulatedAccount account : simulator.allAccounts()) {
        if (call.path().equals("/_sim/draft")) {
          Draft draft = account.drafts.get(query.getOrDefault("media_id", ""));
          if (draft != null && idx >= 1 && idx <= draft.articles().size()) {
            found = new MassDesk.Sent(account, draft.articles().get(idx - 1), false);
          }
        } else if (account.appId().equals(query.get("account"))) {
          found = account.mass.sent(number(query.getOrDefault("id", "")), idx);
        }
      }
      if (found == null) {
        return error(404, "没有这篇文章");
      }
      String body =
          found.deleted()
              ? "<p class=gone>该内容已被发布者删除</p>"
              : "<h1>%s</h1><p class=by>%s</p><article>%s</article>%s"
                  .formatted(
                      escaped(found.article().title()),
                      escaped(
                          (Api.text(found.article().json(), "author")
                                  + "　"
                                  + found.account().name())
                              .strip()),
                      found.article().content(),
                      source(Api.text(found.article().json(), "content_source_url")));
      return HttpAnswer.of(
              200,
              "text/html; charset=utf-8",
              ARTICLE.formatted(escaped(found.article().title()), body).getBytes(UTF_8))
          .with(
              "Content-Security-Policy: default-src 'none'; img-src 'self' https: http:; style-src"
                  + " 'unsafe-inline'; sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    }
  }

  /** 阅读原文, below an article that has an address for it. */
  private static String source(String url) {
    return url.startsWith("http://") || url.startsWith("https://")
        ? "<p class=source><a target=_blank rel=noopener href=\"%s\">阅读原文</a></p>"
            .formatted(escaped(url))
        : "";
  }

  private static Long number(String text) {
    return text.matches("\\d{1,15}") ? Long.parseLong(text) : 0L;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  private HttpAnswer material(String mediaId) {
    synchronized (world) {
      for (SimulatedAccount account : simulator.allAccounts()) {
        MaterialShelf.Material found = account.shelf.find(mediaId);
        if (found != null) {
          return HttpAnswer.of(200, found.contentType(), found.bytes())
              .with("X-Content-Type-Options: nosniff");
        }
      }
    }
    return error(404, "没有这个素材");
  }

  private HttpAnswer act(HttpCall call) throws JsonProcessingException {
    String action = call.path().substring("/_sim/".length());
    if (action.equals("scan-image")) {
      return reaction(person(Json.tree(call.query())).scanImage(call.body()));
    }
    JsonNode body = Json.read(new String(call.body(), UTF_8));
    return switch (action) {
      case "person" -> {
        person(body);
        yield done();
      }
      case "scan" -> reaction(person(body).scan(need(body, "code")));
      case "say" -> reaction(person(body).say(need(body, "text")));
      case "click" -> reaction(person(body).click(need(body, "key")));
      case "view" -> reaction(person(body).view(need(body, "url")));
      case "follow" -> reaction(person(body).follow());
      case "unfollow" -> reaction(person(body).unfollow());
      case "block" -> {
        person(body).block();
        yield done();
      }
      case "snapshots" -> {
        person(body).snapshots(body.path("on").asBoolean(false));
        yield done();
      }
      case "unblock" -> {
        person(body).unblock();
        yield done();
      }
      case "advance" -> advance(body);
      case "fault" -> fault(body);
      case "faults/clear" -> {
        simulator.faults().clear();
        yield done();
      }
      case "faults/release" -> {
        simulator.faults().releaseHeld();
        yield done();
      }
      default -> error(404, "no such action");
    };
  }

  private HttpAnswer advance(JsonNode body) {
    long seconds = body.path("seconds").asLong(0);
    if (seconds < 1 || seconds > LONGEST_JUMP.toSeconds()) {
      throw new IllegalArgumentException("seconds must be 1 to " + LONGEST_JUMP.toSeconds());
    }
    simulator.advance(Duration.ofSeconds(seconds));
    return done();
  }

  private HttpAnswer fault(JsonNode body) {
    int times = Math.max(1, body.path("times").asInt(1));
    String target = body.path("target").asText("");
    Faults faults = simulator.faults();
    Faults.CallFault call = target.isEmpty() ? faults.onAnyCall() : faults.onCall(target);
    Faults.CallbackFault push =
        target.isEmpty() ? faults.onAnyCallback() : faults.onCallback(target);
    call.times(times);
    push.times(times);
    Faults.Fault placed =
        switch (need(body, "kind")) {
          case "errcode" -> call.answer(body.path("code").asInt(-1));
          case "delay" -> call.delay(Duration.ofSeconds(body.path("code").asInt(3)));
          case "502" -> call.httpStatus(502);
          case "reset-before" -> call.resetBeforeReading();
          case "reset-after" -> call.acceptThenReset();
          case "hang" -> call.acceptThenHang(Duration.ofSeconds(30));
          case "garble" -> call.acceptThenGarble();
          case "push-lose" -> push.lose();
          case "push-twice" -> push.twice();
          case "push-hold" -> push.hold();
          case "push-late" -> push.late(Duration.ofSeconds(body.path("code").asInt(3)));
          case "push-forged" -> push.wrongSignature();
          case "undeliverable" -> faults.failDelivery(times);
          case "mass-fails" -> faults.failMass(times, "err(20001)");
          default -> throw new IllegalArgumentException("no such fault");
        };
    return HttpAnswer.json(Json.write(Json.object().put("placed", placed.toString())));
  }

  private static HttpAnswer done() {
    return HttpAnswer.json("{\"shown\":\"\"}");
  }

  private static HttpAnswer reaction(Reaction reaction) {
    ObjectNode answer =
        Json.object()
            .put("shown", reaction.shown())
            .put("attempts", reaction.attempts())
            .put("delivered", reaction.delivered());
    return HttpAnswer.json(Json.write(answer));
  }

  private static String need(JsonNode body, String name) {
    return AccountSpec.requireText(body.path(name).asText(""), name);
  }

  private Follower person(JsonNode body) {
    String name = need(body, "person").strip();
    if (name.codePointCount(0, name.length()) > 20) {
      throw new IllegalArgumentException("名字最多 20 个字");
    }
    return simulator.account(need(body, "account")).follower(name);
  }

  private ObjectNode state(Map<String, String> query) {
    synchronized (world) {
      ObjectNode state = Json.object();
      state.put("now", simulator.clock().millis());
      state.put("shown", world.phoneNow().toEpochMilli());
      state.put(
          "moved", simulator.clock().instant().getEpochSecond() - world.wireNow().getEpochSecond());
      ArrayNode accounts = state.putArray("accounts");
      for (SimulatedAccount account : simulator.allAccounts()) {
        accounts.add(account(account));
      }
      SimulatedAccount chosen = simulator.accountOrNull(query.getOrDefault("account", ""));
      if (chosen == null && !simulator.allAccounts().isEmpty()) {
        chosen = simulator.allAccounts().iterator().next();
      }
      state.put("account", chosen == null ? "" : chosen.appId());
      ArrayNode people = state.putArray("people");
      ArrayNode chat = state.putArray("chat");
      if (chosen != null) {
        for (Follower person : chosen.everyone()) {
          people.add(person(person));
        }
        state.set("menu", chosen.menu());
        chat(chat, chosen, query.getOrDefault("person", ""));
      }
      ArrayNode faults = state.putArray("faults");
      simulator.faults().pending().forEach(fault -> faults.add(fault.toString()));
      log(state.putArray("log"));
      return state;
    }
  }

  private static ObjectNode account(SimulatedAccount account) {
    Push.PushSettings push = account.pushSettings();
    return Json.object()
        .put("appId", account.appId())
        .put("name", account.name())
        .put("type", account.type().name())
        .put("mode", account.mode().name())
        .put("callback", push == null ? "" : push.url());
  }

  private static ObjectNode person(Follower person) {
    List<ChatMessage> chat = person.chat();
    return Json.object()
        .put("name", person.name())
        .put("openId", person.openId())
        .put("following", person.following())
        .put("blocking", person.blocking())
        .put("snapshots", person.snapshots())
        .put("messages", chat.size())
        .put("last", chat.isEmpty() ? "" : summary(chat.get(chat.size() - 1)));
  }

  private static String summary(ChatMessage message) {
    return message.title().isEmpty() ? message.text() : "[" + message.title() + "]";
  }

  private void chat(ArrayNode chat, SimulatedAccount account, String name) {
    for (Follower person : account.everyone()) {
      if (person.name().equals(name)) {
        person.chat().forEach(message -> chat.add(message(message)));
      }
    }
  }

  private boolean deleted(ChatMessage message) {
    MassDesk.Sent sent = sent(message, 1);
    return sent != null && sent.deleted();
  }

  /** An article of a card, from 1; {@code null} if the message is no card of articles. */
  private MassDesk.@Nullable Sent sent(ChatMessage message, int idx) {
    if (message.kind() != ChatMessage.Kind.ARTICLE || message.url().isEmpty()) {
      return null;
    }
    Map<String, String> query =
        HttpCall.form(message.url().substring(message.url().indexOf('?') + 1));
    SimulatedAccount account = simulator.accountOrNull(query.getOrDefault("account", ""));
    return account == null ? null : account.mass.sent(number(query.getOrDefault("id", "")), idx);
  }

  /** The pictures of a card's articles, in their order; an empty text for one without. */
  private void covers(ChatMessage message, ArrayNode covers) {
    for (int idx = 1; idx <= message.fields().size(); idx++) {
      MassDesk.Sent sent = sent(message, idx);
      if (sent == null) {
        return;
      }
      String cover = Api.text(sent.article().json(), "thumb_media_id");
      boolean there = !sent.deleted() && sent.account().shelf.find(cover) != null;
      covers.add(there ? "/_sim/material?media_id=" + cover : "");
    }
  }

  private ObjectNode message(ChatMessage message) {
    ObjectNode node =
        Json.object()
            .put("at", message.at().toEpochMilli())
            .put("kind", message.kind().name())
            .put("title", message.title())
            .put("text", message.text())
            .put("url", message.url())
            .put("deleted", deleted(message))
            .put("miniProgram", message.miniProgram());
    ArrayNode fields = node.putArray("fields");
    message
        .fields()
        .forEach(f -> fields.addObject().put("label", f.label()).put("value", f.value()));
    covers(message, node.putArray("covers"));
    return node;
  }

  /** The latest calls and pushes; the page sorts them. */
  private void log(ArrayNode log) {
    for (ReceivedCall call : simulator.latestCalls(SHOWN)) {
      entry(
          log,
          "call",
          call.at().toEpochMilli(),
          call.method() + " " + call.path(),
          words(call),
          call.errcode() == 0 && call.httpStatus() == 200,
          call.fault());
    }
    for (CallbackDelivery push : simulator.pusher().latest(SHOWN)) {
      boolean good = push.status() == CallbackDelivery.Status.DELIVERED;
      String tries = push.attempts().size() > 1 ? " ×" + push.attempts().size() : "";
      String problem =
          push.attempts().isEmpty()
              ? ""
              : push.attempts().get(push.attempts().size() - 1).problem();
      entry(
          log,
          "push",
          push.at().toEpochMilli(),
          "推送 " + push.event(),
          push.status() + tries,
          good,
          problem.isEmpty() ? null : problem);
    }
  }

  private static String words(ReceivedCall call) {
    if (call.httpStatus() == 0) {
      return "无应答";
    }
    return call.errcode() == 0 ? String.valueOf(call.httpStatus()) : "errcode " + call.errcode();
  }

  private static void entry(
      ArrayNode log,
      String kind,
      long at,
      String what,
      String result,
      boolean good,
      @Nullable String note) {
    log.addObject()
        .put("kind", kind)
        .put("at", at)
        .put("what", what)
        .put("result", result)
        .put("good", good)
        .put("note", note == null ? "" : note);
  }
}
