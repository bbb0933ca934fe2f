package io.laoke.spring;

import io.laoke.Laoke;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/** The pages that customers open on their phones. */
@AutoConfiguration(after = LaokeAutoConfiguration.class)
@ConditionalOnClass({Laoke.class, DispatcherServlet.class})
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnBean(Laoke.class)
@ConditionalOnProperty(name = "laoke.web.enabled", matchIfMissing = true)
public class LaokeWebAutoConfiguration {
  /** For Spring. */
  LaokeWebAutoConfiguration() {}

  @Bean
  @ConditionalOnMissingBean
  CustomerPagesController laokeCustomerPagesController(Laoke laoke) {
    return new CustomerPagesController(laoke);
  }
}
