package io.laoke.binding;

import io.laoke.error.NotFoundException;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A row of table {@code recipient}. */
record RecipientRow(
    long id,
    long orderId,
    String account,
    String openidHash,
    RecipientState state,
    Recipient.Source source,
    long joinedMillis,
    boolean introduced,
    @Nullable Long givenMemberId,
    @Nullable Long joinedMemberId,
    long toldId,
    int toldRevision) {
  boolean is(String otherAccount, String otherHash) {
    return account.equals(otherAccount) && openidHash.equals(otherHash);
  }

  /**
   * The one of an order's that is meant.
   *
   * @throws NotFoundException if the order never had it
   */
  static RecipientRow of(String orderNo, List<RecipientRow> rows, Predicate<RecipientRow> who) {
    return rows.stream()
        .filter(who)
        .findFirst()
        .orElseThrow(
            () ->
                new NotFoundException(
                    "Order %s never had this recipient. Take one that bindings().recipients(orderNo) lists."
                        .formatted(orderNo)));
  }

  /** Shows nobody. */
  @Override
  public String toString() {
    return "RecipientRow[" + id + ", " + state + "]";
  }
}
