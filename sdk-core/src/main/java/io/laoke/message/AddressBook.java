package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** SPI: finds the address behind a hash, at send time in the claiming transaction. */
@Internal
public interface AddressBook {
  /**
   * The address as the channel takes it, for WeChat the openid; empty when the recipient cannot be
   * addressed any more, as after an unfollow or an erasure.
   */
  Optional<String> addressOf(Tx tx, Tenant tenant, String account, String openidHash);

  /**
   * The phone numbers behind lookup hashes, at most 200; those that cannot be written to are
   * absent, as after an erasure.
   */
  default Map<String, String> phonesOf(Tx tx, Tenant tenant, Set<String> phoneHashes) {
    return Map.of();
  }

  /**
   * The addresses of many; better in one query.
   *
   * @param openidHashes at most 200
   * @return by hash; those without an address are absent
   */
  default Map<String, String> addressesOf(
      Tx tx, Tenant tenant, String account, Set<String> openidHashes) {
    Map<String, String> found = new HashMap<>();
    for (String hash : openidHashes) {
      addressOf(tx, tenant, account, hash).ifPresent(address -> found.put(hash, address));
    }
    return found;
  }
}
