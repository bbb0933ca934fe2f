package io.laoke.message;

/** Counts what was committed. */
final class Tally {
  int claimed;
  int sent;
  int deferred;
  int stopped;
  int failed;
  int inbound;

  void count(Change change) {
    switch (change.state) {
      case SENT -> sent++;
      case WAITING, HELD -> deferred++;
      case STOPPED, EXPIRED -> stopped++;
      case REFUSED, PARKED -> failed++;
      case CLAIMED, DROPPED -> {
        // Neither is an outcome of the engine.
      }
    }
  }

  void add(Tally other) {
    claimed += other.claimed;
    sent += other.sent;
    deferred += other.deferred;
    stopped += other.stopped;
    failed += other.failed;
    inbound += other.inbound;
  }

  /** Adds it to another and begins anew. */
  void moveTo(Tally other) {
    other.add(this);
    claimed = 0;
    sent = 0;
    deferred = 0;
    stopped = 0;
    failed = 0;
    inbound = 0;
  }

  TickReport report(long remaining) {
    return new TickReport(claimed, sent, deferred, stopped, failed, inbound, 0, remaining);
  }
}
