package io.laoke.spring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Map.entry;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.RetentionSettings;
import io.laoke.base.HostTransaction;
import io.laoke.inbox.InboxFact;
import io.laoke.member.PeopleSettings;
import io.laoke.notice.NoticeSettings;
import io.laoke.reminder.ReminderSettings;
import io.laoke.segment.Criteria;
import io.laoke.segment.LiveCount;
import io.laoke.segment.LiveCounts;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.servlet.DispatcherServlet;

class WiringTest {
  private static final Instant NOW = Instant.parse("2026-11-25T02:00:00Z");
  private static final AutoConfigurations ALL =
      AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          LaokeAutoConfiguration.class,
          LaokeCallbackAutoConfiguration.class,
          LaokeTransactionAutoConfiguration.class,
          LaokeWeChatAutoConfiguration.class,
          LaokeWebAutoConfiguration.class);

  private final ApplicationContextRunner runner =
      new ApplicationContextRunner()
          .withConfiguration(ALL)
          .withPropertyValues(
              "spring.datasource.url=" + url(),
              "laoke.dealers.hengxin.name=恒信家电",
              "laoke.dealers.hengxin.zone=Asia/Urumqi",
              "laoke.dealers.hengxin.night=23:30-07:00",
              "laoke.dealers.hengxin.newest-only=false");

  static String url() {
    return "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";
  }

  private static String[] account() {
    return new String[] {
      "laoke.wechat.accounts.main.app-id=wx0123456789abcdef",
      "laoke.wechat.accounts.main.secret=0123456789abcdef0123456789abcdef",
      "laoke.wechat.accounts.main.token=tokentoken",
      "laoke.wechat.accounts.main.base-url=http://127.0.0.1:1"
    };
  }

  @Test
  void bringsTheTablesAndStartsTheEngine() {
    runner.run(
        context -> {
          Laoke laoke = context.getBean(Laoke.class);
          assertThat(laoke.migrations().pending()).isEmpty();
          assertThat(laoke.dealer("hengxin").code()).isEqualTo("hengxin");
          DealerSettings settings = laoke.dealers().settings("hengxin");
          assertThat(settings.zone()).isEqualTo(ZoneId.of("Asia/Urumqi"));
          assertThat(settings.notices().dealerName()).contains("恒信家电");
          assertThat(settings.notices())
              .isEqualTo(
                  NoticeSettings.standard()
                      .withDealerName("恒信家电")
                      .withNewestOnly(false)
                      .withNight(LocalTime.of(23, 30), LocalTime.of(7, 0)));
          assertThat(context.getBean(LaokeLifecycle.class).isRunning()).isTrue();
          assertThat(context).doesNotHaveBean(WeChatCallbackController.class);
        });
  }

  @Test
  void consentsAndAgesAreTheDealersAsTheyAreSet() {
    runner.run(
        context -> {
          DealerSettings settings = context.getBean(Laoke.class).dealers().settings("hengxin");
          assertThat(settings.binding().phoneClaimYears()).isEqualTo(3);
          assertThat(settings.people()).isEqualTo(PeopleSettings.standard());
          assertThat(settings.retention()).isEqualTo(RetentionSettings.standard());
        });
    runner
        .withPropertyValues(
            "laoke.dealers.hengxin.follow-is-consent=true",
            "laoke.dealers.hengxin.phone-claim-years=7",
            "laoke.dealers.hengxin.retention.callbacks=3d",
            "laoke.dealers.hengxin.retention.bodies=7d",
            "laoke.dealers.hengxin.retention.decisions=0",
            "laoke.dealers.hengxin.retention.reports=8d",
            "laoke.dealers.hengxin.retention.audit=400d",
            "laoke.dealers.hengxin.retention.refusals=31d",
            "laoke.dealers.hengxin.retention.tries=9d")
        .run(
            context -> {
              DealerSettings settings = context.getBean(Laoke.class).dealers().settings("hengxin");
              assertThat(settings.binding().phoneClaimYears()).isEqualTo(7);
              assertThat(settings.people())
                  .isEqualTo(PeopleSettings.standard().withFollowIsConsent(true));
              assertThat(settings.retention())
                  .isEqualTo(
                      RetentionSettings.off()
                          .withCallbacks(Duration.ofDays(3))
                          .withBodies(Duration.ofDays(7))
                          .withReports(Duration.ofDays(8))
                          .withAudit(Duration.ofDays(400))
                          .withRefusals(Duration.ofDays(31))
                          .withTries(Duration.ofDays(9)));
            });
    runner
        .withPropertyValues("laoke.dealers.hengxin.retention.bodies=1h")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining(
                        "laoke.dealers.hengxin.retention.bodies: must be at least 7 days"));
    runner
        .withPropertyValues("laoke.dealers.hengxin.phone-claim-years=0")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("phoneClaimYears: must be"));
  }

  @Test
  void servicesAreRemindedOfAsTheDealerSets() {
    runner.run(
        context ->
            assertThat(context.getBean(Laoke.class).dealers().settings("hengxin").reminders())
                .isEqualTo(ReminderSettings.standard()));
    runner
        .withPropertyValues(
            "laoke.dealers.hengxin.reminders.hours=any",
            "laoke.dealers.hengxin.reminders.overdue-a-day=7",
            "laoke.dealers.hengxin.reminders.claimed-for=10m",
            "laoke.dealers.hengxin.reminders.attributed-days=14")
        .run(
            context ->
                assertThat(context.getBean(Laoke.class).dealers().settings("hengxin").reminders())
                    .isEqualTo(
                        ReminderSettings.standard()
                            .withContactHours(LocalTime.MIN, LocalTime.MAX)
                            .withOverdueADay(7)
                            .withClaimedFor(Duration.ofMinutes(10))
                            .withAttributedDays(14)));
    refusesReminders("hours=9", "reminders.hours: must be two times such as 09:00-20:00, or any");
    refusesReminders("hours=20:00-09:00", "reminders.contact-until: must be after");
    refusesReminders("overdue-a-day=0", "reminders.overdue-a-day: must be");
  }

  private void refusesReminders(String property, String words) {
    runner
        .withPropertyValues("laoke.dealers.hengxin.reminders." + property)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining("laoke.dealers.hengxin." + words));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/m/", "m", "/"})
  void aPathOfThePagesThatNoAddressCanEndWithStopsTheStart(String path) {
    runner
        .withPropertyValues("laoke.web.path=" + path)
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .hasStackTraceContaining(
                        "laoke.web.path must begin with a slash and not end with one"));
  }

  @Test
  void rowsOfTheInboxAreAppliedAsTheyAreSetOrLeftToAnotherNode() {
    runner
        .withPropertyValues(
            "laoke.delivery.enabled=false", "laoke.inbox.keep-done=0", "laoke.inbox.together=1")
        .run(
            context -> {
              insert(context.getBean(DataSource.class));
              Laoke laoke = context.getBean(Laoke.class);
              assertThat(laoke.tick(NOW).inbound()).isEqualTo(1);
              assertThat(laoke.dealer("hengxin").inbox().count(InboxFact.State.DONE))
                  .as("kept no longer than its end")
                  .isZero();
            });
    runner
        .withPropertyValues("laoke.delivery.enabled=false", "laoke.inbox.enabled=false")
        .run(
            context -> {
              insert(context.getBean(DataSource.class));
              Laoke laoke = context.getBean(Laoke.class);
              assertThat(laoke.tick(NOW).inbound()).isZero();
              assertThat(laoke.dealer("hengxin").inbox().count(InboxFact.State.NEW)).isEqualTo(1);
            });
    for (String wrong : List.of("poll=10ms", "together=0", "wait-for-order=-1s")) {
      runner
          .withPropertyValues("laoke.inbox." + wrong)
          .run(
              context ->
                  assertThat(context)
                      .getFailure()
                      .hasStackTraceContaining("laoke.inbox." + wrong.split("=")[0] + ": "));
    }
  }

  private static LiveCount counted(Laoke laoke, String dealer) {
    return laoke.dealer(dealer).segments().live().count(Criteria.everyone());
  }

  private static Set<Thread> threads() {
    return Thread.getAllStackTraces().keySet();
  }

  /** Other tests may have left contexts that work. */
  private static List<String> besides(Set<Thread> before) {
    return threads().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .toList();
  }

  /** A node that leaves sending to another counts, and does nothing else by itself. */
  @Test
  void countsComeFromMemoryWhereTheyAreSwitchedOn() {
    runner.run(
        context -> {
          Laoke laoke = context.getBean(Laoke.class);
          LiveCounts live = laoke.dealer("hengxin").segments().live();
          assertThat(live.build()).isFalse();
          assertThat(live.status().state()).isEqualTo(LiveCounts.State.OFF);
          assertThat(counted(laoke, "hengxin").servedBy()).isEqualTo(LiveCount.ServedBy.SQL);
        });
    for (boolean sends : new boolean[] {true, false}) {
      Set<Thread> before = threads();
      runner
          .withPropertyValues(
              "laoke.delivery.enabled=" + sends,
              "laoke.checkup-at-start=false",
              "laoke.live-counts.enabled=true",
              "laoke.live-counts.poll=100ms",
              "laoke.live-counts.dealers=hengxin",
              "laoke.dealers.other.name=别家")
          .run(
              context -> {
                Laoke laoke = context.getBean(Laoke.class);
                await()
                    .until(() -> counted(laoke, "hengxin").servedBy() == LiveCount.ServedBy.INDEX);
                assertThat(laoke.dealer("other").segments().live().build()).isFalse();
                assertThat(context.getBean(LaokeLifecycle.class).isRunning()).isTrue();
                assertThat(besides(before).contains("laoke-delivery")).isEqualTo(sends);
                assertThat(besides(before).contains("laoke-inbox")).isEqualTo(sends);
                assertThat(besides(before)).contains("laoke-live");
              });
    }
    for (String wrong : List.of("most-mebibytes=0", "poll=10ms", "dealers=" + "x".repeat(65))) {
      runner
          .withPropertyValues("laoke.live-counts." + wrong)
          .run(
              context ->
                  assertThat(context)
                      .getFailure()
                      .hasStackTraceContaining(
                          "laoke.live-counts." + wrong.split("=")[0] + ": must "));
    }
  }

  @Test
  void noMoreMemoryIsTakenThanIsSet() {
    runner
        .withPropertyValues("laoke.live-counts.enabled=true", "laoke.live-counts.most-mebibytes=1")
        .run(
            context -> {
              Laoke laoke = context.getBean(Laoke.class);
              new JdbcTemplate(context.getBean(DataSource.class))
                  .update(
                      """
                      INSERT INTO laoke_member
                        (dealer_id, id, source, numbered, random31, created_ms)
                      SELECT id, X * 1000000, 'X', FALSE, X, X * 86400000
                      FROM laoke_dealer, SYSTEM_RANGE(1, 70000)
                      """);
              assertThat(laoke.dealer("hengxin").segments().live().build()).isFalse();
              assertThat(laoke.dealer("hengxin").doctor().english())
                  .contains("WARNING LIVE_COUNTS_UNABLE", "1 MiB");
            });
  }

  private static void insert(DataSource dataSource) {
    new JdbcTemplate(dataSource)
        .update(
            "INSERT INTO laoke_inbox (dealer, kind, ref, fact) VALUES ('hengxin', 'ORDER', 'SO-1',"
                + " '{\"orderedAt\": \"2026-11-24\"}')");
  }

  @Test
  void aNodeLooksAtItsAccountsOnceAtTheStartUnlessToldNotTo() throws Exception {
    try (WeChatSimulator wechat = WeChatSimulator.start()) {
      SimulatedAccount shop = wechat.addAccount(AccountSpec.service());
      String[] account = {
        "laoke.wechat.accounts.main.app-id=" + shop.appId(),
        "laoke.wechat.accounts.main.secret=" + shop.secret(),
        "laoke.wechat.accounts.main.base-url=" + wechat.baseUrl()
      };
      runner
          .withPropertyValues(account)
          .withPropertyValues("laoke.checkup-at-start=false")
          .run(
              context -> {
                assertThat(context).hasNotFailed();
                context.getBean(Laoke.class).tick(NOW);
              });
      assertThat(wechat.calls()).isEmpty();
      runner
          .withPropertyValues(account)
          .run(context -> await().until(() -> !wechat.calls().isEmpty()));
    }
  }

  @Test
  void servesCustomersPagesInWebApplicationsUnlessSwitchedOff() {
    WebApplicationContextRunner web =
        new WebApplicationContextRunner()
            .withConfiguration(ALL)
            .withPropertyValues("spring.datasource.url=" + url(), "laoke.dealers.hengxin.name=恒信");
    web.run(context -> assertThat(context).hasSingleBean(CustomerPagesController.class));
    web.withPropertyValues("laoke.web.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(CustomerPagesController.class));
    web.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
        .run(context -> assertThat(context).doesNotHaveBean(CustomerPagesController.class));
    runner.run(context -> assertThat(context).doesNotHaveBean(CustomerPagesController.class));
  }

  /** Editors show each property with its words and what it is by default. */
  @Test
  void everyPropertyIsDescribedForEditors() throws IOException {
    String all;
    try (InputStream in =
        LaokeProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
      all = new String(requireNonNull(in).readAllBytes(), UTF_8).replace("\\/", "/");
    }
    Map<String, String> described =
        Map.ofEntries(
            entry("laoke.table-prefix", "laoke_"),
            entry("laoke.checkup-at-start", "true"),
            entry("laoke.inbox.enabled", "true"),
            entry("laoke.inbox.poll", "1s"),
            entry("laoke.inbox.together", "100"),
            entry("laoke.inbox.keep-done", "7d"),
            entry("laoke.inbox.wait-for-order", "1d"),
            entry("laoke.live-counts.enabled", "false"),
            entry("laoke.live-counts.most-mebibytes", "256"),
            entry("laoke.live-counts.poll", "1s"),
            entry("laoke.web.enabled", "true"),
            entry("laoke.web.path", "/laoke/web"));
    described.forEach(
        (name, value) ->
            assertThat(all)
                .containsPattern(
                    "\"name\": \"%s\",[^}]*\"description\": \"[^\"]{20,}\"[^}]*\"defaultValue\": \"?%s\"?"
                        .formatted(Pattern.quote(name), Pattern.quote(value))));
    assertThat(all)
        .contains(
            "\"name\": \"laoke.dealers\"",
            "\"name\": \"laoke.live-counts.dealers\"",
            "\"name\": \"laoke.wechat.accounts\"");
  }

  @Test
  void leavesSendingToAnotherNode() {
    runner
        .withPropertyValues("laoke.delivery.enabled=false")
        .run(context -> assertThat(context.getBean(LaokeLifecycle.class).isRunning()).isFalse());
  }

  @Test
  void staysOutWithoutOneDataSource() {
    new ApplicationContextRunner()
        .withConfiguration(
            AutoConfigurations.of(
                LaokeAutoConfiguration.class,
                LaokeTransactionAutoConfiguration.class,
                LaokeWeChatAutoConfiguration.class))
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(context).doesNotHaveBean(Laoke.class);
            });
    runner
        .withBean("one", DataSource.class, JdbcDataSource::new)
        .withBean("two", DataSource.class, JdbcDataSource::new)
        .run(context -> assertThat(context).doesNotHaveBean(Laoke.class));
  }

  @Test
  void backsOffFromTheHostsEngineAndTransactions() {
    Laoke own = Laoke.builder().dataSource(new JdbcDataSource()).build();
    HostTransaction none = HostTransaction.none();
    runner
        .withPropertyValues("laoke.delivery.enabled=false")
        .withBean("own", Laoke.class, () -> own)
        .withBean("none", HostTransaction.class, () -> none)
        .run(
            context -> {
              assertThat(context).getBean(Laoke.class).isSameAs(own);
              assertThat(context).getBean(HostTransaction.class).isSameAs(none);
            });
  }

  @Test
  void asksCustomizersLast() {
    runner
        .withPropertyValues("laoke.table-prefix=one_")
        .withBean(LaokeCustomizer.class, () -> builder -> builder.tablePrefix("two_"))
        .run(context -> assertThat(tables(context.getBean(DataSource.class), "TWO_")).isPositive());
  }

  @Test
  void keepsTablesUnderPrefixAndSchema() {
    String url = url() + ";INIT=CREATE SCHEMA IF NOT EXISTS CRM";
    runner
        .withPropertyValues(
            "spring.datasource.url=" + url, "laoke.schema.name=CRM", "laoke.table-prefix=lk_")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(tables(context.getBean(DataSource.class), "LK_")).isPositive();
            });
  }

  @Test
  void refusesToStartOnOldTablesWhenItOnlyChecks() {
    runner
        .withPropertyValues("laoke.schema.mode=check")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContainingAll("tables lack", "Migrations.render"));
  }

  @Test
  void touchesNoTableWhenSwitchedOff() {
    runner
        .withPropertyValues("laoke.schema.mode=off", "laoke.delivery.enabled=false")
        .run(
            context -> {
              assertThat(context).hasNotFailed();
              assertThat(tables(context.getBean(DataSource.class), "LAOKE_")).isZero();
            });
  }

  @Test
  void namesTheAccountAndTheSettingThatIsWrongAndNoSecret() {
    runner
        .withPropertyValues(account())
        .withPropertyValues("laoke.wechat.accounts.main.encoding-aes-key=tooShortToBeAKey")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContainingAll("encodingAesKey", "43")
                    .hasMessageNotContaining("tooShortToBeAKey"));
    runner
        .withPropertyValues("laoke.wechat.accounts.main.secret=0123456789abcdef")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessage("laoke.wechat.accounts.main: app-id must be set"));
    runner
        .withPropertyValues(account())
        .withPropertyValues("laoke.dealers.other.name=别家")
        .run(
            context ->
                assertThat(context)
                    .getFailure()
                    .rootCause()
                    .hasMessageContainingAll("accounts.main", "dealer must be set", "other"));
  }

  @Test
  void showsNoSecret() {
    runner
        .withPropertyValues(account())
        .run(
            context ->
                assertThat(context.getBean(LaokeProperties.class).toString())
                    .contains("wx0123456789abcdef")
                    .doesNotContain("0123456789abcdef0123456789abcdef", "tokentoken"));
  }

  @Test
  void takesPushesInWebApplicationsUnlessSwitchedOff() {
    WebApplicationContextRunner web =
        new WebApplicationContextRunner()
            .withConfiguration(ALL)
            .withPropertyValues("spring.datasource.url=" + url(), "laoke.dealers.hengxin.name=恒信")
            .withPropertyValues(account());
    web.run(context -> assertThat(context).hasSingleBean(WeChatCallbackController.class));
    web.withPropertyValues("laoke.callback.enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(WeChatCallbackController.class));
    web.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
        .run(
            context -> {
              assertThat(context).doesNotHaveBean(WeChatCallbackController.class);
              assertThat(context).hasSingleBean(Laoke.class);
            });
  }

  private static int tables(DataSource dataSource, String prefix) {
    Integer count =
        new JdbcTemplate(dataSource)
            .queryForObject(
                "SELECT COUNT(*) FROM information_schema.tables WHERE UPPER(table_name) LIKE ?",
                Integer.class,
                prefix.replace("_", "\\_") + "%");
    return count == null ? 0 : count;
  }
}
