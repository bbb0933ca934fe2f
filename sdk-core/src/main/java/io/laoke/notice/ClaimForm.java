package io.laoke.notice;

import io.laoke.binding.ClaimOutcome;
import io.laoke.binding.ReplyTexts;
import io.laoke.binding.ScanOutcome;
import io.laoke.internal.tenant.Tenant;
import io.laoke.notice.SignIn.Visit;
import java.text.Normalizer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The form with an order's number and the last four digits of its phone. */
final class ClaimForm {
  private static final int LONGEST_NUMBER = 64;

  private ClaimForm() {}

  /** What was filled in, and what is wrong with it. */
  record Given(String orderNo, String lastFour, @Nullable String problem) {}

  static Given read(Map<String, String> form) {
    String number = form.getOrDefault("orderNo", "").strip();
    String digits =
        Normalizer.normalize(form.getOrDefault("lastFour", ""), Normalizer.Form.NFKC).strip();
    boolean odd =
        number.isEmpty()
            || number.codePointCount(0, number.length()) > LONGEST_NUMBER
            || number.chars().anyMatch(Character::isISOControl);
    if (odd) {
      return new Given("", digits, "请填写订单号，它在购物小票或送货单上。");
    }
    return digits.matches("[0-9]{4}")
        ? new Given(number, digits, null)
        : new Given(number, digits, "请填写下单手机号的后四位数字。");
  }

  /**
   * The form.
   *
   * @param byPhone where orders are found by a phone instead; null if nowhere
   */
  static WebResponse page(
      String dealer,
      String self,
      @Nullable String byPhone,
      Tenant tenant,
      Visit visit,
      String orderNo,
      @Nullable String problem) {
    Html page = new Html();
    page.raw("<section><h1>绑定我的订单</h1>")
        .element("p", "dim", "绑定后，发货、送货、安装的每一步都会通知您。")
        .raw("<div class=\"gap\"></div>");
    if (problem != null) {
      page.raw("<p class=\"note\" role=\"alert\">").text(problem).raw("</p>");
    }
    page.raw("<form method=\"post\" action=\"")
        .text(self)
        .raw("\"><input type=\"hidden\" name=\"token\" value=\"")
        .text(SignIn.formToken(tenant, visit))
        .raw(
            "\"><label>订单号<input type=\"text\" name=\"orderNo\" maxlength=\"64\" required"
                + " autocomplete=\"off\" placeholder=\"如 SO-1001\" value=\"")
        .text(orderNo)
        .raw(
            "\"></label><label>下单手机号后四位<input type=\"text\" name=\"lastFour\" maxlength=\"4\""
                + " inputmode=\"numeric\" pattern=\"[0-9０-９]{4}\" required autocomplete=\"off\""
                + " placeholder=\"4 位数字\"></label><button class=\"main\">绑定</button></form></section>\n");
    if (byPhone != null) {
      page.raw("<section class=\"actions\">")
          .link(byPhone, "button", "不记得订单号？用手机号找订单")
          .raw("</section>");
    }
    return page.page(problem == null ? 200 : 422, "绑定我的订单", dealer);
  }

  /** What to say above the form; null if the order is theirs. */
  static @Nullable String problem(ClaimOutcome outcome) {
    boolean theirs =
        outcome instanceof ClaimOutcome.Bound
            || outcome instanceof ClaimOutcome.AlreadyYours
            || outcome instanceof ClaimOutcome.AlsoReceiving;
    return theirs ? null : ReplyTexts.chinese().claimed(outcome);
  }

  /** Of an outcome that is theirs. */
  static String orderNo(ClaimOutcome outcome) {
    if (outcome instanceof ClaimOutcome.Bound bound) {
      return bound.order().orderNo();
    }
    return outcome instanceof ClaimOutcome.AlreadyYours yours
        ? yours.order().orderNo()
        : ((ClaimOutcome.AlsoReceiving) outcome).order().orderNo();
  }

  /** The same as a scan would have it. */
  static ScanOutcome asScan(ClaimOutcome outcome) {
    if (outcome instanceof ClaimOutcome.Bound bound) {
      return new ScanOutcome.Bound(bound.order());
    }
    if (outcome instanceof ClaimOutcome.AlreadyYours yours) {
      return new ScanOutcome.AlreadyYours(yours.order(), yours.resumed());
    }
    ClaimOutcome.AlsoReceiving also = (ClaimOutcome.AlsoReceiving) outcome;
    return new ScanOutcome.AlsoReceiving(also.order(), also.recipients());
  }
}
