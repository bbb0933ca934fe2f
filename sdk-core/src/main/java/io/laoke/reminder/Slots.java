package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import io.laoke.internal.tenant.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** Which times can be booked. */
final class Slots {
  private static final Duration LONGEST = Duration.ofDays(31);

  private Slots() {}

  /** As it is kept. */
  static Task.Slot of(Instant from, Instant to) {
    return new Task.Slot(
        notNull("from", from).truncatedTo(ChronoUnit.MILLIS),
        notNull("to", to).truncatedTo(ChronoUnit.MILLIS));
  }

  /** What staff note was agreed on, be it this morning for an hour ago. */
  static void mustBeNoted(Tenant tenant, Task.Slot slot, Instant now) {
    LocalDate today = tenant.dayOf(now);
    if (slot.from().isBefore(start(tenant, today))) {
      throw new InvalidInputException(
          "from",
          "must not be before today, %s, was %s. Note what was done before with tasks().done"
              .formatted(today, slot.from()));
    }
    mustBeNear(tenant, slot, today);
  }

  /** What a customer wants is still to come. */
  static void mustBeAhead(Tenant tenant, Task.Slot slot, Instant now) {
    if (!slot.from().isAfter(now)) {
      throw new InvalidInputException(
          "from", "must be after now, %s, was %s".formatted(now, slot.from()));
    }
    mustBeNear(tenant, slot, tenant.dayOf(now));
  }

  private static void mustBeNear(Tenant tenant, Task.Slot slot, LocalDate today) {
    LocalDate last = today.plusYears(1);
    if (!slot.from().isBefore(start(tenant, last.plusDays(1)))) {
      throw new InvalidInputException(
          "from", "must be at most a year ahead, until %s, was %s".formatted(last, slot.from()));
    }
    if (!slot.to().isAfter(slot.from()) || slot.to().isAfter(slot.from().plus(LONGEST))) {
      throw new InvalidInputException(
          "to",
          "must be after from, by at most 31 days; was %s to %s".formatted(slot.from(), slot.to()));
    }
  }

  private static Instant start(Tenant tenant, LocalDate day) {
    return day.atStartOfDay(tenant.zone()).toInstant();
  }
}
