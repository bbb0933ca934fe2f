package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.AesGcmSealer;
import io.laoke.base.Sealer;
import io.laoke.error.InvalidInputException;
import io.laoke.error.SealedException;
import io.laoke.error.StoreException;
import io.laoke.imports.ImportFact;
import io.laoke.member.Attribute;
import io.laoke.member.AttributeType;
import io.laoke.member.Event;
import io.laoke.member.EventType;
import io.laoke.member.MemberProfile;
import io.laoke.member.PeopleSettings;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.Inbound;
import io.laoke.message.MessageChannel;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Place;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Keys that change, and records that grow old. */
class KeysAndAgesTest {
  private static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");

  private static byte[] key(int n) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) n);
    return key;
  }

  private static Laoke laoke(HikariDataSource pool, Sealer sealer) {
    return Laoke.builder()
        .dataSource(pool)
        .sealer(sealer)
        .clock(Clock.fixed(NOW, ZoneOffset.UTC))
        .account("hengxin", account())
        .build();
  }

  private static Account account() {
    return new Account() {
      @Override
      public String key() {
        return "wx1";
      }

      @Override
      public Optional<MessageChannel> channel(ChannelKind kind) {
        return Optional.empty();
      }

      @Override
      public <T> Optional<T> capability(Class<T> type) {
        return Optional.empty();
      }

      @Override
      public void close() {}
    };
  }

  private static void life(Laoke laoke) {
    Dealer dealer = laoke.dealer("hengxin");
    dealer
        .members()
        .put(
            MemberProfile.of("C-1")
                .withName("王芳")
                .withPhones("13800138000")
                .withAttribute("级别", Attribute.of("金卡")));
    long member = dealer.members().find("C-1").orElseThrow().id();
    dealer.members().remark(member, "王芳要下午送", "李娜");
    dealer.members().openComplaint(member, "TS-1", "王芳投诉漏水", "客服");
    dealer.events().declare(EventType.of("回访").property(AttributeType.text("话")));
    dealer.events().record(member, Event.of("回访", "E-1", NOW).with("话", Attribute.of("王芳喜欢安静")));
    for (int i = 0; i < 3; i++) {
      dealer
          .orders()
          .upsert(
              Order.of("SO-" + i, NOW)
                  .buyer(Buyer.of("C-1", "王芳", "13800138000"))
                  .place(Place.of("浙江/杭州", "文三路 " + i + " 号", "王芳", "13800138000"))
                  .line(OrderLine.goods("1", "kitchen", 1, "100.00")));
      dealer
          .orders()
          .advance("SO-" + i, StageReport.of(Stage.SHIPPED, NOW).detail("technician", "李师傅"));
    }
    laoke.receive("wx1", new Inbound.Followed("f1", NOW, "openid1"));
  }

  @ParameterizedTest
  @EnumSource
  void everyValueMovesToTheNewKeyAndTheOldOneMayBeForgotten(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.fresh()) {
      try (Laoke laoke = laoke(pool, Sealer.plain())) {
        laoke.migrations().apply();
        life(laoke);
      }
      AesGcmSealer first = AesGcmSealer.of("k1", key(1));
      try (Laoke laoke = laoke(pool, first)) {
        assertThatThrownBy(() -> laoke.dealer("hengxin"))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("readingPlain()");
      }
      try (Laoke laoke = laoke(pool, first.readingPlain())) {
        ResealReport report = laoke.reseal(progress -> {});
        assertThat(report.complete()).isTrue();
        assertThat(report.resealed()).isEqualTo(report.checked()).isGreaterThan(25);
      }
      AesGcmSealer second = AesGcmSealer.of("k2", key(2));
      try (Laoke laoke = laoke(pool, second.reading("k1", key(1)))) {
        assertThat(laoke.dealer("hengxin").members().find("C-1").orElseThrow().name())
            .contains("王芳");
        List<ResealReport> told = new ArrayList<>();
        ResealReport report = laoke.reseal(told::add);
        assertThat(report.complete()).isTrue();
        assertThat(told).isNotEmpty();
        assertThat(told.get(told.size() - 1)).isEqualTo(report);
        assertThat(laoke.reseal(progress -> {}).resealed()).as("repeated").isZero();
      }
      try (Laoke laoke = laoke(pool, second)) {
        Dealer dealer = laoke.dealer("hengxin");
        long member = dealer.members().byPhone("13800138000").orElseThrow().id();
        assertThat(dealer.members().attributes(member)).containsEntry("级别", Attribute.of("金卡"));
        assertThat(dealer.orders().find("SO-2").orElseThrow().place().orElseThrow().street())
            .contains("文三路 2 号");
        assertThat(dealer.orders().history("SO-2").stages().get(0).details())
            .containsEntry("technician", "李师傅");
      }
      assertThat(textsWith(pool, "lk1:k1:", "王芳", "李师傅", "金卡", "openid1")).isEmpty();
    }
  }

  private static List<String> textsWith(HikariDataSource pool, String... needles)
      throws SQLException {
    List<String> found = new ArrayList<>();
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String table :
          List.of(
              "dealer",
              "member",
              "identity",
              "customer_order",
              "place",
              "order_stage",
              "callback_inbox",
              "member_attribute",
              "outbox")) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM laoke_" + table)) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              String value = String.valueOf(rows.getString(i));
              Arrays.stream(needles)
                  .filter(value::contains)
                  .forEach(one -> found.add(table + " " + one));
            }
          }
        }
      }
    }
    return found;
  }

  @Test
  void aLostKeyConcernsItsValuesOnly() throws SQLException {
    try (HikariDataSource pool = TestServer.H2.fresh()) {
      try (Laoke laoke = laoke(pool, AesGcmSealer.of("k1", key(1)))) {
        laoke.migrations().apply();
        life(laoke);
      }
      AesGcmSealer both = AesGcmSealer.of("k2", key(2)).reading("k1", key(1));
      try (Laoke laoke = laoke(pool, both)) {
        laoke.reseal(progress -> {});
        try (Connection connection = pool.getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute("UPDATE laoke_place SET contact = 'lk1:gone:AAAA'");
        }
        ResealReport report = laoke.reseal(progress -> {});
        assertThat(report.complete()).isFalse();
        assertThat(report.unreadable()).containsOnly(java.util.Map.entry("place.contact", 3L));
        assertThatThrownBy(() -> laoke.dealer("hengxin").orders().find("SO-1"))
            .isInstanceOf(SealedException.class)
            .hasMessageContaining("gone");
        assertThat(laoke.dealer("hengxin").members().find("C-1")).isPresent();
        long member = laoke.dealer("hengxin").members().find("C-1").orElseThrow().id();
        assertThat(laoke.dealer("hengxin").members().export(member))
            .contains("\"unreadable\":[\"place.contact\"]", "文三路 1 号");
        laoke.dealer("hengxin").members().erase(member, "店长", "客户要求");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = TestServer.class,
      names = {"H2", "POSTGRESQL"})
  void theTickRemovesOldRecordsOnceADayAndTheSettingsAreKept(TestServer server)
      throws SQLException {
    try (HikariDataSource pool = server.fresh()) {
      DealerSettings settings =
          DealerSettings.defaults()
              .people(PeopleSettings.standard().withFollowIsConsent(true))
              .retention(
                  RetentionSettings.off()
                      .withCallbacks(Duration.ofDays(3))
                      .withAudit(Duration.ofDays(400)));
      try (Laoke laoke = laoke(pool, Sealer.plain())) {
        laoke.migrations().apply();
        laoke.dealers().put("hengxin", settings);
        life(laoke);
        assertThat(laoke.dealers().expire("hengxin"))
            .isEqualTo(new ExpiredRecords(0, 0, 0, 0, 0, 0, 0, true));
        aged(pool);
        laoke.tick(NOW);
        assertThat(callbacks(pool)).isZero();
        laoke.receive("wx1", new Inbound.Followed("f2", NOW, "openid2"));
        aged(pool);
      }
      try (Laoke other = laoke(pool, Sealer.plain())) {
        assertThat(other.dealers().settings("hengxin")).isEqualTo(settings);
        other.tick(NOW);
        assertThat(callbacks(pool)).as("not again on the same day").isEqualTo(1);
        assertThat(other.dealers().expire("hengxin").callbacks()).isEqualTo(1);
      }
      assertThatThrownBy(() -> RetentionSettings.standard().withCallbacks(Duration.ofHours(1)))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(
              () -> RetentionSettings.off().withBodies(Duration.ofSeconds(Long.MAX_VALUE)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("keep them for ever");
      assertThat(RetentionSettings.restored(RetentionSettings.standard().stored()))
          .isEqualTo(RetentionSettings.standard());
      assertThat(RetentionSettings.restored(RetentionSettings.off().stored()))
          .isEqualTo(RetentionSettings.off());
    }
  }

  @Test
  void agesThatOnlyANewerVersionKnowsAreLeftToIt() {
    assertThat(
            RetentionSettings.restored(
                "NEWS=PT1H CALLBACKS=PT72H CALLBACKSTOO=P1D NEWS2=another NEWS3"))
        .isEqualTo(RetentionSettings.off().withCallbacks(Duration.ofDays(3)));
  }

  @ParameterizedTest
  @EnumSource
  void whatImportsRefusedAndWrongClaimsGrowOldToo(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool, Sealer.plain())) {
      Dealer dealer = laoke.dealer("hengxin");
      for (String run : List.of("old", "running", "young")) {
        ImportFact refused =
            ImportFact.refused(ImportFact.Kind.ORDER, "SO-" + run, "line", null, "is not readable");
        dealer.imports().run(run, List.of(refused, refused).iterator());
      }
      assertThat(dealer.bindings().claim("wx1", "openid1", "SO-1", "1234"))
          .isInstanceOf(io.laoke.binding.ClaimOutcome.class);
      assertThat(laoke.dealers().expire("hengxin"))
          .isEqualTo(new ExpiredRecords(0, 0, 0, 0, 0, 0, 0, true));
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        int tries = statement.executeUpdate("UPDATE laoke_claim_try SET since_ms = 1");
        assertThat(tries).isPositive();
        long id = 0;
        for (String run : List.of("old", "running")) {
          id++;
          String before = "(SELECT id FROM laoke_import_run WHERE name = '" + run + "')";
          statement.executeUpdate(
              "UPDATE laoke_import_refusal SET run_id = " + id + " WHERE run_id = " + before);
          statement.executeUpdate(
              "UPDATE laoke_import_run SET id = " + id + " WHERE name = '" + run + "'");
        }
        statement.executeUpdate("UPDATE laoke_import_run SET state = 'RUNNING' WHERE id = 2");

        laoke
            .dealers()
            .put("hengxin", DealerSettings.defaults().retention(RetentionSettings.off()));
        assertThat(laoke.dealers().expire("hengxin").refusals()).as("kept for ever").isZero();
        laoke.dealers().put("hengxin", DealerSettings.defaults());

        assertThat(laoke.dealers().expire("hengxin"))
            .isEqualTo(new ExpiredRecords(0, 0, 0, 0, 0, 2, tries, true));
      }
      assertThat(dealer.imports().refusals("old", 0, 10)).isEmpty();
      assertThat(dealer.imports().refusals("running", 0, 10)).hasSize(2);
      assertThat(dealer.imports().refusals("young", 0, 10)).hasSize(2);
      assertThatThrownBy(() -> RetentionSettings.standard().withTries(Duration.ofDays(6)))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("tries");
    }
  }

  @ParameterizedTest
  @EnumSource
  void theTickRemovesOldRecordsOfADealerWithoutAnAccount(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = laoke(pool, Sealer.plain())) {
      laoke.dealers().put("bare", DealerSettings.defaults());
      Dealer dealer = laoke.dealer("bare");
      dealer
          .imports()
          .run(
              "old",
              List.of(ImportFact.refused(ImportFact.Kind.ORDER, "SO-1", "line", null, "unreadable"))
                  .iterator());
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        assertThat(statement.executeUpdate("UPDATE laoke_import_refusal SET run_id = 1"))
            .isEqualTo(1);
        assertThat(statement.executeUpdate("UPDATE laoke_import_run SET id = 1")).isEqualTo(1);
      }
      assertThat(dealer.imports().refusals("old", 0, 10)).hasSize(1);

      laoke.tick(NOW);

      assertThat(dealer.imports().refusals("old", 0, 10)).isEmpty();
    }
  }

  private static void aged(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE laoke_callback_inbox SET retry_ms = 1");
    }
  }

  private static long callbacks(HikariDataSource pool) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT COUNT(*) FROM laoke_callback_inbox")) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
