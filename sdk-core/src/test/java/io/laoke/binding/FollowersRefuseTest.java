package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.member.Consent;
import io.laoke.member.ConsentAnswer;
import io.laoke.member.ConsentWords;
import io.laoke.member.Member;
import io.laoke.member.Members;
import io.laoke.member.Merge;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.message.NewMessage;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.Reply;
import io.laoke.message.TemplateMessage;
import io.laoke.order.Buyer;
import io.laoke.testing.TestServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Followers who refuse marketing in the chat or the menu, and who agree to it again. */
class FollowersRefuseTest {
  private static final Buyer WANG = Buyer.of("KH-77001", "王小明", "139-1234-5678");
  private static final String OUT = "退订";
  private static final String IN = "订阅";

  private long causes;

  /** Facts have the times that follow the start: those times have come. */
  private static World world(TestServer server) {
    World on = new World(server);
    on.now = World.START.plus(Duration.ofHours(1));
    return on;
  }

  private static String says(World on, String openid, String text) {
    return World.said(on.engine.receive(on.text(openid, text)));
  }

  private static Inbound.Said at(Instant when, String openid, String text) {
    return new Inbound.Said("at " + when + text, when, openid, text);
  }

  private static long member(World on, String openid) {
    return on.memberOfOpenid(openid).orElseThrow();
  }

  private static boolean allows(World on, long member) {
    return on.engine.members().allows(member, Purpose.MARKETING, ChannelKind.WECHAT_TEMPLATE);
  }

  /** A message that waits for the next tick; gives its order's number. */
  private String waits(World on, String openid, Purpose purpose) {
    long cause = ++causes;
    on.database.write(
        "enqueue",
        tx ->
            on.engine
                .messages
                .outbox()
                .enqueue(
                    tx,
                    on.dealer,
                    new NewMessage(
                        "TEST",
                        cause,
                        1_000 + cause,
                        "T-" + cause,
                        World.ACCOUNT,
                        on.hash(openid),
                        1,
                        purpose,
                        ChannelKind.WECHAT_TEMPLATE,
                        new TemplateMessage("tpl", Map.of(), Optional.empty(), Optional.empty()),
                        on.now,
                        on.now.plus(Duration.ofHours(9)))));
    return "T-" + cause;
  }

  private static String became(World on, String order) {
    Decision decision = on.engine.decisions(order).get(0);
    return decision.reason().map(Reason::code).orElse(decision.result().name());
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsIsStoppedByAWordAndGoesOnByAnother(TestServer server) {
    try (World on = world(server)) {
      on.engine.receive(on.followed("ofan"));
      long fan = member(on, "ofan");
      on.engine.members().consent(fan, Consent.given(Purpose.MARKETING, "门店签字", "v1", World.START));
      String push = waits(on, "ofan", Purpose.MARKETING);
      String care = waits(on, "ofan", Purpose.CARE);
      String order = waits(on, "ofan", Purpose.ORDER);

      Inbound.Said out = on.text("ofan", " ＴＤ。");
      String reply = World.said(on.engine.receive(out));

      assertThat(reply).contains("已为您退订", "订单进度和服务提醒照常", "请回复“订阅”");
      assertThat(allows(on, fan)).isFalse();
      on.engine.tick();
      assertThat(became(on, push)).isEqualTo("REFUSED_PURPOSE");
      assertThat(became(on, care)).isEqualTo("SENT");
      assertThat(became(on, order)).isEqualTo("SENT");
      assertThat(World.said(on.engine.receive(out))).as("a repeat").isEqualTo(reply);
      assertThat(on.engine.members().consents(fan))
          .hasSize(2)
          .last()
          .isEqualTo(Consent.refused(Purpose.MARKETING, "WECHAT_TEXT", out.at()));

      Inbound.Said in = on.text("ofan", IN);
      assertThat(World.said(on.engine.receive(in))).contains("您已订阅", "请回复“退订”");
      assertThat(on.engine.members().consents(fan))
          .last()
          .isEqualTo(Consent.given(Purpose.MARKETING, "WECHAT_TEXT", "公众号订阅 1", in.at()));
      String next = waits(on, "ofan", Purpose.MARKETING);
      on.engine.tick();
      assertThat(became(on, next)).isEqualTo("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalOfSomebodyUnknownOutlivesThatTheyTurnOutToBeABuyer(TestServer server) {
    try (World on = world(server)) {
      on.peopleSettings = on.peopleSettings.withFollowIsConsent(true);
      assertThat(says(on, "onew", OUT)).contains("已为您退订");
      long fan = member(on, "onew");
      assertThat(on.engine.members().get(fan).map(Member::source)).contains("FOLLOW");
      assertThat(allows(on, fan)).isFalse();

      String order = on.order(WANG);
      long buyer = on.memberOf(order).orElseThrow();
      on.scan("onew", order);

      assertThat(member(on, "onew")).isEqualTo(buyer);
      assertThat(allows(on, buyer)).isFalse();
      assertThat(on.count("member")).as("nobody else was made").isEqualTo(2);

      on.engine.bindings().unbind(order, World.ACCOUNT, "onew", "店员", "不是他");
      assertThat(allows(on, member(on, "onew"))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void theNewestCountsHoweverLateAnOlderOneComesAndTheReplySaysWhatCounts(TestServer server) {
    try (World on = world(server)) {
      on.engine.receive(on.followed("ofan"));
      long fan = member(on, "ofan");
      Instant noon = World.START.plusSeconds(600);
      on.engine.members().consent(fan, Consent.given(Purpose.MARKETING, "门店签字", "v1", noon));

      assertThat(World.said(on.engine.receive(at(noon.minusSeconds(60), "ofan", OUT))))
          .contains("您已订阅");
      assertThat(allows(on, fan)).isTrue();
      assertThat(on.engine.members().consents(fan)).hasSize(2);

      // WeChat tells whole seconds: within one, the refusal counts, whichever came first.
      Instant later = noon.plusSeconds(60);
      assertThat(World.said(on.engine.receive(at(later, "ofan", OUT)))).contains("已为您退订");
      assertThat(World.said(on.engine.receive(at(later, "ofan", IN)))).contains("已为您退订");
      assertThat(allows(on, fan)).isFalse();

      // What lies ahead is said now, so that the next is newer.
      assertThat(World.said(on.engine.receive(at(on.now.plusSeconds(90), "ofan", IN))))
          .contains("您已订阅");
      assertThat(on.engine.members().consents(fan))
          .last()
          .extracting(Consent::at)
          .isEqualTo(on.now);
      on.now = on.now.plusSeconds(5);
      assertThat(World.said(on.engine.receive(at(on.now, "ofan", OUT)))).contains("已为您退订");
      assertThat(allows(on, fan)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneOfTwoFollowersOfAMemberRefusesForBoth(TestServer server) {
    try (World on = world(server)) {
      Members members = on.engine.members();
      on.engine.receive(on.followed("ohe"));
      on.engine.receive(on.followed("oshe"));
      long one = member(on, "ohe");
      members.consent(one, Consent.given(Purpose.MARKETING, "门店签字", "v1", World.START));
      Merge merge = members.merge(one, member(on, "oshe"), "店长", "一家人");
      String push = waits(on, "ohe", Purpose.MARKETING);

      assertThat(says(on, "oshe", OUT)).contains("已为您退订");

      on.engine.tick();
      assertThat(became(on, push)).isEqualTo("REFUSED_PURPOSE");
      members.split(merge.id(), "店长", "看错了");
      assertThat(allows(on, member(on, "oshe"))).isFalse();
      assertThat(allows(on, member(on, "ohe"))).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noRefusalIsLostWhileItsMemberIsMerged(TestServer server) throws Exception {
    try (World on = world(server)) {
      World.Engine other = on.engine();
      List<Long> kept = new ArrayList<>();
      List<Callable<Object>> tasks = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String openid = "ofan" + i;
        on.engine.receive(on.followed(openid));
        long fan = member(on, openid);
        long buyer = on.memberOf(on.order(Buyer.of("C" + i, null, null))).orElseThrow();
        on.engine
            .members()
            .consent(buyer, Consent.given(Purpose.MARKETING, "门店签字", "v1", World.START));
        kept.add(buyer);
        Inbound.Said out = on.text(openid, OUT);
        tasks.add(() -> on.engine.receive(out));
        tasks.add(() -> other.receive(out));
        tasks.add(() -> other.members().merge(buyer, fan, "店长", "同一个人"));
      }

      World.atOnce(tasks);

      assertThat(on.messagesFailed()).isZero();
      for (long buyer : kept) {
        assertThat(allows(on, buyer)).isFalse();
        assertThat(on.engine.members().consents(buyer)).hasSize(2);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void menuEntriesOfOursDoTheSameAndThoseOfOthersNothing(TestServer server) {
    try (World on = world(server)) {
      assertThat(World.said(on.engine.receive(clicked("o1", 1, Members.REFUSE_MENU_KEY))))
          .contains("已为您退订");
      long fan = member(on, "o1");
      assertThat(World.said(on.engine.receive(clicked("o1", 2, Members.AGREE_MENU_KEY))))
          .contains("您已订阅");
      assertThat(on.engine.members().consents(fan))
          .containsExactly(
              Consent.refused(Purpose.MARKETING, "WECHAT_MENU", World.START.plusSeconds(1)),
              Consent.given(
                  Purpose.MARKETING, "WECHAT_MENU", "公众号订阅 1", World.START.plusSeconds(2)));
      for (String key : List.of("lk1_", "lk1_refuse2", "refuse", OUT)) {
        assertThat(on.engine.receive(clicked("o1", 3, key))).as(key).isEqualTo(Reply.none());
      }
      assertThat(on.engine.members().consents(fan)).hasSize(2);
    }
  }

  private static Inbound clicked(String openid, int second, String key) {
    return new Inbound.Clicked("click" + key, World.START.plusSeconds(second), openid, key);
  }

  @ParameterizedTest
  @EnumSource
  void staffAreAnsweredAndWhoWasErasedIsNot(TestServer server) {
    try (World on = world(server)) {
      Catalog catalog = on.engine.catalogs.catalog(on.database, on.dealer);
      catalog.put(Staff.of("E1", "李娜"));
      catalog.linkStaff("E1", World.ACCOUNT, "ostaff");
      assertThat(says(on, "ostaff", OUT)).contains("员工");
      assertThat(on.memberOfOpenid("ostaff")).isEmpty();
      assertThat(on.count("consent")).isZero();

      // Who was a customer before is one still.
      on.engine.receive(on.followed("oboth"));
      catalog.put(Staff.of("E2", "王芳"));
      catalog.linkStaff("E2", World.ACCOUNT, "oboth");
      assertThat(says(on, "oboth", OUT)).contains("已为您退订");
      assertThat(allows(on, member(on, "oboth"))).isFalse();

      on.engine.receive(on.followed("ogone"));
      on.engine.eraser().erase(member(on, "ogone"), "店长", "客户要求");
      long consents = on.count("consent");
      assertThat(on.engine.receive(on.text("ogone", OUT))).isEqualTo(Reply.none());
      assertThat(on.count("consent")).isEqualTo(consents);
      assertThat(on.engine.members().readmitOpenid(World.ACCOUNT, "ogone", "店长")).isTrue();
      assertThat(says(on, "ogone", OUT)).contains("已为您退订");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void theDealersWordsCountAndAreTold(TestServer server) {
    try (World on = world(server)) {
      on.peopleSettings =
          on.peopleSettings.withConsentWords(
              ConsentWords.standard().withRefusing("别发了").withAgreeing());
      assertThat(on.engine.receive(on.text("o1", OUT))).isEqualTo(Reply.none());
      assertThat(on.engine.receive(on.text("o1", IN))).isEqualTo(Reply.none());
      assertThat(on.count("member")).isZero();
      assertThat(says(on, "o1", "别发了！")).contains("已为您退订").doesNotContain("如需恢复");
      on.bindingSettings =
          on.bindingSettings.withReplies(
              new ReplyTexts() {
                @Override
                public String text(ScanOutcome.Told told) {
                  return "";
                }

                @Override
                public String consent(ConsentAnswer answer) {
                  return answer.state() + answer.change().orElse("，请联系门店");
                }
              });
      assertThat(says(on, "o1", "别发了")).isEqualTo("REFUSED，请联系门店");
    }
  }
}
