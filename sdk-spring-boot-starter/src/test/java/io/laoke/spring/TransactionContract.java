package io.laoke.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.autoconfigure.transaction.TransactionAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** What a host's transaction means for Laoke's rows, whichever way the host reaches its tables. */
abstract class TransactionContract {
  private static final Instant AT = Instant.parse("2026-11-24T02:00:00Z");

  /** The host's side. */
  interface Host {
    void insert(String orderNo);

    long count();
  }

  abstract AutoConfigurations access();

  abstract Host host(ApplicationContext context);

  ApplicationContextRunner runner() {
    return new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                DataSourceAutoConfiguration.class,
                TransactionAutoConfiguration.class,
                LaokeAutoConfiguration.class,
                LaokeTransactionAutoConfiguration.class,
                LaokeWeChatAutoConfiguration.class))
        .withConfiguration(access())
        .withPropertyValues(
            "spring.datasource.url=" + WiringTest.url(),
            "spring.jpa.hibernate.ddl-auto=create",
            "laoke.dealers.hengxin.name=恒信",
            "laoke.dealers.hengxin.night=none",
            "laoke.delivery.enabled=false");
  }

  /** What a test works with. */
  record Shop(Dealer dealer, Host host, TransactionTemplate transaction) {
    void report(String orderNo) {
      host.insert(orderNo);
      dealer.orders().upsert(order(orderNo));
    }

    boolean knows(String orderNo) {
      return dealer.orders().find(orderNo).isPresent();
    }
  }

  static Order order(String orderNo) {
    return Order.of(orderNo, AT)
        .buyer(Buyer.of("C-1", "王芳", "13800138000"))
        .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00"));
  }

  private void run(java.util.function.Consumer<Shop> test) {
    runner()
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              test.accept(
                  new Shop(
                      context.getBean(Laoke.class).dealer("hengxin"),
                      host(context),
                      new TransactionTemplate(context.getBean(PlatformTransactionManager.class))));
            });
  }

  @Test
  void theHostsRollbackTakesLaokesRowsAlong() {
    run(
        shop -> {
          shop.transaction.executeWithoutResult(
              status -> {
                shop.report("SO-1");
                assertThat(shop.knows("SO-1")).isTrue();
                status.setRollbackOnly();
              });
          assertThat(shop.knows("SO-1")).isFalse();
          assertThat(shop.host.count()).isZero();
        });
  }

  @Test
  void theHostsCommitKeepsBoth() {
    run(
        shop -> {
          shop.transaction.executeWithoutResult(status -> shop.report("SO-1"));
          assertThat(shop.knows("SO-1")).isTrue();
          assertThat(shop.host.count()).isOne();
        });
  }

  @Test
  void aRefusalThatTheHostCatchesLeavesItsOwnRows() {
    run(
        shop -> {
          shop.transaction.executeWithoutResult(
              status -> {
                shop.report("SO-1");
                assertThatThrownBy(
                        () ->
                            shop.dealer
                                .orders()
                                .advance("SO-2", StageReport.of(Stage.APPROVED, AT)))
                    .isInstanceOf(NotFoundException.class);
                assertThatThrownBy(() -> shop.dealer.orders().upsert(Order.of(" ", AT)))
                    .isInstanceOf(InvalidInputException.class);
              });
          assertThat(shop.knows("SO-1")).isTrue();
          assertThat(shop.host.count()).isOne();
        });
  }

  @Test
  void aCallAfterTheCommitIsKeptThoughSpringStillShowsTheOldConnection() {
    run(
        shop -> {
          shop.transaction.executeWithoutResult(
              status -> {
                shop.report("SO-1");
                after(() -> shop.dealer.orders().upsert(order("SO-2")));
              });
          assertThat(shop.knows("SO-1")).isTrue();
          assertThat(shop.knows("SO-2")).isTrue();
        });
  }

  @Test
  void aCallAfterTheRollbackIsKeptToo() {
    run(
        shop -> {
          shop.transaction.executeWithoutResult(
              status -> {
                shop.report("SO-1");
                TransactionSynchronizationManager.registerSynchronization(
                    new TransactionSynchronization() {
                      @Override
                      public void afterCompletion(int outcome) {
                        shop.dealer.orders().upsert(order("SO-LATE"));
                      }
                    });
                status.setRollbackOnly();
              });
          assertThat(shop.knows("SO-1")).isFalse();
          assertThat(shop.knows("SO-LATE")).isTrue();
        });
  }

  @Test
  void aNewTransactionAfterTheCommitIsJoined() {
    run(
        shop -> {
          TransactionTemplate inner =
              new TransactionTemplate(
                  java.util.Objects.requireNonNull(shop.transaction.getTransactionManager()));
          inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
          shop.transaction.executeWithoutResult(
              status -> {
                shop.report("SO-1");
                after(
                    () -> {
                      inner.executeWithoutResult(
                          again -> {
                            shop.dealer.orders().upsert(order("SO-2"));
                            again.setRollbackOnly();
                          });
                      shop.dealer.orders().upsert(order("SO-3"));
                    });
              });
          assertThat(shop.knows("SO-1")).isTrue();
          assertThat(shop.knows("SO-2")).isFalse();
          assertThat(shop.knows("SO-3")).isTrue();
        });
  }

  @Test
  void anInnerTransactionOfItsOwnOutlivesTheOuterOnesRollback() {
    run(
        shop -> {
          TransactionTemplate inner =
              new TransactionTemplate(
                  java.util.Objects.requireNonNull(shop.transaction.getTransactionManager()));
          inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
          shop.transaction.executeWithoutResult(
              status -> {
                inner.executeWithoutResult(own -> shop.report("SO-IN"));
                inner.executeWithoutResult(
                    own -> {
                      shop.report("SO-UNDONE");
                      own.setRollbackOnly();
                    });
                shop.report("SO-OUT");
                status.setRollbackOnly();
              });
          assertThat(shop.knows("SO-IN")).isTrue();
          assertThat(shop.knows("SO-UNDONE")).isFalse();
          assertThat(shop.knows("SO-OUT")).isFalse();
          assertThat(shop.host.count()).isOne();
        });
  }

  @Test
  void aReadOnlyTransactionReadsAndGoesOn() {
    run(
        shop -> {
          shop.transaction.executeWithoutResult(status -> shop.report("SO-1"));
          TransactionTemplate reading =
              new TransactionTemplate(
                  java.util.Objects.requireNonNull(shop.transaction.getTransactionManager()));
          reading.setReadOnly(true);
          reading.executeWithoutResult(
              status -> {
                assertThat(shop.knows("SO-1")).isTrue();
                assertThat(shop.dealer.bindings().status("SO-1").bound()).isFalse();
              });
        });
  }

  @Test
  void aSuspendedTransactionIsNotJoined() {
    run(
        shop -> {
          TransactionTemplate outside =
              new TransactionTemplate(
                  java.util.Objects.requireNonNull(shop.transaction.getTransactionManager()));
          outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
          shop.transaction.executeWithoutResult(
              status -> {
                outside.executeWithoutResult(none -> shop.dealer.orders().upsert(order("SO-1")));
                status.setRollbackOnly();
              });
          assertThat(shop.knows("SO-1")).isTrue();
        });
  }

  @Test
  void theCommitWakesTheDelivery() {
    try (WeChatSimulator wechat = WeChatSimulator.start()) {
      SimulatedAccount account = wechat.addAccount(AccountSpec.service());
      account.addTemplate("TPL", "订单进度", "进度：{{phrase1.DATA}}");
      runner()
          .withPropertyValues(
              "laoke.delivery.enabled=true",
              "laoke.wechat.accounts.main.app-id=" + account.appId(),
              "laoke.wechat.accounts.main.secret=" + account.secret(),
              "laoke.wechat.accounts.main.base-url=" + wechat.baseUrl())
          .run(
              context -> {
                Laoke laoke = context.getBean(Laoke.class);
                Dealer dealer = laoke.dealer("hengxin");
                dealer
                    .notices()
                    .template(
                        Stage.APPROVED, NoticeTemplate.of("TPL").field("phrase1", "{stage.name}"));
                Host host = host(context);
                TransactionTemplate transaction =
                    new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
                Instant now = Instant.now();
                transaction.executeWithoutResult(
                    status -> {
                      host.insert("SO-1");
                      dealer.orders().upsert(order("SO-1"));
                    });
                dealer.bindings().issue("SO-1");
                Follower customer = account.follower("王芳");
                customer.follow();
                dealer
                    .bindings()
                    .rebindTo("SO-1", account.appId(), customer.openId(), "test", "known");
                AtomicReference<List<?>> before = new AtomicReference<>();
                transaction.executeWithoutResult(
                    status -> {
                      dealer.orders().advance("SO-1", StageReport.of(Stage.APPROVED, now));
                      before.set(account.accepted());
                    });
                assertThat(before.get()).isEmpty();
                await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(customer.cards()).hasSize(1));
              });
    }
  }

  private static void after(Runnable task) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            task.run();
          }
        });
  }
}
