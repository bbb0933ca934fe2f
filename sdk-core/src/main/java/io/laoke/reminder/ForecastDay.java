package io.laoke.reminder;

import java.time.LocalDate;
import java.util.Optional;

/**
 * What is to come on a day in a store.
 *
 * @param day of the dealer's zone
 * @param store that of the orders; empty for those of none
 * @param due 到期 how many services are due on that day
 * @param planned 排期 how many there are once those that a full day has no room for were moved; no
 *     more than the store can do, but for {@code over}
 * @param over 超出 how many of {@code planned} are more than the store can do, since no day on which
 *     they may be done has room
 */
public record ForecastDay(
    LocalDate day, Optional<String> store, long due, long planned, long over) {}
