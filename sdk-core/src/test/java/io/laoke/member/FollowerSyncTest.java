package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.catalog.Staff;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.message.Account;
import io.laoke.message.Accounts;
import io.laoke.message.ChannelKind;
import io.laoke.message.DealerAccount;
import io.laoke.message.MessageChannel;
import io.laoke.order.Statements;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FollowerSyncTest {
  private static final String WX = "wx1";

  /** Long before any run, so that no clock can confuse it with one. */
  private static final Instant LONG_AGO = Instant.parse("2024-03-01T02:00:00Z");

  /** A platform with followers in the order of following. */
  private static final class Platform implements Account, FollowerSource {
    final Map<String, Instant> followers = new LinkedHashMap<>();
    int pageSize = 10_000;
    int pages;
    int details;
    long hidden;
    Runnable onPage = () -> {};
    Runnable onDetails = () -> {};

    Platform with(int from, int to) {
      IntStream.range(from, to)
          .forEach(i -> followers.put("o%06d".formatted(i), LONG_AGO.plusSeconds(i)));
      return this;
    }

    @Override
    public synchronized Page page(Optional<String> after) {
      pages++;
      onPage.run();
      List<String> all = List.copyOf(followers.keySet());
      int from = after.map(openid -> all.indexOf(openid) + 1).orElse(0);
      if (after.isPresent() && from == 0) {
        throw new NotFoundException("The list has changed.");
      }
      int to = Math.min(all.size(), from + pageSize);
      Optional<String> next = to < all.size() ? Optional.of(all.get(to - 1)) : Optional.empty();
      return new Page(all.size() + hidden, all.subList(from, to), next);
    }

    @Override
    public synchronized List<Detail> details(List<String> openids) {
      assertThat(openids).hasSizeBetween(1, MOST_DETAILS);
      details++;
      onDetails.run();
      return openids.stream()
          .map(
              openid ->
                  new Detail(
                      openid,
                      followers.containsKey(openid),
                      Optional.ofNullable(followers.get(openid))))
          .toList();
    }

    @Override
    public String key() {
      return WX;
    }

    @Override
    public Optional<MessageChannel> channel(ChannelKind kind) {
      return Optional.empty();
    }

    @Override
    public <T> Optional<T> capability(Class<T> type) {
      return type == FollowerSource.class ? Optional.of(type.cast(this)) : Optional.empty();
    }

    @Override
    public void close() {}
  }

  private static MemberFixture on(TestServer server, Platform platform) {
    MemberFixture on = new MemberFixture(server);
    on.module.accounts(new Accounts(List.of(new DealerAccount("hengxin", platform))));
    on.module.personalData(on.module.personalData());
    return on;
  }

  private static FollowerSync sync(MemberFixture on) {
    return members(on).syncFollowers(WX, FollowerSyncOptions.standard());
  }

  private static Members members(MemberFixture on) {
    return on.module.members(TestServer.outsideOfHosts(on.pool), on.tenant);
  }

  @ParameterizedTest
  @EnumSource
  void everyFollowerIsAMemberAndASecondRunChangesNothing(TestServer server) {
    Platform platform = new Platform().with(0, 1_345);
    platform.pageSize = 900;
    try (MemberFixture on = on(server, platform)) {
      FollowerSync first = sync(on);

      assertThat(first.state()).isEqualTo(FollowerSync.State.DONE);
      assertThat(first)
          .extracting(
              FollowerSync::total,
              FollowerSync::listed,
              FollowerSync::newMembers,
              FollowerSync::nowFollowing,
              FollowerSync::noLonger)
          .containsExactly(1_345L, 1_345L, 1_345L, 1_345L, 0L);
      assertThat(platform.pages).isEqualTo(2);
      assertThat(platform.details).isEqualTo(9 + 5);
      Member member = on.members().byOpenid(WX, "o001234").orElseThrow();
      assertThat(member.source()).isEqualTo("FOLLOW");
      assertThat(on.members().follower(WX, "o001234"))
          .contains(new Identity.Follower(true, LONG_AGO.plusSeconds(1234)));
      assertThat(on.address(WX, "o001234")).contains("o001234");
      assertThat(on.count("member")).isEqualTo(1_345);
      assertThat(on.count("follower_seen")).isZero();

      FollowerSync second = sync(on);

      assertThat(second.newMembers() + second.nowFollowing() + second.noLonger()).isZero();
      assertThat(second.listed()).isEqualTo(1_345);
      assertThat(platform.details).as("nobody was new").isEqualTo(14);
      assertThat(on.count("member")).isEqualTo(1_345);
      assertThat(on.members().followerSync(WX)).contains(second);
    }
  }

  @ParameterizedTest
  @EnumSource
  void staffAndErasedPeopleAreNoMembersAndKnownOnesKeepTheirs(TestServer server) {
    Platform platform = new Platform().with(0, 5);
    try (MemberFixture on = on(server, platform)) {
      on.catalog().put(Staff.of("E1", "李雷"));
      on.catalog().linkStaff("E1", WX, "o000001");
      long customer = on.identify("C1", null, null).getAsLong();
      on.database.write(
          "scan",
          tx ->
              on.book.attach(
                  tx,
                  on.tenant,
                  on.book.openid(tx, on.tenant, WX, "o000002", MemberFixture.NOW),
                  customer,
                  MemberFixture.NOW));
      on.follows(WX, "o000003", true, LONG_AGO);
      on.openid(WX, "o000004");
      on.database.write(
          "make",
          tx -> {
            MemberBook.OpenidIdentity openid =
                on.book.openid(tx, on.tenant, WX, "o000004", MemberFixture.NOW);
            return on.book.newMember(tx, on.tenant, openid, "SCAN", MemberFixture.NOW);
          });
      long gone = on.members().byOpenid(WX, "o000004").orElseThrow().id();
      members(on).erase(gone, "tester", "asked");

      FollowerSync sync = sync(on);

      assertThat(sync.keptOut()).isEqualTo(1);
      assertThat(sync.staff()).isEqualTo(1);
      assertThat(sync.newMembers()).isEqualTo(2);
      assertThat(sync.nowFollowing()).isEqualTo(3);
      assertThat(on.members().byOpenid(WX, "o000001")).as("staff").isEmpty();
      assertThat(on.members().follower(WX, "o000001")).isPresent();
      assertThat(on.members().byOpenid(WX, "o000002").orElseThrow().id()).isEqualTo(customer);
      assertThat(on.members().byOpenid(WX, "o000003").orElseThrow().source()).isEqualTo("FOLLOW");
      assertThat(on.members().byOpenid(WX, "o000004")).as("erased").isEmpty();
      assertThat(on.address(WX, "o000004")).isEmpty();
      assertThat(on.members().follower(WX, "o000004")).isEmpty();
      assertThat(sync(on).newMembers()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoIsListedNoMoreFollowsNoMoreUnlessAnEventIsNewer(TestServer server) {
    Platform platform = new Platform().with(0, 40);
    try (MemberFixture on = on(server, platform)) {
      sync(on);
      platform.followers.remove("o000007");
      platform.followers.remove("o000008");
      platform.followers.remove("o000009");
      Instant soon = Instant.now().plusSeconds(60);
      platform.onPage =
          () -> {
            platform.onPage = () -> {};
            on.follows(WX, "o000008", true, soon);
            on.follows(WX, "o000011", false, soon);
            on.follows(WX, "o000012", false, LONG_AGO);
          };
      // Back again, and nobody told: the platform's own time is newer than the unfollow's.
      on.follows(WX, "o000013", false, LONG_AGO.plusSeconds(100));
      platform.followers.put("o000013", LONG_AGO.plusSeconds(200));
      // Left after what the platform said last of them: the callback came first.
      on.follows(WX, "o000014", false, LONG_AGO.plusSeconds(300));

      FollowerSync sync = sync(on);

      assertThat(sync.noLonger()).isEqualTo(2);
      assertThat(follows(on, "o000007")).isFalse();
      assertThat(on.address(WX, "o000007")).as("the openid is not kept").isEmpty();
      assertThat(on.members().byOpenid(WX, "o000007")).as("a member still").isPresent();
      assertThat(follows(on, "o000008")).as("came back while it ran").isTrue();
      assertThat(follows(on, "o000009")).isFalse();
      assertThat(follows(on, "o000010")).isTrue();
      assertThat(follows(on, "o000011")).as("left while it ran").isFalse();
      assertThat(follows(on, "o000012")).as("an old event").isTrue();
      assertThat(on.members().follower(WX, "o000013"))
          .contains(new Identity.Follower(true, LONG_AGO.plusSeconds(200)));
      assertThat(follows(on, "o000014")).isFalse();
      assertThat(sync(on).noLonger()).isZero();
    }
  }

  private static boolean follows(MemberFixture on, String openid) {
    return on.members().follower(WX, openid).orElseThrow().follows();
  }

  @ParameterizedTest
  @EnumSource
  void aKilledRunGoesOnWhereItWas(TestServer server) {
    Platform platform = new Platform().with(0, 2_500);
    platform.pageSize = 500;
    try (MemberFixture on = on(server, platform)) {
      on.follows(WX, "o999999", true, LONG_AGO);
      platform.onDetails =
          () -> {
            if (platform.details == 13) {
              throw new IllegalStateException("killed");
            }
          };
      assertThatThrownBy(() -> sync(on)).hasMessage("killed");
      FollowerSync half = on.members().followerSync(WX).orElseThrow();
      assertThat(half.state()).isEqualTo(FollowerSync.State.UNFINISHED);
      assertThat(half.newMembers()).isEqualTo(1_000);
      assertThat(on.count("member")).isEqualTo(1_000);
      assertThat(follows(on, "o999999")).as("the run is not over").isTrue();
      int read = platform.pages;
      platform.onDetails = () -> {};

      FollowerSync whole = sync(on);

      assertThat(platform.pages - read).as("pages that were left").isEqualTo(3);
      assertThat(whole.state()).isEqualTo(FollowerSync.State.DONE);
      assertThat(whole.starts()).isEqualTo(2);
      assertThat(whole.startedAt()).isEqualTo(half.startedAt());
      assertThat(whole.newMembers()).isEqualTo(2_500);
      assertThat(whole.listed()).isEqualTo(2_500);
      assertThat(whole.noLonger()).isEqualTo(1);
      assertThat(follows(on, "o999999")).isFalse();
      assertThat(on.count("member")).isEqualTo(2_500);
      assertThat(on.count("follower_seen")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlatformThatAsksToWaitEndsTheCallSoftlyAndOneThatRefusesDoesNot(TestServer server) {
    Platform platform = new Platform().with(0, 30);
    platform.pageSize = 10;
    try (MemberFixture on = on(server, platform)) {
      platform.onPage =
          () -> {
            if (platform.pages == 3) {
              throw new ChannelException("45009: reach max api daily quota limit", null, true);
            }
          };
      FollowerSync stopped = sync(on);
      assertThat(stopped.state()).isEqualTo(FollowerSync.State.UNFINISHED);
      assertThat(stopped.why()).hasValueSatisfying(why -> assertThat(why).contains("45009"));
      assertThat(stopped.newMembers()).isEqualTo(20);
      assertThat(on.members().followerSync(WX)).contains(stopped);
      platform.onPage =
          () -> {
            throw new ChannelException("48001: api unauthorized", null, false);
          };
      assertThatThrownBy(() -> sync(on)).hasMessageContaining("48001");
      platform.onPage = () -> {};
      FollowerSync done = sync(on);
      assertThat(done.state()).isEqualTo(FollowerSync.State.DONE);
      assertThat(done.why()).isEmpty();
      assertThat(done.starts()).isEqualTo(3);
      assertThat(done.newMembers()).isEqualTo(30);
      assertThat(platform.pages).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceThatThePlatformForgotMeansFromTheBeginning(TestServer server) {
    Platform platform = new Platform().with(0, 30);
    platform.pageSize = 10;
    try (MemberFixture on = on(server, platform)) {
      platform.onPage =
          () -> {
            if (platform.pages == 3) {
              platform.followers.remove("o000019");
            }
          };
      FollowerSync sync = sync(on);
      assertThat(sync.state()).isEqualTo(FollowerSync.State.DONE);
      assertThat(sync.listed()).isEqualTo(30);
      assertThat(sync.newMembers()).isEqualTo(30);
      assertThat(platform.pages).isEqualTo(6);
      assertThat(follows(on, "o000019")).as("listed in this run").isTrue();
      assertThat(sync(on).noLonger()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aListThatCannotBeWholeTakesNobodyAway(TestServer server) {
    Platform platform = new Platform().with(0, 200);
    try (MemberFixture on = on(server, platform)) {
      sync(on);
      platform.followers.keySet().removeIf(openid -> openid.compareTo("o000100") >= 0);
      platform.hidden = 100;
      FollowerSync sync = sync(on);
      assertThat(sync.state()).isEqualTo(FollowerSync.State.INCOMPLETE);
      assertThat(sync.why()).hasValueSatisfying(why -> assertThat(why).contains("200", "100"));
      assertThat(sync.noLonger()).isZero();
      assertThat(follows(on, "o000150")).isTrue();
      Map<String, Instant> those = new LinkedHashMap<>(platform.followers);
      platform.followers.clear();
      platform.hidden = 0;
      assertThat(sync(on).state()).isEqualTo(FollowerSync.State.INCOMPLETE);
      platform.followers.putAll(those);
      platform.hidden = 1;
      FollowerSync whole = sync(on);
      assertThat(whole.state()).as("one in a hundred").isEqualTo(FollowerSync.State.DONE);
      assertThat(whole.noLonger()).isEqualTo(100);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoStartsLastGoesOn(TestServer server) {
    Platform platform = new Platform().with(0, 30);
    platform.pageSize = 10;
    try (MemberFixture on = on(server, platform)) {
      List<FollowerSync> other = new ArrayList<>();
      platform.onPage =
          () -> {
            if (platform.pages == 2) {
              other.add(sync(on));
            }
          };
      assertThatThrownBy(() -> sync(on))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining(WX);
      assertThat(other).singleElement().extracting(FollowerSync::newMembers).isEqualTo(30L);
      assertThat(on.members().followerSync(WX)).contains(other.get(0));
      assertThat(on.count("member")).isEqualTo(30);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyErasedIsThePlaceToGoOnFrom(TestServer server) {
    Platform platform = new Platform().with(0, 30);
    platform.pageSize = 10;
    try (MemberFixture on = on(server, platform)) {
      platform.onPage =
          () -> {
            if (platform.pages == 2) {
              long last = on.members().byOpenid(WX, "o000009").orElseThrow().id();
              assertThat(place(on)).contains("o000009");
              members(on).erase(last, "tester", "asked");
              assertThat(place(on)).isEmpty();
              long next = on.members().byOpenid(WX, "o000005").orElseThrow().id();
              members(on).erase(next, "tester", "asked");
            } else if (platform.pages == 3) {
              throw new ChannelException("busy", null, true);
            }
          };
      sync(on);
      assertThat(place(on)).contains("o000019");
      platform.onPage = () -> {};
      FollowerSync done = sync(on);
      assertThat(done.state()).isEqualTo(FollowerSync.State.DONE);
      assertThat(place(on)).isEmpty();
      assertThat(on.members().byOpenid(WX, "o000009")).isEmpty();
      assertThat(on.count("member")).isEqualTo(30);
    }
  }

  private static Optional<String> place(MemberFixture on) {
    return on.database.read(
        "read",
        tx ->
            tx.query("SELECT place FROM {follower_sync} WHERE dealer_id = 1 AND account = 'wx1'")
                .map(
                    (row, context) ->
                        Optional.ofNullable(on.tenant.privacy().open(row.getString(1))))
                .one());
  }

  @ParameterizedTest
  @EnumSource
  void withoutDetailsTheListsTimeStandsIn(TestServer server) {
    Platform platform = new Platform().with(0, 3);
    try (MemberFixture on = on(server, platform)) {
      Instant before = Instant.now();
      on.follows(WX, "o000001", false, before.plus(Duration.ofHours(1)));
      List<FollowerSync> told = new ArrayList<>();
      FollowerSync sync =
          members(on)
              .syncFollowers(
                  WX, FollowerSyncOptions.standard().withoutDetails().progress(told::add));
      assertThat(platform.details).isZero();
      assertThat(told).isNotEmpty();
      assertThat(sync.nowFollowing()).isEqualTo(2);
      assertThat(follows(on, "o000001")).as("a newer event").isFalse();
      assertThat(on.members().follower(WX, "o000000").orElseThrow().since())
          .isBetween(before.minus(Duration.ofMinutes(10)), before.plus(Duration.ofMinutes(10)));
    }
  }

  /** Whatever their number: lists, arrays and many values at once, and nothing person by person. */
  @ParameterizedTest
  @EnumSource(names = {"POSTGRESQL", "MYSQL", "MARIADB"})
  void aLotTakesFewStatements(TestServer server) {
    Platform platform = new Platform().with(0, 1_000);
    try (MemberFixture on = on(server, platform)) {
      Statements statements = new Statements();
      Members members =
          on.module.members(TestServer.outsideOfHosts(statements.of(on.pool)), on.tenant);
      members.syncFollowers(WX, FollowerSyncOptions.standard());
      assertThat(statements.taken()).as("all new").hasSizeLessThan(60);
      members.syncFollowers(WX, FollowerSyncOptions.standard());
      assertThat(statements.taken()).as("all known").hasSizeLessThan(60);
      assertThat(on.count("member")).isEqualTo(1_000);
    }
  }

  /** Events and runs at once; in the end a quiet run agrees with the platform. */
  @ParameterizedTest
  @EnumSource
  void eventsMayComeWhileItRuns(TestServer server) throws Exception {
    Platform platform = new Platform().with(0, 600);
    platform.pageSize = 200;
    try (MemberFixture on = on(server, platform)) {
      Callable<Integer> run =
          () -> {
            sync(on);
            return 0;
          };
      List<Callable<Integer>> all = new ArrayList<>(List.of(run));
      for (int n = 0; n < 3; n++) {
        int own = n;
        all.add(
            () -> {
              Random random = new Random(own);
              for (int i = 0; i < 20; i++) {
                String openid = "o%06d".formatted(random.nextInt(600));
                on.database.write(
                    "follow",
                    tx -> {
                      on.book.follows(
                          tx, on.tenant, WX, openid, true, LONG_AGO.plusSeconds(10_000));
                      on.book.follower(tx, on.tenant, WX, openid, MemberFixture.NOW);
                      return 0;
                    });
              }
              return 0;
            });
      }
      MemberFixture.atOnce(all);
      assertThat(on.count("identity")).isEqualTo(600);
      assertThat(on.count("member")).as("each has one").isEqualTo(600);
      FollowerSync quiet = sync(on);
      assertThat(quiet.newMembers() + quiet.nowFollowing() + quiet.noLonger()).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void joinsNoTransactionOfTheHost(TestServer server) throws SQLException {
    Platform platform = new Platform().with(0, 3);
    try (MemberFixture on = on(server, platform);
        Connection host = on.pool.getConnection()) {
      host.setAutoCommit(false);
      Members joined = on.module.members(TestServer.outsideOfHosts(on.pool).in(host), on.tenant);
      assertThatThrownBy(() -> joined.syncFollowers(WX, FollowerSyncOptions.standard()))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("transaction");
      assertThat(platform.pages).isZero();
      host.rollback();
    }
  }

  @Test
  void saysWhichAccountsCan() {
    try (MemberFixture on = new MemberFixture(TestServer.H2)) {
      assertThatThrownBy(() -> on.members().syncFollowers())
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("hengxin");
      assertThatThrownBy(() -> sync(on)).isInstanceOf(NotFoundException.class);
      assertThat(on.members().followerSync(WX)).isEmpty();
      Platform platform = new Platform().with(0, 3);
      on.module.accounts(new Accounts(List.of(new DealerAccount("hengxin", platform))));
      assertThat(on.members().syncFollowers())
          .singleElement()
          .extracting(FollowerSync::newMembers)
          .isEqualTo(3L);
    }
  }
}
