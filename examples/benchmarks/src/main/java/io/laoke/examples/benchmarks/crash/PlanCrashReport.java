package io.laoke.examples.benchmarks.crash;

import java.util.List;
import java.util.Locale;

/**
 * What a run came to. WeChat's own record of who got what is the judge.
 *
 * @param followers to how many the plan went
 * @param batches how each batch ended, in words
 * @param got how many followers got a message
 * @param unknown how many are in batches of unknown outcome
 * @param kills process numbers of the workers that were killed
 * @param repeats how many calls more WeChat recognised by their id and dropped
 * @param drafts how many drafts nobody will send are left at WeChat
 * @param wrong what is not as it should be, in words; empty when all is well
 * @param seconds how long it took from the plan's start to its end
 */
public record PlanCrashReport(
    int followers,
    List<String> batches,
    int got,
    int unknown,
    List<Long> kills,
    long repeats,
    int drafts,
    List<String> wrong,
    double seconds) {

  /** In lines. */
  public String text() {
    return String.format(
        Locale.ROOT,
        """
        followers %d, got a message %d, in batches of unknown outcome %d
        batches %s
        workers killed %d, repeats dropped by WeChat %d, drafts left at WeChat %d, %.1f s
        %s\
        """,
        followers,
        got,
        unknown,
        batches,
        kills.size(),
        repeats,
        drafts,
        seconds,
        wrong.isEmpty()
            ? "nobody got two; the ledger agrees with WeChat's record"
            : "WRONG\n" + String.join("\n", wrong));
  }
}
