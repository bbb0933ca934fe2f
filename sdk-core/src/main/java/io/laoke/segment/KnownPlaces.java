package io.laoke.segment;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The categories at and below paths, read before a statement that names them one by one. The answer
 * holds if they are the same after it: then a line whose category nobody knew was not there either.
 */
final class KnownPlaces {
  /** More than these are not named one by one. */
  private static final int MOST = 200;

  private final Tx tx;
  private final Tenant tenant;
  private final Map<String, List<String>> read = new TreeMap<>();

  KnownPlaces(Tx tx, Tenant tenant) {
    this.tx = tx;
    this.tenant = tenant;
  }

  /** Those at and below a path; empty if they are too many. */
  Optional<List<String>> below(String path) {
    List<String> known = read.computeIfAbsent(path, this::now);
    return Optional.of(known).filter(some -> some.size() <= MOST);
  }

  /** Whether they are what they were. */
  boolean stillSo() {
    return read.entrySet().stream().allMatch(one -> one.getValue().equals(now(one.getKey())));
  }

  /** '0' follows '/': what is below a path begins with it and a slash. */
  private List<String> now(String path) {
    TreeSet<String> known = new TreeSet<>();
    known.add(path);
    tx.query(
            """
            SELECT g.path FROM {category} g WHERE g.dealer_id = :dealer AND g.path >= :from
              AND g.path < :to
            UNION SELECT g.code FROM {category_code} g WHERE g.dealer_id = :dealer
              AND g.code >= :from AND g.code < :to""")
        .bind("dealer", tenant.id())
        .bind("from", path + "/")
        .bind("to", path + "0")
        .mapTo(String.class)
        .forEach(known::add);
    return List.copyOf(known);
  }
}
