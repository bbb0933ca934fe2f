package io.laoke.spring;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.base.HostTransaction;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.annotation.Bean;

/**
 * The engine on the application's data source, its tables brought up to date, its threads started
 * with the application and ended with it.
 */
@AutoConfiguration(
    after = LaokeTransactionAutoConfiguration.class,
    afterName = {
      "org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration",
      "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
      "org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration",
      "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
    })
@ConditionalOnClass(Laoke.class)
@ConditionalOnSingleCandidate(DataSource.class)
@EnableConfigurationProperties(LaokeProperties.class)
public class LaokeAutoConfiguration {
  /** For Spring. */
  LaokeAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  @DependsOnDatabaseInitialization
  Laoke laoke(
      DataSource dataSource,
      LaokeProperties properties,
      ObjectProvider<HostTransaction> hostTransaction,
      ObjectProvider<LaokeCustomizer> customizers) {
    Laoke.Builder builder =
        Laoke.builder()
            .dataSource(SpringDataSources.outsideTransactions(dataSource))
            .tablePrefix(properties.tablePrefix());
    String schema = properties.schema().name();
    if (schema != null) {
      builder.schema(schema);
    }
    properties.dealers().forEach((code, dealer) -> builder.dealer(code, settings(dealer)));
    hostTransaction.ifAvailable(builder::hostTransaction);
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    Laoke laoke = builder.build();
    try {
      laoke.migrations().run(properties.schema().mode());
    } catch (RuntimeException failure) {
      laoke.close();
      throw failure;
    }
    return laoke;
  }

  @Bean
  @ConditionalOnMissingBean
  LaokeLifecycle laokeLifecycle(Laoke laoke, LaokeProperties properties) {
    return new LaokeLifecycle(laoke, properties.delivery().enabled());
  }

  private static DealerSettings settings(LaokeProperties.Dealer dealer) {
    DealerSettings settings = DealerSettings.defaults().zone(dealer.zone());
    return dealer.name() == null ? settings : settings.name(dealer.name());
  }
}
