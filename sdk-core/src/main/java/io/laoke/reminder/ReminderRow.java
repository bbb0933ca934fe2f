package io.laoke.reminder;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A reminder as it is stored: what is known of a unit, and what a rule makes of it. */
record ReminderRow(Unit unit, String kind, Days days, Planned planned) {
  static final String PLANNED = "PLANNED";

  /** What tells it apart. */
  record Key(long unitId, String kind) {}

  /**
   * Of what unit it is.
   *
   * @param party whom it concerns
   */
  record Unit(
      long id,
      long orderId,
      String category,
      @Nullable String model,
      @Nullable String brand,
      String party,
      @Nullable Long memberId,
      @Nullable Long placeId,
      @Nullable String storeCode) {}

  /**
   * What is known of it, as {@link UnitDays}.
   *
   * @param replaced when it was replaced by another unit
   */
  record Days(
      @Nullable LocalDate delivered,
      @Nullable LocalDate installed,
      @Nullable LocalDate completed,
      @Nullable LocalDate serviced,
      @Nullable LocalDate done,
      int closed,
      @Nullable LocalDate skipped,
      @Nullable LocalDate replaced) {
    UnitDays shown() {
      return new UnitDays(
          Optional.ofNullable(delivered),
          Optional.ofNullable(installed),
          Optional.ofNullable(completed),
          Optional.ofNullable(serviced),
          Optional.ofNullable(done),
          closed,
          Optional.ofNullable(skipped));
    }

    /** After one more date came due; the next is after that day. */
    Days over(LocalDate day) {
      return new Days(
          delivered,
          installed,
          completed,
          serviced,
          done,
          closed + 1,
          later(skipped, day),
          replaced);
    }
  }

  /**
   * What comes of it.
   *
   * @param state {@link #PLANNED}, or the name of a {@link NextService.Reason}
   * @param notBefore the day on which it was put, as it was overdue from the start
   * @param contactDay when it comes due, if it is planned
   */
  record Planned(
      String ruleCode,
      int ruleVersion,
      String state,
      @Nullable LocalDate due,
      @Nullable Basis basis,
      @Nullable LocalDate from,
      boolean assumed,
      @Nullable LocalDate notBefore,
      @Nullable LocalDate contactDay) {
    Planned notBefore(LocalDate day) {
      return new Planned(ruleCode, ruleVersion, state, due, basis, from, assumed, day, day);
    }
  }

  static LocalDate later(@Nullable LocalDate one, LocalDate other) {
    return one != null && one.isAfter(other) ? one : other;
  }

  /** What a rule makes of days; a pure function of them. */
  static Planned planned(ActiveRules.Numbered by, Days days) {
    NextService next = by.rule().cycle().next(days.shown());
    if (next instanceof NextService.Due due) {
      return new Planned(
          by.rule().code(),
          by.version(),
          PLANNED,
          due.due(),
          due.basis().orElse(null),
          due.from(),
          due.assumed(),
          null,
          due.contact());
    }
    return new Planned(
        by.rule().code(),
        by.version(),
        ((NextService.Never) next).why().name(),
        null,
        null,
        null,
        false,
        null,
        null);
  }

  /** The same unit, planned by a rule anew. */
  ReminderRow replanned(ActiveRules.Numbered by) {
    return with(planned(by, days));
  }

  ReminderRow with(Planned other) {
    return new ReminderRow(unit, kind, days, other);
  }

  Key key() {
    return new Key(unit.id(), kind);
  }

  boolean isPlanned() {
    return planned.contactDay() != null;
  }

  /** Whether it is due by a day. */
  boolean due(LocalDate today) {
    return planned.contactDay() != null && !planned.contactDay().isAfter(today);
  }

  /** Whether it was planned by that rule as it is now. */
  boolean by(ActiveRules.@Nullable Numbered rule) {
    return rule != null
        && rule.version() == planned.ruleVersion()
        && rule.rule().code().equals(planned.ruleCode());
  }
}
