package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.message.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** WeChat's words of an end as reasons. */
class JobReasonsTest {
  @ParameterizedTest
  @CsvSource({
    "err(20013),err(20013)",
    "ERR ( 40001 ),err(40001)",
    "send fail,SEND_FAIL",
    "'',SEND_FAIL",
    "err(),SEND_FAIL",
    "err(12345678901),SEND_FAIL",
    "err(1)x,SEND_FAIL",
    "群发失败,SEND_FAIL"
  })
  void wordsHaveACodeThatFitsTheColumn(String words, String code) {
    assertThat(JobReasons.code(words)).isEqualTo(code).hasSizeLessThanOrEqualTo(64);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "err(10001)",
        "err(20001)",
        "err(20002)",
        "err(20004)",
        "err(20006)",
        "err(20008)",
        "err(20013)",
        "err(21000)",
        "err(22000)",
        "err(30001)",
        "err(30002)",
        "err(30003)",
        "err(40001)",
        "err(40002)",
        "err(20431)",
        "SEND_FAIL",
        "NO_WORD",
        "89504",
        "89505"
      })
  void eachSaysWhatToDoInBothLanguagesAndFitsAnEvent(String code) {
    Reason why = PlanReasons.of(code).orElseThrow();
    assertThat(why.code()).isEqualTo(code);
    assertThat(why.text()).matches("\\p{ASCII}{20,}\\.");
    assertThat(why.advice()).matches("\\p{ASCII}{20,}\\.");
    assertThat(why.adviceZh()).containsPattern("[一-龥]{4}").endsWith("。");
    assertThat(code + " " + why.adviceZh()).hasSizeLessThanOrEqualTo(200);
  }

  @Test
  void whatIsNoEndHasNoReason() {
    assertThat(JobReasons.of("err(x)")).isEmpty();
    assertThat(JobReasons.of("")).isEmpty();
    assertThat(JobReasons.ofAdministrator("err(40001)")).isTrue();
    assertThat(JobReasons.ofAdministrator("err(40002)")).isTrue();
    assertThat(JobReasons.ofAdministrator("SEND_FAIL")).isFalse();
  }
}
