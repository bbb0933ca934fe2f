package io.laoke.inbox;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import java.time.Clock;
import java.time.ZoneOffset;

/** A node that applies rows until it is killed. */
final class ApplyAndDie {
  private ApplyAndDie() {}

  public static void main(String[] args) {
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(args[0]);
    Laoke laoke =
        Laoke.builder()
            .dataSource(database)
            .clock(Clock.fixed(InboxHost.NOW, ZoneOffset.UTC))
            .dealer("hengxin")
            .build();
    while (true) {
      laoke.tick(InboxHost.NOW);
    }
  }
}
