package io.laoke.binding;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.range;

import io.laoke.error.InvalidInputException;
import java.time.Duration;

/**
 * A dealer's rules of binding. Immutable; the {@code with} methods give changed copies.
 *
 * @param recipientLimit how many people may receive one order's notices, 1 to 20; 1 means only the
 *     first
 * @param autoBind what happens to later orders of a member that follows already
 * @param ticketLife how long a ticket binds, one minute to 30 days
 * @param replies the words of the immediate replies
 */
public record BindingSettings(
    int recipientLimit, AutoBind autoBind, Duration ticketLife, ReplyTexts replies) {
  /** The longest life of a ticket: that of the platform's temporary codes. */
  public static final Duration LONGEST_LIFE = Duration.ofDays(30);

  /** Checks. */
  public BindingSettings {
    range("recipientLimit", recipientLimit, 1, 20);
    notNull("autoBind", autoBind);
    notNull("replies", replies);
    if (notNull("ticketLife", ticketLife).compareTo(Duration.ofMinutes(1)) < 0
        || ticketLife.compareTo(LONGEST_LIFE) > 0) {
      throw new InvalidInputException(
          "ticketLife", "must be between one minute and 30 days, was " + ticketLife);
    }
  }

  /** Three recipients, later orders bound by themselves, 30 days, Chinese replies. */
  public static BindingSettings standard() {
    return new BindingSettings(3, AutoBind.ALWAYS, LONGEST_LIFE, ReplyTexts.chinese());
  }

  /** With another limit of recipients. */
  public BindingSettings withRecipientLimit(int limit) {
    return new BindingSettings(limit, autoBind, ticketLife, replies);
  }

  /** With another rule for later orders. */
  public BindingSettings withAutoBind(AutoBind rule) {
    return new BindingSettings(recipientLimit, rule, ticketLife, replies);
  }

  /** With another life of tickets. */
  public BindingSettings withTicketLife(Duration life) {
    return new BindingSettings(recipientLimit, autoBind, life, replies);
  }

  /** With other words. */
  public BindingSettings withReplies(ReplyTexts texts) {
    return new BindingSettings(recipientLimit, autoBind, ticketLife, texts);
  }
}
