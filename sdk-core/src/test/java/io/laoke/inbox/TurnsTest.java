package io.laoke.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.testing.TestServer;
import io.laoke.testing.Way;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whose turn it is to apply facts. */
class TurnsTest {
  @ParameterizedTest
  @EnumSource
  void aTurnGoesOnTwiceInOneMillisecondWhateverTheDriverCounts(TestServer server) throws Exception {
    Way.plain()
        .parameters("useAffectedRows=true")
        .during(
            () -> {
              try (HikariDataSource pool = server.migrated()) {
                Database database =
                    new Database(
                        pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
                Turns turns = new Turns(database);
                assertThat(turns.take(1)).isTrue();
                long now = database.own("ask the time", tx -> tx.machineMillis());
                for (int batch = 0; batch < 3; batch++) {
                  assertThat(database.<Boolean>own("keep", tx -> turns.keep(tx, 1, now))).isTrue();
                }
                assertThat(new Turns(database).take(1)).isFalse();
                turns.giveBack(1);
                assertThat(database.<Boolean>own("keep", tx -> turns.keep(tx, 1, now)))
                    .as("what was given back")
                    .isFalse();
                assertThat(new Turns(database).take(1)).isTrue();
              }
            });
  }
}
