package io.laoke.imports;

import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * What a run of an import has done so far, over all its restarts. Facts count as often as they
 * stand in the stream.
 *
 * @param name the run's
 * @param state whether all facts were read
 * @param position facts behind it; a restart goes on with the next
 * @param starts 1, and one more for each restart
 * @param startedAt business time of the first start
 * @param changedAt business time of the last batch
 * @param facts what became of the facts, by kind; stages that came with their order are counted
 *     under STAGE
 * @param lines lines of orders that were not refused
 * @param guestOrders orders that belong to no member
 * @param guestLines their lines
 * @param returnLines lines of returns that were not refused
 * @param guestReturns returns that count for no member
 * @param guestReturnLines their lines
 * @param roundedLines lines of both whose amount came in parts of a fen
 * @param saleFen net amount of those orders' lines, in fen
 * @param returnFen the same of returns
 * @param refusedBy how many were refused by kind and field, such as {@code ORDER lines[].quantity};
 *     beyond 100 different ones the rest is under {@code other}
 * @param firstRefused the first 20 refusals; all are in {@link Imports#refusals}
 */
public record ImportReport(
    String name,
    State state,
    long position,
    int starts,
    Instant startedAt,
    Instant changedAt,
    Map<ImportFact.Kind, Counts> facts,
    long lines,
    long guestOrders,
    long guestLines,
    long returnLines,
    long guestReturns,
    long guestReturnLines,
    long roundedLines,
    BigInteger saleFen,
    BigInteger returnFen,
    Map<String, Long> refusedBy,
    List<Refusal> firstRefused) {

  /** Whether a run has ended. */
  public enum State {
    /** Not yet: it is under way, or its process was killed and it waits to be started again. */
    RUNNING,
    /** All facts were read. */
    DONE
  }

  /**
   * What became of facts of one kind.
   *
   * @param taken new, and recorded
   * @param changed recorded over other content
   * @param unchanged known with the same content, so that no row was written
   * @param refused refused
   */
  public record Counts(long taken, long changed, long unchanged, long refused) {
    /** None. */
    public static final Counts NONE = new Counts(0, 0, 0, 0);

    /** All but the refused. */
    public long accepted() {
      return taken + changed + unchanged;
    }
  }

  /** Copies. */
  public ImportReport {
    facts = Map.copyOf(facts);
    refusedBy = Map.copyOf(refusedBy);
    firstRefused = List.copyOf(firstRefused);
  }

  /** What became of facts of that kind. */
  public Counts of(ImportFact.Kind kind) {
    return facts.getOrDefault(kind, Counts.NONE);
  }

  /** How many facts and parts of facts were refused. */
  public long refused() {
    return facts.values().stream().mapToLong(Counts::refused).sum();
  }

  /** Whether this changed nothing but refused facts. */
  public boolean unchanged() {
    return facts.values().stream().allMatch(counts -> counts.taken() + counts.changed() == 0);
  }
}
