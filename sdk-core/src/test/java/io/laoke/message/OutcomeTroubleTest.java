package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.base.HostTransaction;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Outcomes that cannot be written at once, and the thread that writes them beside the visits. */
class OutcomeTroubleTest {
  private static final String WRITER = "laoke-outcomes";
  private static final int CROWD = OutcomeWriter.MANY;

  /** Looks by itself after an hour only. */
  private static final EngineSettings SLEEPY =
      new EngineSettings(
          Duration.ofSeconds(60),
          Duration.ofHours(1),
          Duration.ofHours(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(40));

  private static Database tampered(Host host, TamperedDataSource.Tamper tamper) {
    return new Database(
        new TamperedDataSource(host.pool, tamper),
        HostTransaction.none(),
        new Names("laoke_", Optional.empty()));
  }

  private static boolean onWriter() {
    return Thread.currentThread().getName().equals(WRITER);
  }

  /** A statement of the transaction that writes outcomes, behind the changes of the messages. */
  private static boolean writesOutcomes(String method, Object[] arguments) {
    return method.equals("prepareStatement")
        && String.valueOf(arguments[0]).contains("outbox_id IS NULL");
  }

  private static void hold(CountDownLatch until) throws SQLException {
    try {
      if (!until.await(60, TimeUnit.SECONDS)) {
        throw new SQLException("held for too long");
      }
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private static void untilTheWriterRests() {
    await()
        .pollInterval(Duration.ofMillis(1))
        .until(
            () ->
                Thread.getAllStackTraces().entrySet().stream()
                    .filter(one -> one.getKey().getName().equals(WRITER))
                    .allMatch(OutcomeTroubleTest::rests));
  }

  private static boolean rests(Map.Entry<Thread, StackTraceElement[]> thread) {
    return thread.getKey().getState() == Thread.State.TIMED_WAITING
        && Arrays.stream(thread.getValue())
            .anyMatch(frame -> frame.getMethodName().equals("getTask"));
  }

  private static void enqueueCrowd(Host host, MessageModule module) {
    NewMessage[] messages = new NewMessage[CROWD];
    Arrays.setAll(messages, i -> host.message(i + 1, "o-" + i, 1, "m"));
    host.enqueue(module, messages);
  }

  /**
   * The writer commits after the round has looked for work, and rests before the tick asks whether
   * all is done.
   */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void aTickGoesOnWithWhatTheWriterHasJustMadeWayFor(TestServer server) {
    Thread ticking = Thread.currentThread();
    try (Host host = new Host(server)) {
      List<CompletableFuture<SendOutcome>> open = new ArrayList<>();
      host.account.channel.maxInFlight = 2 * CROWD;
      host.account.channel.answer =
          message -> {
            CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
            if (open.size() < CROWD) {
              open.add(answer);
            } else {
              answer.complete(FakeChannel.accepted(message));
            }
            return answer;
          };
      AtomicInteger rounds = new AtomicInteger();
      CountDownLatch writing = new CountDownLatch(1);
      CountDownLatch lookedForWork = new CountDownLatch(1);
      Database database =
          tampered(
              host,
              (connection, method, arguments) -> {
                if (onWriter() && writesOutcomes(method, arguments)) {
                  writing.countDown();
                  hold(lookedForWork);
                }
                if (Thread.currentThread() != ticking
                    || !method.equals("close")
                    || open.size() < CROWD) {
                  return;
                }
                int idle = rounds.incrementAndGet();
                if (idle == 12) {
                  List.copyOf(open)
                      .forEach(answer -> answer.complete(new SendOutcome.Accepted("p", List.of())));
                  hold(writing);
                } else if (idle == 13) {
                  lookedForWork.countDown();
                  untilTheWriterRests();
                }
              });
      MessageModule module = host.module(SLEEPY, new Accounts(host.accounts), database);
      enqueueCrowd(host, module);
      host.enqueue(module, host.message(1, "o-0", 2, "the next of its key"));

      TickReport report = host.tick(module);

      assertThat(rounds.get()).as("it came to that").isGreaterThan(13);
      assertThat(report.sent()).isEqualTo(CROWD + 1);
      assertThat(host.states()).hasSize(CROWD + 1).containsOnly("SENT");
    }
  }

  @Test
  void whatTheWriterFailedAtIsNotThrownAtALaterTick() {
    Thread ticking = Thread.currentThread();
    try (Host host = new Host(TestServer.H2)) {
      host.account.channel.maxInFlight = 2 * CROWD;
      CountDownLatch failed = new CountDownLatch(1);
      Database database =
          tampered(
              host,
              (connection, method, arguments) -> {
                if (onWriter() && writesOutcomes(method, arguments) && failed.getCount() > 0) {
                  failed.countDown();
                  throw new SQLException("connection lost", "08006");
                }
                if (Thread.currentThread() == ticking
                    && method.equals("close")
                    && host.account.channel.sent().size() == CROWD) {
                  hold(failed);
                  untilTheWriterRests();
                }
              });
      MessageModule module = host.module(SLEEPY, new Accounts(host.accounts), database);
      enqueueCrowd(host, module);

      TickReport first = module.tick(Host.NOW, Duration.ofNanos(1));
      TickReport second = host.tick(module);

      assertThat(first.sent() + second.sent()).isEqualTo(CROWD);
      assertThat(host.states()).hasSize(CROWD).containsOnly("SENT");
    }
  }

  /** A value that is refused makes it split; then the database goes away at the first part. */
  @Test
  void noPartOfABatchIsLostWithTheDatabase() {
    try (Host host = new Host(TestServer.H2)) {
      AtomicInteger writes = new AtomicInteger();
      Database database =
          tampered(
              host,
              (connection, method, arguments) -> {
                if (writesOutcomes(method, arguments)) {
                  switch (writes.incrementAndGet()) {
                    case 1 -> throw new SQLException("value too long", "22001");
                    case 2 -> throw new SQLException("connection lost", "08006");
                    default -> {
                      // It works again.
                    }
                  }
                }
              });
      MessageModule module = host.module(SLEEPY, new Accounts(host.accounts), database);
      for (int order = 1; order <= 4; order++) {
        host.enqueue(module, host.message(order, "o-" + order, 1, "m"));
      }

      assertThatThrownBy(() -> host.tick(module)).isInstanceOf(StoreException.class);
      host.tick(module);

      assertThat(host.states()).containsExactly("SENT", "SENT", "SENT", "SENT");
      assertThat(host.account.channel.sent()).hasSize(4);
    }
  }

  @Test
  void anErrorAboutOneOutcomeLosesNoOther() {
    try (Host host = new Host(TestServer.H2)) {
      host.account.channel.answer =
          message ->
              FakeChannel.now(
                  message.body().fields().get("thing1").value().equals("gone")
                      ? new SendOutcome.Refused(Reason.of("GONE", "gone"), true, false)
                      : FakeChannel.accepted(message));
      MessageModule module = host.module();
      module.recipients(
          (tx, tenant, account, recipient, asked) -> {
            throw new NoClassDefFoundError("a class of the host");
          });
      for (int order = 1; order <= 6; order++) {
        host.enqueue(module, host.message(order, "o-" + order, 1, order == 3 ? "gone" : "m"));
      }

      TickReport report = host.tick(module);

      assertThat(report.sent()).isEqualTo(5);
      assertThat(host.states()).containsExactly("SENT", "SENT", "CLAIMED", "SENT", "SENT", "SENT");
      assertThat(host.count("outbox_claim")).as("the lease has to find it").isEqualTo(1);
    }
  }

  /** Else the leases of what is sent end before it is written, and all of it is sent again. */
  @Test
  void nothingMoreIsClaimedWhileTheWriterIsHeldUp() throws SQLException {
    int all = 4_000;
    CountDownLatch heldUp = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    AtomicInteger sweeps = new AtomicInteger();
    try (Host host = new Host(TestServer.POSTGRESQL)) {
      host.account.channel.maxInFlight = 2 * CROWD;
      Database database =
          tampered(
              host,
              (connection, method, arguments) -> {
                if (onWriter() && writesOutcomes(method, arguments)) {
                  heldUp.countDown();
                  hold(goOn);
                }
              });
      MessageModule module =
          host.module(
              new EngineSettings(
                  Duration.ofSeconds(60),
                  Duration.ofMillis(50),
                  Duration.ofMillis(5),
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(40)),
              new Accounts(host.accounts),
              database);
      module.chores(tenant -> sweeps.incrementAndGet());
      enqueueMany(host, module, all);
      module.start();
      await().until(() -> heldUp.getCount() == 0);
      int before = sweeps.get();
      await().until(() -> sweeps.get() - before > 20);
      assertThat(host.account.channel.sent()).hasSizeLessThan(3_000);

      goOn.countDown();
      await().until(() -> host.number("SELECT COUNT(*) FROM {outbox} WHERE state = 'SENT'") == all);
      assertThat(host.account.channel.sent()).hasSize(all);
    } finally {
      goOn.countDown();
    }
  }

  private static void enqueueMany(Host host, MessageModule module, int all) throws SQLException {
    host.enqueue(module, host.message(0, "o-anna", 1, "m"));
    try (Connection connection = host.pool.getConnection();
        Statement statement = connection.createStatement()) {
      String others =
          """
          INSERT INTO laoke_outbox (dealer_id, id, state, account, purpose, due_ms, valid_until_ms, order_id,
            recipient, seq, cause_kind, cause_id, channel, template_id, dedupe_id, body, retry_ms, claims,
            attempts, uncertain, wanted, created_ms)
          SELECT dealer_id, id + i, state, account, purpose, due_ms, valid_until_ms, i,
            recipient, seq, cause_kind, cause_id, channel, template_id, 'd' || i, body, retry_ms, claims,
            attempts, uncertain, wanted, created_ms
          FROM laoke_outbox, generate_series(1, %d) AS i"""
              .formatted(all - 1);
      statement.execute(others);
    }
  }

  /** A node of a version before tells a report to the decision, and leaves its result alone. */
  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void whatANodeBeforeWroteOfAReportIsTold(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.database.own(
          "as before",
          tx ->
              tx.update(
                      """
                      UPDATE {decision} SET delivery = 'BLOCKED', reason_code = 'BLOCKED',
                        reason_text = 'blocked', advice = '', advice_zh = ''""")
                  .execute());
      Decision decision = host.decision(module, 1);
      assertThat(decision.result()).isEqualTo(Decision.Result.SENT);
      assertThat(decision.delivery()).contains(Inbound.Delivery.BLOCKED);
      assertThat(decision.reason()).map(Reason::code).contains("BLOCKED");
    }
  }

  /**
   * Whoever erases a person locks the person's messages by their ids, the smaller first. Outcomes
   * of which one is not simply accepted must not hold the greater while they wait for the smaller.
   */
  @Test
  void theMessagesOfOnePersonAreLockedInOrder() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (Host host = new Host(TestServer.POSTGRESQL)) {
      Database server = TestServer.outsideOfHosts(TestServer.straight(host.pool));
      MessageModule module = host.module(SLEEPY);
      List<CompletableFuture<SendOutcome>> open = new ArrayList<>();
      host.account.channel.answer =
          message -> {
            CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
            open.add(answer);
            return answer;
          };
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      module.tick(Host.NOW, Duration.ofMillis(100));
      assertThat(open).hasSize(2);
      try (Connection erasing = host.pool.getConnection();
          Statement statement = erasing.createStatement()) {
        erasing.setAutoCommit(false);
        statement.executeQuery("SELECT id FROM laoke_outbox WHERE order_id = 1 FOR UPDATE");
        open.get(0).complete(new SendOutcome.Refused(Reason.of("NO", "no"), false, false));
        open.get(1).complete(new SendOutcome.Accepted("p2", List.of()));
        Future<TickReport> writing = threads.submit(() -> host.tick(module));
        await()
            .until(
                () ->
                    server.<Long>read(
                            "look",
                            tx ->
                                tx.query(
                                        """
                                        SELECT COUNT(*) FROM pg_stat_activity
                                        WHERE wait_event_type = 'Lock'
                                          AND application_name = current_setting('application_name')""")
                                    .mapTo(Long.class)
                                    .one())
                        > 0);
        statement.executeQuery("SELECT id FROM laoke_outbox WHERE order_id = 2 FOR UPDATE NOWAIT");
        erasing.rollback();
        writing.get(60, TimeUnit.SECONDS);
      }
      assertThat(host.states()).containsExactly("REFUSED", "SENT");
    } finally {
      threads.shutdownNow();
    }
  }
}
