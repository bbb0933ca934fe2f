package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Laoke;
import io.laoke.reminder.NextService;
import io.laoke.reminder.Reminders;
import io.laoke.reminder.UnitReminder;
import io.laoke.simulator.ChatMessage;
import java.io.IOException;
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
  }

  @Test
  @Order(1)
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
  @Order(2)
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
  @Order(3)
  void everyPageFitsAPhone() throws Exception {
    open("/reminders");
    String task = String.valueOf(find(".work .w-who a").getDomAttribute("href"));
    String rule = reminders.rules().list().get(0).rule().code();
    browser.manage().window().setSize(PHONE);
    for (String path :
        List.of(
            "/reminders",
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
    picture("calendar");
    find("input[name=capacity]").sendKeys("1", Keys.ENTER);
    shows("#h-cal", "90 天");
    shows("main", "排不下");
    drawn(1);
    picture("calendar-limited");
  }

  @Test
  @Order(4)
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
  @Order(5)
  void theKeyboardIsEnough() {
    browser.manage().window().setSize(DESK);
    String rule = reminders.rules().list().get(0).rule().code();
    String task;
    open("/reminders");
    task = String.valueOf(find(".work .w-who a").getDomAttribute("href"));
    for (String path :
        List.of("/reminders", task, "/reminders/rules", "/reminders/rules/" + rule + "/edit")) {
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
  @Order(6)
  void twoStaffNeverHaveTheSame() {
    browser.manage().window().setSize(DESK);
    open("/reminders?who=pool");
    String path = String.valueOf(find(".work .w-who a").getDomAttribute("href"));
    open(path);
    click("#claim");
    shows(".flash", "已领取");
    open("/reminders");
    select("#me", "沈佳");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> new Select(find("#me")).getFirstSelectedOption().getText().contains("沈佳"));
    open(path);
    shows(".doings", "王丽娟在跟进");
    assertThat(browser.findElements(By.cssSelector("#finish"))).isEmpty();
    click("#reassign");
    shows(".flash", "已转给沈佳");
    shows("#now", "由沈佳跟进");
    click("#release");
    shows(".flash", "已放回");
  }

  // ----

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
