package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.simulator.Api.Request;
import io.laoke.simulator.Api.Right;
import io.laoke.simulator.MaterialShelf.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Customer-service messages 客服消息. */
final class CustomerCalls {
  private static final int MAX_TEXT_BYTES = 2048;

  private final World world;

  CustomerCalls(World world) {
    this.world = world;
  }

  void register(Api api) {
    api.post("/cgi-bin/message/custom/send", Right.VERIFIED, this::send);
    api.post("/cgi-bin/message/custom/typing", Right.VERIFIED, this::typing);
  }

  private static Follower receiver(Request request, ObjectNode body) throws Refusal {
    String openId = Api.text(body, "touser");
    if (openId.isEmpty()) {
      throw new Refusal(41009);
    }
    Follower person = request.account().byOpenId(openId);
    if (person == null) {
      throw new Refusal(40003);
    }
    if (!person.following()) {
      throw new Refusal(43004);
    }
    return person;
  }

  private ObjectNode send(Request request) throws Refusal {
    ObjectNode body = request.json();
    Follower person = receiver(request, body);
    ChatMessage message = message(request.account(), body);
    if (person.blocking()) {
      throw new Refusal(48002, "the user does not receive messages of this account");
    }
    person.window().use(world.now());
    person.show(message);
    return Api.ok();
  }

  private ChatMessage message(SimulatedAccount account, ObjectNode body) throws Refusal {
    String type = Api.text(body, "msgtype");
    JsonNode given = body.path(type);
    return switch (type) {
      case "text" -> words(limited(Api.text(given, "content")));
      case "image" -> words(media(account, given, Kind.IMAGE));
      case "voice" -> words(media(account, given, Kind.VOICE));
      case "video" -> words(media(account, given, Kind.VIDEO));
      case "news" -> news(given.path("articles"));
      case "msgmenu" -> menu(given);
      case "miniprogrampage" -> miniProgram(account, given);
      default -> throw new Refusal(40008);
    };
  }

  private ChatMessage words(String text) {
    return ChatMessage.words(world.now(), ChatMessage.Kind.SERVICE, text);
  }

  private static String limited(String text) throws Refusal {
    if (text.isEmpty()) {
      throw new Refusal(44004);
    }
    if (text.getBytes(UTF_8).length > MAX_TEXT_BYTES) {
      throw new Refusal(45002);
    }
    return text;
  }

  private static String media(SimulatedAccount account, JsonNode given, Kind kind) throws Refusal {
    return MassDesk.word(kind, account.shelf.any(Api.text(given, "media_id"), kind).name());
  }

  private ChatMessage news(JsonNode articles) throws Refusal {
    if (!articles.isArray() || articles.isEmpty()) {
      throw new Refusal(44003);
    }
    if (articles.size() > 1) {
      throw new Refusal(45008);
    }
    JsonNode article = articles.get(0);
    String title = Api.text(article, "title");
    if (title.isEmpty()) {
      throw new Refusal(45003);
    }
    String words = Api.text(article, "description");
    return new ChatMessage(
        world.now(),
        ChatMessage.Kind.NEWS,
        title,
        words,
        List.of(new ChatMessage.Field(title, words)),
        Api.text(article, "url"),
        "",
        null,
        0,
        null,
        Map.of());
  }

  private ChatMessage menu(JsonNode given) throws Refusal {
    JsonNode list = given.path("list");
    if (!list.isArray() || list.isEmpty()) {
      throw new Refusal(44004);
    }
    List<String> lines = new ArrayList<>();
    lines.add(Api.text(given, "head_content"));
    list.forEach(item -> lines.add("· " + Api.text(item, "content")));
    lines.add(Api.text(given, "tail_content"));
    lines.removeIf(String::isEmpty);
    return words(limited(String.join("\n", lines)));
  }

  private ChatMessage miniProgram(SimulatedAccount account, JsonNode given) throws Refusal {
    if (!account.miniPrograms.contains(Api.text(given, "appid"))) {
      throw new Refusal(40013);
    }
    account.shelf.any(Api.text(given, "thumb_media_id"), Kind.IMAGE);
    return words("[小程序] " + Api.text(given, "title"));
  }

  private ObjectNode typing(Request request) throws Refusal {
    ObjectNode body = request.json();
    Follower person = receiver(request, body);
    String command = Api.text(body, "command");
    if (!command.equals("Typing") && !command.equals("CancelTyping")) {
      throw new Refusal(45072);
    }
    person.window().type(command.equals("Typing"), world.now());
    return Api.ok();
  }
}
