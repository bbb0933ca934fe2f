package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Web sign-in 网页授权: {@code /connect/oauth2/authorize} as the person whose phone the browser is, and
 * {@code /sns/oauth2/access_token}. Codes work once, and for five minutes.
 */
final class WebSignIn {
  static final String AUTHORIZE = "/connect/oauth2/authorize";
  static final String TOKEN = "/sns/oauth2/access_token";
  static final String OPEN = "/_sim/open";

  private static final Duration CODE_LIFE = Duration.ofMinutes(5);
  private static final int LONGEST_STATE = 128;
  private static final String WHO = "wechat_sim_who";

  private final World world;
  private final WeChatSimulator simulator;
  private final Map<String, Code> codes = new HashMap<>();

  private static final class Code {
    final Follower person;
    final String scope;
    final Instant until;
    boolean used;

    Code(Follower person, String scope, Instant until) {
      this.person = person;
      this.scope = scope;
      this.until = until;
    }
  }

  /** What the platform says in place of sending the browser on. */
  static final class Refused extends Exception {
    private static final long serialVersionUID = 1;

    Refused(String words) {
      super(words, null, false, false);
    }
  }

  WebSignIn(World world, WeChatSimulator simulator) {
    this.world = world;
    this.simulator = simulator;
  }

  // The phone's browser

  /** Makes the browser that person's phone, and opens an address in it. */
  HttpAnswer open(HttpCall call) {
    String url = call.query().getOrDefault("url", "");
    String account = call.query().getOrDefault("account", "");
    String person = call.query().getOrDefault("person", "").strip();
    if (!url.matches("(?i)https?://\\S+") || person.isEmpty() || account.isEmpty()) {
      return page(400, "打不开这个链接", "链接不完整。", "");
    }
    return HttpAnswer.redirect(url)
        .header(
            "Set-Cookie",
            WHO + "=" + encoded(account + "\n" + person) + "; Path=/; SameSite=Lax; HttpOnly");
  }

  HttpAnswer authorize(HttpCall call, @Nullable SimulatedAccount account) {
    Follower person = account == null ? null : person(call, account);
    try {
      if (account != null && person == null) {
        checked(account, call.query());
        return choose(
            account,
            simulator.baseUrl() + AUTHORIZE + "?" + query(call.query()) + "#wechat_redirect");
      }
      return HttpAnswer.redirect(sentBack(person, call.query()));
    } catch (Refused refused) {
      return page(200, "无法打开", String.valueOf(refused.getMessage()), "");
    }
  }

  static @Nullable Follower person(HttpCall call, SimulatedAccount account) {
    for (String cookie : call.headers().getOrDefault("cookie", "").split(";", -1)) {
      String text = cookie.strip();
      if (text.startsWith(WHO + "=")) {
        String[] who = URLDecoder.decode(text.substring(WHO.length() + 1), UTF_8).split("\n", 2);
        if (who.length == 2 && who[0].equals(account.appId())) {
          return account.follower(who[1]);
        }
      }
    }
    return null;
  }

  /** The real platform opens in WeChat only; here one chooses whose phone it is to be. */
  static HttpAnswer choose(SimulatedAccount account, String self) {
    StringBuilder people = new StringBuilder();
    for (Follower person : account.people()) {
      people
          .append("<a href=\"")
          .append(
              escaped(
                  OPEN
                      + "?account="
                      + encoded(account.appId())
                      + "&person="
                      + encoded(person.name())
                      + "&url="
                      + encoded(self)))
          .append("\">用")
          .append(escaped(person.name()))
          .append("的手机打开</a>");
    }
    return page(200, "请在微信客户端打开链接", "真实的微信只在手机里打开这一页。在模拟器里，请选择用谁的手机：", people.toString());
  }

  static String query(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (name, value) ->
            text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(encoded(value)));
    return text.toString();
  }

  // The platform

  /** Where the platform sends the browser of a person on to. */
  String sentBack(@Nullable Follower person, Map<String, String> query) throws Refused {
    if (person == null) {
      throw new Refused("AppID 参数错误，错误码：10013");
    }
    URI back = checked(person.account(), query);
    String code;
    synchronized (world) {
      code = world.alnum(32);
      codes.put(
          code, new Code(person, query.getOrDefault("scope", ""), world.now().plus(CODE_LIFE)));
    }
    String text = back.toString();
    int fragment = text.indexOf('#');
    String plain = fragment < 0 ? text : text.substring(0, fragment);
    return plain
        + (back.getRawQuery() == null ? "?" : "&")
        + "code="
        + code
        + "&state="
        + encoded(query.getOrDefault("state", ""));
  }

  private static URI checked(SimulatedAccount account, Map<String, String> query) throws Refused {
    if (!account.type().isVerified() || !account.type().isService()) {
      throw new Refused("该公众号没有网页授权权限，错误码：10005");
    }
    if (!query.getOrDefault("response_type", "").equals("code")) {
      throw new Refused("response_type 参数错误，错误码：10002");
    }
    if (!List.of("snsapi_base", "snsapi_userinfo").contains(query.getOrDefault("scope", ""))) {
      throw new Refused("Scope 参数错误或没有 Scope 权限，错误码：10005");
    }
    String state = query.getOrDefault("state", "");
    if (state.length() > LONGEST_STATE || !state.matches("[A-Za-z0-9]*")) {
      throw new Refused("state 参数错误");
    }
    try {
      URI back = URI.create(query.getOrDefault("redirect_uri", ""));
      String authority = String.valueOf(back.getRawAuthority()).toLowerCase(Locale.ROOT);
      String host = String.valueOf(back.getHost()).toLowerCase(Locale.ROOT);
      boolean web = "http".equals(back.getScheme()) || "https".equals(back.getScheme());
      if (web && (account.webDomain(authority) || account.webDomain(host))) {
        return back;
      }
    } catch (IllegalArgumentException malformed) {
      throw new Refused("redirect_uri 参数错误，错误码：10003");
    }
    throw new Refused("redirect_uri 域名与后台配置不一致，错误码：10003");
  }

  ObjectNode token(SimulatedAccount account, String code) throws Refusal {
    if (code.isEmpty()) {
      throw new Refusal(41008);
    }
    Code known = codes.get(code);
    if (known == null || known.person.account() != account) {
      throw new Refusal(40029);
    }
    if (known.used) {
      throw new Refusal(40163);
    }
    if (!world.now().isBefore(known.until)) {
      throw new Refusal(42003);
    }
    known.used = true;
    ObjectNode answer =
        Json.object()
            .put("access_token", world.alnum(64))
            .put("expires_in", 7200)
            .put("refresh_token", world.alnum(64));
    boolean snapshot = known.person.snapshots();
    answer.put(
        "openid",
        snapshot
            ? Ids.openId(account.appId(), "snapshot of " + known.person.name())
            : known.person.openId());
    answer.put("scope", known.scope);
    if (snapshot) {
      answer.put("is_snapshotuser", 1);
    } else if (known.scope.equals("snsapi_userinfo")) {
      known.person.unionId().ifPresent(unionId -> answer.put("unionid", unionId));
    }
    return answer;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("\"", "&quot;");
  }

  static HttpAnswer page(int status, String title, String words, String links) {
    String html =
        """
        <!DOCTYPE html><html lang="zh-CN"><head><meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>%1$s</title><style>
        body{margin:0;padding:64px 24px;background:#ededed;color:#191919;font:16px/1.6 -apple-system,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif;text-align:center}
        h1{font-size:22px;margin:0 0 8px}p{color:#666;margin:0 0 24px}
        a{display:block;max-width:320px;margin:0 auto 12px;padding:12px;border-radius:8px;background:#07c160;color:#fff;text-decoration:none}
        a.plain{background:#fff;color:#191919}
        </style></head><body><h1>%1$s</h1><p>%2$s</p>%3$s</body></html>
        """
            .formatted(escaped(title), escaped(words), links);
    return HttpAnswer.of(status, "text/html; charset=utf-8", html.getBytes(UTF_8));
  }
}
