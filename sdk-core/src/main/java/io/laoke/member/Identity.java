package io.laoke.member;

import java.time.Instant;
import java.util.Optional;

/**
 * An identity of a member, for people's eyes.
 *
 * @param kind what it is
 * @param account the account's key, for openids
 * @param masked the value with most of it hidden, customer numbers in full; empty once it had to be
 *     taken away, as after an unfollow
 * @param proven whether the person has proved that it is theirs
 * @param identifying whether it still identifies; a shared phone and a walk-in number do not
 * @param follower whether the openid follows the account, where that is known
 * @param firstSeen when it was first recorded; of an openid that was told to follow, the time of
 *     that
 */
public record Identity(
    IdentityKind kind,
    Optional<String> account,
    Optional<String> masked,
    boolean proven,
    boolean identifying,
    Optional<Follower> follower,
    Instant firstSeen) {
  /**
   * Whether an openid follows an account.
   *
   * @param follows whether it does
   * @param since the platform's time of the follow or unfollow
   */
  public record Follower(boolean follows, Instant since) {}
}
