package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.containing;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.error.ChannelException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.member.FollowerSource;
import io.laoke.message.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Followers, menu, customer service, quotas, and the JS-SDK's ticket. */
class NewCallsTest {
  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  private final Platform.MovableClock clock =
      new Platform.MovableClock(Instant.parse("2026-11-25T02:00:00Z"));
  private OfficialAccount account;

  @BeforeEach
  void open() {
    Platform.givesToken(wechat);
    account =
        new OfficialAccount(
            Platform.settings(wechat).clock(clock).callTimeout(Duration.ofSeconds(5)).build(),
            Duration.ofMillis(1));
  }

  @AfterEach
  void close() {
    account.close();
  }

  private static void page(String after, int total, String next, String... openids) {
    wechat.stubFor(
        get(urlPathEqualTo(Platform.FOLLOWERS))
            .withQueryParam("next_openid", after.isEmpty() ? absent() : equalTo(after))
            .willReturn(
                okJson(
                    "{\"total\":%d,\"count\":%d%s,\"next_openid\":\"%s\"}"
                        .formatted(
                            total,
                            openids.length,
                            openids.length == 0
                                ? ""
                                : Stream.of(openids)
                                    .collect(
                                        Collectors.joining(
                                            "\",\"", ",\"data\":{\"openid\":[\"", "\"]}")),
                            next))));
  }

  @Test
  void followersAreReadPageByPageAsTheyAreWanted() {
    page("", 5, "o2", "o1", "o2");
    page("o2", 5, "o4", "o3", "o4");
    page("o4", 5, "o5", "o5");
    page("o5", 5, "");
    Iterator<String> lazily = account.followers().all().iterator();
    wechat.verify(0, anyRequestedFor(urlPathEqualTo(Platform.FOLLOWERS)));
    assertThat(lazily.next()).isEqualTo("o1");
    assertThat(lazily.next()).isEqualTo("o2");
    wechat.verify(1, getRequestedFor(urlPathEqualTo(Platform.FOLLOWERS)));
    assertThat(account.followers().all()).containsExactly("o1", "o2", "o3", "o4", "o5");
    assertThat(account.followers().after("o4")).containsExactly("o5");
    assertThat(account.followers().page(Optional.of("o2")).total()).isEqualTo(5);
    assertThat(account.followers().page(Optional.of("o2"))).asString().doesNotContain("o3");
  }

  @Test
  void aRunThatFailedGoesOnWhereItStopped() {
    page("", 3, "o2", "o1", "o2");
    wechat.stubFor(
        get(urlPathEqualTo(Platform.FOLLOWERS))
            .withQueryParam("next_openid", equalTo("o2"))
            .willReturn(Platform.error(45009, "reach max api daily quota limit")));
    List<String> done = new ArrayList<>();
    assertThatThrownBy(() -> account.followers().all().forEach(done::add))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.retryable()).isTrue());
    assertThat(done).containsExactly("o1", "o2");
    page("o2", 3, "", "o3");
    assertThat(account.followers().after(done.get(1))).containsExactly("o3");
  }

  @Test
  void theEngineIsToldWhereTheListWasLostAndWhatIsKnownOfItsPeople() {
    FollowerSource source = account.capability(FollowerSource.class).orElseThrow();
    page("", 3, "o2", "o1", "o2");
    assertThat(source.page(Optional.empty()))
        .isEqualTo(new FollowerSource.Page(3, List.of("o1", "o2"), Optional.of("o2")));
    wechat.stubFor(
        get(urlPathEqualTo(Platform.FOLLOWERS))
            .withQueryParam("next_openid", equalTo("o2"))
            .willReturn(Platform.error(40003, "invalid openid")));
    assertThatThrownBy(() -> source.page(Optional.of("o2"))).isInstanceOf(NotFoundException.class);
    wechat.stubFor(
        get(urlPathEqualTo(Platform.FOLLOWERS))
            .willReturn(Platform.error(45009, "reach max api daily quota limit")));
    assertThatThrownBy(() -> source.page(Optional.empty()))
        .isInstanceOfSatisfying(ChannelException.class, e -> assertThat(e.retryable()).isTrue());
    wechat.stubFor(
        post(urlPathEqualTo(Platform.USERS))
            .willReturn(
                okJson(
                    "{\"user_info_list\":[{\"subscribe\":1,\"openid\":\"o1\",\"subscribe_time\":1766000000},"
                        + "{\"subscribe\":0,\"openid\":\"o2\"}]}")));
    assertThat(source.details(List.of("o1", "o2")))
        .containsExactly(
            new FollowerSource.Detail("o1", true, Optional.of(Instant.ofEpochSecond(1766000000))),
            new FollowerSource.Detail("o2", false, Optional.empty()));
    assertThat(source.details(List.of("o1", "o2")).toString()).doesNotContain("o1");
  }

  @Test
  void anAccountWithoutFollowersAndAListThatTurnsInACircle() {
    page("", 0, "");
    assertThat(account.followers().all()).isEmpty();
    page("", 2, "o1", "o1");
    page("o1", 2, "o1", "o1");
    assertThatThrownBy(() -> account.followers().all().toList())
        .isInstanceOf(WeChatException.class)
        .hasMessageContaining("does not go on");
  }

  @Test
  void setsAndReadsAMenu() {
    Menu menu =
        Menu.of(
            new Menu.Click("会员", "MENU_MEMBER"),
            Menu.Group.of(
                "服务",
                new Menu.View("报修", "https://dealer.example/repair?from=menu"),
                new Menu.MiniProgram("🛒𠮷商", "wx1", "pages/a?x=1", "https://dealer.example/shop"),
                new Menu.Other("扫产品码", "scancode_waitmsg", "MENU_SCAN"),
                new Menu.Other("保养指南", "article_id", "ART_1")));
    Platform.answers(wechat, Platform.MENU_CREATE, okJson("{\"errcode\":0,\"errmsg\":\"ok\"}"));
    account.menus().create(menu);
    String sent =
        """
        {"button":[{"name":"会员","type":"click","key":"MENU_MEMBER"},
         {"name":"服务","sub_button":[
          {"name":"报修","type":"view","url":"https://dealer.example/repair?from=menu"},
          {"name":"🛒𠮷商","type":"miniprogram","appid":"wx1","pagepath":"pages/a?x=1",
           "url":"https://dealer.example/shop"},
          {"name":"扫产品码","type":"scancode_waitmsg","key":"MENU_SCAN"},
          {"name":"保养指南","type":"article_id","article_id":"ART_1"}]}]}\
        """;
    wechat.verify(
        postRequestedFor(urlPathEqualTo(Platform.MENU_CREATE)).withRequestBody(equalToJson(sent)));
    assertThat(wechat.getAllServeEvents().get(0).getRequest().getBodyAsString())
        .as("WeChat refuses escapes (40033), those of emoji and rare characters too")
        .contains("会员", "🛒𠮷商")
        .doesNotContain("\\u");
    Platform.answers(wechat, Platform.MENU_GET, okJson("{\"menu\":" + sent + "}"));
    assertThat(account.menus().read()).contains(menu);
    Platform.answers(wechat, Platform.MENU_GET, Platform.error(46003, "menu no exist"));
    assertThat(account.menus().read()).isEmpty();
    Platform.answers(
        wechat,
        Platform.MENU_GET,
        okJson("{\"menu\":{\"button\":[{\"name\":\"a\",\"type\":\"tap it\\u0000\"}]}}"));
    assertThatThrownBy(() -> account.menus().read())
        .isInstanceOf(WeChatException.class)
        .hasMessageContaining("not of a form");
  }

  static Stream<Supplier<Menu>> wrongMenus() {
    Menu.Click fine = new Menu.Click("a", "b");
    return Stream.of(
        () -> Menu.of(),
        () -> Menu.of(fine, fine, fine, fine),
        () -> Menu.of(Menu.Group.of("a")),
        () -> Menu.of(Menu.Group.of("a", fine, fine, fine, fine, fine, fine)),
        () -> Menu.of(new Menu.Click("六个汉字太长", "b")),
        () -> Menu.of(Menu.Group.of("六个汉字太长", fine)),
        () -> Menu.of(Menu.Group.of("a", new Menu.Click("长".repeat(21), "b"))),
        () -> Menu.of(new Menu.Click(" ", "b")),
        () -> Menu.of(new Menu.Click("a\nb", "b")),
        () -> Menu.of(new Menu.Click("a", "")),
        () -> Menu.of(new Menu.Click("a", "键".repeat(43))),
        () -> Menu.of(new Menu.View("a", "dealer.example")),
        () -> Menu.of(new Menu.View("a", "javascript:alert(1)")),
        () -> Menu.of(new Menu.View("a", "https://a/" + "b".repeat(1015))),
        () -> Menu.of(new Menu.Other("a", "click", "b")));
  }

  @ParameterizedTest
  @MethodSource("wrongMenus")
  void refusesAMenuThatWeChatWouldRefuse(Supplier<Menu> menu) {
    assertThatThrownBy(menu::get).isInstanceOf(InvalidInputException.class);
  }

  @Test
  void takesTheLongestThatWeChatTakes() {
    assertThat(
            Menu.of(Menu.Group.of("五个汉字长", new Menu.Click("长".repeat(20), "键".repeat(42) + "ab")))
                .buttons())
        .hasSize(1);
  }

  @Test
  void sendsATextToWhoAskedJustNow() {
    Platform.answers(wechat, Platform.CUSTOM, okJson("{\"errcode\":0,\"errmsg\":\"ok\"}"));
    assertThat(Platform.say(account)).isEqualTo(new SendOutcome.Accepted("none", List.of()));
    wechat.verify(
        postRequestedFor(urlPathEqualTo(Platform.CUSTOM))
            .withRequestBody(
                equalToJson(
                    "{\"touser\":\"%s\",\"msgtype\":\"text\",\"text\":{\"content\":\"您的订单已绑定\"}}"
                        .formatted(Platform.OPENID))));
    account.customerService().text(Platform.OPENID, "👍 𠮷").toCompletableFuture().join();
    wechat.verify(
        postRequestedFor(urlPathEqualTo(Platform.CUSTOM)).withRequestBody(containing("👍 𠮷")));
    Platform.answers(wechat, Platform.CUSTOM, Platform.error(45015, "response out of time limit"));
    SendOutcome.Refused closed = (SendOutcome.Refused) Platform.say(account);
    assertThat(closed.why().adviceZh()).contains("48小时");
    assertThat(closed.alarm() || closed.recipientGone()).isFalse();
    for (String wrong : List.of("", " ", "长".repeat(683), "a".repeat(2049))) {
      assertThatThrownBy(() -> account.customerService().text(Platform.OPENID, wrong))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void readsAQuotaAndClearsItOnce() {
    Platform.answers(
        wechat,
        Platform.QUOTA,
        okJson(
            "{\"errcode\":0,\"quota\":{\"daily_limit\":\"100000\",\"used\":300,\"remain\":99700},"
                + "\"rate_limit\":{\"call_count\":600,\"refresh_second\":60}}"));
    assertThat(account.quotas().of(Platform.SEND))
        .isEqualTo(
            new ApiQuotas.Quota(
                100_000, 300, 99_700, Optional.of(new ApiQuotas.Rate(600, Duration.ofMinutes(1)))));
    Platform.answers(wechat, Platform.CLEAR_QUOTA, okJson("{\"errcode\":0,\"errmsg\":\"ok\"}"));
    account.quotas().clearAll();
    wechat.verify(
        postRequestedFor(urlPathEqualTo(Platform.CLEAR_QUOTA))
            .withRequestBody(equalToJson("{\"appid\":\"" + Platform.APP_ID + "\"}")));
    Platform.answers(wechat, Platform.CLEAR_QUOTA, aResponse().withStatus(502));
    assertThatThrownBy(() -> account.quotas().clearAll()).isInstanceOf(WeChatException.class);
    wechat.verify(2, anyRequestedFor(urlPathEqualTo(Platform.CLEAR_QUOTA)));
    Platform.answers(wechat, Platform.CLEAR_QUOTA, Platform.error(48006, "forbid to clear quota"));
    assertThatThrownBy(() -> account.quotas().clearAll())
        .isInstanceOfSatisfying(
            WeChatException.class, e -> assertThat(e.reason().adviceZh()).contains("清零次数"));
    for (String wrong : List.of("", "message/template/send", "/a?b=c", "https://a/b")) {
      assertThatThrownBy(() -> account.quotas().of(wrong))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  private static void ticket(String ticket) {
    Platform.answers(
        wechat,
        Platform.JS_TICKET,
        okJson("{\"errcode\":0,\"ticket\":\"" + ticket + "\",\"expires_in\":7200}"));
  }

  @Test
  void signsAPageWithTheTicketOfTheReference() {
    ticket(
        "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg");
    JsSdk.PageConfig page = account.jsSdk().sign("http://mp.weixin.qq.com?params=value#frag");
    assertThat(page.appId()).isEqualTo(Platform.APP_ID);
    assertThat(page.timestamp()).isEqualTo(clock.instant().getEpochSecond());
    assertThat(page.nonceStr()).matches("[A-Za-z0-9]{16}");
    assertThat(page.signature())
        .isEqualTo(
            JsSdkSignature.of(
                "sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg",
                page.nonceStr(),
                page.timestamp(),
                "http://mp.weixin.qq.com?params=value"));
    assertThat(account.jsSdk().sign("https://a.example/").nonceStr()).isNotEqualTo(page.nonceStr());
    wechat.verify(
        1,
        getRequestedFor(urlPathEqualTo(Platform.JS_TICKET))
            .withQueryParam("type", equalTo("jsapi")));
    for (String wrong : List.of("", "dealer.example", "ftp://a/b", "https://a b")) {
      assertThatThrownBy(() -> account.jsSdk().sign(wrong))
          .isInstanceOf(InvalidInputException.class);
    }
  }

  @Test
  void keepsATicketForItsTimeAndRenewsItAhead() {
    ticket("T1");
    account.jsSdk().sign("https://a.example/");
    ticket("T2");
    clock.move(Duration.ofMinutes(114));
    assertSignedBy("T1");
    clock.move(Duration.ofMinutes(2));
    assertSignedBy("T2");
    Platform.answers(wechat, Platform.JS_TICKET, Platform.error(45009, "quota"));
    clock.move(Duration.ofMinutes(116));
    assertSignedBy("T2"); // it still holds
    assertSignedBy("T2");
    wechat.verify(3, anyRequestedFor(urlPathEqualTo(Platform.JS_TICKET)));
    clock.move(Duration.ofMinutes(5));
    assertThatThrownBy(() -> account.jsSdk().sign("https://a.example/"))
        .isInstanceOf(WeChatException.class)
        .hasMessageNotContaining("T2");
  }

  private void assertSignedBy(String ticket) {
    JsSdk.PageConfig page = account.jsSdk().sign("https://a.example/");
    assertThat(page.signature())
        .isEqualTo(
            JsSdkSignature.of(ticket, page.nonceStr(), page.timestamp(), "https://a.example/"));
  }

  @Test
  void manyPagesAtOnceCauseOneCall() throws Exception {
    Platform.answers(
        wechat,
        Platform.JS_TICKET,
        okJson("{\"ticket\":\"T1\",\"expires_in\":7200}").withFixedDelay(300));
    int threads = 16;
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<JsSdk.PageConfig>> pages =
          IntStream.range(0, threads)
              .mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            start.await();
                            return account.jsSdk().sign("https://a.example/");
                          }))
              .toList();
      start.countDown();
      for (Future<JsSdk.PageConfig> page : pages) {
        assertThat(page.get().signature()).hasSize(40);
      }
    } finally {
      pool.shutdownNow();
    }
    wechat.verify(1, anyRequestedFor(urlPathEqualTo(Platform.JS_TICKET)));
  }
}
