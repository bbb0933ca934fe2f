package io.laoke.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.laoke.base.Upserted;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportReport;
import io.laoke.member.MemberProfile;
import io.laoke.notice.NoticeTemplate;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.Stage;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In what order calls lock. Another transaction holds one row; once a call waits for it, all that
 * comes before is locked, and nothing that comes behind.
 */
class OrderOfLocksTest {
  /** Whether a transaction waits for a lock of another. */
  private static String waiting(TestServer server) {
    return switch (server) {
      case H2 -> "SELECT COUNT(*) FROM information_schema.sessions WHERE blocker_id IS NOT NULL";
      case POSTGRESQL ->
          """
          SELECT COUNT(*) FROM pg_stat_activity
          WHERE wait_event_type = 'Lock' AND application_name = current_setting('application_name')""";
      case MYSQL, MARIADB ->
          """
          SELECT COUNT(*) FROM information_schema.innodb_trx t
          JOIN information_schema.processlist p ON p.id = t.trx_mysql_thread_id
          WHERE t.trx_state = 'LOCK WAIT' AND p.db = DATABASE()""";
    };
  }

  /** One row by a key. */
  private record Held(String table, Map<String, Object> key) {
    static Held of(Connection on, String table, String columns, String where) throws SQLException {
      try (PreparedStatement select =
              on.prepareStatement(
                  "SELECT " + columns + " FROM laoke_" + table + " WHERE " + where);
          ResultSet row = select.executeQuery()) {
        assertThat(row.next()).as("%s where %s", table, where).isTrue();
        Map<String, Object> key = new LinkedHashMap<>();
        for (String column : columns.split(", ")) {
          key.put(column, row.getObject(column));
        }
        assertThat(row.next()).as("more than one %s where %s", table, where).isFalse();
        return new Held(table, key);
      }
    }

    void lock(Connection on, String waiting) throws SQLException {
      String sql =
          "SELECT dealer_id FROM laoke_%s WHERE %s = ? FOR UPDATE%s"
              .formatted(table, String.join(" = ? AND ", key.keySet()), waiting);
      try (PreparedStatement select = on.prepareStatement(sql)) {
        int at = 1;
        for (Object part : key.values()) {
          select.setObject(at++, part);
        }
        assertThat(select.executeQuery().next()).isTrue();
      }
    }

    boolean locked(Connection probe) throws SQLException {
      try {
        lock(probe, " NOWAIT");
        return false;
      } catch (SQLException others) {
        return true;
      } finally {
        probe.rollback();
      }
    }

    @Override
    public String toString() {
      return table + " " + key.values();
    }
  }

  /** A person with one row of each kind, and the rows in the order of their locks. */
  private record Person(long member, List<List<Held>> rows) {}

  private static Person person(World on, Connection look, int n) throws SQLException {
    String phone = "1391234500" + n;
    String openid = "o-wang-" + n;
    String daughter = "o-daughter-" + n;
    String own = on.order(Buyer.of("KH-" + n, "王芳", phone));
    String another = on.order(Buyer.of("KH-A" + n, "李四", null));
    String suspects = on.order(Buyer.of("KH-S" + n, "王芳", phone));
    on.scan(openid, own);
    on.scan(daughter, own);
    on.scan("o-li-" + n, another);
    on.scan(openid, another);
    on.engine.bindings().claim(World.ACCOUNT, openid, own, "9999");
    on.advance(own, Stage.SHIPPED);
    long member = on.memberOf(own).orElseThrow();
    assertThat(on.memberOf(suspects)).isPresent().isNotEqualTo(on.memberOf(own));
    String theirs = " = '" + on.hash(openid) + "'";
    List<Held> facts = new ArrayList<>();
    for (String fact : List.of(openid, daughter)) {
      for (String key : facts(look, on.hash(fact))) {
        facts.add(
            Held.of(
                look,
                "callback_inbox",
                "dealer_id, account, key_hash",
                "key_hash = '" + key + "'"));
      }
    }
    assertThat(facts).hasSize(3);
    List<List<Held>> rows = new ArrayList<>();
    rows.add(facts);
    rows.add(List.of(Held.of(look, "claim_try", "dealer_id, kind, key_hash", "key_hash" + theirs)));
    for (String order : List.of(own, another, suspects)) {
      rows.add(
          List.of(Held.of(look, "customer_order", "dealer_id, id", "order_no = '" + order + "'")));
    }
    rows.add(List.of(Held.of(look, "member", "dealer_id, id", "id = " + member)));
    rows.add(
        List.of(
            Held.of(
                look, "identity", "dealer_id, kind, account, value_hash", "value_hash" + theirs)));
    rows.add(List.of(Held.of(look, "outbox", "dealer_id, id", "recipient" + theirs)));
    return new Person(member, rows);
  }

  private static List<String> facts(Connection look, String recipient) throws SQLException {
    List<String> keys = new ArrayList<>();
    try (PreparedStatement select =
        look.prepareStatement("SELECT key_hash FROM laoke_callback_inbox WHERE recipient = ?")) {
      select.setString(1, recipient);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          keys.add(rows.getString(1));
        }
      }
    }
    return keys;
  }

  @ParameterizedTest
  @EnumSource
  void anErasureLocksFactsTriesOrdersMembersIdentitiesAndMessages(TestServer server)
      throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (World on = new World(server);
        Connection holder = on.pool.getConnection();
        Connection probe = on.pool.getConnection()) {
      on.engine.notices().template(Stage.SHIPPED, NoticeTemplate.of("tpl"));
      int kinds = person(on, probe, 0).rows.size();
      for (int kind = 0; kind < kinds; kind++) {
        Person person = person(on, probe, kind + 1);
        holder.setAutoCommit(false);
        probe.setAutoCommit(false);
        person.rows.get(kind).get(0).lock(holder, "");
        Future<?> erasure =
            threads.submit(() -> on.engine.members().erase(person.member, "店长", "客户要求"));
        await().until(() -> number(on, waiting(server)) > 0);

        for (int other = 0; other < kinds; other++) {
          for (Held row : person.rows.get(other)) {
            if (other != kind) {
              assertThat(row.locked(probe))
                  .as("%s while %s is waited for", row, person.rows.get(kind))
                  .isEqualTo(other < kind);
            }
          }
        }
        holder.rollback();
        erasure.get(30, TimeUnit.SECONDS);
        assertThat(on.engine.members().get(person.member)).isEmpty();
        holder.setAutoCommit(true);
        probe.setAutoCommit(true);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsPutIsLockedBeforeWhatTheyAreKnownBy(TestServer server) throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (World on = new World(server);
        Connection holder = on.pool.getConnection();
        Connection probe = on.pool.getConnection()) {
      long member = on.memberOf(on.order(Buyer.of("KH-1", "王芳", "13912345001"))).orElseThrow();
      Held person = Held.of(probe, "member", "dealer_id, id", "id = " + member);
      String key = "dealer_id, kind, account, value_hash";
      List<Held> knownBy =
          List.of(
              Held.of(probe, "identity", key, "kind = 'CUSTOMER_NO'"),
              Held.of(probe, "identity", key, "kind = 'PHONE'"));
      holder.setAutoCommit(false);
      probe.setAutoCommit(false);
      person.lock(holder, "");
      Future<Upserted> put =
          threads.submit(
              () ->
                  on.engine
                      .members()
                      .put(
                          MemberProfile.of("KH-1")
                              .withName("王芳芳")
                              .withPhones("13912345001", "13912345002")));
      await().until(() -> number(on, waiting(server)) > 0);

      for (Held row : knownBy) {
        assertThat(row.locked(probe)).as("%s while %s is waited for", row, person).isFalse();
      }
      holder.rollback();
      assertThat(put.get(30, TimeUnit.SECONDS)).isEqualTo(Upserted.CHANGED);
      holder.setAutoCommit(true);
      probe.setAutoCommit(true);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoReportsOfOneOrderComeOneAfterTheOther(TestServer server) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (World on = new World(server);
        Connection holder = on.pool.getConnection()) {
      String order = on.order(Buyer.of("KH-1", "王芳", null));
      // As a report locks it, by its number.
      Held row =
          Held.of(holder, "customer_order", "dealer_id, order_no", "order_no = '" + order + "'");
      holder.setAutoCommit(false);
      row.lock(holder, "");
      List<Future<Upserted>> reports = new ArrayList<>();
      for (String clerk : List.of("E1", "E2")) {
        // In a transaction of the host's, where nothing is repeated.
        reports.add(threads.submit(() -> reported(on, on.aOrder(order).salesperson(clerk))));
      }
      await().until(() -> number(on, waiting(server)) == 2);
      holder.rollback();

      for (Future<Upserted> report : reports) {
        assertThat(report.get(30, TimeUnit.SECONDS)).isEqualTo(Upserted.CHANGED);
      }
      holder.setAutoCommit(true);
    } finally {
      threads.shutdownNow();
    }
  }

  @ParameterizedTest
  @EnumSource
  void manyOrdersAtOnceAreLockedByTheirIds(TestServer server) throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (World on = new World(server);
        Connection holder = on.pool.getConnection();
        Connection probe = on.pool.getConnection()) {
      List<String> numbers = List.of("Z-1", "A-1");
      List<Held> rows = new ArrayList<>();
      for (String number : numbers) {
        on.engine.orders().upsert(on.aOrder(number));
        rows.add(Held.of(probe, "customer_order", "dealer_id, id", "order_no = '" + number + "'"));
      }
      holder.setAutoCommit(false);
      probe.setAutoCommit(false);
      rows.get(0).lock(holder, "");
      Future<ImportReport> report =
          threads.submit(
              () ->
                  on.engine
                      .imports
                      .imports(on.database, on.dealer)
                      .run(
                          "history",
                          numbers.stream()
                              .map(number -> ImportFact.order(on.aOrder(number).salesperson("E1")))
                              .iterator()));
      await().until(() -> number(on, waiting(server)) > 0);

      assertThat(rows.get(1).locked(probe)).as("while the first is waited for").isFalse();
      holder.rollback();
      assertThat(report.get(30, TimeUnit.SECONDS).state()).isEqualTo(ImportReport.State.DONE);
      for (String number : numbers) {
        assertThat(on.engine.orders().find(number).orElseThrow().salesperson()).contains("E1");
      }
      holder.setAutoCommit(true);
      probe.setAutoCommit(true);
    } finally {
      threads.shutdownNow();
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

  private static long number(World on, String sql) throws SQLException {
    try (Connection connection = on.pool.getConnection();
        PreparedStatement select = connection.prepareStatement(sql);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getLong(1);
    }
  }
}
