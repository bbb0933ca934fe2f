package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLEncoder;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One-time subscriptions 一次性订阅: {@code /mp/subscribemsg} asks the person whose phone the browser
 * is, and {@code message/template/subscribe} sends one message for each time that they agreed,
 * whether they follow or not.
 */
final class SubscriptionDesk {
  static final String ASK = "/mp/subscribemsg";
  static final String ANSWER = "/mp/subscribemsg/answer";
  static final String SEND = "/cgi-bin/message/template/subscribe";

  private static final int LONGEST_TITLE = 15;
  private static final int LONGEST_CONTENT = 200;
  private static final int LONGEST_RESERVED = 128;
  private static final int LAST_SCENE = 10_000;

  private final World world;
  private final WeChatSimulator simulator;
  private final Map<Agreed, Integer> agreed = new HashMap<>();

  /** What somebody agreed to. */
  private record Agreed(String appId, String openId, String templateId, int scene) {}

  SubscriptionDesk(World world, WeChatSimulator simulator) {
    this.world = world;
    this.simulator = simulator;
  }

  void register(Api api) {
    api.post(SEND, Api.Right.VERIFIED_SERVICE, this::send);
  }

  // The phone's browser

  /** Asks, or lets one choose whose phone it is to be. */
  HttpAnswer ask(HttpCall call) {
    SimulatedAccount account = simulator.accountOrNull(call.query().getOrDefault("appid", ""));
    try {
      if (account == null) {
        throw new WebSignIn.Refused("AppID 参数错误");
      }
      checked(account, call.query());
    } catch (WebSignIn.Refused refused) {
      return WebSignIn.page(200, "无法打开", String.valueOf(refused.getMessage()), "");
    }
    String self = simulator.baseUrl() + ASK + "?" + WebSignIn.query(call.query());
    Follower person = WebSignIn.person(call, account);
    return person == null
        ? WebSignIn.choose(account, self)
        : WebSignIn.page(
            200,
            "申请发送一次消息",
            account.name() + " 申请给您发送一次服务消息",
            link(call, "confirm", "允许") + link(call, "cancel", "取消"));
  }

  private static String link(HttpCall call, String action, String words) {
    Map<String, String> query = new LinkedHashMap<>(call.query());
    query.put("action", action);
    return "<a"
        + (action.equals("cancel") ? " class=\"plain\"" : "")
        + " href=\""
        + WebSignIn.escaped(ANSWER + "?" + WebSignIn.query(query))
        + "\">"
        + words
        + "</a>";
  }

  /** The person has tapped. */
  HttpAnswer answer(HttpCall call) {
    SimulatedAccount account = simulator.accountOrNull(call.query().getOrDefault("appid", ""));
    Follower person = account == null ? null : WebSignIn.person(call, account);
    try {
      return HttpAnswer.redirect(
          answered(
              person, call.query(), call.query().getOrDefault("action", "").equals("confirm")));
    } catch (WebSignIn.Refused refused) {
      return WebSignIn.page(200, "无法打开", String.valueOf(refused.getMessage()), "");
    }
  }

  /** Where the platform sends the browser back to. */
  String answered(@Nullable Follower person, Map<String, String> query, boolean agrees)
      throws WebSignIn.Refused {
    if (person == null) {
      throw new WebSignIn.Refused("请在微信客户端打开链接");
    }
    URI back = checked(person.account(), query);
    String template = query.getOrDefault("template_id", "");
    String scene = query.getOrDefault("scene", "");
    if (agrees) {
      synchronized (world) {
        agreed.merge(
            new Agreed(
                person.account().appId(), person.openId(), template, Integer.parseInt(scene)),
            1,
            Integer::sum);
      }
    }
    return back
        + (back.getRawQuery() == null ? "?" : "&")
        + "openid="
        + encoded(person.openId())
        + "&template_id="
        + encoded(template)
        + "&action="
        + (agrees ? "confirm" : "cancel")
        + "&scene="
        + scene
        + "&reserved="
        + encoded(query.getOrDefault("reserved", ""));
  }

  private static URI checked(SimulatedAccount account, Map<String, String> query)
      throws WebSignIn.Refused {
    if (!account.type().isVerified() || !account.type().isService()) {
      throw new WebSignIn.Refused("该公众号没有一次性订阅消息的权限");
    }
    if (!account.subscriptionTemplates().contains(query.getOrDefault("template_id", ""))) {
      throw new WebSignIn.Refused("template_id 参数错误");
    }
    String scene = query.getOrDefault("scene", "");
    if (!scene.matches("[0-9]{1,5}") || Integer.parseInt(scene) > LAST_SCENE) {
      throw new WebSignIn.Refused("scene 参数错误");
    }
    if (query.getOrDefault("reserved", "").length() > LONGEST_RESERVED) {
      throw new WebSignIn.Refused("reserved 参数过长");
    }
    try {
      URI back = URI.create(query.getOrDefault("redirect_url", ""));
      String authority = String.valueOf(back.getRawAuthority()).toLowerCase(Locale.ROOT);
      String host = String.valueOf(back.getHost()).toLowerCase(Locale.ROOT);
      boolean web = "http".equals(back.getScheme()) || "https".equals(back.getScheme());
      if (web && (account.webDomain(authority) || account.webDomain(host))) {
        return back;
      }
    } catch (IllegalArgumentException malformed) {
      throw new WebSignIn.Refused("redirect_url 参数错误");
    }
    throw new WebSignIn.Refused("redirect_url 域名与后台配置不一致");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  // The platform

  private ObjectNode send(Api.Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    String openId = Api.text(body, "touser");
    if (openId.isEmpty()) {
      throw new Refusal(41009);
    }
    Follower person = account.byOpenId(openId);
    if (person == null) {
      throw new Refusal(40003);
    }
    String template = Api.text(body, "template_id");
    if (!account.subscriptionTemplates().contains(template)) {
      throw new Refusal(40037);
    }
    String title = Api.text(body, "title");
    if (title.isBlank() || title.codePointCount(0, title.length()) > LONGEST_TITLE) {
      throw new Refusal(40062);
    }
    JsonNode value = body.path("data").path("content").path("value");
    String content = value.isTextual() ? value.asText() : "";
    if (content.isBlank() || content.codePointCount(0, content.length()) > LONGEST_CONTENT) {
      throw new Refusal(47003);
    }
    String scene = Api.text(body, "scene");
    if (!scene.matches("[0-9]{1,5}")) {
      throw new Refusal(47003);
    }
    Agreed to = new Agreed(account.appId(), openId, template, Integer.parseInt(scene));
    synchronized (world) {
      int left = agreed.getOrDefault(to, 0);
      if (left == 0) {
        throw new Refusal(43101);
      }
      agreed.put(to, left - 1);
      person.show(
          new ChatMessage(
              world.now(),
              ChatMessage.Kind.TEMPLATE,
              title,
              content,
              List.of(new ChatMessage.Field("", content)),
              Api.text(body, "url"),
              "",
              template,
              0,
              null,
              Map.of("content", content, "scene", scene)));
    }
    return Json.object().put("errcode", 0).put("errmsg", "ok");
  }
}
