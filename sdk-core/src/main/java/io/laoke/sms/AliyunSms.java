package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Inbound;
import io.laoke.message.Reason;
import io.laoke.message.ReceiptSource;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Aliyun SMS 阿里云短信 (dysmsapi, version 2017-05-25), spoken to directly: signed with
 * ACS3-HMAC-SHA256, over the JDK's own HTTP client. Immutable; safe for use by many threads.
 */
public final class AliyunSms implements SmsSender {
  /** The provider's name in templates. */
  public static final String PROVIDER = "aliyun";

  static final SmsCodes CODES =
      new SmsCodes()
          .are(SmsErrorClass.RETRY, "", "isp.SYSTEM_ERROR", "ServiceUnavailable")
          .begin(SmsErrorClass.RETRY, "Throttling")
          .limit("isv.BUSINESS_LIMIT_CONTROL", SmsWindow.HOUR, false)
          .limit("isv.DAY_LIMIT_CONTROL", SmsWindow.DAY, true)
          .limit("isv.MONTH_LIMIT_CONTROL", SmsWindow.MONTH, true)
          .are(SmsErrorClass.NUMBER, "isv.", "MOBILE_NUMBER_ILLEGAL", "MOBILE_COUNT_OVER_LIMIT")
          .are(SmsErrorClass.OPT_OUT, "isv.", "BLACK_KEY_CONTROL_LIMIT")
          .are(
              SmsErrorClass.TEMPLATE,
              "isv.",
              "SMS_SIGNATURE_ILLEGAL",
              "SMS_SIGN_ILLEGAL",
              "SIGN_STATE_ILLEGAL",
              "SMS_SIGNATURE_SCENE_ILLEGAL",
              "SMS_TEMPLATE_ILLEGAL",
              "TEMPLATE_MISSING_PARAMETERS",
              "INVALID_JSON_PARAM",
              "PARAM_LENGTH_LIMIT",
              "PARAM_NOT_SUPPORT_URL")
          .are(SmsErrorClass.CONTENT, "isv.", "SMS_CONTENT_ILLEGAL")
          .are(SmsErrorClass.MONEY, "isv.", "AMOUNT_NOT_ENOUGH", "OUT_OF_SERVICE")
          .are(
              SmsErrorClass.ACCESS,
              "",
              "isp.RAM_PERMISSION_DENY",
              "isv.DENY_IP_RANGE",
              "SignatureDoesNotMatch")
          .begin(SmsErrorClass.ACCESS, "InvalidAccessKeyId")
          .begin(SmsErrorClass.ACCESS, "InvalidTimeStamp")
          .are(SmsErrorClass.REGION, "isv.", "DOMESTIC_NUMBER_NOT_SUPPORTED");

  private static final int FAILED = 2;
  private static final int DELIVERED = 3;

  private static final URI ENDPOINT = URI.create("https://dysmsapi.aliyuncs.com");
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String keyId;
  private final String secret;
  private final URI endpoint;
  private final Clock clock;
  private final SecureRandom random = new SecureRandom();
  private final SmsHttp http;

  private AliyunSms(String keyId, String secret, URI endpoint, Clock clock, Duration timeout) {
    this.keyId = keyId;
    this.secret = secret;
    this.endpoint = endpoint;
    this.clock = clock;
    this.http = new SmsHttp(timeout);
  }

  /** With the keys of a RAM user that may send. */
  public static AliyunSms of(String accessKeyId, String accessKeySecret) {
    return new AliyunSms(
        Check.text("accessKeyId", accessKeyId, 128),
        Check.text("accessKeySecret", accessKeySecret, 256),
        ENDPOINT,
        Clock.systemUTC(),
        TIMEOUT);
  }

  /** Another address of the service: a proxy's or a simulator's. */
  public AliyunSms withEndpoint(URI endpoint) {
    return new AliyunSms(keyId, secret, SmsHttp.endpoint(endpoint), clock, http.limit());
  }

  /** The longest time of a call, 1 to 45 seconds; 10 by default. */
  public AliyunSms withTimeout(Duration timeout) {
    return new AliyunSms(keyId, secret, endpoint, clock, timeout);
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
    return http.call(request("SendSms", query(notNull("message", message))), AliyunSms::result);
  }

  private HttpRequest.Builder request(String action, String query) {
    byte[] nonce = new byte[16];
    random.nextBytes(nonce);
    SortedMap<String, String> headers =
        headers(
            Signatures.host(endpoint),
            action,
            "2017-05-25",
            clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
            HexFormat.of().formatHex(nonce));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(endpoint + "/?" + query))
            .POST(HttpRequest.BodyPublishers.noBody())
            .header(
                "Authorization", Signatures.Acs3.of(keyId, secret, headers, query).authorization());
    headers.forEach(
        (name, value) -> {
          if (!name.equals("host")) { // which the client itself sends
            request.header(name, value);
          }
        });
    return request;
  }

  static SortedMap<String, String> headers(
      String host, String action, String version, String date, String nonce) {
    return new TreeMap<>(
        Map.of(
            "host", host,
            "x-acs-action", action,
            "x-acs-version", version,
            "x-acs-date", date,
            "x-acs-signature-nonce", nonce,
            "x-acs-content-sha256", Signatures.EMPTY));
  }

  static String query(SmsRequest message) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("PhoneNumbers", message.phone().value());
    parameters.put("SignName", message.signature());
    parameters.put("TemplateCode", message.templateCode());
    parameters.put("OutId", message.id());
    if (!message.values().isEmpty()) {
      ObjectNode values = SmsJson.object();
      message.values().forEach(values::put);
      parameters.put("TemplateParam", SmsJson.write(values));
    }
    return Signatures.query(parameters);
  }

  private static SmsResult result(HttpResponse<byte[]> answer) {
    Optional<JsonNode> read = SmsJson.answer(answer.body());
    String code = read.map(body -> SmsJson.optional(body, "Code")).orElse("");
    if (read.isEmpty() || code.isEmpty()) {
      return SmsHttp.unreadable(answer);
    }
    if (code.equals("OK")) {
      return new SmsResult.Accepted(SmsJson.text(read.get(), "BizId"), OptionalInt.empty());
    }
    return new SmsResult.Refused(CODES.error(code, SmsJson.optional(read.get(), "Message")));
  }

  @Override
  public Optional<SmsPushFormat> pushFormat() {
    return Optional.of(new Push());
  }

  @Override
  public Optional<ReceiptSource> receipts() {
    return Optional.of(new Details());
  }

  /** Lets go of the connections; the JDK ends their threads soon after. */
  @Override
  public void close() {
    http.close();
  }

  /** Shows no secret. */
  @Override
  public String toString() {
    return "AliyunSms[" + endpoint.getHost() + "]";
  }

  /** QuerySendDetails: of one phone, by China's days. */
  private final class Details implements ReceiptSource {
    private static final Duration MIDNIGHT = Duration.ofMinutes(10);

    @Override
    public Duration callLimit() {
      return http.limit().multipliedBy(2);
    }

    @Override
    public CompletionStage<Answer> ask(Question question) {
      Instant at = question.acceptedAt();
      LocalDate day = day(at);
      LocalDate before = day(at.minus(MIDNIGHT)); // its acceptance may have come the day after
      return ask(question, day)
          .thenCompose(
              answer ->
                  answer instanceof Answer.Nothing && !before.equals(day)
                      ? ask(question, before)
                      : CompletableFuture.completedFuture(answer));
    }

    private static LocalDate day(Instant at) {
      return at.atZone(SmsWindow.CHINA).toLocalDate();
    }

    private CompletionStage<Answer> ask(Question question, LocalDate day) {
      String query =
          Signatures.query(
              new TreeMap<>(
                  Map.of(
                      "PhoneNumber", question.to(),
                      "BizId", question.providerId(),
                      "SendDate", day.format(DateTimeFormatter.BASIC_ISO_DATE),
                      "PageSize", "50",
                      "CurrentPage", "1")));
      return http.call(
          request("QuerySendDetails", query),
          answer -> read(question, answer),
          SmsHttp::unanswered);
    }

    private static Answer read(Question question, HttpResponse<byte[]> answer) {
      Optional<JsonNode> read = SmsJson.answer(answer.body());
      String code = read.map(body -> SmsJson.optional(body, "Code")).orElse("");
      if (!code.equals("OK")) {
        return code.isEmpty()
            ? SmsHttp.unanswered(SmsHttp.unreadable(answer))
            : new Answer.Failed(
                Reason.of(code, read.map(body -> SmsJson.optional(body, "Message")).orElse("")));
      }
      for (JsonNode item : read.orElseThrow().path("SmsSendDetailDTOs").path("SmsSendDetailDTO")) {
        if (SmsJson.optional(item, "OutId").equals(question.messageId())) {
          return read(question, item);
        }
      }
      return new Answer.Nothing();
    }

    private static Answer read(Question question, JsonNode item) {
      int status = item.path("SendStatus").asInt();
      if (status != DELIVERED && status != FAILED) {
        return new Answer.Waiting();
      }
      String code = SmsJson.optional(item, "ErrCode");
      String time = SmsJson.optional(item, "ReceiveDate").isEmpty() ? "SendDate" : "ReceiveDate";
      return new Answer.Reported(
          new Inbound.SmsReport(
              "sms:" + question.providerId() + "/" + question.to(),
              SmsJson.time(item, time),
              question.to(),
              question.providerId(),
              question.messageId(),
              SmsPushes.delivery(status == DELIVERED, code),
              code));
    }
  }

  /** SmsReport and SmsUp. */
  private static final class Push implements SmsPushFormat {
    @Override
    public List<Inbound.SmsReport> receipts(byte[] body) {
      return SmsJson.pushed(body).stream().map(Push::receipt).toList();
    }

    private static Inbound.SmsReport receipt(JsonNode item) {
      String phone = SmsPushes.phone("phone_number", SmsJson.text(item, "phone_number"));
      String id = SmsJson.text(item, "biz_id");
      String code = SmsJson.optional(item, "err_code");
      JsonNode success = item.path("success");
      if (!success.isBoolean() && !success.asText().matches("true|false")) {
        throw new InvalidInputException("success", "must be true or false in each item");
      }
      return new Inbound.SmsReport(
          "sms:" + id + "/" + phone,
          SmsJson.time(item, item.hasNonNull("report_time") ? "report_time" : "send_time"),
          phone,
          id,
          SmsJson.optional(item, "out_id"),
          SmsPushes.delivery(success.asBoolean(), code),
          code + " " + SmsJson.optional(item, "err_msg"));
    }

    @Override
    public List<Inbound.SmsReply> replies(byte[] body) {
      return SmsJson.pushed(body).stream().map(Push::reply).toList();
    }

    private static Inbound.SmsReply reply(JsonNode item) {
      String phone = SmsPushes.phone("phone_number", SmsJson.text(item, "phone_number"));
      String text = SmsJson.optional(item, "content");
      return new Inbound.SmsReply(
          SmsPushes.replyKey(
              phone,
              SmsJson.optional(item, "sequence_id"),
              SmsJson.optional(item, "send_time"),
              text),
          SmsJson.time(item, "send_time"),
          phone,
          SmsJson.optional(item, "sign_name"),
          text);
    }

    @Override
    public String taken() {
      return "{\"code\":0,\"msg\":\"OK\"}";
    }

    @Override
    public String refused(String why) {
      return SmsJson.write(SmsJson.object().put("code", 1).put("msg", why));
    }
  }
}
