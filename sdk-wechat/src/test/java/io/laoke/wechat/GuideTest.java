package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.tomakehurst.wiremock.client.WireMock;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.binding.ScanCodes;
import io.laoke.message.InboundReceiver;
import io.laoke.message.Reply;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateCatalog;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The code of the guide, run; and a check that the guide shows exactly this code. */
class GuideTest {
  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  // region settings
  static OfficialAccount open(Map<String, String> config) {
    return WeChat.officialAccount(
        OfficialAccountSettings.builder(config.get("appid"))
            .secret(config.get("secret"))
            .originalId(config.get("originalId"))
            .callbackToken(config.get("token"))
            .encodingAesKey(config.get("aesKey"))
            .baseUrl(config.getOrDefault("baseUrl", "https://api.weixin.qq.com"))
            .build());
  }

  // endregion

  // region token-source
  /** Tokens that the ERP keeps in its own cache, shared with its other programs. */
  static final class ErpTokens implements TokenSource {
    private final Map<String, String> cache;

    ErpTokens(Map<String, String> cache) {
      this.cache = cache;
    }

    @Override
    public String current() {
      return cache.computeIfAbsent("wechat", key -> fetch());
    }

    @Override
    public void refused(String used) {
      cache.remove("wechat", used); // only if it is still the one that was refused
    }

    private static String fetch() {
      return "asked from the ERP's own token service";
    }
  }

  // endregion

  // region calls
  static String calls(OfficialAccount account) {
    ScanCodes codes = account.capability(ScanCodes.class).orElseThrow();
    String content = codes.create("lk:7f3a9c21", Duration.ofDays(30)).content();
    List<TemplateCatalog.Template> templates =
        account.capability(TemplateCatalog.class).orElseThrow().templates();
    try {
      boolean follows = account.users().find("oMEMBER1").follows();
      return content + " " + templates.size() + " " + follows;
    } catch (WeChatException e) {
      return e.code() + " " + e.reason().adviceZh();
    }
  }

  // endregion

  // region more-calls
  static String more(OfficialAccount account) {
    account
        .menus()
        .create(
            Menu.of(
                new Menu.Click("会员", "MENU_MEMBER"),
                Menu.Group.of("服务", new Menu.View("报修", "https://dealer.example/repair"))));
    long followers = account.followers().all().count(); // page by page; after(openid) goes on
    SendOutcome said =
        account.customerService().text("oMEMBER1", "您的订单已绑定").toCompletableFuture().join();
    long left = account.quotas().of("/cgi-bin/message/template/send").remaining();
    JsSdk.PageConfig page = account.jsSdk().sign("https://dealer.example/order?n=1");
    return followers
        + " "
        + (said instanceof SendOutcome.Accepted)
        + " "
        + left
        + " "
        + page.appId();
  }

  // endregion

  // region articles
  /** An article to a list of openids, as a plan would send each of its batches. */
  static String push(OfficialAccount account, Path cover, List<String> openids) {
    String thumb = account.materials().add(Materials.Kind.IMAGE, MediaFile.of(cover)).mediaId();
    String picture = account.materials().addBodyImage(MediaFile.of(cover));
    String draft =
        account
            .drafts()
            .add(
                List.of(
                    DraftArticle.News.of("滤芯该换了", "<p>三步换好</p><img src=\"" + picture + "\">", thumb)
                        .withSourceUrl("https://dealer.example/filter")));
    account.massMessages().preview(openids.get(0), MassContent.Article.ofDraft(draft));
    // stored before the first call, with the list and the draft: a repeat must be the very same
    String clientMsgId = "plan7-group2-batch1";
    MassOutcome outcome =
        account
            .massMessages()
            .send(openids, MassContent.Article.ofDraft(draft), clientMsgId)
            .toCompletableFuture()
            .join();
    return whatToDo(outcome);
  }

  private static String whatToDo(MassOutcome outcome) {
    if (outcome instanceof MassOutcome.Accepted taken) {
      return "await the report of " + taken.msgId();
    }
    if (outcome instanceof MassOutcome.Repeated before) {
      return "it was taken before, as " + before.msgId();
    }
    if (outcome instanceof MassOutcome.AwaitingAdministrator waiting) {
      return waiting.why().adviceZh();
    }
    if (outcome instanceof MassOutcome.Later later) {
      return "send the same again in " + later.after();
    }
    if (outcome instanceof MassOutcome.Unknown unknown) {
      return "repeat the very same in " + unknown.repeatAfter() + ", or await its report";
    }
    return ((MassOutcome.Refused) outcome).why().adviceZh(); // and look at its fault()
  }

  // endregion

  // region tags
  /** A tag for one campaign: filled, sent to, and gone. */
  static String campaign(OfficialAccount account, List<String> openids, MassContent content) {
    Tags tags = account.tags();
    Tags.Tag tag = tags.create("清洗活动-0612");
    try {
      Tags.Changed changed = tags.put(tag.id(), openids);
      MassOutcome outcome =
          account
              .massMessages()
              .sendToTag(tag.id(), content, "cleaning-0612")
              .toCompletableFuture()
              .join();
      return changed.failed().size() + " without the tag; " + whatToDo(outcome);
    } finally {
      boolean unused = tags.delete(tag.id()); // once the job report is there
    }
  }

  // endregion

  // region mass-report
  static WeChatCallback withReports(
      OfficialAccount account, InboundReceiver laoke, List<String> articles) {
    return account
        .callback(laoke)
        .otherwise(
            event -> {
              event
                  .massReport()
                  .filter(MassReport::succeeded)
                  .ifPresent(
                      report ->
                          report
                              .articles()
                              .forEach(article -> article.url().ifPresent(articles::add)));
              return Optional.empty();
            });
  }

  // endregion

  // region accept
  /** In the ERP's own endpoint, after it has verified and decrypted. */
  static String ownEndpoint(WeChatCallback callback, String decryptedXml) {
    return callback
        .accept(decryptedXml) // throws if WeChat must push it again: then answer with HTTP 500
        .orElseGet(() -> whatTheErpDoesWith(decryptedXml));
  }

  // endregion

  // region otherwise
  static WeChatCallback withOurOwn(OfficialAccount account, InboundReceiver laoke) {
    return account
        .callback(laoke)
        .otherwise(
            event ->
                event.type().equals("text") && event.field("Content").orElse("").contains("营业时间")
                    ? Optional.of(event.textReply("每天 9:00–18:00"))
                    : Optional.empty());
  }

  // endregion

  private static String whatTheErpDoesWith(String xml) {
    return xml.contains("VIEW") ? "success" : "handled";
  }

  @Test
  void theCodeOfTheGuideWorks() {
    Platform.givesToken(wechat);
    Platform.answers(
        wechat, Platform.QRCODE, WireMock.okJson("{\"url\":\"http://weixin.qq.com/q/1\"}"));
    Platform.answers(wechat, Platform.TEMPLATES, WireMock.okJson("{\"template_list\":[]}"));
    Platform.answers(
        wechat, Platform.USER, WireMock.okJson("{\"subscribe\":1,\"openid\":\"oMEMBER1\"}"));
    try (OfficialAccount account =
        open(
            Map.of(
                "appid", Platform.APP_ID,
                "secret", Platform.SECRET,
                "originalId", Pushes.GH,
                "token", Pushes.TOKEN,
                "aesKey", Pushes.KEY,
                "baseUrl", "http://localhost:" + wechat.getPort()))) {
      assertThat(calls(account)).isEqualTo("http://weixin.qq.com/q/1 0 true");
      Platform.answers(wechat, Platform.USER, Platform.error(40003, "invalid openid"));
      assertThat(calls(account)).startsWith("40003 该用户已取消关注");

      Platform.answers(wechat, Platform.MENU_CREATE, WireMock.okJson("{\"errcode\":0}"));
      Platform.answers(wechat, Platform.CUSTOM, WireMock.okJson("{\"errcode\":0}"));
      Platform.answers(wechat, Platform.FOLLOWERS, WireMock.okJson("{\"total\":0,\"count\":0}"));
      Platform.answers(
          wechat,
          Platform.QUOTA,
          WireMock.okJson("{\"quota\":{\"daily_limit\":9,\"used\":2,\"remain\":7}}"));
      Platform.answers(
          wechat, Platform.JS_TICKET, WireMock.okJson("{\"ticket\":\"T\",\"expires_in\":9}"));
      assertThat(more(account)).isEqualTo("0 true 7 " + Platform.APP_ID);

      Pushes.Receiver laoke = new Pushes.Receiver();
      WeChatCallback callback = withOurOwn(account, laoke);
      assertThat(ownEndpoint(callback, Pushes.event("VIEW", ""))).isEqualTo("success");
      laoke.reply = Reply.text("已绑定");
      assertThat(ownEndpoint(callback, Pushes.scan("lk:1"))).contains("已绑定");
    }
  }

  @Test
  void theGuidesArticlesReachThePeople(@TempDir Path folder) throws Exception {
    Path cover = folder.resolve("封面.png");
    Files.write(cover, ArticlesTest.png(1000));
    try (WeChatSimulator simulator = WeChatSimulator.start()) {
      SimulatedAccount platform =
          simulator.addAccount(
              AccountSpec.service().withAppId(Platform.APP_ID).withOriginalId(Pushes.GH));
      List<String> openids = new ArrayList<>();
      for (String name : List.of("张三", "李四")) {
        platform.follower(name).follow();
        openids.add(platform.follower(name).openId());
      }
      List<String> urls = new CopyOnWriteArrayList<>();
      try (OfficialAccount account =
              open(
                  Map.of(
                      "appid", platform.appId(),
                      "secret", platform.secret(),
                      "token", platform.token(),
                      "baseUrl", simulator.baseUrl()));
          Endpoint endpoint = new Endpoint(withReports(account, new Pushes.Receiver(), urls))) {
        platform.callbackUrl(endpoint.url());
        assertThat(push(account, cover, openids)).startsWith("await the report of ");
        assertThat(platform.follower("李四").chat()).hasSize(1);
        assertThat(push(account, cover, openids)).startsWith("repeat the very same in PT1M1S");
        simulator.advance(Duration.ofMinutes(2));
        assertThat(push(account, cover, openids)).startsWith("it was taken before, as ");
        simulator.settle();
        assertThat(urls).hasSize(1);
        assertThat(campaign(account, openids, new MassContent.Text("周末清洗五折")))
            .startsWith("0 without the tag; await the report of ");
        assertThat(platform.tags()).isEmpty();
        simulator.faults().onCall("/cgi-bin/message/mass/sendall").answer(89504);
        simulator.faults().onCall("/cgi-bin/message/mass/sendall").answer(45009);
        simulator.faults().onCall("/cgi-bin/message/mass/sendall").answer(48001);
        MassContent text = new MassContent.Text("周末清洗五折");
        assertThat(campaign(account, openids, text)).contains("请勿重复发送");
        assertThat(campaign(account, openids, text)).contains("send the same again in PT");
        assertThat(campaign(account, openids, text)).contains("认证的服务号");
      }
    }
  }

  @Test
  void theHostsOwnAnswersGoOut() {
    try (OfficialAccount account = WeChat.officialAccount(Pushes.settings().build())) {
      WeChatCallback callback = withOurOwn(account, new Pushes.Receiver());
      assertThat(Pushes.body(callback.handle(Pushes.plain(Pushes.text("营业时间？")))))
          .contains("每天 9:00–18:00");
      assertThat(Pushes.body(callback.handle(Pushes.plain(Pushes.text("你好")))))
          .isEqualTo("success");
    }
  }

  @Test
  void theErpsTokensAreUsed() {
    Map<String, String> cache = new ConcurrentHashMap<>();
    Platform.answers(wechat, Platform.SEND, Platform.accepted());
    try (OfficialAccount account =
        WeChat.officialAccount(
            Platform.settings(wechat).secret(null).tokenSource(new ErpTokens(cache)).build())) {
      assertThat(Platform.send(account, Platform.aMessage()))
          .isInstanceOf(SendOutcome.Accepted.class);
      assertThat(cache).containsKey("wechat");
    }
  }

  @Test
  void theGuideShowsExactlyThisCode() throws Exception {
    String guide = Files.readString(Path.of("README.md"));
    List<String> regions = new ArrayList<>();
    for (String file : List.of("GuideTest.java", "Endpoint.java")) {
      String source = Files.readString(Path.of("src/test/java/io/laoke/wechat", file));
      Matcher region =
          Pattern.compile("(?s) {2}// region ([a-z-]+)\n(.*?)\n *// endregion").matcher(source);
      while (region.find()) {
        regions.add(region.group(1));
        assertThat(guide).contains(region.group(2).stripTrailing().stripIndent());
      }
    }
    assertThat(regions)
        .containsExactly(
            "settings",
            "token-source",
            "calls",
            "more-calls",
            "articles",
            "tags",
            "mass-report",
            "accept",
            "otherwise",
            "endpoint");
  }

  @Test
  void theGuideHasAdviceForEveryCodeThatLaokeHasAdviceFor() throws Exception {
    String guide = Files.readString(Path.of("README.md"));
    for (int code : ErrorCodes.advised()) {
      assertThat(guide).contains(String.valueOf(code));
    }
    for (FieldType type : FieldType.values()) {
      assertThat(guide).contains(type.placeholder());
    }
  }
}
