package io.laoke.push;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sums of decisions. What is counted counts once the next transaction begins, or at the end. */
final class Counting {
  private static final int MOST_A_BATCH = 10_000;

  private final Plan plan;
  private final Map<Set<Integer>, Long> matched = new HashMap<>();
  private final Map<Integer, Long> quota = new TreeMap<>();
  private final Map<Key, Long> decided = new HashMap<>();
  private final List<Counted> latest = new ArrayList<>();

  private record Key(int rule, PlanDecision.Result result, String reason) {}

  private record Counted(PlanDecision decision, int left) {}

  Counting(Plan plan) {
    this.plan = plan;
  }

  /** Forgets what an attempt counted that is repeated. */
  void begin() {
    latest.clear();
  }

  /**
   * Counts.
   *
   * @param left messages of the month that are left if it gets this one
   */
  void count(PlanDecision decision, int left) {
    latest.add(new Counted(decision, left));
  }

  /** What was counted last is not repeated. */
  void settle() {
    latest.forEach(one -> add(one.decision, one.left));
    latest.clear();
  }

  private void add(PlanDecision decision, int left) {
    matched.merge(decision.matched(), 1L, Long::sum);
    add(
        decision.rule(),
        decision.result(),
        decision.reason().map(reason -> reason.code()).orElse(""),
        1);
    if (decision.result() == PlanDecision.Result.CHOSEN) {
      quota.merge(left, 1L, Long::sum);
    }
  }

  private void add(int rule, PlanDecision.Result result, String reason, long many) {
    decided.merge(new Key(rule, result, reason), many, Long::sum);
  }

  /** Adds sums that were stored. */
  void add(int rule, Set<Integer> bits, PlanDecision.Result result, String reason, long many) {
    matched.merge(bits, many, Long::sum);
    add(rule, result, reason, many);
  }

  PlanCounts counts() {
    settle();
    List<Plan.Rule> all = plan.all();
    List<PlanCounts.OfRule> rules = new ArrayList<>();
    Map<String, Long> ofContent = new TreeMap<>();
    for (int i = 0; i < all.size(); i++) {
      PlanCounts.OfRule of = of(i, all.get(i));
      rules.add(of);
      ofContent.merge(of.content(), of.chosen(), Long::sum);
    }
    return new PlanCounts(
        rules,
        matched,
        quota,
        ofContent.values().stream().mapToLong(many -> -Math.floorDiv(-many, MOST_A_BATCH)).sum());
  }

  private PlanCounts.OfRule of(int place, Plan.Rule rule) {
    long in = 0;
    long earlier = 0;
    for (Map.Entry<Set<Integer>, Long> one : matched.entrySet()) {
      if (one.getKey().contains(place)) {
        in += one.getValue();
        earlier += one.getKey().stream().anyMatch(other -> other < place) ? one.getValue() : 0;
      }
    }
    long chosen = 0;
    long heldOut = 0;
    Map<String, Long> stopped = new TreeMap<>();
    for (Map.Entry<Key, Long> one : decided.entrySet()) {
      if (one.getKey().rule() == place) {
        switch (one.getKey().result()) {
          case CHOSEN -> chosen += one.getValue();
          case HELD_OUT -> heldOut += one.getValue();
          case STOPPED -> stopped.merge(one.getKey().reason(), one.getValue(), Long::sum);
        }
      }
    }
    return new PlanCounts.OfRule(
        rule.name(), rule.content(), in, earlier, chosen, heldOut, stopped);
  }
}
