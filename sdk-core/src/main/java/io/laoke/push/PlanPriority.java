package io.laoke.push;

/** Which plans may use up what is kept of a follower's monthly messages. */
public enum PlanPriority {
  /** Leaves what {@link PlanSettings#kept} says to those of high priority. */
  NORMAL,
  /** Uses all that is left. */
  HIGH
}
