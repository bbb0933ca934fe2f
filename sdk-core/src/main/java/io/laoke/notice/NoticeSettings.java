package io.laoke.notice;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.text;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import java.time.Duration;
import java.util.Optional;

/**
 * A dealer's rules of notices. Immutable; the {@code with} methods give changed copies.
 *
 * @param validFor how long a notice may wait before it is not sent any more, one minute to 30 days
 * @param dealerName {@code {dealer.name}}; empty for the dealer's code
 * @param hint {@code {recipient.hint}} in the first notice of an order that was bound by itself
 */
public record NoticeSettings(Duration validFor, Optional<String> dealerName, String hint) {
  /** Checks. */
  public NoticeSettings {
    if (notNull("validFor", validFor).compareTo(Duration.ofMinutes(1)) < 0
        || validFor.compareTo(Duration.ofDays(30)) > 0) {
      throw new InvalidInputException(
          "validFor", "must be between one minute and 30 days, was " + validFor);
    }
    dealerName =
        Optional.ofNullable(Check.optionalText("dealerName", dealerName.orElse(null), 100));
    hint = text("hint", hint, 100);
  }

  /** 72 hours, the dealer's code, a Chinese hint. */
  public static NoticeSettings standard() {
    return new NoticeSettings(Duration.ofDays(3), Optional.empty(), "如不是您的订单，请联系门店");
  }

  /** With another time of waiting. */
  public NoticeSettings withValidFor(Duration time) {
    return new NoticeSettings(time, dealerName, hint);
  }

  /** With the dealer's name. */
  public NoticeSettings withDealerName(String name) {
    return new NoticeSettings(validFor, Optional.of(name), hint);
  }

  /** With another hint. */
  public NoticeSettings withHint(String words) {
    return new NoticeSettings(validFor, dealerName, words);
  }
}
