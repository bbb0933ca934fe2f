package io.laoke.segment;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The valid name that somebody probably meant. */
final class Nearest {
  private static final int LONGEST = 60;
  private static final int MOST_COMPARED = 5_000;
  private static final int LISTED = 12;

  private Nearest() {}

  /**
   * What may be meant.
   *
   * @param names each with what else people call it
   */
  record Candidates(Map<String, Labels> names) {
    static Candidates of(Collection<String> names) {
      Map<String, Labels> all = new LinkedHashMap<>();
      names.forEach(name -> all.put(name, new Labels(name, name)));
      return new Candidates(all);
    }

    static Candidates fields(Map<String, FieldDef> fields) {
      Map<String, Labels> all = new LinkedHashMap<>();
      fields.forEach((name, field) -> all.put(name, field.labels()));
      return new Candidates(all);
    }

    /** Some of them, as a sentence has room. */
    String shortList() {
      return names.keySet().stream().limit(LISTED).collect(Collectors.joining(", "))
          + (names.size() > LISTED ? ", …" : "");
    }
  }

  static Optional<String> to(String given, Candidates candidates) {
    String wanted = folded(given);
    if (wanted.isEmpty() || wanted.length() > LONGEST) {
      return Optional.empty();
    }
    String best = null;
    int least = Math.max(1, wanted.length() / 3) + 1;
    int compared = 0;
    for (Map.Entry<String, Labels> candidate : candidates.names().entrySet()) {
      if (++compared > MOST_COMPARED) {
        break;
      }
      int distance = distance(wanted, candidate.getKey(), candidate.getValue(), least);
      if (distance < least) {
        least = distance;
        best = candidate.getKey();
      }
    }
    return Optional.ofNullable(best);
  }

  private static int distance(String wanted, String name, Labels labels, int limit) {
    String folded = folded(name);
    if (folded.equals(wanted)
        || folded(labels.zh()).equals(wanted)
        || folded(labels.en()).equals(wanted)) {
      return 0;
    }
    int whole = edits(wanted, folded, limit);
    int lastLevel = Math.max(folded.lastIndexOf('/'), folded.lastIndexOf('.'));
    return lastLevel < 0
        ? whole
        : Math.min(whole, edits(wanted, folded.substring(lastLevel + 1), limit));
  }

  private static String folded(String text) {
    return text.strip().toLowerCase(Locale.ROOT);
  }

  /** Insertions, deletions, substitutions and swaps of neighbours; the limit if there are more. */
  static int edits(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        row[j] = Math.min(Math.min(row[j - 1], last[j]) + 1, last[j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return Math.min(limit, last[b.length()]);
  }
}
