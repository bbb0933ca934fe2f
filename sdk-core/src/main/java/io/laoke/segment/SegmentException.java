package io.laoke.segment;

import io.laoke.error.LaokeException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A segment was refused: nothing was read or written. {@link #problems()} has all that is wrong
 * with it, as far as one mistake does not hide another, each with a place, a code, a Chinese and an
 * English sentence and, where there is one, the name that was probably meant. Text that people are
 * searched by is never part of it.
 */
public final class SegmentException extends LaokeException {
  private final List<SegmentProblem> problems;

  SegmentException(List<SegmentProblem> problems) {
    super(
        "The segment cannot be answered. "
            + problems.stream().map(SegmentProblem::toString).collect(Collectors.joining(" ")),
        null,
        false);
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order in which it stands; at least one, at most 20. */
  public List<SegmentProblem> problems() {
    return problems;
  }

  /** All problems in Chinese, one a line, each behind its place. */
  public String chinese() {
    return problems.stream()
        .map(one -> one.pointer().isEmpty() ? one.zh() : one.pointer() + "：" + one.zh())
        .collect(Collectors.joining("\n"));
  }
}
