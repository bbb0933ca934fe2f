package io.laoke.sms;

import static io.laoke.base.Check.notNull;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.base.Check;
import io.laoke.base.Phone;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Inbound;
import io.laoke.message.Reason;
import io.laoke.message.ReceiptSource;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Tencent Cloud SMS 腾讯云短信 (version 2021-01-11), spoken to directly: signed with TC3-HMAC-SHA256,
 * over the JDK's own HTTP client. Immutable; safe for use by many threads.
 */
public final class TencentSms implements SmsSender {
  /** The provider's name in templates. */
  public static final String PROVIDER = "tencent";

  static final SmsCodes CODES =
      new SmsCodes()
          .begin(SmsErrorClass.RETRY, "InternalError")
          .begin(SmsErrorClass.RETRY, "RequestLimitExceeded")
          .limit("LimitExceeded.PhoneNumberThirtySecondLimit", SmsWindow.HALF_MINUTE, false)
          .limit("LimitExceeded.PhoneNumberOneHourLimit", SmsWindow.HOUR, false)
          .limit("LimitExceeded.PhoneNumberDailyLimit", SmsWindow.DAY, false)
          .limit("LimitExceeded.PhoneNumberSameContentDailyLimit", SmsWindow.DAY, false)
          .limit("LimitExceeded.DeliveryFrequencyLimit", SmsWindow.HOUR, false)
          .limit("LimitExceeded.AppDailyLimit", SmsWindow.DAY, true)
          .limit("LimitExceeded.AppMainlandChinaDailyLimit", SmsWindow.DAY, true)
          .are(
              SmsErrorClass.NUMBER,
              "",
              "InvalidParameterValue.IncorrectPhoneNumber",
              "LimitExceeded.PhoneNumberCountLimit")
          .are(SmsErrorClass.OPT_OUT, "FailedOperation.", "PhoneNumberInBlacklist")
          .are(
              SmsErrorClass.TEMPLATE,
              "FailedOperation.",
              "SignatureIncorrectOrUnapproved",
              "TemplateIncorrectOrUnapproved",
              "TemplateParamSetNotMatchApprovedTemplate")
          .are(
              SmsErrorClass.TEMPLATE,
              "InvalidParameterValue.",
              "ContentLengthLimit",
              "TemplateParameterLengthLimit",
              "TemplateParameterFormatError",
              "ProhibitedUseUrlInTemplateParameter",
              "MarketingTemplateWithoutUnsubscribe")
          .are(SmsErrorClass.CONTENT, "FailedOperation.", "ContainSensitiveWord")
          .are(SmsErrorClass.TIME, "FailedOperation.", "MarketingSendTimeConstraint")
          .are(
              SmsErrorClass.MONEY,
              "",
              "FailedOperation.InsufficientBalanceInSmsPackage",
              "UnauthorizedOperation.ServiceSuspendDueToArrears")
          .begin(SmsErrorClass.ACCESS, "AuthFailure")
          .begin(SmsErrorClass.ACCESS, "UnauthorizedOperation");

  /** Of the codes that say to try again, those after which it may have been sent. */
  private static final Set<String> PERHAPS_SENT =
      Set.of("InternalError.Timeout", "InternalError.SendAndRecvFail");

  private static final URI ENDPOINT = URI.create("https://sms.tencentcloudapi.com");
  private static final String VERSION = "2021-01-11";
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String keyId;
  private final String secret;
  private final String appId;
  private final String region;
  private final URI endpoint;
  private final Clock clock;
  private final SmsHttp http;

  private TencentSms(
      String keyId,
      String secret,
      String appId,
      String region,
      URI endpoint,
      Clock clock,
      Duration timeout) {
    this.keyId = keyId;
    this.secret = secret;
    this.appId = appId;
    this.region = region;
    this.endpoint = endpoint;
    this.clock = clock;
    this.http = new SmsHttp(timeout);
  }

  /**
   * With the keys of a sub-account that may send, in the region ap-guangzhou.
   *
   * @param sdkAppId the SMS application's id, such as {@code 1400006666}
   */
  public static TencentSms of(String secretId, String secretKey, String sdkAppId) {
    return new TencentSms(
        Check.text("secretId", secretId, 128),
        Check.text("secretKey", secretKey, 256),
        Check.text("sdkAppId", sdkAppId, 32),
        "ap-guangzhou",
        ENDPOINT,
        Clock.systemUTC(),
        TIMEOUT);
  }

  /** Another region, such as {@code ap-beijing} or {@code ap-nanjing}. */
  public TencentSms withRegion(String region) {
    return new TencentSms(
        keyId, secret, appId, Check.text("region", region, 32), endpoint, clock, http.limit());
  }

  /** Another address of the service: a proxy's or a simulator's. */
  public TencentSms withEndpoint(URI endpoint) {
    return new TencentSms(
        keyId, secret, appId, region, SmsHttp.endpoint(endpoint), clock, http.limit());
  }

  /** The longest time of a call, 1 to 45 seconds; 10 by default. */
  public TencentSms withTimeout(Duration timeout) {
    return new TencentSms(keyId, secret, appId, region, endpoint, clock, timeout);
  }

  @Override
  public String provider() {
    return PROVIDER;
  }

  @Override
  public Duration callLimit() {
    return http.limit();
  }

  @Override
  public CompletionStage<SmsResult> send(SmsRequest message) {
    return http.call(
        request("SendSms", body(appId, notNull("message", message))), TencentSms::result);
  }

  private HttpRequest.Builder request(String action, String json) {
    byte[] body = json.getBytes(UTF_8);
    Instant now = clock.instant();
    return HttpRequest.newBuilder(URI.create(endpoint + "/"))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .header("Content-Type", Signatures.Tc3.CONTENT_TYPE)
        .header("X-TC-Action", action)
        .header("X-TC-Version", VERSION)
        .header("X-TC-Timestamp", Long.toString(now.getEpochSecond()))
        .header("X-TC-Region", region)
        .header(
            "Authorization",
            Signatures.Tc3.of(keyId, secret, Signatures.host(endpoint), now, body).authorization());
  }

  static String body(String appId, SmsRequest message) {
    ObjectNode body = SmsJson.object();
    body.putArray("PhoneNumberSet").add(e164(message.phone()));
    body.put("SmsSdkAppId", appId);
    body.put("SignName", message.signature());
    body.put("TemplateId", message.templateCode());
    ArrayNode values = body.putArray("TemplateParamSet");
    message.values().values().forEach(values::add);
    body.put("SessionContext", message.id());
    return SmsJson.write(body);
  }

  private static String e164(Phone phone) {
    return phone.mobile() ? "+86" + phone.value() : phone.value();
  }

  private static SmsResult result(HttpResponse<byte[]> answer) {
    JsonNode response =
        SmsJson.answer(answer.body()).map(body -> body.path("Response")).orElse(null);
    if (response == null) {
      return SmsHttp.unreadable(answer);
    }
    JsonNode error = response.path("Error");
    JsonNode sent = response.path("SendStatusSet").path(0);
    String code = SmsJson.optional(error.isObject() ? error : sent, "Code");
    if (code.isEmpty()) {
      return SmsHttp.unreadable(answer);
    }
    if (!error.isObject() && code.equals("Ok")) {
      JsonNode fee = sent.path("Fee");
      return new SmsResult.Accepted(
          SmsJson.text(sent, "SerialNo"),
          fee.isInt() ? OptionalInt.of(fee.asInt()) : OptionalInt.empty());
    }
    String words = SmsJson.optional(error.isObject() ? error : sent, "Message");
    return PERHAPS_SENT.contains(code)
        ? new SmsResult.Unknown(code, "The provider does not say whether it sent the message.")
        : new SmsResult.Refused(CODES.error(code, words));
  }

  @Override
  public Optional<SmsPushFormat> pushFormat() {
    return Optional.of(new Push());
  }

  @Override
  public Optional<ReceiptSource> receipts() {
    return Optional.of(new Pull());
  }

  /** Lets go of the connections; the JDK ends their threads soon after. */
  @Override
  public void close() {
    http.close();
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "TencentSms[" + appId + ", " + endpoint.getHost() + "]";
  }

  /** PullSmsSendStatusByPhoneNumber: what was reported of one phone in the last seven days. */
  private final class Pull implements ReceiptSource {
    /** The most that there is on the only page. */
    private static final int MOST = 100;

    private static final Duration EARLIER = Duration.ofMinutes(10);

    @Override
    public Duration callLimit() {
      return http.limit();
    }

    @Override
    public CompletionStage<Answer> ask(Question question) {
      ObjectNode body = SmsJson.object();
      body.put("BeginTime", question.acceptedAt().minus(EARLIER).getEpochSecond());
      body.put("EndTime", clock.instant().getEpochSecond());
      body.put("Offset", 0);
      body.put("Limit", MOST);
      body.put("PhoneNumber", e164(Phone.parse("to", question.to())));
      body.put("SmsSdkAppId", appId);
      return http.call(
          request("PullSmsSendStatusByPhoneNumber", SmsJson.write(body)),
          answer -> read(question, answer),
          SmsHttp::unanswered);
    }

    private static Answer read(Question question, HttpResponse<byte[]> answer) {
      JsonNode response =
          SmsJson.answer(answer.body()).map(body -> body.path("Response")).orElse(null);
      JsonNode error = response == null ? null : response.path("Error");
      if (error != null && error.isObject()) {
        return new Answer.Failed(
            Reason.of(SmsJson.optional(error, "Code"), SmsJson.optional(error, "Message")));
      }
      JsonNode all = response == null ? null : response.path("PullSmsSendStatusSet");
      if (all == null || !all.isArray()) {
        return SmsHttp.unanswered(SmsHttp.unreadable(answer));
      }
      for (JsonNode item : all) {
        if (SmsJson.optional(item, "SerialNo").equals(question.providerId())) {
          return read(question, item);
        }
      }
      return all.size() < MOST ? new Answer.Nothing() : new Answer.Waiting();
    }

    private static Answer read(Question question, JsonNode item) {
      String words = SmsJson.optional(item, "Description");
      return new Answer.Reported(
          new Inbound.SmsReport(
              "sms:" + question.providerId() + "/" + question.to(),
              SmsJson.time(item, "UserReceiveTime"),
              question.to(),
              question.providerId(),
              question.messageId(),
              SmsPushes.delivery(SmsJson.text(item, "ReportStatus").equals("SUCCESS"), words),
              words));
    }
  }

  /** Status and reply callbacks. */
  private static final class Push implements SmsPushFormat {
    @Override
    public List<Inbound.SmsReport> receipts(byte[] body) {
      return SmsJson.pushed(body).stream().map(Push::receipt).toList();
    }

    private static Inbound.SmsReport receipt(JsonNode item) {
      String phone = phone(item);
      String id = SmsJson.text(item, "sid");
      String status = SmsJson.text(item, "report_status");
      if (!status.equals("SUCCESS") && !status.equals("FAIL")) {
        throw new InvalidInputException("report_status", "must be SUCCESS or FAIL in each item");
      }
      String code = SmsJson.optional(item, "errmsg");
      return new Inbound.SmsReport(
          "sms:" + id + "/" + phone,
          SmsJson.time(item, "user_receive_time"),
          phone,
          id,
          "",
          SmsPushes.delivery(status.equals("SUCCESS"), code),
          code + " " + SmsJson.optional(item, "description"));
    }

    private static String phone(JsonNode item) {
      String number = SmsJson.text(item, "mobile");
      String nation = SmsJson.optional(item, "nationcode");
      return SmsPushes.phone(
          "mobile", nation.isEmpty() || number.startsWith("+") ? number : "+" + nation + number);
    }

    @Override
    public List<Inbound.SmsReply> replies(byte[] body) {
      return SmsJson.pushed(body).stream().map(Push::reply).toList();
    }

    private static Inbound.SmsReply reply(JsonNode item) {
      String phone = phone(item);
      String text = SmsJson.optional(item, "text");
      return new Inbound.SmsReply(
          SmsPushes.replyKey(phone, "", SmsJson.text(item, "time"), text),
          SmsJson.time(item, "time"),
          phone,
          SmsJson.optional(item, "sign"),
          text);
    }

    @Override
    public String taken() {
      return "{\"result\":0,\"errmsg\":\"OK\"}";
    }

    @Override
    public String refused(String why) {
      return SmsJson.write(SmsJson.object().put("result", 1).put("errmsg", why));
    }
  }
}
