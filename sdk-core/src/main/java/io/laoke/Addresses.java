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

/** Where messages are sent: to members, else by text message to active staff. */
final class Addresses implements AddressBook {
  private final AddressBook members;
  private final CatalogBook catalog;

  Addresses(AddressBook members, CatalogBook catalog) {
    this.members = members;
    this.catalog = catalog;
  }

  @Override
  public Optional<String> addressOf(Tx tx, Tenant tenant, String account, String openidHash) {
    return members.addressOf(tx, tenant, account, openidHash);
  }

  @Override
  public Map<String, String> addressesOf(
      Tx tx, Tenant tenant, String account, Set<String> openidHashes) {
    return members.addressesOf(tx, tenant, account, openidHashes);
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
