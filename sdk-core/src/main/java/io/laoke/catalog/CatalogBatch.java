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
  private final Map<String, Boolean> serviceable = new HashMap<>();
  private final Map<String, Boolean> ownPhones = new HashMap<>();

  CatalogBatch(CatalogBook book) {
    this.book = book;
  }

  /** Reads at once what will be asked for. */
  public void prefetch(
      Tx tx, Tenant tenant, Collection<String> codes, Collection<String> phoneHashes) {
    if (!codes.isEmpty()) {
      paths.putAll(book.pathsOf(tx, tenant, codes));
      serviceable.putAll(book.serviceable(tx, tenant, new HashSet<>(paths.values())));
    }
    Set<String> own = book.ownPhones(tx, tenant, phoneHashes);
    phoneHashes.forEach(hash -> ownPhones.put(hash, own.contains(hash)));
  }

  @Override
  public Map<String, String> pathsOf(Tx tx, Tenant tenant, Collection<String> codes) {
    return remembered(paths, codes, more -> book.pathsOf(tx, tenant, more));
  }

  @Override
  public Map<String, Boolean> serviceable(Tx tx, Tenant tenant, Collection<String> wanted) {
    return remembered(serviceable, wanted, more -> book.serviceable(tx, tenant, more));
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
  public boolean staffOpenid(Tx tx, Tenant tenant, String account, String openidHash) {
    return book.staffOpenid(tx, tenant, account, openidHash);
  }
}
