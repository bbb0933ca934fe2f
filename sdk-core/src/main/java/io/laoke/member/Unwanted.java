package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Purpose;
import java.time.Instant;
import java.util.List;

/** Whom nobody is to address for service reminders, for lists of the floors above. */
@Internal
public final class Unwanted {
  private Unwanted() {}

  /**
   * A condition on a row of another table that has a member's id: the member's newest word refuses
   * service reminders, or staff have paused them, as for a complaint. Binds {@code :unwantedNow}, a
   * business time.
   *
   * @param row the alias of that row, which has columns {@code dealer_id} and {@code member_id}
   */
  public static String care(String row) {
    return """
        (EXISTS (SELECT c.id FROM {consent} c WHERE c.dealer_id = %1$s.dealer_id
          AND c.member_id = %1$s.member_id AND c.purpose = 1 AND c.given = 0
          AND NOT EXISTS (SELECT n.id FROM {consent} n WHERE n.dealer_id = %1$s.dealer_id
            AND n.member_id = %1$s.member_id AND n.purpose = 1 AND n.given = 1
            AND n.at_ms > c.at_ms))
         OR EXISTS (SELECT p.id FROM {member_pause} p WHERE p.dealer_id = %1$s.dealer_id
          AND p.member_id = %1$s.member_id AND p.purpose = 1
          AND (p.until_ms IS NULL OR p.until_ms > :unwantedNow)))"""
        .formatted(row);
  }

  /** What a member said of service reminders in a time, both ends included; oldest first. */
  public static List<Consent> careSaid(
      Tx tx, Tenant tenant, long memberId, Instant from, Instant until) {
    return new ConsentTable()
        .of(tx, tenant, List.of(memberId)).stream()
            .map(ConsentTable.Row::consent)
            .filter(one -> one.purpose() == Purpose.CARE)
            .filter(one -> !one.at().isBefore(from) && !one.at().isAfter(until))
            .toList();
  }
}
