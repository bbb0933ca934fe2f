package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.push.Plan;
import io.laoke.push.PlanCounts;
import io.laoke.push.PlanDecision;
import io.laoke.push.PlanSettings;
import io.laoke.push.SavedPlan;
import io.laoke.push.Uplift;
import io.laoke.simulator.ChatMessage;
import io.laoke.simulator.Follower;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.YearMonth;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/**
 * 群发中心 in a real browser, as a new user goes through it: four articles, overlapping groups, what
 * the phones show, and the result beside those who were held out.
 */
class PushBrowserTest extends PagesInBrowser {
  private static final List<String> SAMPLES = List.of("kitchen", "cleaning", "av", "value");
  private static final List<String> NAMES = List.of("厨电", "清洁", "影音", "超值");

  private static Dealer dealer;

  @BeforeAll
  static void start() throws IOException {
    started("--erp.demo.members=2400");
    dealer = erp.bean(Laoke.class).dealer("hengxin");
  }

  @Test
  void fromFourArticlesToTheResult() throws Exception {
    browser.manage().window().setSize(DESK);
    articles();
    String key = plan();
    approve();
    send(key);
    phones(key);
    result(key);
    month();
    narrow(key);
    unsubscribed(key);
  }

  // ---- four articles

  private static void articles() throws IOException {
    open("/push");
    find("nav a[href='/push']");
    shows("main", "还没有图文");
    for (String sample : SAMPLES) {
      press("#sample-" + sample);
      shows("#ready", "可以发");
      if (sample.equals("kitchen")) {
        picture("push-article");
        tall("push-article-tall", DESK);
        limits();
      }
      press("#save");
      shows(".flash", "（第 1 版）");
    }
    open("/push");
    assertThat(browser.findElements(By.cssSelector(".article-list .pill.good"))).hasSize(4);
    tall("push-articles", DESK);
  }

  /** What WeChat would refuse is said beside its field while one types, and seen at once. */
  private static void limits() throws IOException {
    String title = find("#title").getDomProperty("value");
    type("#title", "很长的标题".repeat(7));
    shows("#e-title", "标题有35个字，最多32个");
    shows("#ready", "发送前要改");
    shows("#card h3", "很长的标题很长的标题");
    picture("push-article-wrong");
    type("#title", title);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions() // it is drawn anew
        .until(() -> find("#e-title").getText().isEmpty());
    String cover = find("#card img").getDomAttribute("src");
    browser.executeScript("document.querySelectorAll('[name=cover]')[1].click()");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> !find("#card img").getDomAttribute("src").equals(cover));
    browser.executeScript("document.querySelectorAll('[name=cover]')[0].click()");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> find("#card img").getDomAttribute("src").equals(cover));
  }

  // ---- who gets what

  private static String plan() throws IOException {
    open("/push/plans/new");
    type("#name", "十一月群发");
    choose("#group-0", "厨电会员");
    choose("#content-0", "厨电");
    choose("#group-1", "烟机空调待清洗");
    choose("#content-1", "清洁");
    press("#add-rule");
    await().atMost(PATIENCE).until(() -> !browser.findElements(By.id("group-2")).isEmpty());
    choose("#group-2", "影音会员");
    choose("#content-2", "影音");
    choose("#rest-group", "其余：全部粉丝");
    choose("#rest-content", "超值");
    type("#heldOut", "40");
    long kitchenFirst = chosen(0, 4);
    picture("push-plan-edit");
    tall("push-plan-edit-tall", DESK);
    assertThat(browser.findElements(By.cssSelector(".overlap svg rect[rx='3']")))
        .hasSizeGreaterThan(3);

    // The other order gives another picture.
    press("#down-0");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(chosenOf("厨电会员")).isPositive().isLessThan(kitchenFirst));
    press("#up-1");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(chosenOf("厨电会员")).isEqualTo(kitchenFirst));

    press("#save");
    shows(".flash", "已保存“十一月群发”（第 1 版）");
    shows("#state", "草稿");
    SavedPlan saved = dealer.plans().all().get(0);
    PlanCounts counts = dealer.plans().preview(saved.plan(), erp.bean(DemoClock.class).instant());
    assertThat(counts.rules()).hasSize(4).allMatch(one -> one.chosen() > 3);
    assertThat(counts.rules().get(0).chosen()).isEqualTo(kitchenFirst);
    assertThat(counts.rules().get(1).earlier()).as("in both groups").isPositive();
    assertThat(saved.plan().heldOut()).isEqualTo(400);
    return saved.plan().key();
  }

  private static long chosen(int rule, int rules) {
    await()
        .atMost(PATIENCE)
        .until(() -> browser.findElements(By.cssSelector(".bars li")).size() == rules);
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> 5 * number(".n-held") > number(".n-held") + number(".n-chosen")); // of 40 %
    return Long.parseLong(
        find(".bars li[data-rule='" + rule + "']").getDomAttribute("data-chosen"));
  }

  private static long number(String css) {
    return Long.parseLong(find(css).getText().replace(",", ""));
  }

  private static long chosenOf(String group) {
    return browser.findElements(By.cssSelector(".bars li")).stream()
        .filter(one -> one.findElement(By.cssSelector("b")).getText().equals(group))
        .mapToLong(one -> Long.parseLong(one.getDomAttribute("data-chosen")))
        .findFirst()
        .orElse(-1);
  }

  // ---- approval by another

  private static void approve() throws IOException {
    press("#submit");
    shows("#state", "待审批");
    press("#approve");
    shows(".flash.bad", "提交的人不能自己审批");
    new Select(find("#me")).selectByValue("D2001");
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> new Select(find("#me")).getFirstSelectedOption().getText().contains("沈佳"));
    shows("#state", "待审批");
    press("#approve");
    shows("#state", "已审批");
    press("#allocate");
    shows("#state", "已分配");
    picture("push-plan-allocated");
  }

  // ---- sending

  private static void send(String key) throws IOException {
    PlanSettings anyHour = erp.bean(PlanDesk.class).settings();
    hours(closed(anyHour)); // so that nothing has left before one can press 暂停
    press("#start");
    shows(".flash", "已开始");
    shows("#progress", "微信已收下 0 人");
    press("#pause");
    shows("#state", "已暂停");
    press("#resume");
    shows("#state", "发送中");
    assertThat(dealer.plans().batches(key)).isEmpty();
    hours(anyHour);
    shows("#state", "已发完");
    PlanCounts counts = dealer.plans().counts(key);
    shows("#progress", "微信已收下 %d 人，应收 %d 人".formatted(counts.chosen(), counts.chosen()));
    assertThat(dealer.plans().batches(key)).hasSizeGreaterThanOrEqualTo(4);
    assertThat(erp.account().drafts()).as("staff's own draft alone is left").hasSize(1);
  }

  /** Marketing may leave in a minute that is far from now. */
  private static PlanSettings closed(PlanSettings settings) {
    LocalTime far = LocalTime.now(OrderDesk.ZONE).plusHours(12).truncatedTo(ChronoUnit.HOURS);
    return settings.withHours(far, far.plusMinutes(1));
  }

  private static void hours(PlanSettings settings) {
    Laoke laoke = erp.bean(Laoke.class);
    laoke.dealers().put("hengxin", laoke.dealers().settings("hengxin").plans(settings));
  }

  // ---- the phones

  private static void phones(String key) throws IOException {
    Map<Integer, String> people = new HashMap<>();
    Plan plan = dealer.plans().find(key).orElseThrow().plan();
    Map<String, Follower> byName =
        erp.account().people().stream()
            .filter(Follower::following)
            .collect(Collectors.toMap(Follower::name, one -> one));
    long silent = 0;
    for (PlanDecision one : dealer.plans().decisions(key, 0, 10_000)) {
      String name = dealer.members().get(one.memberId()).orElseThrow().name().orElse("");
      Follower fan = byName.get(name);
      if (fan == null) {
        continue;
      }
      List<ChatMessage> articles =
          fan.chat().stream().filter(m -> m.kind() == ChatMessage.Kind.ARTICLE).toList();
      if (one.result() == PlanDecision.Result.CHOSEN) {
        String content = PushGroups.rules(plan).get(one.rule()).content();
        assertThat(articles).as(name).hasSize(1);
        assertThat(articles.get(0).title()).isEqualTo(title(content));
        people.putIfAbsent(one.rule(), name);
      } else if (one.result() == PlanDecision.Result.HELD_OUT) {
        assertThat(articles).as(name + " is held out").isEmpty();
        silent++;
      }
    }
    assertThat(people).hasSize(4);
    assertThat(silent).isPositive();
    open("/push/plans/" + key);
    for (int rule = 0; rule < 4; rule++) {
      String name = people.get(rule);
      String content = PushGroups.rules(plan).get(rule).content();
      WebElement link =
          browser.findElements(By.cssSelector(".phones a")).stream()
              .filter(one -> one.getText().endsWith(" · " + name(content)))
              .findFirst()
              .orElseThrow();
      assertThat(link.getText()).startsWith(name);
      link.click();
      phoneShows(title(content));
    }
    browser.switchTo().frame("phone");
    find(".articles .cover img");
    find(".top-article").click();
    browser.switchTo().frame(find("#reader iframe"));
    shows("article", "谢谢您一直选择恒信家电");
    WebElement inside = find("article img");
    await().atMost(PATIENCE).until(() -> "640".equals(inside.getDomProperty("naturalWidth")));
    browser.switchTo().defaultContent();
    browser.executeScript("document.querySelector('.phone').scrollIntoView()");
    picture("push-phone-article");
    tall("push-plan-done", DESK);
  }

  private static String title(String content) {
    return ArticleForm.articles(dealer.contents().find(content).orElseThrow().content())
        .get(0)
        .title();
  }

  private static String name(String content) {
    return dealer.contents().find(content).orElseThrow().name();
  }

  // ---- the result

  private static void result(String key) throws IOException {
    shows("#lack", "数据不足");
    press("#sales");
    shows(".flash", "又过了 30 天");
    shows("#uplift", "多来的买家");
    Instant from = erp.bean(PlanDesk.class).startedAt(key).orElseThrow();
    Uplift uplift = dealer.plans().uplift(key, from, Duration.ofDays(30));
    assertThat(uplift).isInstanceOf(Uplift.Measured.class);
    Uplift.Measured measured = (Uplift.Measured) uplift;
    for (UpliftView.Line line : UpliftView.of(measured).lines()) {
      // Whether that is the truth is proved where it is computed.
      assertThat(find("#uplift").getText()).contains(line.low() + " 到 " + line.high());
    }
    assertThat(find("#groups").getText())
        .contains(
            measured.chosen().members() + " " + measured.chosen().buyers(),
            measured.heldOut().members() + " " + measured.heldOut().buyers());
    tall("push-plan-result", DESK);
  }

  // ---- the month

  private static void month() throws IOException {
    open("/push/calendar");
    String none = followers(4);
    find("[name=note]").sendKeys("<b>店庆</b>");
    press("#note");
    shows(".flash", "已记下");
    shows("main", "<b>店庆</b>");
    assertThat(followers(4)).isEqualTo("0");
    assertThat(followers(3)).isNotEqualTo("0");
    tall("push-calendar", DESK);
    press(".people form button");
    shows(".flash", "已撤回");
    assertThat(followers(4)).isEqualTo(none);
    open("/push/calendar?month=" + YearMonth.now(OrderDesk.ZONE));
    shows(".month", "十一月群发");
  }

  private static String followers(int left) {
    return find("#left li[data-left='" + left + "']").getDomAttribute("data-followers");
  }

  // ---- a phone's width

  private static void narrow(String key) throws IOException {
    browser.manage().window().setSize(PHONE);
    for (String path :
        List.of(
            "/push",
            "/push/contents/new?sample=kitchen",
            "/push/drafts",
            "/push/plans",
            "/push/plans/" + key,
            "/push/plans/new",
            "/push/calendar")) {
      open(path);
      Long overflow =
          (Long)
              browser.executeScript(
                  "return document.documentElement.scrollWidth -"
                      + " document.documentElement.clientWidth");
      assertThat(overflow).as("what %s is too wide by", path).isLessThanOrEqualTo(0);
      tall("phone" + path.replace(key, "one").replaceAll("[/?=]", "-"), PHONE);
    }
    browser.manage().window().setSize(DESK);
  }

  // ---- 退订

  private static void unsubscribed(String key) {
    String name = find0(key);
    Follower fan = erp.account().follower(name);
    long member = dealer.members().byOpenid(erp.account().appId(), fan.openId()).orElseThrow().id();
    int before = fan.chat().size();
    fan.say("退订");
    await().atMost(PATIENCE).until(() -> fan.chat().size() == before + 2);
    Plan again = dealer.plans().find(key).orElseThrow().plan();
    PlanDecision[] decided = new PlanDecision[1];
    dealer
        .plans()
        .preview(
            again,
            erp.bean(DemoClock.class).instant(),
            one -> {
              if (one.memberId() == member) {
                decided[0] = one;
              }
            });
    assertThat(decided[0].result()).isEqualTo(PlanDecision.Result.STOPPED);
    assertThat(decided[0].reason().orElseThrow().code()).isEqualTo("REFUSED_PURPOSE");
  }

  private static String find0(String key) {
    return dealer.plans().decisions(key, 0, 10_000).stream()
        .filter(one -> one.result() == PlanDecision.Result.CHOSEN)
        .map(one -> dealer.members().get(one.memberId()).orElseThrow().name().orElseThrow())
        .findFirst()
        .orElseThrow();
  }

  // ---- what is done in the browser

  private static void press(String css) {
    await()
        .atMost(PATIENCE)
        .ignoreException(StaleElementReferenceException.class)
        .until(
            () -> {
              browser.executeScript("arguments[0].scrollIntoView({block: 'center'})", find(css));
              find(css).click();
              return true;
            });
  }

  private static void choose(String css, String words) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              new Select(find(css)).selectByVisibleText(words);
              return true;
            });
  }

  private static void type(String css, String words) {
    WebElement field = find(css);
    field.sendKeys(Keys.chord(Keys.CONTROL, "a"), words);
  }
}
