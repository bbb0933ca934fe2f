package io.laoke.message;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs alarms and tells the listeners. */
final class Alarms {
  private static final Logger LOG = LoggerFactory.getLogger(Alarms.class);
  private final List<AlarmListener> listeners;

  Alarms(List<AlarmListener> listeners) {
    this.listeners = listeners;
  }

  void raise(List<Alarm> alarms) {
    alarms.forEach(this::raise);
  }

  void raise(Alarm alarm) {
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
      } catch (RuntimeException failure) {
        LOG.warn("laoke.alarm.listener failed with {}", failure.getClass().getName());
      }
    }
  }
}
