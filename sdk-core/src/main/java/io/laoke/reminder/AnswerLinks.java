package io.laoke.reminder;

import io.laoke.internal.tenant.Tenant;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens of answers: the dealer, a contact, the day on which it ends, for whom staff made it where
 * no message of the contact says that, and a mark over these by the dealer's key. Short, since text
 * messages have little room.
 */
final class AnswerLinks {
  /** Of a page, after the address of the dealer's pages. */
  static final String PAGE = "/s/";

  private static final Pattern TOKEN =
      Pattern.compile(
          "([0-9a-z]{1,6})-([0-9a-z]{1,13})-([0-9a-z]{1,5})(?:-([0-9a-z]{1,13}))?-([A-Za-z0-9_-]{14})");
  private static final int MARK = 14; // characters: 84 bits, so that a text message takes the whole

  private final Function<Tenant, Optional<String>> address;
  private final Function<Tenant, ReminderSettings> settings;

  AnswerLinks(
      Function<Tenant, Optional<String>> address, Function<Tenant, ReminderSettings> settings) {
    this.address = address;
    this.settings = settings;
  }

  /**
   * What a token names.
   *
   * @param lastDay on which it can be answered
   * @param member for whom it was made, where no message of the contact says that
   */
  record Named(long contactId, LocalDate lastDay, OptionalLong member) {}

  /** The token of a contact's message that is made now. */
  String token(Tenant tenant, long contactId, Instant now) {
    return token(tenant, contactId, OptionalLong.empty(), now);
  }

  /** The same for a member, where no message says for whom it is. */
  String token(Tenant tenant, long contactId, OptionalLong member, Instant now) {
    long last =
        tenant.dayOf(now).plusDays(settings.apply(tenant).answers().linkDays()).toEpochDay();
    String text =
        "%s-%s-%s"
                .formatted(
                    Integer.toString(tenant.id(), 36),
                    Long.toString(contactId, 36),
                    Long.toString(last, 36))
            + (member.isPresent() ? "-" + Long.toString(member.getAsLong(), 36) : "");
    return text + "-" + mark(tenant, text);
  }

  /** Its page; empty while the dealer has no web address. */
  Optional<String> page(Tenant tenant, String token) {
    return address.apply(tenant).map(base -> base + PAGE + token);
  }

  /** Empty for whatever this dealer has not made. */
  static Optional<Named> read(Tenant tenant, String token) {
    Matcher parts = TOKEN.matcher(token);
    if (!parts.matches()) {
      return Optional.empty();
    }
    String text = token.substring(0, parts.start(5) - 1);
    boolean own =
        MessageDigest.isEqual(
            mark(tenant, text).getBytes(StandardCharsets.UTF_8),
            parts.group(5).getBytes(StandardCharsets.UTF_8));
    return own && parts.group(1).equals(Integer.toString(tenant.id(), 36))
        ? Optional.of(
            new Named(
                Long.parseLong(parts.group(2), 36),
                LocalDate.EPOCH.plus(Long.parseLong(parts.group(3), 36), ChronoUnit.DAYS),
                parts.group(4) == null
                    ? OptionalLong.empty()
                    : OptionalLong.of(Long.parseLong(parts.group(4), 36))))
        : Optional.empty();
  }

  private static String mark(Tenant tenant, String text) {
    return tenant.privacy().hash("answer", text).substring(0, MARK);
  }
}
