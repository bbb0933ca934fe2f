package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.catalog.Category;
import io.laoke.inbox.InboxFact.State;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Several programs report a few orders at once, each locking the ERP's own row of the order before
 * it inserts the fact, some rolling back, while two engines apply, and while a third hand takes
 * their turns away, so that only the rule of the rows keeps the order. In the end all is recorded
 * as if the facts had been told to the API in the order of the commits. {@code -Dlaoke.seed=…}
 * repeats the facts, though not their order.
 */
class InboxStormTest {
  private static final int WRITERS = 3;
  private static final int FACTS = 14;
  private static final List<String> ORDERS = List.of("SO-1", "SO-2", "SO-3");
  private static final List<String> STAGES = List.of("APPROVED", "SHIPPED", "DELIVERED");

  /** A fact as it was committed. */
  private record Told(long id, String kind, String ref, String json) {}

  @ParameterizedTest
  @EnumSource
  void allIsRecordedAsIfToldToTheApiInTheOrderOfTheCommits(TestServer server) throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.printf("inbox storm on %s: -Dlaoke.seed=%d%n", server, seed);
    try (InboxHost host = new InboxHost(server);
        Laoke second = host.builder(host.pool).build()) {
      host.sql("CREATE TABLE erp (no VARCHAR(20) PRIMARY KEY, version INT)");
      for (String no : List.of("SO-1", "SO-2", "SO-3", "C-1", "RT-1")) {
        host.sql("INSERT INTO erp VALUES ('" + no + "', 0)");
      }
      List<Told> told = new ArrayList<>();
      for (String orderNo : ORDERS) {
        String json = "{\"orderedAt\": \"2026-11-20\"}";
        told.add(new Told(host.insert("ORDER", orderNo, json), "ORDER", orderNo, json));
      }
      AtomicBoolean over = new AtomicBoolean();
      ExecutorService threads = Executors.newFixedThreadPool(WRITERS + 3);
      try {
        List<Future<List<Told>>> writers = new ArrayList<>();
        for (int n = 0; n < WRITERS; n++) {
          Random random = new Random(seed + n);
          writers.add(threads.submit(() -> writer(host, random)));
        }
        List<Future<?>> engines = new ArrayList<>();
        for (Laoke engine : List.of(host.laoke, second)) {
          engines.add(
              threads.submit(
                  (Callable<Void>)
                      () -> {
                        while (!over.get()) {
                          engine.tick(InboxHost.NOW);
                        }
                        return null;
                      }));
        }
        engines.add(
            threads.submit(
                (Callable<Void>)
                    () -> {
                      while (!over.get()) {
                        host.sql("UPDATE laoke_inbox_turn SET until_ms = 1");
                      }
                      return null;
                    }));
        for (Future<List<Told>> writer : writers) {
          told.addAll(writer.get());
        }
        over.set(true);
        for (Future<?> engine : engines) {
          engine.get();
        }
      } finally {
        over.set(true);
        threads.shutdownNow();
      }
      for (int i = 0; i < 10 && host.dealer.inbox().count(State.DONE) < told.size(); i++) {
        host.later();
        host.tick();
      }

      assertThat(host.dealer.inbox().count(State.DONE)).isEqualTo(told.size());
      Dealer same = host.laoke.dealer("same");
      same.catalog().put(Category.of("kitchen/hood", "油烟机"));
      FactReader reader = new FactReader();
      told.sort(Comparator.comparing(Told::id));
      for (Told fact : told) {
        reader
            .read(Fact.Kind.valueOf(fact.kind), fact.ref, fact.json, ZoneId.of("Asia/Shanghai"))
            .tell(new Fact.Doors(same.members(), same.orders(), same.returns()));
      }
      for (String orderNo : ORDERS) {
        assertThat(InboxHost.recorded(host.dealer, orderNo))
            .isEqualTo(InboxHost.recorded(same, orderNo));
      }
      assertThat(host.dealer.members().find("C-1").map(member -> member.name()))
          .isEqualTo(same.members().find("C-1").map(member -> member.name()));
    }
  }

  private static List<Told> writer(InboxHost host, Random random) throws SQLException {
    List<Told> told = new ArrayList<>();
    try (Connection erp = host.pool.getConnection()) {
      erp.setAutoCommit(false);
      for (int i = 0; i < FACTS; i++) {
        Told fact = fact(random);
        try (PreparedStatement lock =
            erp.prepareStatement("UPDATE erp SET version = version + 1 WHERE no = ?")) {
          lock.setString(1, fact.ref);
          while (!locked(lock)) {
            erp.rollback();
          }
        }
        long id = host.insert(erp, "hengxin", fact.kind, fact.ref, fact.json);
        if (random.nextInt(8) == 0) {
          erp.rollback();
        } else {
          erp.commit();
          told.add(new Told(id, fact.kind, fact.ref, fact.json));
        }
      }
    }
    return told;
  }

  /** H2 gives up waiting for a lock, which a real ERP would try again too. */
  private static boolean locked(PreparedStatement lock) throws SQLException {
    try {
      return lock.executeUpdate() == 1;
    } catch (SQLException busy) {
      if (busy.getErrorCode() == 50_200) {
        return false;
      }
      throw busy;
    }
  }

  private static Told fact(Random random) {
    String orderNo = ORDERS.get(random.nextInt(ORDERS.size()));
    return switch (random.nextInt(6)) {
      case 0, 1 ->
          new Told(
              0,
              "ORDER",
              orderNo,
              """
              {"orderedAt": "2026-11-2%d", "store": "S%d", "buyer": {"customerNo": "C-1"},
               "lines": [{"lineNo": "1", "category": "kitchen/hood", "quantity": %d, "netFen": %d}]}\
              """
                  .formatted(
                      random.nextInt(5),
                      random.nextInt(3),
                      1 + random.nextInt(3),
                      random.nextInt(999)));
      case 2, 3 ->
          new Told(
              0,
              "STAGE",
              orderNo,
              "{\"stage\": \"%s\", \"at\": \"2026-11-24 1%d:00:00\", \"text\": \"%d\"}"
                  .formatted(
                      STAGES.get(random.nextInt(STAGES.size())),
                      random.nextInt(10),
                      random.nextInt(100)));
      case 4 -> new Told(0, "MEMBER", "C-1", "{\"name\": \"王%d\"}".formatted(random.nextInt(99)));
      default ->
          new Told(
              0,
              "RETURN",
              "RT-1",
              """
              {"returnedAt": "2026-11-24", "orderNo": "%s",
               "lines": [{"lineNo": "1", "category": "kitchen/hood", "quantity": 1, "netFen": %d}]}\
              """
                  .formatted(orderNo, random.nextInt(999)));
    };
  }
}
