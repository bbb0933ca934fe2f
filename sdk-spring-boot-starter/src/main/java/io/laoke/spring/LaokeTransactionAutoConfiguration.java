package io.laoke.spring;

import io.laoke.Laoke;
import io.laoke.base.HostTransaction;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.ConfigurableTransactionManager;

/** Joins Spring's transactions, so that the host's commit or rollback takes Laoke's rows along. */
@AutoConfiguration
@ConditionalOnClass({Laoke.class, ConnectionHolder.class})
public class LaokeTransactionAutoConfiguration {
  /** For Spring. */
  LaokeTransactionAutoConfiguration() {}

  @Bean
  static EndingTransactionsInstaller laokeEndingTransactions() {
    return new EndingTransactionsInstaller();
  }

  @Bean
  @ConditionalOnMissingBean
  HostTransaction laokeHostTransaction(EndingTransactionsInstaller installer) {
    return new SpringHostTransaction(installer.listener);
  }

  /** Listens to every transaction manager, whoever made it. */
  static final class EndingTransactionsInstaller implements BeanPostProcessor {
    private final EndingTransactions listener = new EndingTransactions();

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
      if (bean instanceof ConfigurableTransactionManager manager
          && !manager.getTransactionExecutionListeners().contains(listener)) {
        manager.addListener(listener);
      }
      return bean;
    }
  }
}
