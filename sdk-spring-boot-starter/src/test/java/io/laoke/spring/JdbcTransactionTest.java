package io.laoke.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.HostTransaction;
import io.laoke.error.NotFoundException;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import java.sql.Connection;
import java.time.Instant;
import java.util.Objects;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.context.ApplicationContext;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.datasource.LazyConnectionDataSourceProxy;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

class JdbcTransactionTest extends TransactionContract {
  @Override
  AutoConfigurations access() {
    return AutoConfigurations.of(
        DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class);
  }

  @Override
  Host host(ApplicationContext context) {
    JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
    jdbc.execute("CREATE TABLE IF NOT EXISTS erp_order (order_no VARCHAR(64) PRIMARY KEY)");
    return new Host() {
      @Override
      public void insert(String orderNo) {
        jdbc.update("INSERT INTO erp_order (order_no) VALUES (?)", orderNo);
      }

      @Override
      public long count() {
        return Objects.requireNonNull(
            jdbc.queryForObject("SELECT COUNT(*) FROM erp_order", Long.class));
      }
    };
  }

  @Test
  void errorsThatTheHostSwallowsTakeNothingAlongWhateverThePoolsAutoCommit() {
    Instant at = Instant.parse("2026-11-24T02:00:00Z");
    for (boolean autoCommit : new boolean[] {true, false}) {
      runner()
          .withPropertyValues("spring.datasource.hikari.auto-commit=" + autoCommit)
          .run(
              context -> {
                Host host = host(context);
                Dealer dealer = context.getBean(Laoke.class).dealer("hengxin");
                DataSource pool = context.getBean(DataSource.class);
                new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                    .executeWithoutResult(
                        status -> {
                          host.insert("SO-1");
                          dealer.orders().upsert(order("SO-1"));
                          assertThatThrownBy(() -> host.insert("SO-1"))
                              .isInstanceOf(DuplicateKeyException.class);
                          assertThatThrownBy(
                                  () ->
                                      dealer
                                          .orders()
                                          .advance("SO-2", StageReport.of(Stage.SHIPPED, at)))
                              .isInstanceOf(NotFoundException.class);
                          dealer.orders().advance("SO-1", StageReport.of(Stage.SHIPPED, at));
                          assertThat(status.isRollbackOnly()).isFalse();
                        });
                assertThat(dealer.orders().find("SO-1").orElseThrow().stage())
                    .isEqualTo(Stage.SHIPPED);
                assertThat(dealer.orders().find("SO-2")).isEmpty();
                dealer.orders().upsert(order("SO-3"));
                try (Connection next = pool.getConnection()) {
                  assertThat(next.getAutoCommit()).isEqualTo(autoCommit);
                }
              });
    }
  }

  @Test
  void aNestedTransactionsRollbackTakesOnlyItsOwnRows() {
    runner()
        .run(
            context -> {
              Host host = host(context);
              Dealer dealer = context.getBean(Laoke.class).dealer("hengxin");
              PlatformTransactionManager manager =
                  context.getBean(PlatformTransactionManager.class);
              TransactionTemplate nested = new TransactionTemplate(manager);
              nested.setPropagationBehavior(TransactionDefinition.PROPAGATION_NESTED);
              new TransactionTemplate(manager)
                  .executeWithoutResult(
                      status -> {
                        host.insert("SO-1");
                        dealer.orders().upsert(order("SO-1"));
                        nested.executeWithoutResult(
                            part -> {
                              host.insert("SO-2");
                              dealer.orders().upsert(order("SO-2"));
                              part.setRollbackOnly();
                            });
                        nested.executeWithoutResult(part -> dealer.orders().upsert(order("SO-3")));
                      });
              assertThat(dealer.orders().find("SO-1")).isPresent();
              assertThat(dealer.orders().find("SO-2")).isEmpty();
              assertThat(dealer.orders().find("SO-3")).isPresent();
              assertThat(host.count()).isOne();
            });
  }

  /** The manager works on the proxy, or on what is under it, or each on its own. */
  @Test
  void looksThroughSpringsProxies() {
    JdbcDataSource bare = h2();
    joins(new TransactionAwareDataSourceProxy(bare), bare);
    joins(bare, new LazyConnectionDataSourceProxy(bare));
    LazyConnectionDataSourceProxy lazy = new LazyConnectionDataSourceProxy(bare);
    joins(lazy, lazy);
    joins(new TransactionAwareDataSourceProxy(lazy), lazy);
  }

  private void joins(DataSource laokes, DataSource managers) {
    runner()
        .withBean("dataSource", DataSource.class, () -> laokes)
        .withBean(
            "transactionManager",
            PlatformTransactionManager.class,
            () -> new DataSourceTransactionManager(managers))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              Dealer dealer = context.getBean(Laoke.class).dealer("hengxin");
              TransactionTemplate transaction =
                  new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
              transaction.executeWithoutResult(
                  status -> {
                    dealer.orders().upsert(order("SO-1"));
                    status.setRollbackOnly();
                  });
              assertThat(dealer.orders().find("SO-1")).isEmpty();
              transaction.executeWithoutResult(status -> dealer.orders().upsert(order("SO-2")));
              assertThat(dealer.orders().find("SO-2")).isPresent();
            });
  }

  /**
   * Spring keeps a connection for the length of any transaction, also of one on another database;
   * with a pool that switches auto-commit off it looks like a transaction of its own.
   */
  @Test
  void aConnectionThatNobodyWillCommitIsNotJoined() {
    JdbcDataSource other = h2();
    runner()
        .withPropertyValues("spring.datasource.hikari.auto-commit=false")
        .withBean(
            "transactionManager",
            PlatformTransactionManager.class,
            () -> new DataSourceTransactionManager(other))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              DataSource ours = context.getBean(DataSource.class);
              Dealer dealer = context.getBean(Laoke.class).dealer("hengxin");
              new TransactionTemplate(context.getBean(PlatformTransactionManager.class))
                  .executeWithoutResult(
                      status -> {
                        DataSourceUtils.releaseConnection(
                            DataSourceUtils.getConnection(ours), ours);
                        assertThat(context.getBean(HostTransaction.class).current(ours)).isEmpty();
                        dealer.orders().upsert(order("SO-1"));
                      });
              assertThat(dealer.orders().find("SO-1")).isPresent();
            });
  }

  private static JdbcDataSource h2() {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL(WiringTest.url());
    return h2;
  }
}
