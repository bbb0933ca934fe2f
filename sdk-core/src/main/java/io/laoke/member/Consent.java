package io.laoke.member;

import static io.laoke.base.Check.notNull;

import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Purpose;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * A consent or a refusal as the person gave it. It holds for every channel. Of one purpose the
 * newest counts; of a consent and a refusal at the same moment, the refusal.
 *
 * @param purpose CARE or MARKETING: notices of an order are part of its contract, and end per order
 *     or by unfollowing
 * @param given whether it is a consent
 * @param source where it was given, in the dealer's words, such as {@code 门店签字}; at most 64
 *     characters, nothing personal
 * @param textVersion which words the person agreed to, at most 64 characters; {@link
 *     Members#consent} demands it of a consent
 * @param at when they did; {@link Members#consent} refuses what lies ahead
 */
public record Consent(
    Purpose purpose, boolean given, String source, Optional<String> textVersion, Instant at) {
  /** The source of what followers write in the chat, see {@link ConsentWords}. */
  public static final String WECHAT_TEXT = "WECHAT_TEXT";

  /** The source of what followers give by a menu entry, see {@link Members#REFUSE_MENU_KEY}. */
  public static final String WECHAT_MENU = "WECHAT_MENU";

  private static final Instant FROM = Instant.parse("1900-01-01T00:00:00Z");
  private static final Instant TO = Instant.parse("9999-01-01T00:00:00Z");

  /** Checks. */
  public Consent {
    if (notNull("purpose", purpose) == Purpose.ORDER) {
      throw new InvalidInputException(
          "purpose",
          "must be CARE or MARKETING: notices of an order are part of its contract; stop them with bindings().stopNotices");
    }
    source = Keys.line("source", source, 64);
    textVersion =
        notNull("textVersion", textVersion).map(text -> Keys.line("textVersion", text, 64));
    if (notNull("at", at).isBefore(FROM) || !at.isBefore(TO)) {
      throw new InvalidInputException("at", "must be in the years 1900 to 9998, was " + at);
    }
    at = at.truncatedTo(ChronoUnit.MILLIS);
  }

  /** The same at another time. */
  Consent at(Instant when) {
    return new Consent(purpose, given, source, textVersion, when);
  }

  /** The person agreed to these words. */
  public static Consent given(Purpose purpose, String source, String textVersion, Instant at) {
    return new Consent(purpose, true, source, Optional.of(notNull("textVersion", textVersion)), at);
  }

  /** The person refused, or took a consent back. */
  public static Consent refused(Purpose purpose, String source, Instant at) {
    return new Consent(purpose, false, source, Optional.empty(), at);
  }
}
