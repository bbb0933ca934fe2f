package io.laoke.reminder;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is known of a unit, in days of the dealer's zone, that decides about its next service.
 * Immutable; each method gives a changed copy.
 *
 * @param delivered when it was delivered
 * @param installed when it was installed, the last time if there are several
 * @param completed when its order was completed
 * @param serviced when it got its last service of whatever kind
 * @param done when it got its last service of the kind that is asked about
 * @param closed how many dates of this kind are over, whether a service followed or not
 * @param skipped the latest date that is over without a service since {@code done}, or since ever;
 *     the next one is after it
 */
public record UnitDays(
    Optional<LocalDate> delivered,
    Optional<LocalDate> installed,
    Optional<LocalDate> completed,
    Optional<LocalDate> serviced,
    Optional<LocalDate> done,
    int closed,
    Optional<LocalDate> skipped) {
  private static final UnitDays UNKNOWN =
      new UnitDays(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          Optional.empty());

  /** Refuses a skipped date where none is over. */
  public UnitDays {
    notNull("delivered", delivered);
    notNull("installed", installed);
    notNull("completed", completed);
    notNull("serviced", serviced);
    notNull("done", done);
    range("closed", closed, 0, Integer.MAX_VALUE);
    if (notNull("skipped", skipped).isPresent() && closed == 0) {
      throw new InvalidInputException(
          "skipped",
          "must be one of the dates that are over, but closed was 0; was %s"
              .formatted(skipped.get()));
    }
  }

  /** Of which nothing is known. */
  public static UnitDays unknown() {
    return UNKNOWN;
  }

  /** With the day of delivery. */
  public UnitDays delivered(LocalDate day) {
    return new UnitDays(Optional.of(day), installed, completed, serviced, done, closed, skipped);
  }

  /** With the day of installation. */
  public UnitDays installed(LocalDate day) {
    return new UnitDays(delivered, Optional.of(day), completed, serviced, done, closed, skipped);
  }

  /** With the day on which its order was completed. */
  public UnitDays completed(LocalDate day) {
    return new UnitDays(delivered, installed, Optional.of(day), serviced, done, closed, skipped);
  }

  /** With the day of the last service of whatever kind. */
  public UnitDays serviced(LocalDate day) {
    return new UnitDays(delivered, installed, completed, Optional.of(day), done, closed, skipped);
  }

  /** With the day of the last service of the kind that is asked about. */
  public UnitDays done(LocalDate day) {
    return new UnitDays(
        delivered, installed, completed, serviced, Optional.of(day), closed, skipped);
  }

  /** With how many dates of this kind are over. */
  public UnitDays closed(int many) {
    return new UnitDays(delivered, installed, completed, serviced, done, many, skipped);
  }

  /**
   * With dates that are over, some of them without a service.
   *
   * @param many 1 or more
   * @param last the latest of those without a service
   */
  public UnitDays closed(int many, LocalDate last) {
    return new UnitDays(delivered, installed, completed, serviced, done, many, Optional.of(last));
  }

  /** The first day that is known of it; services do not count. */
  Optional<LocalDate> first() {
    return Stream.of(delivered, installed, completed)
        .flatMap(Optional::stream)
        .min(LocalDate::compareTo);
  }
}
