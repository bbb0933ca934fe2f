package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.base.Sealer;
import io.laoke.error.LaokeException;
import io.laoke.error.NotFoundException;
import io.laoke.testing.TestServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InboxTest {
  private static Inbound scan(String key) {
    return new Inbound.Scanned(key, Host.NOW, "o-anna", "LK1scene", true);
  }

  private static Inbound report(String key, String provider, Inbound.Delivery delivery) {
    return new Inbound.Reported(key, Host.NOW, "o-anna", provider, delivery, "detail");
  }

  private static void receive(MessageModule module, Inbound fact) {
    module.receiver().accept("wx1", fact).process();
  }

  @ParameterizedTest
  @EnumSource
  void processesAFactOnceAndGivesTheStoredReplyAgain(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      AtomicInteger handled = new AtomicInteger();
      AtomicInteger later = new AtomicInteger();
      module.inbound(
          (tx, tenant, account, fact) ->
              Optional.of(Reply.text("answer " + handled.incrementAndGet())));
      module.inbound(
          (tx, tenant, account, fact) -> {
            later.incrementAndGet();
            return Optional.of(Reply.text("too late"));
          });
      Reply first = module.receiver().accept("wx1", scan("k1")).process();
      Reply again = host.module().receiver().accept("wx1", scan("k1")).process();
      host.pass(Duration.ofMinutes(1));
      host.tick(module);

      assertThat(first).isEqualTo(Reply.text("answer 1"));
      assertThat(again).isEqualTo(first);
      assertThat(handled).hasValue(1);
      assertThat(later).as("all handlers run").hasValue(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oneOfManyConcurrentRepeatsProcesses(TestServer server) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      AtomicInteger committed = new AtomicInteger();
      module.inbound(
          (tx, tenant, account, fact) -> {
            tx.afterCommit(committed::incrementAndGet);
            return Optional.of(Reply.text("hello"));
          });
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        replies.add(threads.submit(() -> module.receiver().accept("wx1", scan("k1")).process()));
      }
      for (Future<Reply> reply : replies) {
        assertThat(reply.get(60, TimeUnit.SECONDS)).isEqualTo(Reply.text("hello"));
      }
      assertThat(committed).hasValue(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFactThatWasOnlyWrittenDownIsProcessedByATickOfAnotherNode(TestServer server) {
    try (Host host = new Host(server)) {
      host.module().receiver().accept("wx1", scan("k1"));
      MessageModule next = host.module();
      List<Inbound> seen = new ArrayList<>();
      next.inbound(
          (tx, tenant, account, fact) -> {
            seen.add(fact);
            return Optional.empty();
          });
      assertThat(host.tick(next).inbound()).as("its receiver has a head start").isZero();
      host.pass(Duration.ofSeconds(21));

      assertThat(host.tick(next).inbound()).isEqualTo(1);
      assertThat(seen).containsExactly(scan("k1"));
      assertThat(next.receiver().accept("wx1", scan("k1")).process()).isEqualTo(Reply.none());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFactThatFailsLeavesNothingAndIsListedAfterSomeTries(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      java.util.concurrent.atomic.AtomicBoolean broken =
          new java.util.concurrent.atomic.AtomicBoolean(true);
      module.inbound(
          (tx, tenant, account, fact) -> {
            tx.update("INSERT INTO {account} (dealer_id, account, since_ms) VALUES (77, 'x', 1)")
                .execute();
            if (broken.get()) {
              throw new IllegalStateException("o-anna is secret");
            }
            return Optional.empty();
          });
      InboundReceiver.Receipt receipt = module.receiver().accept("wx1", scan("k1"));
      assertThatThrownBy(receipt::process).isInstanceOf(LaokeException.class);
      for (int i = 0; i < 10; i++) {
        host.pass(Duration.ofHours(1));
        host.tick(module);
      }
      assertThat(host.number("SELECT COUNT(*) FROM {account} WHERE dealer_id = 77")).isZero();
      Deliveries deliveries = module.deliveries(host.database, host.dealer);
      List<Deliveries.FailedInbound> failed =
          deliveries.failedInbound(Optional.empty(), 10).items();
      assertThat(failed).hasSize(1);
      assertThat(failed.get(0).tries()).isEqualTo(StoredInbox.MOST_TRIES);
      assertThat(failed.get(0).kind()).isEqualTo("Scanned");
      assertThat(failed.get(0).error()).doesNotContain("o-anna");
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.INBOUND_FAILED);

      broken.set(false);
      deliveries.retryInbound(failed.get(0).id());
      assertThat(host.tick(module).inbound()).isEqualTo(1);
      assertThat(deliveries.failedInbound(Optional.empty(), 10).items()).isEmpty();
      assertThatThrownBy(() -> deliveries.retryInbound(failed.get(0).id()))
          .isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void refusesAnUnknownAccountWithAdvice(TestServer server) {
    try (Host host = new Host(server)) {
      assertThatThrownBy(() -> host.module().receiver().accept("wx404", scan("k1")))
          .isInstanceOf(NotFoundException.class)
          .hasMessageContainingAll("wx404", "builder");
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsEveryKindOfFactAsItCame(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      List<Inbound> seen = new ArrayList<>();
      module.inbound(
          (tx, tenant, account, fact) -> {
            seen.add(fact);
            return Optional.empty();
          });
      String longText = "绑定𠮷".repeat(700);
      List<Inbound> facts =
          List.of(
              scan("1"),
              new Inbound.Followed("2", Host.NOW, "o-anna"),
              new Inbound.Unfollowed("3", Host.NOW, "o-anna"),
              new Inbound.Said("4", Host.NOW, "o-anna", longText),
              new Inbound.Clicked("5", Host.NOW, "o-anna", "menu"),
              report("6", "p", Inbound.Delivery.FAILED),
              new Inbound.JobReported("7", Host.NOW, "o-anna", "p", true, "ok", 4, 3, 2, 1));
      facts.forEach(fact -> receive(module, fact));
      assertThat(seen).isEqualTo(facts);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReportIsJoinedWhicheverComesFirst(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      receive(module, report("r1", "early", Inbound.Delivery.BLOCKED));
      host.account.channel.script(
          new SendOutcome.Accepted("early", List.of()),
          new SendOutcome.Accepted("late", List.of()));
      host.account.channel.maxInFlight = 1;
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      host.tick(module);
      receive(module, report("r2", "late", Inbound.Delivery.DELIVERED));
      receive(module, report("r3", "late", Inbound.Delivery.FAILED));

      Decision first = host.decision(module, 1);
      assertThat(first.result()).isEqualTo(Decision.Result.SENT);
      assertThat(first.delivery()).contains(Inbound.Delivery.BLOCKED);
      assertThat(first.reason()).map(Reason::code).contains("BLOCKED");
      Decision second = host.decision(module, 2);
      assertThat(second.delivery()).contains(Inbound.Delivery.DELIVERED);
      assertThat(second.reason()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReportSettlesTheOneMessageOfUnknownOutcome(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      host.tick(module);
      host.pass(Duration.ofMinutes(10));
      host.tick(module);
      assertThat(host.states()).containsExactly("PARKED");

      receive(module, report("r1", "p1", Inbound.Delivery.DELIVERED));

      assertThat(host.states()).containsExactly("SENT");
      assertThat(host.decision(module, 1).result()).isEqualTo(Decision.Result.SENT);
      assertThat(host.decision(module, 1).delivery()).contains(Inbound.Delivery.DELIVERED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReportSettlesNothingWhereItCouldBelongToTwo(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      SendOutcome unknown = new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer"));
      host.account.channel.script(unknown, unknown);
      host.enqueue(module, host.message(1, "o-anna", 1, "a"), host.message(2, "o-anna", 1, "b"));
      host.tick(module);
      host.pass(Duration.ofMinutes(10));
      host.tick(module);
      receive(module, report("r1", "p1", Inbound.Delivery.DELIVERED));

      assertThat(host.states()).containsExactly("PARKED", "PARKED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReportThatCameWhileItsMessageWasUnderWaySettlesItLater(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
      host.account.channel.answer = message -> answer;
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));
      module.tick(Host.NOW, Duration.ofMillis(200));
      receive(module, report("r1", "p1", Inbound.Delivery.DELIVERED));
      receive(module, report("r2", "foreign", Inbound.Delivery.DELIVERED));
      receive(
          module,
          new Inbound.Reported("r3", Host.NOW, "o-ben", "b", Inbound.Delivery.DELIVERED, ""));
      assertThat(host.states()).containsExactly("CLAIMED");
      answer.complete(new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.pass(Duration.ofSeconds(6)); // by then it is looked for, swept or not
      host.tick(module);
      assertThat(host.states()).containsExactly("SENT");
      assertThat(host.decision(module, 1).delivery()).contains(Inbound.Delivery.DELIVERED);
      assertThat(host.account.channel.sent()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErrorInAHandlerCountsLikeAnyFailure(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      module.inbound(
          (tx, tenant, account, fact) -> {
            throw new NoClassDefFoundError("a class of the host");
          });
      assertThatThrownBy(() -> receive(module, scan("k1"))).isInstanceOf(LaokeException.class);
      for (int i = 0; i < 10; i++) {
        host.pass(Duration.ofHours(1));
        host.tick(module);
      }
      assertThat(
              module
                  .deliveries(host.database, host.dealer)
                  .failedInbound(Optional.empty(), 10)
                  .items())
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noOpenidAndNoValueStandsInAnyTableOnceASealerIsSet(TestServer server) throws Exception {
    Sealer sealer =
        new Sealer() {
          @Override
          public String seal(String value) {
            assertThat(value.length()).isLessThanOrEqualTo(400);
            return "s:"
                + Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
          }

          @Override
          public String open(String sealed) {
            return new String(
                Base64.getDecoder().decode(sealed.substring(2)), StandardCharsets.UTF_8);
          }
        };
    try (Host host = new Host(server, sealer)) {
      MessageModule module = host.module();
      module.inbound((tx, tenant, account, fact) -> Optional.of(Reply.text("hello Wang-Xiaoming")));
      host.enqueue(
          module,
          host.message(1, "o-anna", 1, "Wang-Xiaoming".repeat(100)),
          host.message(2, "o-anna", 1, "Wang-Xiaoming"));
      host.account.channel.maxInFlight = 1;
      host.account.channel.script(
          new SendOutcome.Accepted("p1", List.of()),
          new SendOutcome.Unknown(Reason.of("TIMEOUT", "no answer")));
      host.tick(module);
      receive(module, scan("o-anna-1700000000-SCAN-LK1"));
      receive(module, report("r1", "p1", Inbound.Delivery.BLOCKED));
      receive(module, new Inbound.Said("s", Host.NOW, "o-anna", "Wang-Xiaoming"));

      String all = everything(host);
      assertThat(all).contains("SO-1").doesNotContain("o-anna").doesNotContain("Wang-Xiaoming");
      assertThat(host.account.channel.values().get(0)).isEqualTo("Wang-Xiaoming".repeat(100));
    }
  }

  private static String everything(Host host) throws Exception {
    StringBuilder all = new StringBuilder();
    try (Connection connection = host.pool.getConnection();
        Statement statement = connection.createStatement()) {
      List<String> tables = new ArrayList<>();
      String schema = connection.getSchema();
      try (ResultSet found =
          connection
              .getMetaData()
              .getTables(
                  connection.getCatalog(), schema, "%", new String[] {"TABLE", "BASE TABLE"})) {
        while (found.next()) {
          if (found.getString("TABLE_NAME").toLowerCase(Locale.ROOT).startsWith("laoke_")) {
            tables.add(found.getString("TABLE_NAME"));
          }
        }
      }
      assertThat(tables).hasSizeGreaterThanOrEqualTo(10);
      for (String table : tables) {
        try (ResultSet rows = statement.executeQuery("SELECT * FROM " + table)) {
          while (rows.next()) {
            for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
              all.append(rows.getString(i)).append('\n');
            }
          }
        }
      }
    }
    return all.toString();
  }
}
