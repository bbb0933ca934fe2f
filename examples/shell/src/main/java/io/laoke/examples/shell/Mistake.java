package io.laoke.examples.shell;

import io.laoke.segment.SegmentException;
import io.laoke.segment.SegmentProblem;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is wrong with a question.
 *
 * @param option that it stands in; empty: in the segment
 * @param pointer where in its JSON
 */
record Mistake(String option, String pointer, SegmentProblem problem) {
  /** A question that cannot be answered. */
  static final class MistakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Mistake> mistakes;

    MistakenException(List<Mistake> mistakes) {
      super("The question cannot be answered.");
      this.mistakes = List.copyOf(mistakes);
    }

    List<Mistake> mistakes() {
      return mistakes;
    }
  }

  static List<Mistake> of(SegmentException refused) {
    return refused.problems().stream().map(one -> new Mistake("", one.pointer(), one)).toList();
  }

  /**
   * The same of parts that options name.
   *
   * @param options the options by what pointers into them begin with
   */
  static MistakenException in(Map<String, String> options, SegmentException refused) {
    return new MistakenException(
        refused.problems().stream().map(one -> located(options, one)).toList());
  }

  private static Mistake located(Map<String, String> options, SegmentProblem problem) {
    String pointer = problem.pointer();
    for (Map.Entry<String, String> option : options.entrySet()) {
      String begin = option.getKey();
      if (pointer.equals(begin) || pointer.startsWith(begin + "/")) {
        return new Mistake(option.getValue(), pointer.substring(begin.length()), problem);
      }
    }
    return new Mistake("", pointer, problem);
  }

  String text(Language language) {
    String place = option + (option.isEmpty() || pointer.isEmpty() ? "" : " ") + pointer;
    String sentence = language.of(problem.zh(), problem.en());
    return place.isEmpty() ? sentence : place + language.of("：", ": ") + sentence;
  }

  Map<String, Object> json() {
    Map<String, Object> all = new LinkedHashMap<>();
    if (!option.isEmpty()) {
      all.put("option", option);
    }
    all.put("pointer", pointer);
    all.put("code", problem.code().name());
    all.put("zh", problem.zh());
    all.put("en", problem.en());
    problem.nearest().ifPresent(nearest -> all.put("nearest", nearest));
    return all;
  }
}
