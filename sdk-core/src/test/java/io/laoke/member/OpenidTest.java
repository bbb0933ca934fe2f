package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.error.NotFoundException;
import io.laoke.member.MemberBook.OpenidIdentity;
import io.laoke.testing.TestServer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Openids and who follows. */
class OpenidTest {
  private static final String WX = "wx1";
  private static final Instant T = MemberFixture.NOW;

  @ParameterizedTest
  @EnumSource
  void anOpenidIsRecordedOnceWithoutAMember(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      OpenidIdentity first = on.openid(WX, "oA");

      assertThat(on.openid(WX, "oA")).isEqualTo(first);
      assertThat(first.hash()).isEqualTo(on.book.openidHash(on.tenant, WX, "oA")).hasSize(43);
      assertThat(first.hash()).isNotEqualTo(on.book.openidHash(on.tenant, "wx2", "oA"));
      assertThat(first.hash())
          .isNotEqualTo(on.book.openidHash(MemberFixture.tenant(2, "other"), WX, "oA"));
      assertThat(first.memberId()).isEmpty();
      assertThat(first.follows()).isFalse();
      assertThat(first.reachable()).isTrue();
      assertThat(known(on, "oA")).contains(first);
      assertThat(known(on, "oB")).isEmpty();
      assertThat(on.address(WX, "oA")).contains("oA");
      assertThat(on.address("wx2", "oA")).isEmpty();
      assertThat(on.members().byOpenid(WX, "oA")).isEmpty();
      assertThat(on.count("identity")).isEqualTo(1);
    }
  }

  private static Optional<OpenidIdentity> known(MemberFixture on, String openid) {
    String hash = on.book.openidHash(on.tenant, WX, openid);
    return on.database.read("read", tx -> on.book.openid(tx, on.tenant, WX, hash));
  }

  @ParameterizedTest
  @EnumSource
  void joinsAMemberUnlessItHasAnother(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long one = on.identify("C1", null, null).getAsLong();
      long other = on.identify("C2", null, null).getAsLong();
      OpenidIdentity openid = on.openid(WX, "oA");

      assertThat(attach(on, openid, one)).isTrue();
      assertThat(attach(on, openid, one)).isTrue();
      assertThat(attach(on, openid, other)).isFalse();
      assertThat(on.members().byOpenid(WX, "oA").orElseThrow().id()).isEqualTo(one);
      assertThat(newMember(on, openid, "SCAN")).isEqualTo(one);
      assertThat(hasOpenid(on, one, WX)).isTrue();
      assertThat(hasOpenid(on, one, "wx2")).isFalse();
      assertThat(hasOpenid(on, other, WX)).isFalse();
      OpenidIdentity never = new OpenidIdentity(WX, "x", openid.memberId(), false, false);
      assertThatThrownBy(() -> attach(on, never, one)).isInstanceOf(NotFoundException.class);
    }
  }

  private static boolean attach(MemberFixture on, OpenidIdentity openid, long member) {
    return on.database.write("attach", tx -> on.book.attach(tx, on.tenant, openid, member, T));
  }

  private static boolean hasOpenid(MemberFixture on, long member, String account) {
    return on.database.read("has", tx -> on.book.hasOpenid(tx, on.tenant, member, account));
  }

  private static long newMember(MemberFixture on, OpenidIdentity openid, String source) {
    return on.database.write("make", tx -> on.book.newMember(tx, on.tenant, openid, source, T));
  }

  @ParameterizedTest
  @EnumSource
  void aFollowerIsAMemberOfItsOwn(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.follows(WX, "oA", true, T);
      long member = newMember(on, on.openid(WX, "oA"), "FOLLOW");

      assertThat(on.members().get(member).orElseThrow().source()).isEqualTo("FOLLOW");
      assertThat(on.members().byOpenid(WX, "oA").orElseThrow().id()).isEqualTo(member);
      assertThat(isKnown(on, member)).isFalse();
      assertThat(openidsOf(on, member)).extracting(OpenidIdentity::reachable).containsExactly(true);
      assertThat(on.members().identities(member))
          .singleElement()
          .satisfies(
              identity -> {
                assertThat(identity.masked()).contains("oA****");
                assertThat(identity.follower()).contains(new Identity.Follower(true, T));
              });
      assertThat(isKnown(on, on.identify(null, null, "13800138000").getAsLong())).isTrue();
      assertThat(isKnown(on, on.identify("C1", null, null).getAsLong())).isTrue();
    }
  }

  private static boolean isKnown(MemberFixture on, long member) {
    return on.database.read("known", tx -> on.book.known(tx, on.tenant, member));
  }

  private static List<OpenidIdentity> openidsOf(MemberFixture on, long member) {
    return on.database.read("openids", tx -> on.book.openidsOf(tx, on.tenant, member, WX));
  }

  @ParameterizedTest
  @EnumSource
  void sixteenScansOfOneOpenidMakeOneMember(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      List<Callable<Long>> tasks =
          Collections.nCopies(
              16,
              () ->
                  on.database.write(
                      "scan",
                      tx -> {
                        on.book.follows(tx, on.tenant, WX, "oA", true, T);
                        var openid = on.book.openid(tx, on.tenant, WX, "oA", T);
                        return openid.memberId().isPresent()
                            ? openid.memberId().getAsLong()
                            : on.book.newMember(tx, on.tenant, openid, "SCAN", T);
                      }));

      assertThat(MemberFixture.atOnce(tasks)).containsOnly(on.members().page(0, 2).get(0).id());
      assertThat(on.count("member")).isEqualTo(1);
      assertThat(on.count("identity")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUnfollowTakesTheValueAwayUntilALaterFollow(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.follows(WX, "oA", true, T);
      long member = newMember(on, on.openid(WX, "oA"), "FOLLOW");

      assertThat(on.follows(WX, "oA", false, T.plusSeconds(5))).isTrue();
      assertThat(on.address(WX, "oA")).isEmpty();
      assertThat(openidsOf(on, member)).isEmpty();
      assertThat(hasOpenid(on, member, WX)).isTrue();
      assertThat(on.members().identities(member).get(0).masked()).isEmpty();
      assertThat(on.members().follower(WX, "oA"))
          .contains(new Identity.Follower(false, T.plusSeconds(5)));
      assertThat(on.openid(WX, "oA").reachable()).as("a late scan").isFalse();
      assertThat(on.follows(WX, "oA", true, T.plusSeconds(4))).as("a late follow").isFalse();
      assertThat(on.address(WX, "oA")).isEmpty();

      assertThat(on.follows(WX, "oA", true, T.plusSeconds(9))).isTrue();
      assertThat(on.follows(WX, "oA", true, T.plusSeconds(9))).as("a repeat").isFalse();
      assertThat(on.address(WX, "oA")).contains("oA");
      assertThat(on.members().byOpenid(WX, "oA").orElseThrow().id()).isEqualTo(member);
      assertThat(openidsOf(on, member)).hasSize(1);
      assertThat(on.members().follower(WX, "oB")).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void followsInAnyOrderAndRepetitionEndInTheSameState(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long seed = 20260501;
      Random random = new Random(seed);
      for (int round = 0; round < 25; round++) {
        List<Runnable> facts = new ArrayList<>();
        String openid = "o" + round;
        Optional<Identity.Follower> expected = Optional.empty();
        for (int i = random.nextInt(5) + 1; i > 0; i--) {
          boolean follows = random.nextBoolean();
          Instant at = T.plusSeconds(random.nextInt(4));
          facts.add(() -> on.follows(WX, openid, follows, at));
          expected = Optional.of(later(expected, follows, at));
        }
        facts.add(() -> on.openid(WX, openid));
        facts.addAll(facts.subList(0, random.nextInt(facts.size())));
        for (int order = 0; order < 4; order++) {
          Collections.shuffle(facts, random);
          facts.forEach(Runnable::run);
          assertThat(on.members().follower(WX, openid)).as("seed %d", seed).isEqualTo(expected);
          assertThat(on.address(WX, openid))
              .isEqualTo(expected.filter(Identity.Follower::follows).map(any -> openid));
          forget(on);
        }
      }
    }
  }

  private static Identity.Follower later(
      Optional<Identity.Follower> known, boolean follows, Instant at) {
    if (known.isPresent()
        && (known.get().since().isAfter(at)
            || (known.get().since().equals(at) && known.get().follows()))) {
      return known.get();
    }
    return new Identity.Follower(follows, at);
  }

  private static void forget(MemberFixture on) {
    on.database.write("forget", tx -> tx.update("DELETE FROM {identity}").execute());
  }
}
