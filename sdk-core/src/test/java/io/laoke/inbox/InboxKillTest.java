package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.inbox.InboxFact.State;
import io.laoke.testing.KilledAtWork;
import io.laoke.testing.TestServer;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InboxKillTest {
  private static final int ORDERS = 2_000;

  @Test
  void aNodeThatIsKilledInABatchLosesNothingAndDoublesNothing() throws Exception {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("killed in a batch: -Dlaoke.seed=" + seed);
    try (InboxHost host = new InboxHost(TestServer.POSTGRESQL)) {
      try (Connection erp = host.pool.getConnection()) {
        erp.setAutoCommit(false);
        for (int i = 0; i < ORDERS; i++) {
          host.insert(
              erp,
              "hengxin",
              "ORDER",
              "SO-" + i,
              """
              {"orderedAt": "2026-11-24", "buyer": {"customerNo": "C-1"},
               "lines": [{"lineNo": 1, "category": "kitchen/hood", "quantity": 1, "netFen": 100}]}\
              """);
        }
        erp.commit();
      }
      Process node =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  ApplyAndDie.class.getName(),
                  host.pool.getJdbcUrl(),
                  String.valueOf(seed))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .start();
      try {
        assertThat(node.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(node.exitValue()).isEqualTo(KilledAtWork.EXIT);
      } finally {
        node.destroyForcibly();
      }
      long done = host.dealer.inbox().count(State.DONE);
      assertThat(done).isBetween(20L, ORDERS - 1L);

      host.later();
      assertThat(host.tick()).isEqualTo(ORDERS - (int) done);

      long member = host.dealer.members().find("C-1").orElseThrow().id();
      assertThat(host.dealer.orders().consumption(member).get(0).orders()).isEqualTo(ORDERS);
      assertThat(host.dealer.orders().consumption(member).get(0).netFen()).isEqualTo(100L * ORDERS);
      assertThat(host.dealer.orders().recount(member).rows()).isZero();
    }
  }
}
