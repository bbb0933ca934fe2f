package io.laoke.order;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.base.Upserted;
import io.laoke.catalog.Category;
import io.laoke.member.Member;
import io.laoke.member.MemberProfile;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TimeZone;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a database's collation or a server's time zone would mix up is kept apart. */
class KeysAreBinaryTest {
  private static final Instant AT = Instant.parse("2026-11-30T17:30:00Z"); // December in Shanghai
  private static final List<String> ALIKE =
      List.of(
          "so-e1", "SO-E1", "so-é1", "so-e\u03011", "so-ｅ1", "so-ß1", "so-ss1", "so-😀", "so-😁");

  @ParameterizedTest
  @EnumSource
  void keysThatCollationsTakeForOneAreDifferent(TestServer server) {
    try (HikariDataSource pool = server.migrated();
        Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
      Dealer dealer = laoke.dealer("hengxin");
      for (String key : ALIKE) {
        dealer.catalog().put(Category.of(key, key));
        UpsertResult made =
            dealer
                .orders()
                .upsert(
                    Order.of(key, AT)
                        .externalNumber("TMALL", key)
                        .buyer(Buyer.of(key, null, null))
                        .line(OrderLine.goods(key, key, 1, "1.00")));
        assertThat(made.outcome()).as(key).isEqualTo(Upserted.CREATED);
      }
      Set<Long> orders =
          ALIKE.stream()
              .map(key -> dealer.orders().find(key).orElseThrow())
              .map(OrderDetail::id)
              .collect(Collectors.toSet());
      Set<Long> members =
          ALIKE.stream()
              .map(key -> dealer.members().find(key).orElseThrow())
              .map(Member::id)
              .collect(Collectors.toSet());
      assertThat(orders).hasSameSizeAs(ALIKE);
      assertThat(members).hasSameSizeAs(ALIKE);
      for (String key : ALIKE) {
        long member = dealer.members().find(key).orElseThrow().id();
        assertThat(dealer.orders().byExternalNumber("TMALL", key))
            .extracting(OrderDetail::orderNo)
            .containsExactly(key);
        assertThat(dealer.orders().consumption(member))
            .filteredOn(one -> one.month().isEmpty())
            .extracting(Consumption::category)
            .containsExactlyInAnyOrder("", key);
      }
    }
  }

  /** A server west of Greenwich writes, one in the east reads: dates and months do not move. */
  @ParameterizedTest
  @EnumSource
  void theServersTimeZoneMovesNoDateAndNoMonth(TestServer server) {
    TimeZone before = TimeZone.getDefault();
    try (HikariDataSource pool = server.migrated()) {
      LocalDate birthday = LocalDate.of(1990, 1, 1);
      TimeZone.setDefault(TimeZone.getTimeZone("America/Los_Angeles"));
      pool.getHikariPoolMXBean().softEvictConnections();
      try (Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
        Dealer dealer = laoke.dealer("hengxin");
        dealer.members().put(MemberProfile.of("C1").withBirthday(birthday));
        dealer
            .orders()
            .upsert(
                Order.of("SO-1", AT)
                    .buyer(Buyer.of("C1", null, null))
                    .line(OrderLine.goods("1", "hood", 1, "1.00")));
      }
      TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Kiritimati"));
      pool.getHikariPoolMXBean().softEvictConnections();
      try (Laoke laoke = Laoke.builder().dataSource(pool).dealer("hengxin").build()) {
        Dealer dealer = laoke.dealer("hengxin");
        Member member = dealer.members().find("C1").orElseThrow();
        assertThat(member.birthday()).contains(birthday);
        assertThat(dealer.members().put(MemberProfile.of("C1").withBirthday(birthday)))
            .isEqualTo(Upserted.UNCHANGED);
        assertThat(dealer.orders().find("SO-1").orElseThrow().orderedAt()).isEqualTo(AT);
        assertThat(dealer.orders().consumption(member.id()))
            .extracting(Consumption::month)
            .contains(Optional.of(YearMonth.of(2026, 12)))
            .doesNotContain(Optional.of(YearMonth.of(2026, 11)));
      }
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
