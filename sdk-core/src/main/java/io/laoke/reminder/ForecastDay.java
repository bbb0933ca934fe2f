package io.laoke.reminder;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What there is to do on a day in a store, told apart by how far it is.
 *
 * @param day of the dealer's zone
 * @param store that of the orders, or of the task; empty for those of none
 * @param coming 将到期 what has not come due yet, so that it is on no work list
 * @param waiting 待跟进 what is on the work list and neither booked nor overdue
 * @param overdue 逾期 what is on the work list and should have been done before
 * @param booked 已预约 what was agreed on with the customer for that day
 */
public record ForecastDay(
    LocalDate day,
    Optional<String> store,
    Count coming,
    Count waiting,
    Count overdue,
    Count booked) {
  /**
   * How many services.
   *
   * @param due 到期 for how many it is that day's turn
   * @param planned 排期 how many there are once those that a full day has no room for were moved; no
   *     more than the store can do, all sorts together, but for {@code over}
   * @param over 超出 how many of {@code planned} are more than the store can do, since no day on
   *     which they may be done has room
   */
  public record Count(long due, long planned, long over) {
    static final Count NONE = new Count(0, 0, 0);

    Count withPlanned(long some) {
      return new Count(due, some, over);
    }

    Count and(Count other) {
      return new Count(
          Math.addExact(due, other.due),
          Math.addExact(planned, other.planned),
          Math.addExact(over, other.over));
    }
  }

  private Count all() {
    return coming.and(waiting).and(overdue).and(booked);
  }

  /** 到期: of how many services, of whatever sort, it is that day's turn. */
  public long due() {
    return all().due();
  }

  /** 排期: how many there are, of whatever sort, once some were moved. */
  public long planned() {
    return all().planned();
  }

  /** 超出: how many of {@link #planned}, of whatever sort, are more than the store can do. */
  public long over() {
    return all().over();
  }
}
