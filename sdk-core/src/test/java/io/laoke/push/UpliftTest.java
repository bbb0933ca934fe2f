package io.laoke.push;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.laoke.error.InvalidInputException;
import io.laoke.push.Uplift.Difference;
import io.laoke.push.Uplift.Estimate;
import io.laoke.push.Uplift.Group;
import io.laoke.push.Uplift.Measured;
import io.laoke.push.Uplift.NotEnough;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.inference.TTest;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the sums of two groups say, beside a library, published cases, and simulated truth. */
class UpliftTest {
  private static Group group(long members, long buyers, long orders, long fenOfEach) {
    BigInteger fen = BigInteger.valueOf(fenOfEach);
    return new Group(
        members,
        buyers,
        orders,
        BigInteger.valueOf(orders),
        fen.multiply(BigInteger.valueOf(buyers)),
        fen.pow(2).multiply(BigInteger.valueOf(buyers)));
  }

  private static Estimate estimate(String low, String value, String high) {
    return new Estimate(new BigDecimal(low), new BigDecimal(value), new BigDecimal(high));
  }

  // ---- by hand

  /** Half of 100 buy for 100 yuan each, beside three of ten: computed with pencil and tables. */
  @Test
  void tellsDifferencesForAThousandMembersAndForAll() {
    Measured told = (Measured) Uplift.of(group(100, 50, 50, 10_000), group(100, 30, 30, 10_000));
    assertThat(told.buyers())
        .isEqualTo(
            new Difference(estimate("64.22", "200.00", "325.77"), estimate("12", "40", "66")));
    assertThat(told.orders())
        .isEqualTo(
            new Difference(estimate("65.57", "200.00", "334.43"), estimate("13", "40", "67")));
    assertThat(told.fen().perThousand().value()).isEqualTo("2000000");
    assertThat(told.fen().audience().value()).isEqualTo("400000");
    assertThat(told.fen().perThousand().certain()).isTrue();
  }

  @Test
  void groupsThatBoughtAlikeDifferByNothingForCertain() {
    Measured told = (Measured) Uplift.of(group(200, 60, 70, 9_999), group(200, 60, 70, 9_999));
    for (Difference one : Arrays.asList(told.buyers(), told.orders(), told.fen())) {
      Estimate each = one.perThousand();
      assertThat(each.value()).isZero();
      assertThat(each.low()).isNegative().isEqualTo(each.high().negate());
      assertThat(each.certain()).isFalse();
    }
    Measured less = (Measured) Uplift.of(group(900, 90, 90, 5_000), group(900, 300, 300, 5_000));
    assertThat(less.fen().perThousand().high()).as("it can do harm, too").isNegative();
    assertThat(less.fen().perThousand().certain()).isTrue();
  }

  @Test
  void boundsAreRoundedOutwardsAndNoFenIsLostInSumsOfAnySize() {
    BigInteger most = BigInteger.TEN.pow(18);
    // 999 members bought for 10^15 fen each, the last one for a fen more, or not.
    BigInteger each = BigInteger.TEN.pow(15);
    Group held =
        new Group(
            1_000,
            1_000,
            1_000,
            BigInteger.valueOf(1_000),
            most,
            each.pow(2).multiply(BigInteger.valueOf(1_000)));
    Group chosen =
        new Group(
            1_000,
            1_000,
            1_000,
            BigInteger.valueOf(1_000),
            most.add(BigInteger.ONE),
            each.pow(2).multiply(BigInteger.valueOf(999)).add(each.add(BigInteger.ONE).pow(2)));
    Measured told = (Measured) Uplift.of(chosen, held);
    assertThat(told.fen().perThousand()).isEqualTo(estimate("-1", "1", "3"));
    assertThat(told.fen().audience()).isEqualTo(estimate("-2", "2", "6"));
    assertThat(told.orders().perThousand())
        .as("nothing scatters")
        .isEqualTo(estimate("0.00", "0.00", "0.00"));
    assertThat(told.buyers().perThousand().low()).isNegative();
  }

  /** Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10. */
  @ParameterizedTest
  @CsvSource({
    "56, 70, 48, 80,  0.0524, 0.3339",
    " 9, 10,  3, 10,  0.1705, 0.8090",
    " 6,  7,  2,  7,  0.0582, 0.8062",
    " 5, 56,  0, 29, -0.0381, 0.1926",
    " 0, 10,  0, 20, -0.1611, 0.2775",
    " 0, 10,  0, 10, -0.2775, 0.2775",
    "10, 10,  0, 20,  0.6791, 1.0000",
    "10, 10,  0, 10,  0.6075, 1.0000"
  })
  void sharesDifferAsPublished(
      long of, long members, long otherOf, long others, double low, double high) {
    double value = (double) of / members - (double) otherOf / others;
    Intervals.Reach reach = Intervals.newcombe(of, members, otherOf, others);
    assertThat(value - reach.below()).isEqualTo(low, within(0.00005));
    assertThat(value + reach.above()).isEqualTo(high, within(0.00005));
  }

  // ---- beside a library

  @Test
  void theNormalQuantileIsThatOfTheLibrary() {
    assertThat(Intervals.Z)
        .isEqualTo(new NormalDistribution().inverseCumulativeProbability(0.975), within(1e-9));
    assertThat(Intervals.student(1e12)).as("that of many").isEqualTo(Intervals.Z, within(1e-11));
  }

  @ParameterizedTest
  @ValueSource(doubles = {20, 21.5, 33.3, 50, 75.75, 99, 100, 198, 512.25, 5_000, 1e6})
  void studentsQuantileIsThatOfTheLibrary(double degrees) {
    double expected = new TDistribution(degrees, 1e-12).inverseCumulativeProbability(0.975);
    assertThat(Intervals.student(degrees)).isEqualTo(expected, within(degrees < 99 ? 1e-6 : 1e-8));
  }

  @Test
  void studentsQuantileIsRefusedWhereTheExpansionIsNotGood() {
    assertThatThrownBy(() -> Intervals.student(19.9)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Intervals.student(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"0, 100", "1, 100", "30, 100", "50, 100", "99, 100", "100, 100", "7, 9999", "1, 1"})
  void sharesReachAsFarAsInTheLibrary(int of, int members) {
    ConfidenceInterval expected = new WilsonScoreInterval().createInterval(members, of, 0.95);
    Intervals.Reach reach = Intervals.wilson(of, members);
    double share = (double) of / members;
    assertThat(share - reach.below()).isEqualTo(expected.getLowerBound(), within(1e-9));
    assertThat(share + reach.above()).isEqualTo(expected.getUpperBound(), within(1e-9));
  }

  /** What lies on the bound of a 95 % interval is what a test refuses at 5 %. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void meansDifferUpToWhereTheLibrarysTestRefuses(long seed) {
    Random random = new Random(seed);
    double[] one = random.longs(100 + random.nextInt(400), -500, 90_000).asDoubleStream().toArray();
    double[] other = random.longs(100 + random.nextInt(50), 0, 40_000).asDoubleStream().toArray();
    Intervals.Reach reach = Intervals.welch(mean(one), mean(other));
    double value = Arrays.stream(one).average().orElseThrow() - average(other);
    assertThat(reach.above()).isEqualTo(reach.below()).isPositive();
    for (double bound : new double[] {value - reach.below(), value + reach.above()}) {
      double[] moved = Arrays.stream(one).map(each -> each - bound).toArray();
      assertThat(new TTest().tTest(moved, other)).isEqualTo(0.05, within(1e-8));
    }
  }

  private static double average(double[] values) {
    return Arrays.stream(values).average().orElseThrow();
  }

  private static Intervals.Mean mean(double[] values) {
    BigInteger sum = BigInteger.ZERO;
    BigInteger squares = BigInteger.ZERO;
    for (double value : values) {
      BigInteger whole = BigInteger.valueOf((long) value);
      sum = sum.add(whole);
      squares = squares.add(whole.pow(2));
    }
    return Intervals.Mean.of(values.length, sum, squares);
  }

  // ---- simulated truth

  /**
   * A population: which share buys, how likely a buyer has a second order, and what an order costs:
   * e to the power of what scatters normally.
   */
  private record Truth(double buyers, double again, double mu, double sigma) {
    double orders() {
      return buyers * (1 + again);
    }

    double fen() {
      return orders() * Math.exp(mu + sigma * sigma / 2);
    }

    Group sample(Random random, int members) {
      return sample(random, members, Long.MAX_VALUE)[0];
    }

    /** The same members with their money as it is, and capped. */
    Group[] sample(Random random, int members, long cap) {
      long bought = 0;
      long orders = 0;
      long orderSquares = 0;
      BigInteger fen = BigInteger.ZERO;
      BigInteger fenSquares = BigInteger.ZERO;
      BigInteger capped = BigInteger.ZERO;
      BigInteger cappedSquares = BigInteger.ZERO;
      for (int i = 0; i < members; i++) {
        if (random.nextDouble() >= buyers) {
          continue;
        }
        int many = random.nextDouble() < again ? 2 : 1;
        long paid = 0;
        for (int order = 0; order < many; order++) {
          paid += Math.round(Math.exp(mu + sigma * random.nextGaussian()));
        }
        bought++;
        orders += many;
        orderSquares += (long) many * many;
        fen = fen.add(BigInteger.valueOf(paid));
        fenSquares = fenSquares.add(BigInteger.valueOf(paid).pow(2));
        capped = capped.add(BigInteger.valueOf(Math.min(paid, cap)));
        cappedSquares = cappedSquares.add(BigInteger.valueOf(Math.min(paid, cap)).pow(2));
      }
      BigInteger squares = BigInteger.valueOf(orderSquares);
      return new Group[] {
        new Group(members, bought, orders, squares, fen, fenSquares),
        new Group(members, bought, orders, squares, capped, cappedSquares)
      };
    }
  }

  /** How often intervals held the truth, and how often they were above and below it. */
  private static final class Coverage {
    private int inside;
    private int above;
    private int below;

    void count(Estimate told, double truth) {
      if (told.low().doubleValue() > truth) {
        above++;
      } else if (told.high().doubleValue() < truth) {
        below++;
      } else {
        inside++;
      }
    }
  }

  /**
   * 2,000 plans of one dealer, some of which bring nothing in. By chance alone the share of hits
   * scatters by half a percent; an interval for 90 %, one without the second group's variance, or
   * one of a sum instead of a mean is far outside of what is asked here.
   */
  @ParameterizedTest
  @CsvSource({
    "0.06, 0.06, 3000, 1000, 0.8, 11",
    "0.09, 0.06, 3000, 1500, 0.8, 12",
    "0.30, 0.20,  900,  300, 0.6, 13"
  })
  void theTruthIsInsideOf95Of100Intervals(
      double chosenShare, double heldShare, int chosen, int held, double sigma, long seed) {
    Truth told = new Truth(chosenShare, 0.15, 12, sigma);
    Truth untold = new Truth(heldShare, 0.15, 12, sigma);
    Random random = new Random(seed);
    Coverage buyers = new Coverage();
    Coverage orders = new Coverage();
    Coverage fen = new Coverage();
    Coverage narrow = new Coverage();
    int plans = 2_000;
    for (int i = 0; i < plans; i++) {
      Measured one = (Measured) Uplift.of(told.sample(random, chosen), untold.sample(random, held));
      buyers.count(one.buyers().perThousand(), 1_000 * (told.buyers - untold.buyers));
      orders.count(one.orders().perThousand(), 1_000 * (told.orders() - untold.orders()));
      fen.count(one.fen().perThousand(), 1_000 * (told.fen() - untold.fen()));
      narrow.count(narrower(one.fen().perThousand()), 1_000 * (told.fen() - untold.fen()));
    }
    for (Coverage one : new Coverage[] {buyers, orders, fen}) {
      assertThat((double) one.inside / plans).isBetween(0.935, 0.965);
      assertThat((double) one.above / plans).isBetween(0.005, 0.05);
      assertThat((double) one.below / plans).isBetween(0.005, 0.05);
    }
    assertThat((double) narrow.inside / plans).as("a sixth narrower").isLessThan(0.925);
  }

  /**
   * Where the dearest twentieth of buyers pays ten times what the usual one does, and a tenth of
   * the audience is held out, a gain is seen in too many plans that have none: the contract says
   * so, and what it advises helps.
   */
  @Test
  void aCapMakesUpForAHeavyTail() {
    Random random = new Random(14);
    double sigma = 1.4;
    Truth heavy = new Truth(0.07, 0, 12, sigma);
    long cap = Math.round(Math.exp(12 + sigma));
    Coverage whole = new Coverage();
    Coverage capped = new Coverage();
    int plans = 2_000;
    for (int i = 0; i < plans; i++) {
      Group[] chosen = heavy.sample(random, 9_000, cap);
      Group[] held = heavy.sample(random, 1_000, cap);
      whole.count(((Measured) Uplift.of(chosen[0], held[0])).fen().perThousand(), 0);
      capped.count(((Measured) Uplift.of(chosen[1], held[1])).fen().perThousand(), 0);
    }
    assertThat((double) whole.above / plans).isBetween(0.06, 0.12);
    assertThat((double) capped.inside / plans).isBetween(0.935, 0.965);
    assertThat((double) capped.above / plans).isLessThan(0.04);
  }

  private static Estimate narrower(Estimate one) {
    BigDecimal sixth = new BigDecimal("0.1667");
    return new Estimate(
        one.low().add(one.value().subtract(one.low()).multiply(sixth)),
        one.value(),
        one.high().subtract(one.high().subtract(one.value()).multiply(sixth)));
  }

  // ---- not enough

  @Test
  void saysWhatIsMissingAndHowToGetIt() {
    Group enough = group(5_000, 200, 210, 9_900);
    assertThat(Uplift.of(enough, Group.none()))
        .isInstanceOfSatisfying(
            NotEnough.class,
            told -> {
              assertThat(told.why())
                  .startsWith("Nobody is held out, so there is nothing to compare with.")
                  .contains("Plan.holdOut(100)");
              assertThat(told.chinese()).isEqualTo("没有对照组，无法比较。下次请留出对照组，例如十分之一。");
              assertThat(told.chosen()).isEqualTo(enough);
            });
    assertThat(Uplift.of(enough, group(99, 99, 99, 1)))
        .isInstanceOfSatisfying(
            NotEnough.class,
            told -> {
              assertThat(told.why())
                  .isEqualTo(
                      "99 members are held out, and 100 must be. To get there, hold out more of the"
                          + " next plan.");
              assertThat(told.chinese()).isEqualTo("对照组只有99人，至少需要100人。请下次提高对照组比例。");
            });
    assertThat(Uplift.of(enough, group(1_640, 12, 13, 1)))
        .isInstanceOfSatisfying(
            NotEnough.class,
            told -> {
              assertThat(told.why())
                  .isEqualTo(
                      "12 of the 1,640 members who are held out bought anything, and 30 must have;"
                          + " at this rate that takes 4,100 members. Look at a longer window, or"
                          + " hold out more of the next plan.");
              assertThat(told.chinese())
                  .isEqualTo("对照组1640人中只有12人下单，至少需要30人下单，按此比例约需4100人。请延长统计期，或下次提高对照组比例。");
            });
    assertThat(Uplift.of(group(200, 0, 0, 0), group(100, 29, 29, 1)))
        .isInstanceOfSatisfying(
            NotEnough.class,
            told -> {
              assertThat(told.why())
                  .startsWith(
                      "0 of the 200 members who are chosen bought anything, and 30 must have. Look"
                          + " at a longer window, or send to a larger audience. 29 of")
                  .contains("that takes 104 members");
              assertThat(told.chinese()).contains("请延长统计期，或扩大发送人群。对照组100人");
            });
    assertThat(Uplift.of(group(100, 30, 30, 1), group(100, 30, 30, 1)))
        .isInstanceOf(Measured.class);
  }

  @Test
  void sumsThatNoMembersHaveAreRefused() {
    assertThatThrownBy(() -> group(10, 11, 11, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("buyers");
    assertThatThrownBy(() -> group(10, 3, 2, 1))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("orders");
    assertThatThrownBy(
            () ->
                new Group(10, 3, 3, BigInteger.valueOf(3), BigInteger.valueOf(100), BigInteger.TEN))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("fenSquares");
    assertThatThrownBy(() -> new Group(0, 0, 0, BigInteger.ONE, BigInteger.ZERO, BigInteger.ZERO))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("orderSquares");
  }
}
