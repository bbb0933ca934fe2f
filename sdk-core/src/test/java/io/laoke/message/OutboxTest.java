package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ConflictException;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OutboxTest {
  @ParameterizedTest
  @EnumSource
  void aMessageIsSentOnceHoweverOftenItIsPut(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      NewMessage message = host.message(1, "o-anna", 1, "shipped");
      host.enqueue(module, message, message);
      host.enqueue(module, message);

      TickReport report = host.tick(module);
      host.enqueue(module, message);
      host.tick(module);

      assertThat(report.sent()).isEqualTo(1);
      assertThat(report.claimed()).isEqualTo(1);
      assertThat(report.remaining()).isZero();
      assertThat(host.account.channel.sent()).hasSize(1);
      Outbound sent = host.account.channel.sent().get(0);
      assertThat(sent.to()).isEqualTo("o-anna");
      assertThat(sent.dedupeId()).matches("[A-Za-z0-9]{10,32}");
      assertThat(sent.body()).isEqualTo(message.body());
      assertThat(host.decision(module, 1).result()).isEqualTo(Decision.Result.SENT);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isTakenBackWithTheHostsTransaction(TestServer server) throws SQLException {
    try (Host host = new Host(server);
        Connection connection = host.pool.getConnection()) {
      MessageModule module = host.module();
      NewMessage message = host.message(1, "o-anna", 1, "shipped");
      connection.setAutoCommit(false);
      host.database
          .in(connection)
          .write("enqueue", tx -> module.outbox().enqueue(tx, host.dealer, message));
      connection.rollback();

      assertThat(host.tick(module).claimed()).isZero();
      assertThat(host.count("outbox") + host.count("decision") + host.count("work_due")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsCommittedIsSentByAnotherEngineOnTheSameDatabase(TestServer server) {
    try (Host host = new Host(server)) {
      host.enqueue(host.module(), host.message(1, "o-anna", 1, "shipped"));

      assertThat(host.tick(host.module()).sent()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void keepsTheOrderOfEachKeyEvenWhenTheFirstMustWait(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      host.account.channel.script(
          new SendOutcome.Later(java.time.Duration.ZERO, false, Reason.of("-1", "busy")));
      host.enqueue(
          module,
          host.message(1, "o-anna", 1, "1a"),
          host.message(1, "o-anna", 2, "2a"),
          host.message(1, "o-anna", 3, "3a"));

      assertThat(host.tick(module).sent()).isZero();
      host.pass(java.time.Duration.ofMinutes(1));
      host.tick(module);

      assertThat(host.account.channel.values()).containsExactly("1a", "1a", "2a", "3a");
      assertThat(host.states()).containsOnly("SENT");
    }
  }

  @ParameterizedTest
  @EnumSource
  void recordsADecisionWithoutAMessageOnce(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      NewDecision stale =
          new NewDecision(
              "STAGE",
              900,
              7,
              "SO-7",
              "wx1",
              "",
              1,
              Purpose.ORDER,
              ChannelKind.WECHAT_TEMPLATE,
              Decision.Result.STOPPED,
              new Reason("NO_RECIPIENT", "nobody", "bind", "绑定"),
              Host.NOW);
      List<Boolean> recorded =
          host.database.write(
              "record",
              tx ->
                  List.of(
                      module.decisions().record(tx, host.dealer, stale),
                      module.decisions().record(tx, host.dealer, stale)));

      assertThat(recorded).containsExactly(true, false);
      Decision decision = host.decision(module, 7);
      assertThat(decision.result()).isEqualTo(Decision.Result.STOPPED);
      assertThat(decision.reason()).contains(stale.reason());
      assertThat(decision.deliveryId()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAccountBelongsToOneDealerOnly(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule module = host.module();
      var other = host.dealer("other");
      host.enqueue(module, host.message(1, "o-anna", 1, "a"));

      assertThatThrownBy(
              () ->
                  host.enqueue(
                      module,
                      other,
                      host.message(other, "wx1", 1, "o-anna", 1, Purpose.ORDER, "b")))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("belongs to another dealer");
      assertThat(host.count("outbox")).isEqualTo(1);
    }
  }
}
