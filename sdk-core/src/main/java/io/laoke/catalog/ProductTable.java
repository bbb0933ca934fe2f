package io.laoke.catalog;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The SQL of products. */
final class ProductTable {
  private static final Comparator<Product> BY_KEY =
      Comparator.comparing(Product::model).thenComparing(product -> product.key().brand());

  private final Tenant tenant;

  ProductTable(Tenant tenant) {
    this.tenant = tenant;
  }

  /** Writes products that are new or lead elsewhere than is known. */
  void write(Tx tx, Collection<Product> changed, Map<Product.Key, String> known) {
    Rows added = Rows.of("product", tenant.id()).with(Rows.Type.TEXT, "model", "brand", "path");
    PreparedBatch updates =
        tx.batch(
            """
            UPDATE {product} SET path = :path
            WHERE dealer_id = :dealer AND model = :model AND brand = :brand""");
    for (Product product : changed.stream().sorted(BY_KEY).toList()) {
      Product.Key key = product.key();
      if (known.containsKey(key)) {
        updates
            .bind("path", product.path())
            .bind("dealer", tenant.id())
            .bind("model", key.model())
            .bind("brand", key.brand())
            .add();
      } else {
        added.add(key.model(), key.brand(), product.path());
      }
    }
    tx.insertAll(added);
    if (updates.size() > 0) {
      updates.execute();
    }
  }

  /** Takes a product away. */
  boolean delete(Tx tx, Product.Key key) {
    return tx.update(
                """
                DELETE FROM {product}
                WHERE dealer_id = :dealer AND model = :model AND brand = :brand""")
            .bind("dealer", tenant.id())
            .bind("model", key.model())
            .bind("brand", key.brand())
            .execute()
        == 1;
  }

  /** Where a product leads, locked. */
  Optional<String> lock(Tx tx, Product.Key key) {
    return tx.query(
            """
            SELECT path FROM {product}
            WHERE dealer_id = :dealer AND model = :model AND brand = :brand FOR UPDATE""")
        .bind("dealer", tenant.id())
        .bind("model", key.model())
        .bind("brand", key.brand())
        .mapTo(String.class)
        .findOne();
  }

  /** The categories that products lead to. */
  Set<String> paths(Tx tx) {
    return new HashSet<>(
        tx.query("SELECT DISTINCT path FROM {product} WHERE dealer_id = :dealer")
            .bind("dealer", tenant.id())
            .mapTo(String.class)
            .list());
  }

  /** By model and brand. */
  List<Product> page(Tx tx, Product.@Nullable Key after, int limit) {
    List<Product> found = new ArrayList<>();
    if (after != null) {
      found.addAll(page(tx, "model = :model AND brand > :brand", after, limit));
    }
    if (found.size() < limit) {
      Product.Key from = after == null ? new Product.Key("", "") : after;
      found.addAll(page(tx, "model > :model", from, limit - found.size()));
    }
    return found;
  }

  private List<Product> page(Tx tx, String which, Product.Key after, int limit) {
    var query =
        tx.query(
                "SELECT model, brand, path FROM {product} WHERE dealer_id = :dealer AND "
                    + which
                    + " ORDER BY model, brand LIMIT :limit")
            .bind("dealer", tenant.id())
            .bind("model", after.model())
            .bind("limit", limit);
    if (which.contains(":brand")) {
      query.bind("brand", after.brand());
    }
    return query
        .map(
            (row, context) ->
                new Product(
                    row.getString("model"),
                    Optional.of(row.getString("brand")).filter(brand -> !brand.isEmpty()),
                    row.getString("path")))
        .list();
  }
}
