package io.laoke.examples.benchmarks.crash;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.EngineTimes;
import io.laoke.Laoke;
import io.laoke.wechat.OfficialAccountSettings;
import io.laoke.wechat.WeChat;
import java.io.IOException;
import java.time.Duration;

/** A worker: an engine that sends what the host has committed, until its process is killed. */
final class CrashWorker {
  private CrashWorker() {}

  /**
   * Starts, and ends with whoever started it.
   *
   * @param args URL, user and password of the database; base URL, appid and secret of the account;
   *     lease and call timeout in milliseconds; seed of the clock
   */
  public static void main(String[] args) throws IOException {
    HikariDataSource database = WorkerProcess.database(args);
    Duration lease = Duration.ofMillis(Long.parseLong(args[6]));
    Laoke.Builder builder =
        Laoke.builder()
            .dataSource(database)
            .clock(new JumpingClock(Long.parseLong(args[8])))
            .account(
                CrashRun.DEALER,
                WeChat.officialAccount(
                    OfficialAccountSettings.builder(args[4])
                        .secret(args[5])
                        .baseUrl(args[3])
                        .callTimeout(Duration.ofMillis(Long.parseLong(args[7])))
                        .build()));
    Laoke laoke = (lease.toSeconds() < 60 ? EngineTimes.quick(builder, lease) : builder).build();
    laoke.start();
    WorkerProcess.serve();
  }
}
