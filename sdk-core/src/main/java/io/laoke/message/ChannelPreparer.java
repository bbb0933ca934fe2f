package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
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
   * The channel for messages in these templates; itself if it needs nothing.
   *
   * @param templateIds as the messages name them
   */
  MessageChannel prepared(
      Tx tx, Tenant tenant, ChannelKind kind, MessageChannel channel, Set<String> templateIds);
}
