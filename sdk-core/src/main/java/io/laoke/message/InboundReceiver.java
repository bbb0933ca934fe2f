package io.laoke.message;

/**
 * The one door through which facts come in. It has two steps so that whoever must answer the
 * platform in time knows when the fact is safe: after {@link #accept} a crash loses nothing.
 */
public interface InboundReceiver {
  /**
   * Writes the fact down and commits. A repeat of a known fact changes nothing.
   *
   * @param account the account's key, for WeChat the appid
   * @return the written fact, to be processed now or, if that is not done, by the next tick
   * @throws io.laoke.error.NotFoundException if no dealer has this account
   * @throws io.laoke.error.StoreException if it could not be written; the platform should repeat it
   */
  Receipt accept(String account, Inbound fact);

  /** A fact that has been written down. */
  interface Receipt {
    /**
     * Processes it in a transaction of its own, unless that has been done; then gives the stored
     * reply again.
     *
     * @throws io.laoke.error.LaokeException if processing failed; the next tick tries again
     */
    Reply process();
  }
}
