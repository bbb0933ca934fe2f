package io.laoke.message;

/**
 * SPI: told of alarms, after what they tell of has been committed. An alarm is also logged, as
 * {@code laoke.alarm kind=… dealer=… account=…}. Called on the engine's threads, so it returns
 * soon; what it throws is logged.
 */
@FunctionalInterface
public interface AlarmListener {
  /** An alarm. */
  void raised(Alarm alarm);
}
