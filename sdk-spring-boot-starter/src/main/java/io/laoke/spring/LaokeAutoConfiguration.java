package io.laoke.spring;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.Migrations;
import io.laoke.RetentionSettings;
import io.laoke.base.HostTransaction;
import io.laoke.error.InvalidInputException;
import io.laoke.inbox.InboxSettings;
import io.laoke.notice.NoticeSettings;
import io.laoke.reminder.BookingListener;
import io.laoke.reminder.DigestListener;
import io.laoke.reminder.ReminderSettings;
import io.laoke.segment.LiveSettings;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.sql.init.dependency.DependsOnDatabaseInitialization;
import org.springframework.context.ApplicationContext;
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
  private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

  /** For Spring. */
  LaokeAutoConfiguration() {}

  @Bean(destroyMethod = "close")
  @ConditionalOnMissingBean
  @DependsOnDatabaseInitialization
  Laoke laoke(
      DataSource dataSource,
      LaokeProperties properties,
      ApplicationReadiness readiness,
      ApplicationContext context,
      ObjectProvider<HostTransaction> hostTransaction,
      ObjectProvider<LaokeCustomizer> customizers) {
    Laoke.Builder builder =
        Laoke.builder()
            .dataSource(SpringDataSources.outsideTransactions(dataSource))
            .tablePrefix(properties.tablePrefix())
            .checkupAtStart(properties.checkupAtStart())
            .checkupAfter(readiness.reached())
            .inbox(inbox(properties.inbox()))
            .liveCounts(liveCounts(properties.liveCounts()));
    String schema = properties.schema().name();
    if (schema != null) {
      builder.schema(schema);
    }
    properties.dealers().forEach((code, dealer) -> builder.dealer(code, settings(code, dealer)));
    hostTransaction.ifAvailable(builder::hostTransaction);
    listeners(context, BookingListener.class)
        .forEach(one -> builder.bookings(booking -> one.get().booked(booking)));
    listeners(context, DigestListener.class)
        .forEach(one -> builder.digests(digest -> one.get().digest(digest)));
    customizers.orderedStream().forEach(customizer -> customizer.customize(builder));
    Laoke laoke = builder.build();
    try {
      laoke.migrations().run(properties.schema().mode());
      if (properties.schema().mode() != Migrations.Mode.OFF) {
        // Now, since inside the host's transactions it would need a second connection.
        laoke.dealers().codes().stream().findFirst().ifPresent(laoke::dealer);
      }
    } catch (RuntimeException failure) {
      laoke.close();
      throw failure;
    }
    return laoke;
  }

  /** Beans of a type, each found when it is told something: it may need the engine itself. */
  private static <T> List<Supplier<T>> listeners(ApplicationContext context, Class<T> type) {
    return Arrays.stream(context.getBeanNamesForType(type, true, false))
        .<Supplier<T>>map(name -> () -> context.getBean(name, type))
        .toList();
  }

  @Bean
  @ConditionalOnMissingBean
  static ApplicationReadiness laokeApplicationReadiness(ApplicationContext context) {
    return new ApplicationReadiness(context, ApplicationReadiness.LONGEST);
  }

  @Bean
  @ConditionalOnMissingBean
  LaokeLifecycle laokeLifecycle(Laoke laoke, LaokeProperties properties) {
    return new LaokeLifecycle(
        laoke, properties.delivery().enabled(), properties.liveCounts().enabled());
  }

  private static DealerSettings settings(String code, LaokeProperties.Dealer dealer) {
    DealerSettings settings = DealerSettings.defaults().zone(dealer.zone());
    NoticeSettings notices = settings.notices().withNewestOnly(dealer.newestOnly());
    settings = settings.notices(atNight(notices, code, dealer.night()));
    settings =
        settings
            .binding(settings.binding().withPhoneClaimYears(dealer.phoneClaimYears()))
            .people(settings.people().withFollowIsConsent(dealer.followIsConsent()))
            .retention(retention("laoke.dealers." + code + ".retention.", dealer.retention()))
            .reminders(reminders("laoke.dealers." + code + ".", dealer.reminders()));
    if (dealer.webAddress() != null) {
      settings = settings.webAddress(dealer.webAddress());
    }
    return dealer.name() == null ? settings : settings.name(dealer.name());
  }

  private static NoticeSettings atNight(NoticeSettings notices, String code, String night) {
    if (night.equalsIgnoreCase("none")) {
      return notices.withoutNight();
    }
    LocalTime[] times = times("laoke.dealers." + code + ".night", night, "22:00-08:00, or none");
    return notices.withNight(times[0], times[1]);
  }

  private static LocalTime[] times(String property, String given, String such) {
    String[] times = given.split("-", -1);
    try {
      return new LocalTime[] {LocalTime.parse(times[0]), LocalTime.parse(times[1])};
    } catch (DateTimeParseException | ArrayIndexOutOfBoundsException wrong) {
      throw new InvalidInputException(
          property, "must be two times such as " + such + ", was " + given, wrong);
    }
  }

  private static LocalTime time(String given) {
    try {
      return LocalTime.parse(given);
    } catch (DateTimeParseException wrong) {
      throw new InvalidInputException(
          "reminders.digestAt", "must be a time of the day such as 08:30, was " + given, wrong);
    }
  }

  private static ReminderSettings reminders(String prefix, LaokeProperties.Reminders given) {
    LocalTime[] hours =
        given.hours().equalsIgnoreCase("any")
            ? new LocalTime[] {LocalTime.MIN, LocalTime.MAX}
            : times(prefix + "reminders.hours", given.hours(), "09:00-20:00, or any");
    return named(
        prefix,
        () ->
            ReminderSettings.standard()
                .withContactHours(hours[0], hours[1])
                .withOverdueADay(given.overdueADay())
                .withClaimedFor(given.claimedFor())
                .withAttributedDays(given.attributedDays())
                .withDigestAt(time(given.digestAt()))
                .withExpireAfterDays(given.expireAfterDays()));
  }

  private static RetentionSettings retention(String prefix, LaokeProperties.Retention given) {
    return named(
        prefix,
        () ->
            new RetentionSettings(
                age(given.callbacks()),
                age(given.bodies()),
                age(given.decisions()),
                age(given.reports()),
                age(given.audit()),
                age(given.refusals()),
                age(given.tries())));
  }

  private static Optional<Duration> age(Duration given) {
    return given.isZero() ? Optional.empty() : Optional.of(given);
  }

  private static InboxSettings inbox(LaokeProperties.Inbox given) {
    return named(
        "laoke.",
        () ->
            new InboxSettings(
                given.enabled(),
                given.poll(),
                given.together(),
                given.keepDone(),
                given.waitForOrder()));
  }

  private static LiveSettings liveCounts(LaokeProperties.LiveCounts given) {
    return named(
        "laoke.",
        () ->
            new LiveSettings(
                given.enabled(), given.mostMebibytes(), given.poll(), given.dealers()));
  }

  /** What is refused is named as it is written in the properties. */
  private static <T> T named(String prefix, Supplier<T> settings) {
    try {
      return settings.get();
    } catch (InvalidInputException wrong) {
      String message = String.valueOf(wrong.getMessage());
      String field = wrong.field() + ": ";
      throw new InvalidInputException(
          prefix + CAPITAL.matcher(wrong.field()).replaceAll("-$0").toLowerCase(Locale.ROOT),
          message.startsWith(field) ? message.substring(field.length()) : message,
          wrong);
    }
  }
}
