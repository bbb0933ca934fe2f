package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import io.laoke.catalog.Keys;
import java.util.Optional;

/**
 * What a unit is, as far as rules tell units apart.
 *
 * @param category the path of its category
 * @param model the model as it was sold
 * @param brand the brand as it was sold
 */
public record Sold(String category, Optional<String> model, Optional<String> brand) {
  /** Checks. */
  public Sold {
    category = Keys.path("category", category);
    notNull("model", model);
    notNull("brand", brand);
  }

  /** Of a category, of whatever model and brand. */
  public static Sold of(String category) {
    return new Sold(category, Optional.empty(), Optional.empty());
  }
}
