package io.laoke.spring;

import javax.sql.DataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.util.ClassUtils;

/** Spring's wrappers of data sources. */
final class SpringDataSources {
  private static final boolean SPRING_JDBC =
      ClassUtils.isPresent(
          "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy",
          SpringDataSources.class.getClassLoader());

  private SpringDataSources() {}

  /**
   * The data source that gives connections of their own. One that gives the current transaction's
   * connection would let Laoke commit it.
   */
  static DataSource outsideTransactions(DataSource dataSource) {
    return SPRING_JDBC ? Unwrapping.target(dataSource) : dataSource;
  }

  /** Loaded only where Spring JDBC is. */
  private static final class Unwrapping {
    static DataSource target(DataSource dataSource) {
      if (dataSource instanceof TransactionAwareDataSourceProxy proxy) {
        DataSource target = proxy.getTargetDataSource();
        return target == null ? dataSource : target(target);
      }
      return dataSource;
    }
  }
}
