package io.laoke;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import io.laoke.internal.tenant.Retained;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How long records are kept that delivery needs no more. Ages count by machine time from when a
 * record was made. What waits, is under way or waits for a person is never removed. Orders, what
 * members bought, members and consents have no age.
 *
 * @param callbacks facts from outside; default 30 days, at least 1: WeChat repeats within seconds
 * @param bodies the words of messages that have ended; default 90 days, at least 7. A message
 *     without them cannot be retried
 * @param decisions messages that have ended, with what was decided about them; default 730 days, at
 *     least 30
 * @param reports what platforms reported about messages; default 90 days, at least 7
 * @param audit who changed a binding and why; default for ever, at least 30 days
 * @param refusals what imports of history refused, from the start of the import; default 365 days,
 *     at least 30. What a run that has not ended refused stays
 * @param tries counters of wrong claims, from the first of them; default 30 days, at least 7
 */
public record RetentionSettings(
    Optional<Duration> callbacks,
    Optional<Duration> bodies,
    Optional<Duration> decisions,
    Optional<Duration> reports,
    Optional<Duration> audit,
    Optional<Duration> refusals,
    Optional<Duration> tries) {
  private static final Duration MOST = Duration.ofDays(36_600);

  /** Checks. */
  public RetentionSettings {
    least("callbacks", callbacks, 1);
    least("bodies", bodies, 7);
    least("decisions", decisions, 30);
    least("reports", reports, 7);
    least("audit", audit, 30);
    least("refusals", refusals, 30);
    least("tries", tries, 7);
  }

  private static void least(String field, Optional<Duration> age, int days) {
    notNull(field, age)
        .filter(given -> given.compareTo(Duration.ofDays(days)) < 0)
        .ifPresent(
            given -> {
              throw new InvalidInputException(
                  field, "must be at least %d days, was %s".formatted(days, given));
            });
    age.filter(given -> given.compareTo(MOST) > 0)
        .ifPresent(
            given -> {
              throw new InvalidInputException(
                  field,
                  "must be at most %d days, was %s; leave it empty to keep them for ever"
                      .formatted(MOST.toDays(), given));
            });
  }

  /** The defaults. */
  public static RetentionSettings standard() {
    return off()
        .withCallbacks(Duration.ofDays(30))
        .withBodies(Duration.ofDays(90))
        .withDecisions(Duration.ofDays(730))
        .withReports(Duration.ofDays(90))
        .withRefusals(Duration.ofDays(365))
        .withTries(Duration.ofDays(30));
  }

  /** Everything is kept for ever. */
  public static RetentionSettings off() {
    return of(new EnumMap<>(Retained.class));
  }

  private static RetentionSettings of(Map<Retained, Duration> ages) {
    return new RetentionSettings(
        Optional.ofNullable(ages.get(Retained.CALLBACKS)),
        Optional.ofNullable(ages.get(Retained.BODIES)),
        Optional.ofNullable(ages.get(Retained.DECISIONS)),
        Optional.ofNullable(ages.get(Retained.REPORTS)),
        Optional.ofNullable(ages.get(Retained.AUDIT)),
        Optional.ofNullable(ages.get(Retained.REFUSALS)),
        Optional.ofNullable(ages.get(Retained.TRIES)));
  }

  private RetentionSettings with(Retained kind, Duration age) {
    Map<Retained, Duration> ages = ages();
    ages.put(kind, notNull("age", age));
    return of(ages);
  }

  /** With another age of facts from outside. */
  public RetentionSettings withCallbacks(Duration age) {
    return with(Retained.CALLBACKS, age);
  }

  /** With another age of the words of messages. */
  public RetentionSettings withBodies(Duration age) {
    return with(Retained.BODIES, age);
  }

  /** With another age of messages and decisions. */
  public RetentionSettings withDecisions(Duration age) {
    return with(Retained.DECISIONS, age);
  }

  /** With another age of reports. */
  public RetentionSettings withReports(Duration age) {
    return with(Retained.REPORTS, age);
  }

  /** With an age of the history of bindings. */
  public RetentionSettings withAudit(Duration age) {
    return with(Retained.AUDIT, age);
  }

  /** With another age of what imports refused. */
  public RetentionSettings withRefusals(Duration age) {
    return with(Retained.REFUSALS, age);
  }

  /** With another age of counters of wrong claims. */
  public RetentionSettings withTries(Duration age) {
    return with(Retained.TRIES, age);
  }

  Map<Retained, Duration> ages() {
    Map<Retained, Duration> ages = new EnumMap<>(Retained.class);
    callbacks.ifPresent(age -> ages.put(Retained.CALLBACKS, age));
    bodies.ifPresent(age -> ages.put(Retained.BODIES, age));
    decisions.ifPresent(age -> ages.put(Retained.DECISIONS, age));
    reports.ifPresent(age -> ages.put(Retained.REPORTS, age));
    audit.ifPresent(age -> ages.put(Retained.AUDIT, age));
    refusals.ifPresent(age -> ages.put(Retained.REFUSALS, age));
    tries.ifPresent(age -> ages.put(Retained.TRIES, age));
    return ages;
  }

  /** As it is kept; equal for settings that mean the same. */
  String stored() {
    StringBuilder stored = new StringBuilder();
    ages().forEach((kind, age) -> stored.append(kind).append('=').append(age).append(' '));
    return stored.toString().strip();
  }

  static RetentionSettings restored(String stored) {
    Map<Retained, Duration> ages = new EnumMap<>(Retained.class);
    for (String part : stored.split(" ", -1)) {
      if (!part.isEmpty()) {
        String[] kindAndAge = part.split("=", 2);
        // What only a newer version keeps is that one's to remove.
        for (Retained kind : Retained.values()) {
          if (kind.name().equals(kindAndAge[0])) {
            ages.put(kind, Duration.parse(kindAndAge.length == 2 ? kindAndAge[1] : ""));
          }
        }
      }
    }
    return of(ages);
  }
}
