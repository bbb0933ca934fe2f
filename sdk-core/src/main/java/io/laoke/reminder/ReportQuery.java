package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalKey;

import io.laoke.error.InvalidInputException;
import java.time.YearMonth;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a {@link Report} tells. Immutable; each method gives a changed copy. */
public final class ReportQuery {
  private static final int MOST_MONTHS = 36;
  private static final YearMonth FIRST = YearMonth.of(1900, 1);
  private static final YearMonth LAST = YearMonth.of(2299, 12);

  /** By what rows are told apart. */
  public enum Part {
    /** {@link ReportRow#month()}. */
    MONTH,
    /** {@link ReportRow#kind()}. */
    KIND,
    /** {@link ReportRow#store()}. */
    STORE,
    /** {@link ReportRow#staff()}. */
    STAFF,
    /** {@link ReportRow#channel()}. */
    CHANNEL
  }

  private final YearMonth first;
  private final YearMonth last;
  private final Set<Part> parts;
  private final @Nullable String kind;
  private final @Nullable String store;
  private final @Nullable String staff;

  private ReportQuery(
      YearMonth first,
      YearMonth last,
      Set<Part> parts,
      @Nullable String kind,
      @Nullable String store,
      @Nullable String staff) {
    this.first = first;
    this.last = last;
    this.parts = parts;
    this.kind = kind;
    this.store = store;
    this.staff = staff;
  }

  /**
   * Of what came onto the work list in some months, and what came of that, told apart by all there
   * is; see {@link Report} for why that need not be the month of the service's own date.
   *
   * @param last included; at most 36 months in all
   */
  public static ReportQuery months(YearMonth first, YearMonth last) {
    if (notNull("first", first).isBefore(FIRST) || first.isAfter(LAST)) {
      throw new InvalidInputException("first", "must be in the years 1900 to 2299, was " + first);
    }
    if (notNull("last", last).isBefore(first) || !last.isBefore(first.plusMonths(MOST_MONTHS))) {
      throw new InvalidInputException(
          "last",
          "must be first, %s, or one of the 35 months behind; was %s".formatted(first, last));
    }
    return new ReportQuery(first, last, EnumSet.allOf(Part.class), null, null, null);
  }

  /** Of what came onto the work list in one month. */
  public static ReportQuery month(YearMonth month) {
    return months(month, month);
  }

  /** With rows that are told apart by these alone; none of them: one row in all. */
  public ReportQuery by(Part... given) {
    Set<Part> some = EnumSet.noneOf(Part.class);
    Arrays.stream(notNull("parts", given)).forEach(part -> some.add(notNull("parts", part)));
    return new ReportQuery(first, last, Collections.unmodifiableSet(some), kind, store, staff);
  }

  /** Services of that kind alone; null for any. */
  public ReportQuery kind(@Nullable String code) {
    return new ReportQuery(first, last, parts, optionalKey("kind", code, 32), store, staff);
  }

  /** Of that store alone; null for any. */
  public ReportQuery store(@Nullable String code) {
    return new ReportQuery(first, last, parts, kind, optionalKey("store", code, 64), staff);
  }

  /** What that member of staff has, or had when it ended; so no services of their own accord. */
  public ReportQuery staff(String code) {
    return new ReportQuery(first, last, parts, kind, store, key("staff", code, 64));
  }

  YearMonth first() {
    return first;
  }

  YearMonth last() {
    return last;
  }

  Set<Part> parts() {
    return parts;
  }

  Optional<String> kind() {
    return Optional.ofNullable(kind);
  }

  Optional<String> store() {
    return Optional.ofNullable(store);
  }

  Optional<String> staff() {
    return Optional.ofNullable(staff);
  }
}
