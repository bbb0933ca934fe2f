package io.laoke.spring;

import io.laoke.spring.jpa.ErpOrder;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.orm.jpa.SharedEntityManagerCreator;

class JpaTransactionTest extends TransactionContract {
  @AutoConfigurationPackage(basePackageClasses = ErpOrder.class)
  static class Entities {}

  @Override
  ApplicationContextRunner runner() {
    return super.runner().withUserConfiguration(Entities.class);
  }

  @Override
  AutoConfigurations access() {
    return AutoConfigurations.of(HibernateJpaAutoConfiguration.class);
  }

  @Override
  Host host(ApplicationContext context) {
    EntityManager entities =
        SharedEntityManagerCreator.createSharedEntityManager(
            context.getBean(EntityManagerFactory.class));
    return new Host() {
      @Override
      public void insert(String orderNo) {
        entities.persist(new ErpOrder(orderNo));
      }

      @Override
      public long count() {
        return entities
            .createQuery("select count(o) from ErpOrder o", Long.class)
            .getSingleResult();
      }
    };
  }
}
