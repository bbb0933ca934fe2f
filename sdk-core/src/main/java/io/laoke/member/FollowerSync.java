package io.laoke.member;

import java.time.Instant;
import java.util.Optional;

/**
 * How far a reading of all followers of an account is, and what it has found, over all its starts.
 *
 * @param account the account's key
 * @param state whether it has ended
 * @param why why it stopped or is incomplete
 * @param starts 1, and one more each time it went on
 * @param startedAt machine time of the first start; what the platform told since then goes over the
 *     list
 * @param changedAt machine time of the last progress
 * @param total how many follow, by the platform's last page
 * @param listed openids that it has listed so far; until the end those of a page that was read
 *     again count twice
 * @param newMembers members that were made, {@code source=FOLLOW}
 * @param nowFollowing openids that were not known to follow, and do; those of new members included
 * @param noLonger openids that were taken to follow and are listed no more
 * @param keptOut openids of people who were erased; nothing was recorded of them
 * @param staff openids of staff, who are no members
 */
public record FollowerSync(
    String account,
    State state,
    Optional<String> why,
    int starts,
    Instant startedAt,
    Instant changedAt,
    long total,
    long listed,
    long newMembers,
    long nowFollowing,
    long noLonger,
    long keptOut,
    long staff) {

  /** How it stands. */
  public enum State {
    /**
     * There is more to read. It is under way, or it has stopped because the platform asks to wait,
     * or its process was killed: the next call goes on where it is.
     */
    UNFINISHED,
    /** All was read, and whoever is listed no more is recorded as not following. */
    DONE,
    /**
     * All pages were read, but they held fewer people than the platform says there are, or it says
     * that nobody follows. Who follows was recorded; nobody was recorded as not following. The next
     * call begins anew.
     */
    INCOMPLETE
  }
}
