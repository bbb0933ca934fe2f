package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Optional;
import java.util.Set;

/**
 * SPI: gives a channel what it needs of the database for messages that it is about to be handed, in
 * the claiming transaction, so that sending itself reads nothing. Reads in few queries, takes no
 * locks.
 */
@Internal
@FunctionalInterface
public interface ChannelPreparer {
  /**
   * The channel of an account for messages in these templates: its own if that needs nothing; empty
   * if it has none.
   *
   * @param templateIds as the messages name them
   */
  Optional<MessageChannel> prepared(
      Tx tx, Tenant tenant, ChannelKind kind, Account account, Set<String> templateIds);
}
