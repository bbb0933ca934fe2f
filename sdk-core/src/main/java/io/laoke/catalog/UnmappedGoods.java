package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Optional;

/**
 * Goods that stand under {@code ?}: lines of orders with one category code, model and brand. Map
 * the code to a category with {@link Catalog#put(Category)}, or the model with {@link
 * Catalog#mapProduct}.
 *
 * @param code the category code as the ERP gave it
 * @param lines lines of orders, those of guests and of cancelled orders too
 * @param netFen what they count, in fen: after what was cancelled and returned
 * @param firstAt when the first of them was ordered
 * @param lastAt when the last was
 */
public record UnmappedGoods(
    String code,
    Optional<String> model,
    Optional<String> brand,
    long lines,
    BigInteger netFen,
    Instant firstAt,
    Instant lastAt) {
  /** Checks. */
  public UnmappedGoods {
    notNull("code", code);
    notNull("model", model);
    notNull("brand", brand);
    notNull("netFen", netFen);
    notNull("firstAt", firstAt);
    notNull("lastAt", lastAt);
  }
}
