package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Laoke;
import io.laoke.reminder.NextService;
import io.laoke.reminder.Reminders;
import io.laoke.reminder.UnitReminder;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.SmsGateway;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.Select;

/**
 * 服务提醒 in a real browser, from the rule to the income; leaves pictures in {@code
 * target/screenshots}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RemindersBrowserTest extends PagesInBrowser {

  private static Reminders reminders;

  @BeforeAll
  static void start() throws IOException {
    started("--erp.demo.members=400");
    reminders = erp.bean(Laoke.class).dealer("hengxin").reminders();
    OrderDesk desk = erp.bean(OrderDesk.class);
    for (OrderStatus step :
        List.of(OrderStatus.SCHEDULED, OrderStatus.DELIVERED, OrderStatus.INSTALLED)) {
      StepForm form = StepForm.to(step);
      form.setVisitOn(desk.today());
      desk.advance(orderOf("周敏"), form);
    }
    hood("苏青", "13705710066");
  }

  /** A follower whose hood was installed today. */
  private static void hood(String customer, String phone) {
    OrderDesk desk = erp.bean(OrderDesk.class);
    OrderForm order = OrderForm.blank(1);
    order.setCustomerName(customer);
    order.setCustomerPhone(phone);
    order.setRegion("浙江/杭州/西湖区");
    order.setStreet("文三路 66 号");
    order.setSalesperson("D1001");
    order.getLines().get(0).setSku("KH2101");
    String orderNo = desk.create(order);
    CustomerNotices notices = erp.bean(CustomerNotices.class);
    notices.issue(orderNo);
    erp.account().follower(customer).scan(notices.code(orderNo).content());
    for (OrderStatus step :
        List.of(
            OrderStatus.APPROVED,
            OrderStatus.SHIPPED,
            OrderStatus.SCHEDULED,
            OrderStatus.DELIVERED,
            OrderStatus.INSTALLED)) {
      StepForm to = StepForm.to(step);
      to.setVisitOn(desk.today());
      desk.advance(orderNo, to);
    }
  }

  @Test
  @Order(1)
  void theCustomerAgreesToOneMessage() throws Exception {
    browser.manage().window().setSize(PHONE);
    phoneHas("苏青", "订单进度通知");
    phone("苏青");
    shows("#screen", "订单进度通知");
    picture("phone-notices");
    tap("#screen .card-more");
    shows("main", "保养提醒");
    tall("phone-order", PHONE);
    tapLink("到期时微信提醒我一次");
    shows("body", "申请给您发送一次服务消息");
    picture("phone-ask");
    tapLink("允许");
    shows("main", "已开启提醒");
    picture("phone-agreed");
    tapLink("查看订单");
    shows("main", "已开启：下次服务到期时，微信提醒您一次。");
  }

  @Test
  @Order(2)
  void fromTheRuleToTheIncome() throws Exception {
    browser.manage().window().setSize(DESK);
    LocalDate today = erp.bean(DemoDate.class).today();
    LocalDate due = today.plusMonths(6);

    // A new user has no rule yet, and makes one.
    open("/reminders");
    shows("#doing", "还没有规则");
    picture("reminders-none");
    click(".tabs a[href$=rules]");
    click("#new-rule");
    find("#name").sendKeys("油烟机清洗");
    select("#category", "油烟机");
    shows("#means", "顾晓棠");
    shows("#means", "安装 %s + 6个月 = %s".formatted(today, due));
    shows("#effect", "个新增");
    picture("rule-new");
    tall("rule-new-tall", DESK);
    click("#save");
    shows(".flash", "已保存规则“油烟机清洗”");
    shows("#rules .progress", "已重排");
    shows("#rules .progress", "个新增");
    picture("rules");

    // The clock goes forward, the list fills, the customer is told.
    goTo(due);
    open("/reminders");
    shows("#doing", "都在清单里");
    shows("#live", "油烟机");
    picture("reminders-work");
    open("/reminders?due=today");
    shows("#live", "顾晓棠");
    String order = orderOf("顾晓棠");
    phoneHas("顾晓棠", "家电保养到期提醒");
    shows(row("顾晓棠") + " .w-told", "微信已通知");
    picture("reminders-today");

    // Staff take the task up, reach the customer, and book a visit.
    click(row("顾晓棠") + " button");
    shows(".flash", "已领取");
    shows("#now", "跟进中");
    shows("#now", "安装 %s + 6个月 = %s".formatted(today, due));
    phoneShows("家电保养到期提醒");
    picture("task");
    tall("task-tall", DESK);
    new Select(find("#result")).selectByVisibleText("已联系上");
    click("#contacted");
    shows(".flash", "已记下这次联系");
    click("#book");
    shows(".flash", "已预约");
    shows("#work-order", "GD");
    shows("#history", "开出工单");

    // It is done, paid, and due again half a year later.
    find("#paid").sendKeys("120");
    select("#technician", "赵师傅");
    click("#finish");
    shows(".flash", "已完成，收入 ¥120.00");
    LocalDate again = due.plusMonths(6);
    shows(".flash", "上次服务 %s + 6个月 = %s".formatted(due, again));
    shows("#now", "收入 ¥120.00");
    assertThat(next(order)).isEqualTo(again);
    picture("task-done");
    open("/reminders?state=DONE");
    shows("#live", "顾晓棠");
    shows("#live", "收入 ¥120.00");

    // The report counts it.
    click(".tabs a[href$=report]");
    shows("#income", "¥120.00");
    drawn(2);
    picture("report");
    tall("report-tall", DESK);
  }

  @Test
  @Order(3)
  void whoAgreedGetsThatMessageAndNoOther() throws Exception {
    LocalDate today = erp.bean(DemoDate.class).today();
    browser.manage().window().setSize(PHONE);
    phoneHas("苏青", "油烟机清洗提醒");
    assertThat(erp.account().follower("苏青").cards())
        .extracting(ChatMessage::title)
        .doesNotContain("家电保养到期提醒");
    phone("苏青");
    shows("#screen", "您在西湖文三路店买的侧吸式油烟机");
    String day = "%d月%d日".formatted(today.getMonthValue(), today.getDayOfMonth());
    shows("#screen .line:last-child .card", "油烟机清洗提醒\n" + day);
    picture("phone-reminded");
    tap("#screen .card-more");
    shows("main", "预约上门时间");

    browser.manage().window().setSize(DESK);
    open("/reminders?due=today");
    shows("#live", "苏青");
    shows(row("苏青") + " .w-told", "微信一次性订阅已通知");
    click(row("苏青") + " .w-who a");
    shows("#contacts", "微信一次性订阅");
    open("/orders/" + orderOf("苏青"));
    shows("#notices", "服务提醒");
    tall("order-told", DESK);
  }

  @Test
  @Order(4)
  void theCustomerBooksOnTheirPhone() throws Exception {
    browser.manage().window().setSize(PHONE);
    phoneHas("周敏", "家电保养到期提醒");
    String link =
        erp.account().follower("周敏").cards().stream()
            .filter(card -> card.title().equals("家电保养到期提醒"))
            .findFirst()
            .orElseThrow()
            .url();
    browser.get(link);
    shows("main", "油烟机清洗");
    shows("main", "预约上门时间");
    picture("answer");
    new Select(find("select[name=slot]")).selectByIndex(2);
    click("form:has(select[name=slot]) button");
    shows("main", "已预约");
    picture("answered");

    browser.manage().window().setSize(DESK);
    open("/reminders?due=today");
    shows("#live", "周敏");
    shows(row("周敏") + " .w-state", "已预约");
    shows(row("周敏") + " .w-what", "GD");
    click(row("周敏") + " .w-who a");
    shows("#history", "客户");
    picture("task-booked-by-customer");
    click("#claim");
    shows("#now", "已预约");
    shows("#now", "由王丽娟跟进");
  }

  private static LocalDate next(String order) {
    UnitReminder only =
        reminders.of(order).stream()
            .filter(one -> one.kind().equals("清洗"))
            .findFirst()
            .orElseThrow();
    return ((NextService.Due) only.next()).due();
  }

  @Test
  @Order(5)
  void theRuleSaysWhoGetsTheWorkAndEachIsToldOfTheirsEveryDay() throws Exception {
    browser.manage().window().setSize(DESK);
    open("/reminders/digests");
    shows("#live", "摘要");
    open("/reminders/rules/new");
    find("#name").sendKeys("净水器换芯");
    select("#category", "净水器");
    find("#kind").clear();
    find("#kind").sendKeys("换芯");
    select("#assignBy", "指定的几位轮流");
    shows("#means", "轮流要选 1 到 200 位员工");
    click("#save");
    shows("#assign .turns .error", "轮流要选 1 到 200 位员工");
    assertThat(find("#assignBy").getDomProperty("value")).isEqualTo("ROUND_ROBIN");
    click("input[name=assignStaff][value=D2001]");
    click("input[name=assignStaff][value=D2002]");
    shows("#effect", "个新增");
    tall("rule-assigned", DESK);
    click("#save");
    shows(".flash", "已保存规则“净水器换芯”");
    shows("#rules", "沈佳、俞建国 轮流");
    open("/reminders?who=D2001&kind=换芯");
    shows("#live .w-by", "沈佳");
    open("/reminders?who=D2002&kind=换芯");
    shows("#live .w-by", "俞建国");

    // Others cannot claim what is on somebody's list.
    click("#live .w-who a");
    shows("#now", "在俞建国的清单里");
    shows("#history", "给俞建国");
    shows(".doings", "俞建国的清单里有这一项");
    assertThat(browser.findElements(By.cssSelector("#claim"))).isEmpty();
    open("/reminders/rules");
    click(".rule a[aria-label='修改 净水器换芯']");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> find("input[name=assignStaff][value=D2002]").isSelected());
    assertThat(find("input[name=assignStaff][value=D1001]").isSelected()).isFalse();

    // On the next day each is told, on the page and by a text message.
    LocalDate next = erp.bean(DemoDate.class).today().plusDays(1);
    goTo(next);
    open("/reminders/digests");
    shows(digest(next, "D2001"), "沈佳");
    shows(digest(next, "D2001"), "本页，短信 154****2001");
    shows(digest(next, "D2002"), "本页，短信 154****2002");
    assertThat(find(digest(next, "D2001") + " .d-over").getText()).isNotEqualTo("0");
    actAs("沈佳");
    shows("#texts", "今天的服务提醒：待跟进");
    picture("digests");
    open("/reminders");
    shows("#digest", "今天给沈佳的摘要");
    shows("#digest", "本页，短信 154****2001");
    picture("work-digest");
    open("/reminders?who=mine");
    click("#live .w-by button");
    shows(".flash", "已领取");
    open("/reminders");
    click("#next-task");
    shows(".flash", "已领取");
    shows("#now", "由沈佳跟进");
    open("/reminders");
    actAs("王丽娟");
  }

  @Test
  @Order(6)
  void everyPageFitsAPhone() throws Exception {
    open("/reminders");
    String task = String.valueOf(find(".work .w-who a").getDomAttribute("href"));
    String rule = reminders.rules().list().get(0).rule().code();
    browser.manage().window().setSize(PHONE);
    for (String path :
        List.of(
            "/reminders",
            "/reminders/digests",
            task,
            "/reminders/rules",
            "/reminders/rules/" + rule + "/edit",
            "/reminders/calendar",
            "/reminders/report")) {
      open(path);
      if (path.endsWith("edit")) {
        shows("#effect", "改期");
      }
      Long overflow =
          (Long)
              browser.executeScript(
                  "return document.documentElement.scrollWidth -"
                      + " document.documentElement.clientWidth");
      assertThat(overflow).as("what %s is too wide by", path).isLessThanOrEqualTo(0);
      tall(
          "phone-" + path.substring(1).replaceAll("\\d{6,}|rule-\\w+/", "").replace('/', '-'),
          PHONE);
    }
    browser.manage().window().setSize(DESK);
    open("/reminders/calendar");
    drawn(1);
    assertThat(legend()).containsExactly("将到期", "待跟进", "逾期", "已预约");
    for (int column = 2; column <= 5; column++) {
      String all = "table.numbers tfoot td:nth-child(" + column + ")";
      assertThat(Integer.parseInt(String.valueOf(find(all).getDomProperty("textContent"))))
          .as(all)
          .isPositive();
    }
    picture("calendar");
    find("input[name=capacity]").sendKeys("1", Keys.ENTER);
    shows("#h-cal", "90 天");
    shows("main", "排不下");
    drawn(1);
    assertThat(legend()).endsWith("已预约", "排不下");
    picture("calendar-limited");
    browser.manage().window().setSize(PHONE);
    drawn(1);
    tall("phone-calendar-limited", PHONE);
    oneVeryHighDay();
    tall("phone-calendar-capped", PHONE);
    browser.manage().window().setSize(DESK);
    picture("calendar-capped");
    select("select[name=store]", "萧山市心路店");
    find("input[name=capacity]").sendKeys(Keys.ENTER);
    shows("select[name=store] option:checked", "萧山市心路店");
    assertThat(browser.findElements(By.cssSelector("table.numbers thead th")))
        .last()
        .extracting(head -> head.getDomProperty("textContent"))
        .isEqualTo("萧山市心路店");
  }

  /** Draws the calendar again, of other numbers: the others stay to be seen beside a high one. */
  private static void oneVeryHighDay() {
    Number end =
        (Number)
            browser.executeScript(
                """
                const table = document.querySelector("table[data-cap]");
                [...table.tBodies[0].rows].forEach((row, i) =>
                  [...row.cells].filter((cell) => cell.dataset.value).forEach((cell, column) =>
                    cell.dataset.value = column > 0 ? 0 : i === 1 ? 1180 : 5 + i % 4));
                const canvas = document.querySelector("canvas");
                Chart.getChart(canvas).destroy();
                delete table.dataset.drawn;
                document.dispatchEvent(new Event("htmx:afterSettle"));
                return Chart.getChart(canvas).scales.y.max;""");
    assertThat(end.intValue()).as("where the scale ends").isBetween(8, 16);
    shows("[data-capped]", "只画到顶");
  }

  /** What the chart says its colours are. */
  private static List<String> legend() {
    String words =
        (String)
            browser.executeScript(
                "return Chart.getChart(document.querySelector('canvas')).legend.legendItems"
                    + ".map(item => item.text).join()");
    return List.of(words.split(","));
  }

  @Test
  @Order(7)
  void whatIsWrongIsSaidBesideIt() throws Exception {
    browser.manage().window().setSize(DESK);
    open("/reminders/rules/new");
    find("#every").clear();
    find("#every").sendKeys("半");
    select("#basis2", "安装");
    find("#seasonDay").sendKeys("30");
    select("#seasonMonth", "2 月");
    shows("#means", "多久一次请填整数");
    click("#save");
    shows("#rule .flash", "有些内容需要改正");
    assertThat(find("#rule").getText()).contains("请给规则起个名字", "请选择品类", "多久一次请填整数");
    picture("rule-wrong");
    find("#every").clear();
    find("#every").sendKeys("6");
    find("#name").sendKeys("清洗二");
    select("#category", "空调");
    click("#save");
    shows("#rule", "至少选一个起算日，同一个不要选两次");
    shows("#rule", "请填两个都有的日期");
  }

  @Test
  @Order(8)
  void theKeyboardIsEnough() {
    browser.manage().window().setSize(DESK);
    String rule = reminders.rules().list().get(0).rule().code();
    String task;
    open("/reminders");
    task = String.valueOf(find(".work .w-who a").getDomAttribute("href"));
    for (String path :
        List.of(
            "/reminders",
            task,
            "/reminders/digests",
            "/reminders/rules",
            "/reminders/rules/" + rule + "/edit")) {
      open(path);
      List<WebElement> unnamed =
          browser
              .findElements(
                  By.cssSelector("input:not([type=hidden]), select, textarea, button:not(.sr), a"))
              .stream()
              .filter(field -> field.isDisplayed() && field.getAccessibleName().isBlank())
              .toList();
      assertThat(unnamed).as("fields of %s without a name for screen readers", path).isEmpty();
    }
    open("/reminders/rules/new");
    find("#name").sendKeys("空调保养", Keys.TAB);
    browser.switchTo().activeElement().sendKeys(Keys.chord(Keys.CONTROL, "a"), "保养", Keys.TAB);
    browser.switchTo().activeElement().sendKeys("　空调");
    select("#category", "空调");
    find("#brand").sendKeys(Keys.ENTER);
    shows(".flash", "已保存规则“空调保养”");
    shows("#rules", "空调保养");
  }

  @Test
  @Order(9)
  void twoStaffNeverHaveTheSame() {
    browser.manage().window().setSize(DESK);
    open("/reminders?who=pool");
    String path = String.valueOf(find(".work .w-who a").getDomAttribute("href"));
    open(path);
    click("#claim");
    shows(".flash", "已领取");
    open("/reminders");
    actAs("沈佳");
    open(path);
    shows(".doings", "王丽娟在跟进");
    assertThat(browser.findElements(By.cssSelector("#finish"))).isEmpty();
    click("#reassign");
    shows(".flash", "已转给沈佳");
    shows("#now", "由沈佳跟进");
    click("#release");
    shows(".flash", "已放回");
  }

  @Test
  @Order(10)
  void theCustomerFindsTheirOrdersByPhone() throws Exception {
    String number = "15868810044";
    String orderNo = orderOf("何志远");
    browser.manage().window().setSize(PHONE);
    erp.account().follower("何志远").follow();
    phone("何志远");
    await().atMost(PATIENCE).ignoreExceptions().until(() -> find("#foot input").isDisplayed());
    find("#foot input").sendKeys("绑定", Keys.ENTER);
    shows("#screen", "订单绑定页");
    picture("phone-bind");
    tap("#screen .bubble a");
    shows("main", "绑定我的订单");
    picture("claim-number");
    tapLink("不记得订单号？用手机号找订单");
    shows("main", "用手机号找订单");
    find("input[name=phone]").sendKeys("1586881");
    press("获取验证码");
    shows("main [role=alert]", "请填写下单时留的 11 位手机号");
    picture("claim-phone-wrong");
    find("input[name=phone]").clear();
    find("input[name=phone]").sendKeys(number);
    press("获取验证码");
    shows("main", "158****0044");
    picture("claim-code");
    SmsGateway gateway = erp.bean(SmsGateway.class);
    await().atMost(PATIENCE).until(() -> !gateway.accepted(number).isEmpty());
    String code = gateway.accepted(number).get(0).text().replaceFirst("^\\D*(\\d{6})(?s:.*)", "$1");
    find("input[name=code]").sendKeys(code.equals("000000") ? "111111" : "000000");
    press("查看我的订单");
    shows("main [role=alert]", "验证码不对，还可以试 4 次");
    picture("claim-code-wrong");
    find("input[name=code]").sendKeys(code);
    press("查看我的订单");
    shows("main", "找到 1 张订单");
    shows("main", orderNo);
    tall("claim-found", PHONE);
    tapLink("查看订单");
    shows("main", "订单号 " + orderNo);

    browser.manage().window().setSize(DESK);
    open("/orders/" + orderNo);
    shows("#binding", "已绑定");
    shows("#sms", "您的验证码是" + code);
    tall("order-claimed", DESK);
  }

  @Test
  @Order(11)
  void eachChoosesHowTheyAreToldOfTheDay() throws Exception {
    browser.manage().window().setSize(DESK);
    open("/reminders/digests");
    shows("#way-D2001", "现在：发短信");
    tall("digest-ways", DESK);

    // By the keyboard alone: choose, go on to the next field, and save.
    find("select[name=by-D2001]").sendKeys("微", Keys.TAB);
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    shows(".flash", "已保存，下一次摘要照这样发");
    shows("#way-D2001", "现在：没有关联微信，发短信");
    click("#way-D2001 button");
    shows(".flash", "沈佳的微信已关联");
    shows("#way-D2001", "现在：还没有微信模板，发短信");
    String openid = erp.account().follower("沈佳").openId();
    assertThat(find("input[name=openid-D2001]").getDomProperty("value")).isEqualTo(openid);
    find("input[name=openid-D2002]").sendKeys(openid, Keys.ENTER);
    shows(".flash", "俞建国的 openid 和别人的一样");

    // What is wrong with the template is said, and what was filled in stays.
    find("#template-id").clear();
    find("#template-id").sendKeys(Keys.ENTER);
    shows("#template-problem", "请填微信模板的编号");
    find("#template-id").sendKeys("TPL_STAFF_DIGEST");
    WebElement first = find(".template-fields li:first-child input[name=text]");
    first.clear();
    first.sendKeys("{order.no}", Keys.ENTER);
    shows("#template-problem", "字段“date1”不对");
    assertThat(find(".template-fields li:first-child input[name=text]").getDomProperty("value"))
        .isEqualTo("{order.no}");
    tall("digest-template-wrong", DESK);
    open("/reminders/digests");
    click("#save-template");
    shows(".flash", "已保存微信模板");
    shows("#way-D2001", "现在：发微信");
    select("select[name=by-D2002]", "不发");
    click("#save-ways");
    shows("#way-D2002", "现在：只在本页看");

    // On the next day it is so, and whether it arrived is shown.
    LocalDate next = erp.bean(DemoDate.class).today().plusDays(1);
    goTo(next);
    phoneHas("沈佳", "员工每日工作提醒");
    open("/reminders/digests");
    shows(digest(next, "D2001"), "本页，微信");
    shows(digest(next, "D2001"), "已送达");
    shows(digest(next, "D2002"), "只在本页（选了不发）");
    assertThat(reminders.digestMessages(next)).containsKey("D2001").doesNotContainKey("D2002");
    tall("digests-told", DESK);
    browser.manage().window().setSize(PHONE);
    open("/reminders/digests");
    shows("#way-D2001", "现在：发微信");
    tall("phone-digest-ways", PHONE);
    phone("沈佳");
    shows("#screen", "员工每日工作提醒");
    picture("phone-staff-digest");

    browser.manage().window().setSize(DESK);
    open("/reminders/digests");
    click("#remove-template");
    shows(".flash", "已去掉，选了微信的改发短信");
    shows("#way-D2001", "现在：还没有微信模板，发短信");
  }

  // ----

  private static void phone(String person) {
    browser.get(
        erp.weChat().baseUrl() + "/?person=" + URLEncoder.encode(person, StandardCharsets.UTF_8));
  }

  /** Opens, in this window, where the last of these leads that the phone's page has. */
  private static void tap(String css) {
    browser.get(
        await()
            .atMost(PATIENCE)
            .ignoreExceptions()
            .until(
                () -> {
                  List<WebElement> found = browser.findElements(By.cssSelector(css));
                  return String.valueOf(found.get(found.size() - 1).getDomProperty("href"));
                },
                to -> to.startsWith("http")));
  }

  private static void tapLink(String words) {
    browser.findElement(By.linkText(words)).click();
  }

  private static void press(String words) {
    browser.findElement(By.xpath("//button[.='" + words + "']")).click();
  }

  private static String digest(LocalDate day, String staff) {
    return "#digest-" + day + "-" + staff;
  }

  /** Works as somebody else from now on; the page then comes anew. */
  private static void actAs(String staff) {
    WebElement before = find("#me");
    select("#me", staff);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> ExpectedConditions.stalenessOf(before).apply(browser));
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () ->
                assertThat(new Select(find("#me")).getFirstSelectedOption().getText())
                    .contains(staff));
  }

  /** By the control that every page has. */
  private static void goTo(LocalDate day) {
    find(".day summary").click();
    browser.executeScript(
        "document.querySelector('.day input[name=day]').value = arguments[0]", day.toString());
    find(".day button.primary").click();
    shows(".flash", "演示日期是 " + day);
  }

  private static String orderOf(String customer) {
    return erp.bean(OrderDesk.class).search(null, customer, 0).getContent().stream()
        .filter(one -> one.customerName().equals(customer))
        .findFirst()
        .orElseThrow()
        .orderNo();
  }

  private static void phoneHas(String person, String title) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(erp.account().follower(person).cards())
                    .extracting(ChatMessage::title)
                    .contains(title));
  }

  /** The row of a customer, found anew each time, since the list is drawn anew while it changes. */
  private static String row(String customer) {
    String id =
        String.valueOf(
            browser
                .findElement(By.xpath("//table[contains(@class,'work')]//a[.='" + customer + "']"))
                .getDomAttribute("id"));
    return "tr:has(#" + id + ")";
  }

  private static void select(String css, String label) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Select select = new Select(find(css));
              List<String> labels =
                  select.getOptions().stream().map(one -> one.getText().strip()).toList();
              assertThat(labels).anyMatch(one -> one.startsWith(label));
              int index = 0;
              while (!labels.get(index).startsWith(label)) {
                index++;
              }
              select.selectByIndex(index);
            });
  }

  /** Presses what may be drawn anew meanwhile; by script, so that nothing is missed by moving. */
  private static void click(String css) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              WebElement found = find(css);
              browser.executeScript("arguments[0].click()", found);
              return true;
            });
  }
}
