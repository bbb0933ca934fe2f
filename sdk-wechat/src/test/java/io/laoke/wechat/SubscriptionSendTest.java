package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.equalToJson;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import io.laoke.error.InvalidInputException;
import io.laoke.message.ChannelKind;
import io.laoke.message.MessageChannel;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.SendOutcome;
import io.laoke.message.SendOutcome.FittedField;
import io.laoke.message.TemplateMessage;
import io.laoke.notice.SubscriptionPrompt;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One-time subscription messages. */
class SubscriptionSendTest {
  private static final String SEND = "/cgi-bin/message/template/subscribe";

  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  private OfficialAccount account;

  @BeforeEach
  void open() {
    Platform.givesToken(wechat);
    account = Platform.account(wechat);
  }

  @AfterEach
  void close() {
    account.close();
  }

  private SendOutcome send(Map<String, TemplateMessage.Field> fields) throws Exception {
    MessageChannel channel = account.channel(ChannelKind.WECHAT_SUBSCRIPTION).orElseThrow();
    return channel
        .send(
            new Outbound(
                Platform.OPENID,
                "d7",
                Purpose.CARE,
                new TemplateMessage(
                    "ONCE", fields, Optional.of("https://dealer.example/s/1"), Optional.empty())))
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  private static TemplateMessage.Field field(String value) {
    return new TemplateMessage.Field(value, null);
  }

  @Test
  void cutsTitleAndContentAndNamesTheMessageItself() throws Exception {
    Platform.answers(wechat, SEND, okJson("{\"errcode\":0,\"errmsg\":\"ok\"}"));

    SendOutcome outcome =
        send(
            Map.of(
                "scene", field("7"),
                "title", field("油烟机深度清洗与滤网更换保养提醒"),
                "content", field("您的油烟机\n该清洗了。".repeat(20))));

    assertThat(outcome).isInstanceOf(SendOutcome.Accepted.class);
    assertThat(((SendOutcome.Accepted) outcome).providerId()).isEqualTo("once-d7");
    assertThat(((SendOutcome.Accepted) outcome).fitted())
        .containsExactlyInAnyOrder(
            new FittedField("title", "CUT"), new FittedField("content", "CUT"));
    String body = wechat.getAllServeEvents().get(0).getRequest().getBodyAsString();
    assertThat(body)
        .contains("\"title\":\"油烟机深度清洗与滤网更换保养…\"")
        .doesNotContain("\\n", "client_msg_id");
  }

  @Test
  void neverSendsEmptyWords() throws Exception {
    Platform.answers(wechat, SEND, okJson("{\"errcode\":0,\"errmsg\":\"ok\"}"));

    assertThat(send(Map.of())).isEqualTo(new SendOutcome.Accepted("once-d7", List.of()));

    wechat.verify(
        postRequestedFor(urlPathEqualTo(SEND))
            .withRequestBody(
                equalToJson(
                    """
                    {"touser":"%s","template_id":"ONCE","url":"https://dealer.example/s/1",
                     "scene":"1000","title":"服务提醒",
                     "data":{"content":{"value":"您有一项服务到期。"}}}
                    """
                        .formatted(Platform.OPENID))));
  }

  @Test
  void anAgreementThatIsUsedUpIsRefusedAndADroppedConnectionUnknown() throws Exception {
    Platform.answers(wechat, SEND, Platform.error(43101, "user refuse to accept the msg"));
    assertThat(send(Map.of()))
        .isInstanceOfSatisfying(
            SendOutcome.Refused.class,
            refused -> assertThat(refused.why().code()).isEqualTo("43101"));
    Platform.answers(
        wechat,
        SEND,
        Platform.fault(com.github.tomakehurst.wiremock.http.Fault.CONNECTION_RESET_BY_PEER));
    assertThat(send(Map.of())).isInstanceOf(SendOutcome.Unknown.class);
    assertThat(account.channel(ChannelKind.WECHAT_SUBSCRIPTION).orElseThrow().dedupeWindow())
        .as("so that it is not repeated")
        .isEqualTo(Duration.ZERO);
  }

  @Test
  void wechatsOwnPageAsksInItsAppOnly() {
    try (OfficialAccount real =
        WeChat.officialAccount(
            OfficialAccountSettings.builder(Platform.APP_ID).secret(Platform.SECRET).build())) {
      SubscriptionPrompt prompt = real.capability(SubscriptionPrompt.class).orElseThrow();
      assertThat(prompt.insideApp("Mozilla/5.0 MicroMessenger/8.0")).isTrue();
      assertThat(prompt.insideApp("Mozilla/5.0 Chrome")).isFalse();
      assertThat(prompt.askUrl("T-1", 1000, "https://m.shop.cn/n/1?a=b", "r_1"))
          .isEqualTo(
              "https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid="
                  + Platform.APP_ID
                  + "&scene=1000&template_id=T-1&redirect_url=https%3A%2F%2Fm.shop.cn%2Fn%2F1%3Fa%3Db"
                  + "&reserved=r_1#wechat_redirect");
      assertThatThrownBy(() -> prompt.askUrl("T-1", 10_001, "https://m.shop.cn", ""))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> prompt.askUrl("T-1", 0, "https://m.shop.cn", "x".repeat(129)))
          .isInstanceOf(InvalidInputException.class);
    }
  }
}
