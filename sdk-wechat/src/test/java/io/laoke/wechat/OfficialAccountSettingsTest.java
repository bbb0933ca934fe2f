package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OfficialAccountSettingsTest {
  private static final String KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

  @Test
  void namesEveryWrongSettingAtOnce() {
    assertThatThrownBy(
            () ->
                OfficialAccountSettings.builder("no appid!")
                    .originalId("dealer")
                    .callbackToken("a-b")
                    .encodingAesKey("short")
                    .baseUrl("http://api.weixin.qq.com")
                    .callTimeout(Duration.ofSeconds(46))
                    .maxInFlight(0)
                    .sendsPerSecond(0)
                    .replayWindow(Duration.ZERO)
                    .build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(
            "10 wrong",
            "appId",
            "secret",
            "originalId",
            "callbackToken",
            "encodingAesKey",
            "baseUrl",
            "callTimeout",
            "maxInFlight",
            "sendsPerSecond",
            "replayWindow")
        .hasMessageNotContainingAny("no appid!", "a-b");
  }

  @Test
  void showsNoSecret() {
    OfficialAccountSettings settings =
        OfficialAccountSettings.builder(Platform.APP_ID)
            .secret(Platform.SECRET)
            .callbackToken("hushToken1")
            .encodingAesKey(KEY)
            .build();
    assertThat(settings.toString())
        .contains(Platform.APP_ID)
        .doesNotContain(Platform.SECRET, "hushToken1", KEY);
    assertThat(OfficialAccountSettings.builder(Platform.APP_ID).secret("x1y2z3w4v5").toString())
        .doesNotContain("x1y2z3w4v5");
    assertThat(WeChat.officialAccount(settings).toString()).doesNotContain(Platform.SECRET);
  }

  @Test
  void doesNotRepeatAWrongSecretInItsError() {
    assertThatThrownBy(
            () -> OfficialAccountSettings.builder(Platform.APP_ID).secret("my secret!").build())
        .hasMessageContaining("secret")
        .hasMessageNotContaining("my secret!");
  }

  @Test
  void takesEncryptedPushesOnlyOnceAKeyIsSet() {
    OfficialAccountSettings.Builder builder =
        OfficialAccountSettings.builder(Platform.APP_ID).secret(Platform.SECRET);
    assertThat(builder.build().callbackModes()).isEmpty();
    assertThat(builder.callbackToken("token").build().callbackModes())
        .containsExactly(CallbackMode.PLAIN);
    assertThat(builder.encodingAesKey(KEY).build().callbackModes())
        .containsExactly(CallbackMode.COMPATIBLE, CallbackMode.SECURE);
    assertThat(builder.callbackModes(CallbackMode.PLAIN).build().callbackModes())
        .containsExactly(CallbackMode.PLAIN);
  }

  @Test
  void wantsAKeyForEncryptedPushes() {
    assertThatThrownBy(
            () ->
                OfficialAccountSettings.builder(Platform.APP_ID)
                    .secret(Platform.SECRET)
                    .callbackToken("token")
                    .callbackModes(CallbackMode.SECURE)
                    .build())
        .hasMessageContaining("need an encodingAesKey");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://api.weixin.qq.com",
        "https://proxy.example:8443/wechat",
        "http://localhost:8080",
        "http://127.0.0.1:1",
        "http://192.168.3.4",
        "http://simulator:9000"
      })
  void takesProperAddresses(String baseUrl) {
    assertThat(
            OfficialAccountSettings.builder(Platform.APP_ID)
                .secret(Platform.SECRET)
                .baseUrl(baseUrl)
                .build()
                .baseUrl())
        .hasToString(baseUrl);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "api.weixin.qq.com",
        "ftp://api.weixin.qq.com",
        "http://api.weixin.qq.com",
        "https://user:pw@api.weixin.qq.com",
        "https://api.weixin.qq.com?x=1",
        "https://api weixin"
      })
  void refusesOtherAddresses(String baseUrl) {
    assertThatThrownBy(
            () ->
                OfficialAccountSettings.builder(Platform.APP_ID)
                    .secret(Platform.SECRET)
                    .baseUrl(baseUrl)
                    .build())
        .hasMessageContaining("baseUrl");
  }
}
