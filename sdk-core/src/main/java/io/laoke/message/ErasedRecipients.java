package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;

/** SPI: who was erased, so that no fact from outside about them is written down. */
@Internal
@FunctionalInterface
public interface ErasedRecipients {
  /**
   * Whether this openid is a person's who was erased and not readmitted. Waits for an erasure that
   * is under way, and keeps one from beginning until the transaction ends.
   */
  boolean erased(Tx tx, Tenant tenant, String account, String openidHash);

  /** The same of a phone, by its lookup hash. */
  default boolean erasedPhone(Tx tx, Tenant tenant, String phoneHash) {
    return false;
  }
}
