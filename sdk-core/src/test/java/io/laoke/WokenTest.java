package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.binding.FakePlatform;
import io.laoke.message.EngineSettings;
import io.laoke.message.Inbound;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A commit wakes a started engine: this one would look by itself after an hour only. */
class WokenTest {
  private static final EngineSettings SLEEPY =
      new EngineSettings(
          Duration.ofSeconds(60),
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ofSeconds(2),
          Duration.ofMinutes(10));

  /** The host's own transactions, found by Laoke. */
  private static final class Host implements HostTransaction {
    private Connection open;
    private final List<Runnable> after = new ArrayList<>();

    @Override
    public Optional<Connection> current(DataSource source) {
      return Optional.ofNullable(open);
    }

    @Override
    public void afterCommit(Runnable task) {
      after.add(task);
    }

    void commit() throws SQLException {
      open.commit();
      open.close();
      open = null;
      List.copyOf(after).forEach(Runnable::run);
      after.clear();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void byItsOwnCommitsAndByThoseOfTheHost(TestServer server) throws SQLException {
    FakePlatform platform = new FakePlatform("wxmain");
    Host host = new Host();
    try (HikariDataSource pool = server.migrated();
        Laoke laoke =
            Laoke.builder()
                .dataSource(pool)
                .hostTransaction(host)
                .account("hengxin", platform)
                .dealer("hengxin", DealerSettings.defaults().anyHour())
                .engine(SLEEPY)
                .checkupAtStart(false)
                .build()) {
      Instant now = Instant.now();
      Dealer dealer = laoke.dealer("hengxin");
      dealer
          .orders()
          .upsert(
              Order.of("SO-1", now)
                  .buyer(Buyer.of("C1", "王芳", "13800138000"))
                  .line(OrderLine.goods("1", "kitchen", 1, "1.00")));
      laoke.receive("wxmain", new Inbound.Followed("f1", now, "o1"));
      laoke.receive("wxmain", new Inbound.Said("s1", now, "o1", "绑定 SO-1 8000"));
      List<Stage> stages =
          List.of(Stage.APPROVED, Stage.SHIPPED, Stage.SCHEDULED, Stage.DELIVERED, Stage.INSTALLED);
      NoticeTemplate template = NoticeTemplate.of("T").field("thing1", "{stage.name}");
      stages.forEach(stage -> dealer.notices().template(stage, template));
      laoke.start();
      int told = 0;
      for (Stage stage : stages) {
        if (told % 2 == 1) {
          host.open = pool.getConnection();
          host.open.setAutoCommit(false);
        }
        dealer.orders().advance("SO-1", StageReport.of(stage, now));
        if (host.open != null) {
          host.commit();
        }
        int all = ++told;
        await()
            .atMost(Duration.ofSeconds(30))
            .pollInterval(Duration.ofMillis(5))
            .untilAsserted(
                () -> {
                  assertThat(platform.sent()).hasSize(all);
                  // Written, too: the next one waits until this one has its outcome.
                  assertThat(dealer.deliveries().waiting(Optional.empty(), 10).items()).isEmpty();
                });
      }
    }
  }
}
