package io.laoke.push;

import io.laoke.push.Uplift.Difference;
import io.laoke.push.Uplift.Estimate;
import io.laoke.push.Uplift.Group;
import io.laoke.push.Uplift.Measured;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Differences of two groups with intervals that hold the truth in 95 of 100 cases. Values are exact
 * fractions of whole numbers; only how far an interval reaches is computed in floating point, by
 * operations that give the same everywhere.
 */
final class Intervals {
  /** Of the normal distribution, 2.5 % lie above. */
  static final double Z = 1.959963984540054;

  private static final double LEAST_DEGREES = 20;

  /** Decimals behind those that are shown, so that no bound moves by what floating point adds. */
  private static final int GUARD = 4;

  private Intervals() {}

  /**
   * How far an interval reaches from its value.
   *
   * @param below to its lower bound, zero or more
   * @param above to its upper bound, zero or more
   */
  record Reach(double below, double above) {}

  static Measured measured(Group chosen, Group heldOut) {
    BigInteger audience = BigInteger.valueOf(chosen.members() + heldOut.members());
    Fraction buyers = Fraction.less(chosen, chosen.buyers(), heldOut, heldOut.buyers());
    Fraction orders = Fraction.less(chosen, chosen.orders(), heldOut, heldOut.orders());
    Fraction fen = Fraction.less(chosen, chosen.fen(), heldOut, heldOut.fen());
    return new Measured(
        chosen,
        heldOut,
        difference(
            buyers,
            newcombe(chosen.buyers(), chosen.members(), heldOut.buyers(), heldOut.members()),
            audience,
            2),
        difference(
            orders,
            welch(
                Mean.of(
                    chosen.members(), BigInteger.valueOf(chosen.orders()), chosen.orderSquares()),
                Mean.of(
                    heldOut.members(),
                    BigInteger.valueOf(heldOut.orders()),
                    heldOut.orderSquares())),
            audience,
            2),
        difference(
            fen,
            welch(
                Mean.of(chosen.members(), chosen.fen(), chosen.fenSquares()),
                Mean.of(heldOut.members(), heldOut.fen(), heldOut.fenSquares())),
            audience,
            0));
  }

  private static Difference difference(
      Fraction each, Reach reach, BigInteger audience, int decimals) {
    return new Difference(
        estimate(each, reach, BigInteger.valueOf(1_000), decimals),
        estimate(each, reach, audience, 0));
  }

  private static Estimate estimate(Fraction each, Reach reach, BigInteger members, int decimals) {
    BigDecimal factor = new BigDecimal(members);
    BigDecimal value = each.times(members);
    return new Estimate(
        rounded(value.subtract(new BigDecimal(reach.below).multiply(factor)), decimals)
            .setScale(decimals, RoundingMode.FLOOR),
        value.setScale(decimals, RoundingMode.HALF_UP),
        rounded(value.add(new BigDecimal(reach.above).multiply(factor)), decimals)
            .setScale(decimals, RoundingMode.CEILING));
  }

  private static BigDecimal rounded(BigDecimal bound, int decimals) {
    return bound.setScale(decimals + GUARD, RoundingMode.HALF_EVEN);
  }

  /** A difference of two means. */
  private record Fraction(BigInteger over, BigInteger under) {
    static Fraction less(Group one, long sum, Group other, long otherSum) {
      return less(one, BigInteger.valueOf(sum), other, BigInteger.valueOf(otherSum));
    }

    static Fraction less(Group one, BigInteger sum, Group other, BigInteger otherSum) {
      BigInteger members = BigInteger.valueOf(one.members());
      BigInteger others = BigInteger.valueOf(other.members());
      return new Fraction(
          sum.multiply(others).subtract(otherSum.multiply(members)), members.multiply(others));
    }

    BigDecimal times(BigInteger factor) {
      return new BigDecimal(over.multiply(factor))
          .divide(new BigDecimal(under), MathContext.DECIMAL128);
    }
  }

  // ---- shares

  /**
   * Newcombe's hybrid score interval of a difference of two shares (1998, method 10), which holds
   * for small counts, too.
   */
  static Reach newcombe(long of, long members, long otherOf, long otherMembers) {
    Reach one = wilson(of, members);
    Reach other = wilson(otherOf, otherMembers);
    return new Reach(
        Math.sqrt(one.below * one.below + other.above * other.above),
        Math.sqrt(one.above * one.above + other.below * other.below));
  }

  /** Wilson's score interval of a share. */
  static Reach wilson(long of, long members) {
    double share = (double) of / members;
    double middle = (2.0 * of + Z * Z) / (2 * (members + Z * Z));
    double half = Z * Math.sqrt(Z * Z + 4.0 * of * (1 - share)) / (2 * (members + Z * Z));
    return new Reach(Math.max(0, share - (middle - half)), Math.max(0, middle + half - share));
  }

  // ---- means

  /**
   * How a mean scatters.
   *
   * @param variance of the mean itself
   * @param degrees members less one
   */
  record Mean(double variance, double degrees) {
    /** Of what so many members have, from its sum and the sum of its squares. */
    static Mean of(long members, BigInteger sum, BigInteger squares) {
      BigInteger count = BigInteger.valueOf(members);
      // Exact, where floating point would take one big number off another.
      BigInteger scatter = count.multiply(squares).subtract(sum.pow(2));
      return new Mean(scatter.doubleValue() / members / members / (members - 1), members - 1.0);
    }
  }

  /** Welch's interval of a difference of two means. */
  static Reach welch(Mean one, Mean other) {
    double variance = one.variance + other.variance;
    if (variance == 0) {
      return new Reach(0, 0);
    }
    double degrees =
        variance
            * variance
            / (one.variance * one.variance / one.degrees
                + other.variance * other.variance / other.degrees);
    double half = student(degrees) * Math.sqrt(variance);
    return new Reach(half, half);
  }

  /**
   * Of Student's t distribution, 2.5 % lie above. The normal quantile with the first four terms of
   * its expansion in powers of the degrees of freedom (Fisher and Cornish); off by less than
   * 0.000001 from 20 degrees on, and two groups of {@link Uplift#LEAST_MEMBERS} have 99.
   */
  static double student(double degrees) {
    if (!(degrees >= LEAST_DEGREES)) {
      throw new IllegalArgumentException("degrees must be 20 or more, was: " + degrees);
    }
    double z2 = Z * Z;
    double first = (z2 + 1) / 4;
    double second = ((5 * z2 + 16) * z2 + 3) / 96;
    double third = (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
    double fourth = ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;
    return Z * (1 + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees);
  }
}
