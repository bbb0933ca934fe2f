package io.laoke.spring;

import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.session.SqlSessionFactory;
import org.mybatis.spring.SqlSessionTemplate;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

class MyBatisTransactionTest extends TransactionContract {
  interface ErpOrders {
    @Insert("INSERT INTO erp_order (order_no) VALUES (#{orderNo})")
    void insert(String orderNo);

    @Select("SELECT COUNT(*) FROM erp_order")
    long count();
  }

  @AutoConfigurationPackage
  static class Mappers {}

  @Override
  ApplicationContextRunner runner() {
    return super.runner().withUserConfiguration(Mappers.class);
  }

  @Override
  AutoConfigurations access() {
    return AutoConfigurations.of(
        DataSourceTransactionManagerAutoConfiguration.class,
        JdbcTemplateAutoConfiguration.class,
        MybatisAutoConfiguration.class);
  }

  @Override
  Host host(ApplicationContext context) {
    context
        .getBean(JdbcTemplate.class)
        .execute("CREATE TABLE IF NOT EXISTS erp_order (order_no VARCHAR(64) PRIMARY KEY)");
    SqlSessionFactory sessions = context.getBean(SqlSessionFactory.class);
    if (!sessions.getConfiguration().hasMapper(ErpOrders.class)) {
      sessions.getConfiguration().addMapper(ErpOrders.class);
    }
    ErpOrders orders = context.getBean(SqlSessionTemplate.class).getMapper(ErpOrders.class);
    return new Host() {
      @Override
      public void insert(String orderNo) {
        orders.insert(orderNo);
      }

      @Override
      public long count() {
        return orders.count();
      }
    };
  }
}
