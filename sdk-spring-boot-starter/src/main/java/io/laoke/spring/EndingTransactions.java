package io.laoke.spring;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Remembers, for the thread, connections whose transaction is being committed or rolled back.
 * Spring leaves them bound while after-commit and after-completion callbacks run; what is written
 * on them then is lost.
 */
final class EndingTransactions implements TransactionExecutionListener {
  @Override
  public void beforeCommit(TransactionExecution transaction) {
    remember(transaction);
  }

  @Override
  public void beforeRollback(TransactionExecution transaction) {
    remember(transaction);
  }

  @Override
  public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
    forget(transaction);
  }

  @Override
  public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
    forget(transaction);
  }

  boolean contains(ConnectionHolder holder) {
    Ending ending = (Ending) TransactionSynchronizationManager.getResource(this);
    return ending != null
        && ending.holders.values().stream().anyMatch(holders -> holders.contains(holder));
  }

  private void remember(TransactionExecution transaction) {
    if (!transaction.isNewTransaction()) {
      return;
    }
    Set<Object> holders = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Object bound : TransactionSynchronizationManager.getResourceMap().values()) {
      if (bound instanceof ConnectionHolder) {
        holders.add(bound);
      }
    }
    Ending ending = (Ending) TransactionSynchronizationManager.getResource(this);
    if (ending == null) {
      ending = new Ending();
      TransactionSynchronizationManager.bindResource(this, ending);
    }
    ending.holders.put(transaction, holders);
  }

  private void forget(TransactionExecution transaction) {
    Ending ending = (Ending) TransactionSynchronizationManager.getResource(this);
    if (ending != null) {
      ending.holders.remove(transaction);
      if (ending.holders.isEmpty()) {
        TransactionSynchronizationManager.unbindResource(this);
      }
    }
  }

  /** By the transaction, since another may run while one ends. */
  private static final class Ending {
    private final IdentityHashMap<TransactionExecution, Set<Object>> holders =
        new IdentityHashMap<>();
  }
}
