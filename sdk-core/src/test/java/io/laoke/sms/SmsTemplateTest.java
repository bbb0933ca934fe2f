package io.laoke.sms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SmsTemplateTest {
  private static final SmsTemplate DUE =
      SmsTemplate.of("due", SmsPurpose.NOTICE, "${name}您好，您的${what}已到保养时间，回复1预约。")
          .with("what", 6)
          .with("name", 4)
          .approved("aliyun", "SMS_1")
          .build();

  @Test
  void fillsInValuesWhateverTheirOrder() {
    assertThat(DUE.fill(Map.of("name", "王女士", "what", "净水器")))
        .isEqualTo("王女士您好，您的净水器已到保养时间，回复1预约。");
    assertThat(DUE.fill(Map.of("name", "$1", "what", "${x}"))).startsWith("$1您好，您的${x}");
  }

  @Test
  void saysWhatItCosts() {
    assertThat(DUE.segments("恒信电器", Map.of("name", "王女士", "what", "净水器"))).isEqualTo(1);
    SmsTemplate at70 =
        SmsTemplate.of("x", SmsPurpose.NOTICE, "一".repeat(60) + "${v}").with("v", 5).build();
    assertThat(at70.segments("恒信电器", Map.of("v", "1234"))).isEqualTo(1);
    assertThat(at70.mostSegments("恒信电器")).isEqualTo(2);
  }

  static Stream<Arguments> values() {
    return Stream.of(
        Arguments.of(Map.of("name", "王"), "what is missing"),
        Arguments.of(Map.of("name", "王", "what", " "), "what is missing"),
        Arguments.of(Map.of("name", "王", "what", "a", "more", "b"), "no variable more"),
        Arguments.of(Map.of("name", "王小小小小", "what", "a"), "5 characters long, at most 4"),
        Arguments.of(Map.of("name", "王\n", "what", "a"), "line break"),
        Arguments.of(Map.of("name", "王\u2028", "what", "a"), "line break"),
        Arguments.of(Map.of("name", "王", "what", "a.cn/b"), "link"),
        Arguments.of(Map.of("name", "王", "what", "www.b"), "link"),
        Arguments.of(Map.of("name", "王", "what", "http:"), "link"),
        Arguments.of(Map.of("name", "王", "what", "¥99"), "symbols"),
        Arguments.of(Map.of("name", "王", "what", "￥99"), "symbols"),
        Arguments.of(Map.of("name", "★王", "what", "a"), "symbols"),
        Arguments.of(Map.of("name", "【王】", "what", "a"), "symbols"),
        Arguments.of(Map.of("name", "王😀", "what", "a"), "emoji"));
  }

  @ParameterizedTest
  @MethodSource("values")
  void refusesWhatProvidersRefuse(Map<String, String> values, String why) {
    assertThat(DUE.problem(values)).hasValueSatisfying(what -> assertThat(what).contains(why));
    assertThatThrownBy(() -> DUE.fill(values))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("template due");
  }

  @Test
  void takesValuesThatOnlyLookLikeLinks() {
    assertThat(DUE.problem(Map.of("name", "A.B", "what", "1.5米"))).isEmpty();
    assertThat(DUE.problem(Map.of("name", "12/3", "what", "T-1/a"))).isEmpty();
  }

  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of(SmsPurpose.OTP, "您的数字是1234", "must say 验证码"),
        Arguments.of(SmsPurpose.NOTICE, "您的订单已送达，拒收请回复R", "must not end with 拒收请回复R"),
        Arguments.of(SmsPurpose.OTP, "验证码1234，拒收请回复R", "must not end with"),
        Arguments.of(SmsPurpose.PROMOTION, "亲爱的会员，全场八折", "must end with 拒收请回复R"),
        Arguments.of(SmsPurpose.NOTICE, "【恒信】您好", "no 【】"),
        Arguments.of(SmsPurpose.NOTICE, "您好😀", "emoji"),
        Arguments.of(SmsPurpose.NOTICE, "${a}${b}您好", "between two variables"),
        Arguments.of(SmsPurpose.NOTICE, "您好${1}", "variables as ${name}"),
        Arguments.of(SmsPurpose.NOTICE, "您好${name}", "lacks name"),
        Arguments.of(SmsPurpose.NOTICE, "一".repeat(501), "500"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void refusesTextsThatNoProviderApproves(SmsPurpose purpose, String text, String why) {
    assertThatThrownBy(() -> SmsTemplate.of("x", purpose, text).build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(why);
  }

  @Test
  void countsTheLongestValuesTowardsTheLongestText() {
    SmsTemplate.Draft draft =
        SmsTemplate.of("x", SmsPurpose.NOTICE, "一".repeat(450) + "${a}").with("a", 64);
    assertThatThrownBy(draft::build).hasMessageContaining("500").hasMessageContaining("514");
  }

  @Test
  void refusesParametersThatTheTextDoesNotHave() {
    assertThatThrownBy(() -> SmsTemplate.of("x", SmsPurpose.NOTICE, "您好").with("name", 4).build())
        .hasMessageContaining("check name");
    assertThatThrownBy(
            () -> SmsTemplate.of("x", SmsPurpose.OTP, "验证码${code}").with("code", 8).build())
        .hasMessageContaining("6 characters");
  }

  @Test
  void takesTheThreePurposes() {
    assertThat(SmsTemplate.of("a", SmsPurpose.OTP, "验证码${code}，5分钟内有效").with("code", 6).build())
        .isNotNull();
    assertThat(SmsTemplate.of("b", SmsPurpose.PROMOTION, "尊敬的会员，滤芯八折，拒收请回复R").build()).isNotNull();
    assertThat(SmsTemplate.of("c", SmsPurpose.NOTICE, "您的订单已送达").build()).isNotNull();
  }
}
