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
          "FILE",
          new Advice(
              "Nothing has had an effect. Look whether the file exists, may be read or written, did"
                  + " not change meanwhile, and whether the disk has room.",
              "操作没有生效。请检查文件是否存在、是否有读写权限、上传期间是否被修改，以及磁盘空间是否足够。"),
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
    aboutArticles(all);
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

  /** What there is to do about articles, material, mass messages and tags. */
  private static void aboutArticles(Map<Integer, Advice> all) {
    put(
        all,
        40004,
        "The file is not of a type that WeChat takes here. Convert it, and look at its"
            + " first bytes, not its name.",
        "文件类型不受支持，请按文件实际内容转换格式后重新上传。");
    all.put(40005, all.get(40004));
    put(
        all,
        40006,
        "The file is larger than WeChat takes here. Compress it or cut it down.",
        "文件大小超出限制，请压缩或裁剪后重新上传。");
    all.put(40009, all.get(40006));
    put(
        all,
        40007,
        "WeChat does not know this draft or material: deleted, expired, another"
            + " account's, or sent already, since a draft ends with its send. Add it anew;"
            + " but if this repeats a send whose outcome is unknown, look that send up"
            + " instead.",
        "草稿或素材不存在：可能已删除、已过期、属于其他公众号，或草稿已群发（群发成功后草稿失效）。请重新上传；若是结果未知的群发在重试，请先核实原群发，勿新建草稿重发。");
    put(
        all,
        40031,
        "An openid of the list is not this account's, or the list is too short or too"
            + " long. Take the list anew from this account's followers.",
        "openid列表有误：含其他公众号的openid，或数量超出范围，请重新取本公众号的粉丝列表。");
    all.put(40032, all.get(40031));
    put(
        all,
        40059,
        "WeChat knows no mass message of this id or address. Use the id that its"
            + " acceptance gave, of the same account.",
        "找不到该群发消息，请使用群发成功时返回的msg_id，并确认是同一公众号。");
    put(
        all,
        40060,
        "The draft or message has no article of this number. In drafts they count from"
            + " 0, in mass messages from 1.",
        "文章序号不存在：草稿从0开始，群发消息从1开始。");
    all.put(40114, all.get(40060));
    put(
        all,
        40065,
        "These articles may not be deleted now: only articles and videos that were sent"
            + " by program, once they are sent.",
        "该消息暂不能删除：只能删除通过接口群发且已发送完成的图文或视频。");
    all.put(40204, all.get(40065));
    put(
        all,
        40130,
        "A list needs two openids at least. Put a tag on the one person and send to the" + " tag.",
        "按openid群发至少需要两人；只有一人时请打标签后按标签群发。");
    put(
        all,
        40152,
        "WeChat has no tag of this id. Read the account's tags; it may have been" + " deleted.",
        "标签不存在，请重新读取公众号标签，可能已被删除。");
    put(
        all,
        41039,
        "WeChat does not take the source address. Use a short https address of a"
            + " registered domain.",
        "阅读原文链接无效，请使用已备案域名的https短链接。");
    put(all, 44003, "The draft has no article. Add one.", "草稿中没有图文，请至少添加一篇。");
    put(all, 44004, "The text or body is empty. Write one.", "正文内容为空，请填写。");
    put(
        all,
        45001,
        "The library is full. Delete material that nothing uses any more.",
        "素材库已满，请删除不再使用的素材。");
    put(all, 45002, "The text or body is too long. Shorten it.", "正文过长，请精简后重试。");
    put(
        all,
        45003,
        "The title is empty or too long. WeChat may have changed its limit: see"
            + " articleLimits.",
        "标题为空或过长；如微信调整了上限，请修改 articleLimits。");
    put(all, 45004, "The digest or description is too long. Shorten it.", "摘要或描述过长，请精简。");
    put(all, 45005, "The source address is too long. Use a short link.", "阅读原文链接过长，请使用短链接。");
    put(
        all,
        45008,
        "The draft has too many articles. Put some of them into another draft.",
        "图文篇数超出上限，请拆分到另一个草稿。");
    put(
        all,
        45028,
        "No mass message is left in this period: a subscription account has one a day,"
            + " and test accounts have none. Send it tomorrow, from a verified account.",
        "本周期群发次数已用完（订阅号每天1次，测试号不能群发），请次日或使用已认证公众号发送。");
    put(
        all,
        45056,
        "The account has 100 tags already. Delete those of campaigns that are over.",
        "公众号标签已达100个，请先删除已结束活动的标签。");
    put(
        all,
        45057,
        "Too many people carry the tag for it to be deleted. Take it from them first.",
        "该标签下粉丝过多，请先批量取消标签再删除。");
    put(
        all,
        45058,
        "This is a tag of WeChat's own, which nobody may change. Use another.",
        "系统默认标签不可修改，请使用其他标签。");
    put(
        all,
        45059,
        "The person carries 20 tags already. Take one away first.",
        "该用户标签已达20个，请先取消其他标签。");
    put(
        all,
        45062,
        "The account shows advertisements, so its mass messages can be sent from the"
            + " console only.",
        "公众号开通了广告，接口不能群发，请在公众号后台发送。");
    put(
        all,
        45065,
        "WeChat has this mass message already. Ask for its state instead of sending" + " anew.",
        "该群发任务已存在，请查询任务状态，无需重发。");
    put(
        all,
        45066,
        "The same clientmsgid came within the last minute. Repeat the very same call"
            + " after 61 seconds; the answer tells whether it was taken.",
        "一分钟内重复使用了同一clientmsgid，请61秒后以完全相同的内容重试，以确认是否已受理。");
    put(
        all,
        45067,
        "The clientmsgid is longer than 32 bytes. Use a shorter one.",
        "群发编号clientmsgid的长度超过32字节，请改短。");
    put(
        all,
        45113,
        "Cards and goods can no longer be sent. Send an article.",
        "卡券、商品消息已不支持群发，请改用图文。");
    put(
        all,
        45157,
        "A tag of this name exists, or the name is not allowed. Choose another.",
        "标签名已存在或不合法，请更换名称。");
    put(all, 45158, "The tag's name is longer than 30 characters. Shorten it.", "标签名超过30个字符，请缩短。");
    put(
        all,
        45159,
        "WeChat has no tag of this id. Read the account's tags; it may have been" + " deleted.",
        "标签ID不存在，请重新读取公众号标签，可能已被删除。");
    put(
        all,
        45166,
        "WeChat does not take the article's content. Open the draft in the console,"
            + " look for broken HTML, pictures from elsewhere and forbidden links, and mend"
            + " it.",
        "图文内容不合法：请在公众号后台打开草稿，检查HTML、外链图片和违规链接并修改。");
    put(
        all,
        45169,
        "Another change of this person's tags is under way. Repeat it after a minute,"
            + " and let one program only change tags.",
        "该用户的标签正在被修改，请一分钟后重试，并避免多个程序同时修改标签。");
    put(
        all,
        45171,
        "The change was not made for this person, but was for others. Repeat it for"
            + " those that failed.",
        "部分用户打标签失败，请仅对失败的用户重试。");
    put(all, 46001, "WeChat does not have this material any more. Upload it anew.", "素材不存在，请重新上传。");
    put(
        all,
        48003,
        "The account has not agreed to the terms of mass sending. Its administrator"
            + " must do so in the console.",
        "尚未同意群发协议，请管理员在公众号后台同意。");
    put(
        all,
        48005,
        "A menu or an automatic reply uses this material. Change those first.",
        "该素材被自动回复或菜单引用，请先解除引用。");
    put(
        all,
        48008,
        "The account may not send messages of this kind. Send an article or a text.",
        "公众号没有该类型消息的发送权限，请改用图文或文字。");
    put(
        all,
        48021,
        "The draft was saved by the editor itself only. Open it in the console, save it"
            + " by hand, then send it.",
        "该草稿仅为自动保存，请在公众号后台打开并手动保存后再群发。");
    put(
        all,
        48022,
        "A video that was uploaded by program may not be sent. Choose one in the" + " console.",
        "通过接口上传的视频不能群发，请在公众号后台选择视频。");
    put(
        all,
        53404,
        "The article shows goods, for which the account has no right. Take the goods" + " out.",
        "图文含商品但公众号的商品能力受限或未开通，请删去商品。");
    all.put(53405, all.get(53404));
    all.put(53406, all.get(53404));
    put(
        all,
        53503,
        "WeChat's check stops this draft. Open it in the console, save it by hand, and"
            + " see what it says.",
        "草稿未通过发布检查，请在公众号后台打开并手动保存，按提示处理。");
    all.put(53504, all.get(53503));
    all.put(53505, all.get(53503));
    put(
        all,
        88000,
        "The account has no right to comments. Add the article without them.",
        "公众号没有留言功能，请关闭留言后重新提交。");
    put(
        all,
        89504,
        "WeChat asks the account's administrator to confirm the mass message, within 30"
            + " minutes. Do not send it again; the report tells the end.",
        "群发需公众号管理员30分钟内在微信中确认，请勿重复发送，结果以群发结果通知为准。");
    put(
        all,
        89505,
        "The mass message still waits for the administrator. Do not send it again; the"
            + " report tells the end.",
        "群发仍在等待管理员确认，请勿重复发送，结果以群发结果通知为准。");
  }

  private static void put(Map<Integer, Advice> all, int code, String en, String zh) {
    all.put(code, new Advice(en, zh));
  }
}
