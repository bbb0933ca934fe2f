package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import java.time.Instant;
import java.util.Optional;

/**
 * That the owner of a number refuses promotions by text message, and the proof of it.
 *
 * @param at when they said so, or when the provider's blacklist showed it
 * @param source REPLY for an answer such as R, PROVIDER for the provider's own blacklist
 * @param account the account's key
 * @param signature the signature that was answered, or the account's
 * @param text what they wrote, or the provider's code; empty once the person was erased
 */
public record SmsOptOut(
    Instant at, Source source, String account, String signature, Optional<String> text) {
  /** Checks. */
  public SmsOptOut {
    notNull("at", at);
    notNull("source", source);
    notNull("account", account);
    notNull("signature", signature);
    notNull("text", text);
  }

  /** From where it is known. */
  public enum Source {
    /** The person answered. */
    REPLY,
    /** The provider has the number on its blacklist. */
    PROVIDER
  }

  /** Shows no words. */
  @Override
  public String toString() {
    return "SmsOptOut[" + source + ", " + at + "]";
  }
}
