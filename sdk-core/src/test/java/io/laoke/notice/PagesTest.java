package io.laoke.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.sun.net.httpserver.HttpServer;
import io.laoke.binding.AutoBind;
import io.laoke.binding.BindingEvent;
import io.laoke.binding.BindingSettings;
import io.laoke.binding.Recipient;
import io.laoke.binding.RecipientState;
import io.laoke.binding.World;
import io.laoke.catalog.Catalog;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.ChannelException;
import io.laoke.member.WebIdentity.Visitor;
import io.laoke.message.ChannelKind;
import io.laoke.notice.Phone.Page;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What customers see on their phones, and what their taps do. */
class PagesTest {
  private static final Buyer WANG = Buyer.of("C1", "王伟", "13800138000");

  private static World world(TestServer server) {
    World on = new World(server);
    on.bindingSettings = BindingSettings.standard().withWebAddress(Phone.ADDRESS);
    return on;
  }

  private static String link(World on, String order) {
    return on.engine.bindings().issue(order).link();
  }

  /** Inside a transaction of the host, which the pages' contract forbids, no platform is asked. */
  private static String codeToFollow() {
    return Way.eachCallJoined() ? "二维码暂时无法显示" : "data:image/png;base64,";
  }

  private static RecipientState state(World on, String order, String openid) {
    return on.stateOf(order, openid);
  }

  @ParameterizedTest
  @EnumSource
  void aPaperLinkBindsLikeAScanAndShowsACodeToFollow(TestServer server) {
    try (World on = world(server)) {
      String order = on.order(WANG);
      on.advance(order, Stage.SHIPPED);
      String link = link(on, order);
      assertThat(link).matches("https://m\\.example\\.cn/laoke/l/1-[A-Za-z0-9_-]{22}");
      assertThat(link(on, order)).isEqualTo(link);
      assertThat(on.main.scenes()).as("made without the platform").isEmpty();

      Phone phone = Phone.of(on);
      Page first = phone.signIn(on, link, "o1");
      assertThat(first.status()).isEqualTo(200);
      assertThat(first.body())
          .contains("绑定成功", order, "双开门冰箱等3件", "已出库", "还差一步：关注公众号", codeToFollow());
      assertThat(on.main.scenes())
          .containsExactlyElementsOf(Way.eachCallJoined() ? List.of() : List.of(on.scene(order)));
      assertThat(state(on, order, "o1")).isEqualTo(RecipientState.ACTIVE);
      assertThat(on.engine.bindings().recipients(order).get(0).source())
          .isEqualTo(Recipient.Source.LINK);
      assertThat(on.memberOfOpenid("o1")).isEqualTo(on.memberOf(order));
      assertThat(on.engine.decisions(order))
          .filteredOn(one -> one.channel() == ChannelKind.WEB_PAGE)
          .hasSize(1);
      assertThat(on.engine.bindings().audit(order))
          .extracting(BindingEvent::action)
          .containsExactly(BindingEvent.Action.ISSUED, BindingEvent.Action.BOUND);

      // They follow by the code: nothing is bound twice, and the page asks for nothing any more.
      assertThat(on.engine.scanAndFollow("o1", on.scene(order))).contains("您已绑定该订单");
      Page again = phone.signIn(on, link, "o1");
      assertThat(again.body()).contains("您已绑定该订单").doesNotContain("关注公众号");
      assertThat(Phone.of(on).signIn(on, link, "o2").body()).contains("与家人一起");
      assertThat(Phone.of(on).signIn(on, link, "o3").body()).contains("绑定成功");
      Page full = Phone.of(on).signIn(on, link, "o4");
      assertThat(full.body()).contains("无法绑定").doesNotContain(order, "冰箱");
      assertThat(state(on, order, "o4")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPaperLinkOutlivesItsTicketAndDiesWhenItIsTakenBack(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      String link = link(on, order);
      on.now = World.START.plus(Duration.ofDays(400));
      assertThat(on.engine.bindings().ticket(order)).isEmpty();
      Page late = Phone.of(on).signIn(on, link, "o1");
      assertThat(late.body()).contains("绑定成功", codeToFollow());
      assertThat(on.engine.bindings().ticket(order)).as("a fresh code to follow").isPresent();
      assertThat(link(on, order)).as("the paper goes on to work").isEqualTo(link);

      on.now = World.START.plus(Duration.ofDays(730));
      assertThat(Phone.of(on).signIn(on, link, "o2").body()).contains("链接已过期");
      assertThat(Phone.of(on).signIn(on, link, "o1").body()).contains("您已绑定该订单");
      String next = link(on, order);
      assertThat(next).isNotEqualTo(link);

      assertThat(on.engine.bindings().revoke(order, "S01", "错发")).isTrue();
      assertThat(on.engine.bindings().audit(order))
          .extracting(BindingEvent::action)
          .contains(BindingEvent.Action.LINK_REVOKED);
      assertThat(Phone.of(on).signIn(on, next, "o3").body()).contains("链接已作废");
      String anew = on.engine.bindings().rebind(order, "S01", "扫错了").link();
      assertThat(Phone.of(on).signIn(on, anew, "o3").body()).contains("绑定成功");
      on.advance(order, Stage.CANCELLED);
      assertThat(Phone.of(on).signIn(on, anew, "o9").body()).contains("订单已关闭");
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void outsideTheAppNothingHappensButACodeOfThePageIsShown(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      String link = link(on, order);
      long before = on.count("binding_audit");
      Phone phone = Phone.of(on);
      phone.userAgent = Phone.SAFARI;
      Page page = phone.get(link);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body()).contains("请在微信中打开", "data:image/png;base64,");
      assertThat(phone.cookies()).isEmpty();
      assertThat(Phone.of(on).get(link).status()).isEqualTo(303);
      assertThat(on.count("binding_audit")).isEqualTo(before);
      assertThat(on.count("recipient") + on.count("web_sign_in")).isZero();
      assertThat(on.main.scenes()).isEmpty();
      on.main.signsIn = false;
      assertThat(Phone.of(on).get(link).status()).isEqualTo(503);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSignInCountsOnceInTheBrowserThatBeganItAndNoLongerThanTenMinutes(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      String link = link(on, order);
      Phone phone = Phone.of(on);
      String back = phone.started(link);
      Phone stranger = Phone.of(on);
      assertThat(stranger.get(back + on.main.code("o1")).status()).isEqualTo(400);
      assertThat(on.main.asked).as("no code of a foreign browser reaches the platform").hasValue(0);

      // A state of another sign-in in the same browser, a changed one, and none.
      assertThat(phone.get(back.replaceFirst("state=..", "state=zz") + "c").status())
          .isEqualTo(400);
      assertThat(phone.get(Phone.ADDRESS + "/r/1").status()).isEqualTo(400);
      assertThat(phone.ask("HEAD", back + "c", "").status()).isEqualTo(404);
      assertThat(phone.ask("GET", back + "c", "", Map.of("Sec-Purpose", "prefetch")).status())
          .as("a browser that looks ahead uses nothing up")
          .isEqualTo(404);
      assertThat(phone.get(back + on.main.code("o1")).body()).contains("绑定成功");
      assertThat(on.main.asked).hasValue(1);

      // Loaded anew: how things are, by the cookie alone. Stolen with its cookie gone: nothing.
      Phone replaying = Phone.of(on);
      assertThat(replaying.get(back + on.main.code("o2")).status()).isEqualTo(400);
      String second = phone.started(link);
      assertThat(phone.get(second + on.main.code("o1")).body()).contains("您已绑定");
      Page repeated = phone.get(second + on.main.code("o2"));
      assertThat(repeated.body()).contains("您已绑定");
      assertThat(on.main.asked).hasValue(2);
      assertThat(state(on, order, "o2")).isNull();

      String slow = phone.started(link);
      on.ahead = Duration.ofMinutes(11);
      assertThat(phone.get(slow + on.main.code("o3")).status()).isEqualTo(400);
      assertThat(state(on, order, "o3")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void whoLeavesIsNotBoundAgainByLoadingThePageAnew(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      Phone phone = Phone.of(on);
      String back = phone.started(link(on, order));
      phone.get(back + on.main.code("o1"));
      on.engine.bindings().unbind(order, World.ACCOUNT, "o1", "me", "not mine");
      Page page = phone.get(back + on.main.code("o1"));
      assertThat(page.status()).isEqualTo(400);
      assertThat(page.link("重新打开")).isEqualTo(link(on, order));
      assertThat(state(on, order, "o1")).isEqualTo(RecipientState.UNBOUND);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void whomThePlatformDoesNotNameIsNotBound(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      String link = link(on, order);
      Phone phone = Phone.of(on);
      Page snapshot = phone.get(phone.started(link) + on.main.coded(new Visitor.Snapshot()));
      assertThat(snapshot.status()).isEqualTo(403);
      assertThat(snapshot.body()).contains("使用完整服务");
      assertThat(snapshot.link("重新打开")).isEqualTo(link);
      assertThat(phone.get(phone.started(link) + "used-code").status()).isEqualTo(400);
      assertThat(phone.get(phone.started(link)).status()).isEqualTo(400);
      String busy = phone.started(link);
      on.main.failure = new ChannelException("down", null, true);
      assertThat(phone.get(busy + on.main.code("o1")).body()).contains("微信暂时没有应答");
      assertThat(on.count("recipient")).isZero();
      // The code to follow is what fails: the order is bound all the same.
      on.main.failure = null;
      on.main.makesCodes = false;
      assertThat(phone.signIn(on, link, "o1").body()).contains("绑定成功", "二维码暂时无法显示");
      Catalog people = on.engine.catalogs.catalog(on.database, on.dealer);
      people.put(Staff.of("D1", "李娜"));
      people.linkStaff("D1", World.ACCOUNT, "oStaff");
      assertThat(Phone.of(on).signIn(on, link, "oStaff").body()).contains("员工您好", order);
      assertThat(state(on, order, "oStaff")).isNull();
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void foreignAddressesSayNothing(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      String link = link(on, order);
      Phone phone = Phone.of(on);
      for (String path :
          List.of(
              "/l/1-AAAAAAAAAAAAAAAAAAAAAA",
              "/l/2-" + link.substring(link.length() - 22),
              "/l/zzzzzz-AAAAAAAAAAAAAAAAAAAAAA",
              "/l/1",
              "/l/",
              "/o/1-1-1-AAAAAAAAAAAAAAAAAAAAAA",
              "/o/1-zzzzzzzzzzzzz-zzzzzzzz-AAAAAAAAAAAAAAAAAAAAAA",
              "/c/9",
              "/c/1/foreign",
              "/r/9?state=1",
              "/x",
              "/",
              "")) {
        assertThat(phone.get(Phone.ADDRESS + path).status()).as(path).isEqualTo(404);
      }
      assertThat(phone.ask("DELETE", link, "").status()).isEqualTo(405);
      Page head = phone.ask("HEAD", link, "");
      assertThat(head.status()).isEqualTo(303);
      on.bindingSettings = BindingSettings.standard();
      assertThat(phone.get(link).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theFormBindsWhoKnowsNumberAndPhone(TestServer server) {
    try (World on = world(server)) {
      String order = on.order(WANG);
      Phone phone = Phone.of(on);
      String form = Phone.ADDRESS + "/c/1";
      Page empty = phone.signIn(on, form, "o1");
      assertThat(empty.body()).contains("绑定我的订单", "下单手机号后四位");
      Page wrong = phone.press(form, filled(empty, order, "1111"));
      assertThat(wrong.status()).isEqualTo(422);
      assertThat(wrong.body()).contains("没有找到相符的订单", "value=\"" + order + "\"");
      Page unknown = phone.press(form, filled(empty, "SO-0", "8000"));
      assertThat(unknown.body().replace("value=\"SO-0\"", ""))
          .isEqualTo(wrong.body().replace("value=\"" + order + "\"", ""));
      assertThat(phone.press(form, filled(empty, "", "8000")).body()).contains("请填写订单号");
      assertThat(phone.press(form, filled(empty, order, "80")).body()).contains("后四位数字");
      Page bound = phone.press(form, filled(empty, order, "８０００"));
      assertThat(bound.body()).contains("绑定成功", order, "关注公众号");
      assertThat(on.engine.bindings().recipients(order).get(0).source())
          .isEqualTo(Recipient.Source.CLAIM);

      // Without sign-in, with another visitor's token, or from another site: nothing.
      Phone stranger = Phone.of(on);
      assertThat(stranger.press(form, filled(empty, order, "8000")).status()).isEqualTo(400);
      stranger.signIn(on, form, "o2");
      assertThat(stranger.press(form, filled(empty, order, "8000")).status()).isEqualTo(400);
      Page own = stranger.get(form);
      assertThat(
              stranger
                  .ask(
                      "POST",
                      form,
                      Phone.encoded(filled(own, order, "8000")),
                      Map.of("Sec-Fetch-Site", "cross-site"))
                  .status())
          .isEqualTo(400);
      assertThat(state(on, order, "o2")).isNull();
      for (int i = 0; i < 5; i++) {
        stranger.press(form, filled(own, order, "000" + i));
      }
      assertThat(stranger.press(form, filled(own, order, "8000")).body()).contains("尝试次数过多");
      assertThat(state(on, order, "o2")).isNull();
      on.bindingSettings = on.bindingSettings.withClaims(false);
      assertThat(phone.get(form).status()).isEqualTo(404);
    }
  }

  private static Map<String, String> filled(Page form, String orderNo, String lastFour) {
    return Map.of("token", form.form("绑定").get("token"), "orderNo", orderNo, "lastFour", lastFour);
  }

  private static String page(World on, String order) {
    return Phone.of(on).signIn(on, link(on, order), "o1").link("查看订单详情");
  }

  @ParameterizedTest
  @EnumSource
  void theOrderPageShowsTheOrderAndHidesThePerson(TestServer server) {
    try (World on = world(server)) {
      on.engine.catalogs.catalog(on.database, on.dealer).put(Store.of("S1", "西湖文三路店"));
      String evil = "<script>alert(1)</script>\"'&\u202Egnp.exe";
      on.engine
          .orders()
          .upsert(
              Order.of("A<1>", World.START)
                  .buyer(WANG)
                  .store("S1")
                  .place(Place.of("浙江/杭州/西湖区", "文三路199号东楼802室", "王小明", "13912345678"))
                  .line(OrderLine.goods("1", "kitchen/fridge", 1, "5999.00").name(evil))
                  .line(OrderLine.goods("2", "kitchen/hood", 2, "3000.00").name("抽油烟机")));
      on.engine
          .orders()
          .advance(
              "A<1>",
              StageReport.of(Stage.SHIPPED, World.START)
                  .carrier("顺丰")
                  .trackingNo("SF123")
                  .line("2"));
      on.engine
          .orders()
          .advance(
              "A<1>",
              StageReport.of(Stage.SCHEDULED, World.START.plusSeconds(60))
                  .slot("5月3日 09:00-12:00")
                  .technician("赵师傅"));
      String address = page(on, "A<1>");
      Page page = Phone.of(on).get(address);
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.body())
          .contains("A&lt;1&gt;", "已预约", "5月3日 09:00-12:00", "赵师傅", "顺丰 SF123", "抽油烟机")
          .contains("西湖文三路店", "浙江 杭州 西湖区 文三路***", "王***", "139****5678", "下单")
          .contains("停止通知", "不是我的订单", "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;gnp")
          .doesNotContain("<script", "199号", "王小明", "13912345678", "13800138000", "5999", "\u202E");
      assertThat(page.header("Content-Security-Policy"))
          .contains("default-src 'none'", "frame-ancestors 'none'", "form-action 'self'")
          .doesNotContain("unsafe", "http");
      assertThat(page.header("Cache-Control")).isEqualTo("no-store");
      assertThat(page.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(page.body()).doesNotContain(" style=", "src=\"http", "javascript:");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theOrderPageStopsResumesAndUnbinds(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      String address = page(on, order);
      Phone phone = Phone.of(on);
      Page open = phone.get(address);
      assertThat(phone.press(address, open.form("停止通知")).location()).isEqualTo(address);
      assertThat(state(on, order, "o1")).isEqualTo(RecipientState.STOPPED);
      Page stopped = phone.get(address);
      assertThat(stopped.body()).contains("您已停止接收本单的通知");
      phone.press(address, stopped.form("恢复通知"));
      phone.press(address, stopped.form("恢复通知"));
      assertThat(state(on, order, "o1")).isEqualTo(RecipientState.ACTIVE);

      // A GET with the same words, a wrong token, another site's form: nothing.
      phone.get(address + "?" + Phone.encoded(open.form("停止通知")));
      assertThat(phone.press(address, Map.of("do", "stop", "token", "no")).status()).isEqualTo(403);
      assertThat(
              phone
                  .ask(
                      "POST",
                      address,
                      Phone.encoded(open.form("停止通知")),
                      Map.of("Origin", "https://evil.example"))
                  .status())
          .isEqualTo(403);
      assertThat(state(on, order, "o1")).isEqualTo(RecipientState.ACTIVE);

      Page sure = phone.press(address, open.form("不是我的订单"));
      assertThat(sure.body()).contains("确认，不是我的订单");
      assertThat(state(on, order, "o1")).isEqualTo(RecipientState.ACTIVE);
      assertThat(phone.press(address, sure.form("确认，不是我的订单")).body()).contains("已解除");
      assertThat(state(on, order, "o1")).isEqualTo(RecipientState.UNBOUND);
      assertThat(on.engine.bindings().audit(order))
          .filteredOn(one -> one.action() == BindingEvent.Action.UNBOUND)
          .singleElement()
          .satisfies(one -> assertThat(one.by()).contains("customer"));
      assertThat(phone.get(address).status()).as("the link ends with the recipient").isEqualTo(404);
      assertThat(phone.press(address, open.form("停止通知")).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource(names = "H2")
  void aPageOpensByItsOwnUnchangedAddressOnlyAndNotForEver(TestServer server) {
    try (World on = world(server)) {
      String mine = on.guestOrder();
      String address = page(on, mine);
      String other = on.guestOrder();
      String others = Phone.of(on).signIn(on, link(on, other), "o2").link("查看订单详情");
      Phone phone = Phone.of(on);
      int mark = address.length() - 22;
      String[] parts = address.substring(address.lastIndexOf('/') + 1).split("-", 4);
      String[] otherParts = others.substring(others.lastIndexOf('/') + 1).split("-", 4);
      assertThat(phone.get(others).status()).isEqualTo(200);
      for (String forged :
          List.of(
              address.substring(0, mark) + others.substring(others.length() - 22),
              address.replace(parts[1], otherParts[1]),
              address.replace("-" + parts[2] + "-", "-zzzzzzz-"),
              address.substring(0, mark) + "A".repeat(22))) {
        assertThat(phone.get(forged).status()).as(forged).isEqualTo(404);
      }
      on.now = World.START.plus(Duration.ofDays(399));
      assertThat(phone.get(address).status()).isEqualTo(200);
      on.now = World.START.plus(Duration.ofDays(401));
      assertThat(phone.get(address).status()).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noticesLeadToTheOrderPageUnlessTheTemplateLeadsElsewhere(TestServer server) {
    try (World on = world(server)) {
      String order = on.guestOrder();
      NoticeTemplate plain = NoticeTemplate.of("tpl").field("phrase2", "{stage.name}");
      on.engine.notices().template(Stage.SHIPPED, plain);
      on.engine.notices().template(Stage.DELIVERED, plain.url("https://shop.example/{order.no}"));
      on.scan("o1", order);
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      String url = on.sentTo("o1").get(0).body().url().orElseThrow();
      assertThat(Phone.of(on).get(url).body()).contains(order, "已出库");
      // Reported again on another day with the same words: told once.
      on.now = on.now.plus(Duration.ofDays(1));
      on.advance(order, Stage.SHIPPED);
      on.engine.tick();
      assertThat(on.sentTo("o1")).hasSize(1);
      on.advance(order, Stage.DELIVERED);
      on.engine.tick();
      assertThat(on.sentTo("o1").get(1).body().url()).contains("https://shop.example/" + order);
    }
  }

  @ParameterizedTest
  @EnumSource
  void asksAFollowerOnceAndWaitsForYes(TestServer server) {
    try (World on = world(server)) {
      on.bindingSettings = on.bindingSettings.withAutoBind(AutoBind.ASK);
      NoticeTemplate told =
          NoticeTemplate.of("tpl")
              .field("phrase2", "{stage.name}")
              .field("thing3", "{recipient.hint}");
      List.of(Stage.APPROVED, Stage.SHIPPED, Stage.DELIVERED)
          .forEach(stage -> on.engine.notices().template(stage, told.url("https://shop.example/")));
      on.scan("o1", on.order(WANG));
      String yes = on.order(WANG);
      String no = on.order(WANG);
      on.advance(yes, Stage.APPROVED);
      on.advance(no, Stage.APPROVED);
      on.advance(yes, Stage.SHIPPED);
      // The words are changed while the questions wait: they go on to lead to the page.
      on.engine
          .notices()
          .template(Stage.APPROVED, told.field("thing4", "新").url("https://shop.example/"));
      on.engine.tick();
      assertThat(on.sentTo("o1")).as("one question for each order").hasSize(2);
      assertThat(state(on, yes, "o1")).isEqualTo(RecipientState.OFFERED);
      String question = on.sentTo("o1").get(0).body().url().orElseThrow();
      assertThat(on.sentTo("o1").get(0).body().fields().get("thing3").value()).contains("请点开确认");
      Phone phone = Phone.of(on);
      Page asked = phone.get(question);
      assertThat(asked.body()).contains("这是您的订单吗");
      assertThat(phone.press(question, asked.form("是我的，接收进度通知")).status()).isEqualTo(303);
      assertThat(phone.press(question, asked.form("是我的，接收进度通知")).status()).isEqualTo(303);
      assertThat(state(on, yes, "o1")).isEqualTo(RecipientState.ACTIVE);
      on.advance(yes, Stage.DELIVERED);
      on.engine.tick();
      assertThat(on.sentTo("o1")).hasSize(3);
      assertThat(on.sentTo("o1").get(2).body().url()).contains("https://shop.example/");

      String refusal = on.sentTo("o1").get(1).body().url().orElseThrow();
      Page sure = phone.press(refusal, phone.get(refusal).form("不是我的订单"));
      phone.press(refusal, sure.form("确认，不是我的订单"));
      assertThat(state(on, no, "o1")).isEqualTo(RecipientState.UNBOUND);
      on.advance(no, Stage.SHIPPED);
      on.engine.tick();
      assertThat(on.sentTo("o1")).hasSize(3);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void sixtyFourAtOnceBindOnceEachAndNeverMoreThanTheLimit(TestServer server) throws Exception {
    assumeFalse(
        Way.eachCallJoined(),
        "SKIPPED: claim() refuses a host's transaction, and one that races is told to repeat");
    try (World on = world(server)) {
      String order = on.order(WANG);
      World.Engine second = on.engine();
      String link = link(on, order);
      String scene = on.scene(order);
      List<Callable<String>> tasks = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        World.Engine engine = i % 2 == 0 ? on.engine : second;
        String openid = "o" + i / 4 % 8;
        switch (i % 4) {
          case 0 -> tasks.add(() -> engine.bindings().issue(order).link());
          case 1 -> tasks.add(() -> engine.scan(openid, scene));
          case 2 -> tasks.add(() -> Phone.of(engine).signIn(on, link, openid).body());
          default ->
              tasks.add(
                  () -> engine.bindings().claim(World.ACCOUNT, openid, order, "8000").toString());
        }
      }
      World.atOnce(tasks);
      assertThat(on.count("ticket")).isEqualTo(1);
      assertThat(on.count("paper_link")).isEqualTo(1);
      assertThat(on.count("recipient")).isEqualTo(3);
      assertThat(on.count("claim_try")).isPositive();
      assertThat(on.engine.bindings().audit(order))
          .filteredOn(one -> one.action() == BindingEvent.Action.BOUND)
          .hasSize(1);
      assertThat(on.engine.bindings().audit(order))
          .filteredOn(one -> one.action() == BindingEvent.Action.JOINED)
          .hasSize(2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aStateThatComesBackManyTimesAtOnceCountsOnce(TestServer server) throws Exception {
    try (World on = world(server)) {
      String order = on.guestOrder();
      World.Engine second = on.engine();
      Phone phone = Phone.of(on);
      String back = phone.started(link(on, order));
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Phone copy = Phone.of(i % 2 == 0 ? on.engine : second);
        copy.cookies().putAll(phone.cookies());
        String code = on.main.code("o" + i);
        tasks.add(() -> copy.get(back + code).status());
      }
      assertThat(World.atOnce(tasks)).filteredOn(status -> status == 200).hasSize(1);
      assertThat(on.main.asked).hasValue(1);
      assertThat(on.count("recipient")).isEqualTo(1);
    }
  }

  @Test
  void runsBehindThePlainServerOfTheJdk() throws Exception {
    try (World on = new World(TestServer.H2)) {
      HttpServer server = Phone.served(on.engine.pages);
      try {
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/laoke";
        on.bindingSettings = BindingSettings.standard().withWebAddress(address);
        String order = on.order(WANG);
        String link = link(on, order);
        HttpClient client = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        HttpResponse<String> sent = Phone.http(client, HttpRequest.newBuilder(URI.create(link)));
        assertThat(sent.statusCode()).isEqualTo(303);
        String to = sent.headers().firstValue("Location").orElseThrow();
        assertThat(to).contains(URLEncoder.encode(address + "/r/1", StandardCharsets.UTF_8));
        String state = to.substring(to.lastIndexOf('=') + 1);
        HttpResponse<String> bound =
            Phone.http(
                client,
                HttpRequest.newBuilder(
                    URI.create(address + "/r/1?code=" + on.main.code("o1") + "&state=" + state)));
        assertThat(bound.statusCode()).isEqualTo(200);
        assertThat(bound.body()).contains("绑定成功", order);
        Page page = new Page(bound.statusCode(), bound.headers().map(), bound.body());
        String orderPage = page.link("查看订单详情");
        HttpResponse<String> open =
            Phone.http(client, HttpRequest.newBuilder(URI.create(orderPage)));
        Map<String, String> stop = new Page(200, Map.of(), open.body()).form("停止通知");
        HttpResponse<String> stopped =
            Phone.http(
                client,
                HttpRequest.newBuilder(URI.create(orderPage))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(Phone.encoded(stop))));
        assertThat(stopped.statusCode()).isEqualTo(303);
        assertThat(on.stateOf(order, "o1")).isEqualTo(RecipientState.STOPPED);
        assertThat(
                Phone.http(client, HttpRequest.newBuilder(URI.create(address + "/nothing")))
                    .statusCode())
            .isEqualTo(404);
      } finally {
        server.stop(0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://m.example.cn",
        "ftp://m.example.cn",
        "m.example.cn",
        "https://user@m.example.cn",
        "https://m.example.cn/?a=1",
        "https://m.example.cn/#x",
        "https://m.example.cn/a;b",
        "https:///x",
        "https://恒信.cn"
      })
  void refusesAddressesThatCannotBe(String address) {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> BindingSettings.standard().withWebAddress(address))
        .hasMessageContaining("webAddress");
  }
}
