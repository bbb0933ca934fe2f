package io.laoke.push;

import static io.laoke.segment.Criteria.everyone;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.member.Consent;
import io.laoke.message.Inbound;
import io.laoke.message.Purpose;
import io.laoke.simulator.AccountSpec;
import io.laoke.simulator.Follower;
import io.laoke.simulator.MassJob;
import io.laoke.simulator.PushMode;
import io.laoke.simulator.SimulatedAccount;
import io.laoke.simulator.WeChatSimulator;
import io.laoke.testing.TestServer;
import io.laoke.wechat.JdkCallbackHandler;
import io.laoke.wechat.MassContent;
import io.laoke.wechat.MassOutcome;
import io.laoke.wechat.OfficialAccount;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What becomes of a plan whose calls are refused and whose job reports are lost, repeated or
 * contradict each other: of batch, ledger and plan, and of what each phone shows.
 */
class PlanResultsTest {
  private static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");
  private static final String REPORT = "MASSSENDJOBFINISH";
  private static final String MASS = "/cgi-bin/message/mass/";

  private final HikariDataSource pool = TestServer.H2.migrated();
  private final WeChatSimulator simulator = WeChatSimulator.start();
  private final SimulatedAccount platform =
      simulator.addAccount(AccountSpec.service().withMode(PushMode.SECURE));
  private final OfficialAccount account =
      WeChat.officialAccount(
          OfficialAccountSettings.builder(platform.appId())
              .secret(platform.secret())
              .originalId(platform.originalId())
              .callbackToken(platform.token())
              .encodingAesKey(platform.encodingAesKey())
              .baseUrl(simulator.baseUrl())
              .build());
  private final Laoke laoke =
      Laoke.builder()
          .dataSource(pool)
          .clock(Clock.fixed(NOW, ZoneId.of("Asia/Shanghai")))
          .dealer(
              "hengxin",
              DealerSettings.defaults()
                  .plans(PlanSettings.standard().approvedByAnybody().withBatch(3)))
          .account("hengxin", account)
          .build();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Follower> followers = new ArrayList<>();
  private Runnable before = () -> {};
  private HttpServer server;

  @BeforeEach
  void listen() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/wechat", new JdkCallbackHandler(account.callback(laoke.inbound())));
    server.start();
  }

  @AfterEach
  void close() {
    laoke.close();
    server.stop(0);
    threads.shutdownNow();
    simulator.close();
    pool.close();
  }

  private Dealer dealer() {
    return laoke.dealer("hengxin");
  }

  /** A plan of an article with a picture, under way to so many followers. */
  private void started(int many) {
    for (int i = 0; i < many; i++) {
      Follower one = platform.follower("粉丝" + i);
      one.follow();
      laoke.receive(platform.appId(), new Inbound.Followed("f-" + i, NOW, one.openId()));
      long member = dealer().members().byOpenid(platform.appId(), one.openId()).orElseThrow().id();
      dealer().members().consent(member, Consent.given(Purpose.MARKETING, "PAPER", "v1", NOW));
      followers.add(one);
    }
    platform.callbackUrl("http://127.0.0.1:" + server.getAddress().getPort() + "/wechat");
    before.run();
    ContentFile cover = dealer().contents().addFile(Bytes.png(2_000, 1), "封面.png");
    ContentFile picture = dealer().contents().addFile(Bytes.png(3_000, 2), "图.png");
    dealer()
        .contents()
        .save(
            "A",
            "好文",
            Content.of(
                Article.of("好文", "<p>文</p><img src=\"" + picture.reference() + "\">")
                    .withCover(cover)),
            "li");
    dealer().plans().save(Plan.of("p", "群发", platform.appId()).rest("全部", everyone(), "A"), "li");
    SavedPlan submitted = dealer().plans().submit("p", "li");
    dealer().plans().approve("p", submitted.hash(), "li");
    dealer().plans().allocate("p", NOW, "li");
    dealer().plans().start("p", "li");
    ticks();
  }

  private void ticks() {
    for (int i = 0; i < 2; i++) {
      laoke.tick(NOW);
      simulator.settle();
    }
    laoke.tick(NOW);
  }

  private void write(String... statements) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.executeUpdate(sql);
      }
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  private long number(String sql) {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    } catch (SQLException failed) {
      throw new AssertionError(failed);
    }
  }

  /** The machine's clock and the platform's go on, and staff end pauses. */
  private void passes(Duration time) {
    simulator.advance(time);
    long ms = time.toMillis();
    dealer().deliveries().pauses().forEach(pause -> dealer().deliveries().resume(pause.id()));
    write(
        "UPDATE laoke_outbox SET retry_ms = 0 WHERE retry_ms > 0",
        "UPDATE laoke_work_due SET due_ms = 0",
        "UPDATE laoke_plan SET turn_until_ms = 1 WHERE turn_until_ms > 0",
        "UPDATE laoke_plan_batch SET ask_ms = ask_ms - %d, taken_machine_ms = taken_machine_ms - %d"
            .formatted(ms, ms));
    ticks();
  }

  private List<String> batches() {
    return dealer().plans().batches("p").stream()
        .map(one -> (one.recipients() + " " + one.state() + " " + one.reason()).strip())
        .toList();
  }

  private PlanState plan() {
    return dealer().plans().find("p").orElseThrow().state();
  }

  private long used() {
    return number("SELECT COALESCE(SUM(used), 0) FROM laoke_push_quota");
  }

  /** How many messages each phone shows. */
  private List<Integer> chats() {
    return followers.stream().map(one -> one.chat().size()).distinct().toList();
  }

  private long asks() {
    return number("SELECT MAX(asks) FROM laoke_plan_batch");
  }

  private long calls(String name) {
    return simulator.calls(MASS + name).size();
  }

  // ---- refused calls

  @ParameterizedTest
  @CsvSource({
    "/cgi-bin/media/uploadimg,45009",
    "/cgi-bin/media/uploadimg,45028",
    "/cgi-bin/media/uploadimg,48001",
    "/cgi-bin/media/uploadimg,89504",
    "/cgi-bin/media/uploadimg,45065",
    "/cgi-bin/media/uploadimg,-1",
    "/cgi-bin/material/add_material,45009",
    "/cgi-bin/material/add_material,45028",
    "/cgi-bin/material/add_material,48001",
    "/cgi-bin/material/add_material,89504",
    "/cgi-bin/material/add_material,45065",
    "/cgi-bin/material/add_material,-1",
    "/cgi-bin/draft/add,45009",
    "/cgi-bin/draft/add,45028",
    "/cgi-bin/draft/add,48001",
    "/cgi-bin/draft/add,89504",
    "/cgi-bin/draft/add,45065",
    "/cgi-bin/draft/add,-1"
  })
  void beforeASendNothingIsTakenOfTheMonthAndThePlanWaits(String path, int code) {
    simulator.faults().onCall(path).answer(code);
    started(5);
    assertThat(batches()).isEmpty();
    assertThat(used()).isZero();
    assertThat(plan()).isEqualTo(PlanState.RUNNING);
    assertThat(calls("send")).isZero();
    passes(Duration.ofMinutes(2));
    assertThat(batches()).containsExactly("3 SENT", "2 SENT");
    assertThat(used()).isEqualTo(5);
    assertThat(plan()).isEqualTo(PlanState.DONE);
    assertThat(chats()).containsExactly(1);
    assertThat(platform.drafts()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {45009, 45028, 48001, 45065, -1})
  void aSendThatIsRefusedForNowIsMadeAgainAndComesOnce(int code) {
    simulator.faults().onCall(MASS + "send").answer(code);
    started(3);
    assertThat(batches()).containsExactly("3 OPEN");
    assertThat(used()).as("it is kept for them").isEqualTo(3);
    assertThat(plan()).isEqualTo(PlanState.RUNNING);
    assertThat(chats()).containsExactly(0);
    passes(Duration.ofMinutes(2));
    passes(Duration.ofMinutes(2));
    assertThat(batches()).containsExactly("3 SENT");
    assertThat(used()).isEqualTo(3);
    assertThat(plan()).isEqualTo(PlanState.DONE);
    assertThat(chats()).containsExactly(1);
    assertThat(calls("send")).isEqualTo(2);
    assertThat(dealer().plans().batches("p").get(0).report().orElseThrow().sent()).isEqualTo(3);
  }

  /** WeChat says neither which job it is nor how it ends: it may have come. */
  @Test
  void aSendOfWhichNothingIsHeardAfterTheAdministratorWasAskedStaysUnknown() {
    simulator.faults().onCall(MASS + "send").answer(89504);
    started(3);
    assertThat(batches()).containsExactly("3 AWAITING_ADMIN 89504");
    assertThat(plan()).isEqualTo(PlanState.AWAITING_WECHAT_ADMIN);
    passes(Duration.ofMinutes(31));
    assertThat(batches()).containsExactly("3 UNKNOWN NO_WORD");
    assertThat(used()).isEqualTo(3);
    assertThat(plan()).isEqualTo(PlanState.PAUSED);
    passes(Duration.ofDays(1));
    assertThat(calls("send")).as("never sent again").isEqualTo(1);
    assertThat(calls("get")).isZero();
    assertThat(chats()).containsExactly(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {45009, 45028, 48001, 89504, 45065, -1})
  void aQuestionThatIsRefusedIsAskedAgainAndChangesNothing(int code) {
    simulator.faults().onCallback(REPORT).lose();
    simulator.faults().onCall(MASS + "get").always().answer(code);
    started(3);
    passes(Duration.ofMinutes(30));
    assertThat(calls("get")).isPositive();
    assertThat(asks()).isEqualTo(1);
    assertThat(batches()).containsExactly("3 SENT");
    assertThat(used()).isEqualTo(3);
    simulator.faults().clear();
    passes(Duration.ofDays(1));
    passes(Duration.ofDays(1));
    assertThat(asks()).as("then it was told").isEqualTo(2);
    assertThat(batches()).containsExactly("3 SENT");
    assertThat(dealer().plans().batches("p").get(0).report()).isEmpty();
    assertThat(used()).isEqualTo(3);
    assertThat(plan()).isEqualTo(PlanState.DONE);
    assertThat(chats()).containsExactly(1);
  }

  // ---- reports

  @Test
  void aLostReportOfAFailureIsFoundByAsking() {
    simulator.faults().onCallback(REPORT).lose();
    simulator.faults().failMass(1, "err(20008)");
    started(3);
    assertThat(batches()).containsExactly("3 SENT");
    assertThat(used()).isEqualTo(3);
    passes(Duration.ofMinutes(30));
    assertThat(batches()).containsExactly("3 FAILED SEND_FAIL");
    assertThat(used()).isZero();
    assertThat(chats()).containsExactly(0);
  }

  @Test
  void repeatedAndContradictingReportsAreKeptAndCountOnce() {
    simulator.faults().onCallback(REPORT).twice();
    simulator.faults().failMass(1, "err(20431)");
    started(5);
    // Whichever WeChat took first.
    List<String> told = batches();
    assertThat(told)
        .isIn(List.of("3 FAILED err(20431)", "2 SENT"), List.of("3 SENT", "2 FAILED err(20431)"));
    long reached = told.contains("2 SENT") ? 2 : 3;
    assertThat(used()).isEqualTo(reached);
    List<MassJob> jobs = platform.massJobs();
    platform.reportMass(jobs.get(0).msgId(), "send success");
    platform.reportMass(jobs.get(1).msgId(), "err(20001)");
    simulator.settle();
    ticks();
    assertThat(batches()).isEqualTo(told);
    assertThat(dealer().plans().batches("p"))
        .allMatch(BatchStatus::contradicted)
        .allMatch(one -> one.others().size() == 1);
    assertThat(used()).isEqualTo(reached);
    assertThat(dealer().plans().reason("err(20431)").orElseThrow().text())
        .contains("does not document");
    assertThat(followers.stream().mapToLong(one -> one.chat().size()).sum()).isEqualTo(reached);
  }

  /** The answer is lost, and the report comes while the batch is still tried. */
  @Test
  void aReportBeforeTheAnswerFindsItsBatch() {
    simulator.faults().onCall(MASS + "send").acceptThenHttpStatus(502);
    started(3);
    assertThat(batches()).containsExactly("3 OPEN");
    assertThat(number("SELECT COUNT(*) FROM laoke_plan_report")).isEqualTo(1);
    passes(Duration.ofMinutes(2));
    assertThat(batches()).containsExactly("3 SENT");
    assertThat(dealer().plans().batches("p").get(0).report().orElseThrow().total()).isEqualTo(3);
    assertThat(chats()).containsExactly(1);
    assertThat(used()).isEqualTo(3);
  }

  /** As staff do from WeChat's console, of which Laoke's ledger knows nothing. */
  private void sendsByOthers() {
    List<String> openids = followers.stream().map(Follower::openId).toList();
    for (int i = 0; i < 4; i++) {
      assertThat(
              account
                  .massMessages()
                  .send(openids, new MassContent.Text("店庆" + i), "console-" + i)
                  .toCompletableFuture()
                  .join())
          .isInstanceOf(MassOutcome.Accepted.class);
    }
    simulator.settle();
  }

  @Test
  void whomWeChatLeftOutIsSeenInTheCountsAndReportsOfOtherSendsAreNobodys() {
    before = this::sendsByOthers;
    started(3);
    assertThat(batches()).containsExactly("3 SENT");
    assertThat(dealer().plans().batches("p").get(0).report().orElseThrow())
        .extracting(JobReport::total, JobReport::filtered, JobReport::sent, JobReport::missed)
        .containsExactly(3, 0, 0, 3);
    assertThat(chats()).containsExactly(4);
    assertThat(used()).as("who did not get it is not known").isEqualTo(3);
    assertThat(number("SELECT COUNT(*) FROM laoke_plan_report WHERE batch_id IS NULL"))
        .isEqualTo(4);
  }

  // ---- the administrator

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aConfirmedSendGoesAndThePlanGoesOn(boolean tellsId) {
    simulator.faults().protectMass(1, tellsId);
    started(3);
    assertThat(batches()).containsExactly("3 AWAITING_ADMIN 89504");
    assertThat(plan()).isEqualTo(PlanState.AWAITING_WECHAT_ADMIN);
    platform.answerMass(platform.massJobs().get(0).msgId(), true);
    simulator.settle();
    ticks();
    assertThat(batches()).containsExactly("3 SENT");
    assertThat(plan()).isEqualTo(PlanState.DONE);
    assertThat(chats()).containsExactly(1);
    assertThat(used()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void aRefusedSendIsGivenBackAndThePlanPaused(boolean tellsId, boolean answers) {
    simulator.faults().protectMass(1, tellsId);
    started(3);
    if (answers) {
      platform.answerMass(platform.massJobs().get(0).msgId(), false);
    } else {
      simulator.advance(Duration.ofMinutes(30));
    }
    simulator.settle();
    ticks();
    assertThat(batches()).containsExactly(answers ? "3 FAILED err(40001)" : "3 FAILED err(40002)");
    assertThat(plan()).isEqualTo(PlanState.PAUSED);
    assertThat(used()).isZero();
    dealer().plans().resume("p", "li");
    ticks();
    assertThat(plan()).isEqualTo(PlanState.DONE);
    assertThat(chats()).containsExactly(0);
    assertThat(calls("send")).isEqualTo(1);
  }
}
