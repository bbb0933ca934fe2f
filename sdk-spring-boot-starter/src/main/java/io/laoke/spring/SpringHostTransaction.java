package io.laoke.spring;

import io.laoke.base.HostTransaction;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.SimpleConnectionHandle;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Spring's transactions: those of a {@code DataSourceTransactionManager} (JdbcTemplate, MyBatis) or
 * a {@code JpaTransactionManager} on the same data source, also behind Spring's data source
 * proxies. A transaction that is over is none, though Spring keeps its connection at hand until its
 * after-commit callbacks are done.
 */
final class SpringHostTransaction implements HostTransaction {
  private final EndingTransactions ending;

  SpringHostTransaction(EndingTransactions ending) {
    this.ending = ending;
  }

  @Override
  public Optional<Connection> current(DataSource dataSource) {
    if (!TransactionSynchronizationManager.isActualTransactionActive()
        || !TransactionSynchronizationManager.isSynchronizationActive()) {
      return Optional.empty();
    }
    DataSource wanted = bare(dataSource);
    for (Map.Entry<Object, Object> bound :
        TransactionSynchronizationManager.getResourceMap().entrySet()) {
      if (bound.getKey() instanceof DataSource key
          && bound.getValue() instanceof ConnectionHolder holder
          && bare(key) == wanted
          && !ending.contains(holder)
          && begun(key, holder)) {
        Connection connection = holder.getConnection();
        return autoCommits(connection) ? Optional.empty() : Optional.of(connection);
      }
    }
    return Optional.empty();
  }

  @Override
  public void afterCommit(Runnable task) {
    TransactionSynchronizationManager.registerSynchronization(
        new TransactionSynchronization() {
          @Override
          public void afterCommit() {
            task.run();
          }
        });
  }

  /** The data source under Spring's proxies. */
  static DataSource bare(DataSource dataSource) {
    DataSource bare = dataSource;
    while (bare instanceof DelegatingDataSource proxy) {
      DataSource target = proxy.getTargetDataSource();
      if (target == null) {
        break;
      }
      bare = target;
    }
    return bare;
  }

  /**
   * Whether a transaction was begun on this connection. It was not if it is merely kept for the
   * length of a transaction on another data source: nobody would commit it.
   */
  private static boolean begun(DataSource key, ConnectionHolder holder) {
    return !(holder.getConnectionHandle() instanceof SimpleConnectionHandle)
        || new Probe(key).begun();
  }

  private static boolean autoCommits(Connection connection) {
    try {
      return connection.getAutoCommit();
    } catch (SQLException lost) {
      // Let the caller find out on a connection that it may report about.
      return false;
    }
  }

  /** Asks Spring whether there is a transaction, without touching it. */
  private static final class Probe extends DataSourceTransactionManager {
    private static final long serialVersionUID = 1L;

    Probe(DataSource dataSource) {
      setDataSource(dataSource);
      setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
    }

    boolean begun() {
      DefaultTransactionDefinition joining =
          new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_SUPPORTS);
      return getTransaction(joining) instanceof DefaultTransactionStatus status
          && status.hasTransaction();
    }
  }
}
