package io.laoke.binding;

import io.laoke.member.ConsentAnswer;
import java.time.Duration;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/** The standard words. */
final class ChineseReplies {
  private static final DateTimeFormatter AT =
      DateTimeFormatter.ofPattern("M月d日 HH:mm", Locale.CHINA);
  private static final String ASK_SHOP = "如有疑问，请联系门店。";

  private ChineseReplies() {}

  static String text(ScanOutcome.Told told) {
    String text = text(told.outcome());
    return told.offered().isEmpty()
        ? text
        : text + "\n您名下还有订单 " + String.join("、", told.offered()) + " 待确认：请扫描该订单的绑定码，即可接收它的进度通知。";
  }

  private static String text(ScanOutcome outcome) {
    if (outcome instanceof ScanOutcome.Bound bound) {
      return "绑定成功！\n" + shown(bound.order()) + "\n之后的每一步进度都会在这里通知您。";
    }
    if (outcome instanceof ScanOutcome.AlreadyYours yours) {
      return "您已绑定该订单。\n" + shown(yours.order()) + (yours.resumed() ? "\n已为您恢复进度通知。" : "");
    }
    if (outcome instanceof ScanOutcome.AlsoReceiving also) {
      return "您将与家人一起接收该订单的进度通知。\n" + shown(also.order());
    }
    if (outcome instanceof ScanOutcome.StaffScan staff) {
      return "员工您好，订单 " + staff.orderNo() + " 的绑定码可以使用，请由顾客扫码绑定。员工扫码不会绑定。";
    }
    if (outcome instanceof ScanOutcome.FollowsAgain again) {
      return back(again.orders());
    }
    return refusal(outcome);
  }

  static String claimHint(ClaimHint hint) {
    return hint.store().map(store -> "欢迎光临" + store + "！\n").orElse("")
        + "要接收订单的进度通知，请发送：\n绑定 订单号 手机后四位\n例如：绑定 SO-1001 5678"
        + hint.page().map(page -> "\n或者打开 <a href=\"" + page + "\">订单绑定页</a> 填写。").orElse("");
  }

  static String claimed(ClaimOutcome outcome) {
    if (outcome instanceof ClaimOutcome.Bound bound) {
      return text(new ScanOutcome.Bound(bound.order()));
    }
    if (outcome instanceof ClaimOutcome.AlreadyYours yours) {
      return text(new ScanOutcome.AlreadyYours(yours.order(), yours.resumed()));
    }
    if (outcome instanceof ClaimOutcome.AlsoReceiving also) {
      return text(new ScanOutcome.AlsoReceiving(also.order(), also.recipients()));
    }
    if (outcome instanceof ClaimOutcome.TakenByAnother) {
      return "该订单已由其他微信接收通知。" + ASK_SHOP;
    }
    if (outcome instanceof ClaimOutcome.OrderClosed) {
      return refusal(new ScanOutcome.OrderClosed());
    }
    if (outcome instanceof ClaimOutcome.StaffClaim) {
      return "员工您好，员工的微信不能绑定订单，请由顾客本人发送。";
    }
    if (outcome instanceof ClaimOutcome.TooManyTries wait) {
      return "尝试次数过多，请" + later(wait.retryAfter()) + "后再试。" + ASK_SHOP;
    }
    return "没有找到相符的订单，请核对订单号和下单手机号的后四位。" + ASK_SHOP;
  }

  static String consent(ConsentAnswer answer) {
    return switch (answer.state()) {
      case REFUSED ->
          "已为您退订优惠、活动等营销消息，订单进度和服务提醒照常通知您。"
              + answer.change().map("如需恢复，请回复“%s”。"::formatted).orElse("");
      case AGREED ->
          "您已订阅优惠、活动等营销消息。" + answer.change().map("如不想再收到，请回复“%s”。"::formatted).orElse("");
      case STAFF -> "员工您好，员工的微信不会收到营销消息，无需退订。";
    };
  }

  /** Rounded up to whole hours, from a day on to days. */
  static String later(Duration wait) {
    long hours = Math.max(1, (wait.toMinutes() + 59) / 60);
    return hours < 24 ? hours + "小时" : (hours + 23) / 24 + "天";
  }

  private static String back(List<OrderGlance> orders) {
    StringBuilder text = new StringBuilder("欢迎回来！");
    orders.forEach(order -> text.append('\n').append(shown(order)));
    return orders.isEmpty() ? text.toString() : text.append("\n之后的每一步进度都会在这里通知您。").toString();
  }

  private static String refusal(ScanOutcome outcome) {
    if (outcome instanceof ScanOutcome.TakenByAnother) {
      return "该绑定码已被使用，无法再次绑定。" + ASK_SHOP;
    }
    if (outcome instanceof ScanOutcome.Expired) {
      return "该绑定码已过期，请让门店重新出示二维码。";
    }
    if (outcome instanceof ScanOutcome.Revoked) {
      return "该绑定码已作废，请让门店重新出示二维码。";
    }
    if (outcome instanceof ScanOutcome.OrderClosed) {
      return "该订单已关闭，无需绑定。" + ASK_SHOP;
    }
    return "未找到该绑定码对应的订单。" + ASK_SHOP;
  }

  private static String shown(OrderGlance order) {
    StringBuilder text = new StringBuilder("订单：").append(order.orderNo());
    if (!order.items().isEmpty()) {
      text.append("\n商品：").append(order.items());
    }
    text.append("\n当前进度：").append(order.stage().chinese());
    order.at().ifPresent(at -> text.append("（").append(AT.format(at)).append("）"));
    order
        .text()
        .filter(words -> !words.equals(order.stage().chinese()))
        .ifPresent(words -> text.append('\n').append(words));
    return text.toString();
  }
}
