package io.laoke.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import me.chanjar.weixin.common.api.WxConsts.EventType;
import me.chanjar.weixin.common.api.WxConsts.MassMsgType;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.mp.api.WxMpMessageRouter;
import me.chanjar.weixin.mp.api.WxMpService;
import me.chanjar.weixin.mp.api.impl.WxMpServiceImpl;
import me.chanjar.weixin.mp.bean.WxMpMassOpenIdsMessage;
import me.chanjar.weixin.mp.bean.WxMpMassPreviewMessage;
import me.chanjar.weixin.mp.bean.WxMpMassTagMessage;
import me.chanjar.weixin.mp.bean.draft.WxMpAddDraft;
import me.chanjar.weixin.mp.bean.draft.WxMpDraftArticles;
import me.chanjar.weixin.mp.bean.draft.WxMpUpdateDraft;
import me.chanjar.weixin.mp.bean.kefu.WxMpKefuMessage;
import me.chanjar.weixin.mp.bean.material.WxMpMaterial;
import me.chanjar.weixin.mp.bean.message.WxMpXmlMessage;
import me.chanjar.weixin.mp.bean.message.WxMpXmlOutMessage;
import me.chanjar.weixin.mp.bean.tag.WxUserTag;
import me.chanjar.weixin.mp.config.WxMpHostConfig;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** WxJava, unchanged but for its hosts: tags, drafts, material, mass, kefu, menu and its router. */
class WxJavaContentTest {
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final TestHost host = new TestHost();
  private final SimulatedAccount account =
      simulator.addAccount(
          AccountSpec.service().withMode(PushMode.SECURE).withCallbackUrl(host.url()));
  private final WxMpDefaultConfigImpl config = new WxMpDefaultConfigImpl();
  private final WxMpService wechat = new WxMpServiceImpl();
  private final WxMpMessageRouter router = new WxMpMessageRouter(wechat);

  @TempDir Path folder;

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
    router.shutDownExecutorService();
    simulator.close();
    host.close();
  }

  private static int refused(ThrowingCallable call) {
    return catchThrowableOfType(WxErrorException.class, call).getError().getErrorCode();
  }

  private Path picture() throws Exception {
    Path file = folder.resolve("图.png");
    Files.write(file, TestClient.png(2000));
    return file;
  }

  private String upload() throws Exception {
    return wechat
        .getMaterialService()
        .materialFileUpload("image", new WxMpMaterial("图.png", picture().toFile(), "", ""))
        .getMediaId();
  }

  private String draft(String title) throws Exception {
    return wechat.getDraftService().addDraft(new WxMpAddDraft(List.of(article(title, upload()))));
  }

  private static WxMpDraftArticles article(String title, String thumb) {
    return WxMpDraftArticles.builder()
        .title(title)
        .author("恒信")
        .content("<p>滤芯半年一换</p>")
        .thumbMediaId(thumb)
        .build();
  }

  @Test
  void keepsTags() throws Exception {
    var tags = wechat.getUserTagService();
    Follower wang = account.follower("小王");
    wang.follow();
    WxUserTag tag = tags.tagCreate("净水器");
    assertThat(tags.batchTagging(tag.getId(), new String[] {wang.openId()})).isTrue();
    assertThat(tags.tagGet()).singleElement().satisfies(t -> assertThat(t.getCount()).isOne());
    assertThat(tags.userTagList(wang.openId())).containsExactly(tag.getId());
    assertThat(tags.tagListUser(tag.getId(), "").getData().getOpenidList())
        .containsExactly(wang.openId());
    assertThat(wechat.getUserService().userInfo(wang.openId()).getTagIds())
        .containsExactly(tag.getId());
    assertThat(tags.tagUpdate(tag.getId(), "反渗透")).isTrue();
    assertThat(refused(() -> tags.tagCreate("反渗透"))).isEqualTo(45157);
    assertThat(tags.batchUntagging(tag.getId(), new String[] {wang.openId()})).isTrue();
    assertThat(tags.tagDelete(tag.getId())).isTrue();
    assertThat(account.tags()).isEmpty();
  }

  @Test
  void keepsDraftsAndMaterial() throws Exception {
    var drafts = wechat.getDraftService();
    String thumb = upload();
    String id = drafts.addDraft(new WxMpAddDraft(List.of(article("保养", thumb))));
    assertThat(drafts.getDraft(id).getNewsItem())
        .singleElement()
        .satisfies(a -> assertThat(a.getContent()).isEqualTo("<p>滤芯半年一换</p>"));
    assertThat(drafts.updateDraft(new WxMpUpdateDraft(id, 0, article("保养提示", thumb)))).isTrue();
    assertThat(drafts.countDraft()).isOne();
    assertThat(
            drafts.listDraft(0, 20).getItems().get(0).getContent().getNewsItem().get(0).getTitle())
        .isEqualTo("保养提示");
    assertThat(drafts.delDraft(id)).isTrue();

    var material = wechat.getMaterialService();
    assertThat(material.materialCount().getImageCount()).isOne();
    assertThat(material.materialFileBatchGet("image", 0, 20).getItems())
        .singleElement()
        .satisfies(item -> assertThat(item.getName()).isEqualTo("图.png"));
    assertThat(material.materialImageOrVoiceDownload(thumb).readAllBytes())
        .isEqualTo(TestClient.png(2000));
    assertThat(material.mediaImgUpload(picture().toFile()).getUrl()).startsWith("http");
    String temporary = material.mediaUpload("image", picture().toFile()).getMediaId();
    assertThat(Files.readAllBytes(material.mediaDownload(temporary).toPath()))
        .isEqualTo(TestClient.png(2000));
    assertThat(
            refused(
                () ->
                    material.mediaUpload(
                        "thumb", "png", new ByteArrayInputStream(TestClient.png(10)))))
        .isEqualTo(40005);
    assertThat(material.materialDelete(thumb)).isTrue();
  }

  @Test
  void sendsToManyAndHearsTheReport() throws Exception {
    List<WxMpXmlMessage> heard = routed();
    Follower wang = account.follower("小王");
    Follower li = account.follower("李阿姨");
    wang.follow();
    li.follow();
    var mass = wechat.getMassMessageService();

    WxMpMassPreviewMessage preview = new WxMpMassPreviewMessage();
    String draft = draft("清洗优惠");
    preview.setToWxUserOpenid(wang.openId());
    preview.setMsgType(MassMsgType.MPNEWS);
    preview.setMediaId(draft);
    mass.massMessagePreview(preview);

    WxMpMassOpenIdsMessage list = new WxMpMassOpenIdsMessage();
    list.addUser(wang.openId());
    list.addUser(li.openId());
    list.setMsgType(MassMsgType.MPNEWS);
    list.setMediaId(draft);
    list.setClientMsgId("cmp7-seg2-b1");
    var sent = mass.massOpenIdsMessageSend(list);
    assertThat(sent.getMsgDataId()).isNotBlank();
    assertThat(mass.messageMassGet(Long.parseLong(sent.getMsgId())).getMsgstatus())
        .isEqualTo("SEND_SUCCESS");
    assertThat(refused(() -> mass.massOpenIdsMessageSend(list))).isEqualTo(45066);

    WxUserTag tag = wechat.getUserTagService().tagCreate("一个人");
    wechat.getUserTagService().batchTagging(tag.getId(), new String[] {li.openId()});
    WxMpMassTagMessage tagged = new WxMpMassTagMessage();
    tagged.setTagId(tag.getId());
    tagged.setMsgType(MassMsgType.TEXT);
    tagged.setContent("周末闭店盘点");
    mass.massGroupMessageSend(tagged);
    mass.delete(Long.parseLong(sent.getMsgId()), 1);
    mass.messageMassSpeedSet(2);
    assertThat(mass.messageMassSpeedGet().getRealspeed()).isEqualTo(45);

    simulator.settle();
    assertThat(li.chat())
        .extracting(ChatMessage::kind)
        .containsExactly(ChatMessage.Kind.REPLY, ChatMessage.Kind.ARTICLE, ChatMessage.Kind.MASS);
    assertThat(heard)
        .filteredOn(m -> EventType.MASS_SEND_JOB_FINISH.equals(m.getEvent()))
        .hasSize(2)
        .anySatisfy( // which of two jobs is reported first is nobody's promise
            report -> {
              assertThat(report.getTotalCount()).isEqualTo(2);
              assertThat(report.getFilterCount()).isEqualTo(2);
              assertThat(report.getSentCount()).isEqualTo(2);
              assertThat(report.getErrorCount()).isZero();
              assertThat(report.getStatus()).isEqualTo("send success");
              assertThat(String.valueOf(report.getMsgId())).isEqualTo(sent.getMsgId());
            });
  }

  @Test
  void answersThroughItsRouterAndByCustomerService() throws Exception {
    routed();
    wechat
        .getMenuService()
        .menuCreate(
            "{\"button\":[{\"type\":\"click\",\"name\":\"会员\",\"key\":\"M\"},{\"name\":\"服务\",\"sub_button\":[{\"type\":\"view\",\"name\":\"报修\",\"url\":\"https://dealer.example/r\"}]}]}");
    assertThat(wechat.getMenuService().menuGet().getMenu().getButtons()).hasSize(2);
    assertThat(wechat.getMenuService().getSelfMenuInfo().getSelfMenuInfo().getButtons()).hasSize(2);
    Follower wang = account.follower("小王");
    assertThat(wang.follow().reply()).contains("欢迎");
    assertThat(wang.click("M").reply()).contains("会员 M");
    assertThat(wang.view("https://dealer.example/r").delivered()).isTrue();
    assertThat(wang.say("你好").reply()).isEmpty();
    var kefu = wechat.getKefuService();
    assertThat(
            kefu.sendKefuMessage(
                WxMpKefuMessage.TEXT().toUser(wang.openId()).content("您的订单已绑定").build()))
        .isTrue();
    assertThat(kefu.sendKfTypingState(wang.openId(), "Typing")).isTrue();
    assertThat(wang.chat().get(wang.chat().size() - 1).text()).isEqualTo("您的订单已绑定");
    wechat.getMenuService().menuDelete();
    assertThat(wechat.getJsapiTicket()).isNotBlank();
    var page = wechat.createJsapiSignature("https://dealer.example/o?a=b");
    assertThat(
            account.admitsPage(
                page.getNonceStr(), page.getTimestamp(), page.getUrl(), page.getSignature()))
        .isTrue();
  }

  /** A host that gives what it decrypts to WxJava's router, and encrypts what that answers. */
  private List<WxMpXmlMessage> routed() {
    List<WxMpXmlMessage> heard = new CopyOnWriteArrayList<>();
    router
        .rule()
        .async(false)
        .msgType("event")
        .event("subscribe")
        .handler((in, context, service, session) -> text(in, "欢迎"))
        .end()
        .rule()
        .async(false)
        .msgType("event")
        .event("CLICK")
        .handler((in, context, service, session) -> text(in, "会员 " + in.getEventKey()))
        .end();
    host.reply =
        got -> {
          Map<String, String> query = got.query();
          WxMpXmlMessage in =
              WxMpXmlMessage.fromEncryptedXml(
                  got.body(),
                  config,
                  query.get("timestamp"),
                  query.get("nonce"),
                  query.get("msg_signature"));
          heard.add(in);
          WxMpXmlOutMessage out = router.route(in);
          return out == null ? "success" : out.toEncryptedXml(config);
        };
    return heard;
  }

  private static WxMpXmlOutMessage text(WxMpXmlMessage in, String words) {
    return WxMpXmlOutMessage.TEXT()
        .content(words)
        .fromUser(in.getToUser())
        .toUser(in.getFromUser())
        .build();
  }
}
