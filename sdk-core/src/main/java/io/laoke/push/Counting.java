package io.laoke.push;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sums of decisions. */
final class Counting {
  private final Plan plan;
  private final Map<Set<Integer>, Long> matched = new HashMap<>();
  private final Map<Integer, Long> quota = new TreeMap<>();
  private final Map<Key, Long> decided = new HashMap<>();
  private final int batch;

  private record Key(int rule, PlanDecision.Result result, String reason) {}

  /**
   * Of a plan.
   *
   * @param batch to how many followers one call sends at most
   */
  Counting(Plan plan, int batch) {
    this.plan = plan;
    this.batch = batch;
  }

  /**
   * Counts.
   *
   * @param left messages of the month that are left if it gets this one
   */
  void add(PlanDecision decision, int left) {
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
    List<Plan.Rule> all = plan.all();
    List<PlanCounts.OfRule> rules = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      rules.add(of(i, all.get(i)));
    }
    long batches = rules.stream().mapToLong(one -> (one.chosen() + batch - 1) / batch).sum();
    return new PlanCounts(rules, matched, quota, batches);
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
