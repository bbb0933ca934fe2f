package io.laoke.sms;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.base.Phone;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Against the providers' published examples, and values computed from their descriptions. */
class SignaturesTest {
  @Test
  void signsAliyunsOwnExample() {
    String query =
        Signatures.query(
            Map.of(
                "RegionId", "cn-shanghai",
                "ImageId", "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd"));
    Signatures.Acs3 signed =
        Signatures.Acs3.of(
            "YourAccessKeyId",
            "YourAccessKeySecret",
            AliyunSms.headers(
                "ecs.cn-shanghai.aliyuncs.com",
                "RunInstances",
                "2014-05-26",
                "2023-10-26T10:22:32Z",
                "3156853299f313e23d1673dc12e1703d"),
            query);
    assertThat(signed.signature())
        .isEqualTo("06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0");
    assertThat(signed.authorization())
        .isEqualTo(
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=host;x-acs-action;"
                + "x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
                + signed.signature());
  }

  @Test
  void signsSendSmsOfAliyun() {
    String query =
        Signatures.query(
            Map.of(
                "PhoneNumbers", "13800000000",
                "SignName", "测试签名",
                "TemplateCode", "SMS_100000001",
                "TemplateParam", "{\"code\":\"1234\"}"));
    Signatures.Acs3 signed =
        Signatures.Acs3.of(
            "testId",
            "testSecret",
            AliyunSms.headers(
                "dysmsapi.aliyuncs.com",
                "SendSms",
                "2017-05-25",
                "2024-01-02T03:04:05Z",
                "00000000000000000000000000000001"),
            query);
    assertThat(signed.canonicalHash())
        .isEqualTo("295dfd1add490a53a4521ebcb70685b23daba94b686585ad2c7a2ebee8d6f236");
    assertThat(signed.signature())
        .isEqualTo("50050130ccb4802b1f8a32cd5c57cc5a964b29fa7601a901b13466fe23ee9022");
  }

  @Test
  void signsSendSmsOfTencentCloud() {
    String body =
        TencentSms.body(
            "1400000000",
            new SmsRequest(
                Phone.of("13800000000"), "测试签名", "100001", Map.of("code", "1234"), "o1"));
    assertThat(body)
        .isEqualTo(
            "{\"PhoneNumberSet\":[\"+8613800000000\"],\"SmsSdkAppId\":\"1400000000\",\"SignName\":\"测试签名\","
                + "\"TemplateId\":\"100001\",\"TemplateParamSet\":[\"1234\"],\"SessionContext\":\"o1\"}");
    Signatures.Tc3 signed =
        Signatures.Tc3.of(
            "testId",
            "testKey",
            "sms.tencentcloudapi.com",
            Instant.ofEpochSecond(1704164645),
            body.getBytes(UTF_8));
    assertThat(signed.bodyHash())
        .isEqualTo("779b20dc85debd3661895c55dfce4650e1b4a8dd5056dc6b7f63baa55ed10331");
    assertThat(signed.canonicalHash())
        .isEqualTo("62519303c765bbd85e62db3db17b465999dab4225d44f80da0c562fdf455044f");
    assertThat(signed.signature())
        .isEqualTo("3cf39efa22c4b1909844a40496835692c39f91d26b0dbe4ca91bc25e6596360f");
    assertThat(signed.authorization())
        .startsWith(
            "TC3-HMAC-SHA256 Credential=testId/2024-01-02/sms/tc3_request, SignedHeaders=content-type;host,");
  }

  @Test
  void takesTheDayOfUtcAtNightInChina() {
    // 1:00 on the 2nd in China is still the 1st in UTC.
    assertThat(
            Signatures.Tc3.of(
                    "testId", "testKey", "h", Instant.parse("2024-01-01T17:00:00Z"), new byte[0])
                .authorization())
        .contains("/2024-01-01/sms/");
  }

  @Test
  void escapesAsRfc3986Does() {
    assertThat(Signatures.query(Map.of("b", "a b*~+/=王", "a", "1")))
        .isEqualTo("a=1&b=a%20b%2A~%2B%2F%3D%E7%8E%8B");
  }

  @Test
  void namesTheHostAsTheClientSendsIt() {
    assertThat(Signatures.host(URI.create("https://a.example"))).isEqualTo("a.example");
    assertThat(Signatures.host(URI.create("https://a.example:443"))).isEqualTo("a.example");
    assertThat(Signatures.host(URI.create("http://127.0.0.1:8080"))).isEqualTo("127.0.0.1:8080");
  }
}
