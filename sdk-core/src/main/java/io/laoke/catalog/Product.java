package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import java.util.Optional;

/**
 * Says to which category goods of a model belong whose category code is mapped to none.
 *
 * @param model as the ERP's lines give it, compared with case, at most 100 characters
 * @param brand only goods of this brand; empty for the model of any brand that has no mapping of
 *     its own
 * @param path the category
 */
public record Product(String model, Optional<String> brand, String path) {
  /** Checks and strips. */
  public Product {
    model = Keys.line("model", model, 100);
    brand = notNull("brand", brand).map(name -> Keys.line("brand", name, 100));
    path = Keys.path("path", path);
  }

  /** A model of any brand. */
  public static Product of(String model, String path) {
    return new Product(model, Optional.empty(), path);
  }

  /** Only of this brand. */
  public Product withBrand(String brand) {
    return new Product(model, Optional.of(notNull("brand", brand)), path);
  }

  Key key() {
    return new Key(model, brand.orElse(""));
  }

  /** What tells products apart; without a brand, it is empty. */
  record Key(String model, String brand) {}
}
