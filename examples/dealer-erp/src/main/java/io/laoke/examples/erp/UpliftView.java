package io.laoke.examples.erp;

import io.laoke.push.Uplift;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * 增量效果: what a plan has brought in, for people.
 *
 * @param chosen those who get something
 * @param heldOut those who get nothing
 * @param lack why there is not enough to tell, if so
 * @param lines the differences; none if there is not enough
 */
record UpliftView(Side chosen, Side heldOut, Optional<String> lack, List<Line> lines) {
  private static final int FEN = 2;
  private static final int WIDE = 300;
  private static final int EDGE = 8;

  /**
   * A group.
   *
   * @param members how many
   * @param buyers who bought
   * @param share of all members, for people
   * @param orders of all
   * @param yuan what all of them paid
   * @param yuanEach what each member paid on average
   */
  record Side(
      long members, long buyers, String share, long orders, BigDecimal yuan, BigDecimal yuanEach) {
    static Side of(Uplift.Group group) {
      BigDecimal yuan = new BigDecimal(group.fen()).movePointLeft(FEN);
      return new Side(
          group.members(),
          group.buyers(),
          group.members() == 0 ? "—" : "%.1f%%".formatted(100.0 * group.buyers() / group.members()),
          group.orders(),
          yuan,
          group.members() == 0
              ? BigDecimal.ZERO
              : yuan.divide(BigDecimal.valueOf(group.members()), FEN, RoundingMode.HALF_UP));
    }
  }

  /**
   * A difference with its interval, drawn on a line {@link #WIDE} long.
   *
   * @param name of what
   * @param value the best guess
   * @param low the least that it may be
   * @param high the most that it may be
   * @param each for 1,000 members
   * @param verdict what that says
   * @param tone of the verdict
   * @param zero where nothing is on the drawing
   * @param from where the interval begins
   * @param at where the best guess is
   * @param to where the interval ends
   */
  record Line(
      String name,
      String value,
      String low,
      String high,
      String each,
      String verdict,
      String tone,
      int zero,
      int from,
      int at,
      int to) {}

  static UpliftView of(Uplift uplift) {
    if (uplift instanceof Uplift.Measured measured) {
      return new UpliftView(
          Side.of(measured.chosen()),
          Side.of(measured.heldOut()),
          Optional.empty(),
          List.of(
              line("多来的买家", "位", 0, measured.buyers()),
              line("多来的订单", "单", 0, measured.orders()),
              line("多来的金额", "元", FEN, measured.fen())));
    }
    Uplift.NotEnough lacking = (Uplift.NotEnough) uplift;
    return new UpliftView(
        Side.of(lacking.chosen()),
        Side.of(lacking.heldOut()),
        Optional.of(lacking.chinese()),
        List.of());
  }

  private static Line line(String name, String unit, int scale, Uplift.Difference difference) {
    Uplift.Estimate all = difference.audience();
    double low = Math.min(0, all.low().doubleValue());
    double high = Math.max(0, all.high().doubleValue());
    double span = Math.max(high - low, 1e-9);
    boolean more = all.low().signum() > 0;
    boolean less = all.high().signum() < 0;
    return new Line(
        name,
        shown(all.value(), scale) + " " + unit,
        shown(all.low(), scale),
        shown(all.high(), scale),
        shown(difference.perThousand().value(), scale) + " " + unit,
        more ? "确实多了" : less ? "确实少了" : "看不出差别",
        more ? "good" : less ? "bad" : "wait",
        place(0, low, span),
        place(all.low().doubleValue(), low, span),
        place(all.value().doubleValue(), low, span),
        place(all.high().doubleValue(), low, span));
  }

  private static int place(double value, double low, double span) {
    return EDGE + (int) Math.round((WIDE - 2 * EDGE) * (value - low) / span);
  }

  private static String shown(BigDecimal value, int scale) {
    BigDecimal given = value.movePointLeft(scale);
    BigDecimal whole =
        given.setScale(given.abs().compareTo(BigDecimal.TEN) < 0 ? 1 : 0, RoundingMode.HALF_UP);
    return whole.signum() == 0
        ? BigInteger.ZERO.toString()
        : "%+,f".formatted(whole).replaceAll("\\.?0+$", "");
  }
}
