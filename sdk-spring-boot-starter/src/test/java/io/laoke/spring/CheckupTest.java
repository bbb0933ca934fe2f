package io.laoke.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.Laoke;
import io.laoke.message.Account;
import io.laoke.message.ChannelKind;
import io.laoke.message.Checkup;
import io.laoke.message.Finding;
import io.laoke.message.MessageChannel;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Stage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** When a node examines its accounts: after all that the application does at its start. */
@ExtendWith(OutputCaptureExtension.class)
class CheckupTest {
  private static String[] properties() {
    return new String[] {
      "spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(), "laoke.dealers.hengxin.name=恒信"
    };
  }

  /** An account that goes on with its checkup when it is let, and tells of it. */
  private static final class Patient implements Account, Checkup {
    private final CountDownLatch let = new CountDownLatch(1);
    private final CountDownLatch examined = new CountDownLatch(1);

    @Override
    public String key() {
      return "main";
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
      return type.isInstance(this) ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public Optional<MessageChannel> channel(ChannelKind kind) {
      return Optional.empty();
    }

    @Override
    public void close() {}

    @Override
    public List<Finding> examine() {
      try {
        let.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      examined.countDown();
      return List.of();
    }

    boolean beingExamined() {
      return Thread.getAllStackTraces().keySet().stream()
          .anyMatch(thread -> thread.getName().equals("laoke-doctor"));
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ImportAutoConfiguration({
    DataSourceAutoConfiguration.class,
    LaokeTransactionAutoConfiguration.class,
    LaokeAutoConfiguration.class
  })
  static class Shop {
    private boolean early;

    @Bean
    Patient patient() {
      return new Patient();
    }

    @Bean
    LaokeCustomizer account(Patient patient) {
      return builder -> builder.account("hengxin", patient);
    }

    /** As a host sets its templates. */
    @Bean
    ApplicationRunner templates(Laoke laoke, Patient patient) {
      return arguments -> {
        early = patient.beingExamined();
        laoke.dealer("hengxin").notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
        patient.let.countDown();
      };
    }
  }

  @Test
  void isMadeWhenTheRunnersHaveRun(CapturedOutput output) throws Exception {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Shop.class)
            .web(WebApplicationType.NONE)
            .properties(properties())
            .run()) {
      Patient patient = context.getBean(Patient.class);
      patient.examined.await();
      await().until(() -> !patient.beingExamined());
      assertThat(context.getBean(Shop.class).early).as("examined before the runner").isFalse();
      assertThat(output.getOut()).doesNotContain("No stage has a template");
    }
  }

  /** As one that consumes a queue: the application is never told to be ready. */
  @Configuration(proxyBeanMethods = false)
  static class Consumer {
    @Bean
    static ApplicationReadiness readiness(ApplicationContext context) {
      return new ApplicationReadiness(context, Duration.ofMillis(1));
    }

    @Bean
    ApplicationRunner consumer(Patient patient) {
      return arguments -> {
        patient.let.countDown();
        assertThat(patient.examined.await(20, TimeUnit.SECONDS)).isTrue();
      };
    }
  }

  @Test
  void isMadeWhileARunnerNeverReturns() {
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Shop.class, Consumer.class)
            .web(WebApplicationType.NONE)
            .properties(properties())
            .run()) {
      assertThat(context.getBean(Patient.class).examined.getCount()).isZero();
    }
  }

  /** Nobody runs runners there, nor says that it is ready. */
  @Test
  void isMadeInAContextThatNoApplicationRuns(CapturedOutput output) throws Exception {
    try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
      TestPropertyValues.of(properties()).applyTo(context);
      context.register(Shop.class);
      context.refresh();
      Patient patient = context.getBean(Patient.class);
      assertThat(patient.beingExamined()).isTrue();
      patient.let.countDown();
      patient.examined.await();
      await().until(() -> output.getOut().contains("No stage has a template"));
    }
  }

  @Test
  void isNotMadeByANodeThatDoesNotSend() {
    String[] all = properties();
    try (ConfigurableApplicationContext context =
        new SpringApplicationBuilder(Shop.class)
            .web(WebApplicationType.NONE)
            .properties(all[0], all[1], "laoke.delivery.enabled=false")
            .run()) {
      Patient patient = context.getBean(Patient.class);
      assertThat(patient.beingExamined()).isFalse();

      context.getBean(Laoke.class).start();

      await().until(() -> patient.examined.getCount() == 0);
    }
  }
}
