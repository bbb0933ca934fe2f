package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import io.laoke.internal.jdbc.Migrations;
import io.laoke.internal.jdbc.Names;
import io.laoke.testing.TestServer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a migration counts of consumption files that were there before it. */
class FilledFilesTest {
  private static final int PARTS = 17;

  @ParameterizedTest
  @EnumSource
  void linesAreCountedAndMembersRepeatTheirFilesPartByPart(TestServer server) {
    long seed = Long.getLong("laoke.seed", System.nanoTime());
    System.out.println("files filled on " + server + ": -Dlaoke.seed=" + seed);
    try (OrderFixture laoke = new OrderFixture(server)) {
      Histories.tell(laoke, Histories.of(new Random(seed), 200));
      Truth.checkFiles(laoke);
      String kept = laoke.everything();
      laoke.database.write(
          "forget",
          tx -> {
            tx.update("UPDATE {member_category} SET line_count = 0 WHERE dealer_id = 1").execute();
            tx.update(
                    "UPDATE {member} SET orders = NULL, line_count = NULL, quantity = NULL, net_fen ="
                        + " NULL, first_ms = NULL, last_ms = NULL WHERE dealer_id = 1")
                .execute();
            return 0;
          });
      assertThat(laoke.everything()).isNotEqualTo(kept);
      // A node that was killed, or was slow, leaves its last step to be done again.
      for (int again = 0; again < 2; again++) {
        laoke.database.write(
            "fill in",
            tx -> {
              List<String> fills =
                  Stream.of(
                          Migrations.render(tx.dialect(), new Names("laoke_", Optional.empty()))
                              .split(";\\n"))
                      .map(String::strip)
                      .filter(sql -> sql.startsWith("UPDATE") && sql.contains("line_count"))
                      .toList();
              assertThat(fills).hasSize(2 * PARTS);
              fills.forEach(sql -> tx.update(sql).execute());
              return 0;
            });
        assertThat(laoke.everything()).as("seed " + seed).isEqualTo(kept);
        Truth.checkFiles(laoke);
      }
    }
  }
}
