package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Inbound;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.sms.FakeSms;
import io.laoke.sms.SmsAccount;
import io.laoke.sms.SmsApproval;
import io.laoke.sms.SmsPurpose;
import io.laoke.sms.SmsTemplate;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** People have their orders by a code that is sent to their phone. */
class PhoneClaimTest {
  private static final Instant NOW = Instant.parse("2026-07-10T04:00:00Z");
  private static final String PHONE = "13800000001";

  /** A dealer whose customer 王芳 bought three times, seven years ago for the first time. */
  private static final class Shop implements AutoCloseable {
    final HikariDataSource pool;
    final FakePlatform wechat = new FakePlatform("wx1");
    final FakeSms sms = new FakeSms("aliyun");
    final Laoke laoke;
    final Dealer dealer;

    Shop(TestServer server, boolean template) {
      pool = server.migrated();
      laoke =
          Laoke.builder()
              .dataSource(pool)
              .clock(Clock.fixed(NOW, ZoneOffset.UTC))
              .dealer("hengxin", DealerSettings.defaults())
              .account("hengxin", wechat)
              .account("hengxin", SmsAccount.of("sms1", sms, "恒信电器"))
              .build();
      dealer = laoke.dealer("hengxin");
      dealer.catalog().put(Category.of("kitchen/hood", "油烟机"));
      order("SO-1", NOW.minus(7 * 365, ChronoUnit.DAYS), PHONE);
      order("SO-2", NOW.minus(300, ChronoUnit.DAYS), PHONE);
      order("SO-3", NOW.minus(3, ChronoUnit.DAYS), PHONE);
      if (template) {
        dealer
            .sms()
            .templates()
            .put(
                SmsTemplate.of(Bindings.CODE_SMS_TEMPLATE, SmsPurpose.OTP, "您的验证码是${code}，5分钟内有效。")
                    .with("code", 6)
                    .approved("aliyun", "SMS_9")
                    .build());
      }
    }

    void order(String no, Instant at, String phone) {
      dealer
          .orders()
          .upsert(
              Order.of(no, at)
                  .buyer(Buyer.of(null, "王芳", phone))
                  .line(OrderLine.goods("1", "kitchen/hood", 1, "3000")));
    }

    PhoneCode send(String openid, String phone) {
      PhoneCode sent = dealer.bindings().sendPhoneCode("wx1", openid, phone);
      laoke.tick(NOW);
      return sent;
    }

    PhoneClaim claim(String openid, String code) {
      return dealer.bindings().claimByPhone("wx1", openid, code);
    }

    /** The code on the phone. */
    String code() {
      return sms.sent().get(sms.sent().size() - 1).values().get("code");
    }

    static String other(String code) {
      return code.startsWith("0") ? "1" + code.substring(1) : "0" + code.substring(1);
    }

    /** A minute, or a day, ago by the database's clock. */
    void earlier(String set) {
      TestServer.write(pool, set);
    }

    void aMinuteLater() {
      earlier("UPDATE laoke_phone_code SET sent_ms = sent_ms - 60000");
    }

    @Override
    public void close() {
      laoke.close();
      pool.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoHasTheCodeHasTheOrdersOfTheLastYearsOnce(TestServer server) {
    try (Shop shop = new Shop(server, true)) {
      assertThat(shop.send("o-1", " 138 0000 0001 ")).isInstanceOf(PhoneCode.Sent.class);
      assertThat(shop.sms.sent()).hasSize(1);
      String code = shop.code();
      assertThat(code).matches("[0-9]{6}");
      assertThat(shop.claim("o-2", code)).as("of another").isInstanceOf(PhoneClaim.NoCode.class);
      assertThat(shop.claim("o-1", Shop.other(code))).isEqualTo(new PhoneClaim.WrongCode(4));

      PhoneClaim claimed = shop.claim("o-1", code);

      assertThat(claimed)
          .isInstanceOfSatisfying(
              PhoneClaim.Proven.class,
              proven ->
                  assertThat(proven.orders())
                      .extracting(one -> ((ClaimOutcome.Bound) one).order().orderNo())
                      .containsExactly("SO-3", "SO-2"));
      assertThat(shop.dealer.bindings().status("SO-3").bound()).isTrue();
      assertThat(shop.dealer.bindings().status("SO-1").bound()).as("too old").isFalse();
      assertThat(shop.claim("o-1", code)).as("once").isInstanceOf(PhoneClaim.NoCode.class);
      shop.laoke.receive("wx1", new Inbound.Followed("f1", NOW.plusSeconds(1), "o-1"));
      shop.order("SO-4", NOW, PHONE);
      assertThat(shop.dealer.bindings().status("SO-4").bound())
          .as("a follower of the phone's member, whose later orders bind by themselves")
          .isTrue();
    }
  }

  private static void claims(Shop shop, int years, String... orders) {
    shop.earlier("UPDATE laoke_phone_code SET sent_ms = sent_ms - 60000");
    shop.send("o-" + years, PHONE);
    PhoneClaim claimed =
        years == 0
            ? shop.claim("o-0", shop.code())
            : shop.dealer.bindings().claimByPhone("wx1", "o-" + years, shop.code(), years);
    assertThat(claimed)
        .isInstanceOfSatisfying(
            PhoneClaim.Proven.class,
            proven ->
                assertThat(proven.orders())
                    .extracting(
                        one ->
                            one instanceof ClaimOutcome.Bound bound
                                ? bound.order().orderNo()
                                : ((ClaimOutcome.AlsoReceiving) one).order().orderNo())
                    .containsExactly(orders));
  }

  @ParameterizedTest
  @EnumSource
  void theDealerDecidesOfHowManyYears(TestServer server) {
    try (Shop shop = new Shop(server, true)) {
      shop.order("SO-0", NOW.minus(4 * 365, ChronoUnit.DAYS), PHONE);
      claims(shop, 0, "SO-3", "SO-2");
      shop.laoke
          .dealers()
          .put(
              "hengxin",
              DealerSettings.defaults().binding(BindingSettings.standard().withPhoneClaimYears(5)));
      shop.send("o-9", PHONE);
      assertThat(shop.claim("o-9", shop.code()))
          .isInstanceOfSatisfying(
              PhoneClaim.Proven.class, proven -> assertThat(proven.orders()).hasSize(3));
      claims(shop, 1, "SO-3", "SO-2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFollowerBecomesThePhonesMember(TestServer server) {
    try (Shop shop = new Shop(server, true)) {
      shop.laoke.receive("wx1", new Inbound.Followed("f1", NOW, "o-1"));
      shop.send("o-1", PHONE);

      assertThat(shop.claim("o-1", shop.code())).isInstanceOf(PhoneClaim.Proven.class);

      shop.order("SO-4", NOW, PHONE);
      assertThat(shop.dealer.bindings().status("SO-4").bound()).isTrue();
      assertThat(shop.dealer.members().duplicates(0, 9)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void fiveWrongTriesAndItIsVoid(TestServer server) throws Exception {
    try (Shop shop = new Shop(server, true)) {
      shop.send("o-1", PHONE);
      String code = shop.code();
      List<Callable<PhoneClaim>> all = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        all.add(() -> shop.claim("o-1", Shop.other(code)));
      }

      List<PhoneClaim> seen = AtOnce.all(all);

      assertThat(seen.stream().filter(PhoneClaim.WrongCode.class::isInstance).distinct())
          .as("each try counts once")
          .hasSize(5);
      assertThat(seen.stream().filter(PhoneClaim.WrongCode.class::isInstance)).hasSize(5);
      assertThat(shop.claim("o-1", code)).isInstanceOf(PhoneClaim.NoCode.class);
      assertThat(shop.dealer.bindings().status("SO-3").bound()).isFalse();
      assertThat(shop.send("o-1", PHONE))
          .as("one a minute all the same")
          .isInstanceOf(PhoneCode.TooManyTries.class);
      shop.aMinuteLater();
      assertThat(shop.send("o-1", PHONE)).isInstanceOf(PhoneCode.Sent.class);
      assertThat(shop.claim("o-1", shop.code())).isInstanceOf(PhoneClaim.Proven.class);
      assertThat(shop.send("o-1", PHONE)).isInstanceOf(PhoneCode.TooManyTries.class);
    }
  }

  @Test
  void codesAreNotSentOftenNorToWhomTheyProveNothing() {
    try (Shop shop = new Shop(TestServer.H2, true)) {
      assertThat(shop.send("o-9", "13900000009"))
          .as("as for all")
          .isInstanceOf(PhoneCode.Sent.class);
      assertThat(shop.sms.sent()).isEmpty();
      assertThat(shop.claim("o-9", "000000")).isInstanceOf(PhoneClaim.WrongCode.class);
      shop.send("o-1", PHONE);
      assertThat(shop.send("o-1", PHONE)).isInstanceOf(PhoneCode.TooManyTries.class);
      for (int i = 0; i < 4; i++) {
        shop.aMinuteLater();
        assertThat(shop.send("o-1", PHONE)).isInstanceOf(PhoneCode.Sent.class);
      }
      assertThat(shop.sms.sent()).hasSize(5);
      shop.aMinuteLater();
      assertThat(shop.send("o-1", PHONE)).as("today").isInstanceOf(PhoneCode.TooManyTries.class);
      assertThat(shop.send("o-2", PHONE))
          .as("nor to the phone")
          .isInstanceOf(PhoneCode.TooManyTries.class);
      shop.earlier("UPDATE laoke_claim_try SET since_ms = since_ms - 86400000");
      assertThat(shop.send("o-2", PHONE)).isInstanceOf(PhoneCode.Sent.class);
      assertThat(shop.sms.sent()).hasSize(6);
      String old = shop.sms.sent().get(4).values().get("code");
      assertThat(shop.claim("o-1", old)).isInstanceOf(PhoneClaim.Proven.class);
    }
  }

  @Test
  void aCodeEndsAndANewerOneTakesItsPlace() {
    try (Shop shop = new Shop(TestServer.H2, true)) {
      shop.send("o-1", PHONE);
      String first = shop.code();
      shop.aMinuteLater();
      shop.send("o-1", PHONE);
      if (!first.equals(shop.code())) {
        assertThat(shop.claim("o-1", first)).isInstanceOf(PhoneClaim.WrongCode.class);
      }
      shop.earlier("UPDATE laoke_phone_code SET until_ms = until_ms - 300000");
      assertThat(shop.claim("o-1", shop.code())).isInstanceOf(PhoneClaim.NoCode.class);
      assertThat(shop.claim("o-1", " " + shop.code())).isInstanceOf(PhoneClaim.NoCode.class);
    }
  }

  @Test
  void whatCannotBeSentSaysWhatToDo() {
    try (Shop shop = new Shop(TestServer.H2, false)) {
      assertThat(shop.send("o-1", PHONE))
          .isInstanceOfSatisfying(
              PhoneCode.Unable.class,
              unable -> assertThat(unable.why().advice()).contains("key 'code'"));
      assertThat(shop.send("o-2", "13900000009"))
          .as("of a phone that nobody has, the same")
          .isEqualTo(shop.send("o-1", PHONE));
      assertThatThrownBy(() -> shop.send("o-1", "12345"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("phone");
      assertThatThrownBy(() -> BindingSettings.standard().withPhoneClaimYears(21))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("phoneClaimYears");
      assertThatThrownBy(() -> shop.dealer.bindings().claimByPhone("wx1", "o-1", "1", 0))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("years");
      shop.laoke
          .dealers()
          .put(
              "hengxin",
              DealerSettings.defaults().binding(BindingSettings.standard().withClaims(false)));
      assertThatThrownBy(
              () -> shop.laoke.dealer("hengxin").bindings().sendPhoneCode("wx1", "o-1", PHONE))
          .isInstanceOf(ConflictException.class);
    }
  }

  /** Else it could be found out who is a customer. */
  @ParameterizedTest
  @EnumSource
  void aSecretIsKeptWhileNothingCanBeSent(TestServer server) {
    try (Shop shop = new Shop(server, true)) {
      shop.dealer
          .sms()
          .templates()
          .state(Bindings.CODE_SMS_TEMPLATE, "aliyun", SmsApproval.State.REFUSED);
      PhoneCode known = shop.send("o-1", PHONE);
      assertThat(known)
          .isInstanceOfSatisfying(
              PhoneCode.Unable.class, unable -> assertThat(unable.why().advice()).isNotEmpty());
      assertThat(shop.send("o-9", "13900000009")).isEqualTo(known);
      assertThat(shop.send("o-1", PHONE)).as("no try was counted").isEqualTo(known);
      assertThat(shop.sms.sent()).isEmpty();

      Laoke without =
          Laoke.builder()
              .dataSource(shop.pool)
              .clock(Clock.fixed(NOW, ZoneOffset.UTC))
              .account("hengxin", new FakePlatform("wx1"))
              .build();
      try (without) {
        PhoneCode none = without.dealer("hengxin").bindings().sendPhoneCode("wx1", "o-1", PHONE);
        assertThat(none)
            .isInstanceOfSatisfying(
                PhoneCode.Unable.class,
                unable -> assertThat(unable.why().code()).isEqualTo("NO_SMS"));
        assertThat(without.dealer("hengxin").bindings().sendPhoneCode("wx1", "o-9", "13900000009"))
            .isEqualTo(none);
      }
    }
  }

  @Test
  void ofAnotherWhoHasTheMembersPlaceTheOrdersAreReceivedAllTheSame() {
    try (Shop shop = new Shop(TestServer.H2, true)) {
      shop.send("o-1", PHONE);
      shop.claim("o-1", shop.code());
      shop.earlier("DELETE FROM laoke_claim_try");
      shop.send("o-2", PHONE);

      assertThat(shop.claim("o-2", shop.code()))
          .isInstanceOfSatisfying(
              PhoneClaim.Proven.class,
              proven ->
                  assertThat(proven.orders())
                      .hasSize(2)
                      .allMatch(ClaimOutcome.AlsoReceiving.class::isInstance));
    }
  }
}
