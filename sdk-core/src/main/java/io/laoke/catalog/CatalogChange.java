package io.laoke.catalog;

import static io.laoke.base.Check.notNull;

import io.laoke.error.InvalidInputException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** A change of the catalogue that places recorded lines anew, for {@link Catalog#plan}. */
public sealed interface CatalogChange {
  /** As {@link Catalog#move}. */
  static CatalogChange move(String fromPath, String toPath) {
    return new Move(fromPath, toPath);
  }

  /** As {@link Catalog#put(Category)} with these codes. */
  static CatalogChange codes(String path, String... codes) {
    return new MapCodes(path, Set.copyOf(Arrays.asList(notNull("codes", codes))));
  }

  /** As {@link Catalog#mapProducts}. */
  static CatalogChange products(Collection<Product> products) {
    return new MapProducts(List.copyOf(notNull("products", products)));
  }

  /** As {@link Catalog#unmapProduct}. */
  static CatalogChange withoutProduct(String model, Optional<String> brand) {
    return new UnmapProduct(model, brand);
  }

  /** A category with all below it stands elsewhere. */
  record Move(String from, String to) implements CatalogChange {
    /** Checks and strips. */
    public Move {
      from = Keys.path("from", from);
      to = Keys.path("to", to);
      if (from.equals(to)) {
        throw new InvalidInputException("to", "must be another path than where it is, was: " + to);
      }
      if (Keys.below(to, from)) {
        throw new InvalidInputException(
            "to",
            "must not be below '%s', which would be above itself, was: %s".formatted(from, to));
      }
    }
  }

  /** Codes name a category. */
  record MapCodes(String path, Set<String> codes) implements CatalogChange {
    /** Checks and copies. */
    public MapCodes {
      path = Keys.path("path", path);
      Set<String> checked = new TreeSet<>();
      for (String code : notNull("codes", codes)) {
        checked.add(Keys.code(code));
      }
      checked.add(path);
      codes = Collections.unmodifiableSet(checked);
    }
  }

  /** Products lead to categories. */
  record MapProducts(List<Product> products) implements CatalogChange {
    /** Copies, and refuses what contradicts itself. */
    public MapProducts {
      Map<Product.Key, Product> checked = new LinkedHashMap<>();
      for (Product product : notNull("products", products)) {
        Product other = checked.putIfAbsent(notNull("products", product).key(), product);
        if (other != null && !other.equals(product)) {
          throw new InvalidInputException(
              "products",
              "must lead a model to one category, '%s' is given with '%s' and '%s'"
                  .formatted(product.model(), other.path(), product.path()));
        }
      }
      products = List.copyOf(checked.values());
    }
  }

  /** A product leads to no category any more. */
  record UnmapProduct(String model, Optional<String> brand) implements CatalogChange {
    /** Checks and strips. */
    public UnmapProduct {
      model = Keys.line("model", model, 100);
      brand = notNull("brand", brand).map(name -> Keys.line("brand", name, 100));
    }
  }
}
