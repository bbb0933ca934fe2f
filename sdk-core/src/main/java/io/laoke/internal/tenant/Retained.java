package io.laoke.internal.tenant;

import io.laoke.base.Internal;

/** Kinds of records that are kept for some time only. */
@Internal
public enum Retained {
  /** Facts from outside that were processed. */
  CALLBACKS,
  /** The words of messages that have ended. */
  BODIES,
  /** Messages that have ended, and what was decided about sending. */
  DECISIONS,
  /** What platforms reported about messages. */
  REPORTS,
  /** Who changed a binding and why. */
  AUDIT,
  /** What imports of history refused. */
  REFUSALS,
  /** Wrong claims that were counted. */
  TRIES
}
