package io.laoke.notice;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.binding.BindingSettings;
import io.laoke.binding.Bindings;
import io.laoke.binding.FakePlatform;
import io.laoke.catalog.Category;
import io.laoke.catalog.Staff;
import io.laoke.notice.Phone.Page;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.sms.FakeSms;
import io.laoke.sms.SmsAccount;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever has forgotten the order's number finds their orders by their phone. */
class PhonePagesTest {
  private static final Instant NOW = Instant.parse("2026-07-10T04:00:00Z");
  private static final String NUMBER = "13800000001";
  private static final String FORM = Phone.ADDRESS + "/c/1";
  private static final String BY_PHONE = FORM + "?by=phone";

  /** A dealer whose customer 王芳 bought three times, seven years ago for the first time. */
  private static final class Shop implements AutoCloseable {
    final HikariDataSource pool;
    final FakePlatform wechat = new FakePlatform("wx1");
    final FakeSms sms = new FakeSms("aliyun");
    final Laoke laoke;
    final Dealer dealer;

    Shop(TestServer server) {
      this(server, DealerSettings.defaults());
    }

    Shop(TestServer server, DealerSettings settings) {
      pool = server.migrated();
      laoke =
          Laoke.builder()
              .dataSource(pool)
              .clock(Clock.fixed(NOW, ZoneOffset.UTC))
              .dealer("hengxin", settings.webAddress(Phone.ADDRESS))
              .account("hengxin", wechat)
              .account("hengxin", SmsAccount.of("sms1", sms, "恒信电器"))
              .build();
      dealer = laoke.dealer("hengxin");
      dealer.catalog().put(Category.of("kitchen/hood", "油烟机"));
      order("SO-1", NOW.minus(7 * 365, ChronoUnit.DAYS));
      order("SO-2", NOW.minus(300, ChronoUnit.DAYS));
      order("SO-3", NOW.minus(3, ChronoUnit.DAYS));
    }

    Shop sendingCodes() {
      dealer
          .sms()
          .templates()
          .put(
              SmsTemplate.of(Bindings.CODE_SMS_TEMPLATE, SmsPurpose.OTP, "您的验证码是${code}，5分钟内有效。")
                  .with("code", 6)
                  .approved("aliyun", "SMS_9")
                  .build());
      return this;
    }

    void order(String no, Instant at) {
      dealer
          .orders()
          .upsert(
              Order.of(no, at)
                  .buyer(Buyer.of(null, "王芳", NUMBER))
                  .line(OrderLine.goods("1", "kitchen/hood", 1, "3000").name("侧吸式油烟机")));
    }

    Phone phone() {
      return new Phone(laoke.web()::handle);
    }

    Page signIn(Phone phone, String address, String openid) {
      return phone.get(phone.started(address) + wechat.code(openid));
    }

    /** The code on the customer's phone. */
    String code() {
      laoke.tick(NOW);
      return String.valueOf(sms.sent().get(sms.sent().size() - 1).values().get("code"));
    }

    /** By the database's clock. */
    void earlier(String set) {
      TestServer.write(pool, set);
    }

    @Override
    public void close() {
      laoke.close();
      pool.close();
    }
  }

  private static Map<String, String> filled(Page page, String button, String name, String value) {
    Map<String, String> fields = new HashMap<>(page.form(button));
    fields.put(name, value);
    return fields;
  }

  private static String other(String code) {
    return code.startsWith("0") ? "1" + code.substring(1) : "0" + code.substring(1);
  }

  @ParameterizedTest
  @EnumSource
  void aCodeOnThePhoneFindsTheOrders(TestServer server) {
    try (Shop shop = new Shop(server).sendingCodes()) {
      shop.dealer.orders().advance("SO-3", StageReport.of(Stage.SHIPPED, NOW).text("已出库"));
      Phone phone = shop.phone();
      Page byNumber = shop.signIn(phone, FORM, "o-1");
      assertThat(byNumber.link("不记得订单号？用手机号找订单")).isEqualTo(BY_PHONE);
      Page ask = phone.get(BY_PHONE);
      assertThat(ask.body()).contains("用手机号找订单", "11 位手机号");
      assertThat(ask.link("改用订单号绑定")).isEqualTo(FORM);

      Page sent = phone.press(BY_PHONE, filled(ask, "获取验证码", "phone", " 138 0000 0001 "));
      assertThat(sent.status()).isEqualTo(200);
      assertThat(sent.body()).contains("138****0001", "5 分钟内有效");
      String code = shop.code();
      assertThat(shop.sms.sent()).hasSize(1);
      Page odd = phone.press(BY_PHONE, filled(sent, "查看我的订单", "code", "12 34"));
      assertThat(odd.status()).isEqualTo(422);
      assertThat(odd.body()).contains("请填写 6 位数字的验证码");
      Page wrong = phone.press(BY_PHONE, filled(odd, "查看我的订单", "code", other(code)));
      assertThat(wrong.body()).contains("验证码不对，还可以试 4 次");

      Page found =
          phone.press(
              BY_PHONE,
              filled(wrong, "查看我的订单", "code", code.substring(0, 3) + " " + code.substring(3)));

      assertThat(found.status()).isEqualTo(200);
      assertThat(found.body())
          .contains("找到 2 张订单", "SO-2", "SO-3", "侧吸式油烟机", "已出库", "还差一步：关注公众号")
          .doesNotContain("SO-1", NUMBER);
      assertThat(shop.dealer.bindings().status("SO-3").bound()).isTrue();
      assertThat(shop.dealer.bindings().status("SO-1").bound()).as("too old").isFalse();
      assertThat(phone.get(found.link("查看订单")).body()).contains("订单号 SO-3", "停止通知");
      Page again = phone.press(BY_PHONE, filled(wrong, "查看我的订单", "code", code));
      assertThat(again.body()).contains("验证码已经过期或用过了，请重新获取");
    }
  }

  @Test
  void theDealerDecidesOfHowManyYears() {
    DealerSettings settings =
        DealerSettings.defaults().binding(BindingSettings.standard().withPhoneClaimYears(8));
    try (Shop shop = new Shop(TestServer.H2, settings).sendingCodes()) {
      Phone phone = shop.phone();
      Page ask = shop.signIn(phone, BY_PHONE, "o-1");
      Page sent = phone.press(BY_PHONE, filled(ask, "获取验证码", "phone", NUMBER));
      Page found = phone.press(BY_PHONE, filled(sent, "查看我的订单", "code", shop.code()));
      assertThat(found.body()).contains("找到 3 张订单", "SO-1");
      shop.dealer
          .orders()
          .upsert(
              Order.of("SO-9", NOW.minus(9 * 365, ChronoUnit.DAYS))
                  .buyer(Buyer.of(null, "李雷", "13800000009"))
                  .line(OrderLine.goods("1", "kitchen/hood", 1, "3000")));
      Phone other = shop.phone();
      ask = shop.signIn(other, BY_PHONE, "o-9");
      sent = other.press(BY_PHONE, filled(ask, "获取验证码", "phone", "13800000009"));
      found = other.press(BY_PHONE, filled(sent, "查看我的订单", "code", shop.code()));
      assertThat(found.body()).contains("最近 8 年没有可以绑定的订单");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoHasNotSignedInComesBackToThePhonesForm(TestServer server) {
    try (Shop shop = new Shop(server).sendingCodes()) {
      Phone phone = shop.phone();
      String back = phone.started(BY_PHONE) + shop.wechat.code("o-1");
      assertThat(phone.get(back).body()).contains("获取验证码");
      assertThat(phone.get(back).body()).as("loaded anew").contains("获取验证码");

      // Without sign-in, with another visitor's token, or from another site: nothing is sent.
      Page own = phone.get(BY_PHONE);
      Map<String, String> given = filled(own, "获取验证码", "phone", NUMBER);
      assertThat(shop.phone().press(BY_PHONE, given).status()).isEqualTo(400);
      Phone stranger = shop.phone();
      shop.signIn(stranger, BY_PHONE, "o-2");
      assertThat(stranger.press(BY_PHONE, given).status()).isEqualTo(400);
      Page foreign =
          phone.ask("POST", BY_PHONE, Phone.encoded(given), Map.of("Sec-Fetch-Site", "cross-site"));
      assertThat(foreign.status()).isEqualTo(400);
      shop.laoke.tick(NOW);
      assertThat(shop.sms.sent()).isEmpty();
    }
  }

  @Test
  void whatGoesWrongIsSaidInPlainWords() {
    try (Shop shop = new Shop(TestServer.H2).sendingCodes()) {
      Phone phone = shop.phone();
      Page ask = shop.signIn(phone, BY_PHONE, "o-1");
      for (String odd : new String[] {"", "12345", "0571-87654321", "x".repeat(80)}) {
        Page page = phone.press(BY_PHONE, filled(ask, "获取验证码", "phone", odd));
        assertThat(page.status()).isEqualTo(422);
        assertThat(page.body()).contains("请填写下单时留的 11 位手机号");
      }
      Page unknown = phone.press(BY_PHONE, filled(ask, "获取验证码", "phone", "13900000009"));
      assertThat(unknown.body())
          .as("does not tell whose phone is known")
          .contains("如果 139****0009");
      Page early = phone.press(BY_PHONE, unknown.form("没收到，再发一条"));
      assertThat(early.status()).isEqualTo(422);
      assertThat(early.body()).containsPattern("[1-9][0-9]? 秒后才能再发一条").contains("查看我的订单");
      for (int left = 4; left > 0; left--) {
        assertThat(phone.press(BY_PHONE, filled(unknown, "查看我的订单", "code", "000000")).body())
            .contains("还可以试 " + left + " 次");
      }
      assertThat(phone.press(BY_PHONE, filled(unknown, "查看我的订单", "code", "000000")).body())
          .contains("试的次数已经用完，请重新获取", "获取验证码");
      for (int i = 0; i < 4; i++) {
        shop.earlier("UPDATE laoke_phone_code SET sent_ms = sent_ms - 60000");
        assertThat(phone.press(BY_PHONE, filled(ask, "获取验证码", "phone", NUMBER)).status())
            .isEqualTo(200);
      }
      shop.earlier("UPDATE laoke_phone_code SET sent_ms = sent_ms - 60000");
      assertThat(phone.press(BY_PHONE, filled(ask, "获取验证码", "phone", NUMBER)).body())
          .contains("今天获取验证码的次数已经用完，请 24 小时后再试");

      shop.dealer.catalog().put(Staff.of("P-1", "店员"));
      shop.dealer.catalog().linkStaff("P-1", "wx1", "o-9");
      Phone staff = shop.phone();
      Page own = shop.signIn(staff, BY_PHONE, "o-9");
      assertThat(staff.press(BY_PHONE, filled(own, "获取验证码", "phone", NUMBER)).body())
          .contains("员工您好", "请由顾客本人操作");
    }
  }

  @Test
  void withoutAWayToSendCodesNobodyIsAskedForAPhone() {
    try (Shop shop = new Shop(TestServer.H2)) {
      Phone phone = shop.phone();
      assertThat(shop.signIn(phone, BY_PHONE, "o-1").body())
          .contains("绑定我的订单")
          .doesNotContain("用手机号");
      shop.sendingCodes();
      assertThat(phone.get(BY_PHONE).body()).contains("用手机号找订单");
    }
  }
}
