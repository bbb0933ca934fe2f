package io.laoke.examples.erp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.push.Content;
import io.laoke.push.PlanState;
import io.laoke.push.SavedContent;
import io.laoke.push.SavedPlan;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** 群发中心 without a script in the browser, and what does not go as the pages hope. */
class PushTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static Running erp;
  private static Dealer dealer;

  /** Two browsers, in which two people work. */
  private final HttpClient wang = browser();

  private final HttpClient shen = browser();

  @BeforeAll
  static void start() {
    erp = new Running();
    dealer = erp.bean(Laoke.class).dealer("hengxin");
  }

  @AfterAll
  static void end() {
    erp.close();
  }

  private static HttpClient browser() {
    return HttpClient.newBuilder()
        .cookieHandler(new CookieManager())
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  // ---- articles

  private static String cover() {
    return erp.bean(PictureShelf.class).bundled("kitchen").sha256();
  }

  private static Form article(String name) {
    return new Form()
        .with("key", "")
        .with("seen", "0")
        .with("at", "0")
        .with("name", name)
        .with("title", "标题")
        .with("digest", "")
        .with("author", "")
        .with("body", "<p>正文</p>")
        .with("cover", cover())
        .with("sourceUrl", "");
  }

  private SavedContent saved(Form form) throws Exception {
    HttpResponse<String> page = post(wang, "/push/contents", form);
    assertThat(page.body()).contains("已保存“");
    return dealer.contents().all().stream()
        .filter(one -> one.name().equals(form.get("name")))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void ofTwoWhoChangeAnArticleTheSecondIsToldAndLosesNothing() throws Exception {
    SavedContent first = saved(article("两人同改"));
    Form mine = article("两人同改").with("key", first.key()).with("seen", "1");
    mine.with("title", "王的标题");
    Form theirs = article("两人同改").with("key", first.key()).with("seen", "1");
    theirs.with("title", "沈的标题");
    assertThat(post(wang, "/push/contents", mine).body()).contains("第 2 版");
    post(shen, "/push/me", new Form().with("code", "D2001"));
    HttpResponse<String> refused = post(shen, "/push/contents", theirs);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body())
        .contains("没有保存：王丽娟 刚刚保存了第 2 版", "沈的标题", "name=\"seen\" value=\"2\"")
        .contains("/push/contents/" + first.key() + "?v=2");
    assertThat(dealer.contents().versions(first.key())).hasSize(2);

    assertThat(post(shen, "/push/contents", theirs.with("seen", "2")).body()).contains("第 3 版");
    assertThat(get("/push/contents/" + first.key() + "?v=2").body()).contains("王的标题");
    assertThat(dealer.contents().find(first.key()).orElseThrow().savedBy()).isEqualTo("沈佳");
  }

  @Test
  void whatWasRemovedMeanwhileIsNotBroughtBackUnasked() throws Exception {
    SavedContent one = saved(article("将删除"));
    assertThat(post(shen, "/push/contents/" + one.key() + "/remove", new Form()).body())
        .contains("已删除“将删除”");
    Form late = article("将删除").with("key", one.key()).with("seen", "1").with("title", "晚了");
    HttpResponse<String> refused = post(wang, "/push/contents", late);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("这篇图文刚被删除", "晚了");
    assertThat(dealer.contents().find(one.key())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "name,'',请给图文起个名字",
    "name,'   ',请给图文起个名字",
  })
  void anArticleWithoutANameIsNotKept(String field, String value, String words) throws Exception {
    int before = dealer.contents().all().size();
    HttpResponse<String> page = post(wang, "/push/contents", article("无").with(field, value));
    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body()).contains(words, "&lt;p&gt;正文&lt;/p&gt;");
    assertThat(dealer.contents().all()).hasSize(before);
  }

  @Test
  void whatIsFarTooLongIsNotKeptAndSaidAtItsField() throws Exception {
    int before = dealer.contents().all().size();
    HttpResponse<String> page =
        post(wang, "/push/contents", article("太长").with("body", "文".repeat(100_001)));
    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body()).containsPattern("id=\"e-body\">太长了，存不下");
    HttpResponse<String> name = post(wang, "/push/contents", article("名".repeat(101)));
    assertThat(name.statusCode()).isEqualTo(422);
    assertThat(name.body()).contains("名字最多 100 个字");
    assertThat(dealer.contents().all()).hasSize(before);
  }

  @ParameterizedTest
  @CsvSource({
    "title,'',缺少标题",
    "cover,'',请选一张封面图片",
    "cover,0000000000000000000000000000000000000000000000000000000000000000,图片找不到了",
    "sourceUrl,javascript:alert(1),“阅读原文”链接应形如",
    "body,<p>好<script>alert(1)</script></p>,不支持的标签 &lt;script&gt;",
    "body,'<p onclick=\"alert(1)\">好</p>',会运行脚本的属性 onclick",
    "body,'<img src=\"https://elsewhere.example/a.png\">',正文里有别处的图片",
  })
  void whatWeChatWouldRefuseIsSaidBesideItsField(String field, String value, String words)
      throws Exception {
    HttpResponse<String> seen =
        post(wang, "/push/contents/preview", article("看").with(field, value));
    assertThat(seen.statusCode()).isEqualTo(200);
    assertThat(seen.body())
        .containsPattern("id=\"e-" + field + "\"[^>]*>[^<]*" + java.util.regex.Pattern.quote(words))
        .contains("发送前要改")
        .doesNotContain("<script>alert", "<p onclick");
  }

  @Test
  void nothingThatSomebodyWroteRunsInAPage() throws Exception {
    String evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";
    SavedContent one =
        saved(
            article("坏" + evil)
                .with("title", evil)
                .with("digest", evil)
                .with("author", evil)
                .with("sourceUrl", evil)
                .with("body", evil));
    String plan = plan("坏计划" + evil, one.key()).plan().key();
    assertThat(
            post(wang, "/push/calendar/console", new Form().with("day", today()).with("note", evil))
                .body())
        .contains("已记下");
    for (String path :
        List.of(
            "/push",
            "/push/contents/" + one.key(),
            "/push/contents/" + one.key() + "/edit",
            "/push/plans",
            "/push/plans/" + plan,
            "/push/plans/" + plan + "/edit",
            "/push/plans/new",
            "/push/calendar")) {
      HttpResponse<String> page = get(path);
      assertThat(page.statusCode()).as(path).isEqualTo(200);
      assertThat(page.body())
          .as(path)
          .doesNotContain("<img src=x", "<script>alert")
          .contains("群发中心");
    }
    // The body itself is shown in a frame in which nothing may run.
    assertThat(get("/push/contents/" + one.key()).body())
        .containsPattern("<iframe [^>]*sandbox=\"\"[^>]*srcdoc=\"&lt;!doctype html&gt;");
  }

  @Test
  void onlyPicturesAreTakenAndTheirBytesAreShownAsThese() throws Exception {
    HttpResponse<String> refused = upload("x.svg", "<svg onload='alert(1)'/>".getBytes(UTF_8));
    assertThat(refused.body()).contains("没有上传：只收 JPG、PNG、GIF、BMP 图片");
    HttpResponse<String> taken = upload("门店<b>.png", PictureShelf.read("living"));
    assertThat(taken.body()).contains("放进正文").doesNotContain("<b>");
    HttpResponse<String> shown = get("/push/files/" + cover());
    assertThat(shown.headers().firstValue("Content-Type")).contains("image/png");
    assertThat(shown.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
    assertThat(get("/push/files/" + "0".repeat(64)).statusCode()).isEqualTo(404);
    assertThat(get("/push/files/nope").statusCode()).isEqualTo(404);
  }

  @Test
  void aDraftOfTheBoxIsTakenOverAndAnUnfinishedOneIsNot() throws Exception {
    assertThat(get("/push/drafts").body()).contains("净水器选购：三步不花冤枉钱");
    String mediaId = erp.account().drafts().get(0);
    assertThat(post(wang, "/push/drafts/take", new Form().with("mediaId", mediaId)).body())
        .contains("已把草稿“净水器选购：三步不花冤枉钱”取来");
    SavedContent taken =
        dealer.contents().all().stream()
            .filter(one -> one.name().startsWith("净水器选购"))
            .findFirst()
            .orElseThrow();
    assertThat(dealer.contents().problems(taken.content())).isEmpty();
    // Changing its words leaves its cover, which is WeChat's own.
    Form form =
        article("净水器选购")
            .with("key", taken.key())
            .with("seen", "1")
            .with("title", "净水器怎么选")
            .with("cover", ArticleForm.KEEP);
    assertThat(post(wang, "/push/contents", form).body()).contains("（第 2 版）");
    Content changed = dealer.contents().find(taken.key()).orElseThrow().content();
    assertThat(ArticleForm.articles(changed).get(0).cover())
        .isEqualTo(ArticleForm.articles(taken.content()).get(0).cover());
    assertThat(post(wang, "/push/drafts/take", new Form().with("mediaId", "none")).body())
        .contains("没有取来");
  }

  // ---- plans

  private static String key(String name) {
    return "qf-" + Integer.toHexString(name.hashCode());
  }

  private static Form planForm(String name, String content) {
    return new Form()
        .with("key", key(name))
        .with("seen", "0")
        .with("name", name)
        .with("heldOut", "0")
        .with("purpose", "MARKETING")
        .with("priority", "HIGH")
        .with("group", "everyone")
        .with("content", content);
  }

  private SavedPlan plan(String name, String content) throws Exception {
    Form form = planForm(name, content);
    HttpResponse<String> page = post(wang, "/push/plans", form);
    assertThat(page.body()).contains("（第 1 版）");
    return dealer.plans().find(form.get("key")).orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "name,'',请给计划起个名字",
    "heldOut,60,对照组请填 0 到 50",
    "heldOut,-1,对照组请填 0 到 50",
    "heldOut,一成,对照组请填 0 到 50",
    "heldOut,1e99,对照组请填 0 到 50",
    "group,nobody,这个人群已经没有了",
    "group,'',请选人群",
    "content,gone,这篇图文已经删除",
    "content,'',请选图文",
  })
  void aPlanThatIsWrongIsNotKept(String field, String value, String words) throws Exception {
    String content = dealer.contents().all().isEmpty() ? saved(article("计划用")).key() : any();
    int before = dealer.plans().all().size();
    HttpResponse<String> page =
        post(wang, "/push/plans", planForm("错计划", content).with(field, value));
    assertThat(page.statusCode()).isEqualTo(422);
    assertThat(page.body()).contains(words);
    assertThat(dealer.plans().all()).hasSize(before);
    HttpResponse<String> live =
        post(wang, "/push/plans/allocation", planForm("错计划", content).with(field, value));
    assertThat(live.statusCode()).isEqualTo(200);
    assertThat(live.body()).contains(words);
  }

  private static String any() {
    return dealer.contents().all().get(0).key();
  }

  @Test
  void ofTwoWhoChangeAPlanTheSecondIsTold() throws Exception {
    String content = saved(article("同改计划用")).key();
    SavedPlan first = plan("同改计划", content);
    Form mine = planForm("同改计划", content).with("seen", "1").with("heldOut", "10");
    Form theirs = planForm("同改计划", content).with("seen", "1").with("heldOut", "20");
    assertThat(post(wang, "/push/plans", mine).body()).contains("（第 2 版）");
    HttpResponse<String> refused = post(shen, "/push/plans", theirs);
    assertThat(refused.statusCode()).isEqualTo(409);
    assertThat(refused.body()).contains("刚刚改到了第 2 版", "value=\"20\"");
    assertThat(dealer.plans().find(first.plan().key()).orElseThrow().plan().heldOut())
        .isEqualTo(100);
  }

  @Test
  void whatIsApprovedIsWhatWasLookedAt() throws Exception {
    String content = saved(article("审批用")).key();
    String key = plan("审批", content).plan().key();
    String path = "/push/plans/" + key;
    assertThat(post(wang, path + "/approve", new Form().with("hash", "x")).body())
        .contains("内容已经是别的状态");
    post(wang, path + "/submit", new Form());
    String looked = dealer.plans().find(key).orElseThrow().hash();
    assertThat(post(wang, path + "/approve", new Form().with("hash", looked)).body())
        .contains("提交的人不能自己审批");
    post(shen, "/push/me", new Form().with("code", "D2001"));
    assertThat(post(shen, path + "/approve", new Form().with("hash", "other")).body())
        .contains("计划在您看过之后改过");
    assertThat(dealer.plans().find(key).orElseThrow().state()).isEqualTo(PlanState.SUBMITTED);
    for (String early : List.of("allocate", "start", "pause", "resume")) {
      assertThat(post(shen, path + "/" + early, new Form()).body()).contains("内容已经是别的状态");
    }
    assertThat(
            post(shen, path + "/reject", new Form().with("why", "a\u0007" + "长".repeat(300)))
                .body())
        .contains("已退回修改");
    assertThat(dealer.plans().find(key).orElseThrow().state()).isEqualTo(PlanState.DRAFT);
    assertThat(post(shen, path + "/cancel", new Form()).body()).contains("已取消");
    assertThat(post(wang, "/push/plans", planForm("审批", content).with("seen", "1")).body())
        .contains("这个计划已取消，不能再改");
  }

  @Test
  void anArticleWithProblemsIsNotSubmitted() throws Exception {
    String content = saved(article("没封面").with("cover", "")).key();
    String key = plan("没封面计划", content).plan().key();
    assertThat(post(wang, "/push/plans/" + key + "/submit", new Form()).body())
        .contains("图文“没封面”还有要改的地方");
    assertThat(dealer.plans().find(key).orElseThrow().state()).isEqualTo(PlanState.DRAFT);
  }

  @Test
  void whoSaysThatTheyWantNoMoreGetsNoMore() throws Exception {
    List<Follower> fans = new ArrayList<>();
    for (String name : List.of("周敏", "顾晓棠", "林国栋")) {
      Follower fan = erp.account().follower(name);
      await().atMost(PATIENCE).until(() -> member(fan) != 0);
      fan.say("订阅");
      fans.add(fan);
    }
    String content = saved(article("退订前后")).key();
    send("退订前", content);
    for (Follower fan : fans) {
      await().atMost(PATIENCE).until(() -> articles(fan) == 1);
    }
    fans.get(0).say("退订");
    send("退订后", content);
    await().atMost(PATIENCE).until(() -> articles(fans.get(1)) == 2 && articles(fans.get(2)) == 2);
    assertThat(articles(fans.get(0))).isEqualTo(1);
    assertThat(get("/push/plans/" + key("退订后")).body())
        .contains("data-reason=\"REFUSED_PURPOSE\"", "已退订");
  }

  private static long member(Follower fan) {
    return dealer
        .members()
        .byOpenid(erp.account().appId(), fan.openId())
        .map(m -> m.id())
        .orElse(0L);
  }

  private static long articles(Follower fan) {
    return fan.chat().stream().filter(m -> m.kind() == ChatMessage.Kind.ARTICLE).count();
  }

  private void send(String name, String content) throws Exception {
    String key = plan(name, content).plan().key();
    String path = "/push/plans/" + key;
    post(wang, path + "/submit", new Form());
    post(shen, "/push/me", new Form().with("code", "D3001"));
    String hash = dealer.plans().find(key).orElseThrow().hash();
    assertThat(post(shen, path + "/approve", new Form().with("hash", hash)).body()).contains("已审批");
    assertThat(post(shen, path + "/allocate", new Form()).body()).contains("已分配");
    assertThat(post(shen, path + "/start", new Form()).body()).contains("已开始");
    await()
        .atMost(PATIENCE)
        .until(() -> dealer.plans().find(key).orElseThrow().state() == PlanState.DONE);
  }

  // ---- the month

  private static String today() {
    return erp.bean(DemoDate.class).today().toString();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "2999-01-01"})
  void aConsoleSendNeedsADayThatHasCome(String day) throws Exception {
    assertThat(post(wang, "/push/calendar/console", new Form().with("day", day)).body())
        .contains("没有记下");
  }

  @Test
  void addressesThatNobodyMadeAreAnsweredInWords() throws Exception {
    for (Map.Entry<String, Integer> one :
        Map.of(
                "/push/contents/none",
                404,
                "/push/contents/none/edit",
                404,
                "/push/plans/none",
                404,
                "/push/plans/none/live",
                404,
                "/push/plans/" + "x".repeat(80),
                400,
                "/push/contents/" + "x".repeat(80),
                400,
                "/push/calendar?month=never",
                200,
                "/push/drafts?from=-5",
                200)
            .entrySet()) {
      assertThat(get(one.getKey()).statusCode()).as(one.getKey()).isEqualTo(one.getValue());
    }
    assertThat(post(wang, "/push/calendar/console/1/take-back", new Form()).body())
        .contains("这条记录已经不在了");
    HttpResponse<String> foreign =
        wang.send(
            HttpRequest.newBuilder(URI.create(erp.url() + "/push/plans/x/start"))
                .header("Sec-Fetch-Site", "cross-site")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(foreign.statusCode()).isEqualTo(403);
  }

  // ---- as a browser asks

  /** What is filled in. */
  private static final class Form {
    private final Map<String, String> fields = new java.util.LinkedHashMap<>();

    Form with(String name, String value) {
      fields.put(name, value);
      return this;
    }

    String get(String name) {
      return fields.getOrDefault(name, "");
    }

    String encoded() {
      StringBuilder encoded = new StringBuilder();
      fields.forEach(
          (name, value) ->
              encoded
                  .append(encoded.isEmpty() ? "" : "&")
                  .append(name)
                  .append('=')
                  .append(URLEncoder.encode(value, UTF_8)));
      return encoded.toString();
    }
  }

  private HttpResponse<String> get(String path) throws Exception {
    return wang.send(
        HttpRequest.newBuilder(URI.create(erp.url() + path)).header("Accept", "text/html").build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> post(HttpClient browser, String path, Form form)
      throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(erp.url() + path))
            .header("Accept", "text/html")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form.encoded()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> upload(String name, byte[] bytes) throws Exception {
    String mark = "boundary-of-the-test";
    String head =
        "--%s\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"%s\"\r\nContent-Type: image/png\r\n\r\n"
            .formatted(mark, name);
    return wang.send(
        HttpRequest.newBuilder(URI.create(erp.url() + "/push/pictures"))
            .header("Accept", "text/html")
            .header("Sec-Fetch-Site", "same-origin")
            .header("Content-Type", "multipart/form-data; boundary=" + mark)
            .POST(
                HttpRequest.BodyPublishers.concat(
                    HttpRequest.BodyPublishers.ofString(head),
                    HttpRequest.BodyPublishers.ofByteArray(bytes),
                    HttpRequest.BodyPublishers.ofString("\r\n--" + mark + "--\r\n")))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
