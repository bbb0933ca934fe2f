package io.laoke.wechat;

import static io.laoke.base.Check.notNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.error.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code menu/create}, {@code menu/get}, {@code menu/delete}. */
final class MenuCalls implements Menus {
  private static final String CREATE = "/cgi-bin/menu/create";
  private static final String GET = "/cgi-bin/menu/get";
  private static final String DELETE = "/cgi-bin/menu/delete";
  private static final int NO_MENU = 46003;

  private final Api api;

  MenuCalls(Api api) {
    this.api = api;
  }

  @Override
  public void create(Menu menu) {
    ObjectNode body = Json.object();
    ArrayNode buttons = body.putArray("button");
    for (Menu.Button button : notNull("menu", menu).buttons()) {
      write(buttons.addObject(), button);
    }
    ObjectNode unused = api.call(Request.post(CREATE, Json.bytes(body)), "Could not set the menu");
  }

  private static void write(ObjectNode node, Menu.Button button) {
    node.put("name", button.name());
    if (button instanceof Menu.Group group) {
      ArrayNode entries = node.putArray("sub_button");
      group.entries().forEach(entry -> write(entries.addObject(), entry));
    } else if (button instanceof Menu.Click click) {
      node.put("type", "click").put("key", click.key());
    } else if (button instanceof Menu.View view) {
      node.put("type", "view").put("url", view.url());
    } else if (button instanceof Menu.MiniProgram program) {
      node.put("type", "miniprogram")
          .put("appid", program.appId())
          .put("pagepath", program.pagePath())
          .put("url", program.url());
    } else if (button instanceof Menu.Other other) {
      node.put("type", other.type()).put(valueName(other.type()), other.value());
    }
  }

  private static String valueName(String type) {
    return switch (type) {
      case "media_id", "view_limited" -> "media_id";
      case "article_id", "article_view_limited" -> "article_id";
      default -> "key";
    };
  }

  @Override
  public Optional<Menu> read() {
    String attempted = "Could not read the menu";
    ObjectNode answer;
    try {
      answer = api.call(Request.get(GET, Map.of()), attempted);
    } catch (WeChatException e) {
      if (e.code() == NO_MENU) {
        return Optional.empty();
      }
      throw e;
    }
    JsonNode list = answer.path("menu").path("button");
    if (!list.isArray()) {
      throw unreadable(attempted, "WeChat's answer holds no menu");
    }
    List<Menu.Button> buttons = new ArrayList<>();
    try {
      for (JsonNode button : list) {
        buttons.add(button(button));
      }
      return buttons.isEmpty() ? Optional.empty() : Optional.of(new Menu(buttons));
    } catch (InvalidInputException e) {
      throw unreadable(attempted, "The account's menu is not of a form that Laoke knows");
    }
  }

  @Override
  public void delete() {
    ObjectNode unused = api.call(Request.get(DELETE, Map.of()), "Could not delete the menu");
  }

  private static WeChatException unreadable(String attempted, String text) {
    return new WeChatException(attempted, Problem.unclear(GET, "UNREADABLE", text, null));
  }

  private static Menu.Button button(JsonNode node) {
    JsonNode inner = node.path("sub_button");
    JsonNode entries = inner.isObject() ? inner.path("list") : inner;
    if (!entries.isArray() || entries.isEmpty()) {
      return entry(node);
    }
    List<Menu.Entry> all = new ArrayList<>();
    entries.forEach(one -> all.add(entry(one)));
    return new Menu.Group(Json.string(node, "name"), all);
  }

  private static Menu.Entry entry(JsonNode node) {
    String name = Json.string(node, "name");
    String type = Json.string(node, "type");
    return switch (type) {
      case "click" -> new Menu.Click(name, Json.string(node, "key"));
      case "view" -> new Menu.View(name, Json.string(node, "url"));
      case "miniprogram" ->
          new Menu.MiniProgram(
              name,
              Json.string(node, "appid"),
              Json.string(node, "pagepath"),
              Json.string(node, "url"));
      default -> new Menu.Other(name, type, Json.string(node, valueName(type)));
    };
  }
}
