package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FactReaderTest {
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
  private final FactReader reader = new FactReader();

  private void refused(Fact.Kind kind, String json, String field, String... words) {
    assertThatThrownBy(() -> reader.read(kind, "N-1", json, ZONE))
        .isInstanceOfSatisfying(
            FactRefused.class, wrong -> assertThat(wrong.field()).isEqualTo(field))
        .hasMessageContainingAll(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "MEMBER|{\"name\": \"a\"|fact|ends too early",
        "MEMBER|{\"name\": a}|fact|is no JSON at line 1, column",
        "MEMBER|{\"name\": \"a\", \"name\": \"b\"}|fact|gives a field twice: 'name'",
        "MEMBER|{} {}|fact|goes on after its end",
        "MEMBER|[]|##|must be an object, was a list",
        "MEMBER|null|##|must be an object, was null",
        "MEMBER|{\"nam\": \"a\"}|nam|is no field of this",
        "MEMBER|{\"name\": true}|name|must be text, was true or false",
        "MEMBER|{\"phones\": \"1\"}|phones|must be a list, was text",
        "MEMBER|{\"phones\": [\"12\"]}|phones|is no phone number",
        "MEMBER|{\"birthday\": \"1.5.1990\"}|birthday|must be a date such as",
        "MEMBER|{\"customerNo\": \"N-2\"}|customerNo|differs from the column ref",
        "ORDER|{}|orderedAt|is missing",
        "ORDER|{\"orderedAt\": 1732500000000}|orderedAt|must be a time as text, was a whole number",
        "ORDER|{\"orderedAt\": \"2026-02-30\"}|orderedAt|must be a time such as",
        "ORDER|{\"orderedAt\": \"2026-02-03\", \"buyer\": {\"tel\": 1}}|buyer.tel|is no field",
        "ORDER|{\"orderedAt\": \"2026-02-03\", \"lines\": [{}]}|lines[#1].lineNo|is missing",
        "STAGE|{\"stage\": \"SHIPPED\"}|at|or null if it is not known",
        "STAGE|{\"stage\": \"SENT\", \"at\": null}|stage|was 'SENT'",
        "STAGE|{\"stage\": \"SHIPPED\", \"at\": null, \"units\": {\"1\": [0]}}|units|between 1 and",
        "STAGE|{\"stage\": \"SHIPPED\", \"at\": null, \"units\": {\"1\": [1.5]}}|units.1[#1]|a unit"
            + " number",
        "RETURN|{\"lines\": []}|returnedAt|is missing",
      })
  void saysWhatIsWrongAndWhere(Fact.Kind kind, String json, String field, String words) {
    refused(kind, json, field.equals("##") ? "" : field, words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "\"netFen\": 1, \"netYuan\": 1|netFen|together with netYuan",
        "\"name\": \"x\"|netYuan|is missing; give netYuan or netFen",
        "\"netFen\": 1.5|netFen|must be a whole number",
        "\"netFen\": -1|netFen|must be between 0",
        "\"netFen\": NaN|fact|NaN or Infinity",
        "\"netYuan\": 1e999999999|netYuan|at most 40 digits",
        "\"netYuan\": \"1e3\"|netYuan|plain digits",
        "\"netYuan\": \"1.23456\"|netYuan|at most 4 decimals",
        "\"netYuan\": 100000000000.01|netFen|must be between 0",
        "\"netFen\": 99999999999999999999999|netFen|at most 18 digits",
        "\"netYuan\": true|netYuan|must be a number, was true or false",
      })
  void oneRuleForAmounts(String amount, String field, String words) {
    refused(
        Fact.Kind.ORDER,
        "{\"orderedAt\": \"2026-02-03\", \"lines\": [{\"lineNo\": 7, \"category\": \"a\","
            + " \"quantity\": 1, "
            + amount
            + "}]}",
        field.equals("fact") ? "fact" : "lines[7]." + field,
        words);
  }

  @Test
  void hugeAndOddTextIsRefusedInLittleTime() {
    refused(Fact.Kind.MEMBER, "\uFEFF{}", "fact", "byte order mark");
    refused(Fact.Kind.MEMBER, " ", "fact", "is empty");
    refused(Fact.Kind.MEMBER, "[".repeat(100_000), "fact", "nested deeper than 20");
    refused(
        Fact.Kind.MEMBER,
        "{\"name\": " + "9".repeat(100_000) + "}",
        "fact",
        "more than 100 digits");
    refused(Fact.Kind.MEMBER, "{}" + " ".repeat(4_000_001), "fact", "4000003 characters");
  }

  @Test
  void aWrongStageIsToldThoseThatARowGives() {
    refused(
        Fact.Kind.STAGE,
        "{\"stage\": \"SENT\", \"at\": null}",
        "stage",
        "must be one of APPROVED, SHIPPED, SCHEDULED, DELIVERED, INSTALLED, COMPLETED, CANCELLED, RETURNED, EXCHANGED, was 'SENT'");
  }

  @Test
  void showsNoPersonalValue() {
    for (String json :
        new String[] {
          "{\"phones\": [\"13800138000x\"]}",
          "{\"birthday\": \"13800138000\"}",
          "{\"13800138000\": 1}",
          "{\"name\": 13800138000.5}",
          "{\"name\": \"13800138000\" 13800138000}",
        }) {
      assertThatThrownBy(() -> reader.read(Fact.Kind.MEMBER, "N-1", json, ZONE))
          .isInstanceOfSatisfying(
              FactRefused.class,
              wrong -> assertThat(wrong.field() + wrong.words()).doesNotContain("13800138000"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-25T10:30:00+08:00, 2026-11-25T02:30:00Z",
    "2026-11-25 10:30:00+08, 2026-11-25T02:30:00Z",
    "2026-11-25 02:30:00.5 Z, 2026-11-25T02:30:00.5Z",
    "2026-11-25T10:30, 2026-11-25T02:30:00Z",
    "2026-11-25 10:30:00.123456, 2026-11-25T02:30:00.123456Z",
    "2026-11-25, 2026-11-24T16:00:00Z",
    "2026-11-25T10:30:00-0330, 2026-11-25T14:00:00Z"
  })
  void readsTimesAsIsoAndSqlWriteThem(String text, Instant instant) {
    assertThat(FactTimes.instant("at", text, ZONE)).isEqualTo(instant);
    assertThat(FactTimes.date("birthday", " 1990-05-01 ")).isEqualTo(LocalDate.of(1990, 5, 1));
  }
}
