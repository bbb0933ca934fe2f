package io.laoke.examples.benchmarks.crash;

import static io.laoke.segment.Criteria.bucket;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.examples.benchmarks.crash.PlanCrash.Kill;
import io.laoke.examples.benchmarks.crash.PlanCrash.Moment;
import io.laoke.member.Consent;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.push.Article;
import io.laoke.push.BatchStatus;
import io.laoke.push.Content;
import io.laoke.push.ContentFile;
import io.laoke.push.Plan;
import io.laoke.push.PlanSettings;
import io.laoke.push.PlanState;
import io.laoke.push.SavedPlan;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Faults;
import io.laoke.simulator.Follower;
import io.laoke.simulator.MassJob;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.testing.TestServer;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import javax.imageio.ImageIO;

/**
 * Sends one plan to many followers by a worker that is killed at chosen moments, and by others that
 * start in its place after some of WeChat's time; and compares what WeChat has sent with what the
 * ledger says.
 */
public final class PlanCrashRun implements AutoCloseable {
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final String DRAFT = "/cgi-bin/draft/add";
  private static final String SEND = "/cgi-bin/message/mass/send";
  private static final String PLAN = "autumn";
  private static final int CLERKS = 4;

  /** Longer than a worker needs to be killed. */
  private static final Duration HELD = Duration.ofSeconds(20);

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final PlanCrash plan;
  private final PrintStream out;
  private final HikariDataSource schema;
  private final HikariDataSource database;
  private final WeChatSimulator wechat;
  private final SimulatedAccount account;
  private final TravelledTime time;
  private final Laoke laoke;
  private final Dealer dealer;
  private final List<Long> killed = new ArrayList<>();
  private final WorkerLogs logs = new WorkerLogs();
  private final List<WorkerProcess> workers = new ArrayList<>();

  /** Starts everything but workers. */
  public PlanCrashRun(PlanCrash plan, PrintStream out) throws SQLException {
    this.plan = plan;
    this.out = out;
    schema = TestServer.POSTGRESQL.fresh();
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(TravelledTime.url(schema.getJdbcUrl()));
    config.setUsername(schema.getUsername());
    config.setPassword(schema.getPassword());
    config.setMaximumPoolSize(8);
    database = new HikariDataSource(config);
    wechat = WeChatSimulator.start();
    account = wechat.addAccount(AccountSpec.service());
    time = TravelledTime.in(database, wechat);
    time.goAhead(toTheNextMonth());
    laoke =
        Laoke.builder()
            .dataSource(database)
            .clock(time)
            .dealer(
                CrashRun.DEALER,
                DealerSettings.defaults()
                    .plans(
                        PlanSettings.standard()
                            .approvedByAnybody()
                            .withBatch(plan.batch())
                            .withHours(LocalTime.MIN, LocalTime.MAX)))
            .account(
                CrashRun.DEALER,
                WeChat.officialAccount(
                    OfficialAccountSettings.builder(account.appId())
                        .secret(account.secret())
                        .baseUrl(wechat.baseUrl())
                        .build()))
            .build();
    laoke.migrations().apply();
    batchesCanBeHeld();
    dealer = laoke.dealer(CrashRun.DEALER);
  }

  /** All of a run belongs to one month. */
  private static Duration toTheNextMonth() {
    ZonedDateTime now = ZonedDateTime.now(SHANGHAI);
    ZonedDateTime then = now.plusMonths(1).withDayOfMonth(3).with(LocalTime.of(10, 0));
    return Duration.between(now, then);
  }

  /** Runs it. */
  public PlanCrashReport run() throws Exception {
    List<Follower> followers = follow();
    start();
    long began = System.nanoTime();
    for (Kill kill : plan.kills()) {
      killed(kill);
    }
    WorkerProcess last = worker();
    boolean ended = ends();
    last.kill();
    return judge(followers, ended, (System.nanoTime() - began) / 1e9);
  }

  /** Whether the plan comes to its end, and what was committed to WeChat's answers. */
  private boolean ends() throws SQLException {
    for (int minutes = 0; minutes < 30; minutes++) {
      if (WorkerProcess.await(Duration.ofSeconds(10), this::over)) {
        return true;
      }
      time.goAhead(Duration.ofMinutes(2)); // whatever waits for a time
    }
    return false;
  }

  private boolean over() {
    return dealer.plans().find(PLAN).orElseThrow().state() == PlanState.DONE;
  }

  // ---- before

  private List<Follower> follow() throws Exception {
    List<Follower> followers = new ArrayList<>();
    List<Callable<Void>> work = new ArrayList<>();
    Instant now = time.instant();
    for (int i = 0; i < plan.followers(); i++) {
      Follower one = account.follower("顾客 " + i);
      followers.add(one);
      work.add(
          () -> {
            one.follow();
            laoke.receive(
                account.appId(), new Inbound.Followed("f-" + one.openId(), now, one.openId()));
            long member =
                dealer.members().byOpenid(account.appId(), one.openId()).orElseThrow().id();
            dealer.members().consent(member, Consent.given(Purpose.MARKETING, "PAPER", "v1", now));
            return null;
          });
    }
    ExecutorService clerks = Executors.newFixedThreadPool(CLERKS);
    try {
      for (Future<Void> one : clerks.invokeAll(work)) {
        one.get();
      }
    } finally {
      clerks.shutdownNow();
    }
    return followers;
  }

  private void start() throws IOException {
    ContentFile cover = dealer.contents().addFile(cover(), "cover.png");
    Plan made = Plan.of(PLAN, "秋季", account.appId());
    for (int rule = 0; rule < 2; rule++) {
      String key = "article" + rule;
      dealer
          .contents()
          .save(key, key, Content.of(Article.of(key, "<p>…</p>").withCover(cover)), "li");
      made = made.rule(key, bucket("crash", rule * 5_000, rule * 5_000 + 5_000), key);
    }
    dealer.plans().save(made, "li");
    SavedPlan submitted = dealer.plans().submit(PLAN, "li");
    dealer.plans().approve(PLAN, submitted.hash(), "li");
    dealer.plans().allocate(PLAN, time.instant(), "li");
    dealer.plans().start(PLAN, "li");
  }

  private static byte[] cover() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageIO.write(
        new java.awt.image.BufferedImage(90, 38, java.awt.image.BufferedImage.TYPE_INT_RGB),
        "png",
        bytes);
    return bytes.toByteArray();
  }

  // ---- kills

  private void killed(Kill kill) throws Exception {
    long began = System.nanoTime();
    Faults faults = wechat.faults();
    try (Connection held = database.getConnection()) {
      held.setAutoCommit(false);
      if (kill.moment() != Moment.BEFORE_DRAFT && kill.moment() != Moment.AFTER_DRAFT) {
        noFurtherBatch(held);
      }
      boolean struck =
          switch (kill.moment()) {
            case BEFORE_DRAFT -> atCall(faults.onCall(DRAFT).pausing(HELD).resetUnprocessed());
            case AFTER_DRAFT -> atAnswer(DRAFT, faults.onCall(DRAFT).acceptThenHang(HELD));
            case BEFORE_SEND -> atCall(faults.onCall(SEND).pausing(HELD).resetUnprocessed());
            case AFTER_SEND -> atAnswer(SEND, faults.onCall(SEND).acceptThenHang(HELD));
            case BEFORE_RECORDING -> {
              Faults.Fault slow = faults.onCall(SEND).delay(Duration.ofSeconds(2));
              yield atCall(slow)
                  && lock(held, "outbox")
                  && WorkerProcess.await(PATIENCE, this::somebodyWaits);
            }
            case AFTER_RECORDING -> {
              Faults.Fault slow = faults.onCall(SEND).delay(Duration.ofSeconds(2));
              Set<Long> before = sent();
              yield atCall(slow)
                  && lock(held, "plan_batch")
                  && WorkerProcess.await(PATIENCE, () -> !sent().equals(before));
            }
          };
      WorkerProcess victim = workers.get(workers.size() - 1);
      killed.add(victim.pid());
      victim.kill();
      held.rollback();
      if (!struck) {
        throw new IllegalStateException(
            "never came to " + kill + "; the workers' logs: " + logs.files());
      }
    }
    faults.clear();
    say(
        "killed %s after %d s, and nobody works for %d min"
            .formatted(
                kill.moment(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds(),
                kill.away().toMinutes()));
    time.goAhead(kill.away());
  }

  /** So that kills strike one batch: while it is open, the next and its draft wait for a lock. */
  private static void noFurtherBatch(Connection held) throws SQLException {
    try (Statement statement = held.createStatement()) {
      statement.execute("SELECT pg_advisory_xact_lock(1)");
    }
  }

  private void batchesCanBeHeld() throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          CREATE FUNCTION one_by_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF EXISTS (SELECT 1 FROM laoke_plan_batch WHERE state = 'OPEN') THEN
              PERFORM pg_advisory_xact_lock(1);
            END IF;
            RETURN NEW;
          END $$""");
      for (String table : List.of("laoke_plan_batch", "laoke_content_draft")) {
        statement.execute(
            """
            CREATE TRIGGER one_by_one BEFORE INSERT ON %s
            FOR EACH ROW EXECUTE FUNCTION one_by_one()"""
                .formatted(table));
      }
    }
  }

  private boolean atCall(Faults.Fault fault) throws IOException, SQLException {
    worker();
    return comes(() -> fault.used() > 0);
  }

  /** A repeat is due a minute after the next worker found what the last one left: that may pass. */
  private boolean comes(BooleanSupplier condition) throws SQLException {
    for (int times = 0; times < 40; times++) {
      if (WorkerProcess.await(Duration.ofSeconds(3), condition)) {
        return true;
      }
      if (!ids("SELECT id FROM laoke_outbox WHERE state = 'WAITING' AND uncertain = 1").isEmpty()) {
        time.goAhead(Duration.ofSeconds(61));
      }
    }
    return false;
  }

  /** What was asked is done once the call is on record. */
  private boolean atAnswer(String path, Faults.Fault fault) throws IOException, SQLException {
    int before = wechat.calls(path).size();
    worker();
    return comes(() -> fault.used() > 0 && wechat.calls(path).size() > before);
  }

  private static boolean lock(Connection held, String table) throws SQLException {
    try (Statement statement = held.createStatement()) {
      statement.execute("SELECT id FROM laoke_" + table + " FOR UPDATE");
      return true;
    }
  }

  private boolean somebodyWaits() {
    return !ids("""
            SELECT pid FROM pg_stat_activity
            WHERE wait_event_type = 'Lock' AND wait_event <> 'advisory'""")
        .isEmpty();
  }

  private Set<Long> sent() {
    return ids("SELECT id FROM laoke_outbox WHERE state = 'SENT'");
  }

  private Set<Long> ids(String sql) {
    Set<Long> ids = new HashSet<>();
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        ids.add(rows.getLong(1));
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(sql, failed);
    }
    return ids;
  }

  private WorkerProcess worker() throws IOException {
    WorkerProcess worker =
        WorkerProcess.start(
            PlanCrashWorker.class,
            logs.add(),
            database,
            List.of(
                wechat.baseUrl(),
                account.appId(),
                account.secret(),
                Long.toString(time.ahead().toMillis())));
    workers.add(worker);
    return worker;
  }

  // ---- after

  private PlanCrashReport judge(List<Follower> followers, boolean ended, double seconds)
      throws SQLException {
    List<String> wrong = new ArrayList<>();
    if (!ended) {
      wrong.add("the plan did not end: " + dealer.plans().find(PLAN).orElseThrow().state());
    }
    List<BatchStatus> batches = dealer.plans().batches(PLAN);
    int unknown =
        batches.stream()
            .filter(one -> one.state() == BatchStatus.State.UNKNOWN)
            .mapToInt(BatchStatus::recipients)
            .sum();
    Map<String, Integer> got = new HashMap<>();
    for (MassJob job : account.massJobs()) {
      job.reached().forEach(openId -> got.merge(openId, 1, Integer::sum));
    }
    long twice = got.values().stream().filter(many -> many > 1).count();
    if (twice > 0) {
      wrong.add(twice + " followers got more than one");
    }
    long nothing = followers.stream().filter(one -> !got.containsKey(one.openId())).count();
    if (nothing > unknown) {
      wrong.add("%d followers got nothing, and %d may have".formatted(nothing, unknown));
    }
    long counted = ids("SELECT SUM(used) FROM laoke_push_quota").iterator().next();
    long most = ids("SELECT MAX(used) FROM laoke_push_quota").iterator().next();
    if (most > 1 || counted < got.size() || counted > got.size() + unknown) {
      wrong.add(
          "the ledger counts %d messages, %d of one follower, and WeChat sent %d"
              .formatted(counted, most, got.size()));
    }
    long repeats =
        wechat.calls(SEND).stream()
            .filter(one -> one.errcode() == 45065 || one.errcode() == 45066)
            .count();
    return new PlanCrashReport(
        followers.size(),
        batches.stream().map(one -> one.recipients() + " " + one.state()).toList(),
        got.size(),
        unknown,
        List.copyOf(killed),
        repeats,
        account.drafts().size(),
        wrong,
        seconds);
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
    workers.forEach(WorkerProcess::kill);
    laoke.close();
    wechat.close();
    database.close();
    schema.close();
  }
}
