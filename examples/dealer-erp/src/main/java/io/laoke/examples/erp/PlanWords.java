package io.laoke.examples.erp;

import io.laoke.push.BatchStatus;
import io.laoke.push.PlanEvent;
import io.laoke.push.PlanState;
import java.util.Map;

/** 群发计划 in words for staff. */
final class PlanWords {
  private static final Map<String, String> REASONS =
      Map.of(
          "NOT_FOLLOWING", "没有关注公众号",
          "NO_CONSENT", "没有同意营销",
          "REFUSED_PURPOSE", "已退订",
          "PAUSED", "暂停打扰",
          "QUOTA", "本月次数用完",
          "KEPT", "剩余次数留给高优先级",
          "HELD_OUT", "对照组",
          "UNTAGGED", "只剩一人，微信不让打标签",
          "GONE", "会员已合并或删除",
          "CAPPED", "近期已发够");

  private PlanWords() {}

  static String reason(String code) {
    return REASONS.getOrDefault(code, code);
  }

  static boolean knows(String code) {
    return REASONS.containsKey(code);
  }

  static String state(PlanState state) {
    return switch (state) {
      case DRAFT -> "草稿";
      case SUBMITTED -> "待审批";
      case APPROVED -> "已审批";
      case ALLOCATED -> "已分配";
      case SCHEDULED -> "定时待发";
      case AWAITING_WECHAT_ADMIN -> "等管理员在微信确认";
      case RUNNING -> "发送中";
      case PAUSED -> "已暂停";
      case DONE -> "已发完";
      case CANCELLED -> "已取消";
    };
  }

  static String tone(PlanState state) {
    return switch (state) {
      case DONE -> "good";
      case RUNNING, SUBMITTED, PAUSED, SCHEDULED, AWAITING_WECHAT_ADMIN -> "wait";
      case CANCELLED -> "bad";
      default -> "";
    };
  }

  static String action(PlanEvent.Action action) {
    return switch (action) {
      case SAVED -> "保存";
      case SUBMITTED -> "提交审批";
      case REJECTED -> "退回";
      case APPROVED -> "审批通过";
      case ALLOCATED -> "分配";
      case SCHEDULED -> "定时";
      case MISSED -> "错过时间，没有开始";
      case STARTED -> "开始发送";
      case PAUSED -> "暂停";
      case RESUMED -> "继续";
      case DONE -> "全部发出";
      case CANCELLED -> "取消";
      case AWAITING_ADMIN -> "微信请管理员确认";
      case CONFIRMED -> "管理员已确认";
    };
  }

  static String batch(BatchStatus.State state) {
    return switch (state) {
      case TAGGING -> "打标签（只有一人）";
      case OPEN -> "发送中";
      case AWAITING_ADMIN -> "等管理员在微信确认";
      case SENT -> "微信已收下";
      case FAILED -> "没有发出";
      case UNKNOWN -> "结果不明";
    };
  }

  static String batchTone(BatchStatus.State state) {
    return switch (state) {
      case SENT -> "good";
      case FAILED -> "bad";
      default -> "wait";
    };
  }
}
