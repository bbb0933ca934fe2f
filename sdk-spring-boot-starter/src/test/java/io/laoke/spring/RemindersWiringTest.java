package io.laoke.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.reminder.BookingListener;
import io.laoke.reminder.Digest;
import io.laoke.reminder.DigestListener;
import io.laoke.reminder.ReminderBooked;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ReminderSettings;
import io.laoke.reminder.ServiceCycle;
import io.laoke.reminder.Task;
import io.laoke.reminder.TaskQuery;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

class RemindersWiringTest {
  private static final Instant SOLD = Instant.parse("2026-01-10T04:00:00Z");
  private static final Instant DUE = Instant.parse("2026-07-10T04:00:00Z");

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  DataSourceAutoConfiguration.class,
                  LaokeAutoConfiguration.class,
                  LaokeTransactionAutoConfiguration.class))
          .withPropertyValues(
              "spring.datasource.url=" + WiringTest.url(),
              "laoke.delivery.enabled=false",
              "laoke.dealers.hengxin.name=恒信家电");

  @Test
  void whenStaffAreToldAndTasksEndIsTheDealersAsItIsSet() {
    runner
        .withPropertyValues(
            "laoke.dealers.hengxin.reminders.digest-at=07:45",
            "laoke.dealers.hengxin.reminders.expire-after-days=180")
        .run(
            context ->
                assertThat(context.getBean(Laoke.class).dealers().settings("hengxin").reminders())
                    .isEqualTo(
                        ReminderSettings.standard()
                            .withDigestAt(LocalTime.of(7, 45))
                            .withExpireAfterDays(180)));
    for (String wrong :
        List.of(
            "digest-at=noon|must be a time of the day such as 08:30, was noon",
            "expire-after-days=-1|must be")) {
      String[] parts = wrong.split("[=|]");
      runner
          .withPropertyValues("laoke.dealers.hengxin.reminders." + parts[0] + "=" + parts[1])
          .run(
              context ->
                  assertThat(context)
                      .getFailure()
                      .hasStackTraceContaining(
                          "laoke.dealers.hengxin.reminders." + parts[0] + ": " + parts[2]));
    }
  }

  /** Listeners, one of which needs the engine itself. */
  @Configuration(proxyBeanMethods = false)
  static class Listeners {
    final List<String> heard = new ArrayList<>();

    @Bean
    LaokeCustomizer noon() {
      return builder -> builder.clock(Clock.fixed(DUE, ZoneOffset.UTC));
    }

    @Bean
    BookingListener erp(Laoke laoke) {
      return (ReminderBooked booking) -> {
        laoke.dealer(booking.dealer()).reminders().tasks().workOrder(booking.task().id(), "GD-1");
        heard.add("booked");
      };
    }

    @Bean
    DigestListener app() {
      return (Digest digest) -> heard.add(digest.staff() + " " + digest.due() + digest.booked());
    }

    @Bean
    DigestListener other() {
      return (Digest digest) -> heard.add("other " + digest.staff());
    }
  }

  @Test
  void beansHearOfBookingsAndDigests() {
    runner
        .withUserConfiguration(Listeners.class)
        .run(
            context -> {
              Laoke laoke = context.getBean(Laoke.class);
              Dealer dealer = laoke.dealer("hengxin");
              dealer.catalog().put(Category.of("ac", "空调"));
              dealer
                  .reminders()
                  .rules()
                  .put(
                      ReminderRule.of(
                          "ac", "ac", "CLEANING", ServiceCycle.every(Period.ofMonths(6))));
              dealer
                  .orders()
                  .upsert(Order.of("SO-1", SOLD).line(OrderLine.goods("1", "ac", 1, "3000")));
              dealer.orders().advance("SO-1", StageReport.of(Stage.INSTALLED, SOLD));
              laoke.tick(DUE.minusSeconds(7_200)); // 10:00, of a day with no list of anybody yet
              Task task =
                  dealer.reminders().tasks().claimNext("li", TaskQuery.todo()).orElseThrow();
              dealer
                  .reminders()
                  .tasks()
                  .book(task.id(), "li", DUE.plusSeconds(60), DUE.plusSeconds(3_660), null);
              laoke.tick(DUE.plus(Duration.ofDays(1)));

              assertThat(dealer.reminders().tasks().find(task.id()).orElseThrow().workOrderNo())
                  .contains("GD-1");
              assertThat(context.getBean(Listeners.class).heard)
                  .containsExactlyInAnyOrder("booked", "li 00", "other li");
            });
  }
}
