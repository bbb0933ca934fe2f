package io.laoke.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import io.laoke.base.Upserted;
import io.laoke.catalog.Staff;
import io.laoke.catalog.Store;
import io.laoke.error.LaokeException;
import io.laoke.testing.TestServer;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who the buyer is. */
class BuyerTest {
  private static final String PHONE = "13800138000";

  @ParameterizedTest
  @EnumSource
  void aCustomerNumberLeadsToOneMemberForEver(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      OptionalLong first = on.identify("C1", "王伟", null);

      assertThat(first).isPresent();
      assertThat(on.identify(" C1 ", null, null)).isEqualTo(first);
      assertThat(on.identify("C1", "李娜", "13900139000")).isEqualTo(first);
      assertThat(on.identify("c1", null, null)).isNotEqualTo(first);
      Member member = on.members().find("C1").orElseThrow();
      assertThat(member.name()).contains("王伟");
      assertThat(member.customerNos()).containsExactly("C1");
      assertThat(member.source()).isEqualTo("ORDER");
      assertThat(member.since()).isEqualTo(MemberFixture.NOW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPhoneIdentifiesHoweverItIsWritten(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      OptionalLong first = on.identify(null, "王伟", PHONE);

      assertThat(first).isPresent();
      assertThat(on.identify(null, "王伟", "+86 138-0013-8000")).isEqualTo(first);
      assertThat(on.identify(null, null, "０１３８００１３８０００")).isEqualTo(first);
      assertThat(on.identify(null, "王伟", "13800138001")).isNotEqualTo(first);
      assertThat(on.members().byPhone("86 13800138000").orElseThrow().id())
          .isEqualTo(first.getAsLong());
    }
  }

  @ParameterizedTest
  @EnumSource
  void nobodyIsIdentifiedByNothing(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      assertThat(on.identify(null, "王伟", null)).isEmpty();
      assertThat(on.count("member")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewNumberTakesTheMemberThatItsPhoneIdentifies(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      OptionalLong byPhone = on.identify(null, "王伟", PHONE);

      assertThat(on.identify("C1", "王伟", PHONE)).isEqualTo(byPhone);
      assertThat(on.identify("C1", null, null)).isEqualTo(byPhone);
      assertThat(on.members().duplicates(0, 10)).isEmpty();
      assertThat(on.count("member")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFreePhoneBecomesThatOfTheNumber(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      OptionalLong member = on.identify("C1", "王伟", null);
      on.identify("C1", "王伟", PHONE);

      assertThat(on.identify(null, null, PHONE)).isEqualTo(member);
      assertThat(on.members().identities(member.getAsLong()))
          .extracting(Identity::kind)
          .containsExactlyInAnyOrder(IdentityKind.CUSTOMER_NO, IdentityKind.PHONE);
      assertThat(on.members().identities(member.getAsLong()))
          .extracting(identity -> identity.masked().orElseThrow())
          .containsExactlyInAnyOrder("C1", "138****8000");
    }
  }

  @ParameterizedTest
  @EnumSource
  void twoNumbersWithOnePhoneStayTwoMembersAndAreNotedOnce(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long one = on.identify("C1", "王伟", PHONE).getAsLong();
      long other = on.identify("C2", "王伟", PHONE).getAsLong();
      on.identify("C2", "王伟", PHONE);

      assertThat(other).isNotEqualTo(one);
      assertThat(on.identify(null, null, PHONE)).hasValue(one);
      assertThat(on.members().duplicates(0, 10))
          .singleElement()
          .satisfies(
              pair -> {
                assertThat(pair.one()).isEqualTo(Math.min(one, other));
                assertThat(pair.other()).isEqualTo(Math.max(one, other));
                assertThat(pair.why()).isEqualTo("PHONE");
              });
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNumberThatHasAMemberNeverTakesAnotherOne(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long byNumber = on.identify("C1", "王伟", null).getAsLong();
      long byPhone = on.identify(null, "王伟", PHONE).getAsLong();

      assertThat(on.identify("C1", "王伟", PHONE)).hasValue(byNumber);
      assertThat(on.identify(null, "王伟", PHONE)).hasValue(byPhone);
      assertThat(on.members().duplicates(0, 10)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPhoneSeenWithThreeNamesIdentifiesNobodyFromThenOn(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long first = on.identify(null, "王伟", PHONE).getAsLong();
      assertThat(on.identify(null, "李娜", PHONE)).hasValue(first);
      assertThat(on.identify(null, " 王 伟 ", PHONE)).hasValue(first);

      assertThat(on.identify(null, "张敏", PHONE)).isEmpty();
      assertThat(on.identify(null, "王伟", PHONE)).isEmpty();
      assertThat(on.identify(null, null, PHONE)).isEmpty();
      assertThat(on.members().byPhone(PHONE)).isEmpty();
      long numbered = on.identify("C1", "刘洋", PHONE).getAsLong();
      assertThat(numbered).isNotEqualTo(first);
      assertThat(on.members().duplicates(0, 10)).isEmpty();
      assertThat(on.members().get(first)).isPresent();
      assertThat(on.members().identities(first))
          .singleElement()
          .satisfies(phone -> assertThat(phone.identifying()).isFalse());
      assertThat(on.database.<Boolean>read("known", tx -> on.book.known(tx, on.tenant, first)))
          .isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void namesBesideCustomerNumbersCountToo(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.identify("C1", "王伟", PHONE);
      on.identify("C2", "李娜", PHONE);
      long third = on.identify("C3", "张敏", PHONE).getAsLong();

      assertThat(on.identify(null, null, PHONE)).isEmpty();
      assertThat(on.members().identities(third)).hasSize(1);
      assertThat(on.members().duplicates(0, 10)).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void spellingsOfOneNameAreOne(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long member = on.identify(null, "ZHANG San", PHONE).getAsLong();
      for (String spelling : List.of("zhang san", "Ｚｈａｎｇ　Ｓａｎ", "ZhangSan", "zhang\u200bsan")) {
        assertThat(on.identify(null, spelling, PHONE)).hasValue(member);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void theShopsOwnPhonesNeverIdentify(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.catalog().put(Store.of("S1", "西湖店").withPhones("0571-8765 4321"));
      on.catalog().put(Staff.of("E1", "小李").withPhone("13700137000"));
      on.catalog().ownPhone("400-8888-123");

      assertThat(on.identify(null, "王伟", "057187654321")).isEmpty();
      assertThat(on.identify(null, "王伟", "13700137000")).isEmpty();
      assertThat(on.identify(null, "王伟", "4008888123")).isEmpty();
      long member = on.identify("C1", "王伟", "4008888123").getAsLong();
      assertThat(on.members().identities(member)).hasSize(1);

      on.catalog().put(Staff.of("E1", "小李").withPhone("13700137000").withActive(false));
      assertThat(on.identify(null, "小李", "13700137000")).isPresent();
      on.catalog().put(Store.of("S1", "西湖店"));
      assertThat(on.identify(null, "王伟", "057187654321")).isPresent();
      on.catalog().releaseOwnPhone("4008888123");
      assertThat(on.identify(null, "王伟", "4008888123")).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPhoneDeclaredLaterIdentifiesNobodyFromThenOn(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long member = on.identify(null, "王伟", PHONE).getAsLong();
      on.catalog().ownPhone(PHONE);

      assertThat(on.identify(null, "王伟", PHONE)).isEmpty();
      assertThat(on.members().byPhone(PHONE)).isEmpty();
      assertThat(on.members().get(member)).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWalkInNumberLeavesItToThePhone(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      assertThat(on.members().declareWalkIn("000000")).isTrue();
      assertThat(on.members().declareWalkIn("000000")).isFalse();

      assertThat(on.identify("000000", "王伟", null)).isEmpty();
      long byPhone = on.identify("000000", "王伟", PHONE).getAsLong();
      assertThat(on.identify(null, null, PHONE)).hasValue(byPhone);
      assertThat(on.members().find("000000")).isEmpty();
      assertThat(on.members().walkIns()).containsExactly("000000");
      assertThatThrownBy(() -> on.members().put(MemberProfile.of("000000")))
          .hasMessageContaining("walk-in");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNumberDeclaredWalkInLaterIdentifiesNobodyUntilThatIsWithdrawn(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      long member = on.identify("999", "散客", null).getAsLong();
      on.members().declareWalkIn("999");

      assertThat(on.identify("999", "王伟", null)).isEmpty();
      assertThat(on.members().get(member).orElseThrow().customerNos()).isEmpty();
      assertThat(on.members().withdrawWalkIn("999")).isTrue();
      assertThat(on.members().withdrawWalkIn("999")).isFalse();
      assertThat(on.members().withdrawWalkIn("never seen")).isFalse();
      assertThat(on.identify("999", "王伟", null)).hasValue(member);
      assertThat(on.members().walkIns()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMissingNameIsAddedAndAKnownOneStays(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      on.identify("C1", null, null);
      on.identify("C1", "王伟😀", null);
      on.identify("C1", "李娜", null);

      assertThat(on.members().find("C1").orElseThrow().name()).contains("王伟😀");
    }
  }

  @ParameterizedTest
  @EnumSource
  void dealersNeverMeet(TestServer server) {
    try (MemberFixture on = new MemberFixture(server)) {
      var other = MemberFixture.tenant(2, "other");
      long mine = on.identify("C1", "王伟", PHONE).getAsLong();
      long theirs = on.identify(on.database, other, "C1", "李娜", PHONE).getAsLong();

      assertThat(theirs).isNotEqualTo(mine);
      Members others = on.module.members(on.database, other);
      assertThat(others.get(mine)).isEmpty();
      assertThat(others.page(0, 10)).extracting(Member::id).containsExactly(theirs);
      assertThat(others.identities(mine)).isEmpty();
    }
  }

  // Races

  @ParameterizedTest
  @EnumSource
  void sixteenOrdersOfANewCustomerMakeOneMember(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      for (int round = 0; round < 5; round++) {
        String no = "C" + round;
        String phone = "1380013800" + round;
        assertThat(members(on, 16, i -> on.identify(no, "王伟", phone))).hasSize(1);
        assertThat(members(on, 16, i -> on.identify(null, "王伟", phone))).hasSize(1);
      }
      assertThat(on.count("member")).isEqualTo(5);
      assertThat(on.members().duplicates(0, 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void sixteenOrdersOfANewPhoneMakeOneMember(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      for (int round = 0; round < 5; round++) {
        String phone = "1380013800" + round;
        assertThat(members(on, 16, i -> on.identify(null, "王伟", phone))).hasSize(1);
      }
      assertThat(on.count("member")).isEqualTo(5);
    }
  }

  @ParameterizedTest
  @EnumSource
  void numberAndPhoneOfOneNewBuyerAtOnceNeverMakeThreeMembers(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      for (int round = 0; round < 5; round++) {
        String no = "C" + round;
        String phone = "1380013800" + round;
        Set<Long> found = members(on, 16, i -> on.identify(i % 2 == 0 ? no : null, "王伟", phone));
        assertThat(found).hasSize(1);
      }
      assertThat(on.members().duplicates(0, 10)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofManyNewNumbersWithOnePhoneOneTakesItsMember(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      long owner = on.identify(null, "王伟", PHONE).getAsLong();
      Set<Long> found = members(on, 16, i -> on.identify("C" + i, "王伟", PHONE));

      assertThat(found).hasSize(16).contains(owner);
      assertThat(on.count("member")).isEqualTo(16);
      assertThat(on.members().duplicates(0, 100))
          .hasSize(15)
          .allSatisfy(pair -> assertThat(List.of(pair.one(), pair.other())).contains(owner));
    }
  }

  @ParameterizedTest
  @EnumSource
  void ofManyNamesAtOnceTwoAreIdentified(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      List<OptionalLong> found =
          MemberFixture.atOnce(tasks(16, i -> on.identify(null, "名" + i, PHONE)));

      assertThat(found.stream().filter(OptionalLong::isPresent)).hasSize(2);
      assertThat(found.stream().flatMapToLong(OptionalLong::stream).distinct().count()).isOne();
      assertThat(on.identify(null, null, PHONE)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void repeatableReadEndsWithOneMemberToo(TestServer server) throws Exception {
    HikariConfig config = new HikariConfig();
    config.setTransactionIsolation("TRANSACTION_REPEATABLE_READ");
    try (MemberFixture on = new MemberFixture(server, config)) {
      for (int round = 0; round < 5; round++) {
        String no = "C" + round;
        String phone = "1380013800" + round;
        assertThat(members(on, 8, i -> on.identify(i % 2 == 0 ? no : null, "王伟", phone)))
            .hasSize(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHostsOldSnapshotGetsTheWinnerOrIsToldToRepeat(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server);
        Connection host = on.pool.getConnection()) {
      host.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      host.setAutoCommit(false);
      var joined = on.database.in(host);
      assertThat(on.identify(joined, on.tenant, "OTHER", null, null)).isPresent();
      OptionalLong winner = on.identify("C1", "王伟", PHONE);

      try {
        assertThat(on.identify(joined, on.tenant, "C1", "王伟", PHONE)).isEqualTo(winner);
      } catch (LaokeException repeat) {
        assertThat(repeat.retryable()).isTrue();
      }
      host.rollback();
      assertThat(on.identify(joined, on.tenant, "C1", "王伟", PHONE)).isEqualTo(winner);
      host.rollback();
      assertThat(on.count("member")).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void nothingRemainsOfAHostThatRollsBack(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server);
        Connection host = on.pool.getConnection()) {
      host.setAutoCommit(false);
      var joined = on.database.in(host);
      OptionalLong first = on.identify(joined, on.tenant, "C1", "王伟", PHONE);
      assertThat(on.identify(joined, on.tenant, null, "李娜", PHONE)).isEqualTo(first);
      assertThat(on.module.members(joined, on.tenant).put(MemberProfile.of("C1").withName("王伟")))
          .isEqualTo(Upserted.UNCHANGED);
      host.rollback();

      assertThat(on.count("member")).isZero();
      assertThat(on.count("identity")).isZero();
      assertThat(on.identify(null, "张敏", PHONE)).isPresent();
    }
  }

  @ParameterizedTest
  @EnumSource
  void membersAreLockedInTheOrderOfTheirIds(TestServer server) throws Exception {
    try (MemberFixture on = new MemberFixture(server)) {
      List<Long> ids = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        ids.add(on.identify("C" + i, null, null).getAsLong());
      }
      List<Callable<Integer>> tasks = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        List<Long> mine = new ArrayList<>(ids);
        Collections.shuffle(mine, new java.util.Random(thread));
        tasks.add(
            () -> {
              int runs = 0;
              for (int round = 0; round < 25; round++) {
                runs += lockedOnce(on, mine);
              }
              return runs;
            });
      }

      // A deadlock would run the work of a transaction again.
      assertThat(MemberFixture.atOnce(tasks)).containsOnly(25);
    }
  }

  private static int lockedOnce(MemberFixture on, List<Long> ids) {
    int[] runs = {0};
    on.database.own(
        "lock",
        tx -> {
          runs[0]++;
          on.book.lock(tx, on.tenant, ids);
          return null;
        });
    return runs[0];
  }

  private static Set<Long> members(MemberFixture on, int threads, Buyer buyer) throws Exception {
    return MemberFixture.atOnce(tasks(threads, buyer)).stream()
        .map(OptionalLong::getAsLong)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Callable<OptionalLong>> tasks(int threads, Buyer buyer) {
    List<Callable<OptionalLong>> tasks = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int thread = i;
      tasks.add(() -> buyer.identify(thread));
    }
    return tasks;
  }

  private interface Buyer {
    OptionalLong identify(int thread);
  }
}
