package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.message.Finding;
import io.laoke.message.Finding.Severity;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.AccountType;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What an account finds when it examines itself, at a platform that was written without it. */
class CheckupTest {
  private static final String QUOTA = "/cgi-bin/openapi/quota/get";
  private static final String TEMPLATES = "/cgi-bin/template/get_all_private_template";

  private WeChatSimulator simulator;
  private SimulatedAccount platform;
  private OfficialAccount account;

  @BeforeEach
  void start() {
    simulator = WeChatSimulator.start();
    platform =
        simulator.addAccount(
            AccountSpec.service()
                .withAppId(Platform.APP_ID)
                .withMode(PushMode.SECURE)
                .withCallbackUrl("http://127.0.0.1:1/wechat"));
    platform.addTemplate("TPL", "订单进度", "进度：{{phrase3.DATA}}");
    account = open(settings());
  }

  @AfterEach
  void stop() {
    account.close();
    simulator.close();
  }

  private OfficialAccountSettings.Builder settings() {
    return OfficialAccountSettings.builder(Platform.APP_ID)
        .secret(platform.secret())
        .callbackToken(platform.token())
        .encodingAesKey(platform.encodingAesKey())
        .baseUrl(simulator.baseUrl())
        .callTimeout(Duration.ofSeconds(5));
  }

  private static OfficialAccount open(OfficialAccountSettings.Builder settings) {
    return new OfficialAccount(settings.build(), Duration.ofMillis(1));
  }

  private void reopen(OfficialAccountSettings.Builder settings) {
    account.close();
    account = open(settings);
  }

  private Finding found(String code) {
    List<Finding> findings = account.doctor();
    return findings.stream()
        .filter(finding -> finding.code().equals(code))
        .findFirst()
        .orElseThrow(() -> new AssertionError(code + " is not among " + findings));
  }

  @Test
  void findsNothingWrongWhereNothingIs() {
    List<Finding> findings = account.doctor();
    assertThat(findings)
        .allMatch(finding -> finding.severity().compareTo(Severity.WARNING) < 0)
        .extracting(Finding::code)
        .contains("TOKEN", "CLOCK", "ACCOUNT_TYPE", "CALLBACK", "NO_PUSH_YET", "CANNOT_BE_READ");
    assertThat(findings)
        .allSatisfy(
            finding -> {
              assertThat(finding.account()).isEqualTo(Platform.APP_ID);
              assertThat(finding.what().en()).isNotBlank();
              assertThat(finding.what().zh()).isNotBlank();
            });
    assertThat(simulator.calls())
        .as("nothing is changed on the platform")
        .extracting(call -> call.path())
        .containsOnly("/cgi-bin/stable_token", QUOTA, TEMPLATES, "/cgi-bin/callback/check");
  }

  private static Arguments wrong(
      String code, Severity severity, String zh, Consumer<SimulatedAccount> how) {
    return Arguments.of(code, severity, zh, how);
  }

  static Stream<Arguments> whatGoesWrong() {
    return Stream.of(
        wrong("IP_WHITELIST", Severity.ERROR, "127.0.0.1", a -> a.ipWhitelist("203.0.113.7")),
        wrong("CREDENTIALS", Severity.ERROR, "AppSecret", a -> a.secret("another-secret-0123")),
        wrong("CREDENTIALS", Severity.ERROR, "冻结", a -> a.freezeSecret(true)),
        wrong(
            "ACCOUNT_TYPE", Severity.ERROR, "服务号", a -> a.type(AccountType.VERIFIED_SUBSCRIPTION)),
        wrong("ACCOUNT_TYPE", Severity.ERROR, "未认证", a -> a.type(AccountType.SERVICE)),
        wrong("API_BANNED", Severity.ERROR, "封禁", a -> a.ban(TEMPLATES, 48004)),
        wrong("NO_TEMPLATE", Severity.WARNING, "模板", a -> a.removeTemplate("TPL")),
        wrong("CALLBACK_DNS", Severity.ERROR, "解析", a -> a.callbackUnreachable(true)),
        wrong(
            "QUOTA_USED_UP",
            Severity.ERROR,
            "0点",
            a -> a.quotaLimit("/cgi-bin/message/custom/send", 0 + 1)));
  }

  @ParameterizedTest
  @MethodSource("whatGoesWrong")
  void saysWhatIsWrongAndWhatToDo(
      String code, Severity severity, String zh, Consumer<SimulatedAccount> how) throws Exception {
    if (code.equals("QUOTA_USED_UP")) {
      platform.follower("小王").follow();
      platform.follower("小王").say("在吗");
      var unused =
          account
              .customerService()
              .text(platform.follower("小王").openId(), "在")
              .toCompletableFuture()
              .get();
    }
    how.accept(platform);
    Finding finding = found(code);
    assertThat(finding.severity()).isEqualTo(severity);
    assertThat(finding.advice().en()).isNotBlank();
    assertThat(finding.chinese()).contains(zh);
    assertThat(finding.english() + finding.chinese())
        .doesNotContain(platform.secret(), platform.token(), platform.encodingAesKey());
  }

  @Test
  void aPlatformThatIsDownIsAFindingAndNotAnException() throws IOException {
    simulator.faults().onAnyCall().always().httpStatus(502);
    assertThat(found("UNREACHABLE").severity()).isEqualTo(Severity.ERROR);
    assertThat(found("NOT_EXAMINED").severity()).isEqualTo(Severity.NOTE);
    simulator.faults().clear();
    simulator.faults().onCall(QUOTA).always().acceptThenGarble();
    simulator.faults().onCall(TEMPLATES).always().answer(-1);
    simulator.faults().onCall("/cgi-bin/callback/check").always().resetUnprocessed();
    assertThat(found("PERMISSIONS_UNSURE").severity()).isEqualTo(Severity.NOTE);
    assertThat(found("CALLBACK_NOT_CHECKED").severity()).isEqualTo(Severity.NOTE);
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    reopen(settings().baseUrl("http://127.0.0.1:" + free));
    assertThat(found("UNREACHABLE").advice().zh()).isNotBlank();
  }

  @Test
  void whoeverReplacesOurTokenIsNoticed() {
    assertThat(account.users().find(follower()).follows()).isTrue();
    platform.voidTokens(); // as another program's forced refresh does
    assertThat(found("OTHER_TOKEN_HOLDER").advice().en()).contains("force_refresh");
    assertThat(account.users().find(follower()).follows()).isTrue();
    assertThat(found("TOKEN").severity()).isEqualTo(Severity.FINE);
  }

  private String follower() {
    platform.follower("小王").follow();
    return platform.follower("小王").openId();
  }

  @Test
  void aHostsStaleTokenIsNamed() {
    reopen(
        settings()
            .secret(null)
            .tokenSource(
                new TokenSource() {
                  @Override
                  public String current() {
                    return "88_" + "x".repeat(133);
                  }

                  @Override
                  public void refused(String used) {}
                }));
    assertThat(found("TOKEN_REFUSED").severity()).isEqualTo(Severity.ERROR);
    assertThat(account.doctor()).asString().doesNotContain("x".repeat(133));
    reopen(
        settings()
            .secret(null)
            .tokenSource(
                new TokenSource() {
                  @Override
                  public String current() {
                    throw new IllegalStateException("the cache is down");
                  }

                  @Override
                  public void refused(String used) {}
                }));
    assertThat(found("TOKEN_SOURCE").severity()).isEqualTo(Severity.ERROR);
  }

  @Test
  void aClockThatIsOffIsMeasured() {
    reopen(settings().clock(Clock.offset(Clock.systemUTC(), Duration.ofSeconds(100))));
    assertThat(found("CLOCK").severity()).isEqualTo(Severity.WARNING);
    assertThat(found("CLOCK").chinese()).contains("快");
    reopen(settings().clock(Clock.offset(Clock.systemUTC(), Duration.ofHours(-8))));
    assertThat(found("CLOCK").severity()).isEqualTo(Severity.ERROR);
    assertThat(found("CLOCK").english()).contains("slow", "NTP");
  }

  @Test
  void theCallbacksSettingsAreJudged() {
    WeChatCallback callback = account.callback(new Pushes.Receiver());
    callback.handle(new CallbackRequest("POST", Pushes.query(), Pushes.utf8("<xml/>")));
    assertThat(found("PUSHES_REFUSED").severity()).isEqualTo(Severity.ERROR);
    reopen(
        settings()
            .callbackModes(CallbackMode.PLAIN, CallbackMode.SECURE)
            .previousEncodingAesKey(Pushes.OLD_KEY));
    assertThat(found("PLAIN_PUSHES").severity()).isEqualTo(Severity.WARNING);
    assertThat(found("TWO_AES_KEYS").severity()).isEqualTo(Severity.NOTE);
    reopen(settings().callbackToken(null).encodingAesKey(null));
    assertThat(found("NO_CALLBACK").severity()).isEqualTo(Severity.WARNING);
  }
}
