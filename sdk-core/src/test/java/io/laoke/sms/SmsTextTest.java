package io.laoke.sms;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SmsTextTest {
  @ParameterizedTest
  @CsvSource({"0,1", "1,1", "70,1", "71,2", "134,2", "135,3", "160,3", "201,3", "202,4", "500,8"})
  void countsSegments(int characters, int segments) {
    assertThat(SmsText.segments(characters)).isEqualTo(segments);
  }

  @Test
  void countsTheSignatureAndItsBrackets() {
    assertThat(SmsText.shown("恒信电器", "您好")).isEqualTo("【恒信电器】您好");
    assertThat(SmsText.segments("恒信电器", "一".repeat(64))).isEqualTo(1);
    assertThat(SmsText.segments("恒信电器", "一".repeat(65))).isEqualTo(2);
    assertThat(SmsText.segments("恒信电器", "a".repeat(65))).isEqualTo(2);
  }
}
