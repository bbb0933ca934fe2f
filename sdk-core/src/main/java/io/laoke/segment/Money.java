package io.laoke.segment;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * An amount that a segment compares with.
 *
 * @param fen in fen, 100 to a yuan
 */
public record Money(long fen) {
  private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,13}(\\.[0-9]{1,2})?");

  /** Whole yuan. */
  public static Money yuan(long yuan) {
    return yuan(BigDecimal.valueOf(yuan));
  }

  /**
   * Yuan and fen.
   *
   * @throws InvalidInputException if there are parts of a fen, or far too many of them
   */
  public static Money yuan(BigDecimal yuan) {
    try {
      return new Money(notNull("yuan", yuan).movePointRight(2).longValueExact());
    } catch (ArithmeticException wrong) {
      throw new InvalidInputException(
          "yuan", "must have at most 2 decimals and be at most 10^13", wrong);
    }
  }

  /**
   * Yuan and fen in plain digits, such as 19.90.
   *
   * @throws InvalidInputException if it is no such number
   */
  public static Money yuan(String yuan) {
    if (!PLAIN.matcher(notNull("yuan", yuan)).matches()) {
      throw new InvalidInputException(
          "yuan", "must be plain digits with at most 2 decimals, such as 19.90");
    }
    return yuan(new BigDecimal(yuan));
  }

  /** Fen. */
  public static Money fen(long fen) {
    return new Money(fen);
  }
}
