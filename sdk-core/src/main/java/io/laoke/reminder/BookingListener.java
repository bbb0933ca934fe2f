package io.laoke.reminder;

/**
 * SPI: told of booked slots, after the booking has been committed, by whichever engine of the
 * database ticks or is started first and has a listener. At least once for each slot: what it
 * throws is logged, and it is told again a minute later, as it is after a crash; a slot that was
 * changed or cancelled meanwhile is not. So it asks first whether it has made a work order for that
 * task and slot. Called on the engine's threads outside of any transaction, so it may call Laoke
 * and others; within a minute, or another engine tells it, too.
 */
@FunctionalInterface
public interface BookingListener {
  /** A slot was booked, or changed. */
  void booked(ReminderBooked booking);
}
