package io.laoke.loop;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.simulator.PushMode;
import java.time.Instant;
import java.util.List;

/** The second process of a race. */
final class RaceWorker {
  static final String READY = "ready";

  private RaceWorker() {}

  /**
   * Says {@link #READY}, waits for a byte, runs, and says what it came to.
   *
   * @param args URL of the database; base URL, appid, secret, token and key of the account; time,
   *     buyers who stay, scenes, openids; seed, threads, rounds
   */
  public static void main(String[] args) throws Exception {
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(args[0]);
    database.setMaximumPoolSize(20);
    Race race =
        new Race(
            args[2],
            Instant.parse(args[6]),
            Integer.parseInt(args[7]),
            List.of(args[8].split(",", -1)),
            List.of(args[9].split(",", -1)));
    try (database;
        Laoke laoke =
            Laoke.builder()
                .dataSource(database)
                .account(
                    "hengxin",
                    Shop.official(args[2], args[3], args[4], args[5], PushMode.SECURE, args[1]))
                .build()) {
      laoke.dealer("hengxin");
      System.out.println(READY);
      if (System.in.read() < 0) {
        return;
      }
      Race.Done done =
          race.run(
              laoke,
              Long.parseLong(args[10]),
              Integer.parseInt(args[11]),
              Integer.parseInt(args[12]));
      System.out.println(done.deeds() + " " + done.repeats());
      done.errors().forEach(System.out::println);
    }
  }
}
