package io.laoke.message;

import static io.laoke.base.Check.mended;
import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.error.InvalidInputException;
import java.time.Instant;
import java.util.Optional;

/**
 * A verified fact that came from the platform. Each has a {@link #key()} that is the same on every
 * repeat of the same event, and by which repeats are recognised.
 */
public sealed interface Inbound {
  /** The latest time that an event can have. */
  Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

  /** Unique among the events of the account: the message id, or openid, time, event and key. */
  String key();

  /** The platform's time of the event. */
  Instant at();

  /** Whom it is about; for WeChat the openid, for text messages the phone number. */
  String openid();

  /** Whether {@link #openid} is a phone number. */
  default boolean byPhone() {
    return false;
  }

  /**
   * A code was scanned, by a follower ({@code SCAN}) or by somebody who then followed ({@code
   * subscribe} with a scene).
   *
   * @param scene the scene without WeChat's {@code qrscene_} prefix
   * @param followed whether this event also is the follow
   */
  record Scanned(String key, Instant at, String openid, String scene, boolean followed)
      implements Inbound {
    /** Checks. */
    public Scanned {
      check(key, at, openid);
      scene = mended(notNull("scene", scene));
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /** Followed without a code. */
  record Followed(String key, Instant at, String openid) implements Inbound {
    /** Checks. */
    public Followed {
      check(key, at, openid);
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /** Follows no more. */
  record Unfollowed(String key, Instant at, String openid) implements Inbound {
    /** Checks. */
    public Unfollowed {
      check(key, at, openid);
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /**
   * Wrote a text.
   *
   * @param text what was written
   */
  record Said(String key, Instant at, String openid, String text) implements Inbound {
    /** Checks. */
    public Said {
      check(key, at, openid);
      text = mended(notNull("text", text));
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /**
   * Clicked a menu entry.
   *
   * @param menuKey the entry's key
   */
  record Clicked(String key, Instant at, String openid, String menuKey) implements Inbound {
    /** Checks. */
    public Clicked {
      check(key, at, openid);
      menuKey = mended(notNull("menuKey", menuKey));
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /**
   * The platform reports what became of one accepted message.
   *
   * @param providerId the platform's id of the message, as its acceptance gave it
   * @param delivery what became of it
   * @param detail the platform's own words
   */
  record Reported(
      String key, Instant at, String openid, String providerId, Delivery delivery, String detail)
      implements Inbound {
    /** Checks. */
    public Reported {
      check(key, at, openid);
      text("providerId", providerId, 64);
      notNull("delivery", delivery);
      detail = mended(notNull("detail", detail));
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /**
   * A provider of text messages reports what became of one: a receipt 状态报告.
   *
   * @param openid the phone number
   * @param providerId the provider's id of the message, as its acceptance gave it
   * @param messageId Laoke's own id of the message where the provider gives it back, else empty
   * @param delivery what became of it; DELIVERED is the handset, not that it was read
   * @param detail the provider's own words
   */
  record SmsReport(
      String key,
      Instant at,
      String openid,
      String providerId,
      String messageId,
      Delivery delivery,
      String detail)
      implements Inbound {
    /** Checks. */
    public SmsReport {
      check(key, at, openid);
      text("providerId", providerId, 64);
      messageId = mended(notNull("messageId", messageId));
      notNull("delivery", delivery);
      detail = mended(notNull("detail", detail));
    }

    @Override
    public boolean byPhone() {
      return true;
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /**
   * Somebody answered a text message 上行短信.
   *
   * @param openid the phone number
   * @param signature the signature that was answered, where the provider says so
   * @param text what was written
   */
  record SmsReply(String key, Instant at, String openid, String signature, String text)
      implements Inbound {
    /** Checks. */
    public SmsReply {
      check(key, at, openid);
      signature = mended(notNull("signature", signature));
      text = mended(notNull("text", text));
    }

    @Override
    public boolean byPhone() {
      return true;
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /**
   * The platform reports the end of a mass sending. Counts are the platform's and approximate.
   *
   * @param providerId the platform's id of the job
   * @param succeeded whether the job as a whole succeeded
   * @param detail the platform's own words
   */
  record JobReported(
      String key,
      Instant at,
      String openid,
      String providerId,
      boolean succeeded,
      String detail,
      int total,
      int filtered,
      int sent,
      int failed)
      implements Inbound {
    /** Checks. */
    public JobReported {
      check(key, at, openid);
      text("providerId", providerId, 64);
      detail = mended(notNull("detail", detail));
    }

    @Override
    public String toString() {
      return shown(this, at);
    }
  }

  /** What became of an accepted message. */
  enum Delivery {
    /** It reached the person. */
    DELIVERED,
    /** The person refuses this account's messages. */
    BLOCKED,
    /** The platform failed. */
    FAILED,
    /**
     * Nothing was reported within 72 hours, and the platform, where it can be asked, knows nothing
     * of the message or is still at it after days. It may have arrived all the same.
     */
    EXPIRED
  }

  /** The scene, if this is a scan. */
  default Optional<String> scannedScene() {
    return this instanceof Scanned scanned ? Optional.of(scanned.scene()) : Optional.empty();
  }

  private static void check(String key, Instant at, String openid) {
    text("key", key, 400);
    if (notNull("at", at).isBefore(Instant.EPOCH) || at.isAfter(LATEST)) {
      throw new InvalidInputException("at", "must be between 1970 and 2200, was " + at);
    }
    text("openid", openid, 128);
  }

  private static String shown(Inbound fact, Instant at) {
    return fact.getClass().getSimpleName() + "[" + at + "]";
  }
}
