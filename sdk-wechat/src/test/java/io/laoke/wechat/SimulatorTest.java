package io.laoke.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.binding.ScanCodes;
import io.laoke.member.WebIdentity;
import io.laoke.message.Inbound;
import io.laoke.message.Inbound.Delivery;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reply;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateCatalog;
import io.laoke.message.TemplateMessage;
import io.laoke.simulator.AccountType;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushFormat;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.Reaction;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Against a platform that was written without this module. */
class SimulatorTest {
  private final Pushes.Receiver receiver = new Pushes.Receiver();
  private WeChatSimulator simulator;
  private SimulatedAccount platform;
  private OfficialAccount account;
  private Endpoint endpoint;

  @BeforeEach
  void start() {
    simulator = WeChatSimulator.start();
    platform =
        simulator.addAccount(
            io.laoke.simulator.AccountSpec.service()
                .withAppId(Platform.APP_ID)
                .withOriginalId(Pushes.GH));
    platform.addTemplate(
        "TPL_STAGE",
        "订单状态通知",
        "订单号：{{character_string1.DATA}}\n商品：{{thing2.DATA}}\n状态：{{phrase3.DATA}}\n"
            + "时间：{{time4.DATA}}");
  }

  @AfterEach
  void stop() {
    receiver.released.countDown();
    if (endpoint != null) {
      endpoint.close();
    }
    if (account != null) {
      account.close();
    }
    simulator.close();
  }

  @ParameterizedTest
  @CsvSource({
    "PLAIN,XML",
    "COMPATIBLE,XML",
    "SECURE,XML",
    "PLAIN,JSON",
    "COMPATIBLE,JSON",
    "SECURE,JSON"
  })
  void fromTheCodeOverTheScanToTheDeliveredMessage(PushMode mode, PushFormat format)
      throws Exception {
    connect(mode, format);
    receiver.reply = Reply.text("订单SO-1001已绑定：已审核");
    assertThat(platform.verifyCallback()).isTrue();

    ScanCodes.ScanCode code =
        account.capability(ScanCodes.class).orElseThrow().create("lk:7f3a", Duration.ofDays(30));
    assertThat(code.life()).isEqualTo(Duration.ofDays(30));
    Follower customer = platform.follower("张三");
    Reaction reaction = customer.scan(code.content());
    assertThat(reaction.delivered()).isTrue();
    assertThat(reaction.reply()).contains("订单SO-1001已绑定：已审核");
    assertThat(customer.scan(code.content()).reply()).contains("订单SO-1001已绑定：已审核");
    assertThat(receiver.facts)
        .extracting(f -> ((Inbound.Scanned) f).followed())
        .containsExactly(true, false);
    assertThat(receiver.facts).allMatch(f -> f.openid().equals(customer.openId()));

    receiver.reply = Reply.none();
    SendOutcome outcome = Platform.send(account, stage(customer.openId(), "d1"));
    assertThat(outcome).isInstanceOf(SendOutcome.Accepted.class);
    String id = ((SendOutcome.Accepted) outcome).providerId();
    await()
        .untilAsserted(
            () ->
                assertThat(receiver.facts)
                    .filteredOn(Inbound.Reported.class::isInstance)
                    .singleElement()
                    .satisfies(
                        fact -> {
                          Inbound.Reported report = (Inbound.Reported) fact;
                          assertThat(report.providerId()).isEqualTo(id);
                          assertThat(report.delivery()).isEqualTo(Delivery.DELIVERED);
                          assertThat(report.openid()).isEqualTo(customer.openId());
                        }));
    ChatMessage card = customer.cards().get(0);
    assertThat(card.data())
        .containsEntry("character_string1", "SO-1001")
        .containsEntry("phrase3", "已发货")
        .containsEntry("time4", "2025年12月17日 15:01");
    assertThat(card.clientMsgId()).isEqualTo("d1");
  }

  @Test
  void signsAVisitorInAndMakesPermanentCodes() throws Exception {
    connect(PushMode.PLAIN, PushFormat.XML);
    WebIdentity login = account.capability(WebIdentity.class).orElseThrow();
    platform.addWebDomain("m.example.cn");
    Follower person = platform.follower("小王");
    String back = person.signIn(login.authorizeUrl("https://m.example.cn/laoke/r/1", "abc"));
    assertThat(back).startsWith("https://m.example.cn/laoke/r/1?code=").endsWith("&state=abc");
    String code = back.replaceAll(".*code=|&state.*", "");
    assertThat(login.identify(code)).isEqualTo(new WebIdentity.Visitor.Known(person.openId()));
    assertThat(login.identify(code)).isInstanceOf(WebIdentity.Visitor.Unproven.class);
    person.snapshots(true);
    String another =
        person
            .signIn(login.authorizeUrl("https://m.example.cn/laoke/r/1", "abc"))
            .replaceAll(".*code=|&state.*", "");
    assertThat(login.identify(another)).isInstanceOf(WebIdentity.Visitor.Snapshot.class);
    ScanCodes codes = account.capability(ScanCodes.class).orElseThrow();
    String lasting = codes.createLasting("lk1_shop_1");
    assertThat(codes.createLasting("lk1_shop_1")).isEqualTo(lasting);
    simulator.advance(Duration.ofDays(400));
    assertThat(person.scan(lasting).shown()).isEmpty();
    assertThat(person.following()).isTrue();
  }

  @Test
  void aScannerGetsTheReplyThoughTheFirstTryFailed() throws Exception {
    connect(PushMode.SECURE, PushFormat.XML);
    receiver.reply = Reply.text("订单SO-1001已绑定");
    receiver.failures.set(1);
    ScanCodes.ScanCode code =
        account.capability(ScanCodes.class).orElseThrow().create("lk:7f3a", Duration.ofDays(30));
    Reaction reaction = platform.follower("张三").scan(code.content());
    assertThat(reaction.attempts()).isEqualTo(2);
    assertThat(reaction.reply()).contains("订单SO-1001已绑定");
  }

  @Test
  void aRepeatWithTheSameDedupeIdReachesThePersonOnce() throws Exception {
    connect(PushMode.SECURE, PushFormat.XML);
    Follower customer = platform.follower("张三");
    customer.follow();
    simulator.faults().onCall(Platform.SEND).acceptThenReset();
    assertThat(Platform.send(account, stage(customer.openId(), "d1")))
        .isInstanceOf(SendOutcome.Unknown.class);
    assertThat(Platform.send(account, stage(customer.openId(), "d1")))
        .isInstanceOf(SendOutcome.Accepted.class);
    assertThat(customer.cards()).hasSize(1);
  }

  @Test
  void tellsWhoFollowsNoMoreAndWhoBlocks() throws Exception {
    connect(PushMode.SECURE, PushFormat.XML);
    Follower customer = platform.follower("张三");
    customer.follow();
    customer.block();
    Platform.send(account, stage(customer.openId(), "d1"));
    await()
        .untilAsserted(
            () ->
                assertThat(receiver.facts)
                    .filteredOn(Inbound.Reported.class::isInstance)
                    .extracting(f -> ((Inbound.Reported) f).delivery())
                    .containsExactly(Delivery.BLOCKED));
    customer.unfollow();
    assertThat(receiver.facts).anyMatch(Inbound.Unfollowed.class::isInstance);
    assertThat(Platform.send(account, stage(customer.openId(), "d2")))
        .isInstanceOfSatisfying(
            SendOutcome.Refused.class, r -> assertThat(r.recipientGone()).isTrue());
    assertThat(account.users().find(customer.openId()).follows()).isFalse();
  }

  @Test
  void survivesATokenThatAnotherProgramVoided() throws Exception {
    connect(PushMode.SECURE, PushFormat.XML);
    Follower customer = platform.follower("张三");
    customer.follow();
    Platform.send(account, stage(customer.openId(), "d1"));
    platform.voidTokens();
    assertThat(Platform.send(account, stage(customer.openId(), "d2")))
        .isInstanceOf(SendOutcome.Accepted.class);
    assertThat(customer.cards()).hasSize(2);
  }

  @Test
  void readsTemplatesAndPeople() throws Exception {
    connect(PushMode.SECURE, PushFormat.XML);
    assertThat(account.capability(TemplateCatalog.class).orElseThrow().templates())
        .containsExactly(
            new TemplateCatalog.Template(
                "TPL_STAGE", "订单状态通知", List.of("character_string1", "thing2", "phrase3", "time4")));
    Follower a = platform.follower("甲");
    Follower b = platform.follower("乙");
    a.follow();
    ScanCodes.ScanCode code =
        account.capability(ScanCodes.class).orElseThrow().create("lk:9", Duration.ofDays(1));
    b.scan(code.content());
    List<Users.User> users = account.users().find(List.of(a.openId(), b.openId()));
    assertThat(users).allMatch(Users.User::follows);
    assertThat(users.get(1).scene()).contains("lk:9");
    assertThat(users.get(1).followScene()).isEqualTo("ADD_SCENE_QR_CODE");
  }

  @ParameterizedTest
  @EnumSource(value = AccountType.class, mode = EnumSource.Mode.EXCLUDE, names = "VERIFIED_SERVICE")
  void anAccountWithoutThePermissionIsNamed(AccountType type) throws Exception {
    connect(PushMode.SECURE, PushFormat.XML);
    platform.type(type);
    assertThatThrownBy(
            () -> account.capability(ScanCodes.class).orElseThrow().create("s", Duration.ofDays(1)))
        .isInstanceOfSatisfying(WeChatException.class, e -> assertThat(e.code()).isEqualTo(48001))
        .hasMessageContaining("认证");
  }

  @Test
  void whateverAFieldHoldsTheRulesOfThePlatformAreKept() throws Exception {
    connect(PushMode.SECURE, PushFormat.XML);
    platform.addTemplate(
        "TPL_ALL",
        "各类字段",
        "{{thing1.DATA}}{{character_string2.DATA}}{{number3.DATA}}{{letter4.DATA}}{{symbol5.DATA}}"
            + "{{phrase6.DATA}}{{name7.DATA}}{{time8.DATA}}{{date9.DATA}}{{amount10.DATA}}"
            + "{{phone_number11.DATA}}{{car_number12.DATA}}{{short_thing13.DATA}}");
    List<String> keys =
        List.of(
            "thing1",
            "character_string2",
            "number3",
            "letter4",
            "symbol5",
            "phrase6",
            "name7",
            "time8",
            "date9",
            "amount10",
            "phone_number11",
            "car_number12",
            "short_thing13");
    Follower customer = platform.follower("张三");
    customer.follow();
    List<String> values =
        List.of(
            "",
            "😀",
            "a",
            "很长".repeat(50),
            "x".repeat(100),
            "1,234.567",
            "2025-12-17T07:01:30Z",
            "换\n行",
            "0757-88889999转801",
            "粤E12345",
            "张三 13800000000");
    int n = 0;
    for (String value : values) {
      Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
      keys.forEach(key -> fields.put(key, new TemplateMessage.Field(value, null)));
      assertThat(
              Platform.send(
                  account,
                  new Outbound(
                      customer.openId(),
                      "f" + n++,
                      Purpose.ORDER,
                      new TemplateMessage("TPL_ALL", fields, Optional.empty(), Optional.empty()))))
          .as(value)
          .isInstanceOf(SendOutcome.Accepted.class);
    }
  }

  private void connect(PushMode mode, PushFormat format) throws Exception {
    platform.mode(mode);
    platform.format(format);
    OfficialAccountSettings.Builder settings =
        OfficialAccountSettings.builder(platform.appId())
            .secret(platform.secret())
            .originalId(platform.originalId())
            .baseUrl(simulator.baseUrl())
            .clock(simulator.clock())
            .callbackToken(platform.token());
    if (mode != PushMode.PLAIN) {
      settings.encodingAesKey(platform.encodingAesKey());
    }
    account = WeChat.officialAccount(settings.build());
    endpoint = new Endpoint(account.callback(receiver));
    platform.callbackUrl(endpoint.url());
  }

  private static Outbound stage(String openid, String dedupeId) {
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    fields.put("character_string1", new TemplateMessage.Field("SO-1001", null));
    fields.put("thing2", new TemplateMessage.Field("反渗透净水器", null));
    fields.put("phrase3", new TemplateMessage.Field("已发货", null));
    fields.put("time4", new TemplateMessage.Field("2025-12-17T07:01:30Z", null));
    return new Outbound(
        openid,
        dedupeId,
        Purpose.ORDER,
        new TemplateMessage("TPL_STAGE", fields, Optional.empty(), Optional.empty()));
  }
}
