package io.laoke.examples.erp;

import static io.laoke.segment.Criteria.all;
import static io.laoke.segment.Criteria.any;
import static io.laoke.segment.Criteria.before;
import static io.laoke.segment.Criteria.category;
import static io.laoke.segment.Criteria.everyone;
import static io.laoke.segment.Criteria.field;
import static io.laoke.segment.Criteria.items;
import static io.laoke.segment.Criteria.missing;
import static io.laoke.segment.Criteria.units;
import static io.laoke.segment.Criteria.yuan;
import static io.laoke.segment.Fields.FOLLOWS;
import static io.laoke.segment.Fields.GENDER;
import static io.laoke.segment.Fields.INSTALLED_ON;
import static io.laoke.segment.Fields.LAST_SERVICE_AT;
import static io.laoke.segment.Fields.NET_AMOUNT;

import io.laoke.member.Gender;
import io.laoke.push.Plan;
import io.laoke.segment.SavedSegment;
import io.laoke.segment.Segment;
import java.time.Period;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** 群发的人群: some that are ready, those that staff saved, and what a plan has already. */
@Component
class PushGroups {
  /**
   * A group to choose.
   *
   * @param key by which the form names it
   * @param name for people
   * @param segment who is in it
   */
  record Group(String key, String name, Segment segment) {}

  private static final Period HALF_A_YEAR = Period.ofMonths(6);

  // Laoke: segments in Java.

  private static final List<Group> READY =
      List.of(
          new Group("kitchen", "厨电会员", items().where(category().under("kitchen")).exists()),
          new Group(
              "cleaning",
              "烟机空调待清洗",
              units()
                  .where(
                      any(category().under("kitchen/hood"), category().under("cold/aircon")),
                      any(
                          field(LAST_SERVICE_AT).during(before(HALF_A_YEAR)),
                          all(
                              missing(LAST_SERVICE_AT),
                              field(INSTALLED_ON).during(before(HALF_A_YEAR)))))
                  .exists()),
          new Group("av", "影音会员", items().where(category().under("av")).exists()),
          new Group("water", "净水会员", items().where(category().under("water")).exists()),
          new Group(
              "women",
              "消费满 5000 的女会员",
              all(field(GENDER).is(Gender.FEMALE), items().sum(NET_AMOUNT).atLeast(yuan(5000)))),
          new Group("big", "消费满 2 万的会员", items().sum(NET_AMOUNT).atLeast(yuan(20_000))),
          new Group("followers", "全部粉丝", field(FOLLOWS).is(true)),
          new Group("everyone", "全部会员", everyone()));

  private final SegmentDesk segments;

  PushGroups(SegmentDesk segments) {
    this.segments = segments;
  }

  /** All to choose from; what the plan has and nobody offers any more comes last. */
  Map<String, Group> offered(Optional<Plan> plan) {
    Map<String, Group> all = new LinkedHashMap<>();
    READY.forEach(one -> all.put(one.key(), one));
    for (SavedSegment saved : segments.saved()) {
      String key = "saved." + saved.key();
      all.put(key, new Group(key, saved.name(), saved.segment()));
    }
    List<Plan.Rule> known = plan.map(PushGroups::rules).orElse(List.of());
    for (int i = 0; i < known.size(); i++) {
      Plan.Rule rule = known.get(i);
      if (keyOf(all, rule).isEmpty()) {
        String key = "kept." + i;
        all.put(key, new Group(key, rule.name() + "（原来的条件）", rule.segment()));
      }
    }
    return all;
  }

  static List<Plan.Rule> rules(Plan plan) {
    List<Plan.Rule> rules = new ArrayList<>(plan.rules());
    plan.rest().ifPresent(rules::add);
    return rules;
  }

  /** Under which key a rule's group is offered. */
  static Optional<String> keyOf(Map<String, Group> all, Plan.Rule rule) {
    return all.values().stream()
        .filter(one -> one.segment().equals(rule.segment()))
        .map(Group::key)
        .findFirst();
  }

  String sentence(Segment segment) {
    return segments.sentence(segment);
  }
}
