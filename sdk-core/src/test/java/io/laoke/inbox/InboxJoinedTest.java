package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.inbox.InboxFact.State;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a host calls about its rows, each call in a transaction of the host at each level. */
class InboxJoinedTest {
  private static final String ORDER =
      """
      {"orderedAt": "2026-11-24 10:00:00", "buyer": {"customerNo": 77, "name": "王小明独"},
       "lines": [{"lineNo": 1, "category": "kitchen/hood", "quantity": 1, "netYuan": 2999.00}]}\
      """;

  static Stream<Arguments> levels() {
    return Stream.of(
        Arguments.of(TestServer.H2, Connection.TRANSACTION_REPEATABLE_READ),
        Arguments.of(TestServer.POSTGRESQL, Connection.TRANSACTION_REPEATABLE_READ),
        Arguments.of(TestServer.POSTGRESQL, Connection.TRANSACTION_SERIALIZABLE),
        Arguments.of(TestServer.MYSQL, Connection.TRANSACTION_REPEATABLE_READ),
        Arguments.of(TestServer.MYSQL, Connection.TRANSACTION_SERIALIZABLE),
        Arguments.of(TestServer.MARIADB, Connection.TRANSACTION_REPEATABLE_READ),
        Arguments.of(TestServer.MARIADB, Connection.TRANSACTION_SERIALIZABLE));
  }

  @ParameterizedTest
  @MethodSource("levels")
  void rowsAreListedCorrectedRetriedAndDroppedInTransactionsOfTheHost(
      TestServer server, int isolation) throws Exception {
    Way.plain().joined(isolation).during(() -> walk(server));
  }

  private static void walk(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      Inbox inbox = host.dealer.inbox();
      long wrong = host.insert("ORDER", "SO-1", "{}");
      long conflict =
          host.insert("RETURN", "RT-1", "{\"returnedAt\": \"2026-11-25\", \"who\": \"王小明独\"}");
      long useless = host.insert("order", "SO-2", ORDER);
      long early = host.insert("STAGE", "SO-1", "{\"stage\": \"SHIPPED\", \"at\": null}");
      host.insert("ORDER", "SO-3", ORDER);
      assertThat(host.tick()).isEqualTo(1);

      assertThat(inbox.page(State.BAD, 0, 10))
          .extracting(InboxFact::id)
          .containsExactly(wrong, conflict, useless);
      assertThat(inbox.page(State.BAD, wrong, 1))
          .extracting(InboxFact::id)
          .containsExactly(conflict);
      assertThat(inbox.count(State.WAITING)).isEqualTo(1);
      assertThat(inbox.find(early).orElseThrow().next()).isPresent();
      assertThat(inbox.json(useless)).contains(ORDER);
      assertThat(inbox.find(4711)).isEmpty();
      assertThatThrownBy(() -> inbox.json(4711)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> inbox.retry(4711)).isInstanceOf(NotFoundException.class);
      assertThatThrownBy(() -> inbox.correct(wrong, "{\"orderedAt\": 5}"))
          .isInstanceOf(InvalidInputException.class);
      assertThatThrownBy(() -> inbox.correct(useless, "{}")).isInstanceOf(ConflictException.class);
      assertThat(host.row(wrong).tries()).as("what is left of the refused calls").isEqualTo(1);

      inbox.correct(wrong, ORDER);
      inbox.retry(early);
      inbox.retry(conflict);
      inbox.drop(useless, "twice");
      inbox.drop(useless, "twice");
      assertThat(host.tick()).isEqualTo(2);

      assertThat(host.row(early).state()).isEqualTo(State.DONE);
      assertThat(host.row(conflict).state()).isEqualTo(State.BAD);
      assertThat(inbox.retryAll()).isEqualTo(1);
      assertThat(host.row(conflict).state()).isEqualTo(State.WAITING);
      assertThat(host.tick()).isZero();
      assertThatThrownBy(() -> inbox.retry(wrong)).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> inbox.drop(wrong, "x")).isInstanceOf(ConflictException.class);
      long member = host.dealer.members().find("77").orElseThrow().id();
      assertThat(host.dealer.members().export(member)).contains("\"inbox\":[{", "RT-1");

      host.erase(member);

      assertThat(host.text("SELECT * FROM laoke_inbox")).doesNotContain("王小明独");
      assertThat(host.row(conflict).state()).isEqualTo(State.DROPPED);
      assertThat(inbox.count(State.DONE)).isEqualTo(3);
    }
  }

  /**
   * The host reads, an engine decides, and then the host decides in the same transaction: what it
   * decides about is the row as it is now, or it is told to repeat.
   */
  @ParameterizedTest
  @MethodSource("levels")
  void whatAnEngineHasDoneSinceTheHostLookedIsNotDoneAgain(TestServer server, int isolation)
      throws SQLException {
    try (InboxHost host = new InboxHost(server);
        Connection erp = host.pool.getConnection()) {
      long row = host.insert("ORDER", "SO-1", "{}");
      long other = host.insert("ORDER", "SO-2", "{}");
      host.tick();
      erp.setTransactionIsolation(isolation);
      erp.setAutoCommit(false);
      Inbox joined = host.dealer.in(erp).inbox();
      if (isolation != Connection.TRANSACTION_SERIALIZABLE || server == TestServer.POSTGRESQL) {
        // Elsewhere a serializable look itself locks what it has seen.
        assertThat(joined.page(State.BAD, 0, 10)).hasSize(2);
      }
      host.dealer.inbox().correct(row, ORDER);
      assertThat(host.tick()).isEqualTo(1);

      assertThatThrownBy(() -> joined.correct(row, ORDER.replace("2999", "1")))
          .isInstanceOfAny(ConflictException.class, io.laoke.error.StoreException.class)
          .satisfies(
              refused ->
                  assertThat(
                          refused instanceof ConflictException
                              || ((io.laoke.error.LaokeException) refused).retryable())
                      .isTrue());
      erp.rollback();
      assertThat(joined.retryAll()).isEqualTo(1);
      erp.commit();

      assertThat(host.row(row).state()).isEqualTo(State.DONE);
      assertThat(host.row(other).state()).isEqualTo(State.WAITING);
      assertThat(host.tick()).isZero();
      assertThat(host.dealer.orders().find("SO-1").orElseThrow().netFen()).isEqualTo(299_900);
    }
  }
}
