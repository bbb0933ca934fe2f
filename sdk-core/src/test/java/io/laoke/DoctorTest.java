package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.member.MemberProfile;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.Checkup;
import io.laoke.message.Diagnosis;
import io.laoke.message.Finding;
import io.laoke.message.Finding.Severity;
import io.laoke.message.Finding.Words;
import io.laoke.message.MessageChannel;
import io.laoke.message.TemplateCatalog;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Stage;
import io.laoke.segment.Criteria;
import io.laoke.segment.LiveSettings;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a dealer's checkup gathers, and that it harms nothing. */
class DoctorTest {
  /** An account that finds what it is told, and whose platform has these templates. */
  private static final class Patient implements Account {
    private final String key;
    private final Checkup checkup;
    private final Supplier<List<TemplateCatalog.Template>> templates;

    Patient(String key, Checkup checkup, Supplier<List<TemplateCatalog.Template>> templates) {
      this.key = key;
      this.checkup = checkup;
      this.templates = templates;
    }

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
      TemplateCatalog catalog = templates::get;
      return List.of(checkup, catalog).stream()
          .filter(type::isInstance)
          .map(type::cast)
          .findFirst();
    }

    @Override
    public void close() {}
  }

  private static Finding finding(Severity severity, String code) {
    return new Finding(
        "wx1",
        severity,
        code,
        new Words("found", "发现"),
        new Words("because", "因为"),
        new Words("do this", "这样做"));
  }

  private static Laoke laoke(HikariDataSource pool, Account account) {
    Laoke laoke = Laoke.builder().dataSource(pool).account("hengxin", account).build();
    laoke.migrations().apply();
    return laoke;
  }

  @Test
  void gathersWhatAccountsFindAndComparesTemplatesTheWorstFirst() {
    List<TemplateCatalog.Template> known =
        List.of(new TemplateCatalog.Template("TPL", "进度", List.of("thing1")));
    Patient patient =
        new Patient(
            "wx1",
            () -> List.of(finding(Severity.FINE, "CLOCK"), finding(Severity.WARNING, "QUOTA_LOW")),
            () -> known);
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = laoke(pool, patient)) {
      Dealer dealer = laoke.dealer("hengxin");
      assertThat(dealer.doctor().findings())
          .extracting(Finding::code)
          .containsExactly("QUOTA_LOW", "NO_STAGE_TOLD", "CLOCK", "LIVE_COUNTS_OFF");
      dealer
          .notices()
          .template(Stage.SHIPPED, NoticeTemplate.of("TPL").field("thing1", "{order.no}"));
      assertThat(dealer.doctor().worst()).isEqualTo(Severity.WARNING);
      assertThat(dealer.doctor().findings()).extracting(Finding::code).contains("TEMPLATES");
      dealer
          .notices()
          .template(Stage.SHIPPED, NoticeTemplate.of("GONE").field("thing1", "{order.no}"));
      Diagnosis sick = dealer.doctor();
      assertThat(sick.healthy()).isFalse();
      assertThat(sick.findings().get(0).code()).isEqualTo("NO_SUCH_TEMPLATE");
      assertThat(sick.chinese().lines().findFirst().orElseThrow())
          .contains("ERROR", "[wx1]", "已出库", "GONE");
      assertThat(sick.english()).contains("QUOTA_LOW [wx1]: found because → do this");
      assertThat(laoke.doctor()).containsExactly(sick);
    }
  }

  @Test
  void aPlatformThatFailsIsAFinding() {
    Patient patient =
        new Patient(
            "wx1",
            () -> {
              throw new IllegalStateException("broken");
            },
            () -> {
              throw new ChannelException("The platform is away.", null, true);
            });
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = laoke(pool, patient)) {
      Dealer dealer = laoke.dealer("hengxin");
      dealer.notices().template(Stage.SHIPPED, NoticeTemplate.of("TPL"));
      assertThat(dealer.doctor().findings())
          .extracting(Finding::code)
          .containsExactly("CHECKUP_FAILED", "TEMPLATES_NOT_COMPARED", "LIVE_COUNTS_OFF");
    }
  }

  @Test
  void looksOnceInTheBackgroundAtTheStart() {
    AtomicInteger looked = new AtomicInteger();
    CountDownLatch slow = new CountDownLatch(1);
    Patient patient =
        new Patient(
            "wx1",
            () -> {
              looked.incrementAndGet();
              try {
                slow.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return List.of();
            },
            List::of);
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = laoke(pool, patient)) {
      laoke.start();
      laoke.start();
      await().until(() -> looked.get() == 1);
      slow.countDown();
    }
    assertThat(looked).hasValue(1);
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke quiet =
            Laoke.builder()
                .dataSource(pool)
                .account("hengxin", patient)
                .checkupAtStart(false)
                .build()) {
      quiet.migrations().apply();
      quiet.start();
      assertThat(quiet.dealer("hengxin").doctor().findings()).isNotEmpty();
    }
    assertThat(looked).as("asked, not by itself").hasValue(2);
  }

  private static Laoke counting(HikariDataSource pool, LiveSettings settings) {
    Laoke laoke = Laoke.builder().dataSource(pool).liveCounts(settings).build();
    laoke.migrations().apply();
    laoke.dealers().put("hengxin", DealerSettings.defaults());
    return laoke;
  }

  private static Finding live(Dealer dealer) {
    return dealer.doctor().findings().stream()
        .filter(finding -> finding.code().startsWith("LIVE_COUNTS"))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void saysHowMembersAreCounted() {
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = counting(pool, LiveSettings.standard())) {
      Dealer dealer = laoke.dealer("hengxin");
      dealer.members().put(MemberProfile.of("C-1"));
      assertThat(live(dealer).code()).isEqualTo("LIVE_COUNTS_NOT_BUILT");
      assertThat(live(dealer).severity()).isEqualTo(Severity.NOTE);
      Instant before = Instant.now().truncatedTo(ChronoUnit.SECONDS);
      assertThat(dealer.segments().live().build()).isTrue();
      Finding built = live(dealer);
      assertThat(built.code()).isEqualTo("LIVE_COUNTS");
      assertThat(built.severity()).isEqualTo(Severity.FINE);
      assertThat(built.english()).contains("1 members in 0.", " MiB", "No change since");
      assertThat(built.chinese()).contains("1 名会员", "尚无变更");
      dealer.members().put(MemberProfile.of("C-2"));
      assertThat(dealer.segments().live().count(Criteria.everyone()).value()).isEqualTo(2);
      Matcher told =
          Pattern.compile("2 members in .*Last change taken in at (\\S+), fresh to (\\S+)\\.$")
              .matcher(live(dealer).english());
      assertThat(told.find()).isTrue();
      Instant change = Instant.parse(told.group(1));
      assertThat(change).isBetween(before, Instant.now());
      assertThat(Instant.parse(told.group(2))).isBetween(change, Instant.now());
      assertThat(live(dealer).chinese()).contains("2 名会员", "最近一次变更于 " + change);
    }
  }

  @Test
  void warnsThatAnIndexWouldTakeMoreThanItMay() throws SQLException {
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = counting(pool, LiveSettings.standard().mostMebibytes(1))) {
      Dealer dealer = laoke.dealer("hengxin");
      try (Connection connection = pool.getConnection();
          Statement statement = connection.createStatement()) {
        statement.execute(
            """
            INSERT INTO laoke_member (dealer_id, id, source, numbered, random31, created_ms)
            SELECT id, X * 1000000, 'X', FALSE, MOD(X * 7919, 2147483647), X * 86400000
            FROM laoke_dealer, SYSTEM_RANGE(1, 70000)""");
      }
      assertThat(dealer.segments().live().build()).isFalse();
      Finding warning = live(dealer);
      assertThat(warning.severity()).isEqualTo(Severity.WARNING);
      assertThat(warning.english())
          .contains("LIVE_COUNTS_UNABLE", "1 MiB", "laoke.live-counts.most-mebibytes");
      assertThat(warning.chinese()).contains("无法容纳该经销商", "LiveSettings.mostMebibytes");
      assertThat(dealer.doctor().healthy()).isFalse();
    }
  }

  @Test
  void aNodeThatDoesNotSendKeepsItsCountsFresh() {
    try (HikariDataSource pool = TestServer.H2.fresh()) {
      Laoke laoke = counting(pool, LiveSettings.standard().poll(Duration.ofMillis(100)));
      try (laoke) {
        Dealer dealer = laoke.dealer("hengxin");
        dealer.segments().live().count(Criteria.everyone());
        laoke.startLiveCounts();
        laoke.startLiveCounts();
        await().until(() -> live(dealer).code().equals("LIVE_COUNTS"));
        dealer.members().put(MemberProfile.of("C-1"));
        await().until(() -> live(dealer).english().contains("1 members"));
      }
      assertThatThrownBy(laoke::startLiveCounts).isInstanceOf(ConflictException.class);
    }
  }

  @Test
  void refusesInsideATransaction() throws Exception {
    Patient patient = new Patient("wx1", List::of, List::of);
    try (HikariDataSource pool = TestServer.H2.fresh();
        Laoke laoke = laoke(pool, patient);
        Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      Dealer joined = laoke.dealer("hengxin").in(connection);
      assertThatThrownBy(joined::doctor).isInstanceOf(ConflictException.class);
      connection.rollback();
    }
  }
}
