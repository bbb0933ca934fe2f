package io.laoke.sms;

import static io.laoke.base.Check.notNull;

/**
 * What a host's endpoint answers to a provider's push.
 *
 * @param status the HTTP status
 * @param body the body, JSON in UTF-8: content type {@code application/json;charset=utf-8}
 */
public record SmsAnswer(int status, String body) {
  /** Checks. */
  public SmsAnswer {
    notNull("body", body);
  }
}
