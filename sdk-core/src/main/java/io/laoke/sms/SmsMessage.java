package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.error.InvalidInputException;
import io.laoke.message.Purpose;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A text message to a member.
 *
 * @param no the host's own number of it: what was put under a number once is never put again
 * @param memberId whom it is for
 * @param purpose why it is sent; MARKETING needs a template for promotions and a consent
 * @param template a key of {@link Sms#templates}
 * @param values by the names of the template's parameters
 * @param validFor how long it is worth telling, at least a minute
 */
public record SmsMessage(
    long no,
    long memberId,
    Purpose purpose,
    String template,
    Map<String, String> values,
    Duration validFor) {
  /** Checks and copies. */
  public SmsMessage {
    notNull("purpose", purpose);
    template = Check.key("template", template, 64);
    values = Collections.unmodifiableMap(new LinkedHashMap<>(notNull("values", values)));
    values.forEach(
        (name, value) -> {
          Check.key("values", name, 32);
          notNull("values", value);
        });
    if (notNull("validFor", validFor).compareTo(Duration.ofMinutes(1)) < 0
        || validFor.compareTo(Duration.ofDays(365)) > 0) {
      throw new InvalidInputException("validFor", "must be a minute to 365 days, was " + validFor);
    }
  }

  /** Worth telling for three days. */
  public static SmsMessage of(
      long no, long memberId, Purpose purpose, String template, Map<String, String> values) {
    return new SmsMessage(no, memberId, purpose, template, values, Duration.ofDays(3));
  }

  /** Worth telling for so long. */
  public SmsMessage withValidFor(Duration validFor) {
    return new SmsMessage(no, memberId, purpose, template, values, validFor);
  }

  /** Shows no value. */
  @Override
  public String toString() {
    return "SmsMessage[" + no + ", " + template + "]";
  }
}
