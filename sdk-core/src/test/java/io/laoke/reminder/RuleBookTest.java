package io.laoke.reminder;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.TestServer;
import java.time.Period;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Dealers with hundreds of rules. */
class RuleBookTest {
  private static final ServiceCycle EVERY = ServiceCycle.every(Period.ofMonths(6));

  @Test
  void aRuleIsParsedOnceHoweverOftenItIsRead() {
    ParsedRules parsed = new ParsedRules();
    String text = ReminderRuleJson.write(ReminderFixture.cleaning());
    ReminderRule first = parsed.of(text);
    assertThat(first).isEqualTo(ReminderFixture.cleaning());
    assertThat(parsed.of(text)).isSameAs(first);
    assertThat(parsed.of(ReminderRuleJson.write(ReminderFixture.cleaning().priority(1))))
        .isEqualTo(ReminderFixture.cleaning().priority(1));
  }

  /** As {@link ReminderRule#best} does that looks at all of them. */
  @Test
  void goodsFindTheirRulesAmongHundreds() {
    Random random = new Random(11);
    List<String> categories = List.of("a", "a/b", "a/b/c", "a/bb", "d", "d/b");
    List<ActiveRules.Numbered> rules = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      ReminderRule rule =
          ReminderRule.of(
                  "r" + i,
                  categories.get(random.nextInt(categories.size())),
                  "K" + random.nextInt(40),
                  EVERY)
              .priority(random.nextInt(2));
      rule = random.nextBoolean() ? rule.model("M" + random.nextInt(9)) : rule;
      rule = random.nextInt(3) == 0 ? rule.brand("B" + random.nextInt(3)) : rule;
      rules.add(new ActiveRules.Numbered(rule, i + 1));
    }
    ActiveRules active = new ActiveRules(rules);
    List<ReminderRule> all = rules.stream().map(ActiveRules.Numbered::rule).toList();
    for (int i = 0; i < 500; i++) {
      String category = categories.get(random.nextInt(categories.size()));
      category = random.nextInt(4) == 0 ? category + "/x" : category;
      String model = random.nextInt(4) == 0 ? null : "M" + random.nextInt(10);
      String brand = random.nextInt(4) == 0 ? null : "B" + random.nextInt(4);
      Map<String, ReminderRule> found = new TreeMap<>();
      active.best(category, model, brand).forEach((kind, one) -> found.put(kind, one.rule()));
      assertThat(found)
          .isEqualTo(
              ReminderRule.best(
                  all, new Sold(category, Optional.ofNullable(model), Optional.ofNullable(brand))));
    }
    assertThat(active.ofKind("K7").best("a/b/c", "M1", null).keySet()).containsOnly("K7");
  }

  /** So that many rules that are put at once are each followed for what is theirs. */
  @ParameterizedTest
  @EnumSource
  void eachChangeIsFollowedForItsOwnKindAlone(TestServer server) {
    try (ReminderFixture laoke = new ReminderFixture(server)) {
      laoke.sold("SO-1", "C1", 3);
      laoke.installed("SO-1", ReminderFixture.START);
      laoke.tick();
      for (int i = 1; i <= 4; i++) {
        laoke.rules().put(ReminderRule.of("r" + i, "kitchen/hood", "K" + i, EVERY));
      }
      laoke.tick();
      for (int i = 1; i <= 4; i++) {
        assertThat(laoke.rules().progress("r" + i))
            .get()
            .satisfies(
                one -> {
                  assertThat(one.doneAt()).isPresent();
                  assertThat(one.effect()).isEqualTo(new RuleEffect(0, 0, 3));
                });
      }
      assertThat(laoke.planned()).hasSize(12);

      laoke.rules().put(ReminderRule.of("r2", "kitchen/hood", "K3", EVERY).priority(1));
      laoke
          .rules()
          .put(ReminderRule.of("r4", "kitchen", "K4", ServiceCycle.every(Period.ofDays(9))));
      laoke.tick();
      assertThat(laoke.rules().progress("r2").orElseThrow().effect())
          .as("nothing of kind K2 any more, and K3 on the same days")
          .isEqualTo(new RuleEffect(0, 3, 0));
      assertThat(laoke.rules().progress("r4").orElseThrow().effect())
          .isEqualTo(new RuleEffect(3, 0, 0));
      assertThat(laoke.planned()).hasSize(9);
    }
  }
}
