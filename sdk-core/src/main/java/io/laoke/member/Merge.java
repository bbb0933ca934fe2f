package io.laoke.member;

import java.time.Instant;
import java.util.Optional;

/**
 * Two members made one, and perhaps two again.
 *
 * @param id names it for {@link Members#split}
 * @param survivor the member that went on; both ids answer with it
 * @param merged the member that ended
 * @param by who did it; {@code laoke} where the scan of a bare follower did
 * @param why why; empty once one of them was erased
 * @param at business time
 * @param orders how many orders moved
 * @param returns how many return notes that name the member moved
 * @param identities how many identities moved
 * @param split how it was taken back, if it was
 */
public record Merge(
    long id,
    long survivor,
    long merged,
    String by,
    Optional<String> why,
    Instant at,
    int orders,
    int returns,
    int identities,
    Optional<Split> split) {

  /** Whether they are still one. */
  public boolean live() {
    return split.isEmpty();
  }

  /**
   * How a merge was taken back.
   *
   * @param by who did it
   * @param why why; empty once one of them was erased
   * @param at business time
   * @param ordersBack orders that the merge had moved and that went back
   * @param ordersFollowed orders that came after the merge and went along, since their buyer, or
   *     the openid that claimed them, is known by an identity that went back
   * @param ordersStayed orders that came after the merge and stayed with the survivor
   * @param identitiesStayed identities that were first seen after the merge and stayed
   */
  public record Split(
      String by,
      Optional<String> why,
      Instant at,
      int ordersBack,
      int ordersFollowed,
      int ordersStayed,
      int identitiesStayed) {}

  /** Shows nothing personal. */
  @Override
  public String toString() {
    return "Merge[" + id + ", " + merged + " into " + survivor + (live() ? "]" : ", split]");
  }
}
