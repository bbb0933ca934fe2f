package io.laoke.message;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;

/** SPI: told what sending has shown about a recipient. */
@Internal
public interface RecipientListener {
  /**
   * The platform says that the account cannot reach this recipient any more, as after an unfollow
   * that nobody reported. Called in the transaction that writes the outcome; may be repeated.
   *
   * @param asked machine time at which the attempt that showed it began; a later follow goes over
   *     it
   */
  void gone(Tx tx, Tenant tenant, String account, String openidHash, Instant asked);

  /**
   * The same for a listener that must know by which channel, and why.
   *
   * @param recipient as in {@link NewMessage}: of a text message the hash of its phone
   */
  default void gone(
      Tx tx,
      Tenant tenant,
      String account,
      ChannelKind channel,
      String recipient,
      Reason why,
      Instant asked) {
    if (channel != ChannelKind.SMS) {
      gone(tx, tenant, account, recipient, asked);
    }
  }
}
