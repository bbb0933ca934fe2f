package io.laoke.loop;

import static io.laoke.loop.SmsShop.ACCOUNT;
import static io.laoke.loop.SmsShop.NOON;
import static io.laoke.loop.SmsShop.WANG;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.Laoke;
import io.laoke.base.Phone;
import io.laoke.error.NotFoundException;
import io.laoke.member.Consent;
import io.laoke.member.MemberProfile;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Delivery;
import io.laoke.message.Inbound;
import io.laoke.message.Pause;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.simulator.AcceptedSms;
import io.laoke.simulator.SmsProvider;
import io.laoke.sms.SmsAnswer;
import io.laoke.sms.SmsApproval;
import io.laoke.sms.SmsMessage;
import io.laoke.sms.SmsOptOut;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A text message from the outbox to the phone and its receipt back into the decision. */
class SmsLoopTest {
  private static final Phone PHONE = Phone.of(WANG);

  static Stream<Arguments> everywhere() {
    return Stream.of(TestServer.values())
        .flatMap(server -> Stream.of(SmsProvider.values()).map(sms -> Arguments.of(server, sms)));
  }

  private static Decision decision(SmsShop shop, long no) {
    return shop.dealer.sms().decision(no).orElseThrow();
  }

  private static String reason(SmsShop shop, long no) {
    return decision(shop, no).reason().map(Reason::code).orElse("");
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void reachesThePhoneOnceAndSaysSo(TestServer server, SmsProvider provider) throws Exception {
    try (SmsShop shop = new SmsShop(server, provider)) {
      assertThat(shop.remind(1)).isTrue();
      assertThat(shop.remind(1)).isFalse();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.QUEUED);
      shop.tick();
      shop.gateway.settle();
      List<AcceptedSms> got = shop.gateway.accepted(WANG);
      assertThat(got).extracting(AcceptedSms::text).containsExactly("【恒信电器】王女士您好，您的净水器该保养了。");
      Decision decision = decision(shop, 1);
      assertThat(decision.result()).isEqualTo(Decision.Result.SENT);
      assertThat(decision.channel()).isEqualTo(ChannelKind.SMS);
      assertThat(decision.account()).isEqualTo(ACCOUNT);
      assertThat(decision.recipient()).doesNotContain(WANG);
      assertThat(decision.delivery()).contains(Inbound.Delivery.DELIVERED);
      shop.tick();
      assertThat(shop.gateway.calls()).isEqualTo(1);
    }
  }

  /** So late that its receipt is asked for, by another engine that has a look. */
  private static void threeDaysLater(SmsShop shop) throws SQLException {
    try (Connection connection = shop.database.getConnection();
        Statement statement = connection.createStatement();
        Laoke other = shop.engine()) {
      statement.execute("UPDATE laoke_receipt_due SET ask_ms = 1");
      other.tick(shop.now.get());
    }
  }

  private static Optional<Inbound.Delivery> delivery(SmsShop shop, long no) {
    return decision(shop, no).delivery();
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void aReceiptThatDidNotComeIsAskedFor(TestServer server, SmsProvider provider) throws Exception {
    try (SmsShop shop = new SmsShop(server, provider)) {
      shop.gateway.faults().loseReceipts(1).failDelivery(1, "MK:0001").forget(1).holdReceipts(1);
      for (int i = 1; i <= 4; i++) {
        if (i == 2) { // reported, so that nobody asks
          shop.gateway.settle();
        }
        shop.remind(i);
        shop.tick();
      }
      shop.gateway.settle();
      assertThat(delivery(shop, 2)).contains(Inbound.Delivery.FAILED);
      assertThat(List.of(delivery(shop, 1), delivery(shop, 3), delivery(shop, 4)))
          .containsOnly(Optional.empty());

      shop.gateway
          .faults()
          .refuseQuestions(
              1, provider == SmsProvider.ALIYUN ? "isp.SYSTEM_ERROR" : "InternalError.Other")
          .answerQuestions(1, 502)
          .hangQuestions(1, Duration.ofSeconds(4));
      threeDaysLater(shop);
      assertThat(shop.gateway.questions()).isEqualTo(3);
      assertThat(List.of(delivery(shop, 1), delivery(shop, 3), delivery(shop, 4)))
          .as("none of the questions was answered")
          .containsOnly(Optional.empty());

      threeDaysLater(shop);
      assertThat(shop.gateway.questions()).isEqualTo(6);
      assertThat(delivery(shop, 1)).as("it was lost").contains(Inbound.Delivery.DELIVERED);
      assertThat(delivery(shop, 3)).as("unknown").contains(Inbound.Delivery.EXPIRED);
      boolean waits = provider == SmsProvider.ALIYUN; // the other has nothing to pull yet
      assertThat(delivery(shop, 4))
          .isEqualTo(waits ? Optional.empty() : Optional.of(Inbound.Delivery.EXPIRED));

      shop.gateway.releaseReceipts();
      shop.tick();
      assertThat(delivery(shop, 4)).as("late").contains(Inbound.Delivery.DELIVERED);
      threeDaysLater(shop);
      assertThat(shop.gateway.questions()).isEqualTo(6);
      assertThat(shop.gateway.calls()).as("never sent again").isEqualTo(4);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void whatMayHaveArrivedIsNeverRepeatedAndALateReceiptSettlesIt(
      TestServer server, SmsProvider provider) throws Exception {
    try (SmsShop shop = new SmsShop(server, provider)) {
      shop.gateway.faults().acceptThenReset(1).holdReceipts(1);
      shop.remind(1);
      shop.tick();
      shop.tick();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.UNKNOWN);
      List<Delivery> parked = shop.dealer.deliveries().parked(Optional.empty(), 10).items();
      assertThat(parked).hasSize(1);
      assertThat(parked.get(0).mayHaveArrived()).isTrue();
      shop.now.set(NOON.plus(Duration.ofHours(3)));
      shop.tick();
      assertThat(shop.gateway.calls()).isEqualTo(1);

      shop.gateway.releaseReceipts();
      shop.tick();
      Decision settled = decision(shop, 1);
      assertThat(settled.result()).isEqualTo(Decision.Result.SENT);
      assertThat(settled.delivery()).contains(Inbound.Delivery.DELIVERED);
      assertThat(shop.dealer.deliveries().parked(Optional.empty(), 10).items()).isEmpty();
      assertThat(shop.gateway.calls()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerThatDoesNotComeInTimeIsUnknown(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      shop.gateway.faults().acceptThenHang(1, Duration.ofSeconds(5)).loseReceipts(1);
      shop.remind(1);
      shop.tick();
      shop.tick();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.UNKNOWN);
      assertThat(shop.gateway.calls()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofTwoUnknownMessagesTheReceiptSettlesTheOneThatItNames(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      shop.gateway.faults().acceptThenReset(2).loseReceipts(1);
      shop.remind(1);
      shop.tick();
      shop.remind(2);
      shop.tick();
      shop.gateway.settle();
      shop.tick();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.UNKNOWN);
      assertThat(decision(shop, 2).result()).isEqualTo(Decision.Result.SENT);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void receiptsMayComeFirstTwiceOrSayThatItFailed(TestServer server, SmsProvider provider)
      throws Exception {
    try (SmsShop shop = new SmsShop(server, provider)) {
      shop.gateway.faults().receiptFirst(1).receiptsTwice(1).failDelivery(1, "MK:0001");
      shop.remind(1);
      shop.tick();
      shop.remind(2);
      shop.tick();
      shop.gateway.settle();
      shop.tick();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.SENT);
      assertThat(decision(shop, 1).delivery()).contains(Inbound.Delivery.DELIVERED);
      assertThat(decision(shop, 2).delivery()).contains(Inbound.Delivery.FAILED);
      assertThat(reason(shop, 2)).isEqualTo("DELIVERY_FAILED");
      assertThat(shop.gateway.confirmed()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void whoAnswersRGetsNoMorePromotionsUntilTheyConsentAgain(TestServer server, SmsProvider provider)
      throws Exception {
    try (SmsShop shop = new SmsShop(server, provider)) {
      shop.offer(1);
      shop.tick();
      assertThat(reason(shop, 1)).isEqualTo("NO_CONSENT");
      shop.dealer
          .members()
          .consent(
              shop.wang,
              Consent.given(Purpose.MARKETING, "门店签字", "v1", NOON.minus(Duration.ofDays(30))));
      shop.offer(2);
      shop.tick();
      assertThat(decision(shop, 2).result()).isEqualTo(Decision.Result.SENT);

      shop.gateway.reply(provider, WANG, " ｒ\n");
      shop.gateway.reply(provider, WANG, "R");
      SmsOptOut optOut = shop.dealer.sms().optOut(PHONE).orElseThrow();
      assertThat(optOut.source()).isEqualTo(SmsOptOut.Source.REPLY);
      assertThat(optOut.signature()).isEqualTo("恒信电器");
      assertThat(optOut.text()).hasValueSatisfying(text -> assertThat(text.strip()).isIn("ｒ", "R"));
      assertThat(shop.dealer.members().allows(shop.wang, Purpose.MARKETING, ChannelKind.SMS))
          .isFalse();
      shop.offer(3);
      shop.remind(4);
      shop.tick();
      assertThat(decision(shop, 3).result()).isEqualTo(Decision.Result.STOPPED);
      assertThat(decision(shop, 4).result()).isEqualTo(Decision.Result.SENT);

      shop.now.set(NOON.plus(Duration.ofDays(1)));
      shop.dealer
          .members()
          .consent(shop.wang, Consent.given(Purpose.MARKETING, "门店签字", "v2", shop.now.get()));
      shop.offer(5);
      shop.tick();
      assertThat(decision(shop, 5).result()).isEqualTo(Decision.Result.SENT);
    }
  }

  @ParameterizedTest
  @MethodSource("everywhere")
  void aNumberOnTheProvidersBlacklistIsAnOptOut(TestServer server, SmsProvider provider)
      throws Exception {
    try (SmsShop shop = new SmsShop(server, provider)) {
      shop.gateway.blacklist(WANG, true);
      shop.remind(1);
      shop.tick();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.REFUSED);
      assertThat(shop.dealer.sms().optOut(PHONE))
          .map(SmsOptOut::source)
          .contains(SmsOptOut.Source.PROVIDER);
      assertThat(shop.dealer.members().consents(shop.wang))
          .extracting(Consent::given)
          .containsExactly(false);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTemplateThatIsNotApprovedHoldsItsMessagesUntilItIs(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      shop.dealer.sms().templates().state("due", "aliyun", SmsApproval.State.DISABLED);
      shop.remind(1);
      shop.tick();
      assertThat(reason(shop, 1)).isEqualTo("SMS_TEMPLATE_NOT_APPROVED");
      assertThat(shop.dealer.deliveries().pauses())
          .extracting(Pause::scope)
          .containsExactly(Pause.Scope.TEMPLATE);
      assertThat(shop.gateway.calls()).isZero();
      shop.dealer.sms().templates().state("due", "aliyun", SmsApproval.State.APPROVED);
      shop.tick();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.SENT);
      assertThat(shop.dealer.deliveries().pauses()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void templatesAreTheSameOnAllNodes(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN);
        Laoke other = shop.engine()) {
      SmsTemplate due = SmsShop.due().build();
      assertThat(other.dealer("hengxin").sms().templates().find("due")).contains(due);
      assertThat(other.dealer("hengxin").sms().templates().put(due)).isFalse();
      assertThat(other.dealer("hengxin").sms().templates().list())
          .extracting(SmsTemplate::key)
          .containsExactly("due", "offer");
      assertThat(shop.dealer.sms().templates().segments("due", Map.of("name", "王", "what", "净水器")))
          .isEqualTo(1);
      assertThat(other.dealer("hengxin").sms().templates().remove("offer")).isTrue();
      assertThat(shop.dealer.sms().templates().find("offer")).isEmpty();
      assertThatThrownBy(
              () ->
                  shop.dealer
                      .sms()
                      .templates()
                      .state("offer", "aliyun", SmsApproval.State.APPROVED))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachMessageLeavesOnceThoughTwoNodesTick(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.TENCENT);
        Laoke other = shop.engine()) {
      for (int i = 1; i <= 40; i++) {
        shop.remind(i);
      }
      ExecutorService two = Executors.newFixedThreadPool(2);
      Future<?> one = two.submit(shop::tick);
      Future<?> another = two.submit(() -> other.tick(NOON));
      one.get();
      another.get();
      two.shutdown();
      shop.tick();
      assertThat(shop.gateway.calls()).isEqualTo(40);
      assertThat(shop.gateway.accepted(WANG)).hasSize(40);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatANodeHadUnderWayWhenItDiedIsSentByNoOther(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN);
        Laoke other = shop.engine()) {
      shop.gateway.faults().acceptThenHang(1, Duration.ofSeconds(3)).holdReceipts(1);
      shop.remind(1);
      ExecutorService dying = Executors.newSingleThreadExecutor();
      Future<?> tick = dying.submit(shop::tick);
      await().until(() -> !shop.gateway.accepted(WANG).isEmpty());
      try (Connection connection = shop.database.getConnection();
          var statement = connection.createStatement()) {
        statement.executeUpdate(
            "UPDATE laoke_outbox SET lease_until_ms = 1 WHERE state = 'CLAIMED'");
        statement.executeUpdate("UPDATE laoke_outbox_claim SET lease_until_ms = 1");
      }
      other.tick(NOON);
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.UNKNOWN);
      tick.get();
      dying.shutdown();
      other.tick(NOON);
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.UNKNOWN);
      assertThat(shop.gateway.calls()).isEqualTo(1);
      shop.gateway.releaseReceipts();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.SENT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void waitsForTheHours(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      shop.now.set(NOON.plus(Duration.ofHours(9)));
      shop.remind(1);
      shop.tick();
      assertThat(reason(shop, 1)).isEqualTo("SMS_HOURS");
      shop.now.set(NOON.plus(Duration.ofHours(20).plusMinutes(59)));
      shop.tick();
      assertThat(shop.gateway.calls()).isZero();
      shop.now.set(NOON.plus(Duration.ofHours(21)));
      shop.tick();
      assertThat(decision(shop, 1).result()).isEqualTo(Decision.Result.SENT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWaitsForSomebodyWhoIsErasedIsNotSentAndNothingMoreIsKeptOfThem(TestServer server)
      throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      shop.gateway.faults().holdReceipts(1);
      shop.remind(1);
      shop.tick();
      shop.gateway.reply(SmsProvider.ALIYUN, WANG, "退订");
      shop.remind(2);
      assertThat(shop.dealer.members().export(shop.wang)).contains("退订").contains("净水器");
      shop.dealer.members().erase(shop.wang, "P1", "客户要求");
      shop.tick();
      assertThat(decision(shop, 2).result()).isEqualTo(Decision.Result.STOPPED);
      assertThat(shop.gateway.calls()).isEqualTo(1);
      shop.gateway.releaseReceipts();
      assertThat(shop.gateway.confirmed()).isEqualTo(2);
      assertThat(count(shop, "callback_inbox")).isEqualTo(1);
      assertThat(count(shop, "delivery_report")).isZero();
      SmsOptOut kept = shop.dealer.sms().optOut(PHONE).orElseThrow();
      assertThat(kept.text()).isEmpty();
      assertThatThrownBy(() -> shop.remind(3)).isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErasureAndWhatThePhoneSaysMayMeet(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      ExecutorService three = Executors.newFixedThreadPool(3);
      for (int i = 0; i < 12; i++) {
        String phone = "139001390%02d".formatted(i);
        String no = "R-" + i;
        shop.gateway.blacklist(phone, true);
        shop.dealer.members().put(MemberProfile.of(no).withPhones(phone));
        long member = shop.dealer.members().find(no).orElseThrow().id();
        shop.dealer
            .sms()
            .send(
                SmsMessage.of(
                    100 + i, member, Purpose.CARE, "due", Map.of("name", "李", "what", "净水器")));
        String reply =
            "[{\"phone_number\":\"%s\",\"content\":\"TD\",\"send_time\":\"2026-05-01 12:00:00\",\"sequence_id\":%d}]"
                .formatted(phone, i);
        List<Future<?>> all =
            List.of(
                three.submit(shop::tick),
                three.submit(() -> shop.dealer.members().erase(member, "P1", "客户要求")),
                three.submit(
                    () ->
                        assertThat(shop.laoke.smsPushes().replies(ACCOUNT, reply.getBytes(UTF_8)))
                            .extracting(SmsAnswer::status)
                            .isEqualTo(200)));
        for (Future<?> one : all) {
          one.get();
        }
        shop.tick();
        assertThat(decision(shop, 100 + i).result())
            .isIn(Decision.Result.REFUSED, Decision.Result.STOPPED);
        shop.dealer
            .sms()
            .optOut(Phone.of(phone))
            .ifPresent(
                left ->
                    assertThat(left.text().isEmpty() || left.source() == SmsOptOut.Source.PROVIDER)
                        .isTrue());
      }
      three.shutdown();
      assertThat(shop.dealer.deliveries().waiting(Optional.empty(), 10).items()).isEmpty();
    }
  }

  private static int count(SmsShop shop, String table) throws Exception {
    try (Connection connection = shop.database.getConnection();
        var statement = connection.createStatement();
        var rows = statement.executeQuery("SELECT COUNT(*) FROM laoke_" + table)) {
      rows.next();
      return rows.getInt(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatCannotBeReadLeavesNothing(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      String good =
          "{\"phone_number\":\"13800138000\",\"send_time\":\"2026-05-01 12:00:00\",\"report_time\":\"2026-05-01 12:00:01\",\"success\":true,\"err_code\":\"DELIVERED\",\"biz_id\":\"b1\"}";
      for (String bad :
          List.of(
              "",
              "[",
              "1",
              "null",
              "[1]",
              "[" + good + ",{}]",
              "[" + good.replace("true", "\"perhaps\"") + "]",
              "[" + good + "," + good.replace("13800138000", "abc") + "]",
              "[" + good + "," + good.replace("2026-05-01 12:00:01", "yesterday") + "]")) {
        var answer = shop.laoke.smsPushes().receipts(ACCOUNT, bad.getBytes(UTF_8));
        assertThat(answer.status()).as(bad).isEqualTo(400);
        assertThat(answer.body()).startsWith("{\"code\":1,").doesNotContain(WANG);
      }
      assertThat(count(shop, "callback_inbox")).isZero();
      assertThat(shop.laoke.smsPushes().receipts("nobody", new byte[0]).status()).isEqualTo(404);
      assertThat(shop.laoke.smsPushes().receipts(ACCOUNT, ("[" + good + "]").getBytes(UTF_8)))
          .isEqualTo(new SmsAnswer(200, "{\"code\":0,\"msg\":\"OK\"}"));
      assertThat(count(shop, "callback_inbox")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysWhyNothingCanBeSent(TestServer server) throws Exception {
    try (SmsShop shop = new SmsShop(server, SmsProvider.ALIYUN)) {
      assertThatThrownBy(
              () -> shop.dealer.sms().send(SmsMessage.of(1, 4711, Purpose.CARE, "due", Map.of())))
          .isInstanceOf(NotFoundException.class);
      shop.dealer.sms().send(SmsMessage.of(2, shop.wang, Purpose.CARE, "due", Map.of()));
      shop.dealer.sms().send(SmsMessage.of(3, shop.wang, Purpose.CARE, "offer", Map.of()));
      shop.tick();
      assertThat(reason(shop, 2)).isEqualTo("SMS_VALUES");
      assertThat(reason(shop, 3)).isEqualTo("SMS_PURPOSE");
      assertThat(shop.gateway.calls()).isZero();
    }
  }
}
