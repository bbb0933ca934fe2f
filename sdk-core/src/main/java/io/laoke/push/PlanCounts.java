package io.laoke.push;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a plan comes to; the sums of its decisions.
 *
 * @param rules per rule in order, that of the rest last
 * @param matched how many members are in exactly these rules' segments
 * @param quota of those who are chosen, how many have so many messages of this month left once they
 *     have got this one; 0 up to what the account allows
 * @param batches how many calls send it, each rule by its own, see {@link PlanSettings#batch}
 */
public record PlanCounts(
    List<OfRule> rules, Map<Set<Integer>, Long> matched, Map<Integer, Long> quota, long batches) {
  /**
   * What a rule comes to.
   *
   * @param matched members in its segment
   * @param earlier those of them whom an earlier rule takes
   * @param chosen who gets its content
   * @param heldOut who is held out
   * @param stopped who gets nothing, by the code of the reason
   */
  public record OfRule(
      String name,
      String content,
      long matched,
      long earlier,
      long chosen,
      long heldOut,
      Map<String, Long> stopped) {
    /** Copies. */
    public OfRule {
      stopped = Map.copyOf(stopped);
    }

    /** Members whom this rule decides about: each is chosen, held out or stopped. */
    public long audience() {
      return chosen + heldOut + stopped.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Copies. */
  public PlanCounts {
    rules = List.copyOf(rules);
    matched = Map.copyOf(matched);
    quota = Map.copyOf(quota);
  }

  /** Members whom the plan decides about. */
  public long audience() {
    return rules.stream().mapToLong(OfRule::audience).sum();
  }

  /** Members who get something. */
  public long chosen() {
    return rules.stream().mapToLong(OfRule::chosen).sum();
  }
}
