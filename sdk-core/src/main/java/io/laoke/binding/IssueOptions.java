package io.laoke.binding;

import static io.laoke.base.Check.notNull;
import static io.laoke.base.Check.optionalText;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a ticket is issued. Immutable; each method gives a changed copy.
 *
 * @param account the account's key; empty for the store's account, else the dealer's default
 * @param by who issues it, such as a staff code, at most 64 characters
 */
public record IssueOptions(Optional<String> account, Optional<String> by) {
  /** Checks. */
  public IssueOptions {
    account =
        Optional.ofNullable(optionalText("account", notNull("account", account).orElse(null), 64));
    by = Optional.ofNullable(optionalText("by", notNull("by", by).orElse(null), 64));
  }

  /** The account that serves the order's store, issued by nobody in particular. */
  public static IssueOptions standard() {
    return new IssueOptions(Optional.empty(), Optional.empty());
  }

  /** Of this account. */
  public IssueOptions account(@Nullable String key) {
    return new IssueOptions(Optional.ofNullable(key), by);
  }

  /** Issued by this member of staff. */
  public IssueOptions by(@Nullable String staff) {
    return new IssueOptions(account, Optional.ofNullable(staff));
  }
}
