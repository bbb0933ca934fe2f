package io.laoke.segment;

import java.math.BigDecimal;
import java.util.Optional;

/**
 * A part of a breakdown.
 *
 * @param key the value of the field; empty: of those that have none. A month as 2026-11, a category
 *     as its path, where the empty text stands for all categories together
 * @param members how many members
 * @param net what they paid, in fen, net of returns
 */
public record Share(Optional<String> key, long members, BigDecimal net) {}
