package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;

/**
 * An account and the one dealer that it belongs to.
 *
 * @param dealer the dealer's code
 * @param account the account
 */
public record DealerAccount(String dealer, Account account) {
  /** Checks. */
  public DealerAccount {
    dealer = Check.text("dealer", dealer, 64);
    notNull("account", account);
  }

  /** Shows the account's key only. */
  @Override
  public String toString() {
    return "DealerAccount[" + dealer + ", " + account.key() + "]";
  }
}
