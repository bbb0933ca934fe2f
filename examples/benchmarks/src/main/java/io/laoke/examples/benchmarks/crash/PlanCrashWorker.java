package io.laoke.examples.benchmarks.crash;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Laoke;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;

/**
 * A worker: an engine with the times of production that takes plans further, until it is killed.
 */
final class PlanCrashWorker {
  private PlanCrashWorker() {}

  /**
   * Starts, and ends with whoever started it.
   *
   * @param args URL, user and password of the database; base URL, appid and secret of the account;
   *     by how many milliseconds its business time is ahead
   */
  public static void main(String[] args) throws IOException {
    HikariDataSource database = WorkerProcess.database(args);
    Laoke laoke =
        Laoke.builder()
            .dataSource(database)
            .clock(Clock.offset(Clock.systemUTC(), Duration.ofMillis(Long.parseLong(args[6]))))
            .account(
                CrashRun.DEALER,
                WeChat.officialAccount(
                    OfficialAccountSettings.builder(args[4])
                        .secret(args[5])
                        .baseUrl(args[3])
                        .build()))
            .build();
    laoke.start();
    WorkerProcess.serve();
  }
}
