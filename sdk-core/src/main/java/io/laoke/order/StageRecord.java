package io.laoke.order;

import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;

/**
 * A stage as it is recorded.
 *
 * @param id Laoke's own number of the record
 * @param stage which stage
 * @param at when it was reached, if known
 * @param document the ERP's document number, or empty text
 * @param text the ERP's own words
 * @param scope lines with their units; empty for the whole order
 * @param details carrier, technician, slot and others
 * @param revision 1, and one more each time something that the customer sees changed
 * @param recordedAt business time of the recording
 */
public record StageRecord(
    long id,
    Stage stage,
    Optional<Instant> at,
    String document,
    Optional<String> text,
    Map<String, SortedSet<Integer>> scope,
    Map<String, String> details,
    int revision,
    Instant recordedAt) {
  /** Copies. */
  public StageRecord {
    scope = Collections.unmodifiableMap(new TreeMap<>(scope));
    details = Collections.unmodifiableMap(new TreeMap<>(details));
  }
}
