package io.laoke.binding;

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

  /** Shows nobody. */
  @Override
  public String toString() {
    return "RecipientRow[" + id + ", " + state + "]";
  }
}
