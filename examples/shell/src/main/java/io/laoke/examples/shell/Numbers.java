package io.laoke.examples.shell;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/** Numbers in plain digits: no exponents, no signs of thousands. */
final class Numbers {
  private static final Pattern PLAIN = Pattern.compile("-?[0-9]{1,20}(\\.[0-9]{1,20})?");

  private Numbers() {}

  static BigDecimal plain(String column, String cell) {
    if (!PLAIN.matcher(cell).matches()) {
      throw new BadCell(
          column, "must be a number in plain digits such as 3 or, for money, 5999.00");
    }
    return new BigDecimal(cell);
  }
}
