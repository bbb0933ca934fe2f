package io.laoke.wechat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What WeChat's error codes mean for the caller, and what to do about those one can act on. */
final class ErrorCodes {
  /** What a caller may do after a code. */
  enum ErrorClass {
    /** Busy or too fast: the same call may succeed after a while. */
    RETRY,
    /** The token is no longer valid: fetch another and repeat once. */
    TOKEN,
    /** This recipient cannot be reached so; go on with the others. */
    RECIPIENT,
    /** Something must be set right first: account, permission, payload or program. */
    CONFIG,
    /** A quota is used up. */
    QUOTA,
    /** It has been done before. */
    DONE
  }

  /** What to do, in both languages. */
  record Advice(String en, String zh) {}

  private static final Pattern IP = Pattern.compile("invalid ip\\s+([0-9a-fA-F.:]{3,45})");

  /** All others, unknown ones included, are {@link ErrorClass#CONFIG}. */
  private static final Map<Integer, ErrorClass> CLASSES = classes();

  private static final Map<Integer, Advice> ADVICE = advices();

  private static final Map<String, Advice> NETWORK_ADVICE =
      Map.of(
          "DNS",
          new Advice(
              "Check this server's DNS and its way out to api.weixin.qq.com.",
              "请检查服务器的DNS以及到 api.weixin.qq.com 的外网访问。"),
          "CONNECT",
          new Advice(
              "Check this server's firewall or proxy for api.weixin.qq.com, port 443.",
              "请检查服务器防火墙或代理是否放行 api.weixin.qq.com 的443端口。"),
          "TLS",
          new Advice(
              "Check this server's clock, its list of certificate authorities, and any proxy that"
                  + " opens TLS.",
              "请检查服务器时间、CA证书列表，以及是否有拦截TLS的代理。"),
          "TOKEN_SOURCE",
          new Advice(
              "Laoke asked the host's TokenSource and got no token; see the host's log.",
              "宿主系统的TokenSource没有返回access_token，请查看宿主系统日志。"),
          "CLOSED",
          new Advice(
              "Nothing has left, and waiting does not help: call an OfficialAccount that is open.",
              "请求没有发出，等待无效：请使用尚未关闭的 OfficialAccount。"));

  private ErrorCodes() {}

  /**
   * The class of a code.
   *
   * @param atToken whether the token endpoint said so, where a refused credential is a wrong secret
   */
  static ErrorClass classOf(int errcode, boolean atToken) {
    ErrorClass known = CLASSES.getOrDefault(errcode, ErrorClass.CONFIG);
    return known == ErrorClass.TOKEN && atToken ? ErrorClass.CONFIG : known;
  }

  /** Whether the platform as a whole is busy, which passes within seconds. */
  static boolean busy(int errcode) {
    return errcode == -1 || errcode == 268487001 || errcode == 268487002;
  }

  /** Whether the code pauses everything that the account sends. */
  static boolean stopsAccount(int errcode) {
    return switch (errcode) {
      case 40013, 40125, 40164, 40243, 48001, 48004, 50002, 50007 -> true;
      default -> errcode >= 89_500 && errcode <= 89_599;
    };
  }

  /** Whether the code pauses everything in that template. */
  static boolean stopsTemplate(int errcode) {
    return switch (errcode) {
      case 40036, 40037, 40249, 43116 -> true;
      default -> false;
    };
  }

  /**
   * Whether the person surely does not follow this account any more. 40003, 46004 and 49003 also
   * come when a follower of one account is asked of another, so they prove nothing.
   */
  static boolean recipientGone(int errcode) {
    return errcode == 43004 || errcode == 50005;
  }

  static Optional<Advice> advice(Problem problem) {
    int errcode = problem.errcode();
    if (errcode == 40001 && problem.errorClass() == ErrorClass.CONFIG) {
      errcode = 40125;
    }
    Advice advice = ADVICE.get(errcode);
    if (advice == null) {
      return Optional.empty();
    }
    Matcher ip = IP.matcher(problem.text());
    String named = ip.find() ? ip.group(1) : "";
    return Optional.of(
        new Advice(
            advice.en().replace("{ip}", named.isEmpty() ? "this server's public address" : named),
            advice.zh().replace("{ip}", named.isEmpty() ? "本服务器的公网IP" : named)));
  }

  static Optional<Advice> networkAdvice(String code) {
    return Optional.ofNullable(NETWORK_ADVICE.get(code));
  }

  /** What to do where nothing more is known than whether the call had an effect. */
  static Advice otherwise(Problem problem) {
    return switch (problem.kind()) {
      case ANSWERED ->
          switch (problem.errorClass()) {
            case RETRY, QUOTA -> new Advice("Repeat the call after a while.", "请稍后重试。");
            case TOKEN, RECIPIENT, CONFIG, DONE -> unknown();
          };
      case NOT_SENT ->
          new Advice("Nothing has left; repeat the call after a while.", "请求没有发出，请稍后重试。");
      case UNCLEAR ->
          new Advice(
              "It may have had its effect; look before you repeat what must not happen twice.",
              "请求可能已生效；不可重复的操作请先核实，再重试。");
    };
  }

  /** What to do about a code that is not known here. */
  static Advice unknown() {
    return new Advice(
        "Look the code up in WeChat's list of return codes; its support asks for the rid.",
        "请在微信《全局返回码》中查询该错误码；联系微信客服时请提供rid。");
  }

  /** The codes for which there is advice, for the guide's table. */
  static Set<Integer> advised() {
    return ADVICE.keySet();
  }

  private static Map<Integer, ErrorClass> classes() {
    Map<Integer, ErrorClass> all = new HashMap<>();
    // 268488001 is worth one more try, after which a person must look; 43108 is about concurrency
    put(
        all,
        ErrorClass.RETRY,
        -1,
        268487001,
        268487002,
        268488001,
        42010,
        43108,
        45011,
        45066,
        45169);
    put(all, ErrorClass.TOKEN, 40001, 40014, 42001);
    put(
        all,
        ErrorClass.RECIPIENT,
        40003,
        40029,
        40030,
        40163,
        42002,
        42003,
        42007,
        43004,
        43019,
        43101,
        45015,
        45059,
        46004,
        48002,
        49003,
        50001,
        50005,
        70000);
    put(all, ErrorClass.QUOTA, 45009, 45028, 45047, 48006);
    put(all, ErrorClass.DONE, 45065);
    return Map.copyOf(all);
  }

  private static void put(Map<Integer, ErrorClass> all, ErrorClass errorClass, int... codes) {
    for (int code : codes) {
      all.put(code, errorClass);
    }
  }

  private static Map<Integer, Advice> advices() {
    Map<Integer, Advice> all = new HashMap<>();
    put(
        all,
        40001,
        "WeChat refused two access tokens in a row. Look for another program that fetches tokens by"
            + " force for this account; if the host's TokenSource supplies them, let it forget"
            + " refused ones.",
        "微信连续两次拒绝access_token。请检查是否有其他程序强制刷新该公众号的token；若由TokenSource提供，请确认其会丢弃失效的token。");
    all.put(40014, all.get(40001));
    all.put(42001, all.get(40001));
    put(
        all,
        40003,
        "The person no longer follows this account, or the openid belongs to another account.",
        "该用户已取消关注，或openid属于其他公众号。");
    put(all, 40013, "Check the appid against the WeChat developer platform.", "请在微信开发者平台核对AppID。");
    put(
        all,
        40036,
        "Copy the template id again from the account's list of templates.",
        "请从公众号后台的模板列表重新复制模板ID。");
    put(
        all,
        40037,
        "The template was deleted or belongs to another account. Choose one of this account's"
            + " templates.",
        "模板已被删除或属于其他公众号，请改用本公众号的模板。");
    put(
        all,
        40125,
        "The AppSecret is wrong. Copy it again, or reset it in the WeChat developer platform.",
        "AppSecret错误，请重新复制，或在微信开发者平台重置后填入。");
    put(
        all,
        40164,
        "Add {ip} to the account's IP whitelist in the WeChat developer platform.",
        "请在微信开发者平台把 {ip} 加入该公众号的IP白名单。");
    put(
        all,
        40243,
        "The AppSecret is frozen. The account's administrator must unfreeze or reset it in the"
            + " WeChat developer platform.",
        "AppSecret已被冻结，请公众号管理员在微信开发者平台解冻或重置。");
    put(
        all,
        40249,
        "WeChat takes the content for advertising. Use a template message for service only.",
        "微信判定内容含营销信息，模板消息只能用于服务通知，请修改内容。");
    put(
        all,
        43004,
        "The person does not follow the account. Invite by the order's code again.",
        "该用户未关注公众号，可再次出示订单二维码邀请关注。");
    put(
        all,
        43019,
        "The person is on the account's blacklist; remove the entry there if that is wrong.",
        "该用户在公众号黑名单中，如属误操作请在公众号后台移出。");
    put(
        all,
        43101,
        "The person refused this subscription or has used it up; ask again before the next send.",
        "用户拒绝或已用完该订阅授权，请再次征得用户同意后发送。");
    put(
        all,
        43116,
        "WeChat has restricted this template. See the account's notices, then use another.",
        "该模板已被微信限制下发，请查看公众号后台通知并更换模板。");
    put(
        all,
        45009,
        "The daily quota of this API is used up. It starts anew at midnight in Shanghai; the"
            + " administrator can clear it earlier.",
        "该接口当日调用次数已用完，次日0点恢复；管理员也可提前清零。");
    put(
        all,
        45011,
        "Too many calls within a minute. Lower sendsPerSecond if this comes often.",
        "一分钟内调用过于频繁，若经常出现请调低 sendsPerSecond。");
    put(
        all,
        45015,
        "The person did nothing in the last 48 hours that may be answered; choose another channel.",
        "超出客服消息时限（用户48小时内无互动），请改用其他渠道。");
    put(
        all,
        45047,
        "All answers to what the person did are used up; wait until they write again, or choose"
            + " another channel.",
        "对该用户的客服消息条数已用完，请等用户再次互动或改用其他渠道。");
    put(all, 46004, "WeChat does not know this person in this account.", "该公众号下不存在此用户。");
    put(
        all,
        47003,
        "A field does not satisfy its template. Compare the template's fields with the mapping, and"
            + " for const and enum the declared values.",
        "模板字段内容不符合要求，请核对模板字段与映射；const、enum类字段须使用模板声明的取值。");
    put(
        all,
        48006,
        "The month's resets of quotas are used up; quotas start anew at midnight in Shanghai.",
        "本月清零次数已用完，配额将于次日0点恢复。");
    put(
        all,
        48001,
        "The account lacks this permission. It needs a verified service account (认证的服务号);"
            + " renew the yearly verification if it ended.",
        "公众号没有该接口权限：需要已认证的服务号，若认证已过期请续期。");
    put(
        all,
        48002,
        "The person follows the account but has switched off its messages.",
        "该用户虽已关注，但关闭了接收本公众号消息。");
    put(
        all,
        48004,
        "WeChat has banned this API for the account. See the account's notices for how to appeal.",
        "该公众号的此接口已被封禁，请查看公众号后台通知并申诉。");
    put(
        all,
        49003,
        "The openid belongs to another account. Check which account the store is mapped to.",
        "openid不属于该公众号，请检查门店与公众号的对应关系。");
    put(
        all,
        50002,
        "The account is restricted or frozen. See its notices.",
        "公众号已被限制或冻结，请查看公众号后台通知。");
    put(
        all,
        76021,
        "WeChat does not know this path; write it as /cgi-bin/path, without host and query.",
        "微信不识别该接口路径，请写成 /cgi-bin/…，不带域名和参数。");
    put(all, 76022, "The account may not use this API.", "该公众号没有此接口的权限。");
    put(all, 50005, "The person does not follow the account.", "该用户未关注公众号。");
    put(
        all,
        50007,
        "The account is frozen. Its administrator must clear this with WeChat.",
        "公众号已被冻结，请管理员联系微信处理。");
    put(
        all,
        89503,
        "WeChat asks the account's administrator to confirm calls from {ip}; confirm in WeChat.",
        "来自 {ip} 的调用需公众号管理员在微信中确认，请管理员尽快确认。");
    put(
        all,
        89506,
        "The administrator refused calls from {ip}; try again after 24 hours, then confirm.",
        "管理员已拒绝 {ip} 的调用，请24小时后重试并由管理员确认。");
    put(
        all,
        89507,
        "The administrator refused calls from {ip}; try again after one hour, then confirm.",
        "管理员已拒绝 {ip} 的调用，请1小时后重试并由管理员确认。");
    return Map.copyOf(all);
  }

  private static void put(Map<Integer, Advice> all, int code, String en, String zh) {
    all.put(code, new Advice(en, zh));
  }
}
