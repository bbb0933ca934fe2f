package io.laoke.order;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.YearMonth;
import java.util.Optional;

/**
 * What a member bought in a category and all below it: a row of the consumption file. Goods, gifts
 * and services count, net of returns, without what was cancelled.
 *
 * @param category the path; empty text for all categories together
 * @param month the month of the sale in the dealer's zone; empty for the lifetime
 * @param orders orders with a line that counts there; one that came back whole does not
 * @param quantity net of returns; below zero if more came back than was bought, by returns that are
 *     taken off no order
 * @param netFen net of returns, in fen
 * @param first when the first of these orders was placed; empty if there is none
 * @param last when the last of these orders was placed; empty if there is none
 */
public record Consumption(
    String category,
    Optional<YearMonth> month,
    long orders,
    BigDecimal quantity,
    long netFen,
    Optional<Instant> first,
    Optional<Instant> last) {}
