package io.laoke.reminder;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalKey;

import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which services that are to come are asked for. Immutable; each method gives a changed copy. */
public final class DueQuery {
  private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2399, 12, 31);

  private final LocalDate from;
  private final LocalDate to;
  private final @Nullable String store;
  private final @Nullable String kind;

  private DueQuery(LocalDate from, LocalDate to, @Nullable String store, @Nullable String kind) {
    this.from = from;
    this.to = to;
    this.store = store;
    this.kind = kind;
  }

  /**
   * Those of which customers are to be told on these days, in the dealer's zone.
   *
   * @param to included
   */
  public static DueQuery between(LocalDate from, LocalDate to) {
    LocalDate first = day("from", from);
    LocalDate last = day("to", to);
    if (last.isBefore(first)) {
      throw new InvalidInputException("to", "must not be before from, " + first + "; was " + last);
    }
    return new DueQuery(first, last, null, null);
  }

  private static LocalDate day(String field, LocalDate given) {
    LocalDate day = notNull(field, given);
    if (day.isBefore(FIRST) || day.isAfter(LAST)) {
      throw new InvalidInputException(field, "must be in the years 1900 to 2399, was " + day);
    }
    return day;
  }

  /** Of orders of that store; null for any. */
  public DueQuery store(@Nullable String code) {
    return new DueQuery(from, to, optionalKey("store", code, 64), kind);
  }

  /** Of that kind of service; null for any. */
  public DueQuery kind(@Nullable String code) {
    return new DueQuery(from, to, store, optionalKey("kind", code, 32));
  }

  LocalDate from() {
    return from;
  }

  LocalDate to() {
    return to;
  }

  Optional<String> store() {
    return Optional.ofNullable(store);
  }

  Optional<String> kind() {
    return Optional.ofNullable(kind);
  }
}
