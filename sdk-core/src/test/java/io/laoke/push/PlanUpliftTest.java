package io.laoke.push;

import static io.laoke.push.PlanFixture.NOW;
import static io.laoke.push.PlanFixture.tagged;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.laoke.Dealer;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.member.MemberProfile;
import io.laoke.member.Merge;
import io.laoke.order.Buyer;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.order.Statements;
import io.laoke.push.Uplift.Estimate;
import io.laoke.push.Uplift.Group;
import io.laoke.push.Uplift.Measured;
import io.laoke.push.Uplift.NotEnough;
import io.laoke.testing.TestServer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What plans of a dealer brought in whose members bought what the test says. */
class PlanUpliftTest {
  private static final Instant FROM = NOW.minus(Duration.ofDays(60));
  private static final Duration WINDOW = Duration.ofDays(14);
  private static final Instant INSIDE = FROM.plus(Duration.ofDays(5));

  /** A dealer whose plan is allocated, and who bought what since. */
  private static final class Shop implements AutoCloseable {
    final PlanFixture laoke;
    final Dealer dealer;
    final List<Long> chosen = new ArrayList<>();
    final List<Long> held = new ArrayList<>();
    private int numbers;

    Shop(TestServer server, int followers) {
      laoke = new PlanFixture(server, PlanSettings.standard());
      dealer = laoke.dealer();
      for (int i = 0; i < followers; i++) {
        laoke.agreed("o-" + i, "kitchen");
      }
      laoke.follower("stopped", "kitchen");
      Plan half = Plan.of("p", "厨房", "wx1").rule("厨房", tagged("kitchen"), "A").holdOut(500);
      laoke.approved(half);
      dealer.plans().allocate("p", NOW, "boss");
      for (PlanDecision one : dealer.plans().decisions("p", 0, 10_000)) {
        switch (one.result()) {
          case CHOSEN -> chosen.add(one.memberId());
          case HELD_OUT -> held.add(one.memberId());
          case STOPPED -> {}
        }
      }
    }

    /** The member gets a customer number, by which the ERP names it. */
    String customer(long member) {
      String no = "C-" + ++numbers;
      dealer.members().merge(member, stranger(no), "li", "同一人");
      return no;
    }

    /** A customer whom the plan does not know. */
    long stranger(String no) {
      dealer.members().put(MemberProfile.of(no));
      return dealer.members().find(no).orElseThrow().id();
    }

    /** An order of lines for so many yuan. */
    String bought(String customer, Instant at, String... yuan) {
      String no = "SO-" + ++numbers;
      Order order = Order.of(no, at).buyer(Buyer.of(customer, null, null));
      for (int i = 0; i < yuan.length; i++) {
        order = order.line(OrderLine.goods("" + (i + 1), "kitchen", 1, yuan[i]));
      }
      dealer.orders().upsert(order);
      return no;
    }

    void cameBack(String order, String line, String yuan, Instant at) {
      dealer
          .returns()
          .record(
              ReturnNote.of("R-" + ++numbers, at)
                  .order(order)
                  .line(ReturnLine.of("1", "kitchen", 1, yuan).orderLine(line)));
    }

    /** Of no order that is known. */
    void cameBackOf(String customer, String yuan, Instant at) {
      dealer
          .returns()
          .record(
              ReturnNote.of("R-" + ++numbers, at)
                  .customerNo(customer)
                  .line(ReturnLine.of("1", "kitchen", 1, yuan)));
    }

    @Override
    public void close() {
      laoke.close();
    }
  }

  /** A group in which some bought, each told by orders and fen, and nobody else did. */
  private static Group group(long members, long[]... bought) {
    long buyers = 0;
    long orders = 0;
    long orderSquares = 0;
    long fen = 0;
    long fenSquares = 0;
    for (long[] one : bought) {
      buyers += one[0] > 0 ? 1 : 0;
      orders += one[0];
      orderSquares += one[0] * one[0];
      fen += one[1];
      fenSquares += one[1] * one[1];
    }
    return new Group(
        members,
        buyers,
        orders,
        BigInteger.valueOf(orderSquares),
        BigInteger.valueOf(fen),
        BigInteger.valueOf(fenSquares));
  }

  private static long[] has(long orders, long fen) {
    return new long[] {orders, fen};
  }

  @ParameterizedTest
  @EnumSource
  void ordersOfTheWindowCountNetOfReturnsForWhoTheMembersAreNow(TestServer server) {
    try (Shop shop = new Shop(server, 80)) {
      List<Long> chosen = shop.chosen;
      List<Long> held = shop.held;
      chosenBuy(shop);
      othersBuy(shop);
      merge(shop);
      Group expected =
          group(
              chosen.size() - 2,
              has(1, 100_000),
              has(1, 50_000),
              has(1, 30_000),
              has(2, 35_000),
              has(0, -5_000),
              has(1, 70_000),
              has(1, 15_000),
              has(1, 9_000),
              has(1, 12_000));
      Group beside = group(held.size() - 1, has(1, 40_000), has(1, 90_000), has(1, 21_000));
      Uplift told = shop.dealer.plans().uplift("p", FROM, WINDOW);
      assertThat(told).isInstanceOf(NotEnough.class);
      assertThat(told.chosen()).isEqualTo(expected);
      assertThat(told.heldOut()).isEqualTo(beside);

      Uplift capped = shop.dealer.plans().uplift("p", FROM, WINDOW, 40_000);
      assertThat(capped.chosen().fen())
          .isEqualTo(3 * 40_000 + 30_000 + 35_000 - 5_000 + 15_000 + 9_000 + 12_000);
      assertThat(capped.heldOut().fen()).isEqualTo(2 * 40_000 + 21_000);
      assertThat(shop.dealer.plans().uplift("p", FROM, WINDOW, 1).chosen().fen())
          .as("what came back is capped, too")
          .isEqualTo(8 - 1);
      assertThat(shop.dealer.plans().uplift("p", FROM.minus(WINDOW), WINDOW).chosen())
          .as("the window before has its own orders")
          .isEqualTo(group(chosen.size() - 2, has(1, 60_000)));
    }
  }

  private static void chosenBuy(Shop shop) {
    List<Long> chosen = shop.chosen;
    shop.bought(shop.customer(chosen.get(0)), INSIDE, "1000.00");
    String edges = shop.customer(chosen.get(1));
    shop.bought(edges, FROM.minusMillis(1), "600.00");
    shop.bought(edges, FROM, "500.00");
    shop.bought(edges, FROM.plus(WINDOW), "700.00");
    String whole = shop.bought(shop.customer(chosen.get(2)), INSIDE, "800.00");
    shop.cameBack(whole, "1", "800.00", FROM.plus(WINDOW).plusSeconds(9));
    String partly = shop.bought(shop.customer(chosen.get(3)), INSIDE, "300.00", "200.00");
    shop.cameBack(partly, "2", "200.00", INSIDE.plusSeconds(9));
    String cancelled = shop.bought(shop.customer(chosen.get(4)), INSIDE, "900.00");
    shop.dealer.orders().advance(cancelled, StageReport.of(Stage.CANCELLED, INSIDE.plusSeconds(9)));
    String twice = shop.customer(chosen.get(5));
    shop.bought(twice, INSIDE, "100.00");
    shop.bought(twice, FROM.plus(WINDOW).minusMillis(1), "250.00");
    shop.cameBackOf(shop.customer(chosen.get(6)), "50.00", INSIDE);
    shop.cameBackOf(shop.customer(chosen.get(7)), "50.00", FROM.plus(WINDOW));
  }

  private static void othersBuy(Shop shop) {
    shop.bought(shop.customer(shop.held.get(0)), INSIDE, "400.00");
    String before = shop.bought(shop.customer(shop.held.get(1)), FROM.minusSeconds(9), "770.00");
    shop.cameBack(before, "1", "770.00", INSIDE);
    long stopped = shop.dealer.members().byOpenid("wx1", "stopped").orElseThrow().id();
    shop.bought(shop.customer(stopped), INSIDE, "5000.00");
    shop.stranger("C-none");
    shop.bought("C-none", INSIDE, "5000.00");
    shop.dealer
        .orders()
        .upsert(Order.of("SO-guest", INSIDE).line(OrderLine.goods("1", "kitchen", 1, "50.00")));
  }

  /** Staff find out who is who after the plan has decided. */
  private static void merge(Shop shop) {
    Dealer dealer = shop.dealer;
    List<Long> chosen = shop.chosen;
    long known = shop.stranger("C-known");
    shop.bought("C-known", INSIDE, "700.00");
    dealer.members().merge(known, chosen.get(8), "li", "同一人");
    shop.bought(shop.customer(chosen.get(10)), INSIDE, "150.00");
    dealer.members().merge(chosen.get(9), chosen.get(10), "li", "同一人");
    shop.bought(shop.customer(shop.held.get(2)), INSIDE, "600.00");
    dealer.members().merge(shop.held.get(2), chosen.get(11), "li", "同一人");
    long last = chosen.get(12);
    for (int i = 0; i < 4; i++) {
      long next = shop.stranger("C-chain-" + i);
      dealer.members().merge(next, last, "li", "同一人");
      last = next;
    }
    shop.bought("C-chain-3", INSIDE, "90.00");
    String gone = shop.customer(chosen.get(13));
    shop.bought(gone, INSIDE, "120.00");
    dealer.members().erase(chosen.get(13), "li", "本人要求");
    long stopped = dealer.members().byOpenid("wx1", "stopped").orElseThrow().id();
    shop.stranger("C-two");
    shop.bought("C-two", INSIDE, "900.00");
    long two = dealer.members().find("C-two").orElseThrow().id();
    dealer.members().merge(two, shop.held.get(3), "li", "同一人");
    Merge wrong = dealer.members().merge(stopped, shop.held.get(4), "li", "同一人");
    dealer.members().split(wrong.id(), "li", "不是");
    shop.bought(shop.customer(shop.held.get(4)), INSIDE, "210.00");
  }

  /** Half of the chosen buy, and a third of the held-out: the plan makes one of six buy. */
  @ParameterizedTest
  @EnumSource
  void whatIsKnownToBeTheEffectIsToldOfTheDealer(TestServer server) {
    try (Shop shop = new Shop(server, 300)) {
      int bought = every(shop, shop.chosen, 2);
      int beside = every(shop, shop.held, 3);
      Statements statements = new Statements();
      Plans counted =
          shop.laoke
              .engine(statements.of(shop.laoke.pool), PlanSettings.standard())
              .dealer("hengxin")
              .plans();
      counted.all();
      statements.taken();
      Uplift told = counted.uplift("p", FROM, WINDOW);
      assertThat(statements.taken().stream().filter(sql -> sql.contains("laoke_")))
          .as("the plan, how far merges lead, all sums")
          .hasSize(4);

      assertThat(told.chosen()).isEqualTo(all(shop.chosen.size(), bought));
      assertThat(told.heldOut()).isEqualTo(all(shop.held.size(), beside));
      Measured measured = (Measured) told;
      Estimate buyers = measured.buyers().perThousand();
      BigDecimal truth = new BigDecimal("166.67");
      assertThat(truth).isBetween(buyers.low(), buyers.high());
      assertThat(buyers.value())
          .isBetween(truth.subtract(BigDecimal.TEN), truth.add(BigDecimal.TEN));
      assertThat(measured.orders().perThousand().value()).isEqualTo(buyers.value());
      Estimate fen = measured.fen().perThousand();
      assertThat(fen.value().subtract(buyers.value().multiply(BigDecimal.valueOf(100_000))).abs())
          .as("1,000 yuan for each")
          .isLessThanOrEqualTo(BigDecimal.valueOf(500));
      assertThat(measured.fen().audience().value())
          .isBetween(new BigDecimal(300 * 15_600L), new BigDecimal(300 * 17_700L));
      assertThat(fen.certain()).isTrue();
    }
  }

  private static Group all(int members, int bought) {
    long[][] each = new long[bought][];
    for (int i = 0; i < bought; i++) {
      each[i] = has(1, 100_000);
    }
    return group(members, each);
  }

  private static int every(Shop shop, List<Long> members, int nth) {
    int bought = 0;
    for (int i = nth - 1; i < members.size(); i += nth) {
      shop.bought(shop.customer(members.get(i)), INSIDE, "1000.00");
      bought++;
    }
    return bought;
  }

  @ParameterizedTest
  @EnumSource
  void isRefusedOfWhatIsNotAllocatedAndOfWindowsThatAreNone(TestServer server) {
    try (Shop shop = new Shop(server, 0)) {
      Plans plans = shop.dealer.plans();
      assertThat(plans.uplift("p", FROM, WINDOW))
          .isInstanceOfSatisfying(
              NotEnough.class,
              told -> {
                assertThat(told.chosen()).isEqualTo(Group.none());
                assertThat(told.why()).contains("0 members are chosen", "Nobody is held out");
              });
      plans.save(PlanFixture.plan("q"), "li");
      assertThatThrownBy(() -> plans.uplift("q", FROM, WINDOW))
          .isInstanceOf(ConflictException.class)
          .hasMessageContaining("decided nothing yet");
      assertThatThrownBy(() -> plans.uplift("none", FROM, WINDOW))
          .isInstanceOf(NotFoundException.class);
      for (Duration window :
          List.of(Duration.ZERO, Duration.ofDays(-1), Duration.ofNanos(9), Duration.ofDays(367))) {
        assertThatThrownBy(() -> plans.uplift("p", FROM, window))
            .isInstanceOf(InvalidInputException.class)
            .hasMessageStartingWith("window");
      }
      assertThatThrownBy(() -> plans.uplift("p", Instant.MAX, WINDOW))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("from");
      assertThatThrownBy(() -> plans.uplift("p", FROM, WINDOW, 0))
          .isInstanceOf(InvalidInputException.class)
          .hasMessageStartingWith("capFen");
    }
  }
}
