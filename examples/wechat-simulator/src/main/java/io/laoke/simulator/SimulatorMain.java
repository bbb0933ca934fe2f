package io.laoke.simulator;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * The simulator as a program: one account, a few templates and people, and the phone page.
 *
 * <p>{@code --port 8899 --callback URL --appid wx… --secret … --token … --aes-key … --mode
 * plain|compatible|secure}; every one may be left out.
 */
public final class SimulatorMain {
  private static final Set<String> OPTIONS =
      Set.of("port", "callback", "appid", "secret", "token", "aes-key", "mode");
  private static final int PORT = 8899;

  private SimulatorMain() {}

  /** Starts and stays until the process is ended. */
  public static void main(String[] args) throws InterruptedException {
    try {
      run(args, System.out);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
    new CountDownLatch(1).await();
  }

  /** Starts what the arguments ask for and prints what to configure. */
  static WeChatSimulator run(String[] args, PrintStream out) {
    Map<String, String> options = options(args);
    int wanted = port(options.get("port"));
    AccountSpec spec = spec(options);
    WeChatSimulator simulator = WeChatSimulator.builder().port(wanted).start();
    furnish(simulator.addAccount(spec));
    out.println(words(simulator, spec, wanted));
    out.flush();
    return simulator;
  }

  private static Map<String, String> options(String[] args) {
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 0; i < args.length; i += 2) {
      String name = args[i].startsWith("--") ? args[i].substring(2) : "";
      if (!OPTIONS.contains(name)) {
        throw new IllegalArgumentException(
            "Unknown option " + args[i] + "; there are --" + String.join(", --", sorted()));
      }
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("Option " + args[i] + " needs a value");
      }
      options.put(name, args[i + 1]);
    }
    return options;
  }

  private static List<String> sorted() {
    return OPTIONS.stream().sorted().toList();
  }

  private static int port(@Nullable String given) {
    if (given == null) {
      return PORT;
    }
    if (!given.matches("\\d{1,5}") || Integer.parseInt(given) > 65535) {
      throw new IllegalArgumentException("--port must be 0 to 65535, was: " + given);
    }
    return Integer.parseInt(given);
  }

  private static AccountSpec spec(Map<String, String> options) {
    AccountSpec spec = AccountSpec.service().withMode(PushMode.SECURE);
    for (Map.Entry<String, String> option : options.entrySet()) {
      String value = option.getValue();
      spec =
          switch (option.getKey()) {
            case "callback" -> spec.withCallbackUrl(value);
            case "appid" -> spec.withAppId(value);
            case "secret" -> spec.withSecret(value);
            case "token" -> spec.withToken(value);
            case "aes-key" -> spec.withEncodingAesKey(value);
            case "mode" -> spec.withMode(mode(value));
            default -> spec;
          };
    }
    return spec;
  }

  private static PushMode mode(String value) {
    for (PushMode mode : PushMode.values()) {
      if (mode.name().equalsIgnoreCase(value)) {
        return mode;
      }
    }
    throw new IllegalArgumentException("--mode must be plain, compatible or secure, was: " + value);
  }

  private static void furnish(SimulatedAccount account) {
    account.addTemplate(
        "TPL_ORDER_STATUS",
        "订单状态通知",
        "订单号:{{character_string1.DATA}}\n商品名称:{{thing2.DATA}}\n订单状态:{{phrase3.DATA}}\n更新时间:{{time4.DATA}}");
    account.addTemplate(
        "TPL_SERVICE_DUE",
        "设备保养提醒",
        "设备名称:{{thing1.DATA}}\n保养项目:{{thing2.DATA}}\n到期日期:{{date3.DATA}}");
    account.follower("小王");
    account.follower("李阿姨");
  }

  private static String words(WeChatSimulator simulator, AccountSpec spec, int wanted) {
    String callback =
        spec.callbackUrl() == null
            ? "（未设置，用 --callback 指定；没有它，关注和扫码不会推送）"
            : spec.callbackUrl().toString();
    String taken =
        wanted == 0 || wanted == simulator.port()
            ? ""
            : "Port " + wanted + " is taken, using " + simulator.port() + ".\n";
    return taken
        + """
        WeChat simulator 微信模拟器 is running. Configure your application with:

          API base URL    %s
          appid           %s
          appsecret       %s
          token           %s
          EncodingAESKey  %s
          push mode       %s
          callback URL    %s
          templates       TPL_ORDER_STATUS  TPL_SERVICE_DUE

        Phone 手机页面: %s/
        Stop with Ctrl+C."""
            .formatted(
                simulator.baseUrl(),
                spec.appId(),
                spec.secret(),
                spec.token(),
                spec.encodingAesKey(),
                spec.mode().name().toLowerCase(Locale.ROOT),
                callback,
                simulator.baseUrl());
  }
}
