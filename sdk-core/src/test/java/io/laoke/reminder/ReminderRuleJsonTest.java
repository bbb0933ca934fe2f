package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.time.MonthDay;
import java.time.Period;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReminderRuleJsonTest {
  private static final String LEAST =
      "{\"code\":\"hood\",\"category\":\"kitchen/hood\",\"kind\":\"CLEANING\",\"every\":\"P6M\"}";
  private static final String MOST =
      """
      {"code": "ac", "name": "空调清洗", "category": "ac", "model": "KFR-35", "brand": "格力",
       "kind": "清洗", "every": "P1Y2M3D", "from": ["DELIVERED", "last_service"],
       "assumeInstalledAfterDays": 7, "leadDays": 14,
       "season": {"first": "04-01", "last": "09-30"}, "times": 10, "years": 8, "priority": -3}
      """;

  @Test
  void aRuleIsReadAsItWouldBeBuilt() {
    assertThat(ReminderRuleJson.read(LEAST))
        .isEqualTo(
            ReminderRule.of(
                "hood", "kitchen/hood", "CLEANING", ServiceCycle.every(Period.ofMonths(6))));
    assertThat(ReminderRuleJson.read(MOST))
        .isEqualTo(
            ReminderRule.of(
                    "ac",
                    "ac",
                    "清洗",
                    ServiceCycle.every(Period.of(1, 2, 3))
                        .from(Basis.DELIVERED, Basis.LAST_SERVICE)
                        .assumingInstalledAfter(7)
                        .leadDays(14)
                        .within(new Season(MonthDay.of(4, 1), MonthDay.of(9, 30)))
                        .times(10)
                        .years(8))
                .named("空调清洗")
                .model("KFR-35")
                .brand("格力")
                .priority(-3));
  }

  @Test
  void whatIsWrittenReadsAsTheSameRule() {
    for (String json : new String[] {LEAST, MOST}) {
      ReminderRule rule = ReminderRuleJson.read(json);
      String written = ReminderRuleJson.write(rule);
      assertThat(ReminderRuleJson.read(written)).isEqualTo(rule);
      assertThat(ReminderRuleJson.write(ReminderRuleJson.read(written))).isEqualTo(written);
    }
  }

  @Test
  void whatANewerVersionStoredIsReadWithoutWhatIsNew() {
    assertThat(ReminderRuleJson.stored(LEAST.replace("}", ",\"ladder\":[\"SMS\"]}")))
        .isEqualTo(ReminderRuleJson.read(LEAST));
    String season = LEAST.replace("}", ",\"season\":{\"first\":\"04-01\",\"last\":\"09-30\"}}");
    assertThat(ReminderRuleJson.stored(season.replace("09-30\"", "09-30\",\"hint\":1")))
        .isEqualTo(ReminderRuleJson.read(season));
  }

  @Test
  void anErrorPointsToWhatIsWrong() {
    Map<String, String> wrong =
        Map.ofEntries(
            Map.entry("[1]", ""),
            Map.entry("{\"code\":", ""),
            Map.entry(LEAST + " {}", ""),
            Map.entry(LEAST.replace("}", ",\"code\":\"b\"}"), ""),
            Map.entry("{}", "/code"),
            Map.entry(LEAST.replace("\"hood\"", "7"), "/code"),
            Map.entry(LEAST.replace("kitchen/hood", "/x"), "/category"),
            Map.entry(LEAST.replace("P6M", "6 months"), "/every"),
            Map.entry(LEAST.replace("P6M", "P0D"), "/every"),
            Map.entry(LEAST.replace("}", ",\"evry/x\":1}"), "/evry~1x"),
            Map.entry(LEAST.replace("}", ",\"from\":\"INSTALLED\"}"), "/from"),
            Map.entry(LEAST.replace("}", ",\"from\":[]}"), "/from"),
            Map.entry(LEAST.replace("}", ",\"from\":[\"INSTALLED\",\"BOUGHT\"]}"), "/from/1"),
            Map.entry(LEAST.replace("}", ",\"leadDays\":181}"), "/leadDays"),
            Map.entry(LEAST.replace("}", ",\"leadDays\":1.5}"), "/leadDays"),
            Map.entry(
                LEAST.replace("}", ",\"assumeInstalledAfterDays\":-1}"),
                "/assumeInstalledAfterDays"),
            Map.entry(
                LEAST.replace("}", ",\"season\":{\"first\":\"04-31\",\"last\":\"09-30\"}}"),
                "/season/first"),
            Map.entry(LEAST.replace("}", ",\"season\":{\"first\":\"04-01\"}}"), "/season/last"),
            Map.entry(
                LEAST.replace("}", ",\"season\":{\"first\":\"01-01\",\"last\":\"12-31\"}}"),
                "/season"),
            Map.entry(LEAST.replace("}", ",\"times\":0}"), "/times"),
            Map.entry(LEAST.replace("}", ",\"priority\":99999}"), "/priority"));
    wrong.forEach(
        (json, pointer) ->
            assertThatThrownBy(() -> ReminderRuleJson.read(json))
                .as(json)
                .isInstanceOfSatisfying(
                    InvalidInputException.class,
                    refused -> assertThat(refused.field()).isEqualTo(pointer)));
  }
}
