package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.Sealer;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.error.StoreException;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.Inbound;
import io.laoke.message.MessageChannel;
import io.laoke.message.Reply;
import io.laoke.notice.NoticeSettings;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.DownDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LaokeTest {
  @Test
  void buildNamesEverySettingThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                Laoke.builder()
                    .tablePrefix("laoke-")
                    .schema("a b")
                    .dealer(" ")
                    .dealer("x".repeat(65), DealerSettings.defaults())
                    .account(null, account("wx1"))
                    .account("hengxin", null)
                    .account("hengxin", account("k".repeat(65)))
                    .accounts(null)
                    .build())
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContainingAll(
            "dataSource",
            "tablePrefix",
            "schema",
            "must not be blank",
            "at most 64",
            "dealer: must not be null",
            "account: must not be null",
            "account: must have at most 64 characters",
            "accounts: must not be null");
    assertThatThrownBy(
            () ->
                Laoke.builder()
                    .account("one", account("wx1"))
                    .account("two", account("wx1"))
                    .build())
        .hasMessageContainingAll("dataSource", "wx1 is given twice");
  }

  private static Account account(String key) {
    return account(key, new AtomicInteger());
  }

  private static Account account(String key, AtomicInteger closed) {
    return new Account() {
      @Override
      public String key() {
        return key;
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
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void worksBehindAPoolOfOneConnection(TestServer server) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(5_000);
    Instant now = Instant.parse("2026-11-24T02:00:00Z");
    try (HikariDataSource pool = server.fresh(config);
        Laoke laoke =
            Laoke.builder()
                .dataSource(pool)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .account("hengxin", account("wx1"))
                .build()) {
      laoke.migrations().apply();
      Dealer dealer = laoke.dealer("hengxin");

      dealer.orders().upsert(order("SO-1", now));
      dealer.orders().advance("SO-1", StageReport.of(Stage.SHIPPED, now));
      assertThat(laoke.receive("wx1", new Inbound.Followed("key", now, "openid")))
          .isEqualTo(Reply.none());
      laoke.tick(now);
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        Dealer joined = dealer.in(host);
        joined.orders().upsert(order("SO-2", now));
        joined.orders().advance("SO-2", StageReport.of(Stage.SHIPPED, now));
        host.commit();
      }
      assertThat(dealer.orders().find("SO-2")).isPresent();
    }
  }

  private static Order order(String orderNo, Instant at) {
    return Order.of(orderNo, at)
        .buyer(Buyer.of("C-1", "王芳", null))
        .lines(List.of(OrderLine.goods("1", "kitchen", 1, "100.00")));
  }

  @Test
  void codesOfDealersAreStripped() {
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke =
            Laoke.builder()
                .dataSource(pool)
                .dealer(" one ")
                .dealer(" two", DealerSettings.defaults().name("二"))
                .build()) {
      laoke.migrations().apply();

      assertThat(laoke.dealer("one ").code()).isEqualTo("one");
      assertThat(laoke.dealers().settings("two").notices().dealerName()).contains("二");
    }
  }

  @Test
  void closesItsAccountsThoughTheDatabaseIsDown() {
    AtomicInteger closed = new AtomicInteger();
    HikariDataSource pool = TestServer.H2.fresh();
    Laoke laoke =
        Laoke.builder().dataSource(pool).account("hengxin", account("wx1", closed)).build();
    laoke.migrations().apply();
    laoke.dealer("hengxin");
    pool.close();

    laoke.close();

    assertThat(closed).hasValue(1);
  }

  @Test
  void buildOpensNothingAndStartsNoThread() {
    DownDataSource database = new DownDataSource();
    int before = Thread.activeCount();

    Laoke.builder().dataSource(database).dealer("hengxin").build();

    assertThat(database.tries()).isZero();
    assertThat(Thread.activeCount()).isLessThanOrEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void saysHowToMakeMissingTables(TestServer server) {
    try (HikariDataSource pool = server.fresh();
        Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
      assertThatThrownBy(() -> laoke.dealer("hengxin"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("migrations().apply()");
      assertThatThrownBy(() -> laoke.migrations().run(Migrations.Mode.CHECK))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("lack");
    }
  }

  @ParameterizedTest
  @EnumSource
  void knowsTheDealersThatCodeNamesAndRefusesOthers(TestServer server) {
    try (HikariDataSource pool = server.fresh();
        Laoke laoke =
            Laoke.builder()
                .dataSource(pool)
                .dealer("hengxin", DealerSettings.defaults().name("恒信电器 🏠"))
                .dealer("o'brien/上海")
                .build()) {
      laoke.migrations().apply();

      assertThat(laoke.dealer("hengxin").code()).isEqualTo("hengxin");
      assertThat(laoke.dealers().codes()).containsExactly("hengxin", "o'brien/上海");
      assertThat(laoke.dealers().settings("hengxin").notices().dealerName()).contains("恒信电器 🏠");
      assertThatThrownBy(() -> laoke.dealer("nobody"))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("nobody", "dealers().put");
      assertThatThrownBy(() -> laoke.dealer(" ")).isInstanceOf(InvalidInputException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void settingsInCodeWinWhenAnEngineStartsAndStoredOnesOtherwise(TestServer server) {
    try (HikariDataSource pool = server.fresh()) {
      try (Laoke laoke = Laoke.builder().dataSource(pool).build()) {
        laoke.migrations().apply();
        laoke
            .dealers()
            .put("hengxin", DealerSettings.defaults().zone(ZoneId.of("Asia/Urumqi")).name("旧"));
      }
      try (Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
        assertThat(laoke.dealers().settings("hengxin").zone()).isEqualTo(ZoneId.of("Asia/Urumqi"));
      }
      try (Laoke laoke =
          Laoke.builder()
              .dataSource(pool)
              .dealer("hengxin", DealerSettings.defaults().name("新"))
              .build()) {
        laoke.dealer("hengxin");
      }
      try (Laoke laoke = Laoke.builder().dataSource(pool).build()) {
        assertThat(laoke.dealers().settings("hengxin").notices().dealerName()).contains("新");
        NoticeSettings notices =
            NoticeSettings.standard()
                .withStaleAfter(Duration.ofHours(5))
                .withCollect(Duration.ofMinutes(3))
                .withNewestOnly(false)
                .withNight(LocalTime.of(21, 30), LocalTime.of(7, 0));
        laoke.dealers().put("quiet", DealerSettings.defaults().notices(notices));
        laoke.dealers().put("loud", DealerSettings.defaults().notices(notices.withoutNight()));
        try (Laoke other = Laoke.builder().dataSource(pool).build()) {
          assertThat(other.dealers().settings("quiet").notices()).isEqualTo(notices);
          assertThat(other.dealers().settings("loud").notices()).isEqualTo(notices.withoutNight());
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoEnginesWithOtherPrefixesDoNotMeet(TestServer server) {
    try (HikariDataSource pool = server.fresh();
        Laoke one = Laoke.builder().dataSource(pool).tablePrefix("a_").dealer("one").build();
        Laoke two = Laoke.builder().dataSource(pool).tablePrefix("b_").dealer("two").build()) {
      one.migrations().apply();
      two.migrations().apply();

      assertThat(one.dealers().codes()).containsExactly("one");
      assertThat(two.dealers().codes()).containsExactly("two");
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyNodesThatMeetANewDealerMakeItOnce(TestServer server) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(16);
    try (HikariDataSource pool = server.fresh(config)) {
      try (Laoke first = Laoke.builder().dataSource(pool).build()) {
        first.migrations().apply();
      }
      ExecutorService nodes = Executors.newFixedThreadPool(8);
      try {
        List<Callable<List<String>>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          int node = i;
          calls.add(
              () -> {
                try (Laoke laoke =
                    Laoke.builder().dataSource(pool).dealer("same").dealer("own" + node).build()) {
                  return laoke.dealers().codes();
                }
              });
        }
        for (Future<List<String>> node : nodes.invokeAll(calls)) {
          assertThat(node.get()).contains("same");
        }
      } finally {
        nodes.shutdownNow();
      }
      try (Laoke laoke = Laoke.builder().dataSource(pool).build()) {
        assertThat(laoke.dealers().codes()).hasSize(9);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSealerThatIsNotTheOneBeforeIsNamed(TestServer server) {
    try (HikariDataSource pool = server.fresh()) {
      try (Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
        laoke.migrations().apply();
        laoke.dealer("hengxin");
      }
      try (Laoke laoke = Laoke.builder().dataSource(pool).sealer(new Reversing()).build()) {
        assertThatThrownBy(() -> laoke.dealer("hengxin"))
            .isInstanceOf(StoreException.class)
            .hasMessageContaining("Sealer");
      }
    }
  }

  @Test
  void refusesTimesThatNoBusinessHas() {
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = Laoke.builder().dataSource(pool).build()) {
      for (Instant never :
          List.of(Instant.MIN, Instant.MAX, Instant.parse("1969-12-31T00:00:00Z"))) {
        assertThatThrownBy(() -> laoke.tick(never))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("between 1970 and 2200");
        assertThatThrownBy(() -> new Inbound.Followed("key", never, "openid"))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageContaining("between 1970 and 2200");
      }
    }
  }

  @Test
  void rendersTheTablesForAnotherTool() {
    assertThat(Migrations.render(Migrations.Kind.POSTGRESQL, "erp_", Optional.of("crm")))
        .contains("CREATE TABLE IF NOT EXISTS crm.erp_dealer")
        .doesNotContain("{");
  }

  /** Not what a Sealer should be; only other than the plain one. */
  private static final class Reversing implements Sealer {
    @Override
    public String seal(String value) {
      return "!" + new StringBuilder(value).reverse();
    }

    @Override
    public String open(String sealed) {
      return new StringBuilder(sealed).reverse().toString() + "!";
    }
  }

  @Test
  void aClosedEngineSaysSoInsteadOfSendingNothing() {
    Laoke laoke = Laoke.builder().dataSource(new DownDataSource()).build();
    laoke.close();

    assertThatThrownBy(() -> laoke.tick(Instant.EPOCH))
        .isInstanceOf(io.laoke.error.ConflictException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(laoke::start).isInstanceOf(io.laoke.error.ConflictException.class);
  }
}
