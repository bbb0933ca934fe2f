package io.laoke.sms;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.Sealer;
import io.laoke.error.SealedException;
import io.laoke.member.MemberProfile;
import io.laoke.message.Decision;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.message.Reason;
import io.laoke.message.ReceiptSource.Answer;
import io.laoke.message.ReceiptSource.Question;
import io.laoke.testing.AtOnce;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A provider that reports nothing is asked, and what it does not know ends. */
class ReceiptsTest {
  private static final Instant NOW = Instant.parse("2026-07-10T04:00:00Z");
  private static final String PHONE = "13800000001";
  private static final String LATE = "UPDATE laoke_receipt_due SET ask_ms = 1";

  private static final class Shop implements AutoCloseable {
    final HikariDataSource pool;
    final FakeSms sms = new FakeSms("aliyun");
    final Laoke laoke;
    final Dealer dealer;
    final long member;

    Shop(TestServer server) {
      pool = server.migrated();
      laoke = engine();
      dealer = laoke.dealer("hengxin");
      dealer
          .sms()
          .templates()
          .put(
              SmsTemplate.of("due", SmsPurpose.NOTICE, "您的${what}该保养了。")
                  .with("what", 6)
                  .approved("aliyun", "SMS_1")
                  .build());
      dealer.members().put(MemberProfile.of("C-1").withPhones(PHONE));
      member = dealer.members().find("C-1").orElseThrow().id();
    }

    Laoke engine() {
      return builder().build();
    }

    Laoke.Builder builder() {
      return Laoke.builder()
          .dataSource(pool)
          .clock(Clock.fixed(NOW, ZoneOffset.UTC))
          .account("hengxin", SmsAccount.of("sms1", sms, "恒信电器"));
    }

    /** Sends one, and gives its id as the provider has it. */
    String send(long no) {
      dealer.sms().send(SmsMessage.of(no, member, Purpose.CARE, "due", Map.of("what", "净水器")));
      laoke.tick(NOW);
      return sms.sent().get(sms.sent().size() - 1).id();
    }

    /** Another engine has a look, as each does from time to time. */
    void look() {
      try (Laoke other = engine()) {
        other.tick(NOW);
      }
    }

    Decision decision(long no) {
      return dealer.sms().decision(no).orElseThrow();
    }

    Inbound.SmsReport report(String id, Inbound.Delivery delivery) {
      return new Inbound.SmsReport("sms:p1/" + PHONE, NOW, PHONE, "p1", id, delivery, "X");
    }

    void write(String sql) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(sql);
      } catch (SQLException failed) {
        throw new IllegalStateException(failed);
      }
    }

    long number(String sql) {
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(sql)) {
        return row.next() ? row.getLong(1) : -1;
      } catch (SQLException failed) {
        throw new IllegalStateException(failed);
      }
    }

    long waiting() {
      return number("SELECT COUNT(*) FROM laoke_receipt_due");
    }

    /** In how many hours it is asked again. */
    long hours() {
      long at = number("SELECT ask_ms FROM laoke_receipt_due");
      return Math.round((at - System.currentTimeMillis()) / 3_600_000.0);
    }

    @Override
    public void close() {
      laoke.close();
      pool.close();
    }
  }

  private static Sealer lost(String value) {
    return new Sealer() {
      @Override
      public String seal(String plain) {
        return plain;
      }

      @Override
      public String open(String sealed) {
        if (sealed.equals(value)) {
          throw new SealedException("The key is lost. Find it.");
        }
        return sealed;
      }
    };
  }

  /** A number that cannot be opened any more, as with a key that is lost. */
  @ParameterizedTest
  @EnumSource
  void oneThatCannotBeAskedForKeepsNoOthers(TestServer server) {
    try (Shop shop = new Shop(server)) {
      shop.sms.tells();
      String id = shop.send(1);
      shop.dealer.members().put(MemberProfile.of("C-2").withPhones("13800000002"));
      long other = shop.dealer.members().find("C-2").orElseThrow().id();
      shop.dealer.sms().send(SmsMessage.of(2, other, Purpose.CARE, "due", Map.of("what", "净水器")));
      shop.laoke.tick(NOW);
      assertThat(shop.sms.sent()).hasSize(2);
      shop.write(LATE);

      try (Laoke engine = shop.builder().sealer(lost("13800000002")).build()) {
        engine.tick(NOW);
      }
      assertThat(shop.sms.asked()).extracting(Question::messageId).containsExactly(id);
      assertThat(shop.waiting()).as("it is tried again").isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotKnownEndsAfterThreeDays(TestServer server) throws Exception {
    try (Shop shop = new Shop(server);
        Laoke one = shop.engine();
        Laoke other = shop.engine()) {
      shop.sms.tells();
      String id = shop.send(1);
      assertThat(shop.hours()).isEqualTo(72);
      shop.look();
      assertThat(shop.sms.asked()).as("too early").isEmpty();
      assertThat(shop.decision(1).delivery()).isEmpty();

      shop.write(LATE);
      AtOnce.all(List.of(() -> one.tick(NOW), () -> other.tick(NOW)));

      assertThat(shop.sms.asked())
          .singleElement()
          .satisfies(
              asked -> {
                assertThat(asked.to()).isEqualTo(PHONE);
                assertThat(asked.providerId()).isEqualTo("p1");
                assertThat(asked.messageId()).isEqualTo(id);
                assertThat(Duration.between(asked.acceptedAt(), Instant.now()))
                    .isLessThan(Duration.ofMinutes(5));
                assertThat(asked.toString()).doesNotContain(PHONE);
              });
      assertThat(shop.decision(1).result()).isEqualTo(Decision.Result.SENT);
      assertThat(shop.decision(1).delivery()).hasValue(Inbound.Delivery.EXPIRED);
      assertThat(shop.decision(1).reason()).map(Reason::code).hasValue("NO_RECEIPT");
      assertThat(shop.waiting()).isZero();

      shop.laoke.receive("sms1", shop.report(id, Inbound.Delivery.DELIVERED));
      shop.look();
      assertThat(shop.decision(1).delivery())
          .as("a receipt that comes after all")
          .hasValue(Inbound.Delivery.DELIVERED);
      assertThat(shop.sms.sent()).as("never sent again").hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatTheProviderKnowsCountsAsReported(TestServer server) {
    try (Shop shop = new Shop(server)) {
      String id = shop.send(1);
      shop.sms.tells(new Answer.Reported(shop.report(id, Inbound.Delivery.FAILED)));
      shop.write(LATE);
      shop.look();

      assertThat(shop.decision(1).delivery()).hasValue(Inbound.Delivery.FAILED);
      assertThat(shop.decision(1).reason()).map(Reason::code).hasValue("DELIVERY_FAILED");
      assertThat(shop.waiting()).isZero();
      shop.look();
      assertThat(shop.sms.asked()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsUnderWayOrCannotBeAskedIsAskedAgainForSixDays(TestServer server) {
    try (Shop shop = new Shop(server)) {
      shop.send(1);
      shop.sms.tells(new Answer.Waiting(), new Answer.Failed(Reason.of("isp.SYSTEM_ERROR", "x")));
      shop.write(LATE);
      shop.look();
      shop.look();
      assertThat(shop.sms.asked()).as("not before its time").hasSize(1);
      assertThat(shop.hours()).isEqualTo(6);
      shop.write(LATE);
      shop.look();
      assertThat(shop.sms.asked()).hasSize(2);
      assertThat(shop.waiting()).isEqualTo(1);
      assertThat(shop.hours()).isZero();
      assertThat(shop.decision(1).delivery()).isEmpty();

      shop.sms.tells(new Answer.Waiting());
      shop.write("UPDATE laoke_outbox SET ended_ms = ended_ms - 600000000");
      shop.write(LATE);
      shop.look();
      assertThat(shop.decision(1).delivery()).hasValue(Inbound.Delivery.EXPIRED);
      assertThat(shop.waiting()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyIsAskedForWhatWasReportedOrWhoIsGone(TestServer server) {
    try (Shop shop = new Shop(server)) {
      shop.sms.tells();
      String id = shop.send(1);
      shop.laoke.receive("sms1", shop.report(id, Inbound.Delivery.DELIVERED));
      shop.write(LATE);
      shop.look();
      assertThat(shop.waiting()).isZero();

      shop.send(2);
      shop.dealer.members().erase(shop.member, "ops", "asked");
      shop.write(LATE);
      shop.look();
      assertThat(shop.sms.asked()).isEmpty();
      assertThat(shop.waiting()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aFewAreAskedForAtATimeAndWithoutASourceTheyEnd(TestServer server) {
    try (Shop shop = new Shop(server)) {
      for (int i = 1; i <= 25; i++) {
        shop.send(i);
      }
      shop.write(LATE);
      shop.look();
      assertThat(shop.waiting()).as("of a provider that cannot be asked").isEqualTo(5);
      assertThat(shop.number("SELECT COUNT(*) FROM laoke_decision WHERE delivery = 'EXPIRED'"))
          .isEqualTo(20);
      shop.sms.tells();
      shop.look();
      assertThat(shop.sms.asked()).extracting(Question::to).hasSize(5).containsOnly(PHONE);
      assertThat(shop.waiting()).isZero();
    }
  }
}
