package io.laoke.examples.erp;

import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** The ERP, started as {@code main} does on free ports and a database of its own. */
final class Running implements AutoCloseable {
  private final ConfigurableApplicationContext context;

  Running(String... more) {
    List<String> args = new ArrayList<>(List.of(more));
    for (String option :
        List.of(
            "--server.port=" + free(),
            "--erp.phone-port=0",
            "--erp.demo.members=0",
            "--spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID())) {
      String name = option.substring(0, option.indexOf('=') + 1);
      if (args.stream().noneMatch(given -> given.startsWith(name))) {
        args.add(option);
      }
    }
    context =
        new SpringApplicationBuilder(DealerErp.class)
            .initializers(new SimulatedWeChat())
            .run(args.toArray(String[]::new));
  }

  /** Known before the start, since it is part of the address that customers are sent to. */
  private static int free() {
    try (ServerSocket found = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return found.getLocalPort();
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  String url() {
    return "http://127.0.0.1:" + context.getEnvironment().getProperty("local.server.port");
  }

  WeChatSimulator weChat() {
    return context.getBean(WeChatSimulator.class);
  }

  SimulatedAccount account() {
    return weChat().accounts().get(0);
  }

  <T> T bean(Class<T> type) {
    return context.getBean(type);
  }

  @Override
  public void close() {
    context.close();
  }
}
