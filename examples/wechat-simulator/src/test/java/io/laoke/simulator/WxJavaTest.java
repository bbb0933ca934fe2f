package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.IntStream;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.mp.api.WxMpService;
import me.chanjar.weixin.mp.api.impl.WxMpServiceImpl;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import me.chanjar.weixin.mp.bean.message.WxMpXmlOutMessage;
import me.chanjar.weixin.mp.bean.result.WxMpQrCodeTicket;
import me.chanjar.weixin.mp.bean.template.WxMpTemplateData;
import me.chanjar.weixin.mp.bean.template.WxMpTemplateMessage;
import me.chanjar.weixin.mp.config.WxMpHostConfig;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client library of other people, unchanged but for its hosts, works against the simulator. */
class WxJavaTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final TestHost host = new TestHost();
  private final SimulatedAccount account =
      simulator.addAccount(
          AccountSpec.service().withMode(PushMode.SECURE).withCallbackUrl(host.url()));
  private final WxMpDefaultConfigImpl config = new WxMpDefaultConfigImpl();
  private final WxMpService wechat = new WxMpServiceImpl();

  @BeforeEach
  void configure() {
    config.setAppId(account.appId());
    config.setSecret(account.secret());
    config.setToken(account.token());
    config.setAesKey(account.encodingAesKey());
    config.setHostConfig(
        new WxMpHostConfig(simulator.baseUrl(), simulator.baseUrl(), simulator.baseUrl()));
    wechat.setWxMpConfigStorage(config);
  }

  @AfterEach
  void stop() {
    simulator.close();
    host.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void sendsAMessageToWhoScannedItsCode(boolean stable) throws Exception {
    config.useStableAccessToken(stable);
    account.addTemplate("TPL", "订单状态通知", "订单号:{{character_string1.DATA}}\n商品:{{thing2.DATA}}");
    WxMpQrCodeTicket ticket = wechat.getQrcodeService().qrCodeCreateTmpTicket("ord:1", 3600);
    var image = wechat.getQrcodeService().qrCodePicture(ticket);
    Follower wang = account.follower("小王");
    wang.scanImage(Files.readAllBytes(image.toPath()));
    Files.delete(image.toPath());

    String msgId =
        wechat
            .getTemplateMsgService()
            .sendTemplateMsg(
                WxMpTemplateMessage.builder()
                    .toUser(wang.openId())
                    .templateId("TPL")
                    .url("https://dealer.example/o/1")
                    .clientMsgId("ord1-st3")
                    .data(
                        List.of(
                            new WxMpTemplateData("character_string1", "SO-1"),
                            new WxMpTemplateData("thing2", "反渗透净水器")))
                    .build());

    assertThat(wang.cards())
        .singleElement()
        .satisfies(
            card -> {
              assertThat(String.valueOf(card.msgId())).isEqualTo(msgId);
              assertThat(card.value("商品")).isEqualTo("反渗透净水器");
              assertThat(card.url()).isEqualTo("https://dealer.example/o/1");
            });
    assertThat(simulator.calls(stable ? "/cgi-bin/stable_token" : "/cgi-bin/token")).hasSize(1);
    assertThat(wechat.getUserService().userInfo(wang.openId()).getQrSceneStr()).isEqualTo("ord:1");
    assertThat(wechat.getUserService().userInfoList(List.of(wang.openId()))).hasSize(1);
    assertThat(wechat.getUserService().userList().getOpenids()).containsExactly(wang.openId());
    assertThat(wechat.getCallbackIP()).contains("127.0.0.1");
    assertThat(wechat.netCheck("all", "DEFAULT").getPingInfos()).isNotEmpty();
    wechat.clearQuota(account.appId());
  }

  @Test
  void managesTemplates() throws Exception {
    String id = wechat.getTemplateMsgService().addTemplate("47123", List.of("订单号", "订单状态"));
    assertThat(wechat.getTemplateMsgService().getAllPrivateTemplate())
        .singleElement()
        .satisfies(
            template -> {
              assertThat(template.getTemplateId()).isEqualTo(id);
              assertThat(template.getContent())
                  .isEqualTo("订单号:{{character_string1.DATA}}\n订单状态:{{phrase3.DATA}}");
            });
    assertThat(wechat.getTemplateMsgService().getIndustry().getPrimaryIndustry()).isNotNull();
    assertThat(wechat.getTemplateMsgService().delPrivateTemplate(id)).isTrue();
  }

  @Test
  void refreshesAVoidedTokenAndReadsErrors() throws Exception {
    Follower wang = account.follower("小王");
    wang.follow();
    assertThat(wechat.getUserService().userInfo(wang.openId()).getSubscribe()).isTrue();
    account.voidTokens();
    assertThat(wechat.getUserService().userInfo(wang.openId()).getSubscribe()).isTrue();
    assertThatThrownBy(() -> wechat.getUserService().userInfo("oNobody"))
        .isInstanceOfSatisfying(
            WxErrorException.class, e -> assertThat(e.getError().getErrorCode()).isEqualTo(40003));
  }

  @Test
  void readsSecurePushesOfEveryPaddingAndItsRepliesAreShown() {
    Follower wang = account.follower("小王");
    host.reply =
        got -> {
          var in =
              WxMpXmlMessage.fromEncryptedXml(
                  got.body(),
                  config,
                  got.query().get("timestamp"),
                  got.query().get("nonce"),
                  got.query().get("msg_signature"));
          if (in.getContent() == null) {
            return "success";
          }
          return WxMpXmlOutMessage.TEXT()
              .content("收到" + in.getContent())
              .fromUser(in.getToUser())
              .toUser(in.getFromUser())
              .build()
              .toEncryptedXml(config);
        };
    wang.follow();
    for (String said : IntStream.range(1, 34).mapToObj("x"::repeat).toList()) {
      assertThat(wang.say(said).reply()).contains("收到" + said);
    }
    assertThat(
            wechat.checkSignature(
                host.last().query().get("timestamp"),
                host.last().query().get("nonce"),
                host.last().query().get("signature")))
        .isTrue();
  }
}
