package io.laoke.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.base.HostTransaction;
import io.laoke.notice.NoticeSettings;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.UUID;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jdbc.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.servlet.DispatcherServlet;

class WiringTest {
  private static final AutoConfigurations ALL =
      AutoConfigurations.of(
          DataSourceAutoConfiguration.class,
          LaokeAutoConfiguration.class,
          LaokeCallbackAutoConfiguration.class,
          LaokeTransactionAutoConfiguration.class,
          LaokeWeChatAutoConfiguration.class);

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
