package io.laoke.notice;

import io.laoke.notice.ServiceDesk.Choice;
import io.laoke.notice.ServiceDesk.Form;
import io.laoke.notice.ServiceDesk.View;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page on which a customer answers to a service that is due. */
final class ServicePage {
  private static final String TITLE = "服务提醒";
  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("M月d日", Locale.CHINA);

  private ServicePage() {}

  static WebResponse of(View view, String self, String dealer) {
    return switch (view.kind()) {
      case UNKNOWN -> Messages.noLink(dealer);
      case OVER, DONE -> Messages.said(dealer, view.kind() == ServiceDesk.Kind.DONE, view, TITLE);
      case OPEN -> open(view, view.form().orElseThrow(), self, dealer);
    };
  }

  private static WebResponse open(View view, Form form, String self, String dealer) {
    Html page = new Html();
    view.problem()
        .ifPresent(
            problem -> page.raw("<p class=\"note\" role=\"alert\">").text(problem).raw("</p>"));
    page.raw("<section class=\"hero\">")
        .element("h1", "", view.title())
        .element("p", "dim", view.words())
        .raw("</section>\n");
    times(page, form, self);
    installed(page, form, self);
    page.raw("<section><h2>暂时不方便？</h2><div class=\"actions\">");
    form.later()
        .forEach(
            one -> page.button(self, Map.of("do", "later", "days", one.value()), "", one.words()));
    page.button(self, Map.of("do", "decline"), "danger", "这次不需要").raw("</div></section>");
    return page.page(view.problem().isEmpty() ? 200 : 422, TITLE, dealer);
  }

  private static void times(Html page, Form form, String self) {
    page.raw("<section><h2>预约上门时间</h2>");
    if (!form.slots().isEmpty()) {
      begin(page, self, "book");
      page.raw("<label>时间<select name=\"slot\" required>");
      options(page, form.slots());
      page.raw("</select></label><button class=\"main\">预约</button></form>");
    }
    if (form.asked()) {
      page.element("p", "note good", "已告诉门店，他们会打电话和您约时间。");
    } else {
      page.raw("<p class=\"gap\"></p>")
          .button(
              self,
              Map.of("do", "call"),
              form.slots().isEmpty() ? "main" : "",
              form.slots().isEmpty() ? "请门店打电话和我约时间" : "时间都不合适，请打电话给我");
    }
    page.raw("</section>\n");
  }

  private static void options(Html page, List<Choice> slots) {
    slots.forEach(
        one ->
            page.raw("<option value=\"")
                .text(one.value())
                .raw("\">")
                .text(one.words())
                .raw("</option>"));
  }

  private static void installed(Html page, Form form, String self) {
    form.assumed()
        .ifPresent(
            day -> {
              page.raw("<section><h2>已安装</h2>")
                  .element("p", "dim", "我们按送货日期推算安装日期为 " + said(day, form) + "。如果不是，请告诉我们实际的安装日期：");
              begin(page, self, "installed");
              page.raw(
                      "<p class=\"gap\"></p><label>安装日期<input type=\"date\" name=\"day\" required max=\"")
                  .text(form.today().toString())
                  .raw("\"></label><button>已安装，更正日期</button></form></section>\n");
            });
  }

  /** With its year if that is not the one of today. */
  private static String said(LocalDate day, Form form) {
    return (day.getYear() == form.today().getYear() ? "" : day.getYear() + "年") + DAY.format(day);
  }

  private static void begin(Html page, String self, String what) {
    page.raw("<form method=\"post\" action=\"")
        .text(self)
        .raw("\"><input type=\"hidden\" name=\"do\" value=\"" + what + "\">");
  }
}
