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
          "ALONE", "批次里只剩一人",
          "GONE", "会员已合并或删除");

  private PlanWords() {}

  static String reason(String code) {
    return REASONS.getOrDefault(code, code);
  }

  static String state(PlanState state) {
    return switch (state) {
      case DRAFT -> "草稿";
      case SUBMITTED -> "待审批";
      case APPROVED -> "已审批";
      case ALLOCATED -> "已分配";
      case RUNNING -> "发送中";
      case PAUSED -> "已暂停";
      case DONE -> "已发完";
      case CANCELLED -> "已取消";
      default -> state.name();
    };
  }

  static String tone(PlanState state) {
    return switch (state) {
      case DONE -> "good";
      case RUNNING, SUBMITTED, PAUSED -> "wait";
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
      case STARTED -> "开始发送";
      case PAUSED -> "暂停";
      case RESUMED -> "继续";
      case DONE -> "全部发出";
      case CANCELLED -> "取消";
      default -> action.name();
    };
  }

  static String batch(BatchStatus.State state) {
    return switch (state) {
      case OPEN -> "发送中";
      case SENT -> "微信已收下";
      case FAILED -> "没有发出";
      case UNKNOWN -> "结果不明";
      default -> state.name();
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
