package io.laoke.examples.shell;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.Laoke;
import io.laoke.error.NotFoundException;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** An open database with one dealer's handle. */
final class Opened implements AutoCloseable {
  private static final int CONNECTIONS = 4;

  /** What H2 says where there is no database and none is to be made. */
  private static final Set<Integer> NOT_THERE = Set.of(90146, 90149);

  private final HikariDataSource pool;
  private final AsOf clock = new AsOf();
  private final Laoke laoke;
  private final String code;

  /** The clock of the machine, unless it is to be another moment. */
  private static final class AsOf extends Clock {
    private @Nullable Instant moment;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return moment == null ? Instant.now() : moment;
    }
  }

  private Opened(HikariDataSource pool, String code) {
    this.pool = pool;
    this.laoke = Laoke.builder().dataSource(pool).clock(clock).build();
    this.code = code;
  }

  /** Opens it, brings the tables up to date, and makes the dealer if it is new. */
  static Opened forWriting(Target target, String code, Optional<ZoneId> zone) {
    Opened opened = new Opened(pool(target), code);
    try {
      opened.laoke.migrations().apply();
      opened.settle(zone);
      return opened;
    } catch (RuntimeException failed) {
      opened.close();
      throw failed;
    }
  }

  /** Opens it if it has Laoke's tables and the dealer; changes nothing. */
  static Optional<Opened> forReading(Target target, String code, Optional<ZoneId> zone) {
    Optional<HikariDataSource> pool = existing(target.existing());
    if (pool.isEmpty()) {
      return Optional.empty();
    }
    Opened opened = new Opened(pool.get(), code);
    try {
      if (opened.laoke.migrations().pending().isEmpty()) {
        Optional<ZoneId> known = opened.known();
        known.ifPresent(is -> opened.same(is, zone));
        if (known.isPresent()) {
          return Optional.of(opened);
        }
      }
    } catch (RuntimeException failed) {
      opened.close();
      throw failed;
    }
    opened.close();
    return Optional.empty();
  }

  /** Opens it to ask, and says what is missing where there is nothing to ask; changes nothing. */
  static Opened forAsking(Target target, String code, Optional<ZoneId> zone) {
    HikariDataSource pool =
        existing(target.existing())
            .orElseThrow(
                () ->
                    new CannotException(
                        "There is no database at %s. Name another by --database, or bring a history in by 'import DIR'."
                            .formatted(target.shown())));
    Opened opened = new Opened(pool, code);
    try {
      if (!opened.laoke.migrations().pending().isEmpty()) {
        throw new CannotException(
            "The database %s does not have the tables of this version. 'import DIR' makes them and brings older ones up to date."
                .formatted(target.shown()));
      }
      ZoneId known =
          opened
              .known()
              .orElseThrow(
                  () ->
                      new CannotException(
                          "There is no dealer '%s' in %s. Name another by --dealer, or bring its history in by 'import DIR'."
                              .formatted(Cells.shown(code), target.shown())));
      opened.same(known, zone);
      return opened;
    } catch (RuntimeException failed) {
      opened.close();
      throw failed;
    }
  }

  /** Does all that follows as if it were that moment. */
  void asOf(Instant moment) {
    clock.moment = moment;
  }

  private static HikariDataSource pool(Target target) {
    try {
      return new HikariDataSource(config(target));
    } catch (RuntimeException failed) {
      throw cannot(target, failed);
    }
  }

  private static Optional<HikariDataSource> existing(Target target) {
    try {
      return Optional.of(new HikariDataSource(config(target)));
    } catch (RuntimeException failed) {
      if (last(failed) instanceof SQLException sql && NOT_THERE.contains(sql.getErrorCode())) {
        return Optional.empty();
      }
      throw cannot(target, failed);
    }
  }

  private static HikariConfig config(Target target) {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(target.url());
    config.setUsername(target.user());
    config.setPassword(target.password());
    config.setMaximumPoolSize(CONNECTIONS);
    config.setMinimumIdle(1);
    return config;
  }

  private static CannotException cannot(Target target, RuntimeException failed) {
    return new CannotException(
        "The database %s cannot be opened: %s"
            .formatted(target.shown(), target.hidden(String.valueOf(last(failed).getMessage()))));
  }

  private static Throwable last(Throwable failed) {
    Throwable cause = failed;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  private Optional<ZoneId> known() {
    try {
      return Optional.of(laoke.dealers().settings(code).zone());
    } catch (NotFoundException unknown) {
      return Optional.empty();
    }
  }

  private void settle(Optional<ZoneId> zone) {
    Optional<ZoneId> known = known();
    if (known.isPresent()) {
      same(known.get(), zone);
    } else {
      DealerSettings settings = DealerSettings.defaults();
      laoke.dealers().put(code, zone.map(settings::zone).orElse(settings));
    }
  }

  private void same(ZoneId known, Optional<ZoneId> given) {
    if (given.isPresent() && !given.get().equals(known)) {
      throw new CannotException(
          "The dealer '%s' is in %s, and --zone says %s. Leave --zone out, or name another dealer: days and months of what is recorded go by its zone."
              .formatted(code, known, given.get()));
    }
  }

  Dealer dealer() {
    return laoke.dealer(code);
  }

  ZoneId zone() {
    return laoke.dealers().settings(code).zone();
  }

  /** Does what is due at that moment, as far as one call does. */
  void tick(Instant now) {
    laoke.tick(now);
  }

  DataSource dataSource() {
    return pool;
  }

  @Override
  public void close() {
    try {
      laoke.close();
    } finally {
      pool.close();
    }
  }
}
