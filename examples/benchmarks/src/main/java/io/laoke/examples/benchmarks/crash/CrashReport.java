package io.laoke.examples.benchmarks.crash;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run came to. WeChat's own record of what it accepted is the judge.
 *
 * @param notices how many were to be told
 * @param accepted how many WeChat accepted
 * @param repeats how many calls more WeChat recognised by their id and dropped
 * @param kills process numbers of the workers that were killed
 * @param faults how often each fault struck
 * @param resumed how many pauses a person ended
 * @param unknown how many messages wait for a person because nobody knows whether they arrived
 * @param wrong what is not as it should be, in words; empty when all is well
 * @param seconds how long it took from the first report to the last outcome
 */
public record CrashReport(
    int notices,
    int accepted,
    int repeats,
    List<Long> kills,
    Map<String, Integer> faults,
    int resumed,
    int unknown,
    List<String> wrong,
    double seconds) {

  /** In lines. */
  public String text() {
    return String.format(
        Locale.ROOT,
        """
        notices %d, accepted by WeChat %d, repeats dropped by WeChat %d, UNKNOWN %d
        workers killed %d, pauses ended by a person %d, %.1f s
        faults struck %s
        %s\
        """,
        notices,
        accepted,
        repeats,
        unknown,
        kills.size(),
        resumed,
        seconds,
        faults,
        wrong.isEmpty()
            ? "every notice once and in order; decisions agree with WeChat's record"
            : "WRONG\n" + String.join("\n", wrong));
  }
}
