package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.message.Reply;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reads the log at its finest level after everything that can go wrong went wrong. */
class LogHygieneTest {
  private static final Path LOG =
      Path.of(System.getProperty("org.slf4j.simpleLogger.logFile", "target/laoke-wechat-test.log"));

  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  @Test
  void tellsPathCodeAndRidButNoSecretAndNobody() throws Exception {
    String before = Files.exists(LOG) ? Files.readString(LOG) : "";
    OfficialAccount account =
        WeChat.officialAccount(
            Platform.settings(wechat)
                .callbackToken(Pushes.TOKEN)
                .encodingAesKey(Pushes.KEY)
                .clock(new Platform.MovableClock(Pushes.NOW))
                .build());
    String spoken = "refused " + Platform.OPENID + " with " + Platform.ACCESS_TOKEN;
    try {
      for (int errcode : List.of(40001, 47003, 40003, 777777, -1)) {
        Platform.givesToken(wechat);
        Platform.answers(wechat, Platform.SEND, Platform.error(errcode, spoken));
        Platform.send(account, Platform.aMessage());
      }
      Platform.answers(wechat, Platform.SEND, Platform.fault(Fault.CONNECTION_RESET_BY_PEER));
      Platform.send(account, Platform.aMessage());
      Platform.answers(wechat, Platform.USER, Platform.error(40003, spoken));
      assertThatThrownBy(() -> account.users().find(Platform.OPENID))
          .isInstanceOf(WeChatException.class);
      Pushes.Receiver receiver = new Pushes.Receiver();
      receiver.reply = Reply.none();
      receiver.processingFails = true;
      WeChatCallback callback =
          account
              .callback(receiver)
              .otherwise(
                  event -> {
                    throw new IllegalStateException("about " + event.openid());
                  });
      String push = Pushes.scan("lk:1").replace("oMEMBER1", Platform.OPENID);
      callback.handle(Pushes.encrypted(push));
      callback.handle(Pushes.plain(push));
      callback.handle(Pushes.encrypted(push, new AesKey(Pushes.OLD_KEY, Platform.APP_ID)));
      callback.handle(Pushes.encrypted(push.replace("SCAN", "VIEW")));
    } finally {
      account.close();
    }
    String log = Files.readString(LOG).substring(before.length());
    assertThat(log)
        .contains(Platform.SEND + " 47003 rid " + Platform.RID)
        .contains(Platform.SEND + " 777777")
        .contains(Platform.SEND + " RESET")
        .contains("callback of " + Platform.APP_ID + " refused with 403")
        .doesNotContain(
            Platform.OPENID,
            Platform.ACCESS_TOKEN,
            Platform.SECRET,
            Pushes.TOKEN,
            Pushes.KEY,
            "access_token=");
    assertThat(Optional.of(Platform.send(closed(), Platform.aMessage()).toString()))
        .get()
        .asString()
        .doesNotContain(Platform.OPENID);
  }

  private static OfficialAccount closed() {
    OfficialAccount account = Platform.account(wechat);
    account.close();
    return account;
  }
}
