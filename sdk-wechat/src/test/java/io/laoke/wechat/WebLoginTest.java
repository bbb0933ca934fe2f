package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.getRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.stubbing.Scenario;
import io.laoke.error.InvalidInputException;
import io.laoke.member.WebIdentity;
import io.laoke.member.WebIdentity.Visitor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Web sign-in: who comes back with a code. */
class WebLoginTest {
  private static final String IPHONE = "Mozilla/5.0 (iPhone) AppleWebKit MicroMessenger/8.0.50";

  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  private OfficialAccount account;
  private WebIdentity login;

  @BeforeEach
  void open() {
    account = Platform.account(wechat);
    login = account.capability(WebIdentity.class).orElseThrow();
  }

  @AfterEach
  void close() {
    account.close();
  }

  @Test
  void leadsToWeChatWithTheParametersInItsOrder() {
    OfficialAccountSettings.Builder real =
        OfficialAccountSettings.builder(Platform.APP_ID).secret(Platform.SECRET);
    try (OfficialAccount live = WeChat.officialAccount(real.build())) {
      WebIdentity web = live.capability(WebIdentity.class).orElseThrow();
      assertThat(web.authorizeUrl("https://m.example.cn/laoke/r/1?a=b", "abc123"))
          .isEqualTo(
              "https://open.weixin.qq.com/connect/oauth2/authorize?appid="
                  + Platform.APP_ID
                  + "&redirect_uri=https%3A%2F%2Fm.example.cn%2Flaoke%2Fr%2F1%3Fa%3Db"
                  + "&response_type=code&scope=snsapi_base&state=abc123#wechat_redirect");
      assertThat(web.insideApp(IPHONE)).isTrue();
      assertThat(web.insideApp("Mozilla/5.0 (iPhone) Safari")).isFalse();
      assertThatThrownBy(() -> web.authorizeUrl("https://x", "a&b"))
          .isInstanceOf(InvalidInputException.class);
    }
    // A proxy for calls is no place where people sign in; the simulator is.
    try (OfficialAccount behind =
        WeChat.officialAccount(real.baseUrl("https://proxy.example.cn").build())) {
      assertThat(behind.capability(WebIdentity.class).orElseThrow().authorizeUrl("https://x", "a"))
          .startsWith("https://open.weixin.qq.com/");
    }
    assertThat(login.authorizeUrl("https://x", "a"))
        .startsWith("http://localhost:" + wechat.getPort() + "/connect/oauth2/authorize?");
    assertThat(login.insideApp("any")).isTrue();
  }

  @Test
  void givesTheOpenidAndKeepsNothingElse() {
    wechat.stubFor(
        get(urlPathEqualTo(WebLogin.PATH))
            .willReturn(
                okJson(
                    "{\"access_token\":\"USER\",\"expires_in\":7200,\"refresh_token\":\"R\","
                        + "\"openid\":\""
                        + Platform.OPENID
                        + "\",\"scope\":\"snsapi_base\",\"is_snapshotuser\":0}")));
    Visitor visitor = login.identify("CODE-1_x");
    assertThat(visitor).isEqualTo(new Visitor.Known(Platform.OPENID));
    assertThat(visitor.toString()).doesNotContain(Platform.OPENID);
    wechat.verify(
        1,
        getRequestedFor(urlPathEqualTo(WebLogin.PATH))
            .withQueryParam("appid", equalTo(Platform.APP_ID))
            .withQueryParam("secret", equalTo(Platform.SECRET))
            .withQueryParam("code", equalTo("CODE-1_x"))
            .withQueryParam("grant_type", equalTo("authorization_code")));
  }

  @Test
  void takesASnapshotForNobody() {
    wechat.stubFor(
        get(urlPathEqualTo(WebLogin.PATH))
            .willReturn(
                okJson("{\"access_token\":\"U\",\"openid\":\"oVirtual\",\"is_snapshotuser\":1}")));
    assertThat(login.identify("c")).isInstanceOf(Visitor.Snapshot.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {40029, 40163, 41008, 42003, 42007})
  void aCodeThatIsWrongUsedOrOldStartsAgain(int errcode) {
    Platform.answers(wechat, WebLogin.PATH, Platform.error(errcode, "code been used"));
    assertThat(login.identify("c")).isInstanceOf(Visitor.Unproven.class);
    wechat.verify(1, getRequestedFor(urlPathEqualTo(WebLogin.PATH)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "a b", "a\nb", "<script>", "a/b?c=d&e"})
  void asksWeChatForNothingThatCannotBeACode(String code) {
    assertThat(login.identify(code)).isInstanceOf(Visitor.Unproven.class);
    assertThat(login.identify("x".repeat(600))).isInstanceOf(Visitor.Unproven.class);
    wechat.verify(0, getRequestedFor(urlPathEqualTo(WebLogin.PATH)));
  }

  @Test
  void saysWhatIsWrongWithTheAccountAndShowsNeitherSecretNorCode() {
    Platform.answers(wechat, WebLogin.PATH, Platform.error(48001, "api unauthorized"));
    assertThatThrownBy(() -> login.identify("SECRETCODE"))
        .isInstanceOfSatisfying(
            WeChatException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(48001);
              assertThat(refused.retryable()).isFalse();
              assertThat(refused.getMessage())
                  .contains("48001", "rid")
                  .doesNotContain("SECRETCODE", Platform.SECRET);
            });
  }

  @Test
  void asksAgainOnlyWhenTheCodeWasSurelyNotTaken() {
    wechat.stubFor(
        get(urlPathEqualTo(WebLogin.PATH))
            .inScenario("busy")
            .whenScenarioStateIs(Scenario.STARTED)
            .willReturn(Platform.error(-1, "system error"))
            .willSetStateTo("well"));
    wechat.stubFor(
        get(urlPathEqualTo(WebLogin.PATH))
            .inScenario("busy")
            .whenScenarioStateIs("well")
            .willReturn(okJson("{\"openid\":\"o1\"}")));
    assertThat(login.identify("c")).isEqualTo(new Visitor.Known("o1"));
    wechat.verify(2, getRequestedFor(urlPathEqualTo(WebLogin.PATH)));
    wechat.resetAll();
    wechat.stubFor(get(urlPathEqualTo(WebLogin.PATH)).willReturn(aResponse().withStatus(502)));
    assertThatThrownBy(() -> login.identify("c"))
        .isInstanceOfSatisfying(
            WeChatException.class, lost -> assertThat(lost.retryable()).isTrue());
    wechat.verify(1, getRequestedFor(urlPathEqualTo(WebLogin.PATH)));
    wechat.resetAll();
    wechat.stubFor(
        get(urlPathEqualTo(WebLogin.PATH))
            .willReturn(Platform.fault(Fault.CONNECTION_RESET_BY_PEER)));
    assertThatThrownBy(() -> login.identify("c")).isInstanceOf(WeChatException.class);
    wechat.resetAll();
    Platform.answers(wechat, WebLogin.PATH, okJson("{\"access_token\":\"U\"}"));
    assertThatThrownBy(() -> login.identify("c"))
        .isInstanceOf(WeChatException.class)
        .hasMessageContaining("names nobody");
  }

  @Test
  void needsTheSecretItself() {
    OfficialAccountSettings settings =
        OfficialAccountSettings.builder(Platform.APP_ID)
            .tokenSource(
                new TokenSource() {
                  @Override
                  public String current() {
                    return "t";
                  }

                  @Override
                  public void refused(String used) {}
                })
            .build();
    try (OfficialAccount tokensOnly = WeChat.officialAccount(settings)) {
      assertThat(tokensOnly.capability(WebIdentity.class)).isEmpty();
    }
    assertThatThrownBy(() -> Platform.settings(wechat).openUrl("http://open.example.com").build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("openUrl");
  }
}
