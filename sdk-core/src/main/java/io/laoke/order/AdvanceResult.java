package io.laoke.order;

/**
 * What {@link Orders#advance} did.
 *
 * @param outcome whether anything was written
 * @param news whether the customer is to be told: false for what is late, of unknown time, or known
 * @param record the stage as it is recorded
 * @param orderStage the order's own stage now
 */
public record AdvanceResult(Outcome outcome, boolean news, StageRecord record, Stage orderStage) {
  /** Whether anything was written. */
  public enum Outcome {
    /** This stage, of these lines, on this document, was not known. */
    RECORDED,
    /** It was known with another time, text or details; they are now as given. */
    UPDATED,
    /** It was known just so; no row changed. */
    UNCHANGED
  }
}
