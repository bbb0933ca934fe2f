package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Optional;

/**
 * SPI: an upper floor's part in processing a fact from outside. Does database work only, all of it
 * in the given transaction, which may be repeated as a whole.
 */
@Internal
public interface InboundHandler {
  /**
   * Handles, or ignores.
   *
   * @param account the account's key
   * @return what to answer; the first handler's answer wins, later handlers still run
   */
  Optional<Reply> handle(Tx tx, Tenant tenant, String account, Inbound fact);

  /**
   * The same for a handler that must know whether its answer will be heard.
   *
   * @param heard whether somebody waits for the answer; false when the engine processes a fact that
   *     a crash left
   */
  default Optional<Reply> handle(
      Tx tx, Tenant tenant, String account, Inbound fact, boolean heard) {
    return handle(tx, tenant, account, fact);
  }
}
