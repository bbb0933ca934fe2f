package io.laoke.notice;

import io.laoke.base.Phone;
import io.laoke.binding.ClaimOutcome;
import io.laoke.binding.OrderGlance;
import io.laoke.binding.PhoneClaim;
import io.laoke.binding.PhoneCode;
import io.laoke.internal.tenant.Tenant;
import io.laoke.notice.SignIn.Visit;
import java.text.Normalizer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The form with a phone, then that with the code which was sent to it, then the orders. */
final class PhoneForm {
  private static final String TITLE = "用手机号找订单";
  private static final String STAFF = "员工您好，员工的微信不能绑定订单，请由顾客本人操作。";
  private static final int LONGEST = 20;
  private static final Duration SHORT = Duration.ofMinutes(2);

  private final String dealer;
  private final String self;
  private final String byNumber;
  private final Tenant tenant;
  private final Visit visit;

  PhoneForm(String dealer, String self, String byNumber, Tenant tenant, Visit visit) {
    this.dealer = dealer;
    this.self = self;
    this.byNumber = byNumber;
    this.tenant = tenant;
    this.visit = visit;
  }

  /** The mobile phone that was written; empty if it is none. */
  static Optional<Phone> phone(Map<String, String> form) {
    return Phone.read(form.getOrDefault("phone", "")).filter(Phone::mobile);
  }

  /** What was written in place of a phone, as far as its field would take it. */
  static String written(Map<String, String> form) {
    String text = form.getOrDefault("phone", "").strip();
    return text.length() > LONGEST ? "" : text;
  }

  /** The code as it was written; empty if it is none. */
  static Optional<String> code(Map<String, String> form) {
    String plain = Normalizer.normalize(form.getOrDefault("code", ""), Normalizer.Form.NFKC);
    return Optional.of(plain.replaceAll("\\s", "")).filter(code -> code.matches("[0-9]{6}"));
  }

  WebResponse ask(String phone, @Nullable String problem) {
    Html page = begin("下单时留的手机号。会发一条验证码短信，确认是您本人。", problem);
    form(page, "send", "")
        .raw(
            "<label>手机号<input type=\"text\" name=\"phone\" maxlength=\""
                + LONGEST
                + "\" inputmode=\"tel\"")
        .raw(" required autocomplete=\"tel\" placeholder=\"11 位手机号\" value=\"")
        .text(phone)
        .raw("\"></label><button class=\"main\">获取验证码</button></form></section>\n");
    page.raw("<section class=\"actions\">").link(byNumber, "button", "改用订单号绑定").raw("</section>");
    return page.page(problem == null ? 200 : 422, TITLE, dealer);
  }

  /** What asking for a code came to. */
  WebResponse sent(Phone phone, PhoneCode came) {
    if (came instanceof PhoneCode.Sent sent) {
      return askCode(
          phone,
          "如果 %s 是下单时留的手机号，验证码短信马上就到，%d 分钟内有效。"
              .formatted(phone.masked(), sent.validFor().toMinutes()),
          null);
    }
    if (came instanceof PhoneCode.TooManyTries wait) {
      return wait.retryAfter().compareTo(SHORT) < 0
          ? askCode(
              phone, "一分钟只能发一条验证码，请先看看手机上的短信；换了手机号，就稍等再发。", later(wait.retryAfter()) + "后才能再发一条。")
          : ask(phone.value(), "今天获取验证码的次数已经用完，请 " + later(wait.retryAfter()) + "后再试，或改用订单号绑定。");
    }
    return ask(
        phone.value(), came instanceof PhoneCode.StaffClaim ? STAFF : "现在发不了验证码短信，请改用订单号绑定，或联系门店。");
  }

  WebResponse askCode(Phone phone, String words, @Nullable String problem) {
    Html page = begin(words, problem);
    form(page, "code", phone.value())
        .raw("<label>短信里的验证码<input type=\"text\" name=\"code\" maxlength=\"12\" required")
        .raw(" inputmode=\"numeric\" autocomplete=\"one-time-code\" placeholder=\"6 位数字\">")
        .raw("</label><button class=\"main\">查看我的订单</button></form></section>\n");
    page.raw("<section class=\"actions\">");
    form(page, "send", phone.value()).raw("<button>没收到，再发一条</button></form>");
    page.link(self, "button", "换一个手机号").raw("</section>");
    return page.page(problem == null ? 200 : 422, TITLE, dealer);
  }

  /** A code that did not prove the phone. */
  WebResponse refused(Phone phone, PhoneClaim came) {
    if (came instanceof PhoneClaim.WrongCode wrong && wrong.triesLeft() > 0) {
      return askCode(phone, "请填写最近一条短信里的 6 位数字。", "验证码不对，还可以试 " + wrong.triesLeft() + " 次。");
    }
    return ask(
        phone.value(),
        came instanceof PhoneClaim.StaffClaim
            ? STAFF
            : came instanceof PhoneClaim.WrongCode
                ? "验证码不对，试的次数已经用完，请重新获取。"
                : "验证码已经过期或用过了，请重新获取。");
  }

  /**
   * The orders that are theirs now.
   *
   * @param years orders of so many years are bound
   * @param address of an order's page, if there is one
   */
  Html proven(PhoneClaim.Proven proven, int years, Function<String, Optional<String>> address) {
    List<OrderGlance> theirs = theirs(proven);
    int others = proven.orders().size() - theirs.size();
    Html page = new Html();
    page.raw("<section class=\"message\"><div class=\"mark\" aria-hidden=\"true\">✓</div>")
        .element("h1", "", theirs.isEmpty() ? "手机号已验证" : "找到 " + theirs.size() + " 张订单")
        .element(
            "p",
            "dim",
            theirs.isEmpty() ? "最近 " + years + " 年没有可以绑定的订单。下次购买后会自动通知您。" : "之后的每一步进度都会通知您。");
    if (others > 0) {
      page.element("p", "dim", "另有 " + others + " 张已取消、已退货，或由其他微信接收通知。");
    }
    page.raw("</section>\n");
    for (OrderGlance order : theirs) {
      page.raw("<section><dl class=\"facts\">");
      fact(page, "订单号", order.orderNo());
      if (!order.items().isEmpty()) {
        fact(page, "商品", order.items());
      }
      fact(page, "当前进度", order.text().orElse(order.stage().chinese()));
      page.raw("</dl>");
      address
          .apply(order.orderNo())
          .ifPresent(to -> page.raw("<p class=\"gap\"></p>").link(to, "button", "查看订单"));
      page.raw("</section>\n");
    }
    return page;
  }

  WebResponse page(Html page) {
    return page.page(200, TITLE, dealer);
  }

  static List<OrderGlance> theirs(PhoneClaim.Proven proven) {
    return proven.orders().stream().flatMap(one -> glance(one).stream()).toList();
  }

  private static Optional<OrderGlance> glance(ClaimOutcome outcome) {
    if (outcome instanceof ClaimOutcome.Bound bound) {
      return Optional.of(bound.order());
    }
    if (outcome instanceof ClaimOutcome.AlreadyYours yours) {
      return Optional.of(yours.order());
    }
    return outcome instanceof ClaimOutcome.AlsoReceiving also
        ? Optional.of(also.order())
        : Optional.empty();
  }

  private static Html begin(String words, @Nullable String problem) {
    Html page = new Html();
    page.raw("<section><h1>" + TITLE + "</h1>").element("p", "dim", words);
    page.raw("<div class=\"gap\"></div>");
    if (problem != null) {
      page.raw("<p class=\"note\" role=\"alert\">").text(problem).raw("</p>");
    }
    return page;
  }

  private Html form(Html page, String what, String phone) {
    page.raw("<form method=\"post\" action=\"")
        .text(self)
        .raw("\"><input type=\"hidden\" name=\"token\" value=\"")
        .text(SignIn.formToken(tenant, visit))
        .raw("\"><input type=\"hidden\" name=\"do\" value=\"" + what + "\">");
    if (!phone.isEmpty()) {
      page.raw("<input type=\"hidden\" name=\"phone\" value=\"").text(phone).raw("\">");
    }
    return page;
  }

  private static void fact(Html page, String name, String value) {
    page.raw("<div>").element("dt", "", name).element("dd", "", value).raw("</div>");
  }

  /** Rounded up: seconds, then whole hours. */
  private static String later(Duration wait) {
    return wait.compareTo(SHORT) < 0
        ? Math.max(1, (wait.toMillis() + 999) / 1000) + " 秒"
        : Math.max(1, (wait.toMinutes() + 59) / 60) + " 小时";
  }
}
