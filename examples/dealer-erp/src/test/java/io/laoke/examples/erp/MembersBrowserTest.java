package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.segment.SavedSegment;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentJson;
import io.laoke.segment.Segments;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** 会员管理 in a real browser; leaves pictures in {@code target/screenshots}. */
class MembersBrowserTest extends PagesInBrowser {

  /**
   * Women, 5,000 yuan or more for kitchens in a year, a hood that was not serviced for half one.
   */
  private static final String SENTENCE =
      """
      {"v":1,"where":{"all":[
        {"field":"gender","op":"eq","value":"FEMALE"},
        {"agg":"sum","of":"items","field":"netAmount",
         "where":{"field":"category","op":"under","value":"kitchen"},
         "during":{"last":"P1Y"},"op":"gte","value":500000},
        {"agg":"count","of":"units",
         "where":{"all":[{"field":"category","op":"under","value":"kitchen/hood"},
                         {"any":[{"field":"lastServiceAt","op":"during","value":{"before":"P6M"}},
                                 {"all":[{"field":"lastServiceAt","op":"missing"},
                                         {"field":"installedOn","op":"during","value":{"before":"P6M"}}]}]}]},
         "op":"gte","value":1}]}}\
      """;

  private static Segments segments;

  @BeforeAll
  static void start() throws IOException {
    started("--erp.demo.members=1500");
    Dealer dealer = erp.bean(Laoke.class).dealer("hengxin");
    segments = dealer.segments();
  }

  @Test
  void theSentenceIsPutTogetherByClicking() throws Exception {
    browser.manage().window().setSize(DESK);
    openAndWatch("/members");
    add("n", "性别");
    choose("#v-n-0-0", "女");
    kitchens();
    picture("members-filling");
    unservicedHood();
    Segment wanted = SegmentJson.read(SENTENCE);
    long count = segments.count(wanted, now());
    assertThat(count).isPositive();
    shows("#answer", "%,d 位会员".formatted(count));
    shows("#answer .sentence", segments.toChinese(wanted));
    assertThat(readJson()).isEqualTo(SegmentJson.write(wanted));
    browser.executeScript("document.querySelector('.json').open = true");
    find(".json form").submit();
    shows("#answer", "%,d 位会员".formatted(count));
    shows("#answer .sentence", segments.toChinese(wanted));
    drawn(4);
    picture("members-sentence");
    tall("members-sentence-tall", DESK);

    List<String> listed = toTheEnd();
    assertThat(listed)
        .containsExactlyElementsOf(
            segments.page(wanted, now(), 0, 10_000).stream().map(String::valueOf).toList());

    find("#name").sendKeys("厨电老客，油烟机待清洗");
    press("#save");
    shows(".flash", "已保存“厨电老客，油烟机待清洗”（第 1 版）");
    shows("#answer", "%,d 位会员".formatted(count));
    SavedSegment saved = segments.all().get(0);
    assertThat(segments.count(saved.segment(), now())).isEqualTo(count);

    browser.get(erp.url() + "/members/" + listed.get(0));
    find(".why-in summary").click();
    assertThat(find(".why-in").getText()).contains("在", "厨电老客，油烟机待清洗", "符合", "看到 ", "元");
    picture("member");
    tall("member-tall", DESK);
    browser.manage().window().setSize(PHONE);
    assertThat(overflow()).isLessThanOrEqualTo(0);
    tall("phone-member", PHONE);

    openAndWatch("/members?segment=" + saved.key());
    shows("#answer", "%,d 位会员".formatted(count));
    drawn(4);
    assertThat(overflow()).isLessThanOrEqualTo(0);
    tall("phone-members", PHONE);
    browser.manage().window().setSize(DESK);
    type("#v-n-1-0", "8000");
    shows("#answer .sentence", "8000");
    press("#save");
    shows(".flash", "第 2 版");
    openAndWatch("/members/saved/" + saved.key());
    shows("main", "第 2 版");
    shows("main", "第 1 版");
    picture("members-versions");
  }

  private static void kitchens() {
    add("n", "商品明细");
    choose("#f-n-1", "实付金额 · 合计");
    shows("#e-n-1", "请填值");
    choose("#w-n-1-during", "近…");
    add("n.1.w", "品类");
    choose("#v-n-1-w-0-0", "厨房电器");
    type("#v-n-1-0", "5000");
    shows("#answer", "位会员");
  }

  private static void unservicedHood() {
    add("n", "家电");
    add("n.2.w", "品类");
    choose("#v-n-2-w-0-0", "油烟机");
    add("n.2.w", "一组条件，满足任意一条");
    add("n.2.w.1", "上次服务时间");
    before("n-2-w-1-0");
    // What belongs together stands in a group of its own.
    add("n.2.w.1", "一组条件，满足任意一条");
    choose("#k-n-2-w-1-1", "全部");
    add("n.2.w.1.1", "上次服务时间");
    choose("#o-n-2-w-1-1-0", "没有值");
    add("n.2.w.1.1", "安装日期");
    before("n-2-w-1-1-1");
  }

  private static void before(String part) {
    choose("#w-" + part + "-window", "…以前");
    type("#wn-" + part + "-window", "6");
    choose("#wu-" + part + "-window", "个月");
  }

  @Test
  void whatIsWrongIsSaidBesideIt() throws Exception {
    browser.manage().window().setSize(DESK);
    openAndWatch("/members");
    add("n", "商品明细");
    choose("#f-n-0", "实付金额 · 合计");
    type("#v-n-0-0", "很多");
    shows("#e-n-0", "金额请填数字");
    shows("#answer", "有条件不对");
    type("#v-n-0-0", "99999999999999");
    shows("#e-n-0", "10");
    add("n", "生日");
    choose("#w-n-1-window", "从某天到某天");
    shows("#e-n-1", "请选开始或结束的日期");
    browser.executeScript(
        "for (const [id, day] of [['wf', '2020-05-01'], ['wt', '2020-04-01']]) {"
            + " const field = document.getElementById(id + '-n-1-window'); field.value = day;"
            + " field.dispatchEvent(new Event('input', {bubbles: true})); }");
    type("#v-n-0-0", "100");
    shows("#e-n-1", "2020");
    picture("members-wrong");
    type("#v-n-0-0", "100");
    press("#del-n-1");
    shows("#answer", "位会员");
    assertThat(find("#e-n-0").isDisplayed()).isFalse();
  }

  @Test
  void aLateAnswerToWhatWasAskedBeforeIsNotShown() {
    heldBack();
    select("#v-n-0-0", "女");
    givenUp();
    shows("#answer .sentence", "女");
    assertThat(find("#answer .sentence").getText()).contains("女").doesNotContain("男");
  }

  @Test
  void aLateAnswerToTheFilterBeforeIsNotShown() {
    heldBack();
    add("n", "生日");
    choose("#w-n-1-window", "从某天到某天");
    givenUp();
    shows("#e-n-1", "请选开始或结束的日期");
    assertThat(find("#answer").getText()).contains("条件").doesNotContain("男");
  }

  /** Asks for men, and what is asked for their charts is on its way for long. */
  private static void heldBack() {
    browser.manage().window().setSize(DESK);
    openAndWatch("/members");
    add("n", "性别");
    choose("#v-n-0-0", "女");
    shows("#answer .sentence", "女");
    drawn(4);
    // What is asked for the charts is on its way for long, unless it is given up.
    browser.executeScript(
        """
        const {open, send, abort} = XMLHttpRequest.prototype;
        Object.assign(XMLHttpRequest.prototype, {
          open(verb, path) {
            this.slow = path.endsWith('/detail') && !window.held;
            return open.apply(this, arguments);
          },
          send(body) {
            if (!this.slow) { return send.call(this, body); }
            window.held = true;
            setTimeout(() => {
              window.late = true;
              if (!this.givenUp) { send.call(this, body); }
            }, 3000);
          },
          abort() {
            if (this.slow && !window.late) {
              window.givenUp = this.givenUp = true;
              this.onabort();
            }
            return abort.call(this);
          },
        });
        """);
    select("#v-n-0-0", "男");
    await().atMost(PATIENCE).until(() -> is("window.held"));
  }

  private static void givenUp() {
    await().atMost(PATIENCE).until(() -> is("window.late"));
    settled();
    assertThat(is("window.givenUp")).as("the late one is given up").isTrue();
  }

  private static boolean is(String flag) {
    return Boolean.TRUE.equals(browser.executeScript("return " + flag + " === true"));
  }

  @Test
  void aSegmentThatOthersUseStays() {
    Segment women =
        SegmentJson.read(
            "{\"v\":1,\"where\":{\"field\":\"gender\",\"op\":\"eq\",\"value\":\"FEMALE\"}}");
    segments.save("women", "女会员", women, "test");
    browser.manage().window().setSize(DESK);
    openAndWatch("/members");
    add("n", "在已存的人群里");
    shows("#e-n-0", "请选择一个已存的人群");
    choose("#v-n-0", "女会员");
    shows("#answer", "%,d 位会员".formatted(segments.count(women, now())));
    press("#not-n-0");
    shows("#answer", "%,d 位会员".formatted(segments.count(new Segment.Not(women), now())));
    find("#name").sendKeys("不是女会员");
    press("#save");
    shows(".flash", "已保存");
    openAndWatch("/members/saved/women");
    find("form .danger").click();
    browser.switchTo().alert().accept();
    shows(".flash", "人群“不是女会员”用到了它");
    assertThat(segments.find("women")).isPresent();
    segments.all().stream()
        .filter(one -> one.name().equals("不是女会员"))
        .forEach(one -> segments.remove(one.key(), "test"));
    openAndWatch("/members/saved/women");
    find("form .danger").click();
    browser.switchTo().alert().accept();
    shows(".flash", "已删除");
    assertThat(segments.find("women")).isEmpty();
  }

  @Test
  void theKeyboardIsEnough() {
    browser.manage().window().setSize(DESK);
    openAndWatch("/members");
    WebElement adder = find("#new-n");
    tabTo(adder);
    adder.sendKeys("性别");
    browser.switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(browser.switchTo().activeElement().getAttribute("id")).isEqualTo("add-n");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    // The new condition has the focus, and keeps it while it changes.
    await().until(() -> focused().equals("f-n-0"));
    browser.switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(focused()).isEqualTo("o-n-0");
    browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN);
    await().until(() -> !browser.findElements(By.cssSelector("#v-n-0-1")).isEmpty());
    assertThat(focused()).isEqualTo("o-n-0");
    // What was chosen before is ticked already, so the other one is what a key can add.
    assertThat(find("#v-n-0-0").isSelected()).isTrue();
    shows("#answer .sentence", "女");
    browser.switchTo().activeElement().sendKeys(Keys.TAB);
    browser.switchTo().activeElement().sendKeys(Keys.TAB);
    assertThat(focused()).isEqualTo("v-n-0-1");
    browser.switchTo().activeElement().sendKeys(Keys.SPACE);
    shows("#answer .sentence", "男");
    for (int i = 0; i < 2; i++) {
      browser.switchTo().activeElement().sendKeys(Keys.TAB);
    }
    assertThat(focused()).isEqualTo("del-n-0");
    browser.switchTo().activeElement().sendKeys(Keys.ENTER);
    await().until(() -> focused().equals("new-n"));
    shows("#answer .sentence", "所有会员");
    List<WebElement> unnamed =
        browser.findElements(By.cssSelector("input:not([type=hidden]), select, textarea")).stream()
            .filter(field -> field.isDisplayed() && field.getAccessibleName().isBlank())
            .toList();
    assertThat(unnamed).as("fields without a name for screen readers").isEmpty();
  }

  @Test
  void staffNoteWhatTheyKnowOfAMember() {
    browser.manage().window().setSize(DESK);
    long id = segments.page(new Segment.Everyone(), now(), 0, 1).get(0);
    openAndWatch("/members/" + id);
    find("#tag").sendKeys("爱做饭", Keys.ENTER);
    shows(".chips", "爱做饭");
    find("#remark").sendKeys("周末才在家");
    find("#remark").submit();
    shows(".notes", "周末才在家");
    find("#reason").sendKeys("出国半年", Keys.ENTER);
    shows("main", "到人工恢复为止：出国半年");
    find("button[value=MARKETING]").click();
    shows(".flash", "已恢复营销");
    find(".chips button[value=爱做饭]").click();
    shows(".flash", "已去掉标签");
    assertThat(browser.findElements(By.cssSelector(".chips button[value=爱做饭]"))).isEmpty();
    openAndWatch("/members");
    find("input[type=search]").sendKeys("HY00001", Keys.ENTER);
    shows("main", "HY00001");
    openAndWatch("/members");
    find("input[type=search]").sendKeys("nobody", Keys.ENTER);
    shows(".flash", "没有这个手机号或卡号的会员");
  }

  private static Instant now() {
    return erp.bean(DemoClock.class).instant();
  }

  private static String readJson() {
    settled();
    return String.valueOf(find("#json").getDomProperty("value"));
  }

  private static List<String> toTheEnd() {
    List<String> all = new ArrayList<>();
    int page = 1;
    while (true) {
      for (WebElement link : browser.findElements(By.cssSelector("#list tbody a"))) {
        String address = String.valueOf(link.getDomAttribute("href"));
        all.add(address.substring(address.lastIndexOf('/') + 1));
      }
      if (browser.findElements(By.cssSelector("#next")).isEmpty()) {
        return all;
      }
      find("#next").click();
      shows("#list .pager", "第 " + ++page + " 页");
    }
  }

  private static void add(String group, String what) {
    String key = group.replace('.', '-');
    int parts = parts();
    select("#new-" + key, what);
    press("#add-" + key);
    await().atMost(PATIENCE).until(() -> parts() > parts);
  }

  private static int parts() {
    return browser.findElements(By.cssSelector("#builder .part, #builder .group")).size();
  }

  private static void select(String css, String label) {
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .untilAsserted(
            () -> {
              Select select = new Select(find(css));
              WebElement option =
                  select.getOptions().stream()
                      .filter(one -> one.getText().strip().endsWith(label))
                      .findFirst()
                      .orElseThrow();
              select.selectByValue(String.valueOf(option.getDomProperty("value")));
            });
  }

  /** Chooses, and waits until what follows from it is there. */
  private static void choose(String css, String label) {
    select(css, label);
    settled();
  }

  /**
   * Waits until what was clicked and typed was answered; the page asks 300 ms behind the last key.
   */
  private static void settled() {
    await()
        .atMost(PATIENCE)
        .until(
            () ->
                (Boolean)
                    browser.executeScript(
                        "return (window.typedAt === undefined || performance.now() - window.typedAt > 400)"
                            + " && document.querySelectorAll('.htmx-request, .htmx-swapping,"
                            + " .htmx-settling').length === 0"));
  }

  private static void type(String css, String text) {
    await()
        .atMost(PATIENCE)
        .ignoreException(StaleElementReferenceException.class)
        .untilAsserted(
            () -> {
              find(css).clear();
              find(css).sendKeys(text);
              assertThat(find(css).getDomProperty("value")).isEqualTo(text);
            });
    settled();
  }

  private static void press(String css) {
    browser.executeScript("document.querySelector(arguments[0]).click()", css);
    settled();
  }

  private static void tabTo(WebElement wanted) {
    for (int i = 0; i < 60 && !browser.switchTo().activeElement().equals(wanted); i++) {
      browser.switchTo().activeElement().sendKeys(Keys.TAB);
    }
    assertThat(browser.switchTo().activeElement()).isEqualTo(wanted);
  }

  private static String focused() {
    return String.valueOf(browser.switchTo().activeElement().getDomAttribute("id"));
  }

  private static long overflow() {
    return (Long)
        browser.executeScript(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
  }

  /** Opens a page and notes when somebody types in it. */
  private static void openAndWatch(String path) {
    open(path);
    browser.executeScript(
        "for (const event of ['input', 'change']) document.addEventListener(event, () => {"
            + " window.typedAt = performance.now(); }, true)");
  }
}
