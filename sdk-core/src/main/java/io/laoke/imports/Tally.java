package io.laoke.imports;

import io.laoke.base.Upserted;
import io.laoke.imports.ImportFact.Kind;
import java.math.BigInteger;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The counts of a run, as they are kept with its position. Used by one thread. */
final class Tally {
  private static final int REASONS = 100;
  private static final String OTHER = "other";

  private final Map<String, BigInteger> counts;

  Tally() {
    this(Map.of());
  }

  private Tally(Map<String, BigInteger> counts) {
    this.counts = new TreeMap<>(counts);
  }

  /** The same counts as they are stored, in text since sums may be beyond what JSON holds. */
  record Stored(Map<String, String> counts) {}

  static Tally of(Stored stored) {
    Map<String, BigInteger> counts = new TreeMap<>();
    stored.counts().forEach((name, count) -> counts.put(name, new BigInteger(count)));
    return new Tally(counts);
  }

  Stored stored() {
    Map<String, String> stored = new TreeMap<>();
    counts.forEach((name, count) -> stored.put(name, count.toString()));
    return new Stored(stored);
  }

  Tally copy() {
    return new Tally(counts);
  }

  void add(String name, BigInteger more) {
    if (more.signum() != 0) {
      counts.merge(name, more, BigInteger::add);
    }
  }

  void add(String name, long more) {
    add(name, BigInteger.valueOf(more));
  }

  void outcome(Kind kind, Upserted outcome) {
    add(kind + "." + outcome, 1);
  }

  void refused(Kind kind, String field) {
    add(kind + ".REFUSED", 1);
    String reason = "by." + kind + " " + field.replaceAll("\\[[^]]*]", "[]");
    long known = counts.keySet().stream().filter(name -> name.startsWith("by.")).count();
    add(counts.containsKey(reason) || known < REASONS ? reason : "by." + OTHER, 1);
  }

  long get(String name) {
    return counts.getOrDefault(name, BigInteger.ZERO).longValueExact();
  }

  ImportReport report(
      String name,
      ImportReport.State state,
      long position,
      int starts,
      Instant startedAt,
      Instant changedAt,
      List<Refusal> first) {
    Map<Kind, ImportReport.Counts> facts = new EnumMap<>(Kind.class);
    for (Kind kind : Kind.values()) {
      facts.put(
          kind,
          new ImportReport.Counts(
              get(kind + "." + Upserted.CREATED),
              get(kind + "." + Upserted.CHANGED),
              get(kind + "." + Upserted.UNCHANGED),
              get(kind + ".REFUSED")));
    }
    Map<String, Long> refusedBy = new TreeMap<>();
    counts.forEach(
        (count, value) -> {
          if (count.startsWith("by.")) {
            refusedBy.put(count.substring(3), value.longValueExact());
          }
        });
    return new ImportReport(
        name,
        state,
        position,
        starts,
        startedAt,
        changedAt,
        facts,
        get("lines"),
        get("guestOrders"),
        get("guestLines"),
        get("returnLines"),
        get("guestReturns"),
        get("guestReturnLines"),
        get("roundedLines"),
        counts.getOrDefault("saleFen", BigInteger.ZERO),
        counts.getOrDefault("returnFen", BigInteger.ZERO),
        refusedBy,
        first);
  }
}
