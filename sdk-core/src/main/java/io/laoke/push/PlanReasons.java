package io.laoke.push;

import io.laoke.member.Reach;
import io.laoke.message.Reason;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Why plans give members, or batches, nothing. */
final class PlanReasons {
  static final Reason GONE =
      new Reason(
          "GONE",
          "The member was merged into another, or erased, while it was decided.",
          "Nothing to do.",
          "该会员已合并或删除。");
  static final Reason HELD_OUT =
      new Reason(
          "HELD_OUT",
          "The member is held out, so that what the plan brings in can be compared.",
          "Nothing to do; set holdOut to 0 to reach everybody.",
          "该会员属于对照组，不发送，用于衡量效果。");
  static final Reason QUOTA =
      new Reason(
          "QUOTA",
          "The follower has got all mass messages that WeChat allows in this month.",
          "Wait for the next month, or leave one of this month's plans out.",
          "该粉丝本月的群发次数已用完，请下月再发，或减少本月的群发。");
  static final Reason KEPT =
      new Reason(
          "KEPT",
          "What the follower has left of this month is kept for plans of high priority.",
          "Give the plan a high priority if it is worth it, or keep fewer.",
          "该粉丝本月剩余的群发次数留给高优先级计划；如确有必要，请提高本计划的优先级。");

  static final Reason ALONE =
      new Reason(
          "ALONE",
          "The follower would have been the only one of a batch, and WeChat sends to two or more.",
          "Add a member of staff to the group, or send to this one by hand.",
          "该批次只剩一名粉丝，微信要求至少两人；请把员工加入分组，或单独发送。");

  private static final Map<String, Reason> BY_CODE =
      Stream.concat(Stream.of(GONE, HELD_OUT, QUOTA, KEPT, ALONE), Reach.reasons().stream())
          .collect(Collectors.toUnmodifiableMap(Reason::code, Function.identity()));

  private PlanReasons() {}

  /** That of a code; empty for none. */
  static Optional<Reason> of(String code) {
    return Optional.ofNullable(BY_CODE.get(code)).or(() -> JobReasons.of(code));
  }
}
