package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static io.laoke.wechat.Platform.ACCESS_TOKEN;
import static io.laoke.wechat.Platform.QRCODE;
import static io.laoke.wechat.Platform.SEND;
import static io.laoke.wechat.Platform.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.laoke.binding.ScanCodes;
import io.laoke.message.SendOutcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenTest {
  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort().containerThreads(80))
          .build();

  private final List<OfficialAccount> accounts = new ArrayList<>();

  @AfterEach
  void close() {
    accounts.forEach(OfficialAccount::close);
  }

  @Test
  void asksForAStableTokenInNormalModeAndKeepsIt() {
    Platform.givesToken(wechat);
    Platform.answers(wechat, SEND, Platform.accepted());
    OfficialAccount account = opened(Platform.settings(wechat));
    for (int i = 0; i < 5; i++) {
      assertThat(Platform.send(account, Platform.aMessage()))
          .isInstanceOf(SendOutcome.Accepted.class);
    }
    wechat.verify(
        1,
        postRequestedFor(urlPathEqualTo(TOKEN))
            .withRequestBody(
                equalToJson(
                    "{\"grant_type\":\"client_credential\",\"appid\":\""
                        + Platform.APP_ID
                        + "\",\"secret\":\""
                        + Platform.SECRET
                        + "\",\"force_refresh\":false}")));
    wechat.verify(
        5,
        postRequestedFor(urlPathEqualTo(SEND))
            .withQueryParam("access_token", equalTo(ACCESS_TOKEN)));
  }

  @Test
  void fetchesOnceForManyThreads() {
    wechat.stubFor(
        post(urlPathEqualTo(TOKEN))
            .willReturn(Platform.token(ACCESS_TOKEN, 7200).withFixedDelay(300)));
    Platform.answers(wechat, SEND, Platform.accepted());
    assertThat(sendFrom64Threads(opened(Platform.settings(wechat))))
        .allMatch(SendOutcome.Accepted.class::isInstance);
    wechat.verify(1, postRequestedFor(urlPathEqualTo(TOKEN)));
  }

  @ParameterizedTest
  @ValueSource(ints = {40001, 40014, 42001})
  void renewsARefusedTokenExactlyOnceUnderManyThreads(int errcode) {
    wechat.stubFor(
        post(urlPathEqualTo(TOKEN))
            .inScenario("token")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(Platform.token("OLD", 7200))
            .willSetStateTo("renewed"));
    wechat.stubFor(
        post(urlPathEqualTo(TOKEN))
            .inScenario("token")
            .whenScenarioStateIs("renewed")
            .willReturn(Platform.token("NEW", 7200)));
    wechat.stubFor(
        post(urlPathEqualTo(SEND))
            .withQueryParam("access_token", equalTo("OLD"))
            .willReturn(Platform.error(errcode, "invalid credential").withFixedDelay(20)));
    wechat.stubFor(
        post(urlPathEqualTo(SEND))
            .withQueryParam("access_token", equalTo("NEW"))
            .willReturn(Platform.accepted()));
    assertThat(sendFrom64Threads(opened(Platform.settings(wechat))))
        .allMatch(SendOutcome.Accepted.class::isInstance);
    wechat.verify(2, postRequestedFor(urlPathEqualTo(TOKEN)));
    wechat.verify(
        64, postRequestedFor(urlPathEqualTo(SEND)).withQueryParam("access_token", equalTo("NEW")));
  }

  @Test
  void givesUpAfterTheSecondRefusalWithAdvice() {
    Platform.givesToken(wechat);
    Platform.answers(wechat, SEND, Platform.error(40001, "invalid credential"));
    SendOutcome outcome = Platform.send(opened(Platform.settings(wechat)), Platform.aMessage());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            SendOutcome.Misconfigured.class,
            m -> {
              assertThat(m.scope()).isEqualTo(SendOutcome.Scope.ACCOUNT);
              assertThat(m.why().code()).isEqualTo("40001");
              assertThat(m.why().advice()).contains("two access tokens");
              assertThat(m.why().adviceZh()).contains("TokenSource");
            });
    wechat.verify(2, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @Test
  void doesNotRenewForCodesThatOnlySoundLikeIt() {
    Platform.givesToken(wechat);
    Platform.answers(wechat, SEND, Platform.error(41001, "access_token missing"));
    Platform.send(opened(Platform.settings(wechat)), Platform.aMessage());
    wechat.verify(1, postRequestedFor(urlPathEqualTo(TOKEN)));
    wechat.verify(1, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @Test
  void renewsFiveMinutesAheadWithoutLettingAnybodyWait() {
    Platform.MovableClock clock = new Platform.MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
    wechat.stubFor(
        post(urlPathEqualTo(TOKEN))
            .inScenario("ahead")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(Platform.token("OLD", 7200))
            .willSetStateTo("next"));
    wechat.stubFor(
        post(urlPathEqualTo(TOKEN))
            .inScenario("ahead")
            .whenScenarioStateIs("next")
            .willReturn(Platform.token("NEW", 7200).withFixedDelay(1500)));
    Platform.answers(wechat, SEND, Platform.accepted());
    OfficialAccount account = opened(Platform.settings(wechat).clock(clock));
    Platform.send(account, Platform.aMessage());
    clock.move(Duration.ofMinutes(114));
    Platform.send(account, Platform.aMessage());
    wechat.verify(1, postRequestedFor(urlPathEqualTo(TOKEN)));
    clock.move(Duration.ofMinutes(1).plusSeconds(1));
    long before = System.nanoTime();
    Platform.send(account, Platform.aMessage());
    assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofMillis(1400));
    wechat.verify(
        3, postRequestedFor(urlPathEqualTo(SEND)).withQueryParam("access_token", equalTo("OLD")));
    await()
        .untilAsserted(
            () -> {
              Platform.send(account, Platform.aMessage());
              wechat.verify(
                  postRequestedFor(urlPathEqualTo(SEND))
                      .withQueryParam("access_token", equalTo("NEW")));
            });
    wechat.verify(2, postRequestedFor(urlPathEqualTo(TOKEN)));
  }

  @Test
  void keepsTheOldTokenToItsEndWhenItsSuccessorCannotBeFetched() {
    Platform.MovableClock clock = new Platform.MovableClock(Instant.parse("2026-11-24T00:00:00Z"));
    Platform.givesToken(wechat);
    Platform.answers(wechat, SEND, Platform.accepted());
    OfficialAccount account = opened(Platform.settings(wechat).clock(clock));
    Platform.send(account, Platform.aMessage());
    Platform.answers(wechat, TOKEN, Platform.error(-1, "system error"));
    clock.move(Duration.ofMinutes(116));
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOf(SendOutcome.Accepted.class);
    clock.move(Duration.ofMinutes(5));
    assertThat(Platform.send(account, Platform.aMessage())).isInstanceOf(SendOutcome.Later.class);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        40001, 40002, 40013, 40125, 40164, 40243, 41002, 41004, 43002, 50004, 50007, 89503, 89506,
        89507, 123456
      })
  void aRefusedCredentialPausesTheAccountWithoutRepeating(int errcode) {
    Platform.answers(
        wechat, TOKEN, Platform.error(errcode, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7"));
    SendOutcome outcome = Platform.send(opened(Platform.settings(wechat)), Platform.aMessage());
    assertThat(outcome)
        .isInstanceOfSatisfying(
            SendOutcome.Misconfigured.class,
            m -> {
              assertThat(m.scope()).isEqualTo(SendOutcome.Scope.ACCOUNT);
              assertThat(m.why().code()).isEqualTo(String.valueOf(errcode));
              assertThat(m.why().text()).contains("rid: " + Platform.RID, TOKEN);
            });
    wechat.verify(1, postRequestedFor(urlPathEqualTo(TOKEN)));
    wechat.verify(0, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @Test
  void namesTheAddressThatMustBeWhitelisted() {
    Platform.answers(
        wechat,
        TOKEN,
        Platform.error(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"));
    assertThatThrownBy(() -> qr(opened(Platform.settings(wechat))))
        .isInstanceOfSatisfying(
            WeChatException.class,
            e -> {
              assertThat(e.code()).isEqualTo(40164);
              assertThat(e.rid()).contains(Platform.RID);
              assertThat(e.path()).isEqualTo(TOKEN);
              assertThat(e.retryable()).isFalse();
              assertThat(e.reason().advice()).startsWith("Add 203.0.113.7 to");
              assertThat(e.reason().adviceZh()).contains("把 203.0.113.7 加入");
            })
        .hasMessageNotContainingAny(Platform.SECRET, ACCESS_TOKEN);
  }

  @Test
  void aWrongSecretIsSaidToBeOne() {
    Platform.answers(wechat, TOKEN, Platform.error(40001, "invalid credential"));
    assertThatThrownBy(() -> qr(opened(Platform.settings(wechat))))
        .hasMessageContainingAll("40001", "AppSecret is wrong");
    wechat.verify(1, postRequestedFor(urlPathEqualTo(TOKEN)));
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 45011, 268487001, 268487002})
  void aBusyTokenEndpointMeansLater(int errcode) {
    Platform.answers(wechat, TOKEN, Platform.error(errcode, "system error"));
    assertThat(Platform.send(opened(Platform.settings(wechat)), Platform.aMessage()))
        .isInstanceOfSatisfying(
            SendOutcome.Later.class, later -> assertThat(later.after()).isPositive());
    wechat.verify(0, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"RESET", "EMPTY", "MALFORMED", "500", "TEXT", "NO_TOKEN", "SLOW"})
  void withoutATokenAMessageIsCertainlyNotSent(String how) {
    Platform.answers(
        wechat,
        TOKEN,
        switch (how) {
          case "RESET" -> Platform.fault(Fault.CONNECTION_RESET_BY_PEER);
          case "EMPTY" -> Platform.fault(Fault.EMPTY_RESPONSE);
          case "MALFORMED" -> Platform.fault(Fault.MALFORMED_RESPONSE_CHUNK);
          case "500" -> aResponse().withStatus(500);
          case "TEXT" -> aResponse().withBody("<html>not WeChat</html>");
          case "NO_TOKEN" -> okJson("{\"expires_in\":7200}");
          default -> Platform.token(ACCESS_TOKEN, 7200).withFixedDelay(4000);
        });
    SendOutcome outcome =
        Platform.send(
            opened(Platform.settings(wechat).callTimeout(Duration.ofSeconds(2))),
            Platform.aMessage());
    assertThat(outcome).isInstanceOf(SendOutcome.Later.class);
    wechat.verify(0, postRequestedFor(urlPathEqualTo(SEND)));
  }

  @Test
  void aHostsTokenIsUsedAndOurOwnNeverFetched() {
    AtomicReference<String> current = new AtomicReference<>("HOST-OLD");
    AtomicInteger refusals = new AtomicInteger();
    TokenSource source =
        new TokenSource() {
          @Override
          public String current() {
            return current.get();
          }

          @Override
          public void refused(String used) {
            refusals.incrementAndGet();
            current.compareAndSet(used, "HOST-NEW");
          }
        };
    wechat.stubFor(
        post(urlPathEqualTo(SEND))
            .withQueryParam("access_token", equalTo("HOST-OLD"))
            .willReturn(Platform.error(42001, "access_token expired")));
    wechat.stubFor(
        post(urlPathEqualTo(SEND))
            .withQueryParam("access_token", equalTo("HOST-NEW"))
            .willReturn(Platform.accepted()));
    OfficialAccount account = opened(Platform.settings(wechat).secret(null).tokenSource(source));
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOf(SendOutcome.Accepted.class);
    assertThat(refusals).hasValue(1);
    wechat.verify(0, postRequestedFor(urlPathEqualTo(TOKEN)));
  }

  @Test
  void aHostWithoutATokenLetsTheMessageWait() {
    TokenSource broken =
        new TokenSource() {
          @Override
          public String current() {
            throw new IllegalStateException("redis://user:password@cache is down");
          }

          @Override
          public void refused(String used) {}
        };
    OfficialAccount account = opened(Platform.settings(wechat).secret(null).tokenSource(broken));
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOfSatisfying(
            SendOutcome.Later.class,
            later -> {
              assertThat(later.why().code()).isEqualTo("TOKEN_SOURCE");
              assertThat(later.why().toString()).doesNotContain("password");
            });
    wechat.verify(
        0, postRequestedFor(urlPathEqualTo(SEND)).withQueryParam("access_token", absent()));
  }

  @Test
  void aHostWhoseTokenSourceFailsBadlyIsAskedAgain() {
    AtomicInteger asked = new AtomicInteger();
    TokenSource source =
        new TokenSource() {
          @Override
          public String current() {
            if (asked.incrementAndGet() == 1) {
              throw new NoClassDefFoundError("redis/clients/Jedis");
            }
            return "HOST";
          }

          @Override
          public void refused(String used) {}
        };
    Platform.answers(wechat, SEND, Platform.accepted());
    OfficialAccount account = opened(Platform.settings(wechat).secret(null).tokenSource(source));
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOfSatisfying(
            SendOutcome.Later.class,
            later -> assertThat(later.why().code()).isEqualTo("TOKEN_SOURCE"));
    assertThat(Platform.send(account, Platform.aMessage()))
        .isInstanceOf(SendOutcome.Accepted.class);
  }

  @Test
  void aHostsThreadThatNeverComesBackDoesNotStopTheAccount() {
    AtomicInteger asked = new AtomicInteger();
    CountDownLatch released = new CountDownLatch(1);
    TokenSource source =
        new TokenSource() {
          @Override
          public String current() {
            if (asked.incrementAndGet() == 1) {
              try {
                released.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }
            return "HOST";
          }

          @Override
          public void refused(String used) {}
        };
    Platform.answers(wechat, SEND, Platform.accepted());
    OfficialAccount account =
        opened(
            Platform.settings(wechat)
                .secret(null)
                .tokenSource(source)
                .callTimeout(Duration.ofSeconds(1)));
    try {
      assertThat(Platform.send(account, Platform.aMessage()))
          .isInstanceOfSatisfying(
              SendOutcome.Later.class,
              later -> assertThat(later.why().code()).isEqualTo("NO_TOKEN_IN_TIME"));
      assertThat(Platform.send(account, Platform.aMessage()))
          .isInstanceOf(SendOutcome.Accepted.class);
    } finally {
      released.countDown();
    }
  }

  @Test
  void aLateRefusalOfAnOldTokenLeavesTheNewOne() {
    OfficialAccountSettings settings = Platform.settings(wechat).build();
    Workers workers = new Workers();
    try (Wire wire = new Wire(settings.baseUrl(), Duration.ofSeconds(5), 1, workers)) {
      StableTokens tokens =
          new StableTokens(
              new Calls(wire, workers, settings.clock()),
              settings.clock(),
              Duration.ofSeconds(2),
              "wx1",
              "secret");
      Platform.givesToken(wechat);
      Tokens.Token old = (Tokens.Token) tokens.current().join();
      tokens.refused(old);
      Tokens.Token renewed = (Tokens.Token) tokens.current().join();
      assertThat(renewed).as("the same text, but of another fetch").isNotSameAs(old);
      tokens.refused(old);
      assertThat(tokens.current().join()).isSameAs(renewed);
      wechat.verify(2, postRequestedFor(urlPathEqualTo(TOKEN)));
    } finally {
      workers.close();
    }
  }

  private OfficialAccount opened(OfficialAccountSettings.Builder settings) {
    OfficialAccount account = WeChat.officialAccount(settings.build());
    accounts.add(account);
    return account;
  }

  private static ScanCodes.ScanCode qr(OfficialAccount account) {
    Platform.answers(wechat, QRCODE, okJson("{}"));
    return account.capability(ScanCodes.class).orElseThrow().create("s", Duration.ofDays(1));
  }

  private static List<SendOutcome> sendFrom64Threads(OfficialAccount account) {
    ExecutorService threads = Executors.newFixedThreadPool(64);
    try {
      CountDownLatch together = new CountDownLatch(64);
      List<CompletableFuture<SendOutcome>> all = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        all.add(
            CompletableFuture.supplyAsync(
                () -> {
                  together.countDown();
                  try {
                    together.await();
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                  return Platform.send(account, Platform.aMessage());
                },
                threads));
      }
      return all.stream().map(CompletableFuture::join).toList();
    } finally {
      threads.shutdownNow();
    }
  }
}
