package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.ChannelKind;
import io.laoke.message.GateRule;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

/** Holds batches of marketing at night, such as those that waited for a pause to end. */
final class PlanHours implements GateRule {
  private static final Reason QUIET =
      new Reason(
          "QUIET_HOURS",
          "Marketing leaves by day only.",
          "It leaves by itself; see PlanSettings for the hours.",
          "营销消息只在规定时段发送，届时自动发出。");

  private final Function<Tenant, PlanSettings> settings;

  PlanHours(Function<Tenant, PlanSettings> settings) {
    this.settings = settings;
  }

  @Override
  public List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages) {
    Instant open = settings.apply(tenant).open(now, tenant.zone());
    return messages.stream()
        .map(
            one ->
                one.channel() == ChannelKind.WECHAT_MASS
                        && one.purpose() == Purpose.MARKETING
                        && open.isAfter(now)
                    ? new Verdict.Defer(open, QUIET)
                    : Verdict.pass())
        .toList();
  }
}
