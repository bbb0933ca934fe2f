package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.simulator.CallbackDelivery.Status;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pushes, their repeats, what the host may answer, and ordered callback faults. */
class CallbackTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final TestHost host = new TestHost();
  private final CountDownLatch end = new CountDownLatch(1);

  @AfterEach
  void stop() {
    end.countDown();
    simulator.close();
    host.close();
  }

  private SimulatedAccount account(PushMode mode) {
    return account(simulator, mode);
  }

  private SimulatedAccount account(WeChatSimulator on, PushMode mode) {
    return on.addAccount(AccountSpec.service().withMode(mode).withCallbackUrl(host.url()));
  }

  private String neverInTime() {
    try {
      return end.await(20, TimeUnit.SECONDS) ? "" : "";
    } catch (InterruptedException e) {
      return "";
    }
  }

  @Test
  void verifiesTheUrlByEchoing() {
    SimulatedAccount account = account(PushMode.SECURE);
    host.reply =
        got -> {
          assertThat(got.method()).isEqualTo("GET");
          assertThat(
                  PushCrypto.signature(
                      account.token(), got.query().get("timestamp"), got.query().get("nonce")))
              .isEqualTo(got.query().get("signature"));
          return got.query().get("echostr");
        };
    assertThat(account.verifyCallback()).isTrue();
    host.reply = got -> "no";
    assertThat(account.verifyCallback()).isFalse();
  }

  @Test
  void aSlowHostGetsTheSamePushThreeTimes() {
    try (WeChatSimulator impatient =
        WeChatSimulator.builder().callbackLimit(Duration.ofMillis(500)).start()) {
      host.reply = got -> neverInTime();
      Reaction reaction = account(impatient, PushMode.SECURE).follower("小王").follow();
      assertThat(reaction.attempts()).isEqualTo(3);
      assertThat(reaction.callbacks().get(0).status()).isEqualTo(Status.FAILED);
      assertThat(host.got).hasSize(3).allMatch(got -> got.equals(host.got.get(0)));
      assertThat(reaction.replies())
          .singleElement()
          .satisfies(
              notice -> {
                assertThat(notice.kind()).isEqualTo(ChatMessage.Kind.NOTICE);
                assertThat(notice.text()).isEqualTo("该公众号提供的服务出现故障，请稍后再试");
              });
    }
  }

  @Test
  void theLimitIsFiveSecondsUnlessSetOtherwise() {
    try (WeChatSimulator once = WeChatSimulator.builder().callbackTries(1).start()) {
      host.reply = got -> neverInTime();
      long before = System.nanoTime();
      Reaction reaction = account(once, PushMode.PLAIN).follower("小王").follow();
      assertThat(Duration.ofNanos(System.nanoTime() - before))
          .isBetween(Duration.ofMillis(4900), Duration.ofSeconds(15));
      assertThat(reaction.attempts()).isEqualTo(1);
    }
  }

  @Test
  void aRepeatThatIsAnsweredEndsIt() {
    try (WeChatSimulator impatient =
        WeChatSimulator.builder().callbackLimit(Duration.ofMillis(1500)).start()) {
      SimulatedAccount account = account(impatient, PushMode.PLAIN);
      AtomicInteger tries = new AtomicInteger();
      host.reply =
          got -> tries.incrementAndGet() == 1 ? neverInTime() : Replies.text(account, got, "第二次");
      Reaction reaction = account.follower("小王").follow();
      assertThat(reaction.reply()).contains("第二次");
      assertThat(reaction.attempts()).isEqualTo(2);
      assertThat(reaction.callbacks().get(0).attempts().get(0).problem())
          .contains("no answer within");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 502, 403, 302})
  void aBadStatusIsRepeatedToo(int status) {
    SimulatedAccount account = account(PushMode.PLAIN);
    host.status = status;
    Reaction reaction = account.follower("小王").follow();
    assertThat(reaction.attempts()).isEqualTo(3);
    assertThat(reaction.delivered()).isFalse();
    assertThat(reaction.callbacks().get(0).attempts())
        .extracting(CallbackDelivery.Attempt::httpStatus)
        .containsOnly(status);
  }

  @Test
  void aClosedHostIsTriedAndNoted() {
    SimulatedAccount account = account(PushMode.PLAIN);
    host.close();
    Reaction reaction = account.follower("小王").follow();
    assertThat(reaction.attempts()).isEqualTo(3);
    assertThat(reaction.callbacks().get(0).status()).isEqualTo(Status.FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "success", " success\n"})
  void nothingToSayIsFine(String answer) {
    SimulatedAccount account = account(PushMode.SECURE);
    host.reply = got -> answer;
    Reaction reaction = account.follower("小王").follow();
    assertThat(reaction.delivered()).isTrue();
    assertThat(reaction.replies()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(PushMode.class)
  void unusableAnswersShowTheNotice(PushMode mode) {
    SimulatedAccount account = account(mode);
    Follower wang = account.follower("小王");
    wang.follow();
    List<Function<String, String>> spoiled =
        List.of(
            good -> "ok",
            good -> "{\"errcode\":0}",
            good -> "<xml>",
            good -> "<!DOCTYPE a [<!ENTITY b \"c\">]>" + good,
            good -> good.replace("<xml>", "<yml>").replace("</xml>", "</yml>"),
            good -> good.replace(wang.openId(), account.originalId()),
            good -> good.replace("FromUserName><![CDATA[gh", "FromUserName><![CDATA[xx"),
            good -> good.replace("[text]", "[song]"),
            good -> good.replace("1766000001", "now"),
            good -> good.replace("你好", ""),
            good -> good.replace("你好", "长".repeat(683)));
    for (Function<String, String> spoil : spoiled) {
      host.reply =
          got -> {
            String answer = spoil.apply(Replies.plainText(account, got, "你好"));
            boolean seal = mode != PushMode.PLAIN && answer.contains("ToUserName");
            return seal
                ? Replies.sealed(account.token(), account.encodingAesKey(), account.appId(), answer)
                : answer;
          };
      Reaction reaction = wang.say("在吗");
      assertThat(reaction.callbacks().get(0).status()).isEqualTo(Status.BAD_ANSWER);
      assertThat(reaction.attempts()).as("no repeat after an answer").isEqualTo(1);
      assertThat(reaction.replies())
          .extracting(ChatMessage::kind)
          .containsExactly(ChatMessage.Kind.NOTICE);
    }
  }

  @Test
  void secureModeWantsSealedRepliesWithTheRightSealAndPlainModePlainOnes() {
    SimulatedAccount secure = account(PushMode.SECURE);
    Follower wang = secure.follower("小王");
    host.reply = got -> Replies.plainText(secure, got, "你好");
    assertThat(wang.follow().callbacks().get(0).attempts().get(0).problem())
        .isEqualTo("a plain reply in secure mode");
    host.reply = got -> Replies.text(secure, got, "你好").replace("<TimeStamp>1", "<TimeStamp>2");
    assertThat(wang.say("1").callbacks().get(0).attempts().get(0).problem())
        .contains("MsgSignature");
    host.reply =
        got ->
            Replies.sealed(
                secure.token(),
                secure.encodingAesKey(),
                "wxother",
                Replies.plainText(secure, got, "你好"));
    assertThat(wang.say("2").callbacks().get(0).attempts().get(0).problem())
        .contains("another appid");
    SimulatedAccount plain = account(PushMode.PLAIN);
    host.reply =
        got ->
            Replies.sealed(
                plain.token(),
                plain.encodingAesKey(),
                plain.appId(),
                Replies.plainText(plain, got, "你好"));
    assertThat(plain.follower("小王").follow().callbacks().get(0).attempts().get(0).problem())
        .isEqualTo("an encrypted reply in plain mode");
    SimulatedAccount both = account(PushMode.COMPATIBLE);
    host.reply = got -> Replies.plainText(both, got, "明文");
    assertThat(both.follower("小王").follow().reply()).contains("明文");
    host.reply = got -> Replies.text(both, got, "密文");
    assertThat(both.follower("小王").say("1").reply()).contains("密文");
  }

  @Test
  void strangeAnswersAreUnusableAndHarmless() {
    SimulatedAccount account = account(PushMode.PLAIN);
    Follower wang = account.follower("小王");
    host.reply = got -> "<xml>" + "<a>".repeat(100_000) + "</a>".repeat(100_000) + "</xml>";
    assertThat(problem(wang.follow())).contains("nested too deeply");
    host.reply =
        got ->
            "{\"ToUserName\":\"%s\",\"FromUserName\":\"%s\",\"CreateTime\":1,\"MsgType\":\"text\",\"Content\":\"a\"}"
                .formatted(wang.openId(), account.originalId());
    assertThat(problem(wang.say("1"))).contains("JSON answer to an XML push");
    account.format(PushFormat.JSON);
    assertThat(wang.say("2").reply()).contains("a");
    account.format(PushFormat.XML);
    host.reply = got -> Replies.plainText(account, got, "a") + "<more/>";
    assertThat(problem(wang.say("3"))).contains("neither success nor XML");
    host.reply =
        got -> Replies.plainText(account, got, "]]>").replace("]]>]]>", "]]]]><![CDATA[>]]>");
    assertThat(wang.say("4").reply()).contains("]]>");
  }

  private static String problem(Reaction reaction) {
    return reaction.callbacks().get(0).attempts().get(0).problem();
  }

  @Test
  void whatNoXmlMayHoldIsLeftOut() {
    SimulatedAccount account = account(PushMode.PLAIN);
    Follower wang = account.follower("小王");
    wang.follow();
    wang.say("a\u0000\u000b\ufffeb\n😀");
    assertThat(host.last().body()).contains("<![CDATA[ab\n😀]]>");
  }

  @Test
  void aCallbackUrlIsCheckedWhenItIsSet() {
    SimulatedAccount account = simulator.addAccount();
    for (String bad :
        List.of("localhost:8080/wechat", "/wechat", "ftp://h/w", "http:///w", "a b")) {
      assertThatThrownBy(() -> account.callbackUrl(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("callbackUrl");
      assertThatThrownBy(() -> AccountSpec.service().withCallbackUrl(bad))
          .hasMessageContaining("callbackUrl");
    }
    assertThat(account.follower("小王").follow().callbacks()).isEmpty();
  }

  @Test
  void otherKindsOfReplies() {
    SimulatedAccount account = account(PushMode.PLAIN);
    Follower wang = account.follower("小王");
    wang.follow();
    String head =
        "<xml><ToUserName>%s</ToUserName><FromUserName>%s</FromUserName><CreateTime>1</CreateTime>"
            .formatted(wang.openId(), account.originalId());
    host.reply =
        got ->
            head
                + "<MsgType>news</MsgType><ArticleCount>1</ArticleCount><Articles><item><Title>保养指南</Title><Description>三步</Description><PicUrl/><Url>https://d.example/a</Url></item></Articles></xml>";
    assertThat(wang.say("1").replies())
        .singleElement()
        .satisfies(
            news -> {
              assertThat(news.kind()).isEqualTo(ChatMessage.Kind.NEWS);
              assertThat(news.title()).isEqualTo("保养指南");
              assertThat(news.url()).isEqualTo("https://d.example/a");
            });
    host.reply = got -> head + "<MsgType>image</MsgType><Image><MediaId>m</MediaId></Image></xml>";
    assertThat(wang.say("2").reply()).contains("[image]");
    host.reply = got -> head + "<MsgType>transfer_customer_service</MsgType></xml>";
    assertThat(wang.say("3").replies()).isEmpty();
  }

  @Test
  void clicksAndPlainFollows() {
    SimulatedAccount account = account(PushMode.PLAIN);
    Follower wang = account.follower("小王");
    assertThat(wang.follow().callbacks().get(0).content())
        .contains("<EventKey><![CDATA[]]></EventKey>")
        .doesNotContain("Ticket");
    assertThat(wang.follow().callbacks()).isEmpty();
    assertThat(wang.click("MENU_SERVICE").callbacks().get(0).content())
        .contains("<Event><![CDATA[CLICK]]>", "<EventKey><![CDATA[MENU_SERVICE]]>");
    wang.unfollow();
    assertThat(wang.unfollow().callbacks()).isEmpty();
    assertThat(account.callbacks())
        .extracting(CallbackDelivery::event)
        .containsExactly("subscribe", "CLICK", "unsubscribe");
  }

  @Test
  void lostTwiceLateHeldAndForgedPushes() {
    SimulatedAccount account = account(PushMode.SECURE);
    Follower wang = account.follower("小王");
    wang.follow();
    host.got.clear();

    simulator.faults().onCallback("text").lose();
    assertThat(wang.say("lost").callbacks().get(0).status()).isEqualTo(Status.LOST);
    assertThat(host.got).isEmpty();

    simulator.faults().onCallback("text").twice();
    assertThat(wang.say("twice").attempts()).isEqualTo(2);
    assertThat(host.got).hasSize(2);
    assertThat(host.got.get(0)).isEqualTo(host.got.get(1));

    host.got.clear();
    simulator.faults().onAnyCallback().times(2).hold();
    wang.say("a");
    wang.say("b");
    wang.say("c");
    assertThat(account.callbacks()).filteredOn(c -> c.status() == Status.HELD).hasSize(2);
    simulator.faults().releaseHeld();
    assertThat(host.got)
        .extracting(got -> Replies.open(account, got))
        .satisfiesExactly(
            c -> assertThat(c).contains("[c]"),
            b -> assertThat(b).contains("[b]"),
            a -> assertThat(a).contains("[a]"));

    host.got.clear();
    simulator.faults().onCallback("text").late(Duration.ofMillis(800));
    assertThat(wang.say("late").callbacks().get(0).status()).isEqualTo(Status.PENDING);
    wang.say("early");
    simulator.settle();
    assertThat(host.got)
        .extracting(got -> Replies.open(account, got))
        .satisfiesExactly(
            early -> assertThat(early).contains("[early]"),
            late -> assertThat(late).contains("[late]"));

    simulator.faults().onCallback("text").wrongSignature();
    wang.say("forged");
    assertThat(forged(account)).isTrue();
    simulator.faults().onCallback("text").stale(Duration.ofMinutes(10));
    wang.say("old");
    assertThat(Long.parseLong(host.last().query().get("timestamp")))
        .isLessThan(simulator.clock().instant().getEpochSecond() - 590);
    assertThat(forged(account)).isFalse();
  }

  private boolean forged(SimulatedAccount account) {
    try {
      Replies.open(account, host.last());
      return false;
    } catch (AssertionError e) {
      return true;
    }
  }

  @Test
  void aChangedKeyAndForeignAppids() throws Exception {
    SimulatedAccount account = account(PushMode.SECURE);
    Follower wang = account.follower("小王");
    wang.follow();
    String before = account.encodingAesKey();
    account.encodingAesKey(AccountSpec.service().encodingAesKey());
    wang.say("new key");
    assertThat(Replies.open(account, host.last())).contains("[new key]");
    simulator.faults().onCallback("text").withPreviousKey();
    host.reply =
        got ->
            Replies.sealed(
                account.token(), before, account.appId(), Replies.plainText(account, got, "旧钥匙"));
    assertThat(wang.say("old key").reply()).contains("旧钥匙");
    assertThat(
            new PushCrypto(before, account.appId()).decrypt(Replies.encrypted(host.last().body())))
        .contains("[old key]");
    simulator.faults().onCallback("text").wrongAppId();
    wang.say("foreign");
    assertThat(forged(account)).isTrue();
  }

  @Test
  void movedTimeMovesCreateTimeButNotTheSignature() {
    SimulatedAccount account = account(PushMode.PLAIN);
    simulator.advance(Duration.ofDays(3));
    account.follower("小王").follow();
    long wire = Long.parseLong(host.last().query().get("timestamp"));
    long now = simulator.clock().instant().getEpochSecond();
    assertThat(now - wire).isBetween(3 * 86_400L - 60, 3 * 86_400L + 60);
    String created = host.last().body().replaceFirst("(?s).*<CreateTime>(\\d+)<.*", "$1");
    assertThat(Long.parseLong(created)).isBetween(now - 60, now);
  }

  @Test
  void scanningACodeOfAnotherAccountFollowsThatOne() {
    SimulatedAccount first = account(PushMode.PLAIN);
    SimulatedAccount second = account(PushMode.PLAIN);
    String url = new TestClient(simulator, second).qr("b", 60).path("url").asText();
    first.follower("小王").scan(url);
    assertThat(first.follower("小王").following()).isFalse();
    assertThat(second.follower("小王").following()).isTrue();
  }

  @Test
  void lookingAtTheProfileWithoutFollowingTellsNobody() {
    SimulatedAccount account = account(PushMode.PLAIN);
    String url = new TestClient(simulator, account).qr("b", 60).path("url").asText();
    Follower wang = account.follower("小王");
    assertThat(wang.scanWithoutFollowing(url).shown()).isEqualTo("公众号资料页");
    assertThat(wang.scanWithoutFollowing("what").shown()).contains("无法识别");
    simulator.advance(Duration.ofMinutes(1));
    assertThat(wang.scanWithoutFollowing(url).shown()).isEqualTo("二维码已过期");
    assertThat(host.got).isEmpty();
  }

  @Test
  void aHostMayCallThePlatformWhileItAnswers() {
    SimulatedAccount account = account(PushMode.PLAIN);
    TestClient client = new TestClient(simulator, account);
    account.addTemplate("T", "通知", "内容:{{thing1.DATA}}");
    Follower wang = account.follower("小王");
    host.reply =
        got -> {
          if (got.body().contains("subscribe")) {
            client.send(wang.openId(), "T", "", "thing1", "欢迎");
          }
          return "success";
        };
    assertThat(wang.follow().attempts()).isEqualTo(1);
    simulator.settle();
    assertThat(wang.cards()).hasSize(1);
    assertThat(account.callbacks("TEMPLATESENDJOBFINISH")).hasSize(1);
  }

  @Test
  void recordsAreForgottenOnDemandAndNumberedOn() {
    SimulatedAccount account = account(PushMode.PLAIN);
    account.follower("小王").follow();
    new TestClient(simulator, account).token();
    simulator.forgetRecords();
    assertThat(simulator.calls()).isEmpty();
    assertThat(simulator.callbacks()).isEmpty();
    account.follower("小李").follow();
    assertThat(simulator.callbacks()).extracting(CallbackDelivery::number).containsExactly(2L);
    assertThat(account.people()).hasSize(2);
  }

  @Test
  void settlingWaitsForWhatOthersAreDoing() {
    SimulatedAccount account = account(PushMode.PLAIN);
    CountDownLatch asked = new CountDownLatch(1);
    host.reply =
        got -> {
          asked.countDown();
          try {
            return end.await(300, TimeUnit.MILLISECONDS) ? "" : "success";
          } catch (InterruptedException e) {
            return "";
          }
        };
    Thread other = new Thread(() -> account.follower("小王").follow());
    other.start();
    try {
      assertThat(asked.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    simulator.settle();
    assertThat(account.callbacks("subscribe").get(0).status()).isEqualTo(Status.DELIVERED);
  }
}
