package io.laoke.message;

import io.laoke.error.LaokeException;
import io.laoke.error.StoreException;
import java.time.Duration;

/** The engine's own reasons. */
final class Reasons {
  private Reasons() {}

  static Reason expired() {
    return new Reason(
        "EXPIRED",
        "It could not be sent before it became too old.",
        "See why it waited; retry it if it is still worth telling.",
        "消息超过有效期未能发出。请查看等待原因，仍需告知时可重试。");
  }

  static Reason expired(int count) {
    return new Reason(
        "EXPIRED",
        count
            + (count == 1 ? " message" : " messages")
            + " could not be sent before becoming too old.",
        "See deliveries().unsent() for them and why they waited; retry what is still worth telling.",
        count + "条消息超过有效期未能发出。请在 deliveries().unsent() 查看原因，仍需告知的可重试。");
  }

  static Reason noAddress(ChannelKind channel) {
    if (channel == ChannelKind.SMS) {
      return new Reason(
          "NO_ADDRESS",
          "The number that it was to go to is not known any more.",
          "Nothing can be sent to a number that was erased or taken away; reach the customer otherwise.",
          "该手机号已被删除或不再可用，请用其他方式联系客户。");
    }
    return new Reason(
        "NO_ADDRESS",
        "The recipient has no address in this account.",
        "The customer no longer follows the account; let them scan the order's code again.",
        "该客户在此公众号下没有可用的接收地址（可能已取消关注），请让客户重新扫码关注。");
  }

  static Reason erased() {
    return new Reason(
        "ERASED",
        "The person whom it names was erased, or its words were kept long enough.",
        "",
        "");
  }

  static Reason noAddressForRepeat() {
    return new Reason(
        "UNKNOWN",
        "An attempt may have left, and it cannot be repeated: the recipient has no address any more.",
        "Drop it.",
        "消息可能已发出，且客户已无接收地址，无法重试；请放弃该消息。");
  }

  static Reason workerLost() {
    return new Reason(
        "WORKER_LOST",
        "The process ended, or the channel did not answer, while it was being sent.",
        "",
        "");
  }

  static Reason poison(int claims) {
    return new Reason(
        "CLAIMED_" + claims + "_TIMES",
        "It was taken up %d times and each time its process ended or its channel gave no answer."
            .formatted(claims),
        "Look into the log of that time; retry or drop it. It may have arrived.",
        "该消息连续 " + claims + " 次处理中断，请检查日志后重试或放弃；消息可能已送达。");
  }

  static Reason unreadable(String what) {
    return new Reason(
        "UNREADABLE",
        "The stored message cannot be read: " + what,
        "Restore the sealer's keys or the newer version, then retry; or drop it.",
        "消息内容无法读取，请恢复加密密钥或新版本后重试，或放弃该消息。");
  }

  static Reason notJudged(GateRule rule, RuntimeException failure) {
    return new Reason(
        "GATE_FAILED",
        "The rule %s failed with %s."
            .formatted(rule.getClass().getSimpleName(), failure.getClass().getSimpleName()),
        "Look into the log, remove the cause, then retry the message or drop it.",
        "发送判定规则出错，请查看日志并排除原因后重试，或放弃该消息。");
  }

  static Reason unknown(Reason last) {
    return new Reason(
        "UNKNOWN",
        "Whether it arrived is unknown, and it is too late to repeat it safely. Last answer: %s %s"
            .formatted(last.code(), last.text()),
        "Ask the customer or look at the platform; then retry (it may arrive twice) or drop it.",
        "无法确认是否送达，且已过安全重试时间。请向客户或平台核实后重试（可能重复送达）或放弃。");
  }

  static Reason noChannel(ChannelKind channel) {
    return new Reason(
        "NO_CHANNEL",
        "The account does not offer the channel " + channel + ".",
        "Configure an account that can send it, then resume.",
        "该账号不支持此触达通道，请更换账号配置后恢复。");
  }

  static Reason callLimit(Duration limit, Duration lease) {
    return new Reason(
        "CALL_LIMIT",
        "The channel's call limit of %s is not shorter than the lease of %s."
            .formatted(limit, lease),
        "Give the channel a call limit of at most 45 seconds, then resume.",
        "触达通道的调用时限过长，请改为不超过 45 秒后恢复。");
  }

  static Reason notReadableYet(LaokeException why) {
    return new Reason(
        "NOT_READABLE_YET",
        String.valueOf(why.getMessage()),
        "Bring this node up to date; until then a newer node sends it.",
        "本节点暂时无法读取该消息，请升级本节点；在此之前由新版本节点发送。");
  }

  static Reason stalled(Throwable failure) {
    if (failure instanceof StoreException store) {
      return new Reason(
          "DATABASE",
          String.valueOf(store.getMessage()),
          "Bring the database back; nothing is lost, and sending goes on by itself.",
          "数据库不可用，消息暂停发送。请恢复数据库；消息不会丢失，恢复后自动继续发送。");
    }
    return new Reason(
        "FAILED",
        "The engine failed with " + failure.getClass().getName() + ".",
        "See the log for where; sending goes on by itself once the cause is gone.",
        "发送引擎连续失败，请查看日志；原因排除后自动继续发送。");
  }

  static Reason accountMissing() {
    return new Reason(
        "ACCOUNT_MISSING",
        "Messages wait for an account that is not configured on this node.",
        "Configure the account again; until then its messages wait and expire.",
        "有消息等待发送，但本节点未配置该公众号；请恢复配置，否则消息将过期。");
  }

  /** The same reason with what to do, where whoever gave it did not say. */
  static Reason withAdvice(Alarm.Kind kind, Reason given) {
    if (!given.advice().isBlank() && !given.adviceZh().isBlank()) {
      return given;
    }
    String advice;
    String adviceZh;
    switch (kind) {
      case UNREACHABLE -> {
        advice =
            "See whether the platform, or the way to it, is down; it is tried again by itself.";
        adviceZh = "请检查平台或到平台的网络是否正常；系统会自动重试。";
      }
      case PAUSED -> {
        advice = "Remove the cause, then resume it with deliveries().resume; nothing is lost.";
        adviceZh = "请排除原因后用 deliveries().resume 恢复；暂停期间的消息不会丢失。";
      }
      default -> {
        advice =
            "See what the platform means by that code; then send the message again with"
                + " deliveries().retry, or leave it.";
        adviceZh = "请查询平台对该代码的说明，处理后用 deliveries().retry 重发该消息，或不再发送。";
      }
    }
    return new Reason(
        given.code(),
        given.text(),
        given.advice().isBlank() ? advice : given.advice(),
        given.adviceZh().isBlank() ? adviceZh : given.adviceZh());
  }

  static Reason noReceipt() {
    return new Reason(
        "NO_RECEIPT",
        "The platform took the message and reported nothing of it within 72 hours; it may have arrived.",
        "Check that what the provider pushes reaches laoke.smsPushes().receipts(…).",
        "平台已接收，但 72 小时内没有状态报告，可能已送达；请检查状态报告的接收配置。");
  }

  static Reason notDelivered(Inbound.Delivery delivery, String detail) {
    return delivery == Inbound.Delivery.BLOCKED
        ? new Reason(
            "BLOCKED",
            "The customer refuses this account's messages. " + detail,
            "Tell the customer otherwise.",
            "客户已拒收该账号的消息，请用其他方式告知。")
        : new Reason(
            "DELIVERY_FAILED",
            "The platform took the message and then failed to deliver it. " + detail,
            "Tell the customer otherwise if it matters.",
            "平台接收后投递失败，必要时请用其他方式告知。");
  }
}
