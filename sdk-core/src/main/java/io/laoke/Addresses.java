package io.laoke;

import io.laoke.catalog.CatalogBook;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.AddressBook;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where messages are sent: to members, else to active staff. */
final class Addresses implements AddressBook {
  private final AddressBook members;
  private final CatalogBook catalog;

  Addresses(AddressBook members, CatalogBook catalog) {
    this.members = members;
    this.catalog = catalog;
  }

  @Override
  public Optional<String> addressOf(Tx tx, Tenant tenant, String account, String openidHash) {
    return Optional.ofNullable(
        addressesOf(tx, tenant, account, Set.of(openidHash)).get(openidHash));
  }

  @Override
  public Map<String, String> addressesOf(
      Tx tx, Tenant tenant, String account, Set<String> openidHashes) {
    Map<String, String> found =
        new HashMap<>(members.addressesOf(tx, tenant, account, openidHashes));
    Set<String> others = new HashSet<>(openidHashes);
    others.removeAll(found.keySet());
    if (!others.isEmpty()) {
      found.putAll(catalog.openidsOfStaff(tx, tenant, account, others));
    }
    return found;
  }

  @Override
  public Map<String, String> phonesOf(Tx tx, Tenant tenant, Set<String> phoneHashes) {
    Map<String, String> found = new HashMap<>(members.phonesOf(tx, tenant, phoneHashes));
    Set<String> others = new HashSet<>(phoneHashes);
    others.removeAll(found.keySet());
    if (!others.isEmpty()) {
      found.putAll(catalog.phonesOfStaff(tx, tenant, others));
    }
    return found;
  }
}
