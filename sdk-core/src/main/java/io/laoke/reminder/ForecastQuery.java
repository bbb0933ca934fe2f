package io.laoke.reminder;

import static io.laoke.base.Check.key;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalKey;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a {@link Forecast} tells. Immutable; each method gives a changed copy. */
public final class ForecastQuery {
  private static final int NINETY_DAYS = 90;

  private final int days;
  private final @Nullable LocalDate first;
  private final @Nullable String store;
  private final @Nullable String kind;
  private final @Nullable Integer capacity;
  private final Map<String, Integer> capacities;

  private ForecastQuery(
      int days,
      @Nullable LocalDate first,
      @Nullable String store,
      @Nullable String kind,
      @Nullable Integer capacity,
      Map<String, Integer> capacities) {
    this.days = days;
    this.first = first;
    this.store = store;
    this.kind = kind;
    this.capacity = capacity;
    this.capacities = capacities;
  }

  /** Of today and the 89 days behind it, without a limit of what a store can do. */
  public static ForecastQuery ninetyDays() {
    return days(NINETY_DAYS);
  }

  /**
   * Of today and the days behind it.
   *
   * @param many 1 to 366, today included
   */
  public static ForecastQuery days(int many) {
    return new ForecastQuery((int) range("days", many, 1, 366), null, null, null, null, Map.of());
  }

  /** As if that day were today, in the years 1900 to 2299. */
  public ForecastQuery from(LocalDate day) {
    if (notNull("from", day).getYear() < 1900 || day.getYear() > 2299) {
      throw new InvalidInputException("from", "must be in the years 1900 to 2299, was " + day);
    }
    return new ForecastQuery(days, day, store, kind, capacity, capacities);
  }

  /** Of that store alone; null for any. */
  public ForecastQuery store(@Nullable String code) {
    return new ForecastQuery(
        days, first, optionalKey("store", code, 64), kind, capacity, capacities);
  }

  /** Of services of that kind alone; null for any. */
  public ForecastQuery kind(@Nullable String code) {
    return new ForecastQuery(
        days, first, store, optionalKey("kind", code, 32), capacity, capacities);
  }

  /**
   * With so many services that each store can do on a day, and those of no store together.
   *
   * @param aDay 0 to 1,000,000
   */
  public ForecastQuery capacity(int aDay) {
    int most = (int) range("capacity", aDay, 0, 1_000_000);
    return new ForecastQuery(days, first, store, kind, most, capacities);
  }

  /**
   * With so many that one store can do on a day, whatever others can.
   *
   * @param aDay 0 to 1,000,000
   */
  public ForecastQuery capacity(String storeCode, int aDay) {
    Map<String, Integer> more = new TreeMap<>(capacities);
    more.put(key("store", storeCode, 64), (int) range("capacity", aDay, 0, 1_000_000));
    return new ForecastQuery(days, first, store, kind, capacity, Map.copyOf(more));
  }

  int days() {
    return days;
  }

  LocalDate first(LocalDate today) {
    return first == null ? today : first;
  }

  Optional<String> store() {
    return Optional.ofNullable(store);
  }

  Optional<String> kind() {
    return Optional.ofNullable(kind);
  }

  /** What a store can do on a day; empty for any number. */
  OptionalInt capacityOf(Optional<String> storeCode) {
    Integer own = storeCode.isPresent() ? capacities.get(storeCode.get()) : null;
    own = own == null ? capacity : own;
    return own == null ? OptionalInt.empty() : OptionalInt.of(own);
  }
}
