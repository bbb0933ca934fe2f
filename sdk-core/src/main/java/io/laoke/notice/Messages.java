package io.laoke.notice;

import io.laoke.binding.OrderGlance;
import io.laoke.binding.QrCode;
import io.laoke.binding.QrOptions;
import io.laoke.binding.ScanOutcome;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Pages that say one thing. */
final class Messages {
  private static final DateTimeFormatter AT =
      DateTimeFormatter.ofPattern("M月d日 HH:mm", Locale.CHINA);
  private static final String US = "订单服务";

  private Messages() {}

  private static Html message(boolean good, String title, String words) {
    return new Html()
        .raw("<section class=\"message\"><div class=\"mark")
        .raw(good ? "\" aria-hidden=\"true\">✓</div>" : " no\" aria-hidden=\"true\">!</div>")
        .element("h1", "", title)
        .element("p", "dim", words);
  }

  private static WebResponse end(Html page, int status, String title, String dealer) {
    return page.raw("</section>").page(status, title, dealer.isEmpty() ? US : dealer);
  }

  private static WebResponse again(Html page, String dealer, int status, @Nullable String address) {
    if (address != null) {
      page.raw("<p class=\"gap\"></p>").link(address, "button main", "重新打开");
    }
    return end(page, status, "请重新打开", dealer);
  }

  static WebResponse nothing(String dealer) {
    return nothing(dealer, 404);
  }

  static WebResponse nothing(String dealer, int status) {
    return end(message(false, "没有这个页面", "请检查链接是否完整。"), status, "没有这个页面", dealer);
  }

  static WebResponse noLink(String dealer) {
    return end(message(false, "链接无效", "请检查链接是否完整，或联系门店重新获取。"), 404, "链接无效", dealer);
  }

  static WebResponse over(String dealer) {
    return end(message(false, "链接已失效", "您已不再接收该订单的通知，或链接已过期。如有疑问，请联系门店。"), 404, "链接已失效", dealer);
  }

  static WebResponse broken(String dealer) {
    return end(message(false, "页面暂时打不开", "请稍后再试。"), 503, "暂时打不开", dealer)
        .header("Retry-After", "30");
  }

  static WebResponse busy(String dealer, String address) {
    return again(message(false, "微信暂时没有应答", "请稍后再试，订单不受影响。"), dealer, 503, address);
  }

  static WebResponse startAgain(String dealer, @Nullable String address) {
    return again(
        message(
            false, "请重新打开", address == null ? "登录已过期。请关闭本页，重新扫码或打开原来的链接。" : "登录已过期或已使用过，请重新打开。"),
        dealer,
        400,
        address);
  }

  static WebResponse snapshot(String dealer, String address) {
    return again(
        message(false, "请使用完整服务", "您正在以快照模式浏览，无法确认身份。请点击页面底部的“使用完整服务”，再重新打开。"),
        dealer,
        403,
        address);
  }

  static WebResponse unable(String dealer) {
    return end(message(false, "暂时无法在这里绑定", "请联系门店出示绑定二维码，用微信扫一扫即可。"), 503, "暂时无法绑定", dealer);
  }

  static WebResponse outside(String dealer, QrCode self) {
    return end(
        message(false, "请在微信中打开", "用微信扫描下面的二维码，即可绑定订单、接收进度通知。")
            .code(self.png(QrOptions.standard().withSize(480).withQuietZone(2)), "本页的二维码")
            .element("p", "dim", "在手机上：长按保存图片，打开微信“扫一扫”从相册选取。"),
        200,
        "请在微信中打开",
        dealer);
  }

  static void welcome(Html page, ScanOutcome outcome) {
    if (outcome instanceof ScanOutcome.Bound bound) {
      welcome(page, "绑定成功", bound.order(), "之后的每一步进度都会通知您。");
    } else if (outcome instanceof ScanOutcome.AlsoReceiving also) {
      welcome(page, "绑定成功", also.order(), "您将与家人一起接收该订单的进度通知。");
    } else if (outcome instanceof ScanOutcome.AlreadyYours yours) {
      welcome(page, "您已绑定该订单", yours.order(), yours.resumed() ? "已为您恢复进度通知。" : "");
    }
  }

  private static void welcome(Html page, String title, OrderGlance order, String words) {
    page.raw("<section class=\"message\"><div class=\"mark\" aria-hidden=\"true\">✓</div>")
        .element("h1", "", title);
    if (!words.isEmpty()) {
      page.element("p", "dim", words);
    }
    page.raw("</section>\n<section><dl class=\"facts\">");
    fact(page, "订单号", order.orderNo());
    if (!order.items().isEmpty()) {
      fact(page, "商品", order.items());
    }
    fact(
        page,
        "当前进度",
        order.text().orElse(order.stage().chinese())
            + order.at().map(at -> "（" + AT.format(at) + "）").orElse(""));
    page.raw("</dl></section>\n");
  }

  private static void fact(Html page, String name, String value) {
    page.raw("<div>").element("dt", "", name).element("dd", "", value).raw("</div>");
  }

  static WebResponse refused(String dealer, ScanOutcome outcome) {
    String title;
    String words;
    if (outcome instanceof ScanOutcome.TakenByAnother) {
      title = "无法绑定";
      words = "该订单已由其他微信接收通知。如有疑问，请联系门店。";
    } else if (outcome instanceof ScanOutcome.Expired) {
      title = "链接已过期";
      words = "请联系门店重新出示二维码。";
    } else if (outcome instanceof ScanOutcome.Revoked) {
      title = "链接已作废";
      words = "请联系门店重新出示二维码。";
    } else if (outcome instanceof ScanOutcome.OrderClosed) {
      title = "订单已关闭";
      words = "该订单已取消或退货，无需绑定。如有疑问，请联系门店。";
    } else if (outcome instanceof ScanOutcome.StaffScan staff) {
      title = "链接可以使用";
      words = "员工您好，这是订单 " + staff.orderNo() + " 的链接，请由顾客打开。员工的微信不会绑定。";
    } else {
      title = "无法绑定";
      words = "该订单已不能绑定。如有疑问，请联系门店。";
    }
    return end(message(false, title, words), 200, title, dealer);
  }

  static WebResponse leaving(String dealer, String orderNo, String path, String token) {
    Html page =
        message(false, "不是您的订单？", "解除后，您不再接收订单 " + orderNo + " 的通知，也不能再打开它的页面。")
            .raw("<p class=\"gap\"></p><div class=\"actions\">")
            .button(path, Map.of("do", "left", "token", token), "danger main", "确认，不是我的订单")
            .link(path, "button", "返回")
            .raw("</div>");
    return end(page, 200, "不是我的订单", dealer);
  }

  static WebResponse left(String dealer, String orderNo) {
    return end(
        message(true, "已解除", "您不再接收订单 " + orderNo + " 的通知。如果弄错了，请重新扫描订单的二维码。"), 200, "已解除", dealer);
  }

  static WebResponse said(String dealer, boolean good, ServiceDesk.View view, String title) {
    return end(message(good, view.title(), view.words()), 200, title, dealer);
  }

  static WebResponse subscription(
      String dealer, SubscriptionAsk.Answer answer, Optional<String> back) {
    String title =
        switch (answer) {
          case AGREED -> "已开启提醒";
          case DECLINED -> "未开启提醒";
          case STRANGE -> "没有开启";
        };
    Html page =
        message(
            answer == SubscriptionAsk.Answer.AGREED,
            title,
            switch (answer) {
              case AGREED -> "下次服务到期时，微信提醒您一次。";
              case DECLINED -> "您可以随时在订单页重新开启。";
              case STRANGE -> "请从订单页重新开启，并使用接收该订单通知的微信。";
            });
    back.ifPresent(address -> page.raw("<p class=\"gap\"></p>").link(address, "button", "查看订单"));
    return end(page, answer == SubscriptionAsk.Answer.STRANGE ? 400 : 200, title, dealer);
  }
}
