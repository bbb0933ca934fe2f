package io.laoke.binding;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;
import static io.laoke.base.Check.text;

import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.util.Optional;

/**
 * A dealer's rules of binding. Immutable; the {@code with} methods give changed copies.
 *
 * @param recipientLimit how many people may receive one order's notices, 1 to 20; 1 means only the
 *     first
 * @param autoBind what happens to later orders of a member that follows already
 * @param ticketLife how long a ticket binds, one minute to 30 days
 * @param linkLife how long a paper link binds, one day to ten years
 * @param claims whether people may claim orders by number and phone
 * @param phoneClaimYears orders of the last so many years are bound to who proves that the phone is
 *     theirs, 1 to 20
 * @param webAddress where {@code laoke.web()} is reached from outside: {@code https://}, a domain
 *     that is registered with the account for web sign-in, and the path that it is mounted on;
 *     without it there are no paper links and no pages
 * @param replies the words of the immediate replies
 */
public record BindingSettings(
    int recipientLimit,
    AutoBind autoBind,
    Duration ticketLife,
    Duration linkLife,
    boolean claims,
    int phoneClaimYears,
    Optional<String> webAddress,
    ReplyTexts replies) {
  /** The longest life of a ticket: that of the platform's temporary codes. */
  public static final Duration LONGEST_LIFE = Duration.ofDays(30);

  /** Checks. */
  public BindingSettings {
    range("recipientLimit", recipientLimit, 1, 20);
    notNull("autoBind", autoBind);
    notNull("replies", replies);
    range("phoneClaimYears", phoneClaimYears, 1, 20);
    webAddress =
        notNull("webAddress", webAddress)
            .map(address -> WebAddress.checked(text("webAddress", address, 128)));
    between("ticketLife", ticketLife, Duration.ofMinutes(1), LONGEST_LIFE);
    between("linkLife", linkLife, Duration.ofDays(1), Duration.ofDays(3660));
  }

  private static void between(String field, Duration value, Duration least, Duration most) {
    if (notNull(field, value).compareTo(least) < 0 || value.compareTo(most) > 0) {
      throw new InvalidInputException(
          field,
          "must be between %s and %d days, was %s"
              .formatted(least.toDays() > 0 ? "one day" : "one minute", most.toDays(), value));
    }
  }

  /**
   * Three recipients, later orders bound by themselves, tickets of 30 days and links of two years,
   * claims, by phone of the orders of three years, no pages, Chinese replies.
   */
  public static BindingSettings standard() {
    return new BindingSettings(
        3,
        AutoBind.ALWAYS,
        LONGEST_LIFE,
        Duration.ofDays(730),
        true,
        3,
        Optional.empty(),
        ReplyTexts.chinese());
  }

  /** With another limit of recipients. */
  public BindingSettings withRecipientLimit(int limit) {
    return new BindingSettings(
        limit, autoBind, ticketLife, linkLife, claims, phoneClaimYears, webAddress, replies);
  }

  /** With another rule for later orders. */
  public BindingSettings withAutoBind(AutoBind rule) {
    return new BindingSettings(
        recipientLimit, rule, ticketLife, linkLife, claims, phoneClaimYears, webAddress, replies);
  }

  /** With another life of tickets. */
  public BindingSettings withTicketLife(Duration life) {
    return new BindingSettings(
        recipientLimit, autoBind, life, linkLife, claims, phoneClaimYears, webAddress, replies);
  }

  /** With another life of paper links that are made from now on. */
  public BindingSettings withLinkLife(Duration life) {
    return new BindingSettings(
        recipientLimit, autoBind, ticketLife, life, claims, phoneClaimYears, webAddress, replies);
  }

  /** With claims, or without: then no text or menu entry about them is answered. */
  public BindingSettings withClaims(boolean allowed) {
    return new BindingSettings(
        recipientLimit,
        autoBind,
        ticketLife,
        linkLife,
        allowed,
        phoneClaimYears,
        webAddress,
        replies);
  }

  /** With orders of other years that a proven phone binds; those bound before stay so. */
  public BindingSettings withPhoneClaimYears(int years) {
    return new BindingSettings(
        recipientLimit, autoBind, ticketLife, linkLife, claims, years, webAddress, replies);
  }

  /** With an address for pages. */
  public BindingSettings withWebAddress(String address) {
    return new BindingSettings(
        recipientLimit,
        autoBind,
        ticketLife,
        linkLife,
        claims,
        phoneClaimYears,
        Optional.of(notNull("webAddress", address)),
        replies);
  }

  /** With other words. */
  public BindingSettings withReplies(ReplyTexts texts) {
    return new BindingSettings(
        recipientLimit, autoBind, ticketLife, linkLife, claims, phoneClaimYears, webAddress, texts);
  }
}
