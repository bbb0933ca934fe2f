package io.laoke.order;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * When an order reached the stages that questions ask for; null where it has not, or where no
 * report says when.
 */
record Milestones(
    @Nullable Long approvedMs,
    @Nullable Long shippedMs,
    @Nullable Long deliveredMs,
    @Nullable Long installedMs) {
  static final Milestones NONE = new Milestones(null, null, null, null);

  static Milestones of(Function<Stage, @Nullable Long> reached) {
    return new Milestones(
        reached.apply(Stage.APPROVED),
        reached.apply(Stage.SHIPPED),
        reached.apply(Stage.DELIVERED),
        reached.apply(Stage.INSTALLED));
  }
}
