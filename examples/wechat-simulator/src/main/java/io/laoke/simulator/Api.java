package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The calls of the platform and their rules. Every method runs under the world's lock. */
final class Api {
  static final Duration DEDUPE_WINDOW = Duration.ofMinutes(10);
  private static final int MAX_EXPIRE_SECONDS = 2_592_000;
  private static final int MAX_URL_BYTES = 1024;
  private static final int MAX_CLIENT_MSG_ID = 32;
  private static final int MAX_BATCH = 100;
  private static final Pattern TOKEN_SHAPE = Pattern.compile("[A-Za-z0-9_-]{32,512}");

  private static final Pattern ESCAPED = Pattern.compile("\\\\u[0-9a-fA-F]{4}");

  /** Who may call. */
  enum Right {
    /** No token needed. */
    OPEN,
    EVERYONE,
    VERIFIED,
    VERIFIED_SERVICE
  }

  /** One call. */
  @FunctionalInterface
  interface Call {
    ObjectNode run(Request request) throws Refusal;
  }

  private record Route(String method, Right right, Call call) {}

  /** A request with its account, if it has one yet. */
  static final class Request {
    final HttpCall http;
    @Nullable SimulatedAccount found;
    @Nullable HttpAnswer file;

    Request(HttpCall http) {
      this.http = http;
    }

    SimulatedAccount account() {
      if (found == null) {
        throw new IllegalStateException("no account yet");
      }
      return found;
    }

    String query(String name) {
      return http.query().getOrDefault(name, "");
    }

    /** Answers with a file instead of JSON. */
    ObjectNode answerFile(String contentType, String fileName, byte[] bytes) {
      file = HttpAnswer.of(200, contentType, bytes).named(fileName);
      return Json.object();
    }

    ObjectNode json() throws Refusal {
      if (http.body().length == 0) {
        throw new Refusal(44002);
      }
      try {
        String text = UTF_8.newDecoder().decode(ByteBuffer.wrap(http.body())).toString();
        if (Json.read(text) instanceof ObjectNode object) {
          return object;
        }
      } catch (CharacterCodingException | JsonProcessingException notJson) {
        throw new Refusal(47001);
      }
      throw new Refusal(47001);
    }
  }

  /** What a call came to. */
  record Result(
      @Nullable SimulatedAccount account, int errcode, String body, @Nullable HttpAnswer file) {
    HttpAnswer http() {
      return file == null ? HttpAnswer.json(body) : file;
    }
  }

  private final World world;
  private final WeChatSimulator simulator;
  private final Map<String, Route> routes = new LinkedHashMap<>();

  Api(World world, WeChatSimulator simulator) {
    this.world = world;
    this.simulator = simulator;
    get("/cgi-bin/token", Right.OPEN, this::classicToken);
    post("/cgi-bin/stable_token", Right.OPEN, this::stableToken);
    get(WebSignIn.TOKEN, Right.OPEN, this::webToken);
    post("/cgi-bin/qrcode/create", Right.VERIFIED_SERVICE, this::createQrCode);
    post("/cgi-bin/message/template/send", Right.VERIFIED_SERVICE, this::sendTemplate);
    get("/cgi-bin/template/get_all_private_template", Right.VERIFIED_SERVICE, this::listTemplates);
    post("/cgi-bin/template/api_add_template", Right.VERIFIED_SERVICE, this::addTemplate);
    post("/cgi-bin/template/del_private_template", Right.VERIFIED_SERVICE, this::deleteTemplate);
    get("/cgi-bin/template/get_industry", Right.VERIFIED_SERVICE, request -> industry());
    get("/cgi-bin/user/info", Right.VERIFIED, this::userInfo);
    post("/cgi-bin/user/info/batchget", Right.VERIFIED, this::userInfos);
    get("/cgi-bin/user/get", Right.VERIFIED, this::users);
    post("/cgi-bin/user/info/updateremark", Right.VERIFIED, this::updateRemark);
    post("/cgi-bin/menu/create", Right.VERIFIED, this::createMenu);
    get("/cgi-bin/menu/get", Right.VERIFIED, this::menu);
    get("/cgi-bin/menu/delete", Right.VERIFIED, this::deleteMenu);
    post("/cgi-bin/openapi/quota/get", Right.EVERYONE, this::quota);
    post("/cgi-bin/openapi/quota/clear", Right.EVERYONE, this::clearOneQuota);
    post("/cgi-bin/openapi/rid/get", Right.EVERYONE, this::rid);
    post("/cgi-bin/clear_quota", Right.EVERYONE, this::clearQuota);
    get("/cgi-bin/get_api_domain_ip", Right.EVERYONE, request -> ips());
    get("/cgi-bin/getcallbackip", Right.EVERYONE, request -> ips());
    post("/cgi-bin/callback/check", Right.EVERYONE, this::callbackCheck);
    get("/cgi-bin/ticket/getticket", Right.EVERYONE, this::jsTicket);
    get("/cgi-bin/get_current_selfmenu_info", Right.EVERYONE, this::selfMenu);
    new TagCalls().register(this);
    new DraftCalls(world).register(this);
    new MaterialCalls(world).register(this);
    new MassCalls(world).register(this);
    new CustomerCalls(world).register(this);
    simulator.subscriptions().register(this);
  }

  void get(String path, Right right, Call call) {
    routes.put(path, new Route("GET", right, call));
  }

  void post(String path, Right right, Call call) {
    routes.put(path, new Route("POST", right, call));
  }

  Result answer(HttpCall http, String rid) {
    Request request = new Request(http);
    try {
      ObjectNode body = route(request);
      HttpAnswer file = request.file;
      return new Result(
          request.found,
          body.path("errcode").asInt(0),
          file == null ? Json.write(body) : "[" + file.body().length + " bytes]",
          file);
    } catch (Refusal refusal) {
      ObjectNode body =
          Json.object()
              .put("errcode", refusal.code())
              .put("errmsg", refusal.errmsg() + " rid: " + rid);
      refusal.more().forEach(body::put);
      return new Result(request.found, refusal.code(), Json.write(body), null);
    }
  }

  static String refused(int code, String words, String rid) {
    return Json.write(Json.object().put("errcode", code).put("errmsg", words + " rid: " + rid));
  }

  private ObjectNode route(Request request) throws Refusal {
    String path = request.http.path();
    Route route = routes.get(path);
    if (route == null) {
      throw new Refusal(40066);
    }
    if (route.right() != Right.OPEN) {
      authenticate(request);
    }
    if (!request.http.method().equals(route.method())) {
      throw new Refusal(route.method().equals("GET") ? 43001 : 43002);
    }
    if (route.right() != Right.OPEN) {
      SimulatedAccount account = request.account();
      permit(account, path, route.right());
      if (!path.equals("/cgi-bin/clear_quota") && !path.startsWith("/cgi-bin/openapi/quota")) {
        account.quotas.use(path);
      }
    }
    return route.call().run(request);
  }

  private void authenticate(Request request) throws Refusal {
    String token = request.query("access_token");
    if (token.isEmpty()) {
      throw new Refusal(41001);
    }
    if (!TOKEN_SHAPE.matcher(token).matches()) {
      throw new Refusal(40014);
    }
    for (SimulatedAccount account : simulator.allAccounts()) {
      TokenDesk.Verdict verdict = account.tokens.check(token);
      if (verdict != null) {
        request.found = account;
        switch (verdict) {
          case GOOD -> {
            return;
          }
          case EXPIRED -> throw new Refusal(42001);
          case VOID -> throw new Refusal(40001);
        }
      }
    }
    throw new Refusal(40001);
  }

  private static void permit(SimulatedAccount account, String path, Right right) throws Refusal {
    Integer banned = account.blockingCodes.get(path);
    if (banned != null) {
      throw new Refusal(banned);
    }
    if (!granted(account.type(), right)) {
      throw new Refusal(48001);
    }
  }

  private static boolean granted(AccountType type, Right right) {
    return switch (right) {
      case OPEN, EVERYONE -> true;
      case VERIFIED -> type.isVerified();
      case VERIFIED_SERVICE -> type.isVerified() && type.isService();
    };
  }

  // --- tokens

  private ObjectNode classicToken(Request request) throws Refusal {
    SimulatedAccount account =
        credentials(
            request, request.query("grant_type"), request.query("appid"), request.query("secret"));
    return issued(account.tokens.classic());
  }

  private ObjectNode stableToken(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account =
        credentials(request, text(body, "grant_type"), text(body, "appid"), text(body, "secret"));
    return issued(account.tokens.stable(body.path("force_refresh").asBoolean(false)));
  }

  private SimulatedAccount credentials(
      Request request, String grantType, String appId, String secret) throws Refusal {
    if (!grantType.equals("client_credential")) {
      throw new Refusal(40002);
    }
    if (appId.isEmpty()) {
      throw new Refusal(41002);
    }
    if (secret.isEmpty()) {
      throw new Refusal(41004);
    }
    SimulatedAccount account = simulator.accountOrNull(appId);
    if (account == null) {
      throw new Refusal(40013);
    }
    request.found = account;
    if (!account.secret().equals(secret)) {
      throw new Refusal(40125);
    }
    if (account.secretFrozen()) {
      throw new Refusal(40243);
    }
    String ip = request.http.remoteIp();
    if (!account.admits(ip)) {
      throw new Refusal(40164, "invalid ip " + ip + " ipv6 ::ffff:" + ip + ", not in whitelist");
    }
    permit(account, request.http.path(), Right.OPEN);
    account.quotas.use(request.http.path());
    return account;
  }

  /** Of a visitor, not of the account: the account's own secret, and the visitor's code. */
  private ObjectNode webToken(Request request) throws Refusal {
    if (request.query("appid").isEmpty()) {
      throw new Refusal(41002);
    }
    if (request.query("secret").isEmpty()) {
      throw new Refusal(41004);
    }
    if (!request.query("grant_type").equals("authorization_code")) {
      throw new Refusal(40002);
    }
    SimulatedAccount account = simulator.accountOrNull(request.query("appid"));
    if (account == null) {
      throw new Refusal(40013);
    }
    request.found = account;
    if (!account.secret().equals(request.query("secret"))) {
      throw new Refusal(40125);
    }
    if (account.secretFrozen()) {
      throw new Refusal(40243);
    }
    permit(account, WebSignIn.TOKEN, Right.VERIFIED_SERVICE);
    return simulator.webSignIn().token(account, request.query("code"));
  }

  private static ObjectNode issued(TokenDesk.Issued token) {
    return Json.object().put("access_token", token.value()).put("expires_in", token.expiresIn());
  }

  // --- QR codes

  private ObjectNode createQrCode(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    String action = text(body, "action_name");
    JsonNode scene = body.path("action_info").path("scene");
    boolean lasting;
    boolean numeric;
    switch (action) {
      case "QR_SCENE" -> {
        lasting = false;
        numeric = true;
      }
      case "QR_STR_SCENE" -> {
        lasting = false;
        numeric = false;
      }
      case "QR_LIMIT_SCENE" -> {
        lasting = true;
        numeric = true;
      }
      case "QR_LIMIT_STR_SCENE" -> {
        lasting = true;
        numeric = false;
      }
      default -> throw new Refusal(40052);
    }
    String value = numeric ? number(scene, lasting) : sceneText(scene);
    if (lasting) {
      return lastingCode(account, value, numeric);
    }
    int seconds = expireSeconds(body.path("expire_seconds"));
    QrTicket ticket = ticket(value, numeric, world.now().plusSeconds(seconds));
    account.add(ticket);
    return Json.object()
        .put("ticket", ticket.ticket())
        .put("expire_seconds", seconds)
        .put("url", ticket.url());
  }

  private ObjectNode lastingCode(SimulatedAccount account, String scene, boolean numeric)
      throws Refusal {
    String key = numeric + "/" + scene;
    QrTicket ticket = account.permanent.get(key);
    if (ticket == null) {
      if (account.permanent.size() >= account.maxPermanentCodes()) {
        throw new Refusal(45029);
      }
      ticket = ticket(scene, numeric, null);
      account.permanent.put(key, ticket);
      account.add(ticket);
    }
    return Json.object().put("ticket", ticket.ticket()).put("url", ticket.url());
  }

  private static String number(JsonNode scene, boolean lasting) throws Refusal {
    JsonNode id = scene.path("scene_id");
    long most = lasting ? 100_000 : 0xFFFF_FFFFL;
    if (!id.isIntegralNumber() && !(id.isTextual() && id.asText().matches("\\d{1,10}"))) {
      throw new Refusal(40053);
    }
    long value = id.asLong();
    if (value < 1 || value > most) {
      throw new Refusal(40053);
    }
    return String.valueOf(value);
  }

  private static String sceneText(JsonNode scene) throws Refusal {
    JsonNode text = scene.path("scene_str");
    String value = text.isTextual() ? text.asText() : "";
    if (value.isEmpty() || value.codePointCount(0, value.length()) > 64) {
      throw new Refusal(40053);
    }
    return value;
  }

  private static int expireSeconds(JsonNode given) throws Refusal {
    if (given.isMissingNode() || given.isNull()) {
      return 30;
    }
    if (!given.isIntegralNumber() && !(given.isTextual() && given.asText().matches("\\d{1,9}"))) {
      throw new Refusal(40053);
    }
    long seconds = given.asLong();
    if (seconds < 1 || seconds > MAX_EXPIRE_SECONDS) {
      throw new Refusal(40053);
    }
    return (int) seconds;
  }

  private QrTicket ticket(String scene, boolean numeric, @Nullable Instant until) {
    String text;
    do {
      text = "gQ" + Base64.getEncoder().encodeToString(world.bytes(70));
    } while (text.indexOf('+') < 0 || text.indexOf('/') < 0); // callers must encode it
    return new QrTicket(text, "http://weixin.qq.com/q/02" + world.alnum(22), scene, numeric, until);
  }

  // --- templates

  private ObjectNode sendTemplate(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    String openId = text(body, "touser");
    if (openId.isEmpty()) {
      throw new Refusal(41009);
    }
    Follower follower = account.byOpenId(openId);
    if (follower == null) {
      throw new Refusal(40003);
    }
    SimulatedTemplate template = template(account, text(body, "template_id"));
    if (!follower.following()) {
      throw new Refusal(43004);
    }
    checkLinks(account, body);
    Map<String, String> values = values(template, body.path("data"));
    String clientMsgId = clientMsgId(body.path("client_msg_id"));
    AcceptedMessage before = account.repeated(openId, clientMsgId);
    if (before != null) {
      return ok().put("msgid", before.msgId());
    }
    AcceptedMessage message =
        new AcceptedMessage(
            world.nextMsgId(),
            openId,
            template.id(),
            clientMsgId,
            sent(body.path("data")),
            text(body, "url"),
            world.now(),
            outcome(account, follower),
            0);
    account.accept(message);
    finish(follower, template, message, values, body);
    return ok().put("msgid", message.msgId());
  }

  private static AcceptedMessage.Status outcome(SimulatedAccount account, Follower follower) {
    if (follower.blocking()) {
      return AcceptedMessage.Status.USER_BLOCK;
    }
    return account.faults.nextDeliveryFails()
        ? AcceptedMessage.Status.SYSTEM_FAILED
        : AcceptedMessage.Status.SUCCESS;
  }

  private void finish(
      Follower follower,
      SimulatedTemplate template,
      AcceptedMessage message,
      Map<String, String> values,
      ObjectNode body) {
    if (message.status() == AcceptedMessage.Status.SUCCESS) {
      List<ChatMessage.Field> fields = template.fill(values);
      StringBuilder text = new StringBuilder();
      for (ChatMessage.Field field : fields) {
        text.append(text.isEmpty() ? "" : "\n").append(field.label());
        text.append(field.label().isEmpty() || field.value().isEmpty() ? "" : "：");
        text.append(field.value());
      }
      JsonNode mini = body.path("miniprogram");
      String miniProgram =
          mini.isObject() ? (text(mini, "appid") + " " + text(mini, "pagepath")).strip() : "";
      follower.show(
          new ChatMessage(
              message.at(),
              ChatMessage.Kind.TEMPLATE,
              template.title(),
              text.toString(),
              fields,
              message.url(),
              miniProgram,
              template.id(),
              message.msgId(),
              message.clientMsgId(),
              message.data()));
    }
    Push push = follower.jobFinished(message);
    if (push != null) {
      simulator.pusher().sendInBackground(push);
    }
  }

  private static SimulatedTemplate template(SimulatedAccount account, String id) throws Refusal {
    if (id.length() > 128) {
      throw new Refusal(40036);
    }
    SimulatedTemplate template = account.templates.get(id);
    if (template == null) {
      throw new Refusal(40037);
    }
    return template;
  }

  private static void checkLinks(SimulatedAccount account, ObjectNode body) throws Refusal {
    if (text(body, "url").getBytes(UTF_8).length > MAX_URL_BYTES) {
      throw new Refusal(40039);
    }
    JsonNode mini = body.path("miniprogram");
    if (mini.isObject()
        && !text(mini, "appid").isEmpty()
        && !account.miniPrograms.contains(text(mini, "appid"))) {
      throw new Refusal(40013);
    }
  }

  private static @Nullable String clientMsgId(JsonNode given) throws Refusal {
    if (given.isMissingNode() || given.isNull() || given.asText().isEmpty()) {
      return null;
    }
    String id = given.asText();
    if (id.length() > MAX_CLIENT_MSG_ID || !id.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw new Refusal(47003, "argument invalid! client_msg_id invalid");
    }
    return id;
  }

  /** The values as they will be shown, or the first field that breaks its rule. */
  private static Map<String, String> values(SimulatedTemplate template, JsonNode data)
      throws Refusal {
    if (!data.isObject()) {
      throw new Refusal(47001);
    }
    Map<String, String> shown = new LinkedHashMap<>();
    for (String key : template.keys()) {
      JsonNode value = data.path(key).path("value");
      if (TemplateRules.typed(key)) {
        Set<String> allowed = template.allowed().getOrDefault(key, Set.of());
        if (!value.isTextual() || !TemplateRules.accepts(key, value.asText(), allowed)) {
          throw new Refusal(47003, "argument invalid! data." + key + ".value invalid");
        }
        shown.put(key, value.asText());
      } else {
        shown.put(key, TemplateRules.legacy(key, value.asText("")));
      }
    }
    return shown;
  }

  private static Map<String, String> sent(JsonNode data) {
    Map<String, String> sent = new LinkedHashMap<>();
    data.properties().forEach(e -> sent.put(e.getKey(), e.getValue().path("value").asText("")));
    return sent;
  }

  private ObjectNode listTemplates(Request request) {
    ObjectNode answer = Json.object();
    ArrayNode list = answer.putArray("template_list");
    for (SimulatedTemplate template : request.account().templates.values()) {
      list.addObject()
          .put("template_id", template.id())
          .put("title", template.title())
          .put("primary_industry", "")
          .put("deputy_industry", "")
          .put("content", template.content())
          .put("example", example(template));
    }
    return answer;
  }

  private static String example(SimulatedTemplate template) {
    return Pattern.compile("\\{\\{\\s*(\\w+)\\.DATA\\s*\\}\\}")
        .matcher(template.content())
        .replaceAll(Matcher.quoteReplacement("示例"));
  }

  private ObjectNode addTemplate(Request request) throws Refusal {
    ObjectNode body = request.json();
    SimulatedAccount account = request.account();
    String shortId = text(body, "template_id_short");
    if (!shortId.isEmpty() && !shortId.matches("\\d+")) {
      throw new Refusal(40247);
    }
    SimulatedAccount.LibraryTemplate source = account.library.get(shortId);
    if (source == null) {
      throw new Refusal(40037);
    }
    JsonNode names = body.path("keyword_name_list");
    if (!names.isArray() || names.isEmpty()) {
      throw new Refusal(40246);
    }
    List<String> lines = new ArrayList<>();
    for (JsonNode name : names) {
      String key = source.keywords().get(name.asText());
      if (key == null) {
        throw new Refusal(40246);
      }
      lines.add(name.asText() + ":{{" + key + ".DATA}}");
    }
    if (account.templatesFull()) {
      throw new Refusal(45026);
    }
    String id = world.alnum(43);
    account.addTemplate(id, source.title(), String.join("\n", lines));
    return ok().put("template_id", id);
  }

  private ObjectNode deleteTemplate(Request request) throws Refusal {
    String id = text(request.json(), "template_id");
    template(request.account(), id);
    request.account().templates.remove(id);
    return ok();
  }

  private static ObjectNode industry() {
    ObjectNode answer = Json.object();
    answer.putObject("primary_industry").put("first_class", "消费品").put("second_class", "消费品");
    answer
        .putObject("secondary_industry")
        .put("first_class", "IT科技")
        .put("second_class", "互联网|电子商务");
    return answer;
  }

  // --- users

  private ObjectNode userInfo(Request request) throws Refusal {
    return info(request.account(), request.query("openid"), request.query("lang"));
  }

  private static ObjectNode info(SimulatedAccount account, String openId, String lang)
      throws Refusal {
    if (openId.isEmpty()) {
      throw new Refusal(41009);
    }
    Follower follower = account.byOpenId(openId);
    if (follower == null) {
      throw new Refusal(40003);
    }
    return follower.info(lang.isEmpty() ? "zh_CN" : lang);
  }

  private ObjectNode userInfos(Request request) throws Refusal {
    JsonNode list = request.json().path("user_list");
    if (!list.isArray() || list.isEmpty() || list.size() > MAX_BATCH) {
      throw new Refusal(40032);
    }
    ObjectNode answer = Json.object();
    ArrayNode infos = answer.putArray("user_info_list");
    for (JsonNode user : list) {
      infos.add(info(request.account(), text(user, "openid"), text(user, "lang")));
    }
    return answer;
  }

  private ObjectNode users(Request request) throws Refusal {
    List<String> openIds =
        request.account().everyone().stream()
            .filter(Follower::following)
            .sorted(Comparator.comparing(Follower::followedAt))
            .map(Follower::openId)
            .toList();
    String after = request.query("next_openid");
    int from = 0;
    if (!after.isEmpty()) {
      from = openIds.indexOf(after) + 1;
      if (from == 0) {
        throw new Refusal(40003);
      }
    }
    int to = Math.min(openIds.size(), from + request.account().userPageSize());
    List<String> page = openIds.subList(from, to);
    ObjectNode answer = Json.object().put("total", openIds.size()).put("count", page.size());
    if (!page.isEmpty()) {
      ArrayNode ids = answer.putObject("data").putArray("openid");
      page.forEach(ids::add);
    }
    return answer.put("next_openid", page.isEmpty() ? "" : page.get(page.size() - 1));
  }

  private ObjectNode updateRemark(Request request) throws Refusal {
    ObjectNode body = request.json();
    Follower follower = request.account().byOpenId(text(body, "openid"));
    if (follower == null) {
      throw new Refusal(40003);
    }
    if (!follower.following()) {
      throw new Refusal(43004);
    }
    String remark = text(body, "remark");
    if (remark.getBytes(UTF_8).length >= 30) {
      throw new Refusal(40092, "invalid remark name");
    }
    follower.remark(remark);
    return ok();
  }

  // --- menu

  private ObjectNode createMenu(Request request) throws Refusal {
    ObjectNode body = request.json();
    if (ESCAPED.matcher(new String(request.http.body(), UTF_8)).find()) {
      throw new Refusal(40033);
    }
    if (!(body.path("button") instanceof ArrayNode buttons)
        || buttons.isEmpty()
        || buttons.size() > 3) {
      throw new Refusal(40016, "invalid button size");
    }
    for (JsonNode button : buttons) {
      JsonNode inner = button.path("sub_button");
      checkName(button, 16, 40018);
      if (inner.isArray() && !inner.isEmpty()) {
        if (inner.size() > 5) {
          throw new Refusal(40023, "invalid sub button size");
        }
        for (JsonNode sub : inner) {
          checkName(sub, 60, 40025);
          checkTarget(sub, 40024, 40026, 40027);
        }
      } else {
        checkTarget(button, 40017, 40019, 40020);
      }
    }
    request.account().menu(buttons);
    return ok();
  }

  private static void checkName(JsonNode button, int maxBytes, int code) throws Refusal {
    String name = text(button, "name");
    if (name.isEmpty() || name.getBytes(UTF_8).length > maxBytes) {
      throw new Refusal(code, "invalid button name size");
    }
  }

  private static void checkTarget(JsonNode button, int type, int key, int url) throws Refusal {
    switch (text(button, "type")) {
      case "click",
          "scancode_push",
          "scancode_waitmsg",
          "pic_sysphoto",
          "pic_photo_or_album",
          "pic_weixin",
          "location_select" -> {
        int length = text(button, "key").getBytes(UTF_8).length;
        if (length == 0 || length > 128) {
          throw new Refusal(key, "invalid button key size");
        }
      }
      case "media_id", "article_id", "article_view_limited" -> {
        String id =
            text(button, text(button, "type").equals("media_id") ? "media_id" : "article_id");
        if (id.isEmpty()) {
          throw new Refusal(40007);
        }
      }
      case "view", "miniprogram" -> {
        int length = text(button, "url").getBytes(UTF_8).length;
        if (length == 0 || length > MAX_URL_BYTES) {
          throw new Refusal(url, "invalid button url size");
        }
      }
      default -> throw new Refusal(type, "invalid button type");
    }
  }

  private ObjectNode menu(Request request) throws Refusal {
    if (request.account().menu().isEmpty()) {
      throw new Refusal(46003, "menu no exist");
    }
    ObjectNode answer = Json.object();
    answer.putObject("menu").set("button", request.account().menu());
    return answer;
  }

  private ObjectNode deleteMenu(Request request) {
    request.account().menu(Json.object().putArray("button"));
    return ok();
  }

  // --- quota and network

  private ObjectNode quota(Request request) throws Refusal {
    String path = quotaPath(request);
    Quotas quotas = request.account().quotas;
    ObjectNode answer = ok();
    answer
        .putObject("quota")
        .put("daily_limit", quotas.limit(path))
        .put("used", quotas.used(path))
        .put("remain", Math.max(0, quotas.limit(path) - quotas.used(path)));
    answer.putObject("rate_limit").put("call_count", 10_000).put("refresh_second", 60);
    return answer;
  }

  private ObjectNode clearOneQuota(Request request) throws Refusal {
    request.account().quotas.clear(quotaPath(request));
    return ok();
  }

  private String quotaPath(Request request) throws Refusal {
    String path = text(request.json(), "cgi_path");
    if (path.startsWith("/sns/")) {
      throw new Refusal(76022);
    }
    Route route = routes.get(path);
    if (route == null) {
      throw new Refusal(76021);
    }
    if (!granted(request.account().type(), route.right())) {
      throw new Refusal(76022);
    }
    return path;
  }

  private ObjectNode clearQuota(Request request) throws Refusal {
    if (!text(request.json(), "appid").equals(request.account().appId())) {
      throw new Refusal(40013);
    }
    request.account().quotas.clearAll();
    return ok();
  }

  private ObjectNode rid(Request request) throws Refusal {
    String rid = text(request.json(), "rid");
    ReceivedCall call =
        simulator.calls().stream()
            .filter(c -> c.rid().equals(rid) && request.account().appId().equals(c.appId()))
            .findFirst()
            .orElseThrow(() -> new Refusal(76001));
    ObjectNode answer = ok();
    answer
        .putObject("request")
        .put("invoke_time", call.at().getEpochSecond())
        .put("cost_in_ms", 1)
        .put("request_url", "access_token=***")
        .put("request_body", call.body())
        .put("response_body", call.answer())
        .put("client_ip", "127.0.0.1");
    return answer;
  }

  private static ObjectNode ips() {
    ObjectNode answer = Json.object();
    answer.putArray("ip_list").add("127.0.0.1").add("101.226.103.0/25");
    return answer;
  }

  /** One stable value while it is valid, as with tokens. */
  private ObjectNode jsTicket(Request request) throws Refusal {
    if (!request.query("type").equals("jsapi")) {
      throw new Refusal(40097);
    }
    return request.account().jsTicket();
  }

  private ObjectNode selfMenu(Request request) {
    ArrayNode menu = request.account().menu();
    ObjectNode answer = Json.object().put("is_menu_open", menu.isEmpty() ? 0 : 1);
    ArrayNode buttons = answer.putObject("selfmenu_info").putArray("button");
    for (JsonNode button : menu) {
      ObjectNode copy = button.deepCopy();
      JsonNode inner = copy.remove("sub_button");
      if (inner != null && !inner.isEmpty()) {
        copy.putObject("sub_button").set("list", inner);
      }
      buttons.add(copy);
    }
    return answer;
  }

  private ObjectNode callbackCheck(Request request) throws Refusal {
    String action = text(request.json(), "action");
    if (!Set.of("all", "dns", "ping").contains(action)) {
      throw new Refusal(40097);
    }
    if (request.account().pushSettings() == null) {
      throw new Refusal(40066, "invalid url: no callback is set");
    }
    if (request.account().callbackUnreachable()) {
      return Json.object(); // neither a name nor an answer was found
    }
    ObjectNode answer = Json.object();
    answer.putArray("dns").addObject().put("ip", "127.0.0.1").put("real_operator", "DEFAULT");
    answer
        .putArray("ping")
        .addObject()
        .put("ip", "127.0.0.1")
        .put("from_operator", "DEFAULT")
        .put("package_loss", "0%")
        .put("time", "1.000ms");
    return answer;
  }

  static ObjectNode ok() {
    return Json.object().put("errcode", 0).put("errmsg", "ok");
  }

  static String text(JsonNode parent, String name) {
    JsonNode value = parent.path(name);
    return value.isValueNode() && !value.isNull() ? value.asText() : "";
  }
}
