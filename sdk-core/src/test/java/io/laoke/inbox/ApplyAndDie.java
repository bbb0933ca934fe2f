package io.laoke.inbox;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.testing.KilledAtWork;
import io.laoke.testing.TamperedDataSource;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Random;

/** A node that applies rows until it is killed in its third batch, or some later. */
final class ApplyAndDie {
  private ApplyAndDie() {}

  public static void main(String[] args) {
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(args[0]);
    Random random = new Random(Long.parseLong(args[1]));
    Laoke laoke =
        Laoke.builder()
            .dataSource(
                new TamperedDataSource(
                    database, new KilledAtWork("UPDATE laoke_inbox SET state = 'DONE'", 2, random)))
            .clock(Clock.fixed(InboxHost.NOW, ZoneOffset.UTC))
            .dealer("hengxin")
            .build();
    while (true) {
      laoke.tick(InboxHost.NOW);
    }
  }
}
