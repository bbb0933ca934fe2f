package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
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
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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
          .containsExactly("QUOTA_LOW", "NO_STAGE_TOLD", "CLOCK");
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
          .containsExactly("CHECKUP_FAILED", "TEMPLATES_NOT_COMPARED");
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
