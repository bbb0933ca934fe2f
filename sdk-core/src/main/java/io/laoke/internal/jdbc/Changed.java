package io.laoke.internal.jdbc;

import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The members whose file a transaction changes, for table {@code member_change}: rows of some
 * hundred ids each, so that one order costs one short row and a batch of them few.
 */
final class Changed {
  private static final String INSERT =
      "INSERT INTO {member_change} (dealer_id, members, changed_ms) VALUES (:dealer, :members, %s)";

  /** With ids of 19 digits, their commas included, a row takes 4,000 characters. */
  private static final int MOST_IN_ROW = 200;

  private final SortedMap<Integer, Set<Long>> members = new TreeMap<>();
  private boolean written;

  void member(int dealer, long member) {
    members.computeIfAbsent(dealer, none -> new TreeSet<>()).add(member);
  }

  /** Writes what was not written before; whether there was anything, then or now. */
  boolean write(Tx tx) {
    if (!members.isEmpty()) {
      String sql = INSERT.formatted(tx.dialect().machineMillis());
      members.forEach((dealer, ids) -> add(tx, sql, dealer, ids));
      members.clear();
      written = true;
    }
    return written;
  }

  private static void add(Tx tx, String sql, int dealer, Set<Long> ids) {
    StringBuilder text = new StringBuilder();
    int some = 0;
    for (long id : ids) {
      text.append(some == 0 ? "" : ",").append(id);
      if (++some == MOST_IN_ROW) {
        tx.writeLater(sql, Map.of("dealer", dealer, "members", text.toString()));
        text.setLength(0);
        some = 0;
      }
    }
    if (some > 0) {
      tx.writeLater(sql, Map.of("dealer", dealer, "members", text.toString()));
    }
  }
}
