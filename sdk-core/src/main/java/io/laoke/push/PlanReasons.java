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

  static final Reason CAPPED =
      new Reason(
          "CAPPED",
          "The follower has got as many messages of this purpose as the dealer allows in a time.",
          "Wait, or see PlanSettings.caps for how many are allowed.",
          "该粉丝在规定时间内收到的同类消息已达上限；请稍后再发，或调整频率上限。");

  static final Reason TOO_LATE =
      new Reason(
          "TOO_LATE",
          "The only follower of the batch could not be tagged in time, in its month and within a day.",
          "See the log for laoke.plans.tag; make another plan for this follower if it is still wanted.",
          "该批次唯一的粉丝未能及时打上标签；请查看日志 laoke.plans.tag，如仍需发送请另建计划。");
  static final Reason UNTAGGED =
      new Reason(
          "UNTAGGED",
          "WeChat refused to tag the only follower of the batch, and lists take two or more.",
          "Nothing to do if the follower has left; else see the log for laoke.plans.tag.",
          "微信拒绝为该批次唯一的粉丝打标签；若其已取消关注则无需处理，否则请查看日志 laoke.plans.tag。");
  static final Reason CANCELLED =
      new Reason(
          "CANCELLED",
          "The plan was cancelled before the only follower of the batch was tagged.",
          "Nothing to do.",
          "该批次打标签前计划已取消。");

  private static final Map<String, Reason> BY_CODE =
      Stream.concat(
              Stream.of(GONE, HELD_OUT, QUOTA, KEPT, CAPPED, TOO_LATE, UNTAGGED, CANCELLED),
              Reach.reasons().stream())
          .collect(Collectors.toUnmodifiableMap(Reason::code, Function.identity()));

  private PlanReasons() {}

  /** That of a code; empty for none. */
  static Optional<Reason> of(String code) {
    return Optional.ofNullable(BY_CODE.get(code)).or(() -> JobReasons.of(code));
  }
}
