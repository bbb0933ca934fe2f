package io.laoke.examples.benchmarks;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.message.TickReport;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import me.chanjar.weixin.mp.api.WxMpService;
import okhttp3.OkHttpClient;

/**
 * Notices that wait in the outbox of a PostgreSQL, sent to a stub of WeChat, beside a bare loop of
 * OkHttp and beside WxJava, which have nothing to claim, ask or write down.
 */
final class DeliveryBenchmark implements Benchmark {
  private static final String DEALER = "hengxin";
  private static final String APP_ID = "wx0000000000000001";

  @Override
  public String about() {
    return "sending what waits in the outbox, against OkHttp and WxJava:"
        + " [messages=20000] [wxjava=4000] [flight=64] [growth=200000] [warmup=20] [only=30ms|0ms|growth]";
  }

  @Override
  public Set<String> options() {
    return Set.of("messages", "wxjava", "flight", "growth", "warmup", "only");
  }

  @Override
  public void run(Options options, Report report) throws Exception {
    report.version("okhttp", OkHttpClient.class);
    report.version("weixin-java-mp", WxMpService.class);
    int messages = options.number("messages", 20_000);
    int theirs = options.number("wxjava", 4_000);
    int flight = options.number("flight", 64);
    int growth = options.number("growth", 200_000);
    int rounds = options.rounds();
    String only = options.choice("only", "all", "30ms", "0ms", "growth");
    int warmUp = options.number("warmup", 20);
    if (growth < 2 * messages) {
      throw new Options.Wrong(
          "growth must be at least twice messages, which are sent at a time: %d, was %d"
              .formatted(2 * messages, growth));
    }
    try (Postgres postgres = Postgres.start();
        HikariDataSource database = postgres.pool(8)) {
      if (!only.equals("growth")) {
        // Both first: while code is still compiled, its compiler takes the cores from either side.
        withoutLatency(
            report, database, messages, flight, warmUp, only.equals("30ms") ? 0 : rounds);
      }
      if (!only.equals("0ms") && !only.equals("growth")) {
        withLatency(report, database, messages, theirs, flight, rounds);
      }
      if (!only.equals("30ms") && !only.equals("0ms")) {
        growth(report, database, messages, growth, flight);
      }
    }
  }

  private static void withLatency(
      Report report, HikariDataSource database, int messages, int theirs, int flight, int rounds)
      throws Exception {
    try (StubProcess stub = StubProcess.start(30);
        Sender sender = new Sender(database, stub, flight)) {
      sender.backlog.know(1, messages);
      OkHttpLoop okhttp = new OkHttpLoop(stub.url(), messages, flight);
      WxJavaLoop wxjava = new WxJavaLoop(stub.url(), 64);
      String scaled = "wxjava (%,d, scaled)".formatted(theirs);
      Measured measured =
          new Rounds()
              .side("laoke", () -> sender.round(1, messages))
              .side("okhttp", () -> okhttp.round(stub))
              .side(scaled, () -> wxjava.round(stub, theirs) * messages / theirs)
              .run(rounds);
      report.table(
          "delivery, 30 ms latency, %d in flight".formatted(flight), messages, measured.all());
      report.atLeast(0.95, "delivery-30ms-vs-okhttp", measured.of("laoke"), measured.of("okhttp"));
      report.atLeast(5.5, "delivery-30ms-vs-wxjava", measured.of("laoke"), measured.of(scaled));
    }
  }

  private static void withoutLatency(
      Report report, HikariDataSource database, int messages, int flight, int warmUp, int rounds)
      throws Exception {
    try (StubProcess stub = StubProcess.start(0);
        Sender sender = new Sender(database, stub, flight)) {
      sender.backlog.know(1, messages);
      OkHttpLoop okhttp = new OkHttpLoop(stub.url(), messages, flight);
      Rounds sides =
          new Rounds()
              .side("laoke", () -> sender.round(1, messages))
              .side("okhttp", () -> okhttp.round(stub));
      sides.run(warmUp);
      if (rounds > 0) {
        Measured measured = sides.run(rounds);
        report.table(
            "delivery, no latency, %d in flight".formatted(flight), messages, measured.all());
        report.atLeast(0.5, "delivery-0ms-vs-okhttp", measured.of("laoke"), measured.of("okhttp"));
      }
    }
  }

  /** All that was sent stays in the outbox, as it does in life. */
  private static void growth(
      Report report, HikariDataSource database, int step, int growth, int flight) throws Exception {
    try (StubProcess stub = StubProcess.start(0);
        Sender sender = new Sender(database, stub, flight)) {
      report.line("");
      report.line("delivery, heap and time while what was sent stays in the outbox");
      report.line("%-24s %12s %12s", "sent before", "seconds", "heap MB");
      double first = 0;
      double last = 0;
      for (int from = 1; from <= growth; from += step) {
        sender.backlog.know(from, from + step - 1);
        sender.backlog.put(from, from + step - 1);
        long nanos = Rounds.timed(() -> sender.send(step));
        last = heap();
        first = from == 1 ? last : first;
        report.line("%,-24d %12.3f %12.2f", from - 1, nanos / 1e9, last / (1 << 20));
      }
      report.atMost(1.2, "delivery-heap-growth", last / first);
    }
  }

  private static double heap() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      least = Math.min(least, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /** Laoke on a fresh schema. */
  private static final class Sender implements AutoCloseable {
    private final StubProcess stub;
    private final Laoke laoke;
    private final Backlog backlog;

    Sender(HikariDataSource database, StubProcess stub, int flight) throws SQLException {
      this.stub = stub;
      Postgres.execute(database, List.of("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"));
      OfficialAccount account =
          WeChat.officialAccount(
              OfficialAccountSettings.builder(APP_ID)
                  .secret("0123456789abcdef0123456789abcdef")
                  .baseUrl(stub.url())
                  .maxInFlight(flight)
                  .sendsPerSecond(100_000)
                  .build());
      laoke =
          Laoke.builder()
              .dataSource(database)
              .dealer(DEALER, DealerSettings.defaults().anyHour())
              .account(DEALER, account)
              .build();
      laoke.migrations().apply();
      backlog = Backlog.like(database, laoke, DEALER, APP_ID);
    }

    long round(int from, int to) throws Exception {
      backlog.clear();
      backlog.put(from, to);
      long before = stub.messages();
      long nanos = Rounds.timed(() -> send(to - from + 1));
      long sent = backlog.sent();
      long taken = stub.messages() - before;
      if (sent != to - from + 1 || taken != sent) {
        throw new IllegalStateException(
            "%d written as sent and %d taken, of %d".formatted(sent, taken, to - from + 1));
      }
      return nanos;
    }

    void send(int messages) {
      long sent = 0;
      while (sent < messages) {
        TickReport report = laoke.tick(Instant.now());
        if (report.sent() == 0) {
          throw new IllegalStateException("Nothing was sent any more: " + report);
        }
        sent += report.sent();
      }
    }

    @Override
    public void close() {
      laoke.close();
    }
  }
}
