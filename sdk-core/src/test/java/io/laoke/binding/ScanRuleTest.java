package io.laoke.binding;

import static io.laoke.binding.ScanRule.Verdict.BOUND;
import static io.laoke.binding.ScanRule.Verdict.CLOSED;
import static io.laoke.binding.ScanRule.Verdict.EXPIRED;
import static io.laoke.binding.ScanRule.Verdict.JOINED;
import static io.laoke.binding.ScanRule.Verdict.RESUMED;
import static io.laoke.binding.ScanRule.Verdict.REVOKED;
import static io.laoke.binding.ScanRule.Verdict.STAFF;
import static io.laoke.binding.ScanRule.Verdict.TAKEN;
import static io.laoke.binding.ScanRule.Verdict.YOURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScanRuleTest {
  @ParameterizedTest
  @CsvSource({
    // staff, scanner, ticket, closed, bound, limit, verdict
    "false,         , ISSUED,  false, 0, 3, BOUND",
    "false,         , CLAIMED, false, 0, 3, BOUND",
    "false,         , CLAIMED, false, 1, 3, JOINED",
    "false,         , CLAIMED, false, 2, 3, JOINED",
    "false,         , CLAIMED, false, 3, 3, TAKEN",
    "false,         , CLAIMED, false, 1, 1, TAKEN",
    "false,         , ISSUED,  false, 1, 3, JOINED",
    "false,         , EXPIRED, false, 0, 3, EXPIRED",
    "false,         , REVOKED, false, 0, 3, REVOKED",
    "false,         , ISSUED,  true,  0, 3, CLOSED",
    "false,         , EXPIRED, true,  0, 3, EXPIRED",
    "false, UNBOUND,  CLAIMED, false, 0, 3, BOUND",
    "false, UNBOUND,  CLAIMED, false, 1, 3, JOINED",
    "false, OFFERED,  ISSUED,  false, 0, 3, BOUND",
    "false, ACTIVE,   CLAIMED, false, 1, 1, YOURS",
    "false, ACTIVE,   EXPIRED, false, 1, 3, YOURS",
    "false, ACTIVE,   REVOKED, false, 1, 3, YOURS",
    "false, ACTIVE,   CLAIMED, true,  1, 3, YOURS",
    "false, STOPPED,  CLAIMED, false, 3, 3, RESUMED",
    "false, STOPPED,  EXPIRED, false, 1, 3, YOURS",
    "false, STOPPED,  CLAIMED, true,  1, 3, YOURS",
    "true,          , ISSUED,  false, 0, 3, STAFF",
    "true,          , REVOKED, true,  0, 3, STAFF",
    "true,  ACTIVE,   CLAIMED, false, 1, 3, STAFF",
  })
  void decidesAsTheTableSays(
      boolean staff,
      RecipientState scanner,
      TicketState ticket,
      boolean closed,
      long bound,
      int limit,
      ScanRule.Verdict verdict) {
    assertThat(ScanRule.of(staff, scanner, ticket, closed, bound, limit)).isEqualTo(verdict);
  }

  @Test
  void neverBindsByADeadTicketOrAClosedOrderOrBeyondTheLimit() {
    Set<ScanRule.Verdict> seen = EnumSet.noneOf(ScanRule.Verdict.class);
    for (boolean staff : new boolean[] {false, true}) {
      for (RecipientState scanner :
          new RecipientState[] {
            null,
            RecipientState.ACTIVE,
            RecipientState.STOPPED,
            RecipientState.OFFERED,
            RecipientState.UNBOUND
          }) {
        for (TicketState ticket : TicketState.values()) {
          for (boolean closed : new boolean[] {false, true}) {
            for (int bound = 0; bound <= 4; bound++) {
              ScanRule.Verdict verdict = ScanRule.of(staff, scanner, ticket, closed, bound, 3);
              seen.add(verdict);
              if (verdict == BOUND || verdict == JOINED) {
                assertThat(ticket.live()).isTrue();
                assertThat(closed || staff).isFalse();
                assertThat(bound).isLessThan(3);
              }
            }
          }
        }
      }
    }
    assertThat(seen)
        .containsExactlyInAnyOrder(
            BOUND, JOINED, TAKEN, YOURS, RESUMED, EXPIRED, REVOKED, CLOSED, STAFF);
  }
}
