package io.laoke.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.laoke.message.ChannelKind;
import io.laoke.message.Outbound;
import io.laoke.message.Purpose;
import io.laoke.message.SendOutcome;
import io.laoke.message.TemplateMessage;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsChannelTest {
  /** 22:30 on 1 May in China. */
  private static final Instant NIGHT = Instant.parse("2026-05-01T14:30:00Z");

  private static final SmsTemplate DUE =
      SmsTemplate.of("due", SmsPurpose.NOTICE, "${name}您好，您的${what}该保养了")
          .with("what", 6)
          .with("name", 4)
          .approved("fake", "SMS_1")
          .at("other", SmsApproval.pending("2"))
          .build();
  private static final SmsTemplate OFFER =
      SmsTemplate.of("offer", SmsPurpose.PROMOTION, "尊敬的会员，滤芯八折，拒收请回复R")
          .approved("fake", "SMS_2")
          .build();

  private final FakeSms sender = new FakeSms("fake");
  private final SmsAccount account =
      SmsAccount.of("sms-1", sender, "恒信电器").withClock(Clock.fixed(NIGHT, ZoneOffset.UTC));

  private SendOutcome send(Purpose purpose, String template, String... values) {
    SmsChannel channel = (SmsChannel) account.channel(ChannelKind.SMS).orElseThrow();
    return send(channel.with(Map.of("due", DUE, "offer", OFFER)), purpose, template, values);
  }

  private static SendOutcome send(
      SmsChannel channel, Purpose purpose, String template, String... values) {
    Map<String, TemplateMessage.Field> fields = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      fields.put(values[i], new TemplateMessage.Field(values[i + 1], null));
    }
    return send(
        channel,
        purpose,
        new TemplateMessage(template, fields, Optional.empty(), Optional.empty()));
  }

  private static SendOutcome send(SmsChannel channel, Purpose purpose, TemplateMessage body) {
    return channel
        .send(new Outbound("13800138000", "lk1", purpose, body))
        .toCompletableFuture()
        .join();
  }

  @Test
  void sendsTheValuesInTheProvidersOrder() {
    assertThat(send(Purpose.CARE, "due", "name", "王女士", "what", "净水器"))
        .isEqualTo(new SendOutcome.Accepted("p1", List.of()));
    SmsRequest sent = sender.sent().get(0);
    assertThat(sent.phone().value()).isEqualTo("13800138000");
    assertThat(sent.signature()).isEqualTo("恒信电器");
    assertThat(sent.templateCode()).isEqualTo("SMS_1");
    assertThat(sent.values().keySet()).containsExactly("what", "name");
    assertThat(sent.values().values()).containsExactly("净水器", "王女士");
    assertThat(sent.id()).isEqualTo("lk1");
    assertThat(sent.toString()).doesNotContain("13800138000").doesNotContain("王女士");
  }

  @ParameterizedTest
  @CsvSource({
    "RETRY,Later,false",
    "WAIT,Later,false",
    "TIME,Later,false",
    "NUMBER,Refused,false",
    "OPT_OUT,Refused,true",
    "CONTENT,Refused,false",
    "OTHER,Refused,false",
    "TEMPLATE,Misconfigured TEMPLATE,false",
    "REGION,Misconfigured TEMPLATE,false",
    "MONEY,Misconfigured ACCOUNT,false",
    "ACCESS,Misconfigured ACCOUNT,false"
  })
  void knowsWhatEachClassMeans(SmsErrorClass kind, String outcome, boolean gone) {
    sender.next(new SmsResult.Refused(SmsError.of(kind, "CODE", "words")));
    SendOutcome is = send(Purpose.CARE, "due", "name", "王女士", "what", "净水器");
    String shown =
        is.getClass().getSimpleName()
            + (is instanceof SendOutcome.Misconfigured wrong ? " " + wrong.scope() : "");
    assertThat(shown).isEqualTo(outcome);
    if (is instanceof SendOutcome.Refused refused) {
      assertThat(refused.recipientGone()).isEqualTo(gone);
      assertThat(refused.alarm())
          .isEqualTo(kind == SmsErrorClass.CONTENT || kind == SmsErrorClass.OTHER);
    }
  }

  @ParameterizedTest
  @CsvSource({"HALF_MINUTE,PT31S", "HOUR,PT1H", "DAY,PT1H31M", "MONTH,PT721H31M"})
  void waitsUntilTheLimitsTimeIsOver(SmsWindow window, Duration wait) {
    sender.next(
        new SmsResult.Refused(
            new SmsError(SmsErrorClass.WAIT, "LIMIT", "", Optional.of(window), true)));
    assertThat(send(Purpose.CARE, "due", "name", "王女士", "what", "净水器"))
        .asInstanceOf(type(SendOutcome.Later.class))
        .satisfies(later -> assertThat(later.after()).isEqualTo(wait))
        .satisfies(later -> assertThat(later.wholeChannel()).isTrue());
  }

  @Test
  void waitsForTheMorningWhereTheProviderSaysThatItIsTooLate() {
    sender.next(new SmsResult.Refused(SmsError.of(SmsErrorClass.TIME, "TIME", "")));
    assertThat(send(Purpose.MARKETING, "offer"))
        .asInstanceOf(type(SendOutcome.Later.class))
        .satisfies(later -> assertThat(later.after()).isEqualTo(Duration.ofMinutes(570)));
  }

  @Test
  void neverRepeatsWhatMayHaveArrived() {
    sender.next(new SmsResult.Unknown("TIMEOUT", "no answer"));
    assertThat(send(Purpose.CARE, "due", "name", "王女士", "what", "净水器"))
        .isInstanceOf(SendOutcome.Unknown.class);
    SmsChannel channel = (SmsChannel) account.channel(ChannelKind.SMS).orElseThrow();
    assertThat(channel.dedupeWindow()).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @CsvSource({
    "nothing,CARE,NO_SMS_TEMPLATE,TEMPLATE",
    "due,CARE,SMS_VALUES,MESSAGE",
    "due,MARKETING,SMS_PURPOSE,",
    "offer,CARE,SMS_PURPOSE,",
    "offer,ORDER,SMS_PURPOSE,"
  })
  void refusesBeforeTheWire(
      String template, Purpose purpose, String code, SendOutcome.Scope scope) {
    SendOutcome outcome = send(purpose, template, "name", "王女士");
    if (scope == null) {
      assertThat(outcome)
          .asInstanceOf(type(SendOutcome.Refused.class))
          .satisfies(refused -> assertThat(refused.why().code()).isEqualTo(code));
    } else {
      assertThat(outcome)
          .asInstanceOf(type(SendOutcome.Misconfigured.class))
          .satisfies(wrong -> assertThat(wrong.why().code()).isEqualTo(code))
          .satisfies(wrong -> assertThat(wrong.why().adviceZh()).isNotBlank())
          .satisfies(wrong -> assertThat(wrong.scope()).isEqualTo(scope));
    }
    assertThat(sender.sent()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PENDING", "REFUSED", "DISABLED"})
  void sendsNothingThatThisProviderHasNotApproved(SmsApproval.State state) {
    SmsChannel channel = (SmsChannel) account.channel(ChannelKind.SMS).orElseThrow();
    SmsTemplate not = DUE.withState("fake", state);
    assertThat(
            send(
                channel.with(Map.of("due", not)),
                Purpose.CARE,
                "due",
                "name",
                "王女士",
                "what",
                "净水器"))
        .asInstanceOf(type(SendOutcome.Misconfigured.class))
        .satisfies(wrong -> assertThat(wrong.why().code()).isEqualTo("SMS_TEMPLATE_NOT_APPROVED"));
    assertThat(sender.sent()).isEmpty();
  }

  @Test
  void tellsBeforehandWhatWouldNotReachTheWire() {
    SmsChannel channel =
        ((SmsChannel) account.channel(ChannelKind.SMS).orElseThrow()).with(Map.of("due", DUE));
    assertThat(channel.problem(Purpose.CARE, SmsBook.body("due", Map.of("name", "王女士"))))
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo("SMS_VALUES"));
    assertThat(channel.problem(Purpose.MARKETING, SmsBook.body("due", Map.of())))
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo("SMS_PURPOSE"));
    assertThat(channel.problem(Purpose.CARE, SmsBook.body("gone", Map.of())))
        .hasValueSatisfying(why -> assertThat(why.code()).isEqualTo("NO_SMS_TEMPLATE"));
    assertThat(
            channel.problem(
                Purpose.ORDER, SmsBook.body("due", Map.of("name", "王女士", "what", "净水器"))))
        .isEmpty();
    assertThat(sender.sent()).isEmpty();
  }

  @Test
  void takesTheFallbackOfAValueThatDoesNotFit() {
    SmsChannel channel = (SmsChannel) account.channel(ChannelKind.SMS).orElseThrow();
    TemplateMessage body =
        new TemplateMessage(
            "due",
            Map.of(
                "name", new TemplateMessage.Field("王女士", null),
                "what", new TemplateMessage.Field("全屋净水系统 PRO", "净水器")),
            Optional.empty(),
            Optional.empty());
    assertThat(send(channel.with(Map.of("due", DUE)), Purpose.CARE, body))
        .isEqualTo(
            new SendOutcome.Accepted(
                "p1", List.of(new SendOutcome.FittedField("what", "FALLBACK"))));
  }

  @Test
  void showsNoSecret() {
    assertThat(AliyunSms.of("id", "topsecret").toString()).doesNotContain("topsecret");
    assertThat(TencentSms.of("id", "topsecret", "14").toString()).doesNotContain("topsecret");
    assertThat(SmsAccount.of("k", AliyunSms.of("id", "topsecret"), "恒信").toString())
        .isEqualTo("SmsAccount[k, aliyun]");
  }

  @Test
  void acceptsWhatTheProviderCharges() {
    sender.next(new SmsResult.Accepted("p9", OptionalInt.of(2)));
    assertThat(send(Purpose.CARE, "due", "name", "王女士", "what", "净水器"))
        .isEqualTo(new SendOutcome.Accepted("p9", List.of()));
  }
}
