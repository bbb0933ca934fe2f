package io.laoke.catalog;

import io.laoke.base.Internal;
import org.jspecify.annotations.Nullable;

/**
 * What an ERP says of goods, by which they are placed in the catalogue.
 *
 * @param code the category code or path as given
 */
@Internal
public record Goods(String code, @Nullable String model, @Nullable String brand) {}
