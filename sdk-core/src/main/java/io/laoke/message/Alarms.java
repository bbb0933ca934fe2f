package io.laoke.message;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs alarms and tells the listeners. */
final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
  private static final long SILENCE_NANOS = TimeUnit.MINUTES.toNanos(10);

  private final Map<String, Long> told = new ConcurrentHashMap<>();
  private final List<AlarmListener> listeners;

  Alarms(List<AlarmListener> listeners) {
    this.listeners = listeners;
  }

  private boolean raisedLately(Alarm alarm) {
    long now = System.nanoTime();
    boolean[] lately = {false};
    told.compute(
        alarm.kind() == Alarm.Kind.REFUSED
            ? alarm.account() + " " + alarm.reason().code()
            : alarm.account(),
        (about, last) -> {
          lately[0] = last != null && now - last < SILENCE_NANOS;
          return lately[0] ? last : (Long) now;
        });
    return lately[0];
  }

  void raise(List<Alarm> alarms) {
    alarms.forEach(this::raise);
  }

  void raise(Alarm given) {
    Alarm alarm =
        new Alarm(
            given.kind(),
            given.dealer(),
            given.account(),
            given.reference(),
            Reasons.withAdvice(given.kind(), given.reason()));
    boolean oftenTheSame =
        alarm.kind() == Alarm.Kind.UNREACHABLE || alarm.kind() == Alarm.Kind.REFUSED;
    if (oftenTheSame && raisedLately(alarm)) {
      return;
    }
    Reason reason = alarm.reason();
    LOG.warn(
        "laoke.alarm kind={} dealer={} account={} reference={} code={} text=\"{}\" advice=\"{}\" adviceZh=\"{}\"",
        alarm.kind(),
        alarm.dealer(),
        alarm.account(),
        alarm.reference(),
        reason.code(),
        reason.text(),
        reason.advice(),
        reason.adviceZh());
    for (AlarmListener listener : listeners) {
      try {
        listener.raised(alarm);
      } catch (RuntimeException | Error failure) {
        LOG.warn("laoke.alarm.listener failed with {}", failure.getClass().getName());
      }
    }
  }
}
