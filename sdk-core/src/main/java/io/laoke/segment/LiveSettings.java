package io.laoke.segment;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether an engine keeps dealers' members in memory for live counts.
 *
 * @param on whether it does
 * @param mostMebibytes what all indexes of this engine may take together, 1 to 65,536. A million
 *     members with ten million lines take some 130; the dealer that was asked least recently goes
 *     first
 * @param poll how often a started engine takes changes in; each count does so, too; from 100 ms to
 *     an hour
 * @param dealers of which dealers; empty for all that are asked
 */
public record LiveSettings(boolean on, int mostMebibytes, Duration poll, Set<String> dealers) {
  private static final Duration SHORTEST_POLL = Duration.ofMillis(100);
  private static final Duration LONGEST_POLL = Duration.ofHours(1);
  private static final int STANDARD_MEBIBYTES = 256;

  /** Checks and copies. */
  public LiveSettings {
    range("liveCounts.mostMebibytes", mostMebibytes, 1, 65_536);
    if (notNull("liveCounts.poll", poll).compareTo(SHORTEST_POLL) < 0
        || poll.compareTo(LONGEST_POLL) > 0) {
      throw new InvalidInputException(
          "liveCounts.poll", "must be from 100 ms to an hour, was " + poll);
    }
    Set<String> checked = new HashSet<>();
    for (String code : notNull("liveCounts.dealers", dealers)) {
      checked.add(text("liveCounts.dealers", code, 64));
    }
    dealers = Set.copyOf(checked);
  }

  /** No indexes: the default. */
  public static LiveSettings off() {
    return new LiveSettings(false, STANDARD_MEBIBYTES, Duration.ofSeconds(1), Set.of());
  }

  /** Indexes of all dealers that are asked, 256 MiB for all of them, a look each second. */
  public static LiveSettings standard() {
    return new LiveSettings(true, STANDARD_MEBIBYTES, Duration.ofSeconds(1), Set.of());
  }

  /** Taking at most that much memory. */
  public LiveSettings mostMebibytes(int mostMebibytes) {
    return new LiveSettings(on, mostMebibytes, poll, dealers);
  }

  /** Looking that often. */
  public LiveSettings poll(Duration poll) {
    return new LiveSettings(on, mostMebibytes, poll, dealers);
  }

  /** Of these dealers only. */
  public LiveSettings dealers(String... codes) {
    Set<String> named = new HashSet<>(Arrays.asList(notNull("liveCounts.dealers", codes)));
    return new LiveSettings(on, mostMebibytes, poll, named);
  }
}
