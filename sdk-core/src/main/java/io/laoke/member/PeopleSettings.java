package io.laoke.member;

/**
 * How a dealer treats its people.
 *
 * @param followIsConsent whether following the account is taken as the consent to marketing over
 *     WeChat, until the person refuses; never over text messages or by phone. Default false
 */
public record PeopleSettings(boolean followIsConsent) {
  /** Marketing needs a consent that was given. */
  public static PeopleSettings standard() {
    return new PeopleSettings(false);
  }

  /** With another choice of {@code followIsConsent}. */
  public PeopleSettings withFollowIsConsent(boolean consent) {
    return new PeopleSettings(consent);
  }
}
