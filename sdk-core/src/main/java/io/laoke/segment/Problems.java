package io.laoke.segment;

import io.laoke.segment.SegmentProblem.Code;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** What is wrong with a segment, as it is found. */
final class Problems {
  private static final int MOST = 20;

  private final List<SegmentProblem> found = new ArrayList<>();
  private final Deque<String> entered = new ArrayDeque<>();
  private String referredAt = "";

  void add(String pointer, Code code, String zh, String en) {
    add(pointer, code, Optional.empty(), zh, en);
  }

  void add(String pointer, Code code, Optional<String> nearest, String zh, String en) {
    if (found.size() == MOST) {
      return;
    }
    String key = entered.peek();
    found.add(
        key == null
            ? new SegmentProblem(pointer, code, zh, en, nearest)
            : new SegmentProblem(
                referredAt,
                code,
                "在分组“%s”中：%s".formatted(Shown.of(key), zh),
                "in the saved segment '%s': %s".formatted(Shown.of(key), en),
                nearest));
  }

  /** A name that nothing has. */
  void unknown(String pointer, Code code, Names what, String given, Nearest.Candidates candidates) {
    Optional<String> nearest = Nearest.to(given, candidates);
    String shown = Shown.of(given);
    add(
        pointer,
        code,
        nearest,
        "没有%s“%s”；%s"
            .formatted(
                what.zh(),
                shown,
                nearest.map(one -> "是不是“%s”？".formatted(one)).orElse("")
                    + listed(what.choose().zh(), candidates)),
        "there is no %s '%s'; %s"
            .formatted(
                what.en(),
                shown,
                nearest.map("did you mean '%s'? "::formatted).orElse("")
                    + listed(what.choose().en(), candidates)));
  }

  private static String listed(String choose, Nearest.Candidates candidates) {
    return choose.contains("%s") ? choose.formatted(candidates.shortList()) : choose;
  }

  /**
   * What a thing is called.
   *
   * @param choose the advice; {@code %s} stands for some valid names
   */
  record Names(String zh, String en, Labels choose) {
    static Names of(String zh, String en) {
      return new Names(zh, en, new Labels("可用：%s。", "use one of %s."));
    }
  }

  boolean any() {
    return !found.isEmpty();
  }

  int count() {
    return found.size();
  }

  boolean full() {
    return found.size() == MOST;
  }

  /** What follows is wrong within a saved segment; it is told where that is referred to. */
  void enter(String key, String at) {
    if (entered.isEmpty()) {
      referredAt = at;
    }
    entered.push(key);
  }

  void leave() {
    entered.pop();
  }

  SegmentException refusal() {
    return new SegmentException(found);
  }

  void throwIfAny() {
    if (any()) {
      throw refusal();
    }
  }

  /**
   * Has what is wrong in one of several segments told where that one is, instead of {@code /where}.
   */
  static <T> T told(String at, Supplier<T> one) {
    try {
      return one.get();
    } catch (SegmentException refused) {
      throw new SegmentException(
          refused.problems().stream()
              .map(
                  problem ->
                      new SegmentProblem(
                          problem.pointer().startsWith("/where")
                              ? at + problem.pointer().substring("/where".length())
                              : problem.pointer(),
                          problem.code(),
                          problem.zh(),
                          problem.en(),
                          problem.nearest()))
              .toList());
    }
  }

  /** One problem that stands for itself. */
  static SegmentException one(String pointer, Code code, String zh, String en) {
    return new SegmentException(
        List.of(new SegmentProblem(pointer, code, zh, en, Optional.empty())));
  }
}
