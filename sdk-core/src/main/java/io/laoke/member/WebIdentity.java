package io.laoke.member;

import static io.laoke.base.Check.text;

/**
 * Capability: finds out who opens a web page inside the platform's own app, without asking them for
 * anything. For WeChat this is OAuth with scope {@code snsapi_base}. Called by many threads, never
 * inside a transaction.
 */
public interface WebIdentity {
  /**
   * Whether the app of the platform shows the page, so that {@link #authorizeUrl} can work.
   *
   * @param userAgent what the browser says it is, or empty text
   */
  boolean insideApp(String userAgent);

  /**
   * Where to send the browser: the platform sends it back to {@code returnTo} with {@code code} and
   * {@code state}. Asks nobody.
   *
   * @param returnTo a full address of the dealer's domain, which must be registered with the
   *     account
   * @param state 1 to 128 letters and digits, which come back unchanged
   */
  String authorizeUrl(String returnTo, String state);

  /**
   * Who came back with a code; one network call. A code works once.
   *
   * @param code as it came back; what cannot be one is {@link Visitor.Unproven}
   * @throws io.laoke.error.ChannelException when the platform cannot be reached or the account is
   *     not allowed to ask
   */
  Visitor identify(String code);

  /** Who a code stands for. */
  sealed interface Visitor {
    /**
     * A person.
     *
     * @param openid in this account; they need not follow it
     */
    record Known(String openid) implements Visitor {
      /** Checks. */
      public Known {
        openid = text("openid", openid, 128);
      }

      /** Shows nobody. */
      @Override
      public String toString() {
        return "Known[***]";
      }
    }

    /** The page was opened as a snapshot: the identity is not a person's and must not be bound. */
    record Snapshot() implements Visitor {}

    /** The code is wrong, used, or too old: the person has to start again. */
    record Unproven() implements Visitor {}
  }
}
