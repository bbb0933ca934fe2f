package io.laoke.order;

import io.laoke.base.Upserted;
import java.util.OptionalLong;

/**
 * What {@link Orders#upsert} did.
 *
 * @param outcome whether anything was written
 * @param orderId Laoke's own number of the order; no business meaning
 * @param memberId the member it belongs to, empty for a guest's order
 * @param stage the order's stage now
 */
public record UpsertResult(Upserted outcome, long orderId, OptionalLong memberId, Stage stage) {}
