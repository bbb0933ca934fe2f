package io.laoke.examples.benchmarks.crash;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A run: one plan of two rules, sent in batches, whose worker is killed at chosen moments.
 *
 * @param followers to how many it goes
 * @param batch how many one batch holds at most
 * @param kills where it is killed, and after how long of WeChat's time the next worker starts
 */
public record PlanCrash(int followers, int batch, List<Kill> kills) {
  /** Where a worker is killed. */
  public enum Moment {
    /** WeChat has the call for the draft, but has not made it. */
    BEFORE_DRAFT,
    /** WeChat has made the draft, but has not answered. */
    AFTER_DRAFT,
    /** The batch is committed, and WeChat has the call, but has not taken it. */
    BEFORE_SEND,
    /** WeChat has taken it, but has not answered. */
    AFTER_SEND,
    /** WeChat has answered, and the worker is about to write that down. */
    BEFORE_RECORDING,
    /** That is written down, but not what it means for the batch. */
    AFTER_RECORDING
  }

  /**
   * A kill.
   *
   * @param moment where
   * @param away for how long of WeChat's time nobody works afterwards
   */
  public record Kill(Moment moment, Duration away) {}

  private static final List<Duration> AWAY =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(70));

  /** Copies. */
  public PlanCrash {
    kills = List.copyOf(kills);
  }

  /** Each of the six batches is killed at every moment, each moment twice with each time away. */
  public static PlanCrash whole(int followers, long seed) {
    return new PlanCrash(followers, followers * 18 / 100, kills(6, 1, new Random(seed)));
  }

  /** 60 followers, and a kill at each moment, for every build. */
  public static PlanCrash brief(long seed) {
    return new PlanCrash(60, 15, kills(2, 2, new Random(seed)));
  }

  /** The moments of a batch come in their order; of each so many are left out for the others. */
  private static List<Kill> kills(int batches, int share, Random random) {
    List<Kill> kills = new ArrayList<>();
    List<List<Duration>> away = new ArrayList<>();
    for (int moment = 0; moment < Moment.values().length; moment++) {
      List<Duration> times = new ArrayList<>();
      while (times.size() < batches) {
        times.addAll(AWAY);
      }
      Collections.shuffle(times, random);
      away.add(times);
    }
    for (int batch = 0; batch < batches; batch++) {
      for (int moment = batch % share; moment < away.size(); moment += share) {
        kills.add(new Kill(Moment.values()[moment], away.get(moment).get(batch)));
      }
    }
    return kills;
  }
}
