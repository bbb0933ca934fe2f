package io.laoke.sms;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;

/**
 * A template as one provider has it.
 *
 * @param code the provider's code, such as {@code SMS_100000001} or {@code 100001}
 * @param state where its review is; only what is APPROVED is sent
 */
public record SmsApproval(String code, State state) {
  /** Where a provider's review is. */
  public enum State {
    /** Handed in. */
    PENDING,
    /** May be sent. */
    APPROVED,
    /** The provider refused it. */
    REFUSED,
    /** Somebody took it out of use. */
    DISABLED
  }

  /** Checks. */
  public SmsApproval {
    code = Check.key("code", code, 64);
    notNull("state", state);
  }

  /** Handed in and not reviewed yet. */
  public static SmsApproval pending(String code) {
    return new SmsApproval(code, State.PENDING);
  }

  /** Approved. */
  public static SmsApproval approved(String code) {
    return new SmsApproval(code, State.APPROVED);
  }
}
