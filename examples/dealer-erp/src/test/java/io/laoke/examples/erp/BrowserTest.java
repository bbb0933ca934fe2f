package io.laoke.examples.erp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.simulator.Follower;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The pages in a real browser; leaves pictures of them in {@code target/screenshots}. */
class BrowserTest extends PagesInBrowser {

  @BeforeAll
  static void start() throws IOException {
    started();
  }

  @Test
  void fromTheOrderToTheMessageOnTheCustomersPhone() throws Exception {
    browser.manage().window().setSize(DESK);
    open("/orders/new");
    picture("new");
    new Select(find("#sku-0")).selectByValue("KH2102");
    shows(".total", "¥4,599.00");
    new Select(find("#sku-1")).selectByValue("KS2202");
    shows(".total", "¥6,498.00");
    find("#price-0").sendKeys("4399", Keys.TAB);
    shows(".total", "¥6,298.00");
    find("[name=more]").click();
    await().atMost(PATIENCE).until(() -> browser.findElements(By.cssSelector(".line")).size() == 3);
    find("#street").sendKeys("文三路 100 号", Keys.ENTER);
    shows("main form", "请填写客户姓名");
    picture("new-wrong");
    find("#customerName").sendKeys("周杰");
    find("#customerPhone").sendKeys("13800138000");
    new Select(find("#region")).selectByIndex(1);
    new Select(find("#salesperson")).selectByValue("D1001");
    find("#street").sendKeys(Keys.ENTER);

    shows("#binding", "未绑定");
    WebElement code = find("img.qr");
    await()
        .atMost(PATIENCE)
        .until(() -> (Long) browser.executeScript("return arguments[0].naturalWidth", code) > 0);
    picture("reported");
    find("form.scan button").click();
    shows("#binding", "已绑定");
    phoneShows("绑定成功");

    find("button[value=APPROVED]").click();
    shows(".track .now", "已审核");
    shows("#notices", "已送达");
    phoneShows("订单进度通知");
    phoneShows("已审核");

    Follower family = erp.account().follower("周太太");
    family.scanImage(find("img.qr").getScreenshotAs(OutputType.BYTES));
    await()
        .atMost(PATIENCE)
        .until(() -> browser.findElements(By.cssSelector("#binding .people li")).size() == 2);
    picture("bound");
    find("#binding .people li:nth-child(2) button").click();
    browser.switchTo().alert().dismiss();
    assertThat(browser.findElements(By.cssSelector("#binding .people li"))).hasSize(2);
    find("#binding .people li:nth-child(2) button").click();
    browser.switchTo().alert().accept();
    await()
        .atMost(PATIENCE)
        .until(() -> browser.findElements(By.cssSelector("#binding .people li")).size() == 1);
  }

  @Test
  void withoutACodeThereIsAReasonAndNoBrokenPicture() throws Exception {
    browser.manage().window().setSize(DESK);
    OrderForm form = OrderForm.blank(1);
    form.setCustomerName("吴码");
    form.setCustomerPhone("13800138001");
    form.setRegion("浙江/杭州/西湖区");
    form.setStreet("文三路 2 号");
    form.setSalesperson("D1001");
    form.getLines().get(0).setSku("KH2101");
    String orderNo = erp.bean(OrderDesk.class).create(form);
    erp.bean(CustomerNotices.class).issue(orderNo);
    erp.weChat().faults().onCall("/cgi-bin/qrcode/create").answer(45009);
    open("/orders/" + orderNo);
    shows("#binding", "微信没有给出绑定码");
    assertThat(find("img.qr").isDisplayed()).isFalse();
    assertThat(find("#binding").getText()).doesNotContain("请客户用微信扫码");
    picture("no-code");
    find(".no-code a").click();
    shows("#binding", "请客户用微信扫码");
    assertThat(find(".no-code").isDisplayed()).isFalse();
  }

  @Test
  void aWrongPriceIsToldInsideItsColumn() throws Exception {
    browser.manage().window().setSize(DESK);
    open("/orders/new");
    new Select(find("#sku-0")).selectByValue("KH2102");
    shows(".total", "¥4,599.00");
    find("#price-0").sendKeys("abc", Keys.TAB);
    shows(".line .error", "成交价请填数字");
    shows(".total", "¥0.00");
    WebElement words = find(".line .error");
    assertThat(words.getRect().getWidth()).isLessThanOrEqualTo(128);
    picture("new-no-number");
  }

  @Test
  void fitsAPhone() throws Exception {
    browser.manage().window().setSize(PHONE);
    String order = erp.bean(OrderDesk.class).search(null, "周敏", 0).getContent().get(0).orderNo();
    for (String path : List.of("/orders", "/orders/new", "/orders/" + order, "/messages")) {
      open(path);
      Long overflow =
          (Long)
              browser.executeScript(
                  "return document.documentElement.scrollWidth -"
                      + " document.documentElement.clientWidth");
      assertThat(overflow).as("what %s is too wide by", path).isLessThanOrEqualTo(0);
      String name = path.replaceFirst("/orders/XS.*", "/order").replace("/", "-");
      tall("phone" + name, PHONE);
    }
    browser.manage().window().setSize(DESK);
    open("/orders");
    picture("orders");
    open("/messages");
    picture("messages");
  }

  @Test
  void theKeyboardIsEnough() {
    browser.manage().window().setSize(DESK);
    open("/orders");
    browser.switchTo().activeElement().sendKeys(Keys.TAB);
    WebElement skip = browser.switchTo().activeElement();
    assertThat(skip.getText()).isEqualTo("跳到正文");
    assertThat(skip.getRect().getX()).isNotNegative();
    open("/orders/new");
    List<WebElement> unnamed =
        browser.findElements(By.cssSelector("input:not([type=hidden]), select")).stream()
            .filter(field -> field.isDisplayed() && field.getAccessibleName().isBlank())
            .toList();
    assertThat(unnamed).as("fields without a name for screen readers").isEmpty();
  }
}
