package io.laoke.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.ChannelException;
import io.laoke.member.FollowerSync;
import io.laoke.member.FollowerSyncOptions;
import io.laoke.member.Member;
import io.laoke.simulator.Follower;
import io.laoke.simulator.PushMode;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Followers from before Laoke, read from the platform, with its pages, quotas and callbacks. */
class FollowersTest {
  private static final String USERS = "/cgi-bin/user/get";
  private static final String BATCH = "/cgi-bin/user/info/batchget";

  @ParameterizedTest
  @EnumSource(names = {"H2", "POSTGRESQL"})
  void whoFollowedBeforeIsAMemberThoughQuotasEndAndPeopleComeAndGo(TestServer server)
      throws Exception {
    try (Shop shop = new Shop(server, PushMode.SECURE)) {
      shop.wechat.faults().onAnyCallback().always().lose();
      List<Follower> before = new ArrayList<>();
      for (int i = 0; i < 230; i++) {
        Follower follower = shop.account.follower("老粉丝 " + i);
        follower.follow();
        before.add(follower);
      }
      shop.account.userPageSize(100);
      shop.account.quotaLimit(USERS, shop.account.quotaUsed(USERS) + 2);
      String appId = shop.account.appId();

      FollowerSync stopped =
          shop.dealer.members().syncFollowers(appId, FollowerSyncOptions.standard());

      assertThat(stopped.state()).isEqualTo(FollowerSync.State.UNFINISHED);
      assertThat(stopped.why()).hasValueSatisfying(why -> assertThat(why).contains("45009"));
      assertThat(stopped.newMembers()).isEqualTo(200);
      assertThat(shop.account.quotaUsed(BATCH)).isEqualTo(2);
      before.get(199).unfollow(); // the place to go on from, of which nobody tells us
      before.get(3).unfollow();
      shop.account.quotaLimit(USERS, 500);

      FollowerSync done = shop.dealer.members().syncFollowers().get(0);

      assertThat(done.state()).isEqualTo(FollowerSync.State.DONE);
      assertThat(done.starts()).isEqualTo(2);
      assertThat(done.newMembers()).isEqualTo(230);
      assertThat(done.total()).isEqualTo(228);
      Member member = shop.dealer.members().byOpenid(appId, before.get(229).openId()).orElseThrow();
      assertThat(member.source()).isEqualTo("FOLLOW");
      Instant since =
          shop.dealer.members().follower(appId, before.get(229).openId()).orElseThrow().since();
      assertThat(since).isBetween(Instant.now().minusSeconds(3_600), Instant.now());
      assertThat(since.toEpochMilli() % 1000).as("subscribe_time").isZero();
      assertThat(shop.dealer.members().followerSync(appId)).contains(done);
      shop.account.ban(USERS, 48001);
      assertThatThrownBy(() -> shop.dealer.members().syncFollowers())
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("48001");
    }
  }
}
