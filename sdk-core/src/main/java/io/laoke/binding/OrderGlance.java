package io.laoke.binding;

import io.laoke.order.Stage;
import java.time.ZonedDateTime;
import java.util.Optional;

/**
 * What a reply may say of an order to those to whom it belongs.
 *
 * @param orderNo the ERP's number
 * @param items the first thing by name, and how many there are in all
 * @param stage the present stage
 * @param text the ERP's own words for it
 * @param at when it was reached, in the dealer's zone
 */
public record OrderGlance(
    String orderNo, String items, Stage stage, Optional<String> text, Optional<ZonedDateTime> at) {}
