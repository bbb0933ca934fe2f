package io.laoke.segment;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;

/**
 * How many members are in which of several segments.
 *
 * @param members the number of those that are in exactly these segments, counted from 0 as they
 *     were given; combinations that nobody is in are left out, the empty one is who is in none
 */
public record Overlap(Map<Set<Integer>, Long> members) {
  /** Copies. */
  public Overlap {
    members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
  }

  /** Members of that segment. */
  public long in(int segment) {
    return members.entrySet().stream()
        .filter(entry -> entry.getKey().contains(segment))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Members of all of these segments, and perhaps of others. */
  public long inAll(SortedSet<Integer> segments) {
    return members.entrySet().stream()
        .filter(entry -> entry.getKey().containsAll(segments))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }

  /** Who gets which content if each member gets that of the first segment that they are in. */
  public long first(int segment) {
    return members.entrySet().stream()
        .filter(
            entry ->
                entry.getKey().contains(segment)
                    && entry.getKey().stream().noneMatch(earlier -> earlier < segment))
        .mapToLong(Map.Entry::getValue)
        .sum();
  }
}
