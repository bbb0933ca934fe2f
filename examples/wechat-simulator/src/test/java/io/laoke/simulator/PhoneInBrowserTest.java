package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The phone page in a real Chromium. Without one the tests are skipped, and fail where {@code CI}
 * is set.
 */
@Timeout(90)
class PhoneInBrowserTest {
  private static final String AT_END =
      "const s = document.getElementById('screen');"
          + "return s.scrollHeight - s.scrollTop - s.clientHeight < 2";
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final TestHost host = new TestHost();
  private final SimulatedAccount account =
      simulator.addAccount(AccountSpec.service().withCallbackUrl(host.url()));
  private final TestClient client = new TestClient(simulator, account);
  private @Nullable Browser browser;

  @BeforeEach
  void open() {
    if (System.getenv("CI") == null) {
      Assumptions.assumeTrue(
          Browser.isInstalled(), "skipped: no chromium and chromium-driver on this machine");
    }
    browser = new Browser();
    account.follower("小王");
    account.addTemplate("T", "订单状态通知", "订单号:{{character_string1.DATA}}\n状态:{{phrase2.DATA}}");
  }

  @AfterEach
  void stop() {
    if (browser != null) {
      browser.close();
    }
    simulator.close();
    host.close();
  }

  private Browser browser() {
    return Objects.requireNonNull(browser);
  }

  private List<String> texts(String css) {
    return browser().texts(css);
  }

  private void click(String css) {
    browser().click(css);
  }

  private void shows(String css, String... texts) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions() // a part may be redrawn while it is read
        .untilAsserted(() -> assertThat(texts(css)).contains(texts));
  }

  @ParameterizedTest
  @CsvSource({"1440,900", "390,844"})
  void aCustomerScansChatsAndReadsACard(int width, int height, @TempDir Path folder)
      throws Exception {
    host.reply =
        got ->
            got.body().contains("[event]")
                ? got.body().contains("[subscribe]")
                    ? Replies.text(account, got, "订单已绑定")
                    : "success"
                : Replies.text(account, got, "<script>alert(1)</script>");
    Path image = folder.resolve("code.jpg");
    Files.write(image, QrImages.jpeg(client.qr("a", 60).path("url").asText()));
    if (width < 500) {
      browser().phone(width, height);
    } else {
      browser().size(width, height);
    }
    browser().open(simulator.baseUrl() + "/");
    shows(".profile h2", account.name());

    click("#open-scan");
    browser().type(".sheet-body input[type=file]", image.toString());
    shows(".bubble", "订单已绑定");
    browser().type("#foot input", "在吗");
    click("#foot button");
    shows(".mine .bubble", "在吗");
    shows(".bubble", "<script>alert(1)</script>");

    browser().type("#foot input", "没写完");
    client.send(
        account.follower("小王").openId(), "T", "", "character_string1", "SO-1", "phrase2", "已发货");
    shows(".card h3", "订单状态通知");
    assertThat(texts(".card dd")).containsExactly("SO-1", "已发货");
    assertThat(browser().run("return document.querySelector('#foot input').value"))
        .isEqualTo("没写完");

    click("#open-more");
    click(".sheet-body .danger");
    shows(".notice", "你已不再关注该公众号");
    assertThat(account.follower("小王").following()).isFalse();
    assertThat(browser().run("return document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({"1280,800", "390,844"})
  void articlesServiceMessagesAndTheMenuAreShown(int width, int height) throws Exception {
    Follower wang = account.follower("小王");
    wang.follow();
    client.post(
        "/cgi-bin/menu/create",
        "{\"button\":[{\"type\":\"click\",\"name\":\"会员\",\"key\":\"M\"},{\"name\":\"服务\",\"sub_button\":[{\"type\":\"click\",\"name\":\"报修\",\"key\":\"REPAIR\"}]}]}");
    client.post(
        "/cgi-bin/message/mass/sendall",
        "{\"filter\":{\"is_to_all\":true},\"mpnews\":{\"media_id\":\"%s\"},\"msgtype\":\"mpnews\"}"
            .formatted(client.draft("净水器滤芯多久换一次")));
    if (width < 500) {
      browser().phone(width, height);
    } else {
      browser().size(width, height);
    }
    browser().open(simulator.baseUrl() + "/");
    shows(".articles h3", "净水器滤芯多久换一次");
    assertThat(browser().run("return document.querySelector('.articles .cover img').src"))
        .contains(simulator.baseUrl() + "/_sim/material?media_id=");
    click(".top-article");
    assertThat(browser().run("return document.querySelector('#reader iframe').src"))
        .contains("/_sim/article?account=" + account.appId());
    assertThat(browser().run("return document.querySelector('#reader iframe').sandbox.value"))
        .doesNotContain("allow-scripts");
    click(".reader-back");
    assertThat(browser().run("return document.querySelector('#reader').hidden")).isEqualTo("true");
    shows(".menu button", "会员", "≡ 服务");
    click(".menu > div:nth-child(2) > button");
    click(".menu .sub button");
    await().atMost(Duration.ofSeconds(60)).until(() -> !account.callbacks("CLICK").isEmpty());
    client.post(
        "/cgi-bin/message/custom/send",
        "{\"touser\":\"%s\",\"msgtype\":\"text\",\"text\":{\"content\":\"师傅明天上午联系您\"}}"
            .formatted(wang.openId()));
    shows(".bubble", "师傅明天上午联系您");
    client.post(
        "/cgi-bin/message/mass/delete",
        "{\"msg_id\":%d}".formatted(account.massJobs().get(0).msgId()));
    shows(".articles .gone", "该内容已被发布者删除");
    assertThat(browser().run("return document.documentElement.scrollWidth <= innerWidth"))
        .isEqualTo("true");
  }

  @Test
  void theDeskOrdersFaultsAndMovesTime() {
    browser().size(1440, 900);
    browser().open(simulator.baseUrl() + "/");
    shows("#people strong", "小王");
    click("#fault-form button");
    shows("#faults li", "任何接口：应答 -1，还剩 1 次");
    assertThat(simulator.faults().pending()).hasSize(1);
    click("#clear-faults");
    await().atMost(Duration.ofSeconds(60)).until(() -> simulator.faults().pending().isEmpty());
    click("#jumps button[data-s='86400']");
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(texts("#clock").get(0)).contains("快进 1 天"));
    browser().type("#new-person input", "李阿姨");
    click("#new-person button");
    shows("#me-name", "李阿姨");
    assertThat(account.people()).extracting(Follower::name).containsExactly("小王", "李阿姨");
  }

  @Test
  void aLongChatOpensAtItsEndAndFollowsNewMessages() {
    Follower wang = account.follower("小王");
    wang.follow();
    for (int i = 1; i <= 30; i++) {
      wang.say("第" + i + "句");
    }
    browser().phone(390, 844);
    browser().open(simulator.baseUrl() + "/");
    shows(".mine .bubble", "第30句");
    assertThat(browser().run(AT_END)).isEqualTo("true");
    wang.say("再一句");
    shows(".mine .bubble", "再一句");
    assertThat(browser().run(AT_END)).isEqualTo("true");
    wang.unfollow();
    shows(".notice", "你已不再关注该公众号");
    assertThat(browser().run(AT_END)).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({"320,周太太,恒信家电服务号", "320,欧阳诗涵家的老阿姨,恒信家电旗舰服务号", "400,欧阳诗涵家的老阿姨,恒信家电旗舰服务号"})
  void namesStayApartInTheBar(int width, String person, String title) {
    account.follower(person);
    browser().phone(width, 600);
    browser()
        .open(
            simulator.baseUrl()
                + "/?person="
                + java.net.URLEncoder.encode(person, java.nio.charset.StandardCharsets.UTF_8));
    shows("#me-name", person);
    String gaps =
        "document.getElementById('title').textContent = arguments[0];"
            + "const at = id => document.getElementById(id).getBoundingClientRect();"
            + "return at('title').left - at('open-people').right >= 4"
            + " && at('open-scan').left - at('title').right >= 4"
            + " && at('me-name').width >= 40 && at('title').width >= 90";
    assertThat(browser().run(gaps.replace("arguments[0]", "'" + title + "'"))).isEqualTo("true");
  }

  @Test
  void aLinkOpensThePhoneAndScans() {
    String code = client.qr("a", 60).path("url").asText();
    browser()
        .open(
            simulator.baseUrl()
                + "/?person=%E6%96%B0%E4%BA%BA&scan="
                + java.net.URLEncoder.encode(code, java.nio.charset.StandardCharsets.UTF_8));
    await().atMost(Duration.ofSeconds(60)).until(() -> account.follower("新人").following());
    shows("#me-name", "新人");
    assertThat(browser().run("return location.href")).isEqualTo(simulator.baseUrl() + "/");
  }
}
