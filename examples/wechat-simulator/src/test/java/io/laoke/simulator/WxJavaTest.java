package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import me.chanjar.weixin.common.api.WxConsts.EventType;
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
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
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

  /** A host made of WxJava alone: checks, decrypts and notes what it is told. */
  private List<WxMpXmlMessage> listen() {
    List<WxMpXmlMessage> heard = new CopyOnWriteArrayList<>();
    host.reply =
        got -> {
          var query = got.query();
          String timestamp = query.get("timestamp");
          String nonce = query.get("nonce");
          if (!wechat.checkSignature(timestamp, nonce, query.get("signature"))) {
            return "forged";
          }
          heard.add(
              "aes".equals(query.get("encrypt_type"))
                  ? WxMpXmlMessage.fromEncryptedXml(
                      got.body(), config, timestamp, nonce, query.get("msg_signature"))
                  : WxMpXmlMessage.fromXml(got.body()));
          return "success";
        };
    return heard;
  }

  @ParameterizedTest
  @EnumSource(PushMode.class)
  void hearsEveryEventInEveryMode(PushMode mode) throws Exception {
    account.mode(mode);
    account.addTemplate("TPL", "通知", "内容:{{thing1.DATA}}");
    List<WxMpXmlMessage> heard = listen();
    Follower wang = account.follower("小王");
    WxMpQrCodeTicket ticket = wechat.getQrcodeService().qrCodeCreateTmpTicket("ord:1", 600);
    wang.scan(ticket.getUrl());
    wang.scan(wechat.getQrcodeService().qrCodePictureUrl(ticket.getTicket()));
    wang.say("滤芯 <&]]> 多久换");
    wang.click("MENU_SERVICE");
    String msgId = send(wang, "m1", "thing1", "已发货");
    simulator.settle();
    wang.block();
    send(wang, "m2", "thing1", "已送达");
    simulator.settle();
    wang.unfollow();

    assertThat(heard)
        .allSatisfy(
            message -> {
              assertThat(message.getToUser()).isEqualTo(account.originalId());
              assertThat(message.getFromUser()).isEqualTo(wang.openId());
              assertThat(message.getCreateTime())
                  .isCloseTo(simulator.clock().instant().getEpochSecond(), within(60L));
            })
        .satisfiesExactly(
            subscribe -> {
              assertThat(subscribe.getEvent()).isEqualTo(EventType.SUBSCRIBE);
              assertThat(subscribe.getEventKey()).isEqualTo("qrscene_ord:1");
              assertThat(subscribe.getTicket()).isEqualTo(ticket.getTicket());
            },
            scan -> {
              assertThat(scan.getEvent()).isEqualTo(EventType.SCAN);
              assertThat(scan.getEventKey()).isEqualTo("ord:1");
              assertThat(scan.getTicket()).isEqualTo(ticket.getTicket());
            },
            text -> {
              assertThat(text.getMsgType()).isEqualTo("text");
              assertThat(text.getContent()).isEqualTo("滤芯 <&]]> 多久换");
              assertThat(text.getMsgId()).isPositive();
            },
            click -> {
              assertThat(click.getEvent()).isEqualTo(EventType.CLICK);
              assertThat(click.getEventKey()).isEqualTo("MENU_SERVICE");
            },
            sent -> {
              assertThat(sent.getEvent()).isEqualTo(EventType.TEMPLATE_SEND_JOB_FINISH);
              assertThat(sent.getStatus()).isEqualTo("success");
              assertThat(String.valueOf(sent.getMsgId())).isEqualTo(msgId);
            },
            blocked -> assertThat(blocked.getStatus()).isEqualTo("failed:user block"),
            left -> assertThat(left.getEvent()).isEqualTo(EventType.UNSUBSCRIBE));
    assertThat(account.callbacks())
        .extracting(CallbackDelivery::status)
        .containsOnly(CallbackDelivery.Status.DELIVERED);
  }

  private String send(Follower to, String clientMsgId, String key, String value)
      throws WxErrorException {
    return wechat
        .getTemplateMsgService()
        .sendTemplateMsg(
            WxMpTemplateMessage.builder()
                .toUser(to.openId())
                .templateId("TPL")
                .clientMsgId(clientMsgId)
                .data(List.of(new WxMpTemplateData(key, value)))
                .build());
  }

  @Test
  void readsTheErrcodesOfARefusedMessage() throws Exception {
    account.addTemplate("TPL", "通知", "内容:{{thing1.DATA}}");
    Follower wang = account.follower("小王");
    assertThat(refused(() -> send(wang, "m1", "thing1", "a"))).isEqualTo(43004);
    wang.follow();
    assertThat(refused(() -> send(wang, "m1", "thing1", ""))).isEqualTo(47003);
    String first = send(wang, "m1", "thing1", "a");
    assertThat(send(wang, "m1", "thing1", "a")).as("inside 10 minutes").isEqualTo(first);
    simulator.advance(Duration.ofMinutes(10));
    assertThat(send(wang, "m1", "thing1", "a")).isNotEqualTo(first);
    account.quotaLimit("/cgi-bin/message/template/send", 1);
    assertThat(refused(() -> send(wang, "m2", "thing1", "a"))).isEqualTo(45009);
    account.type(AccountType.VERIFIED_SUBSCRIPTION);
    assertThat(refused(() -> send(wang, "m2", "thing1", "a"))).isEqualTo(48001);
    assertThat(refused(() -> wechat.getQrcodeService().qrCodeCreateTmpTicket("a", 60)))
        .isEqualTo(48001);
    account.ipWhitelist("203.0.113.8");
    assertThat(refused(() -> wechat.getAccessToken(true))).isEqualTo(40164);
    assertThat(wang.cards()).hasSize(2);
  }

  private static int refused(ThrowingCallable call) {
    return catchThrowableOfType(WxErrorException.class, call).getError().getErrorCode();
  }

  @Test
  void makesLastingAndNumberedCodes() throws Exception {
    WxMpQrCodeTicket shop = wechat.getQrcodeService().qrCodeCreateLastTicket("shop-1");
    assertThat(wechat.getQrcodeService().qrCodeCreateLastTicket("shop-1")).isEqualTo(shop);
    WxMpQrCodeTicket seven = wechat.getQrcodeService().qrCodeCreateTmpTicket(7, 60);
    assertThat(seven.getExpireSeconds()).isEqualTo(60);
    assertThat(account.qrCodes()).extracting(QrTicket::scene).containsExactly("shop-1", "7");
    Follower wang = account.follower("小王");
    wang.scan(seven.getUrl());
    assertThat(wechat.getUserService().userInfo(wang.openId()).getQrScene()).isEqualTo("7");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void renewsAnExpiredToken(boolean stable) throws Exception {
    config.useStableAccessToken(stable);
    Follower wang = account.follower("小王");
    wang.follow();
    String before = wechat.getAccessToken();
    simulator.advance(Duration.ofHours(3)); // 42001, while WxJava thinks it still good
    assertThat(wechat.getUserService().userInfo(wang.openId()).getSubscribe()).isTrue();
    assertThat(wechat.getAccessToken()).isNotEqualTo(before);
    assertThat(account.tokensIssued()).isEqualTo(2);
  }

  @Test
  void makesAMenu() throws Exception {
    wechat
        .getMenuService()
        .menuCreate("{\"button\":[{\"type\":\"click\",\"name\":\"会员\",\"key\":\"M\"}]}");
    assertThat(wechat.getMenuService().menuGet().getMenu().getButtons())
        .singleElement()
        .satisfies(button -> assertThat(button.getName()).isEqualTo("会员"));
    wechat.getMenuService().menuDelete();
  }
}
