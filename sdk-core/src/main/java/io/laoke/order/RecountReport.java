package io.laoke.order;

import java.util.OptionalLong;

/**
 * What a recount found and put right.
 *
 * @param members members whose files were compared
 * @param orders orders, and returns that name none, that stood otherwise than their recorded facts
 *     say
 * @param rows rows of the consumption file that were wrong
 * @param lastMemberId the last member that was compared; give it to the next call, which has
 *     nothing to do once this is empty
 */
public record RecountReport(int members, int orders, int rows, OptionalLong lastMemberId) {
  /** Whether all was right. */
  public boolean clean() {
    return orders == 0 && rows == 0;
  }
}
