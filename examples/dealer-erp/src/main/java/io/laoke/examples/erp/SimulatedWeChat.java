package io.laoke.examples.erp;

import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.SmsGateway;
import io.laoke.simulator.SmsKind;
import io.laoke.simulator.SmsProvider;
import io.laoke.simulator.WeChatSimulator;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Starts the WeChat platform and an SMS provider's gateway inside this program and sets the
 * accounts' properties to them, so that the ERP needs neither account nor internet. {@code
 * --erp.simulator=false} leaves them out; then {@code laoke.wechat.accounts.hengxin.*} and {@code
 * erp.sms.*} say which accounts to use.
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
    SmsGateway sms = SmsGateway.start();
    furnish(sms, environment);
    Map<String, Object> settings = new HashMap<>(settings(simulator, account));
    settings.putAll(settings(sms));
    environment
        .getPropertySources()
        .addFirst(new MapPropertySource("simulated WeChat and SMS", settings));
    context.getBeanFactory().registerSingleton("weChatSimulator", simulator);
    context.getBeanFactory().registerSingleton("smsGateway", sms);
    context.addApplicationListener(
        (ApplicationListener<ContextClosedEvent>)
            closed -> {
              if (closed.getApplicationContext() == context) {
                simulator.close();
                sms.close();
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
    account.addTemplate(
        environment.getRequiredProperty("erp.templates.care"),
        "家电保养到期提醒",
        """
        服务项目：{{thing1.DATA}}
        家电：{{thing2.DATA}}
        到期日：{{date3.DATA}}
        订单号：{{character_string4.DATA}}""");
    account.addTemplate(
        environment.getRequiredProperty("erp.templates.digest"),
        "员工每日工作提醒",
        """
        日期：{{date1.DATA}}
        待跟进：{{number2.DATA}}
        逾期：{{number3.DATA}}
        已预约：{{number4.DATA}}""");
    account.addSubscriptionTemplate(environment.getRequiredProperty("erp.templates.subscription"));
  }

  private static void furnish(SmsGateway sms, ConfigurableEnvironment environment) {
    sms.signature(environment.getRequiredProperty("erp.sms.signature"))
        .template(
            SmsProvider.ALIYUN,
            environment.getRequiredProperty("erp.sms.care-template"),
            SmsKind.NOTICE,
            SmsTexts.care(environment.getRequiredProperty("laoke.dealers.hengxin.web-address")))
        .template(
            SmsProvider.ALIYUN,
            environment.getRequiredProperty("erp.sms.code-template"),
            SmsKind.OTP,
            SmsTexts.CODE)
        .template(
            SmsProvider.ALIYUN,
            environment.getRequiredProperty("erp.sms.digest-template"),
            SmsKind.NOTICE,
            SmsTexts.DIGEST);
  }

  /** Providers do not sign what they push, so the address is one that nobody can guess. */
  private static Map<String, Object> settings(SmsGateway sms) {
    return Map.of(
        "erp.sms.key-id",
        SmsGateway.KEY_ID,
        "erp.sms.secret",
        SmsGateway.SECRET,
        "erp.sms.endpoint",
        sms.address(),
        "erp.sms.push-path",
        UUID.randomUUID().toString());
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
