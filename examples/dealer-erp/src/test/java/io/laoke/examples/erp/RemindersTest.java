package io.laoke.examples.erp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Laoke;
import io.laoke.reminder.AssigneeRule;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.Reminders;
import io.laoke.reminder.ReportQuery;
import io.laoke.reminder.ServiceCycle;
import io.laoke.reminder.Task;
import io.laoke.reminder.TaskQuery;
import io.laoke.reminder.TaskState;
import io.laoke.simulator.SmsGateway;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Period;
import java.time.YearMonth;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** 服务提醒 without a script in the browser, and what does not go as the pages hope. */
class RemindersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String NO_WECHAT = "13905710077";

  private static Running erp;
  private static Reminders reminders;
  private static LocalDate due;
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() {
    erp = new Running();
    reminders = erp.bean(Laoke.class).dealer("hengxin").reminders();
    hood("钱一", NO_WECHAT);
    hood("钱二", "13905710078");
    hood("钱三", "13905710079");
    reminders
        .rules()
        .put(
            ReminderRule.of("hood", "kitchen/hood", "清洗", ServiceCycle.every(Period.ofMonths(6)))
                .named("油烟机清洗"));
    due = erp.bean(DemoDate.class).today().plusMonths(6);
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                reminders.rules().progress("hood").filter(p -> p.doneAt().isPresent()).isPresent());
    assertThat(erp.bean(DemoDate.class).go(due)).isTrue();
    await().atMost(PATIENCE).until(() -> tasks(TaskQuery.todo()).size() == 4);
  }

  @AfterAll
  static void end() {
    erp.close();
  }

  private static void hood(String name, String phone) {
    OrderDesk desk = erp.bean(OrderDesk.class);
    OrderForm form = OrderForm.blank(1);
    form.setCustomerName(name);
    form.setCustomerPhone(phone);
    form.setRegion("浙江/杭州/西湖区");
    form.setStreet("文三路 7 号");
    form.setSalesperson("D1001");
    form.getLines().get(0).setSku("KH2101");
    String order = desk.create(form);
    for (OrderStatus step :
        List.of(
            OrderStatus.APPROVED,
            OrderStatus.SHIPPED,
            OrderStatus.SCHEDULED,
            OrderStatus.DELIVERED,
            OrderStatus.INSTALLED)) {
      StepForm to = StepForm.to(step);
      to.setVisitOn(desk.today());
      desk.advance(order, to);
    }
  }

  private static List<Task> tasks(TaskQuery query) {
    return reminders.tasks().list(query, null, 100).tasks();
  }

  private static Task task(String customer) {
    return reminders
        .tasks()
        .list(TaskQuery.todo().withSnoozed().states(TaskState.values()), null, 100)
        .tasks()
        .stream()
        .filter(one -> one.contactName().filter(customer::equals).isPresent())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whoDoesNotFollowGetsATextMessage() throws Exception {
    SmsGateway gateway = erp.bean(SmsGateway.class);
    await().atMost(PATIENCE).until(() -> !gateway.accepted(NO_WECHAT).isEmpty());
    String text = gateway.accepted(NO_WECHAT).get(0).text();
    assertThat(gateway.accepted(NO_WECHAT)).hasSize(1);
    assertThat(text)
        .startsWith("【恒信家电】您购买的")
        .contains("油烟机清洗", "%d月%d日".formatted(due.getMonthValue(), due.getDayOfMonth()));
    await().atMost(PATIENCE).until(() -> gateway.confirmed() > 0);
    assertThat(get("/reminders/tasks/" + task("钱一").id()))
        .contains("没有关注公众号", "客户手机上的短信", "【恒信家电】您购买的");

    String link = text.substring(text.indexOf("http"), text.indexOf(' ', text.indexOf("http")));
    assertThat(link).startsWith(erp.url() + "/m/s/");
    String path = link.substring(erp.url().length());
    assertThat(get(path)).contains("油烟机清洗", "预约上门时间");
    assertThat(post(path, Map.of("do", "later", "days", "7"))).contains("稍后再提醒您");
    assertThat(get("/reminders/tasks/" + task("钱一").id()))
        .contains("客户 ", "推迟到 " + due.plusDays(7));

    HttpResponse<String> stranger =
        http.send(
            HttpRequest.newBuilder(URI.create(erp.url() + "/sms/guessed/receipts"))
                .POST(HttpRequest.BodyPublishers.ofString("[]"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(stranger.statusCode()).isEqualTo(404);
  }

  @Test
  void filtersAndTheFileShowTheSame() throws Exception {
    assertThat(get("/reminders?state=snoozed")).contains("钱一", "顾晓棠", " 项");
    assertThat(get("/reminders?due=overdue")).contains("没有符合筛选的");
    assertThat(get("/reminders?due=today&store=HZ01&kind=%E6%B8%85%E6%B4%97")).contains("顾晓棠");
    assertThat(get("/reminders?store=SX01")).contains("没有符合筛选的");
    assertThat(get("/reminders?after=nonsense&who=nobody&state=NONE")).contains("没有符合筛选的");
    assertThat(get("/reminders?kind=" + "x".repeat(40))).contains("地址里有看不懂的内容");
    String csv = get("/reminders/tasks.csv?due=today");
    assertThat(csv).startsWith("\ufefftask_id,").contains("顾晓棠", "137****0055");
    assertThat(get("/reminders/tasks.csv?store=SX01").lines()).hasSize(1);
  }

  @Test
  void everyStepOfATaskIsAForm() throws Exception {
    String task = "/reminders/tasks/" + task("钱三").id();
    assertThat(get(task)).contains("139****0079").doesNotContain("13905710079");
    assertThat(post(task + "/done", Map.of("day", due.toString(), "paid", "120"))).contains("请先领取");
    assertThat(post(task + "/claim", Map.of())).contains("已领取");
    assertThat(get(task)).as("to call them").contains("13905710079");
    assertThat(post(task + "/contacted", Map.of("channel", "PHONE", "result", "LATER", "note", "")))
        .contains("已记下这次联系", "电话稍后再联系");
    assertThat(post(task + "/snooze", Map.of("until", due.toString()))).contains("推迟的日期要在今天之后");
    assertThat(post(task + "/snooze", Map.of("until", due.plusDays(3).toString())))
        .contains("推迟到 " + due.plusDays(3));
    assertThat(post(task + "/book", Map.of("day", due.plusDays(1).toString(), "slot", "any")))
        .contains("请选上门的日期和时段");
    for (LocalDate wrong : List.of(due.minusDays(1), due.plusYears(200))) {
      assertThat(post(task + "/book", Map.of("day", wrong.toString(), "slot", "08:00~12:00")))
          .contains("预约的日期从今天起，最多一年以内");
    }
    Map<String, String> slot = Map.of("day", due.plusDays(1).toString(), "slot", "13:00~17:00");
    assertThat(post(task + "/book", slot)).contains("已预约");
    await().atMost(PATIENCE).until(() -> task("钱三").workOrderNo().isPresent());
    String number = task("钱三").workOrderNo().orElseThrow();
    assertThat(get(task)).contains(number, "13:00~17:00");
    assertThat(erp.bean(WorkOrders.class).findById(number)).isPresent();
    assertThat(
            post(task + "/book", Map.of("day", due.plusDays(2).toString(), "slot", "08:00~12:00")))
        .contains("已预约");
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(erp.bean(WorkOrders.class).findById(number).orElseThrow().slotFrom())
                    .isEqualTo(task("钱三").booked().orElseThrow().from()));
    assertThat(task("钱三").workOrderNo()).contains(number);
    assertThat(post(task + "/cancel", Map.of("note", "出差"))).contains("已取消预约", "出差");
    assertThat(post(task + "/done", Map.of("day", due.plusDays(1).toString(), "paid", "1")))
        .contains("不能晚于今天");
    assertThat(post(task + "/done", Map.of("day", due.toString(), "paid", "很多")))
        .contains("收入请填金额");
    assertThat(post(task + "/done", Map.of("day", due.toString(), "paid", "￥1,120.5")))
        .contains("已完成，收入 ¥1,120.50", "上次服务 %s + 6个月 = %s".formatted(due, due.plusMonths(6)));
    assertThat(get("/reminders?state=DONE")).contains("钱三", "收入 ¥1,120.50");
  }

  @Test
  void whatIsNotWantedEndsWithItsReason() throws Exception {
    String task = "/reminders/tasks/" + task("钱二").id();
    post(task + "/claim", Map.of());
    assertThat(post(task + "/release", Map.of())).contains("已放回");
    assertThat(post(task + "/reassign", Map.of("to", "D9"))).contains("没有这位员工");
    assertThat(post(task + "/reassign", Map.of("to", "D2001"))).contains("已转给沈佳");
    assertThat(post(task + "/refused", Map.of("note", "搬家了"))).contains("这一项由沈佳跟进");
    assertThat(post(task + "/reassign", Map.of("to", "D1001"))).contains("已转给王丽娟");
    assertThat(post(task + "/refused", Map.of("note", "搬家了"))).contains("已拒绝", "搬家了");
    assertThat(post(task + "/refused", Map.of("note", "x".repeat(201)))).contains("备注最多 200 个字");
    assertThat(get("/reminders?state=REFUSED")).contains("钱二");
  }

  @Test
  void aRuleIsMadeTriedChangedAndRetired() throws Exception {
    Map<String, String> fields =
        new HashMap<>(
            Map.of(
                "name",
                "燃气灶保养",
                "category",
                "kitchen/stove",
                "kind",
                "保养",
                "every",
                "1",
                "unit",
                "YEARS",
                "basis1",
                "DELIVERED",
                "step1",
                "TEMPLATE",
                "silenceDays",
                "3"));
    fields.put("basis2", "");
    fields.put("basis3", "");
    fields.put("act", "try");
    assertThat(post("/reminders/rules", fields)).contains("保存后", "0 个提醒改期");
    assertThat(reminders.rules().list()).as("tried, not saved").hasSize(1);
    fields.remove("act");
    assertThat(post("/reminders/rules", fields)).contains("已保存规则“燃气灶保养”", "每 1 年", "微信");
    String code =
        reminders.rules().list().stream()
            .filter(one -> one.rule().name().equals("燃气灶保养"))
            .findFirst()
            .orElseThrow()
            .rule()
            .code();
    String form = get("/reminders/rules/" + code + "/edit");
    assertThat(form).contains("燃气灶保养", "保养");
    fields.put("code", code);
    assertThat(post("/reminders/rules", fields)).contains("没有变化");
    fields.put("byStaff", "true");
    fields.put("seasonMonth", "3");
    fields.put("seasonDay", "1");
    fields.put("seasonEndMonth", "5");
    fields.put("seasonEndDay", "31");
    assertThat(post("/reminders/rules", fields)).contains("新版本", "员工联系", "只在 3月1日～5月31日");
    fields.put("leadDays", "181");
    fields.put("seasonDay", "32");
    assertThat(post("/reminders/rules", fields)).contains("请填 0 到 180 天", "请填两个都有的日期");
    fields.put("leadDays", "0");
    fields.put("seasonDay", "1");
    fields.put("assignBy", "ROUND_ROBIN");
    assertThat(post("/reminders/rules", fields)).contains("轮流要选 1 到 200 位员工");
    fields.put("assignStaff", "D2002");
    assertThat(post("/reminders/rules", fields)).contains("新版本", "俞建国 轮流");
    assertThat(get("/reminders/rules/" + code + "/edit"))
        .containsPattern("value=\"D2002\"[^>]* checked")
        .doesNotContainPattern("value=\"D1001\"[^>]* checked");
    fields.put("assignBy", "STORE");
    fields.put("assignRole", "售后");
    assertThat(post("/reminders/rules", fields)).contains("新版本", "卖出门店的员工（售后）");
    assertThat(reminders.rules().find(code).orElseThrow().rule().assignee())
        .isEqualTo(AssigneeRule.store().withRole("售后"));
    assertThat(post("/reminders/rules/" + code + "/retire", Map.of())).contains("已停用");
    assertThat(post("/reminders/rules/" + code + "/restore", Map.of())).contains("已重新启用");
    assertThat(post("/reminders/rules/" + code + "/retire", Map.of())).contains("已停用");
  }

  @Test
  void whatIsToComeAndWhatCameOfItAreTold() throws Exception {
    assertThat(get("/reminders/calendar")).contains("今天起 90 天");
    assertThat(get("/reminders/calendar?capacity=0&kind=none")).contains("这 90 天里没有");
    String sorts = sorts(get("/reminders/calendar"));
    assertThat(sorts).doesNotContain("将到期 0，待跟进 0，逾期 0，已预约 0");
    assertThat(get("/reminders/calendar?capacity=0"))
        .contains("项排不下")
        .doesNotContain("每店每天几台要填")
        .satisfies(page -> assertThat(sorts(page)).isEqualTo(sorts));
    for (String wrong : List.of("-1", "abc", "99999999999", "1.5")) {
      assertThat(get("/reminders/calendar?capacity=" + wrong))
          .as(wrong)
          .contains("每店每天几台要填 0 到 9999 的整数", "value=\"" + wrong + "\"")
          .satisfies(page -> assertThat(sorts(page)).isEqualTo(sorts));
    }
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(reminders.report(ReportQuery.month(YearMonth.from(due))).total().due())
                    .isEqualTo(4));
    assertThat(get("/reminders/report?months=6&store=HZ01")).contains("最近 6 个月", ">4<", "按门店");
    assertThat(get("/reminders/report?months=7&kind=none")).contains("最近 3 个月");
    assertThat(get("/reminders/report.csv")).startsWith("\ufeffmonth,kind,store");
  }

  /** As while the demo history is loaded. */
  @Test
  void aRuleIsPreviewedThoughLaokeDoesNotHaveAllOrdersYet() throws Exception {
    SalesOrders orders = erp.bean(SalesOrders.class);
    SalesOrder early =
        orders.findAll().stream()
            .filter(one -> one.customerName().equals("钱二"))
            .findFirst()
            .orElseThrow();
    Map<String, String> fields = new HashMap<>();
    fields.put("category", "kitchen/hood");
    fields.put("kind", "检修");
    fields.put("every", "6");
    assertThat(post("/reminders/rules/preview", fields)).contains("钱一").doesNotContain("还在装入");
    rename(early.orderNo(), "XS-EARLY");
    try {
      assertThat(post("/reminders/rules/preview", fields))
          .contains("钱一", "还在装入")
          .doesNotContain("XS-EARLY");
    } finally {
      rename("XS-EARLY", early.orderNo());
    }
  }

  /** Whatever a program says that it takes: browsers name HTML, scripts in pages often anything. */
  @Test
  void whatIsNotThereIsAPageInWords() throws Exception {
    Map<String, Integer> paths = new HashMap<>();
    for (String none :
        List.of(
            "/nope",
            "/reminders/nope",
            "/reminders/tasks/1",
            "/reminders/tasks/1/now",
            "/reminders/tasks/abc",
            "/reminders/tasks/99999999999999999999",
            "/reminders/rules/none/edit",
            "/reminders/tasks/1/nope.json",
            "/orders/none",
            "/members/999999999999999999",
            "/members/saved/none",
            "/webjars/none.js")) {
      paths.put(none, 404);
    }
    for (String wrong :
        List.of(
            "/reminders?page=abc",
            "/reminders?kind=" + "x".repeat(40),
            "/reminders/tasks.csv?kind=" + "x".repeat(40),
            "/reminders/digests/live?seen=abc")) {
      paths.put(wrong, 400);
    }
    Map<String, String> wrong = new TreeMap<>();
    for (String accept :
        List.of("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*")) {
      for (Map.Entry<String, Integer> path : paths.entrySet()) {
        HttpResponse<String> page =
            http.send(
                HttpRequest.newBuilder(URI.create(erp.url() + path.getKey()))
                    .header("Accept", accept)
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        String words = path.getValue() == 404 ? "没有这个页面" : "地址里有看不懂的内容";
        String type = page.headers().firstValue("Content-Type").orElse("-");
        if (page.statusCode() != path.getValue()
            || !type.startsWith("text/html")
            || page.headers().firstValue("Content-Disposition").isPresent()
            || !page.body().contains(words)) {
          wrong.put(path.getKey() + " " + accept, page.statusCode() + " " + type);
        }
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(
            http.send(
                    HttpRequest.newBuilder(URI.create(erp.url() + "/reminders/next")).build(),
                    HttpResponse.BodyHandlers.ofString())
                .body())
        .contains("不能这样打开");
  }

  @Test
  void unknownTasksAndRulesSaySo() throws Exception {
    assertThat(get("/reminders/tasks/1")).contains("没有这个页面");
    assertThat(get("/reminders/rules/none/edit")).contains("没有这个页面");
    assertThat(post("/reminders/me", Map.of("code", "D9", "back", "https://example.com/")))
        .contains("工作清单");
  }

  private static void rename(String orderNo, String other) throws SQLException {
    try (Connection connection = erp.bean(DataSource.class).getConnection();
        PreparedStatement update =
            connection.prepareStatement("UPDATE sales_order SET order_no = ? WHERE order_no = ?")) {
      update.setString(1, other);
      update.setString(2, orderNo);
      assertThat(update.executeUpdate()).isOne();
    }
  }

  /** How many of each sort there are, in the words of the calendar. */
  private static String sorts(String page) {
    Matcher found = Pattern.compile("将到期 \\d+，待跟进 \\d+，逾期 \\d+，已预约 \\d+").matcher(page);
    assertThat(found.find()).as(page).isTrue();
    return found.group();
  }

  private String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create(erp.url() + path))
                .header("Accept", "text/html")
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Posts as a browser does, with cookies, and follows. */
  private String post(String path, Map<String, String> fields) throws Exception {
    HttpClient browser =
        HttpClient.newBuilder()
            .cookieHandler(new CookieManager())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    String body =
        fields.entrySet().stream()
            .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    return browser
        .send(
            HttpRequest.newBuilder(URI.create(erp.url() + path))
                .header("Accept", "text/html")
                .header("Sec-Fetch-Site", "same-origin")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
