package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.message.ChannelKind;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.message.Reason;
import io.laoke.order.StageRecord;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** 通知记录: in people's words, who was told what of an order, and why not. */
@Component
class NoticeLog {
  private final Dealer dealer;

  NoticeLog(Laoke laoke) {
    this.dealer = laoke.dealer("hengxin");
  }

  /** Newest first. */
  List<Entry> of(String orderNo) {
    Map<Long, String> stages =
        dealer.orders().history(orderNo).stages().stream()
            .collect(Collectors.toMap(StageRecord::id, stage -> stage.stage().chinese()));
    List<Entry> entries =
        dealer.deliveries().decisions(orderNo).stream()
            .map(
                decision ->
                    new Entry(
                        about(decision, stages),
                        whose(decision),
                        words(decision),
                        tone(decision),
                        why(decision),
                        decision.at()))
            .collect(Collectors.toList());
    Collections.reverse(entries);
    return entries;
  }

  private static Optional<String> why(Decision decision) {
    if (decision.delivery().equals(Optional.of(Inbound.Delivery.EXPIRED))) {
      return Optional.of("发出 72 小时后，运营商仍没有说送到没有；客户可能已经收到。");
    }
    return decision
        .reason()
        .filter(reason -> decision.result() != Decision.Result.REPLIED)
        .map(NoticeLog::shown);
  }

  private static String about(Decision decision, Map<Long, String> stages) {
    return decision.causeKind().equals("REMINDER")
        ? "服务提醒"
        : stages.getOrDefault(decision.causeId(), "已上报");
  }

  private static String whose(Decision decision) {
    boolean text = decision.channel() == ChannelKind.SMS && !decision.recipient().isEmpty();
    return text ? "短信" : recipient(decision.recipient());
  }

  /** As {@code Recipient.shown()} names them. */
  static String recipient(String opaque) {
    return opaque.isEmpty() ? "无人" : "微信" + opaque.substring(0, Math.min(4, opaque.length()));
  }

  static String shown(Reason reason) {
    String advice = reason.adviceZh().isEmpty() ? reason.text() : reason.adviceZh();
    return advice + "（" + reason.code() + "）";
  }

  private static String words(Decision decision) {
    return switch (decision.result()) {
      case QUEUED -> "等待发送";
      case DEFERRED -> "暂缓";
      case SENT -> arrival(decision);
      case FITTED -> arrival(decision) + "，内容有调整";
      case REPLIED -> decision.channel() == ChannelKind.WEB_PAGE ? "打开页面时已告知" : "扫码时已告知";
      case STOPPED -> "未发送";
      case EXPIRED -> "已过期";
      case REFUSED -> decision.channel() == ChannelKind.SMS ? "短信没发出" : "微信拒收";
      case UNKNOWN -> "结果不明";
      case PARKED -> "搁置";
      case DROPPED -> "已放弃";
    };
  }

  /** What WeChat has reported since it took the message. */
  private static String arrival(Decision decision) {
    return decision
        .delivery()
        .map(
            report ->
                switch (report) {
                  case DELIVERED -> "已送达";
                  case BLOCKED -> "客户拒收";
                  case EXPIRED -> "没有送达回执";
                  case FAILED -> "送达失败";
                })
        .orElse("已发送");
  }

  private static String tone(Decision decision) {
    if (decision.delivery().filter(report -> report != Inbound.Delivery.DELIVERED).isPresent()) {
      return decision.delivery().get() == Inbound.Delivery.EXPIRED ? "wait" : "bad";
    }
    return switch (decision.result()) {
      case SENT, FITTED, REPLIED -> "good";
      case QUEUED, DEFERRED -> "wait";
      case STOPPED, DROPPED -> "";
      case EXPIRED, REFUSED, UNKNOWN, PARKED -> "bad";
    };
  }

  /**
   * One decision.
   *
   * @param stage what was to be told
   * @param recipient to whom
   * @param result what became of it
   * @param tone how it is coloured
   * @param reason why, if there is something to say
   * @param at when there was something to tell, on the day that is played
   */
  record Entry(
      String stage,
      String recipient,
      String result,
      String tone,
      Optional<String> reason,
      Instant at) {}
}
