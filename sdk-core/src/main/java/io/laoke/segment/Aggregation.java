package io.laoke.segment;

import java.util.Locale;

/** What is made of a member's rows. */
public enum Aggregation {
  /** How many there are; 0 without rows. */
  COUNT,
  /** Their sum; 0 without rows. Returns that name no sale are taken off. */
  SUM,
  /** Their sum over the number of those that have a value, never divided; missing without one. */
  AVG,
  /** The least value; missing without one. */
  MIN,
  /** The greatest value; missing without one. */
  MAX,
  /** The value of the first row by time, document number and line; missing without rows. */
  FIRST,
  /** The value of the last row by time, document number and line; missing without rows. */
  LAST,
  /** How many different values there are; 0 without one. */
  DISTINCT;

  /** Its name in JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
