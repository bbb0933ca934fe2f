package io.laoke.binding;

import io.laoke.base.Internal;
import io.laoke.order.OrderDetail;
import io.laoke.order.StageRecord;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How a stage is named as the cause of a message or a decision, alike on every floor. */
@Internal
public final class StageCause {
  /** The cause of a decision about an order's stage that no report has named yet. */
  public static final String ORDER = "ORDER";

  private static final String KIND = "STAGE";

  private StageCause() {}

  /**
   * {@code STAGE}, and {@code STAGE.2} and so on once it was changed: each revision is told by a
   * message of its own, all with the record's id.
   */
  public static String kind(int revision) {
    return revision <= 1 ? KIND : KIND + "." + revision;
  }

  /** Whether a cause is a stage. */
  public static boolean is(String causeKind) {
    return causeKind.equals(KIND) || causeKind.startsWith(KIND + ".");
  }

  /**
   * The record of an order's present stage: the one whose words and time the order shows, else the
   * newest of that stage.
   */
  public static Optional<StageRecord> present(OrderDetail order, List<StageRecord> stages) {
    return stages.stream()
        .filter(stage -> stage.stage() == order.stage())
        .max(
            Comparator.comparing(
                    (StageRecord stage) ->
                        stage.at().equals(order.stageAt())
                            && stage.text().equals(order.stageText()))
                .thenComparing(StageRecord::id));
  }
}
