package io.laoke.examples.shell;

import io.laoke.imports.ImportFact.Kind;
import io.laoke.imports.ImportReport;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What an import did, or a dry run would do, as text and as JSON. */
final class Summary {
  private static final int ERRORS = 20;

  private final Map<String, Object> head = new LinkedHashMap<>();
  private final Map<String, Long> counts = new LinkedHashMap<>();
  private final Map<String, BigDecimal> net = new LinkedHashMap<>();
  private final Map<String, Map<String, Long>> outcomes = new LinkedHashMap<>();
  private final Map<String, Long> refusedBy = new LinkedHashMap<>();
  private final List<Problem> errors = new ArrayList<>();
  private final List<Warnings.Warning> warnings;
  private final Map<String, Long> rows;
  private final Map<String, String> attributes;
  private final long refused;

  private Summary(History history, Warnings warnings, long refused) {
    this.rows = history.rows();
    this.attributes = history.attributes();
    this.warnings = warnings.all();
    this.refused = refused;
  }

  /** Of an import. */
  static Summary of(
      ImportReport report,
      History history,
      Warnings warnings,
      Consents consents,
      List<Problem> more) {
    Summary summary = new Summary(history, warnings, report.refused() + more.size());
    for (Kind kind : Kind.values()) {
      ImportReport.Counts of = report.of(kind);
      Map<String, Long> outcome = new LinkedHashMap<>();
      outcome.put("new", of.taken());
      outcome.put("changed", of.changed());
      outcome.put("unchanged", of.unchanged());
      outcome.put("refused", of.refused());
      summary.outcomes.put(name(kind), outcome);
    }
    summary.counts(
        report.of(Kind.MEMBER).accepted(),
        report.of(Kind.ORDER).accepted(),
        report.lines(),
        report.of(Kind.STAGE).accepted(),
        report.of(Kind.RETURN).accepted(),
        report.returnLines());
    summary.services(report.of(Kind.SERVICE).accepted());
    summary.guests(
        report.guestOrders(),
        report.guestLines(),
        report.guestReturns(),
        report.guestReturnLines(),
        report.roundedLines());
    long unchanged =
        report.facts().values().stream().mapToLong(ImportReport.Counts::unchanged).sum();
    summary.counts.put("refused", summary.refused);
    summary.counts.put("unchanged", unchanged);
    summary.counts.put("consents", consents.recorded() + consents.unchanged());
    summary.net(report.saleFen(), report.returnFen());
    summary.refusedBy.putAll(report.refusedBy());
    Map<Long, Problem> read = new LinkedHashMap<>();
    history.tally().first().forEach(one -> read.put(one.fact(), one.problem()));
    report
        .firstRefused()
        .forEach(one -> summary.error(read.getOrDefault(one.position(), Problem.of(one))));
    more.forEach(summary::error);
    return summary;
  }

  /** Of a dry run. */
  static Summary dry(History history, Warnings warnings) {
    Tally tally = history.tally();
    long refused = 0;
    for (Kind kind : Kind.values()) {
      refused += tally.refused(kind);
    }
    Summary summary = new Summary(history, warnings, refused);
    for (Kind kind : Kind.values()) {
      summary.outcomes.put(name(kind), Map.of("refused", tally.refused(kind)));
    }
    summary.counts(
        tally.taken(Kind.MEMBER),
        tally.taken(Kind.ORDER),
        tally.lines(),
        tally.taken(Kind.STAGE),
        tally.taken(Kind.RETURN),
        tally.returnLines());
    summary.services(tally.taken(Kind.SERVICE));
    summary.guests(
        tally.guestOrders(),
        tally.guestLines(),
        tally.guestReturns(),
        tally.guestReturnLines(),
        tally.roundedLines());
    summary.counts.put("refused", refused);
    summary.net(tally.saleFen(), tally.returnFen());
    tally.first().forEach(one -> summary.error(one.problem()));
    return summary;
  }

  private static String name(Kind kind) {
    return switch (kind) {
      case MEMBER -> "members";
      case ORDER -> "orders";
      case LINE -> "lines";
      case STAGE -> "stages";
      case RETURN -> "returns";
      case SERVICE -> "services";
    };
  }

  private void counts(
      long members, long orders, long lines, long stages, long returns, long returnLines) {
    counts.put("members", members);
    counts.put("orders", orders);
    counts.put("lines", lines);
    counts.put("stages", stages);
    counts.put("returns", returns);
    counts.put("returnLines", returnLines);
  }

  /** Where there is a file of them. */
  private void services(long services) {
    if (rows.containsKey(Folder.SERVICES)) {
      counts.put("services", services);
    }
  }

  private void guests(long orders, long lines, long returns, long returnLines, long roundedLines) {
    counts.put("guestOrders", orders);
    counts.put("guestLines", lines);
    counts.put("guestReturns", returns);
    counts.put("guestReturnLines", returnLines);
    counts.put("roundedLines", roundedLines);
  }

  private void net(BigInteger saleFen, BigInteger returnFen) {
    net.put("SALE", new BigDecimal(saleFen, 2));
    net.put("RETURN", new BigDecimal(returnFen, 2).negate());
  }

  private void error(Problem problem) {
    if (errors.size() < ERRORS) {
      errors.add(problem);
    }
  }

  /** Says something before all else. */
  Summary with(String name, Object value) {
    head.put(name, value);
    return this;
  }

  long refused() {
    return refused;
  }

  void json(PrintWriter out) {
    Map<String, Object> all = new LinkedHashMap<>(head);
    all.putAll(counts);
    all.put("net", net);
    all.put("rows", rows);
    all.put("attributes", attributes);
    all.put("outcomes", outcomes);
    all.put("refusedBy", refusedBy);
    all.put("errors", errors);
    all.put("warnings", warnings);
    out.println(Json.pretty(all));
    out.flush();
  }

  void text(PrintWriter out, String title) {
    out.println(title);
    head.forEach((name, value) -> out.printf("  %-18s %s%n", name, value));
    counts.forEach((name, value) -> out.printf("  %-18s %,14d%s%n", words(name), value, how(name)));
    net.forEach((type, yuan) -> out.printf("  %-18s %,14.2f%n", "net " + type, yuan));
    attributes.forEach((name, type) -> out.printf("  attribute %s: %s%n", name, type));
    if (!errors.isEmpty()) {
      out.printf(
          "%s%n",
          errors.size() < refused
              ? "The first %d of %,d refused:".formatted(errors.size(), refused)
              : "Refused:");
      errors.forEach(error -> out.println("  " + error));
    }
    if (!warnings.isEmpty()) {
      out.println("Worth a look:");
      warnings.forEach(
          warning ->
              out.printf(
                  "  %,d × %s (first: %s)%n", warning.count(), warning.text(), warning.first()));
    }
    out.flush();
  }

  private String how(String name) {
    Map<String, Long> outcome = outcomes.get(name);
    if (outcome == null || !outcome.containsKey("new")) {
      return "";
    }
    List<String> parts = new ArrayList<>();
    outcome.forEach(
        (what, count) -> {
          if (count > 0) {
            parts.add("%,d %s".formatted(count, what));
          }
        });
    return parts.isEmpty() ? "" : "   " + String.join(", ", parts);
  }

  /** As people write it: guestLines is guest lines. */
  private static String words(String name) {
    return name.replaceAll("([A-Z])", " $1").toLowerCase(Locale.ROOT);
  }
}
