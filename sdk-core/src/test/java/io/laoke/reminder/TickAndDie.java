package io.laoke.reminder;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.testing.KilledAtWork;
import io.laoke.testing.TamperedDataSource;
import java.time.Clock;
import java.time.Instant;
import java.util.Random;

/** An engine that ticks until it is killed, at or behind a statement. */
final class TickAndDie {
  private TickAndDie() {}

  public static void main(String[] args) {
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(args[0]);
    Random random = new Random(Long.parseLong(args[1]));
    Instant now = Instant.parse(args[2]);
    Laoke laoke =
        Laoke.builder()
            .dataSource(
                new TamperedDataSource(
                    database, new KilledAtWork(args[3], Integer.parseInt(args[4]), random)))
            .clock(Clock.fixed(now, ReminderFixture.ZONE))
            .dealer("hengxin")
            .build();
    while (true) {
      laoke.tick(now);
    }
  }
}
