package io.laoke.push;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * What a plan has brought in 增量效果: what those who got something bought, beside those who were held
 * out, or plainly that there is not enough to tell. A pure function of the sums of both groups: the
 * same sums give the same answer on every machine.
 *
 * <p>Who is held out is drawn by lot, so whatever else made people buy made both groups buy alike.
 * It is assumed that one member's purchases say nothing of another's. The interval of buyers
 * assumes no more (Newcombe's hybrid of Wilson's score intervals). Those of orders and money assume
 * that the means of groups of this size scatter normally (Welch's, with Student's t), which is why
 * less than {@link #LEAST_MEMBERS} members or {@link #LEAST_BUYERS} buyers in either group are not
 * enough.
 *
 * <p>Money has a heavy tail. Where the dearest twentieth of buyers pays ten times what the usual
 * one does, and a tenth of the audience is held out, about one in eleven plans that bring nothing
 * in shows a gain of money, not one in forty. Then ask with a cap of about four times what a usual
 * buyer pays, see {@link Plans#uplift(String, java.time.Instant, java.time.Duration, long)}, or
 * hold out more. Buyers and orders do not suffer from it.
 *
 * <p>Each interval by itself holds the truth in 95 of 100 plans: of many plans that bring nothing
 * in, one in forty shows a gain by chance, and one a loss.
 */
public sealed interface Uplift {
  /** Members that each group must have. */
  int LEAST_MEMBERS = 100;

  /** Buyers that each group must have. */
  int LEAST_BUYERS = 30;

  /** Those who get something. */
  Group chosen();

  /** Those who get nothing, for comparison. */
  Group heldOut();

  /**
   * The sums of a group.
   *
   * @param members how many there are, whether they bought or not
   * @param buyers how many of them have an order
   * @param orders of all of them
   * @param orderSquares the square of each member's orders, added up
   * @param fen what all of them paid, in fen, net of returns; may be below zero
   * @param fenSquares the square of what each member paid, added up
   */
  record Group(
      long members,
      long buyers,
      long orders,
      BigInteger orderSquares,
      BigInteger fen,
      BigInteger fenSquares) {
    private static final long MOST_MEMBERS = 1_000_000_000_000L;
    private static final long MOST_ORDERS = 1_000_000_000_000_000L;

    /** Checks that there can be such a group. */
    public Group {
      range("members", members, 0, MOST_MEMBERS);
      range("buyers", buyers, 0, members);
      range("orders", orders, buyers, buyers == 0 ? 0 : MOST_ORDERS);
      spread(
          "orderSquares",
          members,
          BigInteger.valueOf(orders),
          notNull("orderSquares", orderSquares));
      spread("fenSquares", members, notNull("fen", fen), notNull("fenSquares", fenSquares));
    }

    private static void spread(String field, long members, BigInteger sum, BigInteger squares) {
      if (members == 0
          ? sum.signum() != 0 || squares.signum() != 0
          : squares.multiply(BigInteger.valueOf(members)).compareTo(sum.pow(2)) < 0) {
        throw new InvalidInputException(
            field,
            "must be the sum of the squares of what %d members have, but they have %s in all, and it is %s; add up the square of each member's own sum"
                .formatted(members, sum, squares));
      }
    }

    /** One without members. */
    public static Group none() {
      return new Group(0, 0, 0, BigInteger.ZERO, BigInteger.ZERO, BigInteger.ZERO);
    }
  }

  /**
   * What is told of a difference, chosen less held out.
   *
   * @param low the least that it may be, rounded down
   * @param value the best guess, rounded half up
   * @param high the most that it may be, rounded up
   */
  record Estimate(BigDecimal low, BigDecimal value, BigDecimal high) {
    /** Whether it is more, or less, than nothing, whichever of the interval is true. */
    public boolean certain() {
      return low.signum() > 0 || high.signum() < 0;
    }
  }

  /**
   * A difference.
   *
   * @param perThousand for 1,000 members: buyers and orders with two decimals, money in whole fen
   * @param audience for the chosen and the held-out together, as if nobody had been held out: whole
   *     buyers, orders, fen
   */
  record Difference(Estimate perThousand, Estimate audience) {}

  /**
   * There is enough.
   *
   * @param buyers members who have an order
   * @param orders orders
   * @param fen money, in fen
   */
  record Measured(Group chosen, Group heldOut, Difference buyers, Difference orders, Difference fen)
      implements Uplift {}

  /**
   * There is not enough.
   *
   * @param why what is missing, and what to do
   * @param chinese the same for staff
   */
  record NotEnough(Group chosen, Group heldOut, String why, String chinese) implements Uplift {}

  /** What the sums of two groups say. */
  static Uplift of(Group chosen, Group heldOut) {
    return Shortage.of(notNull("chosen", chosen), notNull("heldOut", heldOut))
        .<Uplift>map(Shortage::told)
        .orElseGet(() -> Intervals.measured(chosen, heldOut));
  }
}
