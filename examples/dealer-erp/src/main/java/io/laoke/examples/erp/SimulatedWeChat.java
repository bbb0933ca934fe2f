package io.laoke.examples.erp;

import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.util.Map;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts the WeChat platform inside this program and sets the account's properties to it, so that
 * the ERP needs neither account nor internet. {@code --erp.simulator=false} leaves it out; then
 * {@code laoke.wechat.accounts.hengxin.*} say which account to use.
 */
final class SimulatedWeChat
    implements ApplicationContextInitializer<ConfigurableApplicationContext> {
  private static final int PORT = 8899;

  @Override
  public void initialize(ConfigurableApplicationContext context) {
    ConfigurableEnvironment environment = context.getEnvironment();
    if (!environment.getProperty("erp.simulator", Boolean.class, true)) {
      return;
    }
    int port = environment.getProperty("erp.phone-port", Integer.class, PORT);
    WeChatSimulator simulator = WeChatSimulator.builder().port(port).start();
    SimulatedAccount account = simulator.addAccount(spec());
    furnish(account, environment);
    account.addWebDomain("127.0.0.1:" + environment.getProperty("server.port", "8080"));
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("simulated WeChat", settings(simulator, account)));
    context.getBeanFactory().registerSingleton("weChatSimulator", simulator);
    context.addApplicationListener(
        (ApplicationListener<ContextClosedEvent>)
            closed -> {
              if (closed.getApplicationContext() == context) {
                simulator.close();
              }
            });
  }

  /** The same appid in every run, so that followers of a kept database stay who they are. */
  private static AccountSpec spec() {
    return AccountSpec.service()
        .withAppId("wx5e1ec7ed00000001")
        .withName("恒信家电服务号")
        .withMode(PushMode.SECURE);
  }

  private static void furnish(SimulatedAccount account, ConfigurableEnvironment environment) {
    account.addTemplate(
        environment.getRequiredProperty("erp.templates.progress"),
        "订单进度通知",
        """
        订单号：{{character_string1.DATA}}
        商品：{{thing2.DATA}}
        进度：{{phrase3.DATA}}
        时间：{{time4.DATA}}""");
    account.addTemplate(
        environment.getRequiredProperty("erp.templates.visit"),
        "上门预约通知",
        """
        订单号：{{character_string1.DATA}}
        商品：{{thing2.DATA}}
        上门时间：{{time3.DATA}}
        师傅：{{thing4.DATA}}""");
  }

  private static Map<String, Object> settings(WeChatSimulator simulator, SimulatedAccount account) {
    String prefix = "laoke.wechat.accounts.hengxin.";
    return Map.of(
        prefix + "app-id",
        account.appId(),
        prefix + "secret",
        account.secret(),
        prefix + "token",
        account.token(),
        prefix + "encoding-aes-key",
        account.encodingAesKey(),
        prefix + "base-url",
        simulator.baseUrl(),
        "erp.phone-url",
        simulator.baseUrl() + "/");
  }
}
