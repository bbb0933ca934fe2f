package io.laoke.catalog;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

final class StoredCatalogBook implements CatalogBook {
  @Override
  public Map<String, String> pathsOf(Tx tx, Tenant tenant, Collection<String> codes) {
    Map<String, String> asKeys = new HashMap<>();
    for (String code : codes) {
      asKeys.put(code, Keys.loose(code));
    }
    Map<String, String> found = new HashMap<>();
    for (List<String> some : Chunks.of(new HashSet<>(asKeys.values()))) {
      tx.query(
              "SELECT code, path FROM {category_code} WHERE dealer_id = :dealer AND code IN"
                  + " (<codes>)")
          .bind("dealer", tenant.id())
          .bindList("codes", some)
          .map((row, context) -> Map.entry(row.getString("code"), row.getString("path")))
          .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
    }
    asKeys.replaceAll((code, key) -> found.getOrDefault(key, UNMAPPED));
    return asKeys;
  }

  @Override
  public Map<Product.Key, String> productsOf(Tx tx, Tenant tenant, Collection<String> models) {
    Map<Product.Key, String> found = new HashMap<>();
    for (List<String> some : Chunks.of(new HashSet<>(models))) {
      tx.query(
              "SELECT model, brand, path FROM {product} WHERE dealer_id = :dealer AND model IN"
                  + " (<models>)",
              "models",
              Rows.Type.TEXT,
              some)
          .bind("dealer", tenant.id())
          .map(
              (row, context) ->
                  Map.entry(
                      new Product.Key(row.getString("model"), row.getString("brand")),
                      row.getString("path")))
          .forEach(product -> found.put(product.getKey(), product.getValue()));
    }
    return found;
  }

  @Override
  public Map<String, Boolean> serviceable(Tx tx, Tenant tenant, Collection<String> paths) {
    Set<String> all = new HashSet<>();
    paths.forEach(path -> all.addAll(Keys.upwards(path)));
    Map<String, Boolean> marks = new HashMap<>();
    for (List<String> some : Chunks.of(all)) {
      tx.query(
              """
              SELECT path, serviceable FROM {category}
              WHERE dealer_id = :dealer AND path IN (<paths>) AND serviceable IS NOT NULL
              """)
          .bind("dealer", tenant.id())
          .bindList("paths", some)
          .map((row, context) -> Map.entry(row.getString("path"), row.getBoolean("serviceable")))
          .forEach(mark -> marks.put(mark.getKey(), mark.getValue()));
    }
    Map<String, Boolean> nearest = new HashMap<>();
    for (String path : paths) {
      nearest.put(
          path,
          Keys.upwards(path).stream()
              .filter(marks::containsKey)
              .findFirst()
              .map(marks::get)
              .orElse(false));
    }
    return nearest;
  }

  @Override
  public Optional<String> accountOfStore(Tx tx, Tenant tenant, String storeCode) {
    return ofStore(
        tx,
        tenant,
        "SELECT account FROM {store} WHERE dealer_id = :dealer AND code = :code AND account IS NOT"
            + " NULL",
        storeCode);
  }

  @Override
  public Optional<String> storeName(Tx tx, Tenant tenant, String storeCode) {
    return ofStore(
        tx,
        tenant,
        "SELECT name FROM {store} WHERE dealer_id = :dealer AND code = :code",
        storeCode);
  }

  @Override
  public Map<String, String> storeNames(Tx tx, Tenant tenant, Collection<String> storeCodes) {
    Map<String, String> known = new HashMap<>();
    for (List<String> some :
        Chunks.of(storeCodes.stream().map(String::strip).distinct().toList())) {
      tx.query("SELECT code, name FROM {store} WHERE dealer_id = :dealer AND code IN (<codes>)")
          .bind("dealer", tenant.id())
          .bindList("codes", some)
          .map((row, context) -> Map.entry(row.getString("code"), row.getString("name")))
          .forEach(store -> known.put(store.getKey(), store.getValue()));
    }
    Map<String, String> names = new HashMap<>();
    for (String code : storeCodes) {
      String name = known.get(code.strip());
      if (name != null) {
        names.put(code, name);
      }
    }
    return names;
  }

  private static Optional<String> ofStore(Tx tx, Tenant tenant, String sql, String storeCode) {
    return tx.query(sql)
        .bind("dealer", tenant.id())
        .bind("code", storeCode.strip())
        .mapTo(String.class)
        .findFirst();
  }

  @Override
  public boolean ownPhone(Tx tx, Tenant tenant, String phoneHash) {
    return tx.query(
            "SELECT 1 FROM {own_phone} WHERE dealer_id = :dealer AND phone_hash = :hash LIMIT 1")
        .bind("dealer", tenant.id())
        .bind("hash", phoneHash)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  @Override
  public Set<String> ownPhones(Tx tx, Tenant tenant, Collection<String> phoneHashes) {
    Set<String> own = new HashSet<>();
    for (List<String> some : Chunks.of(phoneHashes)) {
      own.addAll(
          tx.query(
                  "SELECT phone_hash FROM {own_phone} WHERE dealer_id = :dealer AND phone_hash IN"
                      + " (<hashes>)",
                  "hashes",
                  Rows.Type.TEXT,
                  some)
              .bind("dealer", tenant.id())
              .mapTo(String.class)
              .list());
    }
    return own;
  }

  @Override
  public Set<String> staffOpenids(
      Tx tx, Tenant tenant, String account, Collection<String> openidHashes) {
    Set<String> staff = new HashSet<>();
    for (List<String> some : Chunks.of(openidHashes)) {
      staff.addAll(
          tx.query(
                  """
                  SELECT o.openid_hash FROM {staff_openid} o
                  JOIN {staff} s ON s.dealer_id = o.dealer_id AND s.code = o.staff
                  WHERE o.dealer_id = :dealer AND o.account = :account
                    AND o.openid_hash IN (<hashes>) AND s.active = TRUE
                  """,
                  "hashes",
                  Rows.Type.TEXT,
                  some)
              .bind("dealer", tenant.id())
              .bind("account", account)
              .mapTo(String.class)
              .list());
    }
    return staff;
  }

  @Override
  public boolean staffOpenid(Tx tx, Tenant tenant, String account, String openidHash) {
    return tx.query(
            """
            SELECT 1 FROM {staff_openid} o
            JOIN {staff} s ON s.dealer_id = o.dealer_id AND s.code = o.staff
            WHERE o.dealer_id = :dealer AND o.account = :account AND o.openid_hash = :hash
              AND s.active = TRUE
            """)
        .bind("dealer", tenant.id())
        .bind("account", account)
        .bind("hash", openidHash)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }
}
