package io.laoke;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.laoke.base.HostTransaction;
import io.laoke.base.Sealer;
import io.laoke.error.StoreException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Names;
import io.laoke.internal.json.Json;
import io.laoke.member.ConsentWords;
import io.laoke.member.PeopleSettings;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DealerTableTest {
  private static final DealerSettings OLD = DealerSettings.defaults().name("旧");
  private static final DealerSettings NEW =
      DealerSettings.defaults().name("新").zone(ZoneId.of("Asia/Urumqi"));

  private final AtomicLong nanos = new AtomicLong();

  @Test
  void keepsTheRulesOfLinksAndClaims() {
    DealerSettings given =
        DealerSettings.defaults()
            .webAddress("https://m.example.cn/laoke/")
            .binding(
                DealerSettings.defaults()
                    .binding()
                    .withWebAddress("https://m.example.cn/laoke/")
                    .withClaims(false)
                    .withPhoneClaimYears(5)
                    .withLinkLife(Duration.ofDays(90)));
    Json json = new Json();
    DealerSettings kept = DealerSettings.restored(given.zone(), json, json.write(given.stored()));
    assertThat(kept.binding().webAddress()).contains("https://m.example.cn/laoke");
    assertThat(kept.binding().claims()).isFalse();
    assertThat(kept.binding().linkLife()).isEqualTo(Duration.ofDays(90));
    assertThat(kept.binding().phoneClaimYears()).isEqualTo(5);
    assertThat(kept.stored()).isEqualTo(given.stored());
  }

  @Test
  void keepsTheWordsOfConsents() {
    Json json = new Json();
    DealerSettings defaults = DealerSettings.defaults();
    // The words change places, which must not look as if one meant two things meanwhile.
    DealerSettings given =
        defaults.people(
            defaults
                .people()
                .withConsentWords(
                    ConsentWords.standard()
                        .withAgreeing()
                        .withRefusing("订阅", "不要 了")
                        .withAgreeing("退订")
                        .withTextVersion("2026-12")));
    assertThat(DealerSettings.restored(given.zone(), json, json.write(given.stored())))
        .isEqualTo(given);
    DealerSettings none =
        defaults.people(
            defaults
                .people()
                .withConsentWords(ConsentWords.standard().withAgreeing().withRefusing()));
    assertThat(DealerSettings.restored(none.zone(), json, json.write(none.stored())))
        .isEqualTo(none);
    assertThat(DealerSettings.restored(defaults.zone(), json, "{}").people())
        .isEqualTo(PeopleSettings.standard());
  }

  @ParameterizedTest
  @EnumSource
  void aChangeOnAnotherNodeIsSeenAfterTenSeconds(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      DealerTable here = table(pool, Map.of());
      DealerTable there = table(pool, Map.of());
      there.put("hengxin", OLD);
      assertThat(here.entry("hengxin").settings()).isEqualTo(OLD);

      there.put("hengxin", NEW);

      nanos.addAndGet(Duration.ofSeconds(11).toNanos());
      assertThat(here.entry("hengxin").settings().zone()).isEqualTo(NEW.zone());
      assertThat(here.entry("hengxin").tenant().zone()).isEqualTo(NEW.zone());
      assertThat(here.settings(here.byCode("hengxin")).notices().dealerName()).contains("新");
    }
  }

  @ParameterizedTest
  @EnumSource
  void readsInTheHostsTransactionAndSettingsFromMemoryEvenWithoutAFreeConnection(TestServer server)
      throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setMaximumPoolSize(1);
    config.setConnectionTimeout(500);
    try (HikariDataSource pool = server.migrated(config)) {
      DealerTable table = table(pool, Map.of("hengxin", OLD));
      table.put("hengxin", OLD);
      nanos.addAndGet(Duration.ofSeconds(11).toNanos());
      try (Connection host = pool.getConnection()) {
        host.setAutoCommit(false);
        Database joined = database(pool).in(host);

        DealerTable.Entry entry = table.entry("hengxin", joined);
        assertThat(entry.settings()).isEqualTo(OLD);
        assertThat(table.settings(entry.tenant())).isEqualTo(OLD);
        // What the host's transaction sees is kept for nobody else.
        assertThatThrownBy(() -> table.entry("hengxin")).isInstanceOf(StoreException.class);
        host.commit();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatWasPutAtRunTimeIsNotOverwrittenByWhatCodeDeclares(TestServer server) {
    try (HikariDataSource pool = server.migrated()) {
      DealerTable table = table(pool, Map.of("hengxin", OLD));

      table.put("hengxin", NEW);
      nanos.addAndGet(Duration.ofSeconds(11).toNanos());

      assertThat(table.entry("hengxin").settings()).isEqualTo(NEW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesSettingsThatItCannotReadAndWritesThemAnew(TestServer server) throws SQLException {
    try (HikariDataSource pool = server.migrated()) {
      table(pool, Map.of()).put("hengxin", OLD);
      for (String change :
          new String[] {
            "zone = 'Mars/Base'",
            "settings = '{\"binding.autoBind\":\"PERHAPS\"}'",
            "settings = '{\"binding.recipientLimit\":\"0\"}'",
            "settings = '{\"notices.night\":\"22:00\"}'",
            "settings = '{\"retention\":\"DECISIONS\"}'",
            "settings = 'none'"
          }) {
        try (Connection connection = pool.getConnection();
            Statement statement = connection.createStatement()) {
          statement.execute("UPDATE laoke_dealer SET " + change);
        }

        assertThatThrownBy(() -> table(pool, Map.of()).entry("hengxin"))
            .isInstanceOf(StoreException.class)
            .hasMessageContainingAll("stored settings of dealer 'hengxin' cannot be read", "put(");
        assertThat(table(pool, Map.of()).put("hengxin", OLD).settings()).isEqualTo(OLD);
      }
    }
  }

  private DealerTable table(HikariDataSource pool, Map<String, DealerSettings> declared) {
    return new DealerTable(
        database(pool),
        new Json(),
        Sealer.plain(),
        Clock.systemUTC(),
        declared,
        Set.of(),
        nanos::get);
  }

  private static Database database(HikariDataSource pool) {
    return new Database(pool, HostTransaction.none(), new Names("laoke_", Optional.empty()));
  }
}
