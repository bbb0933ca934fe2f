package io.laoke.catalog;

import io.laoke.base.Internal;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Where goods stand: under the path that their code names; else where their model and brand lead;
 * else where the model leads; else under {@link CatalogBook#UNMAPPED}.
 */
@Internal
public final class Placing {
  private final Map<String, String> codes;
  private final Map<Product.Key, String> products;

  private Placing(Map<String, String> codes, Map<Product.Key, String> products) {
    this.codes = codes;
    this.products = products;
  }

  /** By the paths of codes, however these are written, and of products. */
  static Placing of(Map<String, String> paths, Map<Product.Key, String> products) {
    Map<String, String> codes = new HashMap<>();
    paths.forEach(
        (code, path) -> {
          if (!path.equals(CatalogBook.UNMAPPED)) {
            codes.put(Keys.loose(code), path);
          }
        });
    return new Placing(codes, products);
  }

  /** The path under which goods stand; they must be among those that were asked for. */
  public String of(Goods goods) {
    String path = codes.get(Keys.loose(goods.code()));
    if (path == null && goods.model() != null) {
      path = product(goods.model(), goods.brand());
    }
    return path == null ? CatalogBook.UNMAPPED : path;
  }

  private @Nullable String product(String model, @Nullable String brand) {
    String own = brand == null ? null : products.get(new Product.Key(model, brand));
    return own != null ? own : products.get(new Product.Key(model, ""));
  }

  /** The same with further codes, and where they lead. */
  Placing with(Map<String, String> fresh) {
    Map<String, String> all = new HashMap<>(codes);
    all.putAll(fresh);
    return new Placing(all, products);
  }

  /** The same after a change, but for the codes that it makes. */
  Placing after(CatalogChange change) {
    Map<String, String> changedCodes = new HashMap<>(codes);
    Map<Product.Key, String> changed = new HashMap<>(products);
    if (change instanceof CatalogChange.Move move) {
      UnaryOperator<String> there = path -> Keys.moved(path, move.from(), move.to());
      changedCodes.replaceAll((code, path) -> there.apply(path));
      changed.replaceAll((key, path) -> there.apply(path));
    } else if (change instanceof CatalogChange.MapProducts map) {
      map.products().forEach(product -> changed.put(product.key(), product.path()));
    } else if (change instanceof CatalogChange.UnmapProduct unmap) {
      changed.remove(new Product.Key(unmap.model(), unmap.brand().orElse("")));
    }
    return new Placing(changedCodes, changed);
  }
}
