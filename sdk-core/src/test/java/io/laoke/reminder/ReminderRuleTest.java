package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.InvalidInputException;
import java.time.Period;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReminderRuleTest {
  private static final ServiceCycle HALF_YEAR = ServiceCycle.every(Period.ofMonths(6));
  private static final Sold HOOD =
      new Sold("kitchen/hood/wall", Optional.of("CXW-200"), Optional.of("方太"));

  private static ReminderRule cleaning(String code, String category) {
    return ReminderRule.of(code, category, "CLEANING", HALF_YEAR);
  }

  /** Each is stronger than those before it. */
  private static final List<ReminderRule> WEAKEST_FIRST =
      List.of(
          cleaning("z", "kitchen").priority(-1).model("CXW-200"),
          cleaning("b", "kitchen"),
          cleaning("a", "kitchen"),
          cleaning("c", "kitchen").brand("方太"),
          cleaning("d", "kitchen").model("CXW-200"),
          cleaning("e", "kitchen").model("CXW-200").brand("方太"),
          cleaning("f", "kitchen/hood"),
          cleaning("g", "kitchen/hood/wall"),
          cleaning("h", "kitchen").priority(1));

  @Test
  void theStrongestOfAKindWinsInWhateverOrderTheyCome() {
    Random random = new Random(7);
    for (int many = 1; many <= WEAKEST_FIRST.size(); many++) {
      List<ReminderRule> rules = new ArrayList<>(WEAKEST_FIRST.subList(0, many));
      Collections.shuffle(rules, random);

      assertThat(ReminderRule.best(rules, HOOD))
          .containsOnlyKeys("CLEANING")
          .containsValue(WEAKEST_FIRST.get(many - 1));
    }
  }

  @Test
  void eachKindHasItsOwnRule() {
    ReminderRule filter =
        ReminderRule.of("filter", "kitchen", "FILTER", ServiceCycle.every(Period.ofYears(1)));

    assertThat(ReminderRule.best(List.of(cleaning("a", "kitchen/hood"), filter), HOOD))
        .containsOnlyKeys("CLEANING", "FILTER")
        .containsEntry("FILTER", filter);
  }

  @Test
  void whatIsNotMeantIsNotCovered() {
    assertThat(cleaning("a", "kitchen").covers(HOOD)).isTrue();
    assertThat(cleaning("a", "kitchen/hood").covers(Sold.of("kitchen/hood"))).isTrue();
    assertThat(cleaning("a", "kitchen/hood").covers(Sold.of("kitchen/hoods"))).isFalse();
    assertThat(cleaning("a", "kitchen/hood").covers(Sold.of("kitchen"))).isFalse();
    assertThat(cleaning("a", "kitchen").model("CXW-201").covers(HOOD)).isFalse();
    assertThat(cleaning("a", "kitchen").brand("方太").covers(Sold.of("kitchen"))).isFalse();
    assertThat(ReminderRule.best(List.of(cleaning("a", "av")), HOOD)).isEmpty();
  }

  @Test
  void aRuleIsAValue() {
    ReminderRule rule = cleaning("hood", " kitchen / hood ").named("油烟机清洗").model(" CXW-200 ");

    assertThat(rule.category()).isEqualTo("kitchen/hood");
    assertThat(rule.model()).contains("CXW-200");
    assertThat(rule).isEqualTo(cleaning("hood", "kitchen/hood").model("CXW-200").named("油烟机清洗"));
    assertThat(rule).hasSameHashCodeAs(rule.brand(null));
    assertThat(rule).isNotEqualTo(rule.priority(1)).isNotEqualTo(rule.model(null));
    assertThat(cleaning("hood", "kitchen").name()).isEqualTo("hood");
    assertThat(rule.cycle(HALF_YEAR.leadDays(7)).cycle().leadDays()).isEqualTo(7);
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertThatThrownBy(() -> cleaning(" ", "kitchen"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("code");
    assertThatThrownBy(() -> cleaning("a", "kitchen//hood")).hasMessageContaining("category");
    assertThatThrownBy(() -> ReminderRule.of("a", "kitchen", "x".repeat(33), HALF_YEAR))
        .hasMessageContaining("kind");
    assertThatThrownBy(() -> cleaning("a", "kitchen").priority(1_001))
        .hasMessageContaining("priority");
  }
}
