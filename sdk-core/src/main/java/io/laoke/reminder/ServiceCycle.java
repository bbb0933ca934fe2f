package io.laoke.reminder;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.LocalDate;
import java.time.Period;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How often a unit gets a service of one kind, and from what day on. Immutable; each method gives a
 * changed copy.
 *
 * <p>{@link #next} is the one function that computes a date: reminders, forecasts, dry runs and
 * pages all ask it.
 */
public final class ServiceCycle {
  private static final List<Basis> USUAL =
      List.of(Basis.INSTALLED, Basis.COMPLETED, Basis.DELIVERED);
  private static final int MOST_DAYS = 30 * 366;
  private static final int LONGEST_MONTH = 31;

  /** How long before a service it is told at most. */
  static final int MOST_LEAD_DAYS = 180;

  private final Period every;
  private final List<Basis> bases;
  private final @Nullable Integer assumedDays;
  private final int leadDays;
  private final @Nullable Season season;
  private final @Nullable Integer times;
  private final @Nullable Integer years;

  private ServiceCycle(
      Period every,
      List<Basis> bases,
      @Nullable Integer assumedDays,
      int leadDays,
      @Nullable Season season,
      @Nullable Integer times,
      @Nullable Integer years) {
    this.every = every;
    this.bases = bases;
    this.assumedDays = assumedDays;
    this.leadDays = leadDays;
    this.season = season;
    this.times = times;
    this.years = years;
  }

  /**
   * A service each time a period is over, counted from the installation, else from the order's
   * completion, else from the delivery.
   *
   * @param every one day to 30 years; months are added before days, and what would be after a
   *     month's last day is on it
   */
  public static ServiceCycle every(Period every) {
    notNull("every", every);
    if (every.getYears() < 0
        || every.getMonths() < 0
        || every.getDays() < 0
        || every.isZero()
        || longest(every) > MOST_DAYS) {
      throw new InvalidInputException(
          "every",
          "must be between one day and 30 years, such as P6M, with no part below 0; was %s"
              .formatted(every));
    }
    return new ServiceCycle(every.normalized(), USUAL, null, 0, null, null, null);
  }

  /** How many days a period has at most. */
  private static long longest(Period period) {
    return period.toTotalMonths() * LONGEST_MONTH + period.get(ChronoUnit.DAYS);
  }

  /**
   * Counted from the first of these that has happened. A service of the same kind always begins the
   * count anew.
   *
   * @param first what is looked at first
   * @param fallbacks what is looked at if that has not happened, in this order
   */
  public ServiceCycle from(Basis first, Basis... fallbacks) {
    List<Basis> all = new ArrayList<>();
    all.add(notNull("first", first));
    Arrays.stream(notNull("fallbacks", fallbacks))
        .forEach(basis -> all.add(notNull("fallbacks", basis)));
    return from(all);
  }

  /** As {@link #from(Basis, Basis...)}. */
  public ServiceCycle from(List<Basis> given) {
    List<Basis> all = List.copyOf(notNull("bases", given));
    if (all.isEmpty() || EnumSet.copyOf(all).size() < all.size()) {
      throw new InvalidInputException(
          "bases",
          "must name one or more of DELIVERED, INSTALLED, COMPLETED and LAST_SERVICE, each once; was %s"
              .formatted(all));
    }
    return new ServiceCycle(every, all, assumedDays, leadDays, season, times, years);
  }

  /**
   * Takes a unit for installed some days after its delivery, until its installation is reported:
   * installers of others seldom report.
   *
   * @param days 0 to 365
   */
  public ServiceCycle assumingInstalledAfter(int days) {
    range("assumedDays", days, 0, 365);
    return new ServiceCycle(every, bases, days, leadDays, season, times, years);
  }

  /**
   * Tells the customer some days before the service is due.
   *
   * @param days 0 to 180
   */
  public ServiceCycle leadDays(int days) {
    int checked = (int) range("leadDays", days, 0, MOST_LEAD_DAYS);
    return new ServiceCycle(every, bases, assumedDays, checked, season, times, years);
  }

  /** Moves what would be due outside this season to its next first day. */
  public ServiceCycle within(Season given) {
    return new ServiceCycle(
        every, bases, assumedDays, leadDays, notNull("season", given), times, years);
  }

  /**
   * Ends after that many dates, whether services followed or not.
   *
   * @param given 1 to 1,000
   */
  public ServiceCycle times(int given) {
    int checked = (int) range("times", given, 1, 1_000);
    return new ServiceCycle(every, bases, assumedDays, leadDays, season, checked, years);
  }

  /**
   * Ends that many years after the first that is known of the unit: delivered, installed or
   * completed, whichever came first. A date on that very day still counts.
   *
   * @param given 1 to 50
   */
  public ServiceCycle years(int given) {
    int checked = (int) range("years", given, 1, 50);
    return new ServiceCycle(every, bases, assumedDays, leadDays, season, times, checked);
  }

  /** The cycle, with whole years told as years. */
  public Period every() {
    return every;
  }

  /** What the first service is counted from, in the order in which it is looked at. */
  public List<Basis> bases() {
    return bases;
  }

  /** After how many days a delivered unit is taken for installed, if it ever is. */
  public Optional<Integer> assumedDays() {
    return Optional.ofNullable(assumedDays);
  }

  /** How many days before the service the customer is told. */
  public int leadDays() {
    return leadDays;
  }

  /** In which part of the year the service is done. */
  public Optional<Season> season() {
    return Optional.ofNullable(season);
  }

  /** How many dates there are at most. */
  public Optional<Integer> times() {
    return Optional.ofNullable(times);
  }

  /** For how many years there are dates. */
  public Optional<Integer> years() {
    return Optional.ofNullable(years);
  }

  // ---- the date

  private record Start(LocalDate day, Optional<Basis> basis, Optional<Integer> assumed) {}

  /**
   * The next date of a unit: some whole number of cycles after the last service of this kind, or
   * else after the first basis that has happened; the first such date after the last that passed
   * without a service. All cycles are added at once, so that 31 August stays the end of the month
   * for ever. Depends on nothing but its arguments; costs nothing.
   *
   * @param days what is known of the unit
   */
  public NextService next(UnitDays days) {
    notNull("days", days);
    Optional<Start> start = start(days);
    if (start.isEmpty()) {
      return new NextService.Never(NextService.Reason.NOT_STARTED, bases);
    }
    if (times != null && days.closed() >= times) {
      return new NextService.Never(NextService.Reason.TIMES_OVER, bases);
    }
    NextService.Due due = due(start.get(), days.skipped());
    if (years != null
        && due.due().isAfter(days.first().orElse(start.get().day()).plusYears(years))) {
      return new NextService.Never(NextService.Reason.YEARS_OVER, bases);
    }
    return due;
  }

  private Optional<Start> start(UnitDays days) {
    if (days.done().isPresent()) {
      return days.done().map(day -> new Start(day, Optional.empty(), Optional.empty()));
    }
    for (Basis basis : bases) {
      Optional<LocalDate> day = basis.of(days);
      if (day.isPresent()) {
        return day.map(known -> new Start(known, Optional.of(basis), Optional.empty()));
      }
      if (basis == Basis.INSTALLED && assumedDays != null && days.delivered().isPresent()) {
        return days.delivered()
            .map(
                known ->
                    new Start(
                        known.plusDays(assumedDays), Optional.of(basis), Optional.of(assumedDays)));
      }
    }
    return Optional.empty();
  }

  private NextService.Due due(Start start, Optional<LocalDate> after) {
    int count = after.map(day -> before(start.day(), day)).orElse(1);
    LocalDate counted = counted(start.day(), count);
    LocalDate due = inSeason(counted);
    while (after.isPresent() && !due.isAfter(after.get())) {
      count++;
      counted = counted(start.day(), count);
      due = inSeason(counted);
    }
    return new NextService.Due(
        due,
        due.minusDays(leadDays),
        start.day(),
        start.basis(),
        start.assumed(),
        every,
        count,
        counted,
        season());
  }

  /**
   * How a date that this cycle gave was counted.
   *
   * @return empty if it never gives that date
   */
  Optional<NextService.Due> counted(
      LocalDate from, Optional<Basis> basis, boolean assumed, LocalDate due) {
    Optional<Integer> after = assumed ? assumedDays() : Optional.empty();
    NextService.Due found = due(new Start(from, basis, after), Optional.of(due.minusDays(1)));
    return found.due().equals(due) ? Optional.of(found) : Optional.empty();
  }

  /** The date that is so many cycles after a day. */
  LocalDate dueFrom(LocalDate day, int cycles) {
    return inSeason(counted(day, cycles));
  }

  /** A number of cycles that is not too many to be after a day; a season moves less than a year. */
  private int before(LocalDate start, LocalDate day) {
    long days = ChronoUnit.DAYS.between(start, day) - 366;
    return (int) Math.max(1, days / longest(every));
  }

  private LocalDate counted(LocalDate start, int count) {
    return start
        .plusMonths(every.toTotalMonths() * count)
        .plusDays(every.get(ChronoUnit.DAYS) * count);
  }

  private LocalDate inSeason(LocalDate day) {
    return season == null ? day : season.notBefore(day);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServiceCycle that
        && every.equals(that.every)
        && bases.equals(that.bases)
        && leadDays == that.leadDays
        && Objects.equals(assumedDays, that.assumedDays)
        && Objects.equals(season, that.season)
        && Objects.equals(times, that.times)
        && Objects.equals(years, that.years);
  }

  @Override
  public int hashCode() {
    return Objects.hash(every, bases, assumedDays, leadDays, season, times, years);
  }

  @Override
  public String toString() {
    return "ServiceCycle[every %s from %s]".formatted(every, bases);
  }
}
