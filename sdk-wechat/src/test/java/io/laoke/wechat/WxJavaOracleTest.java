package io.laoke.wechat;

import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.okJson;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import com.github.tomakehurst.wiremock.verification.LoggedRequest;
import io.laoke.binding.ScanCodes;
import io.laoke.message.Inbound;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reply;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateCatalog;
import io.laoke.message.TemplateMessage;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import me.chanjar.weixin.common.util.crypto.WxCryptUtil;
import me.chanjar.weixin.mp.api.WxMpService;
import me.chanjar.weixin.mp.api.impl.WxMpServiceImpl;
import me.chanjar.weixin.mp.bean.template.WxMpTemplateData;
import me.chanjar.weixin.mp.bean.template.WxMpTemplateMessage;
import me.chanjar.weixin.mp.config.WxMpHostConfig;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Side by side with a client library that many use: the same requests, the same secrets kept. */
class WxJavaOracleTest {
  @RegisterExtension
  static final WireMockExtension wechat =
      WireMockExtension.newInstance()
          .options(WireMockConfiguration.wireMockConfig().dynamicPort())
          .build();

  private static final long SEED = 20261125;
  private static final JsonMapper JSON = new JsonMapper();

  private final WxMpService theirs = new WxMpServiceImpl();
  private OfficialAccount ours;

  @BeforeEach
  void open() {
    Platform.givesToken(wechat);
    String base = "http://localhost:" + wechat.getPort();
    WxMpDefaultConfigImpl config = new WxMpDefaultConfigImpl();
    config.setAppId(Platform.APP_ID);
    config.setSecret(Platform.SECRET);
    config.useStableAccessToken(true);
    config.setHostConfig(new WxMpHostConfig(base, base, base));
    theirs.setWxMpConfigStorage(config);
    ours = Platform.account(wechat);
  }

  @AfterEach
  void close() {
    ours.close();
  }

  /** A call that may fail as it likes. */
  private interface Step {
    Object run() throws Exception;
  }

  private static void same(String path, Step our, Step their) throws Exception {
    wechat.resetRequests();
    our.run();
    their.run();
    List<LoggedRequest> sent = wechat.findAll(anyRequestedFor(urlPathEqualTo(path)));
    assertThat(sent).hasSize(2);
    assertThat(sent.get(0).getMethod()).isEqualTo(sent.get(1).getMethod());
    assertThat(query(sent.get(0))).isEqualTo(query(sent.get(1)));
    assertThat(json(sent.get(0))).isEqualTo(json(sent.get(1)));
  }

  private static Map<String, String> query(LoggedRequest request) {
    Map<String, String> query = new TreeMap<>();
    request.getQueryParams().forEach((name, value) -> query.put(name, value.firstValue()));
    return query;
  }

  private static JsonNode json(LoggedRequest request) throws Exception {
    return JSON.readTree(request.getBodyAsString());
  }

  @Test
  void bothSendTheSameRequests() throws Exception {
    Platform.answers(
        wechat, Platform.QRCODE, okJson("{\"ticket\":\"t\",\"url\":\"u\",\"expire_seconds\":60}"));
    ScanCodes codes = ours.capability(ScanCodes.class).orElseThrow();
    Step ourCode = () -> codes.create("lk:1", Duration.ofDays(30));
    Step theirCode = () -> theirs.getQrcodeService().qrCodeCreateTmpTicket("lk:1", 2_592_000);
    same(Platform.TOKEN, ourCode, theirCode);
    same(Platform.QRCODE, ourCode, theirCode);

    Platform.answers(wechat, Platform.SEND, Platform.accepted());
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    fields.put("character_string1", new TemplateMessage.Field("SO-1001/甲", null));
    fields.put("thing2", new TemplateMessage.Field("反渗透净水器", null));
    Outbound message =
        new Outbound(
            Platform.OPENID,
            "d1",
            Purpose.ORDER,
            new TemplateMessage(
                "TPL",
                fields,
                Optional.of("https://dealer.example/o/1"),
                Optional.of(new TemplateMessage.MiniProgram("wxmini", "pages/a?x=1"))));
    same(
        Platform.SEND,
        () -> {
          SendOutcome outcome = Platform.send(ours, message);
          assertThat(((SendOutcome.Accepted) outcome).providerId()).isEqualTo("3911200163836");
          return outcome;
        },
        () ->
            theirs
                .getTemplateMsgService()
                .sendTemplateMsg(
                    WxMpTemplateMessage.builder()
                        .toUser(Platform.OPENID)
                        .templateId("TPL")
                        .clientMsgId("d1")
                        .url("https://dealer.example/o/1")
                        .miniProgram(
                            new WxMpTemplateMessage.MiniProgram("wxmini", "pages/a?x=1", false))
                        .data(
                            List.of(
                                new WxMpTemplateData("character_string1", "SO-1001/"),
                                new WxMpTemplateData("thing2", "反渗透净水器")))
                        .build()));

    Platform.answers(wechat, Platform.TEMPLATES, okJson("{\"template_list\":[]}"));
    same(
        Platform.TEMPLATES,
        () -> ours.capability(TemplateCatalog.class).orElseThrow().templates(),
        () -> theirs.getTemplateMsgService().getAllPrivateTemplate());

    Platform.answers(wechat, Platform.USER, okJson("{\"subscribe\":1,\"openid\":\"o1\"}"));
    same(
        Platform.USER,
        () -> ours.users().find("o1"),
        () -> theirs.getUserService().userInfo("o1", "zh_CN"));

    Platform.answers(
        wechat,
        Platform.USERS,
        okJson("{\"user_info_list\":[{\"subscribe\":0,\"openid\":\"o1\"}]}"));
    same(
        Platform.USERS,
        () -> ours.users().find(List.of("o1", "o2")),
        () -> theirs.getUserService().userInfoList(List.of("o1", "o2")));
  }

  @Test
  void eachOpensWhatTheOtherSealed() {
    Random random = new Random(SEED);
    for (int i = 0; i < 200; i++) {
      byte[] bytes = new byte[32];
      random.nextBytes(bytes);
      String key = Base64.getEncoder().withoutPadding().encodeToString(bytes);
      WxCryptUtil other = new WxCryptUtil("AAAAA", key, Platform.APP_ID);
      String said = "x".repeat(random.nextInt(40)) + "问😀".repeat(random.nextInt(9)) + "?";
      Pushes.Receiver receiver = new Pushes.Receiver();
      receiver.reply = Reply.text("答：" + said);
      try (OfficialAccount account =
          WeChat.officialAccount(
              OfficialAccountSettings.builder(Platform.APP_ID)
                  .secret(Platform.SECRET)
                  .callbackToken("AAAAA")
                  .encodingAesKey(key)
                  .clock(Clock.systemUTC())
                  .build())) {
        String push = other.encrypt(Pushes.text(said));
        PushBody sealed = PushBody.parse(push).orElseThrow();
        CallbackResponse answer =
            account
                .callback(receiver)
                .handle(
                    new CallbackRequest(
                        "POST",
                        Map.ofEntries(
                            entry("encrypt_type", "aes"),
                            entry("timestamp", sealed.field("TimeStamp")),
                            entry("nonce", sealed.field("Nonce")),
                            entry("msg_signature", sealed.field("MsgSignature"))),
                        Pushes.utf8(push)));
        String shown = "seed %d, push %d: %s".formatted(SEED, i, said);
        assertThat(answer.status()).as(shown).isEqualTo(200);
        assertThat(((Inbound.Said) receiver.facts.get(0)).text()).as(shown).isEqualTo(said);
        PushBody outer = PushBody.parse(answer.body()).orElseThrow();
        String opened =
            other.decryptXml(
                outer.field("MsgSignature"),
                outer.field("TimeStamp"),
                outer.field("Nonce"),
                Pushes.body(answer));
        assertThat(PushBody.parse(opened).orElseThrow().field("Content"))
            .as(shown)
            .isEqualTo("答：" + said);
      }
    }
  }
}
