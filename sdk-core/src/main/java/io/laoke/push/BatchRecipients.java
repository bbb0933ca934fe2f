package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.AddressBook;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The openids of batches, but for who was erased since. */
final class BatchRecipients {
  private static final int AT_ONCE = 200;

  private final AddressBook addresses;

  BatchRecipients(AddressBook addresses) {
    this.addresses = addresses;
  }

  List<String> of(Tx tx, Tenant tenant, BatchTable.Batch batch) {
    List<String> hashes = BatchTable.openids(tx, tenant, batch.planId(), batch.id());
    List<String> openids = new ArrayList<>();
    for (int from = 0; from < hashes.size(); from += AT_ONCE) {
      List<String> some = hashes.subList(from, Math.min(hashes.size(), from + AT_ONCE));
      Set<String> asked = new HashSet<>(some);
      Map<String, String> known = addresses.addressesOf(tx, tenant, batch.account(), asked);
      some.stream().filter(known::containsKey).map(known::get).forEach(openids::add);
    }
    return openids;
  }
}
