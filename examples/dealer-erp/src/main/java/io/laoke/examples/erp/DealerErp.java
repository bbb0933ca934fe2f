package io.laoke.examples.erp;

import io.laoke.sms.AliyunSms;
import io.laoke.sms.SmsAccount;
import io.laoke.sms.SmsHours;
import io.laoke.spring.LaokeCustomizer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.ViewControllerRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * The dealer's ERP. {@code --port N} (8080; a taken one gives the next free), {@code --file PATH}
 * keeps the database; any other argument is Spring Boot's.
 */
@SpringBootApplication
class DealerErp implements WebMvcConfigurer {
  private static final int PORT = 8080;

  public static void main(String[] args) {
    new SpringApplicationBuilder(DealerErp.class)
        .initializers(new SimulatedWeChat())
        .run(checked(args));
  }

  private static String[] checked(String... args) {
    try {
      return arguments(args);
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      throw wrong;
    }
  }

  @Bean
  DemoClock clock() {
    return new DemoClock(Clock.systemUTC());
  }

  /** Laoke: plays the same day as the ERP. */
  @Bean
  LaokeCustomizer businessTime(DemoClock clock) {
    return builder -> builder.clock(clock);
  }

  /** Laoke: sends text messages by this account, where there is one. */
  @Bean
  @ConditionalOnProperty("erp.sms.key-id")
  LaokeCustomizer textMessages(
      @Value("${erp.sms.key-id}") String keyId,
      @Value("${erp.sms.secret}") String secret,
      @Value("${erp.sms.endpoint}") URI endpoint,
      @Value("${erp.sms.signature}") String signature) {
    // At any hour, to be tried at night, too; a real shop keeps the usual ones.
    SmsHours anyHour = new SmsHours(LocalTime.MIN, LocalTime.MAX, LocalTime.MIN, LocalTime.MAX);
    return builder ->
        builder.account(
            "hengxin",
            SmsAccount.of(
                    ServiceDesk.SMS_ACCOUNT,
                    AliyunSms.of(keyId, secret).withEndpoint(endpoint),
                    signature)
                .withHours(anyHour));
  }

  /** Laoke: tells the ERP of booked slots, which answers with its work orders. */
  @Bean
  LaokeCustomizer bookings(ObjectProvider<WorkOrderDesk> desk) {
    return builder -> builder.bookings(booking -> desk.getObject().booked(booking));
  }

  @Override
  public void addViewControllers(ViewControllerRegistry pages) {
    pages.addRedirectViewController("/", "/orders");
  }

  @Override
  public void addInterceptors(InterceptorRegistry interceptors) {
    interceptors
        .addInterceptor(new SameOriginOnly())
        .excludePathPatterns("/laoke/**", "/m/**", "/sms/**");
  }

  /** Turns our two options into Spring Boot's. */
  static String[] arguments(String... args) {
    List<String> spring = new ArrayList<>();
    int port = PORT;
    Iterator<String> given = Arrays.asList(args).iterator();
    while (given.hasNext()) {
      String option = given.next();
      int mark = option.indexOf('=');
      String name = mark < 0 ? option : option.substring(0, mark);
      if (name.equals("--port")) {
        port = port(value(option, mark, given));
      } else if (name.equals("--file")) {
        spring.add("--spring.datasource.url=" + url(value(option, mark, given)));
      } else if (name.startsWith("--") && (name.contains(".") || name.equals("--debug"))) {
        spring.add(option);
      } else {
        throw new IllegalArgumentException(
            "Unknown option "
                + option
                + "; there are --port N, --file PATH and Spring Boot's (--name.of.property=value)");
      }
    }
    spring.add("--server.port=" + free(port));
    return spring.toArray(String[]::new);
  }

  private static String value(String option, int mark, Iterator<String> rest) {
    if (mark >= 0) {
      return option.substring(mark + 1);
    }
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value");
    }
    return rest.next();
  }

  private static int port(String value) {
    if (!value.matches("\\d{1,5}") || Integer.parseInt(value) > 65_535) {
      throw new IllegalArgumentException("--port must be 0 to 65535, was: " + value);
    }
    return Integer.parseInt(value);
  }

  /** WRITE_DELAY=0: what was committed must survive the end of the process. */
  private static String url(String file) {
    return "jdbc:h2:file:" + Path.of(file).toAbsolutePath() + ";WRITE_DELAY=0";
  }

  private static int free(int wanted) {
    for (int port = wanted; port < Math.min(wanted + 100, 65_536); port++) {
      try (ServerSocket found =
          new ServerSocket(port, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}))) {
        if (port != wanted) {
          System.out.println("Port " + wanted + " is taken, using " + port + ".");
        }
        return found.getLocalPort();
      } catch (IOException taken) {
        // The next one.
      }
    }
    throw new IllegalArgumentException("Ports " + wanted + " and the next 99 are taken");
  }
}
