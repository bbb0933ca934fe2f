package io.laoke.simulator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Both wire formats, spoken by a client of the test's own. */
class SmsGatewayTest {
  private static final String WANG = "13800138000";
  private static final String EMPTY =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private final SmsGateway sms = SmsGateway.start();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<String> pushed = new CopyOnWriteArrayList<>();
  private HttpServer host;
  private String answer = "{\"code\":0,\"result\":0}";
  private int status = 200;

  @BeforeEach
  void host() throws IOException {
    host = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    host.createContext(
        "/",
        exchange -> {
          pushed.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          byte[] bytes = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
    host.start();
    String url = "http://127.0.0.1:" + host.getAddress().getPort() + "/";
    sms.signature("恒信电器")
        .template(SmsProvider.ALIYUN, "SMS_1", SmsKind.NOTICE, "${name}您好，您的${what}已送达。")
        .template(SmsProvider.ALIYUN, "SMS_2", SmsKind.OTP, "验证码${code}")
        .template(SmsProvider.TENCENT, "1001", SmsKind.NOTICE, "{1}您好，您的{2}已送达。")
        .template(SmsProvider.TENCENT, "1002", SmsKind.PROMOTION, "会员八折，拒收请回复R")
        .receiptsTo(SmsProvider.ALIYUN, url)
        .receiptsTo(SmsProvider.TENCENT, url)
        .repliesTo(SmsProvider.ALIYUN, url)
        .repliesTo(SmsProvider.TENCENT, url);
  }

  @AfterEach
  void stop() {
    sms.close();
    host.stop(0);
  }

  private JsonNode aliyun(String phone, String code, String param) throws Exception {
    return aliyun(phone, "恒信电器", code, param, SmsGateway.SECRET, Instant.now());
  }

  private JsonNode aliyun(
      String phone, String signature, String code, String param, String secret, Instant at)
      throws Exception {
    Map<String, String> query = new TreeMap<>();
    query.put("PhoneNumbers", phone);
    query.put("SignName", signature);
    query.put("TemplateCode", code);
    query.put("TemplateParam", param);
    query.put("OutId", "o1");
    return aliyun("SendSms", query, secret, at);
  }

  private JsonNode aliyun(String action, Map<String, String> query, String secret, Instant at)
      throws Exception {
    String raw =
        query.entrySet().stream()
            .map(e -> e.getKey() + "=" + URLEncoder.encode(e.getValue(), UTF_8).replace("+", "%20"))
            .collect(Collectors.joining("&"));
    TreeMap<String, String> headers =
        new TreeMap<>(
            Map.of(
                "host",
                sms.address().getAuthority(),
                "x-acs-action",
                action,
                "x-acs-version",
                "2017-05-25",
                "x-acs-date",
                at.truncatedTo(ChronoUnit.SECONDS).toString(),
                "x-acs-signature-nonce",
                UUID.randomUUID().toString(),
                "x-acs-content-sha256",
                EMPTY));
    String names = String.join(";", headers.keySet());
    String canonical =
        "POST\n/\n"
            + raw
            + "\n"
            + headers.entrySet().stream()
                .map(e -> e.getKey() + ":" + e.getValue() + "\n")
                .collect(Collectors.joining())
            + "\n"
            + names
            + "\n"
            + EMPTY;
    String signed = hex(hmac(secret.getBytes(UTF_8), "ACS3-HMAC-SHA256\n" + sha(canonical)));
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(sms.address() + "/?" + raw))
            .POST(HttpRequest.BodyPublishers.noBody())
            .header(
                "Authorization",
                "ACS3-HMAC-SHA256 Credential=%s,SignedHeaders=%s,Signature=%s"
                    .formatted(SmsGateway.KEY_ID, names, signed));
    headers.forEach(
        (name, value) -> {
          if (!name.equals("host")) {
            request.header(name, value);
          }
        });
    return Json.read(http.send(request.build(), HttpResponse.BodyHandlers.ofString(UTF_8)).body());
  }

  private JsonNode tencent(String phone, String template, String params, Instant at)
      throws Exception {
    String body =
        "{\"PhoneNumberSet\":[\"+86%s\"],\"SmsSdkAppId\":\"1400000000\",\"SignName\":\"恒信电器\",\"TemplateId\":\"%s\",\"TemplateParamSet\":%s,\"SessionContext\":\"o2\"}"
            .formatted(phone, template, params);
    return tencent("SendSms", body, at);
  }

  private JsonNode tencent(String action, String body, Instant at) throws Exception {
    String type = "application/json; charset=utf-8";
    String host = sms.address().getAuthority();
    String day = at.toString().substring(0, 10);
    String canonical =
        "POST\n/\n\ncontent-type:%s\nhost:%s\n\ncontent-type;host\n%s"
            .formatted(type, host, sha(body));
    String scope = day + "/sms/tc3_request";
    byte[] key =
        hmac(hmac(hmac(("TC3" + SmsGateway.SECRET).getBytes(UTF_8), day), "sms"), "tc3_request");
    String signed =
        hex(
            hmac(
                key,
                "TC3-HMAC-SHA256\n%d\n%s\n%s"
                    .formatted(at.getEpochSecond(), scope, sha(canonical))));
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(sms.address() + "/"))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .header("Content-Type", type)
            .header("X-TC-Action", action)
            .header("X-TC-Version", "2021-01-11")
            .header("X-TC-Region", "ap-guangzhou")
            .header("X-TC-Timestamp", Long.toString(at.getEpochSecond()))
            .header(
                "Authorization",
                "TC3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=content-type;host, Signature=%s"
                    .formatted(SmsGateway.KEY_ID, scope, signed))
            .build();
    return Json.read(http.send(request, HttpResponse.BodyHandlers.ofString(UTF_8)).body())
        .path("Response");
  }

  private static byte[] hmac(byte[] key, String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal(text.getBytes(UTF_8));
  }

  private static String sha(String text) throws Exception {
    return hex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static String status(JsonNode response) {
    return response.path("SendStatusSet").path(0).path("Code").asText();
  }

  @Test
  void takesAMessageInAliyunsFormatAndPushesItsReceipt() throws Exception {
    JsonNode taken = aliyun(WANG, "SMS_1", "{\"name\":\"王女士\",\"what\":\"净水器\"}");
    assertThat(taken.path("Code").asText()).isEqualTo("OK");
    AcceptedSms got = sms.accepted(WANG).get(0);
    assertThat(got.text()).isEqualTo("【恒信电器】王女士您好，您的净水器已送达。");
    assertThat(got.providerId()).isEqualTo(taken.path("BizId").asText());
    assertThat(got.senderId()).isEqualTo("o1");
    assertThat(got.segments()).isEqualTo(1);
    sms.settle();
    JsonNode receipt = Json.read(pushed.get(0)).path(0);
    assertThat(receipt.path("biz_id").asText()).isEqualTo(got.providerId());
    assertThat(receipt.path("success").asBoolean()).isTrue();
    assertThat(receipt.path("out_id").asText()).isEqualTo("o1");
    assertThat(sms.confirmed()).isEqualTo(1);
  }

  @Test
  void takesAMessageInTencentsFormatAndPushesItsReceipt() throws Exception {
    JsonNode taken = tencent(WANG, "1001", "[\"王女士\",\"净水器\"]", Instant.now());
    assertThat(status(taken)).isEqualTo("Ok");
    assertThat(sms.accepted(WANG).get(0).text()).isEqualTo("【恒信电器】王女士您好，您的净水器已送达。");
    sms.settle();
    JsonNode receipt = Json.read(pushed.get(0)).path(0);
    assertThat(receipt.path("sid").asText())
        .isEqualTo(taken.path("SendStatusSet").path(0).path("SerialNo").asText());
    assertThat(receipt.path("report_status").asText()).isEqualTo("SUCCESS");
  }

  /** What Aliyun knows of a phone on a day: its states and codes. */
  private List<String> asked(String phone, String day) throws Exception {
    JsonNode answer =
        aliyun(
            "QuerySendDetails",
            new TreeMap<>(
                Map.of(
                    "PhoneNumber", phone, "SendDate", day, "PageSize", "50", "CurrentPage", "1")),
            SmsGateway.SECRET,
            Instant.now());
    assertThat(answer.path("Code").asText()).isEqualTo("OK");
    List<String> found = new ArrayList<>();
    answer
        .path("SmsSendDetailDTOs")
        .path("SmsSendDetailDTO")
        .forEach(
            one ->
                found.add(
                    "%s %s %s"
                        .formatted(
                            one.path("OutId").asText(),
                            one.path("SendStatus").asInt(),
                            one.path("ErrCode").asText())));
    return found;
  }

  private static String today() {
    return LocalDate.now(ZoneId.of("Asia/Shanghai")).format(DateTimeFormatter.BASIC_ISO_DATE);
  }

  @Test
  void tellsWhatBecameOfMessagesInAliyunsFormat() throws Exception {
    sms.limits(false).faults().loseReceipts(1).failDelivery(1, "MK:0001").forget(1).holdReceipts(1);
    for (int i = 0; i < 4; i++) {
      aliyun(WANG, "SMS_1", "{\"name\":\"王女士\",\"what\":\"净水器\"}");
    }
    assertThat(asked(WANG, today())).containsExactly("o1 3 DELIVERED", "o1 2 MK:0001", "o1 1 ");
    assertThat(asked(WANG, "20200101")).isEmpty();
    assertThat(asked("13900139000", today())).isEmpty();
    sms.releaseReceipts();
    assertThat(asked(WANG, today()))
        .containsExactly("o1 3 DELIVERED", "o1 2 MK:0001", "o1 3 DELIVERED");
    assertThat(sms.questions()).isEqualTo(4);
    assertThat(sms.calls()).isEqualTo(4);

    sms.faults().refuseQuestions(1, "isp.SYSTEM_ERROR");
    assertThat(
            aliyun(
                    "QuerySendDetails",
                    new TreeMap<>(
                        Map.of(
                            "PhoneNumber",
                            WANG,
                            "SendDate",
                            today(),
                            "PageSize",
                            "50",
                            "CurrentPage",
                            "1")),
                    SmsGateway.SECRET,
                    Instant.now())
                .path("Code")
                .asText())
        .isEqualTo("isp.SYSTEM_ERROR");
    assertThat(
            aliyun(
                    "QuerySendDetails",
                    new TreeMap<>(Map.of("PhoneNumber", WANG)),
                    SmsGateway.SECRET,
                    Instant.now())
                .path("Code")
                .asText())
        .startsWith("Missing");
  }

  @Test
  void tellsWhatBecameOfMessagesInTencentsFormat() throws Exception {
    sms.limits(false).faults().loseReceipts(1).failDelivery(1, "MK:0001").forget(1).holdReceipts(1);
    for (int i = 0; i < 4; i++) {
      tencent(WANG, "1001", "[\"王女士\",\"净水器\"]", Instant.now());
    }
    String body =
        "{\"BeginTime\":%d,\"Offset\":0,\"Limit\":100,\"PhoneNumber\":\"+86%s\",\"SmsSdkAppId\":\"1400000000\"}";
    JsonNode found =
        tencent(
            "PullSmsSendStatusByPhoneNumber",
            body.formatted(Instant.now().minusSeconds(60).getEpochSecond(), WANG),
            Instant.now());
    JsonNode all = found.path("PullSmsSendStatusSet");
    assertThat(all).as("only what was reported").hasSize(2);
    assertThat(all.path(0).path("ReportStatus").asText()).isEqualTo("SUCCESS");
    assertThat(all.path(0).path("SerialNo").asText())
        .isEqualTo(sms.accepted(WANG).get(0).providerId());
    assertThat(all.path(1).path("ReportStatus").asText()).isEqualTo("FAIL");
    assertThat(all.path(1).path("Description").asText()).isEqualTo("MK:0001");
    assertThat(
            tencent(
                    "PullSmsSendStatusByPhoneNumber",
                    body.formatted(Instant.now().plusSeconds(60).getEpochSecond(), WANG),
                    Instant.now())
                .path("PullSmsSendStatusSet"))
        .isEmpty();
    assertThat(
            tencent("PullSmsSendStatusByPhoneNumber", "{\"Limit\":1}", Instant.now())
                .path("Error")
                .path("Code")
                .asText())
        .isEqualTo("MissingParameter");
  }

  @Test
  void refusesWhatIsNotSignedRight() throws Exception {
    Instant now = Instant.now();
    assertThat(aliyun(WANG, "恒信电器", "SMS_1", "{}", "wrong", now).path("Code").asText())
        .isEqualTo("SignatureDoesNotMatch");
    assertThat(
            aliyun(WANG, "恒信电器", "SMS_1", "{}", SmsGateway.SECRET, now.minusSeconds(1000))
                .path("Code")
                .asText())
        .isEqualTo("InvalidTimeStamp.Expired");
    assertThat(
            tencent(WANG, "1001", "[]", now.minusSeconds(400)).path("Error").path("Code").asText())
        .isEqualTo("AuthFailure.SignatureExpire");
    assertThat(sms.accepted()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "123,恒信电器,SMS_1,isv.MOBILE_NUMBER_ILLEGAL",
    "13800138000,别人,SMS_1,isv.SMS_SIGNATURE_ILLEGAL",
    "13800138000,恒信电器,SMS_9,isv.SMS_TEMPLATE_ILLEGAL",
    "13800138000,恒信电器,SMS_2,isv.TEMPLATE_MISSING_PARAMETERS"
  })
  void refusesWhatAliyunRefuses(String phone, String signature, String code, String refusal)
      throws Exception {
    JsonNode answer =
        aliyun(
            phone,
            signature,
            code,
            "{\"name\":\"王\",\"what\":\"净水器\"}",
            SmsGateway.SECRET,
            Instant.now());
    assertThat(answer.path("Code").asText()).isEqualTo(refusal);
  }

  @Test
  void refusesParametersThatTencentRefuses() throws Exception {
    assertThat(status(tencent(WANG, "1001", "[\"王\"]", Instant.now())))
        .isEqualTo("FailedOperation.TemplateParamSetNotMatchApprovedTemplate");
    assertThat(status(tencent(WANG, "1001", "[\"王\",\"a\",\"b\"]", Instant.now())))
        .isEqualTo("FailedOperation.TemplateParamSetNotMatchApprovedTemplate");
    assertThat(status(tencent(WANG, "1001", "[\"王\",\"http://a\"]", Instant.now())))
        .isEqualTo("InvalidParameterValue.ProhibitedUseUrlInTemplateParameter");
    sms.blacklist(WANG, true);
    assertThat(status(tencent(WANG, "1001", "[\"王\",\"a\"]", Instant.now())))
        .isEqualTo("FailedOperation.PhoneNumberInBlacklist");
  }

  @Test
  void limitsHowOften() throws Exception {
    assertThat(aliyun(WANG, "SMS_2", "{\"code\":\"1\"}").path("Code").asText()).isEqualTo("OK");
    sms.advance(Duration.ofSeconds(1));
    String second = aliyun(WANG, "SMS_2", "{\"code\":\"2\"}").path("Code").asText();
    assertThat(second)
        .isIn("isv.BUSINESS_LIMIT_CONTROL", "OK"); // OK if the minute has just changed
    sms.advance(Duration.ofMinutes(1));
    assertThat(aliyun(WANG, "SMS_2", "{\"code\":\"3\"}").path("Code").asText()).isEqualTo("OK");
    assertThat(status(tencent(WANG, "1001", "[\"王\",\"a\"]", Instant.now()))).isEqualTo("Ok");
    assertThat(status(tencent(WANG, "1001", "[\"王\",\"a\"]", Instant.now())))
        .isEqualTo("LimitExceeded.PhoneNumberThirtySecondLimit");
    sms.limits(false);
    assertThat(status(tencent(WANG, "1001", "[\"王\",\"a\"]", Instant.now()))).isEqualTo("Ok");
  }

  @Test
  void pushesAgainWhatTheHostHasNotConfirmed() throws Exception {
    status = 500;
    aliyun(WANG, "SMS_2", "{\"code\":\"1\"}");
    sms.settle();
    assertThat(pushed).hasSize(1);
    sms.advance(Duration.ofSeconds(30));
    assertThat(pushed).hasSize(1);
    status = 200;
    answer = "{\"code\":1}";
    sms.advance(Duration.ofSeconds(40));
    assertThat(pushed).hasSize(2);
    answer = "{\"code\":0}";
    sms.advance(Duration.ofMinutes(6));
    assertThat(pushed).hasSize(3).containsOnly(pushed.get(0));
    sms.advance(Duration.ofHours(1));
    assertThat(pushed).hasSize(3);
  }

  @Test
  void strikesSendsAndReceiptsAsOrdered() throws Exception {
    sms.faults()
        .refuse(1, "isv.AMOUNT_NOT_ENOUGH")
        .acceptThenReset(1)
        .receiptsTwice(1)
        .holdReceipts(1)
        .loseReceipts(1)
        .failDelivery(1, "MK:0001");
    sms.limits(false);
    assertThat(aliyun(WANG, "SMS_2", "{\"code\":\"1\"}").path("Code").asText())
        .isEqualTo("isv.AMOUNT_NOT_ENOUGH");
    assertThatThrownBy(() -> aliyun(WANG, "SMS_2", "{\"code\":\"2\"}"))
        .isInstanceOf(IOException.class);
    sms.settle();
    assertThat(sms.accepted()).hasSize(1);
    assertThat(pushed).hasSize(2);
    aliyun(WANG, "SMS_2", "{\"code\":\"3\"}");
    aliyun(WANG, "SMS_2", "{\"code\":\"4\"}");
    sms.settle();
    assertThat(pushed).hasSize(2);
    sms.releaseReceipts();
    assertThat(pushed).hasSize(3);
    aliyun(WANG, "SMS_2", "{\"code\":\"5\"}");
    sms.settle();
    assertThat(pushed.get(3)).contains("\"success\":false").contains("MK:0001");
  }

  @Test
  void pushesWhatPeopleAnswer() throws Exception {
    aliyun(WANG, "SMS_1", "{\"name\":\"王女士\",\"what\":\"净水器\"}");
    sms.settle();
    sms.reply(SmsProvider.ALIYUN, WANG, "R");
    JsonNode reply = Json.read(pushed.get(1)).path(0);
    assertThat(reply.path("content").asText()).isEqualTo("R");
    assertThat(reply.path("sign_name").asText()).isEqualTo("恒信电器");
    sms.reply(SmsProvider.TENCENT, WANG, "TD");
    assertThat(Json.read(pushed.get(2)).path("text").asText()).isEqualTo("TD");
  }
}
