package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.Laoke;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportReport;
import io.laoke.inbox.InboxFact.State;
import io.laoke.member.IdentityKind;
import io.laoke.message.Alarm;
import io.laoke.order.Order;
import io.laoke.order.Stage;
import io.laoke.order.StageRecord;
import io.laoke.testing.TamperedDataSource;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InboxRowsTest {
  private static final String ORDER =
      """
      {"orderedAt": "2026-11-24 10:00:00", "buyer": {"customerNo": 77, "name": "王芳", "phone": "13800138000"},
       "place": {"street": "文三路 1 号"},
       "lines": [{"lineNo": 1, "category": "kitchen/hood", "quantity": 1, "netYuan": 2999.00}]}\
      """;

  private static String stage(Stage stage) {
    return "{\"stage\": \"%s\", \"at\": \"2026-11-25T09:00:00\"}".formatted(stage);
  }

  @ParameterizedTest
  @EnumSource
  void factsOfAProgramsTransactionAreAppliedOnceItHasCommitted(TestServer server)
      throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      host.sql("CREATE TABLE erp (order_no VARCHAR(20))");
      long member;
      try (Connection erp = host.pool.getConnection()) {
        erp.setAutoCommit(false);
        host.insert(erp, "hengxin", "ORDER", "SO-0", ORDER);
        erp.rollback();
        erp.createStatement().execute("INSERT INTO erp VALUES ('SO-1')");
        member =
            host.insert(
                erp,
                "hengxin",
                "MEMBER",
                "77",
                "{\"gender\": \"女\", \"birthday\": \"1990-05-01\", \"phones\": [13800138000]}");
        host.insert(erp, "hengxin", "ORDER", "SO-1", ORDER);
        host.insert(erp, "hengxin", "STAGE", "SO-1", stage(Stage.SHIPPED));
        host.insert(
            erp,
            "hengxin",
            "RETURN",
            "RT-1",
            """
            {"returnedAt": "2026-11-25", "orderNo": "SO-1",
             "lines": [{"lineNo": "1", "category": "kitchen/hood", "quantity": 1, "netFen": 299900}]}\
            """);
        assertThat(host.tick()).isZero();
        erp.commit();
      }

      assertThat(host.tick()).isEqualTo(4);
      assertThat(host.tick()).isZero();

      assertThat(host.dealer.orders().find("SO-0")).isEmpty();
      assertThat(host.dealer.orders().find("SO-1").orElseThrow().netFen()).isEqualTo(299_900);
      assertThat(host.dealer.orders().history("SO-1").stages())
          .extracting(StageRecord::stage)
          .containsExactly(Stage.SHIPPED);
      assertThat(host.dealer.returns().find("RT-1")).isPresent();
      assertThat(host.dealer.members().byPhone("13800138000").orElseThrow().customerNos())
          .containsExactly("77");
      assertThat(host.row(member).state()).isEqualTo(State.DONE);
      assertThat(host.dealer.inbox().count(State.DONE)).isEqualTo(4);
      assertThat(host.text("SELECT * FROM " + host.table))
          .doesNotContain("1990", "13800138000", "王芳", "文三路", " 77 ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void badRowsAreListedAndHoldNobodyUp(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      Inbox inbox = host.dealer.inbox();
      long noJson = host.insert("ORDER", "SO-1", "{\"orderedAt\": ");
      long noKind = host.insert("Orders", "SO-1", ORDER);
      long noRef = host.insert("ORDER", null, ORDER);
      long padded = host.insert("ORDER", " SO-1", ORDER);
      long noFact = host.insert("MEMBER", "77", null);
      long early = host.insert("STAGE", "SO-2", stage(Stage.APPROVED));
      long refused =
          host.insert("RETURN", "RT-1", "{\"returnedAt\": \"2026-11-25\", \"who\": \"王芳\"}");
      host.insert("ORDER", "SO-3", ORDER);

      assertThat(host.tick()).isEqualTo(1);

      assertThat(inbox.page(State.BAD, 0, 3))
          .extracting(InboxFact::id)
          .containsExactly(noJson, noKind, noRef);
      assertThat(inbox.page(State.BAD, noRef, 10))
          .extracting(InboxFact::id)
          .containsExactly(padded, noFact, refused);
      assertThat(host.row(refused).field()).contains("who");
      assertThat(host.row(refused).reason().orElseThrow().text()).contains("no field of this");
      assertThat(host.row(refused).reason().orElseThrow().advice()).contains("correct(id, json)");
      assertThat(host.row(noKind).reason().orElseThrow().text()).contains("was 'Orders'");
      assertThat(host.row(early).state()).isEqualTo(State.WAITING);
      assertThat(host.row(early).reason().orElseThrow().code()).isEqualTo("ORDER_UNKNOWN");
      assertThat(host.alarms).extracting(Alarm::kind).containsExactly(Alarm.Kind.FACTS_REFUSED);
      host.insert("STAGE", "SO-3", "{}");
      host.tick();
      assertThat(host.alarms).hasSize(1);

      // Corrected, replaced by a later row, waited for, dropped.
      assertThatThrownBy(() -> inbox.correct(refused, "{\"returnedAt\": 5}"))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageContaining("returnedAt");
      inbox.correct(refused, "{\"returnedAt\": \"2026-11-25\"}");
      host.insert("ORDER", "SO-1", ORDER);
      host.insert("STAGE", "SO-2", stage(Stage.SHIPPED));
      host.insert("ORDER", "SO-2", ORDER);
      inbox.drop(padded, "twice");
      inbox.drop(padded, "twice");

      assertThat(host.tick()).isEqualTo(5);

      assertThat(host.dealer.returns().find("RT-1")).isPresent();
      assertThat(host.row(noJson).state()).isEqualTo(State.DROPPED);
      assertThat(host.row(noJson).reason().orElseThrow().code()).isEqualTo("REPLACED");
      assertThat(host.row(padded).reason().orElseThrow().text()).isEqualTo("twice");
      assertThat(inbox.json(padded)).isEmpty();
      assertThat(inbox.json(noKind)).contains(ORDER);
      assertThat(host.dealer.orders().history("SO-2").stages())
          .extracting(StageRecord::stage)
          .containsExactly(Stage.APPROVED, Stage.SHIPPED);
      assertThatThrownBy(() -> inbox.retry(refused)).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> inbox.drop(refused, "x")).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> inbox.retry(padded)).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> inbox.correct(noKind, "{}")).isInstanceOf(ConflictException.class);
      assertThatThrownBy(() -> inbox.retry(4711)).isInstanceOf(NotFoundException.class);

      // A row that would undo a later one.
      host.insert("MEMBER", "77", "{\"name\": \"王小芳\"}");
      host.tick();
      assertThat(host.row(noFact).state()).isEqualTo(State.DROPPED);
      host.sql("UPDATE " + host.table + " SET state = 'BAD', ref = '77' WHERE id = " + noFact);
      assertThatThrownBy(() -> inbox.correct(noFact, "{\"name\": \"王芳\"}"))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("would undo");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRowThatIsCommittedLateIsNotSkipped(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server);
        Connection slow = host.pool.getConnection()) {
      slow.setAutoCommit(false);
      long early = host.insert(slow, "hengxin", "STAGE", "SO-1", stage(Stage.APPROVED));
      long order = host.insert("ORDER", "SO-1", ORDER);
      long later = host.insert("STAGE", "SO-1", stage(Stage.SHIPPED));
      assertThat(early).isLessThan(order);
      assertThat(host.tick()).isEqualTo(2);
      assertThat(host.row(later).state()).isEqualTo(State.DONE);
      slow.commit();

      assertThat(host.tick()).isEqualTo(1);

      assertThat(host.dealer.orders().history("SO-1").stages())
          .extracting(StageRecord::stage)
          .containsExactly(Stage.SHIPPED, Stage.APPROVED);
      assertThat(host.dealer.orders().find("SO-1").orElseThrow().stage()).isEqualTo(Stage.SHIPPED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void rowsOfADealerWhoIsNotKnownWaitForIt(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server);
        Connection erp = host.pool.getConnection()) {
      host.insert(erp, "nobody", "ORDER", "SO-1", ORDER);
      host.insert(erp, "nobody", "ORDER", "SO-2", ORDER);
      host.insert("ORDER", "SO-1", ORDER);

      assertThat(host.tick()).isEqualTo(1);
      host.later();
      host.tick();

      assertThat(host.alarms).extracting(Alarm::dealer).containsExactly("nobody");
      assertThat(host.text("SELECT state, reason_code FROM laoke_inbox WHERE dealer = 'nobody'"))
          .isEqualTo("WAITING DEALER_UNKNOWN\nWAITING DEALER_UNKNOWN\n");
      host.sql("UPDATE laoke_inbox SET dealer = 'hengxin' WHERE dealer = 'nobody'");
      host.later();
      assertThat(host.tick()).isEqualTo(2);
      assertThat(host.dealer.orders().find("SO-2")).isPresent();
    }
  }

  @Test
  void aStageGivesUpWaitingAndStillComesWithItsOrder() throws SQLException {
    try (InboxHost host =
        new InboxHost(
            TestServer.H2,
            builder -> builder.inbox(InboxSettings.standard().waitForOrder(Duration.ZERO)),
            "laoke_")) {
      long stage = host.insert("STAGE", "SO-1", stage(Stage.SHIPPED));
      host.tick();
      assertThat(host.row(stage).state()).isEqualTo(State.BAD);
      host.insert("ORDER", "SO-1", ORDER);
      assertThat(host.tick()).isEqualTo(2);
      assertThat(host.row(stage).state()).isEqualTo(State.DONE);

      long line =
          host.insert(
              "STAGE", "SO-1", "{\"stage\": \"DELIVERED\", \"at\": null, \"lines\": [\"2\"]}");
      host.tick();
      assertThat(host.row(line).reason().orElseThrow().text()).contains("not a line");
    }
  }

  @Test
  void anOrderThatCameThroughTheApiIsFoundByTheStageThatWaits() throws SQLException {
    try (InboxHost host = new InboxHost(TestServer.H2)) {
      long first = host.insert("STAGE", "SO-1", stage(Stage.APPROVED));
      host.tick();
      assertThat(host.row(first).next()).isPresent();
      host.dealer.orders().upsert(Order.of("SO-1", InboxHost.NOW));
      host.insert("STAGE", "SO-1", stage(Stage.SHIPPED));

      assertThat(host.tick()).isEqualTo(2);

      assertThat(host.dealer.orders().history("SO-1").stages())
          .extracting(StageRecord::stage)
          .containsExactly(Stage.APPROVED, Stage.SHIPPED);
    }
  }

  @Test
  void whatFailsForAWhileIsTriedAgainInOrderAndNotListedAsBad() throws SQLException {
    AtomicInteger failures = new AtomicInteger(1_000);
    try (InboxHost host = new InboxHost(TestServer.H2)) {
      TamperedDataSource flaky =
          new TamperedDataSource(
              host.pool,
              (connection, method, arguments) -> {
                if (method.equals("prepareStatement")
                    && String.valueOf(arguments[0]).contains("INTO laoke_customer_order")
                    && failures.getAndDecrement() > 0) {
                  throw new SQLException("gone", "08006");
                }
              });
      try (Laoke laoke = host.builder(flaky).build()) {
        long first = host.insert("ORDER", "SO-1", ORDER);
        long second = host.insert("ORDER", "SO-1", ORDER.replace("2999.00", "1999.00"));
        for (int i = 0; i < 10; i++) {
          laoke.tick(InboxHost.NOW);
          host.later();
        }
        assertThat(host.row(first).state()).isEqualTo(State.WAITING);
        assertThat(host.row(first).tries()).isGreaterThan(6);
        assertThat(host.row(second).state()).isEqualTo(State.WAITING);
        failures.set(0);
        laoke.tick(InboxHost.NOW);
      }
      assertThat(host.dealer.orders().find("SO-1").orElseThrow().netFen()).isEqualTo(199_900);
      assertThat(host.dealer.inbox().count(State.DONE)).isEqualTo(2);
      assertThat(host.alarms).isEmpty();
    }
  }

  /** No row is known to do this; here a dealer without a zone does it to times that name none. */
  @Test
  void aRowThatCannotEvenBeReadIsCountedAndHoldsUpNobody() throws SQLException {
    try (InboxHost host = new InboxHost(TestServer.H2);
        InboxModule module = host.module(InboxHost.tenant(null))) {
      long odd = host.insert("RETURN", "RT-1", "{\"returnedAt\": \"2026-11-25\"}");
      long fine =
          host.insert(
              "STAGE", "SO-1", "{\"stage\": \"SHIPPED\", \"at\": \"2026-11-25T09:00:00Z\"}");
      host.dealer.orders().upsert(Order.of("SO-1", InboxHost.NOW));
      for (int tries = 1; tries < 6; tries++) {
        assertThat(module.run(TimeUnit.SECONDS.toNanos(20))).isEqualTo(tries == 1 ? 1 : 0);
        assertThat(host.row(odd).state()).isEqualTo(State.WAITING);
        assertThat(host.row(odd).tries()).isEqualTo(tries);
        host.later();
      }
      module.run(TimeUnit.SECONDS.toNanos(20));

      assertThat(host.row(odd).reason().orElseThrow().code()).isEqualTo("FAILED");
      assertThat(host.row(fine).state()).isEqualTo(State.DONE);
    }
  }

  @Test
  void aStartedEngineLooksByItself() throws SQLException {
    try (InboxHost host = new InboxHost(TestServer.H2)) {
      host.laoke.start();
      long bad = host.insert("ORDER", "SO-1", "{}");
      host.insert("ORDER", "SO-2", ORDER);
      await().until(() -> host.dealer.orders().find("SO-2").isPresent());
      await().until(() -> host.row(bad).state() == State.BAD);

      host.dealer.inbox().correct(bad, ORDER);

      await().until(() -> host.dealer.orders().find("SO-1").isPresent());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCorrectionCountsWithTheHostsTransaction(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server);
        Connection erp = host.pool.getConnection()) {
      erp.setAutoCommit(false);
      long row = host.insert("ORDER", "SO-1", "{}");
      host.tick();
      host.dealer.in(erp).inbox().correct(row, ORDER);
      erp.rollback();
      assertThat(host.row(row).state()).isEqualTo(State.BAD);
      assertThat(host.tick()).isZero();
      host.dealer.in(erp).inbox().retryAll();
      host.dealer.in(erp).inbox().correct(row, ORDER);
      erp.commit();

      assertThat(host.tick()).isEqualTo(1);
    }
  }

  @Test
  void manyRowsOfOneNumberThatWaitHoldNobodyElseUp() throws SQLException {
    try (InboxHost host = new InboxHost(TestServer.H2)) {
      try (Connection erp = host.pool.getConnection()) {
        erp.setAutoCommit(false);
        for (int i = 0; i < 620; i++) {
          String document = "{\"stage\": \"SHIPPED\", \"at\": null, \"document\": " + i + "}";
          host.insert(erp, "hengxin", "STAGE", "typo", document);
        }
        host.insert(erp, "hengxin", "ORDER", "SO-1", ORDER);
        erp.commit();
      }
      assertThat(host.tick()).isEqualTo(1);
      assertThat(host.dealer.inbox().count(State.WAITING)).isEqualTo(620);
      host.insert("ORDER", "typo", ORDER);
      for (int i = 0; i < 5; i++) {
        host.later();
        host.tick();
      }
      assertThat(host.dealer.orders().history("typo").stages()).hasSize(620);
    }
  }

  @Test
  void aSchemaOfItsOwnWillDo() throws SQLException {
    try (InboxHost host = new InboxHost(TestServer.H2)) {
      host.sql("CREATE SCHEMA crm");
      try (Laoke laoke = host.builder(host.pool).schema("crm").tablePrefix("x_").build()) {
        laoke.migrations().apply();
        laoke.dealer("hengxin");
        host.sql(
            "INSERT INTO crm.x_inbox (dealer, kind, ref, fact) VALUES ('hengxin', 'ORDER', 'SO-1',"
                + " '"
                + ORDER
                + "')");

        assertThat(laoke.tick(InboxHost.NOW).inbound()).isEqualTo(1);

        assertThat(laoke.dealer("hengxin").orders().find("SO-1")).isPresent();
      }
      assertThat(host.tick()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL"})
  void doneRowsAreRemovedAndAnotherPrefixWillDo(TestServer server) throws SQLException {
    try (InboxHost host =
        new InboxHost(
            server,
            builder -> builder.inbox(InboxSettings.standard().keepDone(Duration.ZERO)),
            "erp_crm_")) {
      long id = host.insert("ORDER", "SO-1", ORDER);
      assertThat(host.tick()).isEqualTo(1);
      assertThat(host.dealer.orders().find("SO-1")).isPresent();
      assertThat(host.dealer.inbox().find(id)).isEmpty();
      assertThatThrownBy(() -> host.dealer.inbox().json(id)).isInstanceOf(NotFoundException.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPersonIsTakenOutOfRowsThatAreNotApplied(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      host.insert("MEMBER", "77", "{\"name\": \"王芳\"}");
      host.insert("MEMBER", "78", "{\"phones\": [\"13800138000\"], ");
      long order = host.insert("ORDER", "SO-1", ORDER);
      host.insert("ORDER", "SO-2", ORDER + "}");
      long other = host.insert("MEMBER", "79", "{\"name\": \"李雷\"}");
      // However the person is written: a number, an escaped word, a spaced phone, by their order.
      long note = host.insert("RETURN", "RT-1", "{\"customerNo\": 77, \"who\": 5}");
      host.insert(
          "RETURN", "RT-2", "{\"orderNo\": \"SO-1\", \"customerNo\": \"O-77\", \"who\": 1}");
      host.insert("STAGE", "SO-9", "{\"text\": \"\\u738b\\u82b3\\u72ec\\u81ea\"}");
      host.insert("ORDER", "SO-7", "{\"buyer\": {\"phone\": \"+86 138-0013-8000\"}}");
      long others =
          host.insert("ORDER", "SO-8", ORDER.replace("77", "80").replace("13800138000", "80-77"));

      int changed = host.erase(List.of("77"), List.of("SO-1"), List.of("13800138000", "王芳独自"));

      assertThat(changed).isEqualTo(8);
      assertThat(host.dealer.inbox().json(others).orElseThrow()).contains("80-77", "王芳");
      host.dealer.inbox().drop(others, "seen");
      assertThat(host.dealer.inbox().json(note)).hasValue("{\"who\":5}");
      assertThat(host.text("SELECT * FROM laoke_inbox"))
          .contains("李雷")
          .doesNotContain("王芳", "13800138000", "文三路", " 77 ", " 78 ", "O-77", "u738b", "0013");
      host.tick();
      assertThat(host.row(order).state()).isEqualTo(State.DONE);
      assertThat(host.row(other).state()).isEqualTo(State.DONE);
      assertThat(host.dealer.orders().find("SO-1").orElseThrow().memberId()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPersonsExportShowsRowsThatAreRefusedAndErasureLeavesNothingOfThem(TestServer server)
      throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      host.insert("MEMBER", "KH-77", "{\"name\": \"王小明独\", \"phones\": [\"13912345678\"]}");
      host.tick();
      host.insert("RETURN", "RT-1", "{\"customerNo\": \"KH-77\", \"who\": \"王小明独\"}");
      host.insert("ORDER", "SO-1", "{\"phone\": \"139-1234-5678\"");
      host.insert("MEMBER", "KH-77", "{\"name\": \"王小明独\", \"age\": 50}");
      host.insert("RETURN", "RT-2", "{\"customerNo\": \"KH-78\", \"who\": \"李雷\"}");
      host.tick();
      ImportReport report =
          host.imports(
              List.of(
                  ImportFact.refused(
                      ImportFact.Kind.RETURN, "RT-9", "line", "KH-77", "is not of 王小明独"),
                  ImportFact.refused(
                      ImportFact.Kind.RETURN, "RT-8", "line", "KH-78", "is not of 李雷"),
                  ImportFact.refused(
                      ImportFact.Kind.MEMBER, "KH-77", "name", "x", "is too short")));
      assertThat(report.refused()).isEqualTo(3);
      long member = host.dealer.members().find("KH-77").orElseThrow().id();

      String export = host.dealer.members().export(member);

      assertThat(export)
          .contains("\"inbox\":[{", "RT-1", "王小明独", "UNKNOWN_FIELD", "\"import_refusal\":[{")
          .contains("is not of 王小明独", "is too short")
          .doesNotContain("李雷", "RT-2", "KH-78");
      host.erase(member);
      for (String table : List.of("laoke_inbox", "laoke_import_refusal")) {
        assertThat(host.text("SELECT * FROM " + table))
            .contains("李雷")
            .doesNotContain("王小明独", "KH-77", "13912345678", "139-1234-5678");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalOfSomebodyElseIsNeitherShownNorTakenAway(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      host.insert("MEMBER", "1017", "{\"name\": \"王小明独\"}");
      host.tick();
      host.imports(
          List.of(
              ImportFact.refused(ImportFact.Kind.RETURN, "orders.csv:1017", "line", "李雷", "is odd"),
              ImportFact.refused(
                  ImportFact.Kind.RETURN, "RT-7", "line", "21017", "is not 1017 fen")));
      long member = host.dealer.members().find("1017").orElseThrow().id();

      assertThat(host.dealer.members().export(member)).doesNotContain("李雷", "21017");
      host.erase(member);
      assertThat(host.text("SELECT * FROM laoke_import_refusal")).contains("李雷", "21017");
    }
  }

  @ParameterizedTest
  @EnumSource
  void erasureTakesThePersonOutOfTheirStagesAndLeavesTheirNamesakeAlone(TestServer server)
      throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      host.insert(
          "STAGE",
          "SO-1",
          "{\"stage\": \"DELIVERED\", \"lines\": [\"9\"], \"text\": \"王芳签收 请拨139-1234-5678\","
              + " \"details\": {\"13912345678\": \"x\"}}");
      host.insert("STAGE", "SO-2", "{\"stage\": \"SENT\", \"text\": \"请拨１３９－１２３４－５６７８\"}");
      host.insert("STAGE", "SO-3", "{\"stage\": \"SENT\", \"text\": \"请拨１３９１２３４５６７８\"");
      host.insert("member", "77", "{\"name\": \"王芳\"}");
      host.insert("MEMBER", " 77", "{\"name\": \"王芳\"}");
      long namesake = host.insert("MEMBER", "80", "{\"name\": \"Zhang Wei\", \"odd\": 1}");
      host.tick();

      host.erase(List.of("77"), List.of("SO-1"), List.of("13912345678", "Zhang Wei"));

      assertThat(host.text("SELECT fact FROM laoke_inbox WHERE fact IS NOT NULL"))
          .contains("DELIVERED")
          .doesNotContain("王芳", "139", "１３９");
      assertThat(host.dealer.inbox().json(namesake).orElseThrow()).contains("Zhang Wei");
    }
  }

  private static final String ERASED =
      "{\"buyer\": {\"customerNo\": \"KE\", \"name\": \"欧阳静\", \"phone\": \"136-1111-2222\"},"
          + " \"store\": \"S-1\", \"lines\": [{\"lineNo\": \"7\"}]}";

  /** The member of KE, erased. */
  private static long erased(InboxHost host) throws SQLException {
    host.insert("MEMBER", "KE", "{\"name\": \"欧阳静\", \"phones\": [\"13611112222\"]}");
    host.insert(
        "ORDER",
        "E-1",
        "{\"orderedAt\": \"2026-11-20\", \"buyer\": {\"customerNo\": \"KE\"},"
            + " \"lines\": [{\"lineNo\": 1, \"category\": \"kitchen/hood\", \"quantity\": 1, \"netFen\": 5}]}");
    host.insert("MEMBER", "K9", "{\"name\": \"李雷\"}");
    host.tick();
    long member = host.dealer.members().find("KE").orElseThrow().id();
    host.erase(member);
    return member;
  }

  @ParameterizedTest
  @EnumSource
  void aRowThatIsRefusedKeepsNothingOfWhoWasErased(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      erased(host);
      long order = host.insert("ORDER", "E-2", ERASED);
      long byPhone =
          host.insert(
              "ORDER", "E-3", "{\"buyer\": {\"name\": \"欧阳静\", \"phone\": \"１３６ 1111 2222\"}}");
      long member = host.insert("MEMBER", "KE", "{\"name\": \"欧阳静\", \"nick\": 1}");
      long note = host.insert("RETURN", "R-1", "{\"customerNo\": \"KE\", \"who\": \"欧阳静 收\"}");
      long noJson = host.insert("ORDER", "E-4", "{\"name\": \"欧阳静\", \"phone\": \"136 1111 2222\"");
      long stage =
          host.insert("STAGE", "E-1", "{\"stage\": \"SENT\", \"text\": \"欧阳静签收\", \"at\": null}");
      long quoted =
          host.insert(
              "ORDER",
              "E-5",
              "{\"buyer\": {\"customerNo\": \"KE\", \"欧阳静\": 1}, \"store\": \"S-1\"}");
      long heir =
          host.insert(
              "MEMBER",
              "K9",
              "{\"name\": \"李雷\", \"phones\": [\"13611112222\", \"13800138000\"], \"x\": 1}");
      long others = host.insert("ORDER", "E-6", ERASED.replace("KE", "K9").replace("欧阳静", "李雷"));

      host.tick();

      assertThat(host.text("SELECT fact, reason, reason_field FROM laoke_inbox"))
          .doesNotContain("欧阳静", "KE", "1111", "１３６");
      assertThat(refs(host)).doesNotContain("KE");
      assertThat(host.row(order).state()).isEqualTo(State.BAD);
      assertThat(host.row(order).reason().orElseThrow().toString()).contains("missing");
      assertThat(host.row(order).field()).hasValue("orderedAt");
      assertThat(host.dealer.inbox().json(order))
          .hasValue(
              ERASED.replaceAll("\"buyer\".*2222\"}, ", "").replace(": ", ":").replace(", ", ","));
      assertThat(host.row(byPhone).state()).isEqualTo(State.BAD);
      assertThat(host.dealer.inbox().json(note)).hasValue("{}");
      assertThat(host.row(stage).state()).isEqualTo(State.BAD);
      assertThat(host.row(quoted).state()).isEqualTo(State.BAD);
      assertThat(host.row(member).state()).isEqualTo(State.DROPPED);
      assertThat(host.row(noJson).state()).isEqualTo(State.DROPPED);
      assertThat(host.dealer.inbox().json(heir).orElseThrow()).contains("李雷", "13800138000");
      assertThat(host.dealer.inbox().json(others).orElseThrow()).contains("李雷", "K9");

      // A correction that names them again leaves nothing of them either, refused or applied.
      host.dealer
          .inbox()
          .correct(
              order,
              ERASED
                  .replace("{\"buyer", "{\"orderedAt\": \"2026-11-25\", \"buyer")
                  .replace("[{\"lineNo\": \"7\"}]", "[]"));
      host.dealer.inbox().retry(byPhone);
      host.tick();
      assertThat(host.text("SELECT fact, reason, reason_field FROM laoke_inbox"))
          .doesNotContain("欧阳静", "KE", "1111");
      assertThat(host.row(byPhone).state()).isEqualTo(State.BAD);

      host.dealer.members().readmit(IdentityKind.CUSTOMER_NO, "KE", "客服");
      host.dealer.members().readmit(IdentityKind.PHONE, "13611112222", "客服");
      long again = host.insert("ORDER", "E-7", ERASED);
      host.tick();
      assertThat(host.dealer.inbox().json(again)).hasValue(ERASED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void erasingAgainTakesOutWhatHasComeSince(TestServer server) throws SQLException {
    try (InboxHost host = new InboxHost(server)) {
      long member = erased(host);
      long order = host.insert("ORDER", "E-2", ERASED);
      long bad = host.insert("MEMBER", "KE", "{\"name\": \"欧阳静\", \"nick\": 1}");
      // As an earlier version left it.
      host.sql(
          "UPDATE laoke_inbox SET state = 'BAD', tries = 1, reason_code = 'UNKNOWN_FIELD', reason = '欧阳静' WHERE id = "
              + bad);
      long others =
          host.insert(
              "ORDER",
              "E-3",
              ERASED.replace("KE", "K9").replace("欧阳静", "李雷").replace("136", "138"));

      host.erase(member);

      assertThat(host.text("SELECT fact, reason FROM laoke_inbox"))
          .doesNotContain("欧阳静", "KE", "136");
      assertThat(refs(host)).doesNotContain("KE");
      assertThat(host.row(order).state()).isEqualTo(State.NEW);
      assertThat(host.row(bad).state()).isEqualTo(State.DROPPED);
      assertThat(host.dealer.inbox().json(others).orElseThrow()).contains("李雷", "K9", "138");
    }
  }

  /** Whole: the keyed hash of a number may hold any few letters by chance. */
  private static List<String> refs(InboxHost host) throws SQLException {
    return host.text("SELECT ref FROM laoke_inbox").lines().toList();
  }
}
