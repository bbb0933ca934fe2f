package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.tenant.Tenant;

/** SPI: finds dealers. Called often and inside transactions, so it answers from memory. */
@Internal
public interface Tenants {
  /**
   * By id.
   *
   * @throws io.laoke.error.NotFoundException if there is none
   */
  Tenant byId(int id);

  /**
   * By the host's code.
   *
   * @throws io.laoke.error.NotFoundException if there is none
   */
  Tenant byCode(String code);
}
