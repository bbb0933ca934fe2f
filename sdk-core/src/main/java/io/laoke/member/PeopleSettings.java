package io.laoke.member;

import static io.laoke.base.Check.notNull;

/**
 * How a dealer treats its people. Immutable; each method gives a changed copy.
 *
 * @param followIsConsent whether following the account is taken as the consent to marketing over
 *     WeChat, until the person refuses; never over text messages or by phone. Default false
 * @param consentWords with which words followers refuse marketing in the chat, and agree to it
 */
public record PeopleSettings(boolean followIsConsent, ConsentWords consentWords) {
  /** Checks. */
  public PeopleSettings {
    notNull("consentWords", consentWords);
  }

  /** Marketing needs a consent that was given; 退订 takes it back, 订阅 gives it again. */
  public static PeopleSettings standard() {
    return new PeopleSettings(false, ConsentWords.standard());
  }

  /** With another choice of {@code followIsConsent}. */
  public PeopleSettings withFollowIsConsent(boolean consent) {
    return new PeopleSettings(consent, consentWords);
  }

  /** With other words. */
  public PeopleSettings withConsentWords(ConsentWords words) {
    return new PeopleSettings(followIsConsent, words);
  }
}
