package io.laoke.internal.tenant;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/**
 * One dealer: what every statement and every personal value needs.
 *
 * @param id leads every key
 * @param code the host's name of the dealer
 * @param zone of its business calendar
 * @param privacy hashes and seals personal values
 */
public record Tenant(int id, String code, ZoneId zone, Privacy privacy) {
  /** The business day of an instant. */
  public LocalDate dayOf(Instant instant) {
    return instant.atZone(zone).toLocalDate();
  }

  /** Shows no key. */
  @Override
  public String toString() {
    return "Tenant[" + code + "]";
  }
}
