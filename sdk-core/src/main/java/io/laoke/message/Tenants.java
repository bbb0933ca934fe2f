package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.tenant.Tenant;
import java.util.Set;

/** SPI: finds dealers. */
@Internal
public interface Tenants {
  /**
   * By id. Called often and inside transactions, so it answers from memory.
   *
   * @throws io.laoke.error.NotFoundException if there is none
   */
  Tenant byId(int id);

  /**
   * By the host's code, as often.
   *
   * @throws io.laoke.error.NotFoundException if there is none
   */
  Tenant byCode(String code);

  /** The ids of all, read from the database on a connection of its own. */
  Set<Integer> ids();
}
