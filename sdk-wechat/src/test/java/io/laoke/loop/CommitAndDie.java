package io.laoke.loop;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.simulator.PushMode;
import java.sql.Connection;
import java.time.Instant;

/** A host's process that commits two stages with its own work and is killed before any tick. */
final class CommitAndDie {
  static final int KILLED = 137;

  private CommitAndDie() {}

  public static void main(String[] args) throws Exception {
    HikariDataSource database = new HikariDataSource();
    database.setJdbcUrl(args[0]);
    Laoke laoke =
        Laoke.builder()
            .dataSource(database)
            .account(
                "hengxin",
                Shop.official(args[2], args[3], args[4], args[5], PushMode.SECURE, args[1]))
            .build();
    Dealer dealer = laoke.dealer("hengxin");
    try (Connection host = database.getConnection()) {
      host.setAutoCommit(false);
      for (Stage stage : new Stage[] {Stage.APPROVED, Stage.SHIPPED}) {
        dealer.in(host).orders().advance("SO-1", StageReport.of(stage, Instant.now()));
      }
      host.commit();
      Runtime.getRuntime().halt(KILLED);
    }
  }
}
