package io.laoke.segment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.catalog.Category;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.Gender;
import io.laoke.member.MemberProfile;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.segment.LiveCount.ServedBy;
import io.laoke.segment.LiveCounts.State;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LiveCountsTest {
  private static final Segment VIP = Criteria.field(Fields.TAGS).hasAny("VIP");

  private static long member(SegmentFixture laoke, String number) {
    laoke.members().put(MemberProfile.of(number).withGender(Gender.FEMALE));
    return laoke.members().find(number).orElseThrow().id();
  }

  private static void served(LiveCount count, ServedBy by, long value) {
    assertThat(count.servedBy()).as(count.toString()).isEqualTo(by);
    assertThat(count.exact()).isTrue();
    assertThat(count.value()).isEqualTo(value);
    assertThat(count.why().isEmpty()).isEqualTo(by == ServedBy.INDEX);
  }

  @ParameterizedTest
  @EnumSource
  void whatCommitsLateIsCountedThen(TestServer server) throws SQLException {
    try (SegmentFixture laoke = new SegmentFixture(server);
        Connection host = laoke.pool.getConnection()) {
      long early = member(laoke, "early");
      long late = member(laoke, "late");
      LiveCounts live = laoke.segments().live();
      served(live.count(VIP), ServedBy.SQL, 0);
      assertThat(live.status().state()).isEqualTo(State.WAITING);

      // Else MySQL locks what is beside a tag, too.
      host.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      host.setAutoCommit(false);
      laoke.members(host).tag(late, "VIP", "小李");
      // Begun before the index was, and rows of others come before it ends.
      assertThat(live.build()).isTrue();
      assertThat(live.status().state()).isEqualTo(State.READY);
      assertThat(live.status().members()).isEqualTo(2);
      served(live.count(VIP), ServedBy.INDEX, 0);
      laoke.members().tag(early, "VIP", "小李");
      served(live.count(VIP), ServedBy.INDEX, 1);
      served(laoke.segments(host).live().count(VIP, SegmentFixture.NOW), ServedBy.SQL, 2);
      host.commit();
      Instant committed = Instant.now();
      LiveCount count;
      do {
        count = live.count(VIP);
      } while (count.freshTo().isBefore(committed));
      served(count, ServedBy.INDEX, 2);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void itFollowsListsSavedSegmentsAndZones(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      member(laoke, "fang");
      laoke
          .orders()
          .upsert(
              Order.of("SO-1", Instant.parse("2026-11-20T15:30:00Z"))
                  .buyer(Buyer.of("fang", null, null))
                  .line(OrderLine.goods("1", "av/tv", 1, "2000")));
      Segments segments = laoke.segments();
      LiveCounts live = segments.live();
      assertThat(live.build()).isTrue();
      segments.save("s", "s", VIP, "小李");
      served(live.count(Criteria.in("s")), ServedBy.INDEX, 0);
      segments.save("s", "s", Criteria.not(VIP), "小李");
      served(live.count(Criteria.in("s")), ServedBy.INDEX, 1);
      Segment fresh = Criteria.items().where(Criteria.category().under("fresh")).none();
      assertThatThrownBy(() -> live.count(fresh)).isInstanceOf(SegmentException.class);
      laoke.catalog().put(Category.of("fresh", "新"));
      served(live.count(fresh), ServedBy.INDEX, 1);

      Segment onThe20th =
          Criteria.items()
              .during(
                  Criteria.days(
                      java.time.LocalDate.of(2026, 11, 20), java.time.LocalDate.of(2026, 11, 20)))
              .exists();
      served(live.count(onThe20th), ServedBy.INDEX, 1);
      Tenant moved = new Tenant(1, "hengxin", ZoneId.of("Asia/Tokyo"), laoke.tenant.privacy());
      LiveCounts there =
          new SegmentModule(
                  laoke.catalog,
                  laoke.members.fields(),
                  laoke.ids,
                  Clock.fixed(SegmentFixture.NOW, SegmentFixture.ZONE),
                  laoke.live)
              .segments(laoke.database, moved)
              .live();
      served(there.count(onThe20th), ServedBy.SQL, 0);
      assertThat(there.build()).isTrue();
      served(there.count(onThe20th), ServedBy.INDEX, 0);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "MYSQL"})
  void daysOfLongAgoAreHeldAsDays(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      member(laoke, "fang");
      Instant long1 = Instant.parse("2026-01-10T03:00:00Z");
      Instant now = SegmentFixture.NOW.minus(Duration.ofHours(2));
      for (Instant at : new Instant[] {long1, now}) {
        laoke
            .orders()
            .upsert(
                Order.of("SO-" + at, at)
                    .buyer(Buyer.of("fang", null, null))
                    .line(OrderLine.goods("1", "av/tv", 1, "2000")));
      }
      LiveCounts live = laoke.segments().live();
      assertThat(live.build()).isTrue();
      Segment lately = Criteria.orders().during(Criteria.last(Period.ofDays(3))).exists();

      served(live.count(lately, SegmentFixture.NOW), ServedBy.INDEX, 1);
      served(live.count(lately, now), ServedBy.INDEX, 0);
      served(live.count(lately, now.plusMillis(1)), ServedBy.INDEX, 1);
      LiveCount within = live.count(lately, long1.plusSeconds(1));
      served(within, ServedBy.SQL, 1);
      assertThat(within.why().orElseThrow()).contains("within a day");
      served(live.count(lately, long1.plus(Duration.ofDays(1))), ServedBy.INDEX, 1);
    }
  }

  @Test
  void aReplacedTableOfChangesHasTheIndexBuiltAnew() {
    try (SegmentFixture laoke = new SegmentFixture(TestServer.H2)) {
      long fang = member(laoke, "fang");
      LiveCounts live = laoke.segments().live();
      assertThat(live.build()).isTrue();
      served(live.count(VIP), ServedBy.INDEX, 0);
      laoke.database.write("forget", tx -> tx.update("DELETE FROM {member_change}").execute());
      laoke.members().tag(fang, "VIP", "小李");

      served(live.count(VIP), ServedBy.SQL, 1);
      assertThat(live.build()).isTrue();
      served(live.count(VIP), ServedBy.INDEX, 1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void oldChangesAreForgottenButForTheLast(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server)) {
      for (int i = 0; i < 5; i++) {
        member(laoke, "C" + i);
      }
      laoke.database.write(
          "age them", tx -> tx.update("UPDATE {member_change} SET changed_ms = 0").execute());
      assertThat(forgotten(laoke)).isGreaterThan(4);
      assertThat(forgotten(laoke)).isZero();
      LiveCounts live = laoke.segments().live();
      assertThat(live.build()).isTrue();
      served(live.count(Criteria.everyone()), ServedBy.INDEX, 5);
      member(laoke, "more");
      assertThat(forgotten(laoke)).as("by the last old one nodes know the table").isZero();
      served(live.count(Criteria.everyone()), ServedBy.INDEX, 6);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void isNotExactWhileMoreChangedThanIsReadAtOnce(TestServer server) {
    try (SegmentFixture laoke = new SegmentFixture(server);
        LiveIndex slow =
            new LiveIndex(
                laoke.database,
                LiveSettings.standard(),
                Clock.systemUTC(),
                Clock.systemUTC(),
                10,
                Duration.ZERO)) {
      LiveCounts live = counts(laoke, slow);
      assertThat(live.build()).isTrue();
      served(live.count(Criteria.everyone()), ServedBy.INDEX, 0);
      Instant before = live.status().freshTo();
      for (int i = 0; i < 25; i++) {
        member(laoke, "C" + i);
      }
      for (int read : new int[] {10, 20}) {
        LiveCount count = live.count(Criteria.everyone());
        assertThat(count.exact()).isFalse();
        assertThat(count.value()).isEqualTo(read);
        assertThat(count.freshTo()).isEqualTo(before);
      }
      served(live.count(Criteria.everyone()), ServedBy.INDEX, 25);
      assertThat(live.status().freshTo()).isAfter(before);
    }
  }

  private static int forgotten(SegmentFixture laoke) {
    return laoke.database.own("forget", tx -> SegmentModule.forgetChanges(tx, laoke.tenant, 1_000));
  }

  @Test
  void whatDoesNotFitIsAskedOfTheDatabase() {
    try (SegmentFixture laoke = new SegmentFixture(TestServer.H2);
        LiveIndex small =
            new LiveIndex(
                laoke.database,
                LiveSettings.standard().mostMebibytes(1),
                Clock.systemUTC(),
                Clock.systemUTC());
        LiveIndex others =
            new LiveIndex(
                laoke.database,
                LiveSettings.standard().dealers("anders"),
                Clock.systemUTC(),
                Clock.systemUTC())) {
      laoke.database.write(
          "fill",
          tx ->
              tx.update(
                      """
                      INSERT INTO {member} (dealer_id, id, source, numbered, random31, created_ms)
                      SELECT 1, X * 1000000, 'X', FALSE, MOD(X * 7919, 2147483647), X * 86400000
                      FROM SYSTEM_RANGE(1, 70000)""")
                  .execute());
      LiveCounts live = counts(laoke, small);
      assertThat(live.build()).isFalse();
      assertThat(live.status().state()).isEqualTo(State.UNABLE);
      LiveCount count = live.count(Criteria.everyone());
      served(count, ServedBy.SQL, 70_000);
      assertThat(count.why().orElseThrow()).contains("1 MiB");

      LiveCounts off = counts(laoke, others);
      assertThat(off.build()).isFalse();
      assertThat(off.status().state()).isEqualTo(State.OFF);
      served(off.count(Criteria.everyone()), ServedBy.SQL, 70_000);

      LiveCounts two = laoke.segments().live();
      assertThat(two.build()).isTrue();
      served(two.count(Criteria.everyone()), ServedBy.INDEX, 70_000);
      served(two.count(Criteria.bucket("x", 0, 5_000)), ServedBy.INDEX, two(laoke));
    }
  }

  private static long two(SegmentFixture laoke) {
    return laoke.segments().count(Criteria.bucket("x", 0, 5_000), SegmentFixture.NOW);
  }

  private static LiveCounts counts(SegmentFixture laoke, LiveIndex of) {
    return new SegmentModule(
            laoke.catalog,
            laoke.members.fields(),
            laoke.ids,
            Clock.fixed(SegmentFixture.NOW, SegmentFixture.ZONE),
            of)
        .segments(laoke.database, laoke.tenant)
        .live();
  }

  @Test
  void settingsSayWhatIsWrong() {
    assertThatThrownBy(() -> LiveSettings.off().mostMebibytes(0))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("mostMebibytes");
    assertThatThrownBy(() -> LiveSettings.off().poll(Duration.ofMillis(1)))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("poll");
  }
}
