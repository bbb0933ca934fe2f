package io.laoke.catalog;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The catalogue within one transaction that asks for the same codes again and again. */
@Internal
public final class CatalogBatch implements CatalogBook {
  private final CatalogBook book;
  private final Map<String, String> paths = new HashMap<>();
  private final Map<String, Map<Product.Key, String>> products = new HashMap<>();
  private final Map<String, Boolean> serviceable = new HashMap<>();
  private final Map<String, Boolean> ownPhones = new HashMap<>();

  CatalogBatch(CatalogBook book) {
    this.book = book;
  }

  /** Reads at once what will be asked for. */
  public void prefetch(
      Tx tx, Tenant tenant, Collection<Goods> goods, Collection<String> phoneHashes) {
    if (!goods.isEmpty()) {
      Placing placing = placing(tx, tenant, goods);
      Set<String> places = new HashSet<>();
      goods.forEach(one -> places.add(placing.of(one)));
      serviceable.putAll(book.serviceable(tx, tenant, places));
    }
    Set<String> own = book.ownPhones(tx, tenant, phoneHashes);
    phoneHashes.forEach(hash -> ownPhones.put(hash, own.contains(hash)));
  }

  @Override
  public Map<String, String> pathsOf(Tx tx, Tenant tenant, Collection<String> codes) {
    return remembered(paths, codes, more -> book.pathsOf(tx, tenant, more));
  }

  @Override
  public Map<Product.Key, String> productsOf(Tx tx, Tenant tenant, Collection<String> models) {
    Set<String> missing = new HashSet<>(models);
    missing.removeAll(products.keySet());
    if (!missing.isEmpty()) {
      missing.forEach(model -> products.put(model, new HashMap<>()));
      book.productsOf(tx, tenant, missing)
          .forEach(
              (key, path) ->
                  products.computeIfAbsent(key.model(), any -> new HashMap<>()).put(key, path));
    }
    Map<Product.Key, String> found = new HashMap<>();
    models.forEach(model -> found.putAll(products.getOrDefault(model, Map.of())));
    return found;
  }

  @Override
  public Map<String, Boolean> serviceable(Tx tx, Tenant tenant, Collection<String> wanted) {
    return remembered(serviceable, wanted, more -> book.serviceable(tx, tenant, more));
  }

  @Override
  public Map<String, String> movedPaths(Tx tx, Tenant tenant, Collection<String> paths) {
    return book.movedPaths(tx, tenant, paths);
  }

  private interface Reading<V> {
    Map<String, V> of(List<String> keys);
  }

  private static <V> Map<String, V> remembered(
      Map<String, V> known, Collection<String> keys, Reading<V> reading) {
    List<String> missing = new ArrayList<>();
    for (String key : keys) {
      if (!known.containsKey(key)) {
        missing.add(key);
      }
    }
    if (!missing.isEmpty()) {
      known.putAll(reading.of(missing));
    }
    Map<String, V> found = new HashMap<>();
    for (String key : keys) {
      V value = known.get(key);
      if (value != null) {
        found.put(key, value);
      }
    }
    return found;
  }

  @Override
  public boolean ownPhone(Tx tx, Tenant tenant, String phoneHash) {
    return ownPhones.computeIfAbsent(phoneHash, hash -> book.ownPhone(tx, tenant, hash));
  }

  @Override
  public Set<String> ownPhones(Tx tx, Tenant tenant, Collection<String> phoneHashes) {
    return book.ownPhones(tx, tenant, phoneHashes);
  }

  @Override
  public Optional<String> accountOfStore(Tx tx, Tenant tenant, String storeCode) {
    return book.accountOfStore(tx, tenant, storeCode);
  }

  @Override
  public Optional<String> storeName(Tx tx, Tenant tenant, String storeCode) {
    return book.storeName(tx, tenant, storeCode);
  }

  @Override
  public Map<String, String> storeNames(Tx tx, Tenant tenant, Collection<String> storeCodes) {
    return book.storeNames(tx, tenant, storeCodes);
  }

  @Override
  public Set<String> staffOpenids(
      Tx tx, Tenant tenant, String account, Collection<String> openidHashes) {
    return book.staffOpenids(tx, tenant, account, openidHashes);
  }

  @Override
  public boolean staffOpenid(Tx tx, Tenant tenant, String account, String openidHash) {
    return book.staffOpenid(tx, tenant, account, openidHash);
  }

  @Override
  public Works works(Tx tx, Tenant tenant, String staff) {
    return book.works(tx, tenant, staff);
  }

  @Override
  public List<Seat> seats(Tx tx, Tenant tenant) {
    return book.seats(tx, tenant);
  }

  @Override
  public Map<String, String> staffPhones(Tx tx, Tenant tenant, Collection<String> staff) {
    return book.staffPhones(tx, tenant, staff);
  }

  @Override
  public Map<String, Staff.DigestBy> digestsBy(Tx tx, Tenant tenant, Collection<String> staff) {
    return book.digestsBy(tx, tenant, staff);
  }

  @Override
  public Map<String, List<StaffOpenid>> openidsOf(Tx tx, Tenant tenant, Collection<String> staff) {
    return book.openidsOf(tx, tenant, staff);
  }

  @Override
  public Map<String, String> openidsOfStaff(
      Tx tx, Tenant tenant, String account, Collection<String> openidHashes) {
    return book.openidsOfStaff(tx, tenant, account, openidHashes);
  }

  @Override
  public Map<String, String> phonesOfStaff(Tx tx, Tenant tenant, Collection<String> phoneHashes) {
    return book.phonesOfStaff(tx, tenant, phoneHashes);
  }
}
