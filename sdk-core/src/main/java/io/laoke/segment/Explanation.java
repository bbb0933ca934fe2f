package io.laoke.segment;

import java.util.List;
import java.util.Optional;

/**
 * Why a member is in a segment, or is not.
 *
 * @param result what this part came to
 * @param segment this part
 * @param zh this part in Chinese
 * @param en this part in English
 * @param seen the value that was found, as text: money in fen, times as ISO 8601, an average as sum
 *     over count; empty if it is missing, or if this part has none of its own
 * @param rows how many rows an aggregate had; -1 if it is none
 * @param parts of this part
 */
public record Explanation(
    Result result,
    Segment segment,
    String zh,
    String en,
    Optional<String> seen,
    int rows,
    List<Explanation> parts) {
  /** What a part came to. */
  public enum Result {
    /** True. */
    TRUE,
    /** False. */
    FALSE,
    /** False since the value is missing. */
    MISSING
  }

  /** Copies. */
  public Explanation {
    parts = List.copyOf(parts);
  }

  /** Shows no values. */
  @Override
  public String toString() {
    return "Explanation[" + result + "]";
  }
}
