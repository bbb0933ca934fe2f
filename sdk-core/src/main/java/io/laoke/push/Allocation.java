package io.laoke.push;

import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.Reach;
import io.laoke.message.Reason;
import io.laoke.segment.Memberships;
import io.laoke.segment.Segment;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides for each member what a plan gives it: a pure function of what is recorded and of the
 * moment, so that a preview and the allocation itself say the same. Memory does not depend on how
 * many members there are.
 */
final class Allocation {
  static final ZoneId WECHAT = ZoneId.of("Asia/Shanghai");
  static final int AT_ONCE = 2_000;

  private final Database database;
  private final Tenant tenant;
  private final Memberships memberships;
  private final Reach reach;
  private final PlanSettings settings;

  /** What becomes of decisions. */
  @FunctionalInterface
  interface Sink {
    /** Hears some, by member, outside of any transaction. */
    void decided(List<PlanDecision> some);
  }

  private record Matched(long member, int random31, int mask) {}

  /**
   * What is the same for all members.
   *
   * @param console how many messages of the month everybody has got beside those of the ledger
   */
  private record Run(
      Plan plan,
      Instant asOf,
      YearMonth month,
      int console,
      Holdout holdout,
      Counting counting,
      Sink sink) {}

  Allocation(
      Database database,
      Tenant tenant,
      Memberships memberships,
      Reach reach,
      PlanSettings settings) {
    this.database = database;
    this.tenant = tenant;
    this.memberships = memberships;
    this.reach = reach;
    this.settings = settings;
  }

  PlanCounts run(Plan plan, Instant asOf, Sink sink) {
    YearMonth month = YearMonth.from(asOf.atZone(WECHAT));
    int console =
        database.own(
            "read what was sent from the console",
            tx -> QuotaTable.console(tx, tenant, plan.account(), month).size());
    Run run =
        new Run(
            plan,
            asOf,
            month,
            console,
            new Holdout(plan, settings),
            new Counting(plan, settings.batch()),
            sink);
    List<Segment> segments = plan.all().stream().map(Plan.Rule::segment).toList();
    List<Matched> waiting = new ArrayList<>();
    memberships.stream(
        segments,
        asOf,
        (member, random31, mask) -> {
          waiting.add(new Matched(member, random31, mask));
          if (waiting.size() == AT_ONCE) {
            decide(run, waiting);
            waiting.clear();
          }
        });
    if (!waiting.isEmpty()) {
      decide(run, waiting);
    }
    return run.counting.counts();
  }

  private void decide(Run run, List<Matched> some) {
    List<Decided> decided =
        database.own("decide who gets what of a plan", tx -> decided(tx, run, some));
    decided.forEach(one -> run.counting.add(one.decision, one.left));
    run.sink.decided(decided.stream().map(Decided::decision).toList());
  }

  /**
   * A decision.
   *
   * @param left messages of the month that are left if it is sent
   */
  private record Decided(PlanDecision decision, int left) {}

  private List<Decided> decided(Tx tx, Run run, List<Matched> some) {
    Plan plan = run.plan;
    Map<Long, Reach.Of> reached =
        reach.of(
            tx,
            tenant,
            some.stream().map(Matched::member).toList(),
            plan.account(),
            plan.purpose(),
            run.asOf);
    Set<String> openids = new HashSet<>();
    reached.values().stream()
        .filter(one -> one.stop() == null)
        .forEach(one -> openids.add(one.openidHash()));
    Map<String, Integer> used = QuotaTable.used(tx, tenant, plan.account(), run.month, openids);
    Set<String> capped = Caps.reached(tx, tenant, settings.caps(), plan, openids, run.asOf);
    List<Decided> decisions = new ArrayList<>();
    for (Matched one : some) {
      Reach.Of of = reached.getOrDefault(one.member, GONE);
      int left = settings.monthly() - run.console - used.getOrDefault(of.openidHash(), 0);
      boolean full = capped.contains(of.openidHash());
      decisions.add(new Decided(decision(run, one, of, left, full), left - 1));
    }
    return decisions;
  }

  /** Merged or erased since the segments were asked. */
  private static final Reach.Of GONE = new Reach.Of("", PlanReasons.GONE);

  private PlanDecision decision(Run run, Matched one, Reach.Of of, int left, boolean capped) {
    Set<Integer> matched = bits(one.mask);
    int rule = Integer.numberOfTrailingZeros(one.mask);
    int kept = settings.monthly() - settings.open(run.plan.priority());
    Reason stop =
        of.stop() != null
            ? of.stop()
            : left <= 0
                ? PlanReasons.QUOTA
                : left <= kept ? PlanReasons.KEPT : capped ? PlanReasons.CAPPED : null;
    if (stop != null) {
      return new PlanDecision(
          one.member, rule, matched, PlanDecision.Result.STOPPED, Optional.of(stop));
    }
    boolean held = run.holdout.holds(one.random31);
    return new PlanDecision(
        one.member,
        rule,
        matched,
        held ? PlanDecision.Result.HELD_OUT : PlanDecision.Result.CHOSEN,
        held ? Optional.of(PlanReasons.HELD_OUT) : Optional.empty());
  }

  static Set<Integer> bits(int mask) {
    Set<Integer> bits = new HashSet<>();
    for (int left = mask; left != 0; left &= left - 1) {
      bits.add(Integer.numberOfTrailingZeros(left));
    }
    return bits;
  }
}
