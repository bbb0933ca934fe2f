package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.http.Fault;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.message.ChannelKind;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makers for tests against a scripted platform. */
final class Platform {
  static final String TOKEN = "/cgi-bin/stable_token";
  static final String SEND = "/cgi-bin/message/template/send";
  static final String QRCODE = "/cgi-bin/qrcode/create";
  static final String TEMPLATES = "/cgi-bin/template/get_all_private_template";
  static final String USER = "/cgi-bin/user/info";
  static final String USERS = "/cgi-bin/user/info/batchget";
  static final String FOLLOWERS = "/cgi-bin/user/get";
  static final String MENU_CREATE = "/cgi-bin/menu/create";
  static final String MENU_GET = "/cgi-bin/menu/get";
  static final String MENU_DELETE = "/cgi-bin/menu/delete";
  static final String QUOTA = "/cgi-bin/openapi/quota/get";
  static final String QUOTA_CLEAR = "/cgi-bin/openapi/quota/clear";
  static final String CLEAR_QUOTA = "/cgi-bin/clear_quota";
  static final String JS_TICKET = "/cgi-bin/ticket/getticket";
  static final String CUSTOM = "/cgi-bin/message/custom/send";
  static final String CALLBACK_CHECK = "/cgi-bin/callback/check";
  static final String APP_ID = "wx0123456789abcdef";
  static final String SECRET = "topsecret0123456789abcdef0123456";
  static final String ACCESS_TOKEN = "TOKEN-1_very-secret-and-long-0123456789";
  static final String OPENID = "oMEMBER1abcdefghijklmnopqrst";
  static final String RID = "65004ee5-3ca2dfc2-6eb97a55";

  private Platform() {}

  static OfficialAccountSettings.Builder settings(WireMockExtension wechat) {
    return OfficialAccountSettings.builder(APP_ID)
        .secret(SECRET)
        .baseUrl("http://localhost:" + wechat.getPort())
        .callTimeout(Duration.ofSeconds(5));
  }

  static OfficialAccount account(WireMockExtension wechat) {
    return WeChat.officialAccount(settings(wechat).build());
  }

  static void givesToken(WireMockExtension wechat) {
    wechat.stubFor(post(urlPathEqualTo(TOKEN)).willReturn(token(ACCESS_TOKEN, 7200)));
  }

  static ResponseDefinitionBuilder token(String value, int seconds) {
    return okJson("{\"access_token\":\"" + value + "\",\"expires_in\":" + seconds + "}");
  }

  static ResponseDefinitionBuilder error(int errcode, String errmsg) {
    return okJson("{\"errcode\":" + errcode + ",\"errmsg\":\"" + errmsg + " rid: " + RID + "\"}");
  }

  static void answers(WireMockExtension wechat, String path, ResponseDefinitionBuilder answer) {
    wechat.stubFor(any(urlPathEqualTo(path)).willReturn(answer));
  }

  static ResponseDefinitionBuilder fault(Fault fault) {
    return aResponse().withFault(fault);
  }

  static ResponseDefinitionBuilder accepted() {
    return okJson("{\"errcode\":0,\"errmsg\":\"ok\",\"msgid\":3911200163836}");
  }

  static Outbound aMessage() {
    return aMessage("thing2", "反渗透净水器");
  }

  static Outbound aMessage(String field, String value) {
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    fields.put(field, new TemplateMessage.Field(value, null));
    return new Outbound(
        OPENID,
        "d1234567890abcdef",
        Purpose.ORDER,
        new TemplateMessage(
            "TPL_LONG_ID", fields, Optional.of("https://dealer.example/o/1"), Optional.empty()));
  }

  static SendOutcome say(OfficialAccount account) {
    try {
      return account
          .customerService()
          .text(OPENID, "您的订单已绑定")
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("a send must always complete with an outcome", e);
    }
  }

  static SendOutcome send(OfficialAccount account, Outbound message) {
    try {
      return account
          .channel(ChannelKind.WECHAT_TEMPLATE)
          .orElseThrow()
          .send(message)
          .toCompletableFuture()
          .get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError("a send must always complete with an outcome", e);
    }
  }

  /** A clock that a test moves. */
  static final class MovableClock extends Clock {
    private volatile Instant now;

    MovableClock(Instant now) {
      this.now = now;
    }

    void move(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }
}
