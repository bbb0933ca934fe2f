package io.laoke.examples.benchmarks.crash;

import io.laoke.simulator.WeChatSimulator;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import javax.sql.DataSource;

/**
 * Time that goes ahead by leaps, the same in the database, at WeChat and for the business. Whoever
 * asks PostgreSQL for its time gets it from a function of the schema, which comes before its own.
 */
final class TravelledTime extends Clock {
  private final DataSource database;
  private final WeChatSimulator wechat;
  private Duration ahead = Duration.ZERO;

  private TravelledTime(DataSource database, WeChatSimulator wechat) {
    this.database = database;
    this.wechat = wechat;
  }

  /** The same address, by which functions are looked for in the schema first. */
  static String url(String url) {
    return url.replaceFirst("currentSchema=([^&]+)", "currentSchema=$1,pg_catalog");
  }

  /** Lets a database that was prepared for it travel. */
  static TravelledTime in(DataSource database, WeChatSimulator wechat) throws SQLException {
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE travelled (ms bigint NOT NULL)");
      statement.execute("INSERT INTO travelled VALUES (0)");
      statement.execute(
          """
          CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS $$
            SELECT pg_catalog.clock_timestamp() + (SELECT ms FROM travelled) * interval '1 ms'
          $$""");
    }
    return new TravelledTime(database, wechat);
  }

  void goAhead(Duration by) throws SQLException {
    ahead = ahead.plus(by);
    wechat.advance(by);
    try (Connection connection = database.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("UPDATE travelled SET ms = " + ahead.toMillis());
    }
  }

  /** By how much it is ahead of the machine's. */
  Duration ahead() {
    return ahead;
  }

  @Override
  public Instant instant() {
    return Instant.now().plus(ahead);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
