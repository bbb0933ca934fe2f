package io.laoke.examples.benchmarks.crash;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.binding.BindingSettings;
import io.laoke.error.LaokeException;
import io.laoke.message.Decision;
import io.laoke.message.Pause;
import io.laoke.notice.NoticeSettings;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.AcceptedMessage;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.wechat.JdkCallbackHandler;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The host of the crash run. It reports stages in transactions of its own while two workers, in
 * processes of their own, send the notices; kills workers and starts others in their place; orders
 * faults of WeChat; and in the end compares what WeChat accepted with what was reported.
 */
public final class CrashRun implements AutoCloseable {
  static final String DEALER = "hengxin";

  private static final int CLERKS = 4;

  /** As many leases as a message may lose, and the waits between its attempts; then it is lost. */
  private static final int PATIENCE_IN_LEASES = 20;

  private static final Duration MOST_PATIENCE = Duration.ofMinutes(3);

  /** What a killed worker had put into its socket is taken within this. */
  private static final Duration STILL_ARRIVING = Duration.ofSeconds(1);

  private static final Duration BEFORE_A_KILL = Duration.ofSeconds(60);

  private final CrashPlan plan;
  private final PrintStream out;
  private final Random random;
  private final HikariDataSource database;
  private final WeChatSimulator wechat;
  private final SimulatedAccount account;
  private final OfficialAccount official;
  private final Laoke laoke;
  private final Dealer dealer;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<WorkerProcess> workers = new ArrayList<>();
  private final List<Long> killed = new ArrayList<>();
  private final List<Left> left = new ArrayList<>();
  private final WorkerLogs logs = new WorkerLogs();
  private final AtomicInteger resumed = new AtomicInteger();
  private final CrashFaults faults;
  private final Clock business = JumpingClock.ofTheHost();
  private final Instant happened = business.instant();
  private volatile boolean calm;
  private volatile boolean over;

  /** What is expected of a recipient of an order. */
  private record Key(String openId, String orderNo) {}

  /** What was claimed when a worker had been killed, by its id for WeChat. */
  private record Left(Instant at, Set<String> claimed) {
    /** Whether WeChat may have taken it from a worker that could not write that down. */
    boolean explains(AcceptedMessage repeated) {
      return claimed.contains(repeated.clientMsgId())
          && repeated.at().isBefore(at.plus(STILL_ARRIVING));
    }
  }

  /** Starts everything but the workers. */
  public CrashRun(CrashPlan plan, PrintStream out) throws IOException {
    this.plan = plan;
    this.out = out;
    this.random = new Random(plan.seed());
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(12);
    database = plan.server().fresh(config);
    wechat = WeChatSimulator.builder().seed(plan.seed()).start();
    account = wechat.addAccount(AccountSpec.service().withMode(PushMode.SECURE));
    account.addTemplate("TPL", "订单进度", "订单：{{character_string1.DATA}}\n进度：{{phrase3.DATA}}");
    official =
        WeChat.officialAccount(
            OfficialAccountSettings.builder(account.appId())
                .secret(account.secret())
                .callbackToken(account.token())
                .encodingAesKey(account.encodingAesKey())
                .baseUrl(wechat.baseUrl())
                .build());
    laoke =
        Laoke.builder()
            .dataSource(database)
            .clock(business)
            .dealer(DEALER, settings())
            .account(DEALER, official)
            .build();
    laoke.migrations().apply();
    dealer = laoke.dealer(DEALER);
    plan.stages().forEach(stage -> dealer.notices().template(stage, template()));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/wechat", new JdkCallbackHandler(official.callback(laoke.inbound())));
    server.start();
    account.callbackUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/wechat");
    faults = new CrashFaults(wechat, account, plan.callTimeout(), new Random(plan.seed() + 1));
  }

  private DealerSettings settings() {
    return DealerSettings.defaults()
        .binding(BindingSettings.standard().withRecipientLimit(plan.recipients()))
        .notices(
            NoticeSettings.standard()
                .withNewestOnly(false)
                .withoutNight()
                .withValidFor(Duration.ofDays(30))
                .withStaleAfter(Duration.ofDays(3650)));
  }

  private static NoticeTemplate template() {
    return NoticeTemplate.of("TPL")
        .field("character_string1", "{order.no}")
        .field("phrase3", "{stage.name}");
  }

  /** Runs it. */
  public CrashReport run() throws Exception {
    Map<Key, List<String>> expected = bind();
    // What became of a message is told by the answers to its calls alone.
    wechat.faults().onAnyCallback().always().lose();
    for (int i = 0; i < 2; i++) {
      workers.add(start());
    }
    long began = System.nanoTime();
    Future<?> weather = threads.submit(() -> repeatedly(plan.faultEvery(), faults::next));
    Future<?> operator = threads.submit(() -> repeatedly(Duration.ofMillis(200), this::resume));
    List<List<Runnable>> waves = waves();
    for (int wave = 0; wave < waves.size(); wave++) {
      Future<?> reports = reported(waves.get(wave));
      if (wave < plan.kills()) {
        killWithin(notices(waves.get(wave)));
      }
      reports.get();
    }
    Duration patience = plan.lease().multipliedBy(PATIENCE_IN_LEASES);
    patience = patience.compareTo(MOST_PATIENCE) < 0 ? patience : MOST_PATIENCE;
    WorkerProcess.await(patience, () -> accepted() >= plan.notices() * 95 / 100);
    endOf(weather);
    wechat.faults().clear();
    wechat.faults().onAnyCallback().always().lose();
    WorkerProcess.await(patience, () -> accepted() >= plan.notices() && idle());
    double seconds = (System.nanoTime() - began) / 1e9;
    over = true;
    operator.get();
    return judge(expected, seconds);
  }

  private void endOf(Future<?> weather) throws ExecutionException, InterruptedException {
    calm = true;
    weather.get();
  }

  /** Reports the orders, and lets their customers scan the codes. */
  private Map<Key, List<String>> bind() throws Exception {
    List<String> told = plan.stages().stream().map(Stage::chinese).toList();
    int people = Math.max(plan.recipients(), plan.orders() / 5);
    Map<Key, List<String>> expected = new LinkedHashMap<>();
    List<Callable<Void>> work = new ArrayList<>();
    for (int i = 0; i < plan.orders(); i++) {
      String orderNo = orderNo(i);
      List<Follower> family = new ArrayList<>();
      for (int j = 0; j < plan.recipients(); j++) {
        Follower one = account.follower("顾客 " + (i + j) % people);
        family.add(one);
        expected.put(new Key(one.openId(), orderNo), told);
      }
      work.add(
          () -> {
            dealer.orders().upsert(order(orderNo));
            String code = dealer.bindings().issue(orderNo).qrCode().content();
            family.forEach(one -> one.scan(code));
            return null;
          });
    }
    all(work);
    wechat.settle();
    for (int i = 0; i < plan.orders(); i++) {
      int bound = dealer.bindings().recipients(orderNo(i)).size();
      if (bound != plan.recipients()) {
        throw new IllegalStateException(
            "%s has %d recipients of %d".formatted(orderNo(i), bound, plan.recipients()));
      }
    }
    return expected;
  }

  private Order order(String orderNo) {
    return Order.of(orderNo, business.instant())
        .buyer(Buyer.of("C-" + orderNo, "王芳", null))
        .line(OrderLine.goods("1", "kitchen/hood", 1, "2999.00").name("侧吸式油烟机"));
  }

  private static String orderNo(int i) {
    return "SO-" + (1000 + i);
  }

  private void all(List<Callable<Void>> work) throws Exception {
    ExecutorService clerks = Executors.newFixedThreadPool(CLERKS);
    try {
      for (Future<Void> one : clerks.invokeAll(work)) {
        one.get();
      }
    } finally {
      clerks.shutdownNow();
    }
  }

  /** One more than there are kills; the reports of one order stay in their order. */
  private List<List<Runnable>> waves() {
    List<Runnable> all = new ArrayList<>();
    for (Stage stage : plan.stages()) {
      for (int i = 0; i < plan.orders(); i++) {
        String orderNo = orderNo(i);
        Random own = new Random(random.nextLong());
        all.add(() -> report(orderNo, stage, own));
      }
    }
    int waves = plan.kills() + 1;
    return IntStream.range(0, waves)
        .mapToObj(wave -> all.subList(all.size() * wave / waves, all.size() * (wave + 1) / waves))
        .toList();
  }

  private int notices(List<Runnable> wave) {
    return wave.size() * plan.recipients();
  }

  /** Reported by some clerks at once, but the stages of one order one after the other. */
  private Future<?> reported(List<Runnable> wave) {
    return threads.submit(
        () -> {
          for (int from = 0; from < wave.size(); from += plan.orders()) {
            List<Callable<Void>> once =
                wave.subList(from, Math.min(wave.size(), from + plan.orders())).stream()
                    .map(
                        report ->
                            (Callable<Void>)
                                () -> {
                                  report.run();
                                  return null;
                                })
                    .toList();
            all(once);
          }
          return null;
        });
  }

  /** In a transaction of the host's, which now and then is rolled back first, or reported again. */
  private void report(String orderNo, Stage stage, Random own) {
    boolean rollBackFirst = own.nextInt(10) == 0;
    int times = own.nextInt(10) == 0 ? 2 : 1;
    for (int attempt = 1; times > 0; attempt++) {
      try (Connection host = database.getConnection()) {
        host.setAutoCommit(false);
        dealer.in(host).orders().advance(orderNo, StageReport.of(stage, happened));
        if (rollBackFirst) {
          host.rollback();
          rollBackFirst = false;
        } else {
          host.commit();
          times--;
        }
      } catch (LaokeException | SQLException failed) {
        boolean again =
            failed instanceof LaokeException known
                ? known.retryable()
                : String.valueOf(((SQLException) failed).getSQLState()).startsWith("40");
        if (!again || attempt > 50) {
          throw new IllegalStateException("could not report " + stage + " of " + orderNo, failed);
        }
      }
    }
  }

  /** Kills one worker, or both, at a random moment of what is sent now, and starts others. */
  private void killWithin(int notices) throws IOException, SQLException {
    int from = accepted();
    int until = from + 1 + random.nextInt(Math.max(1, notices / 2));
    WorkerProcess.await(BEFORE_A_KILL, () -> accepted() >= until);
    int victims = random.nextInt(4) == 0 ? 2 : 1;
    for (int i = 0; i < victims; i++) {
      int victim = victims == 2 ? i : random.nextInt(2);
      WorkerProcess worker = workers.get(victim);
      killed.add(worker.pid());
      worker.kill();
      say("killed worker %d after %d of %d".formatted(worker.pid(), accepted(), plan.notices()));
      left.add(new Left(Instant.now(), claimed()));
    }
    for (int i = 0; i < 2; i++) {
      if (!workers.get(i).isAlive()) {
        workers.set(i, start());
      }
    }
  }

  private Set<String> claimed() throws SQLException {
    Set<String> claimed = new HashSet<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT dedupe_id FROM laoke_outbox WHERE state = 'CLAIMED'")) {
      while (rows.next()) {
        claimed.add(rows.getString(1));
      }
    }
    return claimed;
  }

  private WorkerProcess start() throws IOException {
    return WorkerProcess.start(
        CrashWorker.class,
        logs.add(),
        database,
        List.of(
            wechat.baseUrl(),
            account.appId(),
            account.secret(),
            Long.toString(plan.lease().toMillis()),
            Long.toString(plan.callTimeout().toMillis()),
            Long.toString(random.nextLong())));
  }

  private int accepted() {
    return account.accepted().size();
  }

  private boolean idle() {
    return dealer.deliveries().waiting(Optional.empty(), 1).items().isEmpty()
        && dealer.deliveries().paused(Optional.empty(), 1).items().isEmpty();
  }

  private void repeatedly(Duration pause, Runnable task) {
    while (!over && !(calm && pause.equals(plan.faultEvery()))) {
      task.run();
      LockSupport.parkNanos(pause.toNanos());
    }
  }

  /** What a person does who has cleared the quota, or looked after the account. */
  private void resume() {
    for (Pause pause : dealer.deliveries().pauses()) {
      dealer.deliveries().resume(pause.id());
      resumed.incrementAndGet();
    }
  }

  private CrashReport judge(Map<Key, List<String>> expected, double seconds) throws SQLException {
    List<AcceptedMessage> accepted = account.accepted();
    List<String> wrong = new ArrayList<>(compared(expected, accepted));
    int unknown = dealer.deliveries().parked(Optional.empty(), 1000).items().size();
    wrong.addAll(decisions());
    wrong.addAll(providerIds(accepted));
    wrong.addAll(firstAttempts(accepted));
    wrong.addAll(repeats(accepted));
    return new CrashReport(
        plan.notices(),
        accepted.size(),
        accepted.stream().mapToInt(AcceptedMessage::repeats).sum(),
        List.copyOf(killed),
        faults.struck(),
        resumed.get(),
        unknown,
        wrong,
        seconds);
  }

  private static List<String> compared(
      Map<Key, List<String>> expected, List<AcceptedMessage> accepted) {
    Map<Key, List<String>> told = new HashMap<>();
    for (AcceptedMessage one : accepted) {
      told.computeIfAbsent(
              new Key(one.openId(), one.data().getOrDefault("character_string1", "?")),
              key -> new ArrayList<>())
          .add(one.data().getOrDefault("phrase3", "?"));
    }
    List<String> wrong = new ArrayList<>();
    expected.forEach(
        (key, stages) -> {
          List<String> got = told.getOrDefault(key, List.of());
          if (!got.equals(stages)) {
            wrong.add("%s: a recipient was told %s".formatted(key.orderNo, got));
          }
        });
    told.keySet().stream()
        .filter(key -> !expected.containsKey(key))
        .forEach(key -> wrong.add(key.orderNo + ": somebody was told who is no recipient"));
    return wrong;
  }

  private List<String> decisions() {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < plan.orders(); i++) {
      Map<Decision.Result, Long> results =
          dealer.deliveries().decisions(orderNo(i)).stream()
              .collect(Collectors.groupingBy(Decision::result, Collectors.counting()));
      Map<Decision.Result, Long> right =
          Map.of(
              Decision.Result.REPLIED,
              (long) plan.recipients(),
              Decision.Result.SENT,
              (long) plan.recipients() * plan.stages().size());
      if (!results.equals(right)) {
        wrong.add("%s: decisions %s".formatted(orderNo(i), results));
      }
    }
    return wrong;
  }

  /** Each accepted message is a row that says so, and no row says so of another. */
  private List<String> providerIds(List<AcceptedMessage> accepted) throws SQLException {
    Set<String> told = new HashSet<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery("SELECT provider_id FROM laoke_outbox WHERE state = 'SENT'")) {
      while (rows.next()) {
        told.add(rows.getString("provider_id"));
      }
    }
    Set<String> known =
        accepted.stream().map(one -> Long.toString(one.msgId())).collect(Collectors.toSet());
    if (told.equals(known)) {
      return List.of();
    }
    List<String> wrong = new ArrayList<>();
    wrong.add(
        "%d rows tell a message that WeChat accepted, of %d".formatted(told.size(), known.size()));
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT dedupe_id, state, provider_id, claims, attempts, uncertain
                FROM laoke_outbox""")) {
      while (rows.next()) {
        String provider = rows.getString("provider_id");
        if (!rows.getString("state").equals("SENT")
            || provider == null
            || !known.remove(provider)) {
          wrong.add(
              "%s %s, provider %s, %d claims, %d attempts, uncertain %d"
                  .formatted(
                      rows.getString("dedupe_id"),
                      rows.getString("state"),
                      provider,
                      rows.getInt("claims"),
                      rows.getInt("attempts"),
                      rows.getInt("uncertain")));
        }
      }
    }
    accepted.stream()
        .filter(one -> known.contains(Long.toString(one.msgId())))
        .forEach(
            one ->
                wrong.add(
                    "no row has %d, client_msg_id %s, repeated %d times"
                        .formatted(one.msgId(), one.clientMsgId(), one.repeats())));
    return wrong;
  }

  /**
   * What a worker has sent is sent again after a fault, or after a kill by whoever finds its lease
   * over; while it lives nobody else may send it, whatever their business clocks say. WeChat knows
   * repeats by their ids and drops them.
   */
  private List<String> repeats(List<AcceptedMessage> accepted) {
    long unexplained =
        accepted.stream()
            .mapToLong(
                one ->
                    Math.max(
                        0,
                        one.repeats() - left.stream().filter(kill -> kill.explains(one)).count()))
            .sum();
    return unexplained <= faults.leftInDoubt()
        ? List.of()
        : List.of(
            "%d repeats of what no killed worker held, and faults explain at most %d: leases of living workers were not kept"
                .formatted(unexplained, faults.leftInDoubt()));
  }

  /**
   * What WeChat has taken is in doubt from then on, so that a repeat counts from the attempt that
   * it took: a row that puts its first attempt later would be repeated after WeChat has forgotten.
   */
  private List<String> firstAttempts(List<AcceptedMessage> accepted) throws SQLException {
    Map<String, AcceptedMessage> byId = new HashMap<>();
    accepted.forEach(one -> byId.put(Long.toString(one.msgId()), one));
    List<String> wrong = new ArrayList<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                """
                SELECT provider_id, first_attempt_ms FROM laoke_outbox WHERE state = 'SENT'""")) {
      while (rows.next()) {
        AcceptedMessage one = byId.get(rows.getString("provider_id"));
        long first = rows.getLong("first_attempt_ms");
        if (one != null && (rows.wasNull() || first > one.at().toEpochMilli())) {
          wrong.add(
              "%d was taken at %d, %d repeats, and its first attempt is put at %d"
                  .formatted(one.msgId(), one.at().toEpochMilli(), one.repeats(), first));
        }
      }
    }
    return wrong;
  }

  private void say(String text) {
    out.println(text);
    out.flush();
  }

  /** What the workers logged, for whoever looks into a failure. */
  public List<Path> logs() {
    return logs.files();
  }

  /** Of a run that went well. */
  public void deleteLogs() throws IOException {
    logs.delete();
  }

  @Override
  public void close() {
    over = true;
    workers.forEach(WorkerProcess::kill);
    laoke.close();
    server.stop(0);
    threads.shutdownNow();
    wechat.close();
    database.close();
  }
}
