package io.laoke.wechat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.message.Checkup;
import io.laoke.message.Finding;
import io.laoke.message.Finding.Severity;
import io.laoke.message.Finding.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Examines one account by calls that change nothing (reference, sections 1.3, 10 and 11). */
final class AccountCheckup implements Checkup {
  private static final String QUOTA = "/cgi-bin/openapi/quota/get";
  private static final String TEMPLATES = "/cgi-bin/template/get_all_private_template";
  private static final String CALLBACK = "/cgi-bin/callback/check";
  private static final Duration SKEW_NOTED = Duration.ofSeconds(30);
  private static final int MOST_TEMPLATES = 25;

  private final OfficialAccountSettings settings;
  private final Calls calls;
  private final Tokens tokens;
  private final Api api;
  private final PushLog pushes;

  AccountCheckup(
      OfficialAccountSettings settings, Calls calls, Tokens tokens, Api api, PushLog pushes) {
    this.settings = settings;
    this.calls = calls;
    this.tokens = tokens;
    this.api = api;
    this.pushes = pushes;
  }

  /** What Laoke needs a call for. */
  private enum Need {
    TEMPLATE("/cgi-bin/message/template/send", "template messages", "模板消息"),
    CODE("/cgi-bin/qrcode/create", "QR codes", "带参数二维码"),
    PEOPLE("/cgi-bin/user/info", "who follows", "用户信息"),
    FOLLOWERS("/cgi-bin/user/get", "the list of followers", "关注者列表"),
    MENU("/cgi-bin/menu/create", "the menu", "自定义菜单"),
    SERVICE("/cgi-bin/message/custom/send", "customer-service messages", "客服消息"),
    PAGES("/cgi-bin/ticket/getticket", "pages with the JS-SDK", "JS-SDK");

    private final String path;
    private final String en;
    private final String zh;

    Need(String path, String en, String zh) {
      this.path = path;
      this.en = en;
      this.zh = zh;
    }
  }

  private enum Granted {
    YES,
    NO,
    UNSURE
  }

  @Override
  public List<Finding> examine() {
    List<Finding> findings = new ArrayList<>();
    Tokens.State state = tokens.examine();
    clock(findings);
    if (state.problem().isPresent()) {
      noToken(findings, state.problem().get());
    } else {
      withToken(findings, state);
    }
    callbackSettings(findings);
    unreadable(findings);
    findings.sort(Comparator.comparing(Finding::severity).reversed());
    return List.copyOf(findings);
  }

  private Finding finding(Severity severity, String code, Words what, Words why, Words advice) {
    return new Finding(settings.appId(), severity, code, what, why, advice);
  }

  private static Words words(String en, String zh) {
    return new Words(en, zh);
  }

  private static Words advice(Problem problem) {
    return problem.advice().map(a -> words(a.en(), a.zh())).orElse(Words.NONE);
  }

  private static Words shown(Problem problem) {
    return words(
        problem.shown() + ".",
        (problem.kind() == Problem.Kind.ANSWERED
                ? "微信返回 " + problem.errcode()
                : "调用未成功 " + problem.code())
            + "（"
            + problem.path()
            + (problem.rid().isEmpty() ? "" : "，rid " + problem.rid())
            + "）。");
  }

  // --- token, IP whitelist, other holders

  private void noToken(List<Finding> findings, Problem problem) {
    int errcode = problem.kind() == Problem.Kind.ANSWERED ? problem.errcode() : 0;
    switch (errcode) {
      case 40164, 89503, 89506, 89507 ->
          findings.add(
              finding(
                  Severity.ERROR,
                  "IP_WHITELIST",
                  words("WeChat does not accept this server's address.", "微信不接受本服务器的IP。"),
                  shown(problem),
                  advice(problem)));
      case 40001, 40013, 40125, 40243, 41002, 41004 ->
          findings.add(
              finding(
                  Severity.ERROR,
                  "CREDENTIALS",
                  words("WeChat refuses appid or AppSecret.", "AppID或AppSecret不正确。"),
                  shown(problem),
                  advice(problem)));
      default -> {
        boolean passing = errcode == 0 || problem.errorClass() == ErrorCodes.ErrorClass.RETRY;
        findings.add(
            finding(
                Severity.ERROR,
                errcode == 0
                    ? problem.code().equals("TOKEN_SOURCE") ? "TOKEN_SOURCE" : "UNREACHABLE"
                    : "NO_TOKEN",
                words("There is no access token.", "取不到access_token。"),
                shown(problem),
                problem.advice().isEmpty() && passing
                    ? words("If this stays so, look at the network.", "如持续出现，请检查网络。")
                    : advice(problem)));
      }
    }
    findings.add(
        finding(
            Severity.NOTE,
            "NOT_EXAMINED",
            words(
                "Permissions, quotas, templates and callback were not examined.",
                "接口权限、配额、模板、回调未能检查。"),
            words("All of these need a token.", "以上检查都需要access_token。"),
            words("Set that right first, then look again.", "请先解决上述问题，再重新检查。")));
  }

  private void withToken(List<Finding> findings, Tokens.State state) {
    if (!state.fromHost()) {
      findings.add(
          finding(
              Severity.FINE,
              "TOKEN",
              words(
                  "AppID, AppSecret and this server's address are accepted.",
                  "AppID、AppSecret有效，本服务器IP已在白名单。"),
              Words.NONE,
              Words.NONE));
    }
    if (state.changed() || state.refused() > 0) {
      findings.add(
          finding(
              Severity.WARNING,
              "OTHER_TOKEN_HOLDER",
              words(
                  "Another program replaces this account's access token.",
                  "有其他程序在更换该公众号的access_token。"),
              words(
                  state.refused() + " token(s) were refused before their end.",
                  "已有 " + state.refused() + " 个token在到期前失效。"),
              state.fromHost()
                  ? words(
                      "Let the TokenSource be the only one that fetches by /cgi-bin/token, and let"
                          + " it forget refused tokens.",
                      "请确认只有TokenSource通过 /cgi-bin/token 获取token，且会丢弃失效的token。")
                  : words(
                      "Find the program that calls stable_token with force_refresh and stop it;"
                          + " /cgi-bin/token disturbs nobody.",
                      "请找出以 force_refresh 调用 stable_token 的程序并停用；使用 /cgi-bin/token 互不影响。")));
    }
    Map<Need, Granted> granted = new EnumMap<>(Need.class);
    for (Need need : Need.values()) {
      Optional<Problem> stop = permission(findings, granted, need);
      if (stop.isPresent()) { // the token itself is refused: nothing else can be told
        findings.add(
            finding(
                Severity.ERROR,
                "TOKEN_REFUSED",
                words("WeChat refuses the access token.", "微信不接受该access_token。"),
                shown(stop.get()),
                advice(stop.get())));
        return;
      }
    }
    templates(findings, granted);
    accountType(findings, granted);
    callbackReached(findings);
  }

  // --- permissions

  private Optional<Problem> permission(
      List<Finding> findings, Map<Need, Granted> granted, Need need) {
    CallResult result =
        api.result(Request.post(QUOTA, Json.bytes(Json.object().put("cgi_path", need.path))));
    if (result instanceof Problem problem) {
      boolean answered = problem.kind() == Problem.Kind.ANSWERED;
      if (answered && problem.errorClass() == ErrorCodes.ErrorClass.TOKEN) {
        return Optional.of(problem);
      }
      boolean no = answered && (problem.errcode() == 48001 || problem.errcode() == 76022);
      granted.put(need, no ? Granted.NO : Granted.UNSURE);
      if (answered && problem.errcode() == 48004) {
        banned(findings, need, problem);
      }
      return Optional.empty();
    }
    ObjectNode json = ((CallResult.Success) result).json();
    OptionalLong limit = Json.number(json.path("quota"), "daily_limit");
    OptionalLong used = Json.number(json.path("quota"), "used");
    if (limit.isEmpty() || used.isEmpty()) {
      granted.put(need, Granted.UNSURE);
      return Optional.empty();
    }
    // a limit of 0 is how the platform may tell that there is no permission
    granted.put(need, limit.getAsLong() == 0 ? Granted.NO : Granted.YES);
    quota(findings, need, limit.getAsLong(), used.getAsLong());
    return Optional.empty();
  }

  private void banned(List<Finding> findings, Need need, Problem problem) {
    findings.add(
        finding(
            Severity.ERROR,
            "API_BANNED",
            words(
                "WeChat has banned this account from " + need.en + ".",
                "该公众号的“" + need.zh + "”接口已被封禁。"),
            shown(problem),
            advice(problem)));
  }

  private void quota(List<Finding> findings, Need need, long limit, long used) {
    if (limit > 0 && used >= limit - limit / 10) {
      boolean out = used >= limit;
      findings.add(
          finding(
              out ? Severity.ERROR : Severity.WARNING,
              out ? "QUOTA_USED_UP" : "QUOTA_LOW",
              words(
                  "Today's quota for " + need.en + " is " + (out ? "used up." : "nearly used up."),
                  "今日“" + need.zh + "”接口配额" + (out ? "已用完。" : "即将用完。")),
              words(used + " of " + limit + " are used.", "已用 " + used + "/" + limit + "。"),
              words(
                  "It starts anew at midnight in Shanghai; quotas().clear(\""
                      + need.path
                      + "\") resets it earlier, 50 times a month.",
                  "次日0点恢复；也可调用 quotas().clear(\"" + need.path + "\") 提前清零（每月50次）。")));
    }
  }

  private void templates(List<Finding> findings, Map<Need, Granted> granted) {
    CallResult result = api.result(Request.get(TEMPLATES, Map.of()));
    if (result instanceof Problem problem) {
      if (problem.kind() == Problem.Kind.ANSWERED && problem.errcode() == 48001) {
        granted.put(Need.TEMPLATE, Granted.NO);
      } else if (problem.kind() == Problem.Kind.ANSWERED && problem.errcode() == 48004) {
        banned(findings, Need.TEMPLATE, problem);
      }
      return;
    }
    JsonNode list = ((CallResult.Success) result).json().path("template_list");
    if (!list.isArray()) {
      return;
    }
    granted.put(Need.TEMPLATE, Granted.YES);
    if (list.isEmpty()) {
      findings.add(
          finding(
              Severity.WARNING,
              "NO_TEMPLATE",
              words("The account has no message template.", "公众号没有任何消息模板。"),
              words("No stage can be told.", "无法通知订单进度。"),
              words(
                  "Add templates of the categories 类目 in the account's console.",
                  "请在公众平台“模板消息”中从类目模板库添加模板。")));
    } else if (list.size() >= MOST_TEMPLATES) {
      findings.add(
          finding(
              Severity.NOTE,
              "TEMPLATES_FULL",
              words(
                  "The account has " + list.size() + " templates.",
                  "公众号已有 " + list.size() + " 个模板。"),
              words("WeChat allows 25.", "微信最多允许25个。"),
              words("Delete unused ones before adding another.", "新增前请先删除不用的模板。")));
    }
  }

  private void accountType(List<Finding> findings, Map<Need, Granted> granted) {
    Granted template = granted.getOrDefault(Need.TEMPLATE, Granted.UNSURE);
    Granted code = granted.getOrDefault(Need.CODE, Granted.UNSURE);
    Granted people = granted.getOrDefault(Need.PEOPLE, Granted.UNSURE);
    if (template == Granted.YES && code == Granted.YES) {
      findings.add(
          finding(
              Severity.FINE,
              "ACCOUNT_TYPE",
              words("It is a verified service account.", "是已认证的服务号。"),
              Words.NONE,
              Words.NONE));
    } else if (template == Granted.NO || code == Granted.NO) {
      boolean subscription = people == Granted.YES;
      findings.add(
          finding(
              Severity.ERROR,
              "ACCOUNT_TYPE",
              subscription
                  ? words(
                      "It is a subscription account, or its verification has just ended.",
                      "该号是订阅号（公众号），或服务号认证刚过期。")
                  : words(
                      "The account is not verified, or its verification has ended.",
                      "该号未认证，或认证已过期。"),
              missing(granted),
              words(
                  "Laoke needs a verified service account. Register one or renew the verification"
                      + " (yearly), or name the service account's appid.",
                  "需要已认证的服务号：请注册服务号并完成（每年一次的）微信认证，或改用服务号的AppID。")));
      return;
    }
    if (granted.containsValue(Granted.NO)) {
      findings.add(
          finding(
              Severity.WARNING,
              "PERMISSIONS",
              words("Some permissions are missing.", "缺少部分接口权限。"),
              missing(granted),
              words("See 接口权限 in the account's console.", "请在公众平台“接口权限”中查看。")));
    }
    if (granted.containsValue(Granted.UNSURE)) {
      List<Need> unsure = needs(granted, Granted.UNSURE);
      findings.add(
          finding(
              Severity.NOTE,
              "PERMISSIONS_UNSURE",
              words(
                  "WeChat did not tell about: "
                      + String.join(", ", unsure.stream().map(n -> n.en).toList())
                      + ".",
                  "微信未告知以下权限：" + String.join("、", unsure.stream().map(n -> n.zh).toList()) + "。"),
              Words.NONE,
              Words.NONE));
    }
  }

  private static List<Need> needs(Map<Need, Granted> granted, Granted which) {
    return granted.entrySet().stream()
        .filter(entry -> entry.getValue() == which)
        .map(Map.Entry::getKey)
        .toList();
  }

  private static Words missing(Map<Need, Granted> granted) {
    List<Need> missing = needs(granted, Granted.NO);
    return words(
        "Not granted: " + String.join(", ", missing.stream().map(n -> n.en).toList()) + ".",
        "未获得权限：" + String.join("、", missing.stream().map(n -> n.zh).toList()) + "。");
  }

  // --- clock

  private void clock(List<Finding> findings) {
    Optional<Duration> ahead = calls.clockAhead();
    if (ahead.isEmpty()) {
      return;
    }
    Duration off = ahead.get().abs();
    if (off.compareTo(SKEW_NOTED) <= 0) {
      findings.add(
          finding(
              Severity.FINE,
              "CLOCK",
              words("This server's clock agrees with WeChat's.", "本机时钟与微信一致。"),
              Words.NONE,
              Words.NONE));
      return;
    }
    boolean refuses = off.compareTo(settings.replayWindow()) > 0;
    boolean fast = !ahead.get().isNegative();
    findings.add(
        finding(
            refuses ? Severity.ERROR : Severity.WARNING,
            "CLOCK",
            words(
                "This server's clock is " + off.toSeconds() + " s " + (fast ? "fast." : "slow."),
                "本机时钟" + (fast ? "快" : "慢") + off.toSeconds() + "秒。"),
            refuses
                ? words(
                    "Every push is refused as a replay: the window is "
                        + settings.replayWindow().toSeconds()
                        + " s.",
                    "所有推送都会因时间戳超出" + settings.replayWindow().toSeconds() + "秒被拒绝。")
                : words(
                    "Pushes are refused once it is off by more than the replay window.",
                    "超过重放窗口后推送会被拒绝。"),
            words("Set it by NTP.", "请配置NTP校时。")));
  }

  // --- callback

  private void callbackReached(List<Finding> findings) {
    if (settings.callbackToken().isEmpty()) {
      return;
    }
    CallResult result =
        api.result(
            Request.post(
                CALLBACK,
                Json.bytes(Json.object().put("action", "all").put("check_operator", "DEFAULT"))));
    if (result instanceof Problem problem) {
      findings.add(
          finding(
              Severity.NOTE,
              "CALLBACK_NOT_CHECKED",
              words("WeChat did not examine the way to the callback URL.", "微信未能检测回调地址的网络。"),
              shown(problem),
              words(
                  "Check that the callback URL is set and 启用 in the developer platform.",
                  "请确认已在微信开发者平台填写并启用消息推送URL。")));
      return;
    }
    ObjectNode json = ((CallResult.Success) result).json();
    JsonNode dns = json.path("dns");
    JsonNode ping = json.path("ping");
    boolean lost = ping.isArray() && !ping.isEmpty();
    for (JsonNode one : ping) {
      lost &= Json.string(one, "package_loss").startsWith("100");
    }
    if (!dns.isArray() || dns.isEmpty()) {
      findings.add(
          finding(
              Severity.ERROR,
              "CALLBACK_DNS",
              words("WeChat cannot resolve the callback URL's host name.", "微信无法解析回调地址的域名。"),
              words("No push arrives.", "收不到任何推送。"),
              words(
                  "Check the URL in the developer platform and the domain's DNS records.",
                  "请检查开发者平台填写的URL以及域名的DNS解析。")));
    } else if (lost) {
      findings.add(
          finding(
              Severity.WARNING,
              "CALLBACK_PING",
              words("WeChat gets no answer to pings of the callback's host.", "微信ping不通回调服务器。"),
              words(
                  "It may be unreachable, or a firewall may drop pings only.",
                  "可能无法访问，也可能只是防火墙屏蔽了ping。"),
              words(
                  "If no push arrives either, open port 80 or 443 to the internet.",
                  "如果同时收不到推送，请对公网开放80或443端口。")));
    } else {
      findings.add(
          finding(
              Severity.FINE,
              "CALLBACK",
              words("WeChat reaches the callback's host.", "微信可以访问回调服务器。"),
              Words.NONE,
              Words.NONE));
    }
  }

  private void callbackSettings(List<Finding> findings) {
    if (settings.callbackToken().isEmpty()) {
      findings.add(
          finding(
              Severity.WARNING,
              "NO_CALLBACK",
              words("No callback token is set.", "没有配置消息推送Token。"),
              words(
                  "Scans and unfollows are heard only if the host hands its events on.",
                  "除非由宿主转交事件，否则收不到扫码和取消关注。"),
              words(
                  "Set callbackToken and encodingAesKey.", "请配置 callbackToken 和 encodingAesKey。")));
      return;
    }
    if (settings.callbackModes().contains(CallbackMode.PLAIN)) {
      findings.add(
          finding(
              Severity.WARNING,
              "PLAIN_PUSHES",
              words("Unencrypted pushes are taken.", "允许明文推送。"),
              words(
                  "Their signature does not cover the body, so whoever sees one can change it.",
                  "明文推送的签名不覆盖正文，可能被篡改。"),
              words(
                  "Choose 安全模式 in the developer platform, set encodingAesKey, and leave PLAIN"
                      + " out.",
                  "请在开发者平台改为“安全模式”，配置 encodingAesKey 并去掉 PLAIN。")));
    }
    if (settings.aesKeys().size() > 1) {
      findings.add(
          finding(
              Severity.NOTE,
              "TWO_AES_KEYS",
              words("The previous EncodingAESKey is still accepted.", "仍接受旧的EncodingAESKey。"),
              Words.NONE,
              words("Remove it a day after the change.", "更换一天后请删除 previousEncodingAesKey。")));
    }
    Optional<Instant> last = pushes.lastTaken();
    if (pushes.refusals() > 0) {
      findings.add(
          finding(
              last.isEmpty() ? Severity.ERROR : Severity.WARNING,
              "PUSHES_REFUSED",
              words(
                  pushes.refusals() + " push(es) were refused since the start.",
                  "启动以来拒绝了 " + pushes.refusals() + " 次推送。"),
              words("The last: " + pushes.lastRefusal() + ".", "最近一次原因：" + pushes.lastRefusal()),
              words(
                  "Compare Token, EncodingAESKey, mode and appid with the developer platform;"
                      + " strangers' requests are refused too.",
                  "请与开发者平台核对Token、EncodingAESKey、加密方式和AppID；外部的恶意请求也会被拒绝。")));
    }
    if (last.isEmpty()) {
      findings.add(
          finding(
              Severity.NOTE,
              "NO_PUSH_YET",
              words("No push has come since the start.", "启动以来还没有收到推送。"),
              Words.NONE,
              words("Send the account a message and look again.", "请给公众号发一条消息后再检查。")));
    }
  }

  private void unreadable(List<Finding> findings) {
    findings.add(
        finding(
            Severity.NOTE,
            "CANNOT_BE_READ",
            words("No program can read the account's domains.", "以下设置无法通过接口读取。"),
            words(
                "WeChat has no call for: OAuth domain 网页授权域名, JS-safe domains JS接口安全域名, business"
                    + " domains 业务域名.",
                "微信未提供接口查询：网页授权域名、JS接口安全域名、业务域名。"),
            words(
                "Look in the console that the order page's domain stands in all three.",
                "请在公众平台“功能设置”中确认订单页域名已填写在这三处。")));
  }
}
