package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.laoke.base.Upserted;
import io.laoke.binding.Locks.Held;
import io.laoke.catalog.CatalogBatch;
import io.laoke.error.StoreException;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportReport;
import io.laoke.imports.Imports;
import io.laoke.imports.Refusal;
import io.laoke.internal.jdbc.Undo;
import io.laoke.member.Attribute;
import io.laoke.member.Erasure;
import io.laoke.member.MemberProfile;
import io.laoke.member.Members;
import io.laoke.message.InboundReceiver;
import io.laoke.message.Reply;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderBatch;
import io.laoke.order.OrderLine;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * By the rows that a call has locked while it waits for one that is held: all that comes before,
 * nothing that comes behind, and nothing of others.
 */
class HeldWhileWaitingTest {
  private static final String IDENTITY = "dealer_id, kind, account, value_hash";

  /** A person with one row of each kind, and the rows in the order of their locks. */
  private record Person(long member, String order, List<List<Held>> rows) {}

  private static Person person(Locks locks, int n) throws SQLException {
    World on = locks.on;
    String phone = "1391234500" + n;
    String openid = "o-wang-" + n;
    String daughter = "o-daughter-" + n;
    String own = on.order(Buyer.of("KH-" + n, "王芳" + n, phone));
    String another = on.order(Buyer.of("KH-A" + n, "李四", null));
    String suspects = on.order(Buyer.of("KH-S" + n, "王芳" + n, phone));
    on.scan(openid, own);
    on.scan(daughter, own);
    on.scan("o-li-" + n, another);
    on.scan(openid, another);
    on.engine.outsideOfHosts().bindings().claim(World.ACCOUNT, openid, own, "9999");
    on.advance(own, Stage.SHIPPED);
    long member = on.memberOf(own).orElseThrow();
    assertThat(on.memberOf(suspects)).isPresent().isNotEqualTo(on.memberOf(own));
    String theirs = " = '" + on.hash(openid) + "'";
    List<Held> facts = new ArrayList<>();
    for (String fact : List.of(openid, daughter)) {
      facts.addAll(
          locks.rows(
              "callback_inbox",
              "dealer_id, account, key_hash",
              "recipient = '" + on.hash(fact) + "'"));
    }
    assertThat(facts).hasSize(3);
    List<List<Held>> rows = new ArrayList<>();
    rows.add(facts);
    rows.add(List.of(locks.row("claim_try", "dealer_id, kind, key_hash", "key_hash" + theirs)));
    for (String order : List.of(own, another, suspects)) {
      rows.add(List.of(locks.row("customer_order", "dealer_id, id", "order_no = '" + order + "'")));
    }
    rows.add(List.of(locks.row("member", "dealer_id, id", "id = " + member)));
    rows.add(List.of(locks.row("identity", IDENTITY, "value_hash" + theirs)));
    rows.add(List.of(locks.row("outbox", "dealer_id, id", "recipient" + theirs)));
    return new Person(member, own, rows);
  }

  private static Erasure erase(World on, Person person) {
    return on.engine.eraser().erase(person.member, "店长", "客户要求");
  }

  @ParameterizedTest
  @EnumSource
  void anErasureLocksFactsTriesOrdersMembersIdentitiesAndMessages(TestServer server)
      throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
      int kinds = person(locks, 0).rows.size();
      for (int kind = 0; kind < kinds; kind++) {
        Person person = person(locks, kind + 1);
        Held held = person.rows.get(kind).get(0);
        locks.hold(held);
        Future<Erasure> erasure = locks.waits(() -> erase(on, person));

        for (int other = 0; other < kinds; other++) {
          for (Held row : person.rows.get(other)) {
            if (other != kind) {
              assertThat(locks.locked(row))
                  .as("%s while %s is waited for", row, person.rows.get(kind))
                  .isEqualTo(other < kind);
            }
          }
        }
        locks.release(held);
        locks.ends(erasure);
        assertThat(on.engine.members().get(person.member)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anErasureKeepsNobodyElseWaiting(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
      Person one = person(locks, 1);
      Person other = person(locks, 2);
      Person third = person(locks, 3);
      Held held = late(locks, one);
      locks.hold(held);
      Future<Erasure> erasure = locks.waits(() -> erase(on, one));

      othersGoOn(locks, other);
      locks.release(held);
      locks.ends(erasure);

      try (Connection host = on.pool.getConnection()) {
        host.setAutoCommit(false);
        on.engine
            .members
            .members(on.database.in(host), on.dealer)
            .erase(other.member, "店长", "客户要求");
        othersGoOn(locks, third);
        host.commit();
        host.setAutoCommit(true);
      }
      for (Person erased : List.of(one, other, third)) {
        assertThat(on.engine.members().get(erased.member)).isEmpty();
      }
    }
  }

  /** Whoever writes outcomes has locked the messages, and goes on to their decisions. */
  @ParameterizedTest
  @EnumSource
  void anErasureInAHostsTransactionHoldsNoDecisionWhileItWaitsForAMessage(TestServer server)
      throws Exception {
    try (Locks locks = new Locks(server);
        Connection host = locks.on.pool.getConnection()) {
      World on = locks.on;
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
      Person person = person(locks, 1);
      Held message = person.rows.get(person.rows.size() - 1).get(0);
      Held decision = locks.row("decision", "dealer_id, id", "id = " + message.key().get("id"));
      host.setTransactionIsolation(
          server == TestServer.MYSQL || server == TestServer.MARIADB
              ? Connection.TRANSACTION_REPEATABLE_READ
              : Connection.TRANSACTION_READ_COMMITTED);
      host.setAutoCommit(false);
      locks.hold(message);
      Future<Erasure> erasure =
          locks.waits(
              () ->
                  on.engine
                      .members
                      .members(on.database.in(host), on.dealer)
                      .erase(person.member, "店长", "客户要求"));

      assertThat(locks.locked(decision)).isFalse();

      locks.release(message);
      locks.ends(erasure);
      host.commit();
      host.setAutoCommit(true);
      assertThat(on.engine.members().get(person.member)).isEmpty();
    }
  }

  private static List<Held> received(Locks locks, String openid) throws SQLException {
    return locks.rows(
        "callback_inbox",
        "dealer_id, account, key_hash",
        "state = 'RECEIVED' AND recipient = '" + locks.on.hash(openid) + "'");
  }

  private static void nobodyAsks(Locks locks, Person person) throws SQLException {
    assertThat(locks.rows("callback_inbox", "id", "fact LIKE '%绑定 " + person.order + "%'"))
        .isEmpty();
  }

  /** They wait for an order that the erasure has locked, and the host's snapshot shows none. */
  @ParameterizedTest
  @EnumSource(names = {"MYSQL", "MARIADB"})
  void anErasureInAHostsTransactionWaitsForNobodyWhoIsAtAFact(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
      int n = 1;
      for (String whose : List.of("o-wang-", "o-daughter-")) {
        Person person = person(locks, n);
        String openid = whose + n++;
        try (Connection host = on.pool.getConnection()) {
          host.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
          host.setAutoCommit(false);
          Members members = on.engine.members.members(on.database.in(host), on.dealer);
          assertThat(members.get(person.member)).isPresent();
          InboundReceiver.Receipt asked =
              on.engine
                  .messages
                  .receiver()
                  .accept(World.ACCOUNT, on.text(openid, "绑定 " + person.order + " 5001"));
          Held held = received(locks, openid).get(0);
          locks.hold(held);

          assertThatThrownBy(
                  () -> locks.waitsForNobody(() -> members.erase(person.member, "店长", "客户要求")))
              .cause()
              .isInstanceOfSatisfying(
                  StoreException.class, told -> assertThat(told.retryable()).isTrue());

          host.rollback();
          locks.release(held);
          assertThat(asked.process()).isNotEqualTo(Reply.none());
          members.erase(person.member, "店长", "客户要求");
          host.commit();
          host.setAutoCommit(true);
        }
        nobodyAsks(locks, person);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatAFriendHasJustAskedForIsErasedToo(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
      Person person = person(locks, 1);
      InboundReceiver receiver = on.engine.messages.receiver();
      InboundReceiver.Receipt asked =
          receiver.accept(World.ACCOUNT, on.text("o-daughter-1", "绑定 " + person.order + " 5001"));
      // What was said of the person with another's order: behind the orders, before the messages.
      Held late =
          locks
              .rows(
                  "binding_audit",
                  "dealer_id, order_id, id",
                  "recipient_id IN (SELECT id FROM laoke_recipient WHERE openid_hash = '"
                      + on.hash("o-wang-1")
                      + "') AND order_id <> "
                      + id(on, person.order))
              .get(0);
      locks.hold(late);
      Future<Erasure> erasure = locks.waits(() -> erase(on, person));
      InboundReceiver.Receipt again =
          locks.goesOn(
              () ->
                  receiver.accept(
                      World.ACCOUNT, on.text("o-daughter-1", "绑定 " + person.order + " 5002")));
      Held held =
          received(locks, "o-daughter-1").stream()
              .filter(row -> !isLocked(locks, row))
              .findFirst()
              .orElseThrow();
      locks.hold(held);
      locks.release(late);
      // It repeats its transaction, and begins it by waiting for whoever is at that fact.
      await().until(() -> erasure.isDone() || locks.waiting() > 0);
      locks.release(held);
      locks.ends(erasure);

      nobodyAsks(locks, person);
      assertThat(asked.process()).isEqualTo(Reply.none());
      assertThat(again.process()).isEqualTo(Reply.none());
    }
  }

  private static boolean isLocked(Locks locks, Held row) {
    try {
      return locks.locked(row);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** Whoever writes one down waits for the erasure, so that it must not wait for them. */
  @ParameterizedTest
  @EnumSource
  void anErasureWaitsForNoFactThatIsJustWrittenDown(TestServer server) throws Exception {
    try (Locks locks = new Locks(server);
        Connection another = locks.on.pool.getConnection();
        Statement insert = another.createStatement()) {
      World on = locks.on;
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
      Person person = person(locks, 1);
      // Of a table with few rows a database would read all, and pass over what is not committed.
      for (int doubled = 0; doubled < 8; doubled++) {
        String copy = "CONCAT(key_hash, '" + (char) ('a' + doubled) + "')";
        insert.execute(copies(copy, copy, ""));
      }
      another.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      another.setAutoCommit(false);
      Object key = person.rows.get(0).get(0).key().get("key_hash");
      insert.execute(copies("'new'", "recipient", " WHERE key_hash = '" + key + "'"));

      locks.goesOn(() -> erase(on, person));

      another.rollback();
      another.setAutoCommit(true);
      assertThat(on.engine.members().get(person.member)).isEmpty();
    }
  }

  private static String copies(String key, String recipient, String where) {
    String others =
        "dealer_id, account, id, kind, fact, state, tries, retry_ms, error, received_ms";
    return "INSERT INTO laoke_callback_inbox (key_hash, recipient, %3$s) SELECT %1$s, %2$s, %3$s FROM laoke_callback_inbox%4$s"
        .formatted(key, recipient, others, where);
  }

  /** What an erasure changes last, when all else is locked and much is written. */
  private static Held late(Locks locks, Person person) throws SQLException {
    return locks
        .rows(
            "binding_audit", "dealer_id, order_id, id", "order_id = " + id(locks.on, person.order))
        .get(0);
  }

  private static long id(World on, String order) {
    return on.engine.orders().find(order).orElseThrow().id();
  }

  private static void othersGoOn(Locks locks, Person person) throws Exception {
    World on = locks.on;
    for (int n = 0; n < 5; n++) {
      String openid = "o-new-" + person.member + "-" + n;
      locks.goesOn(() -> on.engine.receive(on.followed(openid)));
      locks.goesOn(() -> on.scan(openid, on.order(Buyer.of("KH-" + openid, null, null))));
    }
    locks.goesOn(() -> erase(on, person));
  }

  @ParameterizedTest
  @EnumSource
  void whoIsPutIsLockedBeforeWhatTheyAreKnownBy(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      long member = on.memberOf(on.order(Buyer.of("KH-1", "王芳", "13912345001"))).orElseThrow();
      Held held = locks.row("member", "dealer_id, id", "id = " + member);
      locks.hold(held);
      Future<Upserted> put =
          locks.waits(
              () ->
                  on.engine
                      .members()
                      .put(
                          MemberProfile.of("KH-1")
                              .withName("王芳芳")
                              .withPhones("13912345001", "13912345002")));

      for (Held row : locks.rows("identity", IDENTITY, "value_hash <> ''")) {
        assertThat(locks.locked(row)).as("%s", row).isFalse();
      }
      locks.release(held);
      assertThat(locks.ends(put)).isEqualTo(Upserted.CHANGED);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whomAnImportPutsIsLockedBeforeWhatTheyAreKnownBy(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      long member = on.memberOf(on.order(Buyer.of("KH-1", "王芳", null))).orElseThrow();
      Held number = locks.row("identity", IDENTITY, "kind = 'CUSTOMER_NO'");
      Held held = locks.row("member", "dealer_id, id", "id = " + member);
      locks.hold(held);
      List<ImportFact> facts =
          List.of(
              ImportFact.member(MemberProfile.of("KH-1").withName("王芳芳")),
              ImportFact.member(MemberProfile.of("KH-2")));
      Future<ImportReport> report = locks.waits(() -> imports(on).run("h", facts.iterator()));

      assertThat(locks.locked(number)).isFalse();
      locks.release(held);
      assertThat(locks.ends(report).of(ImportFact.Kind.MEMBER))
          .isEqualTo(new ImportReport.Counts(1, 1, 0, 0));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoBuysIsLockedBeforeWhatTheyAreKnownBy(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      long member = on.memberOf(on.order(Buyer.of(null, "王芳", "13912345001"))).orElseThrow();
      Held phone = locks.row("identity", IDENTITY, "kind = 'PHONE'");
      Held held = locks.row("member", "dealer_id, id", "id = " + member);
      locks.hold(held);
      // A name that is new to the phone, and a number that comes to its member.
      Future<String> report = locks.waits(() -> on.order(Buyer.of("KH-1", "王芳芳", "13912345001")));

      assertThat(locks.locked(phone)).isFalse();
      locks.release(held);
      assertThat(on.memberOf(locks.ends(report))).hasValue(member);
      assertThat(on.engine.members().find("KH-1").orElseThrow().id()).isEqualTo(member);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoBuysInAnImportIsLockedBeforeWhatTheyAreKnownBy(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      long member = on.memberOf(on.order(Buyer.of("KH-1", "王芳", "13912345001"))).orElseThrow();
      List<Held> known = locks.rows("identity", IDENTITY, "value_hash <> ''");
      Held held = locks.row("member", "dealer_id, id", "id = " + member);
      locks.hold(held);
      // A name that is new to the phone.
      List<ImportFact> facts =
          List.of(ImportFact.order(on.aOrder("SO-H").buyer(Buyer.of(null, "王芳芳", "13912345001"))));
      Future<ImportReport> report = locks.waits(() -> imports(on).run("h", facts.iterator()));

      for (Held row : known) {
        assertThat(locks.locked(row)).as("%s", row).isFalse();
      }
      locks.release(held);
      assertThat(locks.ends(report).of(ImportFact.Kind.ORDER))
          .isEqualTo(new ImportReport.Counts(1, 0, 0, 0));
      assertThat(on.memberOf("SO-H")).hasValue(member);
    }
  }

  /** Those whom it puts, and those whose orders it changes. */
  @ParameterizedTest
  @EnumSource
  void allInAnImportAreLockedByTheirIds(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      String order = on.order(Buyer.of("KH-1", "王芳", null));
      long buyer = on.memberOf(order).orElseThrow();
      long put = on.memberOf(on.order(Buyer.of("KH-2", "李四", null))).orElseThrow();
      assertThat(buyer).isLessThan(put);
      List<Held> behind = locks.rows("identity", IDENTITY, "member_id = " + put);
      Held second = locks.row("member", "dealer_id, id", "id = " + put);
      Held held = locks.row("member", "dealer_id, id", "id = " + buyer);
      locks.hold(held);
      Order changed =
          on.aOrder(order)
              .buyer(Buyer.of("KH-1", "王芳", null))
              .line(OrderLine.goods("3", "kitchen/stove", 1, "999.00"));
      List<ImportFact> facts =
          List.of(
              ImportFact.member(MemberProfile.of("KH-2").withName("李四四")),
              ImportFact.order(changed));
      Future<ImportReport> report = locks.waits(() -> imports(on).run("h", facts.iterator()));

      assertThat(locks.locked(second)).isFalse();
      for (Held row : behind) {
        assertThat(locks.locked(row)).as("%s", row).isFalse();
      }
      locks.release(held);
      assertThat(locks.ends(report).refused()).isZero();
      assertThat(on.engine.members().find("KH-2").orElseThrow().name()).contains("李四四");
    }
  }

  /** As it does when it repeats a transaction that others were faster in. */
  @ParameterizedTest
  @EnumSource
  void anImportClaimsNoNewNumberWhileItWaitsForAMember(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      long member = on.memberOf(on.order(Buyer.of("KH-1", "王芳", null))).orElseThrow();
      Held held = locks.row("member", "dealer_id, id", "id = " + member);
      OrderBatch.Mentioned mentioned = new OrderBatch.Mentioned();
      mentioned.order(on.aOrder("SO-1").buyer(Buyer.of("KH-1", "王芳", null)));
      mentioned.order(on.aOrder("SO-2").buyer(Buyer.of("KH-NEW", "赵六", "13912345009")));
      locks.hold(held);
      Future<Boolean> batch =
          locks.waits(
              () ->
                  on.database.own(
                      "claim",
                      tx -> {
                        Undo undo = new Undo();
                        CatalogBatch catalog = on.engine.catalogs.batch();
                        on.engine
                            .orders
                            .batch(
                                on.dealer,
                                catalog,
                                on.engine.members.batch(on.database, on.dealer, catalog, undo),
                                true,
                                undo)
                            .prefetch(tx, mentioned, true, on.now);
                        return true;
                      }));

      MemberProfile one = MemberProfile.of("KH-NEW").withPhones("13912345009");
      assertThat(locks.waitsForNobody(() -> on.engine.members().put(one)))
          .isEqualTo(Upserted.CREATED);
      locks.release(held);
      assertThat(locks.ends(batch)).isTrue();
    }
  }

  /** Two more names make a phone a shared one: one that came meanwhile counts. */
  @ParameterizedTest
  @EnumSource
  void aNameThatCameWhileAnImportWaitedIsNotWrittenOver(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      long member = on.memberOf(on.order(Buyer.of(null, "王芳", "13912345001"))).orElseThrow();
      long other = on.memberOf(on.order(Buyer.of("KH-2", "李四", null))).orElseThrow();
      assertThat(member).isLessThan(other);
      Held held = locks.row("member", "dealer_id, id", "id = " + other);
      List<ImportFact> facts =
          List.of(
              ImportFact.order(on.aOrder("SO-1H").buyer(Buyer.of(null, "王芳芳", "13912345001"))),
              ImportFact.order(on.aOrder("SO-2H").buyer(Buyer.of("KH-2", "李四", null))));
      Held phone = locks.row("identity", IDENTITY, "kind = 'PHONE'");
      locks.hold(held);
      Future<ImportReport> report = locks.waits(() -> imports(on).run("h", facts.iterator()));
      assertThat(locks.locked(phone)).isFalse();
      on.database.own(
          "as another node notes it",
          tx ->
              tx.update(
                      "UPDATE {identity} SET names = CONCAT(names, ' another') WHERE kind = 'PHONE'")
                  .execute());
      locks.release(held);

      assertThat(locks.ends(report).of(ImportFact.Kind.ORDER))
          .isEqualTo(new ImportReport.Counts(2, 0, 0, 0));
      assertThat(
              on.database.<String>read(
                  "status",
                  tx ->
                      tx.query("SELECT status FROM {identity} WHERE kind = 'PHONE'")
                          .mapTo(String.class)
                          .one()))
          .isEqualTo("SHARED");
    }
  }

  @ParameterizedTest
  @EnumSource
  void anotherBuyerIsLockedTogetherWithTheOneBefore(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      String order = on.order(Buyer.of(null, "李四", "13912345000"));
      long before = on.memberOf(order).orElseThrow();
      long member = on.memberOf(on.order(Buyer.of(null, "王芳", "13912345001"))).orElseThrow();
      assertThat(before).isLessThan(member);
      Held held = locks.row("member", "dealer_id, id", "id = " + before);
      locks.hold(held);
      Buyer buyer = Buyer.of("KH-1", "王芳芳", "13912345001");
      Future<Upserted> report =
          locks.waits(() -> on.engine.orders().upsert(on.aOrder(order).buyer(buyer)).outcome());

      assertThat(locks.locked(locks.row("member", "dealer_id, id", "id = " + member))).isFalse();
      locks.release(held);
      assertThat(locks.ends(report)).isEqualTo(Upserted.CHANGED);
      assertThat(on.memberOf(order)).hasValue(member);
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoReportsOfOneOrderComeOneAfterTheOther(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      String order = on.order(Buyer.of("KH-1", "王芳", null));
      // As a report locks it, by its number.
      Held held = locks.row("customer_order", "dealer_id, order_no", "order_no = '" + order + "'");
      locks.hold(held);
      List<Future<Upserted>> reports = new ArrayList<>();
      for (String clerk : List.of("E1", "E2")) {
        // In a transaction of the host's, where nothing is repeated.
        reports.add(locks.waits(() -> reported(on, on.aOrder(order).salesperson(clerk))));
      }
      locks.release(held);

      for (Future<Upserted> report : reports) {
        assertThat(locks.ends(report)).isEqualTo(Upserted.CHANGED);
      }
    }
  }

  private static Upserted reported(World on, Order order) throws SQLException {
    try (Connection host = on.pool.getConnection()) {
      host.setAutoCommit(false);
      try {
        Upserted outcome =
            on.engine.orders.orders(on.database.in(host), on.dealer).upsert(order).outcome();
        host.commit();
        return outcome;
      } finally {
        host.rollback();
        host.setAutoCommit(true);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyOrdersAtOnceAreLockedByTheirIds(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      List<String> numbers = List.of("Z-1", "A-1");
      List<Held> rows = new ArrayList<>();
      for (String number : numbers) {
        on.engine.orders().upsert(on.aOrder(number));
        rows.add(locks.row("customer_order", "dealer_id, id", "order_no = '" + number + "'"));
      }
      Held held = rows.get(0);
      locks.hold(held);
      Future<ImportReport> report =
          locks.waits(
              () ->
                  imports(on)
                      .run(
                          "history",
                          numbers.stream()
                              .map(number -> ImportFact.order(on.aOrder(number).salesperson("E1")))
                              .iterator()));

      assertThat(locks.locked(rows.get(1))).as("while the first is waited for").isFalse();
      locks.release(held);
      assertThat(locks.ends(report).state()).isEqualTo(ImportReport.State.DONE);
      for (String number : numbers) {
        assertThat(on.engine.orders().find(number).orElseThrow().salesperson()).contains("E1");
      }
    }
  }

  private static Imports imports(World on) {
    return on.engine.imports.imports(TestServer.outsideOfHosts(on.pool), on.dealer);
  }

  private static ImportFact bad(String customerNo) {
    return ImportFact.refused(
        ImportFact.Kind.MEMBER, customerNo, "phone", "139", "must be a phone");
  }

  @ParameterizedTest
  @EnumSource
  void whatAnImportIsJustRefusingIsErasedToo(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      String order = on.order(Buyer.of("KH-9", "李四", null));
      long member = on.memberOf(on.order(Buyer.of("KH-1", "王芳", null))).orElseThrow();
      // A batch has read the bad fact, and waits before it writes what it has refused.
      Held held = locks.row("customer_order", "dealer_id, id", "order_no = '" + order + "'");
      locks.hold(held);
      List<ImportFact> facts =
          List.of(bad("KH-1"), bad("KH-2"), ImportFact.order(on.aOrder(order).salesperson("E1")));
      Future<ImportReport> report = locks.waits(() -> imports(on).run("h", facts.iterator()));
      Future<Erasure> erasure = locks.waits(() -> on.engine.eraser().erase(member, "店长", "客户要求"));
      locks.release(held);
      locks.ends(erasure);

      assertThat(locks.ends(report).refused()).isEqualTo(2);
      assertThat(imports(on).refusals("h", 0, 9)).extracting(Refusal::key).containsExactly("KH-2");
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsErasedWhileAnImportBeginsIsNotNamedByIt(TestServer server) throws Exception {
    try (Locks locks = new Locks(server)) {
      World on = locks.on;
      long member = on.memberOf(on.order(Buyer.of("KH-1", "王芳", null))).orElseThrow();
      on.engine.members().put(MemberProfile.of("KH-1").withAttribute("city", Attribute.of("南宁")));
      List<ImportFact> facts = List.of(bad("KH-1"), bad("KH-2"));
      // What an erasure comes to last: it has seen no import.
      Held held = locks.row("member_attribute", "dealer_id, member_id, name", "name = 'city'");
      locks.hold(held);
      Future<Erasure> erasure = locks.waits(() -> on.engine.eraser().erase(member, "店长", "客户要求"));
      Future<ImportReport> report = locks.waits(() -> imports(on).run("h", facts.iterator()));
      locks.release(held);
      locks.ends(erasure);

      assertThat(locks.ends(report).refusedBy()).containsEntry("MEMBER phone", 2L);
      assertThat(imports(on).refusals("h", 0, 9))
          .isEqualTo(locks.ends(report).firstRefused())
          .extracting(Refusal::key)
          .containsExactly("***", "KH-2");
      imports(on).run("again", facts.iterator());
      assertThat(imports(on).refusals("again", 0, 9))
          .extracting(Refusal::key)
          .containsExactly("***", "KH-2");
    }
  }
}
