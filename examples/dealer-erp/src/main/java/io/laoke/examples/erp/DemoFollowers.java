package io.laoke.examples.erp;

import io.laoke.Dealer;
import io.laoke.Laoke;
import io.laoke.member.FollowerSyncOptions;
import io.laoke.member.Member;
import io.laoke.member.Members;
import io.laoke.simulator.Follower;
import io.laoke.simulator.SimulatedAccount;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * 演示粉丝: some customers of the demo's history follow the account since long, so that there is
 * somebody to send to. They follow before the account's callback is known, as in a shop that takes
 * Laoke up later: Laoke reads the list of followers, and staff say who is who.
 */
@Component
class DemoFollowers {
  private static final Logger LOG = LoggerFactory.getLogger(DemoFollowers.class);
  private static final long SEED = 77_003;
  private static final double AGREED = 0.62;
  private static final double OTHERS = 0.05;
  private static final String BY = "演示数据";
  private static final int AT_ONCE = 200;

  private final Dealer dealer;
  private final TransactionTemplate transactions;

  DemoFollowers(Laoke laoke, TransactionTemplate transactions) {
    this.dealer = laoke.dealer("hengxin");
    this.transactions = transactions;
  }

  /** Who follows: of those who agreed to marketing most, of others few; each name once. */
  static List<DemoCustomer> choose(DemoHistory history) {
    Set<String> names = new HashSet<>();
    List<DemoCustomer> chosen = new ArrayList<>();
    for (DemoCustomer customer : history.customers()) {
      Random random = new Random(new SplittableRandom(SEED + customer.no().hashCode()).nextLong());
      boolean follows = random.nextDouble() < (DemoData.agrees(customer) ? AGREED : OTHERS);
      if (follows && names.add(customer.name())) {
        chosen.add(customer);
      }
    }
    return chosen;
  }

  /** They follow on their phones; nobody is told, since the account has no callback yet. */
  static void follow(SimulatedAccount account, List<DemoCustomer> people) {
    people.forEach(one -> account.follower(one.name()).follow());
  }

  // Laoke: followers from before, and who they are.

  void tell(SimulatedAccount account, List<DemoCustomer> people) {
    if (people.isEmpty()) {
      return;
    }
    dealer
        .members()
        .syncFollowers(account.appId(), FollowerSyncOptions.standard().withoutDetails());
    for (int from = 0; from < people.size(); from += AT_ONCE) {
      List<DemoCustomer> some = people.subList(from, Math.min(from + AT_ONCE, people.size()));
      transactions.executeWithoutResult(
          status -> some.forEach(one -> same(one, account.follower(one.name()))));
    }
    LOG.info("Demo data: {} of them follow the account", people.size());
  }

  private void same(DemoCustomer customer, Follower follower) {
    Members people = dealer.members();
    Optional<Member> known = people.find(customer.no());
    Optional<Member> fan = people.byOpenid(follower.account().appId(), follower.openId());
    if (known.isPresent() && fan.isPresent() && known.get().id() != fan.get().id()) {
      people.merge(known.get().id(), fan.get().id(), BY, "会员卡与微信是同一人");
    }
  }

  // Laoke: end.
}
