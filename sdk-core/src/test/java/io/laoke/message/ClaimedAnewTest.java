package io.laoke.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.testing.TestServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a first engine says of a message when its lease is over and a second one has claimed the
 * message anew: the message is the second one's.
 */
class ClaimedAnewTest {
  private static final SendOutcome REFUSED =
      new SendOutcome.Refused(Reason.of("43004", "gone"), true, true);

  private static final Map<String, SendOutcome> LATE =
      new TreeMap<>(
          Map.of(
              "accepted", new SendOutcome.Accepted("late", List.of()),
              "fitted",
                  new SendOutcome.Accepted(
                      "late too", List.of(new SendOutcome.FittedField("thing1", "CUT"))),
              "later", new SendOutcome.Later(Duration.ofHours(1), true, Reason.of("45009", "q")),
              "refused", REFUSED,
              "unknown", new SendOutcome.Unknown(Reason.of("TIMEOUT", "?")),
              "wrong account",
                  new SendOutcome.Misconfigured(
                      SendOutcome.Scope.ACCOUNT, Reason.of("40164", "ip"))));

  /** The calls of each message in their order; the test answers them. */
  private final Map<String, List<CompletableFuture<SendOutcome>>> calls = new ConcurrentHashMap<>();

  private void answersLater(Host host) {
    host.account.channel.maxInFlight = 20;
    host.account.channel.answer =
        message -> {
          CompletableFuture<SendOutcome> answer = new CompletableFuture<>();
          calls
              .computeIfAbsent(
                  message.body().fields().get("thing1").value(), value -> new ArrayList<>())
              .add(answer);
          return answer;
        };
  }

  /** One round: what is claimed stays under way. */
  private static void round(MessageModule module) {
    module.tick(Host.NOW, Duration.ZERO);
  }

  /** Both engines have handed each message over, the second because the first one's lease ended. */
  private void claimedTwice(Host host, MessageModule first, MessageModule second) {
    answersLater(host);
    int order = 1;
    for (String value : LATE.keySet()) {
      host.enqueue(first, host.message(order, "o-" + order, 1, value));
      order++;
    }
    round(first);
    host.pass(Duration.ofSeconds(61));
    round(second);
    assertThat(calls.values()).hasSize(LATE.size()).allMatch(each -> each.size() == 2);
    assertThat(host.states()).containsOnly("CLAIMED");
  }

  private static String stored(Host host) {
    return host.read(
        tx -> {
          StringBuilder all = new StringBuilder();
          for (String sql :
              List.of(
                  """
                  SELECT id, state, claim_token, lease_until_ms, claims, attempts, retry_ms, first_attempt_ms,
                    uncertain, pause_id, provider_id, ended_ms FROM {outbox} ORDER BY id""",
                  "SELECT token, lease_until_ms, messages FROM {outbox_claim} ORDER BY token",
                  "SELECT id, result, reason_code, changed_ms FROM {decision} ORDER BY id",
                  "SELECT id, account FROM {pause} ORDER BY id")) {
            tx.query(sql).mapToMap().forEach(row -> all.append(new TreeMap<>(row)).append('\n'));
          }
          return all.toString();
        });
  }

  private void answer(int call, Map<String, SendOutcome> outcomes) {
    outcomes.forEach((value, outcome) -> calls.get(value).get(call).complete(outcome));
  }

  @ParameterizedTest
  @EnumSource
  void nothingThatTheFirstSaysMovesWhatTheSecondHasUnderWay(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule first = host.module(Host.LONG_LEASE);
      MessageModule second = host.module(Host.LONG_LEASE);
      List<String> gone = new ArrayList<>();
      first.recipients((tx, tenant, account, hash, asked) -> gone.add(hash));
      claimedTwice(host, first, second);
      String before = stored(host);

      answer(0, LATE);
      round(first);
      round(first);
      assertThat(stored(host)).isEqualTo(before);
      assertThat(gone).isEmpty();
      assertThat(host.alarms).isEmpty();

      Map<String, SendOutcome> outcomes = new TreeMap<>();
      LATE.keySet()
          .forEach(value -> outcomes.put(value, new SendOutcome.Accepted("p " + value, List.of())));
      outcomes.put("accepted", REFUSED);
      answer(1, outcomes);
      round(second);
      assertThat(host.states())
          .as("what the second heard counts")
          .containsExactly("REFUSED", "SENT", "SENT", "SENT", "SENT", "SENT");
      List<String> providers =
          host.read(
              tx ->
                  tx.query("SELECT provider_id FROM {outbox} WHERE state = 'SENT' ORDER BY id")
                      .mapTo(String.class)
                      .list());
      assertThat(providers)
          .containsExactly("p fitted", "p later", "p refused", "p unknown", "p wrong account");
      assertThat(host.count("outbox_claim")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whileNobodyHasItALateAcceptanceCountsAndNothingElseDoes(TestServer server) {
    try (Host host = new Host(server)) {
      MessageModule first = host.module(Host.LONG_LEASE);
      MessageModule second = host.module(Host.LONG_LEASE);
      claimedTwice(host, first, second);
      Map<String, SendOutcome> doubt = new TreeMap<>();
      LATE.keySet().forEach(value -> doubt.put(value, LATE.get("unknown")));
      answer(1, doubt);
      round(second);
      assertThat(host.states()).containsOnly("WAITING");

      answer(0, LATE);
      round(first);
      assertThat(host.states())
          .containsExactly("SENT", "SENT", "WAITING", "WAITING", "WAITING", "WAITING");
      assertThat(host.number("SELECT COUNT(*) FROM {outbox} WHERE uncertain = 1")).isEqualTo(4);
      assertThat(host.count("pause")).isZero();

      host.account.channel.answer = message -> FakeChannel.now(FakeChannel.accepted(message));
      host.pass(Duration.ofMinutes(1));
      host.tick(second);
      assertThat(host.states()).containsOnly("SENT");
      assertThat(host.account.channel.sent().stream().map(Outbound::dedupeId).distinct())
          .as("every repeat has the id of its first attempt")
          .hasSize(LATE.size());
    }
  }
}
