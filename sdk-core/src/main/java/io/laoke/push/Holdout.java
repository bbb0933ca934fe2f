package io.laoke.push;

import io.laoke.segment.SegmentModule;
import java.util.function.IntUnaryOperator;

/**
 * Who is held out: always the same members, and those of one plan independent of those of another.
 * They are buckets that a segment can ask for, too.
 */
final class Holdout {
  /** The salt of those whom no plan reaches. */
  static final String OF_ALL = "holdout";

  private static final int BUCKETS_OF_A_THOUSANDTH = 10;

  private final IntUnaryOperator ofAll = SegmentModule.buckets(OF_ALL);
  private final IntUnaryOperator ofPlan;
  private final int mostOfAll;
  private final int mostOfPlan;

  Holdout(Plan plan, PlanSettings settings) {
    this.ofPlan = SegmentModule.buckets(saltOf(plan.key()));
    this.mostOfAll = settings.heldOut() * BUCKETS_OF_A_THOUSANDTH;
    this.mostOfPlan = plan.heldOut() * BUCKETS_OF_A_THOUSANDTH;
  }

  /** The salt of those whom a plan holds out. */
  static String saltOf(String planKey) {
    return OF_ALL + "/" + planKey;
  }

  boolean holds(int random31) {
    return ofAll.applyAsInt(random31) < mostOfAll || ofPlan.applyAsInt(random31) < mostOfPlan;
  }
}
