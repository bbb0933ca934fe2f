package io.laoke.message;

import static io.laoke.base.Check.notNull;

import io.laoke.base.Check;
import io.laoke.base.Internal;
import io.laoke.error.ChannelException;
import io.laoke.error.ConflictException;
import io.laoke.error.InvalidInputException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All accounts of all dealers: those given at build time and those of the source. Safe for use by
 * many threads.
 */
@Internal
public final class Accounts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);

  private final List<DealerAccount> fixed;
  private final AccountSource source;
  private final Set<Owned> confirmed = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean failing = new AtomicBoolean();
  private volatile @Nullable List<DealerAccount> last;

  private record Owned(int dealer, String account) {}

  /**
   * Accounts.
   *
   * @param fixed given at build time; the first of a dealer is its default
   * @param source more of them, changing at run time
   * @throws InvalidInputException if one account is given twice
   */
  public Accounts(Collection<DealerAccount> fixed, AccountSource source) {
    this.fixed = List.copyOf(fixed);
    this.source = notNull("source", source);
    Map<String, String> owner = new LinkedHashMap<>();
    for (DealerAccount one : this.fixed) {
      String before = owner.put(one.account().key(), one.dealer());
      if (before != null) {
        throw new InvalidInputException(
            "account",
            "%s is given twice, for the dealers %s and %s; an account belongs to exactly one dealer, so give it to one"
                .formatted(one.account().key(), before, one.dealer()));
      }
    }
  }

  /** Accounts given at build time only. */
  public Accounts(Collection<DealerAccount> fixed) {
    this(fixed, List::of);
  }

  /** Those given at build time. */
  List<DealerAccount> fixed() {
    return fixed;
  }

  /**
   * Everything at this moment. While the source fails, what it listed last.
   *
   * @throws ChannelException if the source has failed ever since the start
   */
  public List<DealerAccount> all() {
    List<DealerAccount> all = new ArrayList<>(fixed);
    all.addAll(listed());
    return all;
  }

  private List<DealerAccount> listed() {
    try {
      List<DealerAccount> now = List.copyOf(source.accounts());
      if (failing.getAndSet(false)) {
        LOG.info("laoke.accounts.source answers again");
      }
      last = now;
      return now;
    } catch (RuntimeException failed) {
      if (!failing.getAndSet(true)) {
        LOG.warn("laoke.accounts.source failed; what it listed last stays in use", failed);
      }
      List<DealerAccount> before = last;
      if (before == null) {
        throw new ChannelException(
            "The account source failed with %s, and has not listed any account yet. Mend the source; the next call asks it again."
                .formatted(failed.getClass().getName()),
            failed,
            true);
      }
      return before;
    }
  }

  /**
   * By the platform's key.
   *
   * @throws ConflictException if the source gives it to two dealers
   */
  public Optional<DealerAccount> find(String key) {
    DealerAccount found = null;
    for (DealerAccount one : all()) {
      if (one.account().key().equals(key)) {
        if (found != null && !found.dealer().equals(one.dealer())) {
          throw shared(key, found.dealer(), one.dealer());
        }
        found = found == null ? one : found;
      }
    }
    return Optional.ofNullable(found);
  }

  /**
   * By the platform's key.
   *
   * @throws NotFoundException if no dealer has it
   * @throws ConflictException if the source gives it to two dealers
   */
  public DealerAccount require(String key) {
    return find(key)
        .orElseThrow(
            () ->
                new NotFoundException(
                    "No dealer has the account %s. Give it to Laoke's builder with account(dealer, …), or let the account source list it."
                        .formatted(shown(key))));
  }

  /**
   * A key that a host names, as the dealer's account has it.
   *
   * @throws NotFoundException if the dealer has no such account
   */
  public String keyOf(String dealer, String account) {
    String key = Check.text("account", account, 64);
    if (of(dealer).stream().map(Account::key).noneMatch(key::equals)) {
      throw new NotFoundException(
          "The dealer %s has no account %s. Give it one with account(\"%s\", …), or let the account source list it."
              .formatted(dealer, key, dealer));
    }
    return key;
  }

  /** The dealer's accounts as they were given, its default before others of its kind. */
  public List<Account> of(String dealer) {
    return all().stream()
        .filter(one -> one.dealer().equals(dealer))
        .map(DealerAccount::account)
        .toList();
  }

  /**
   * The dealer's default: its first account, those for text messages aside, by which nobody can
   * follow, scan or sign in.
   */
  public Optional<Account> standard(String dealer) {
    return of(dealer).stream()
        .filter(account -> account.channel(ChannelKind.SMS).isEmpty())
        .findFirst();
  }

  /** The accounts by which the dealer sends text messages, the first given first. */
  public List<Account> forSms(String dealer) {
    return of(dealer).stream()
        .filter(account -> account.channel(ChannelKind.SMS).isPresent())
        .toList();
  }

  /**
   * The account that serves a store.
   *
   * @param storeAccount the store's own account, if it has one
   * @return that account, else the dealer's default
   * @throws NotFoundException if the dealer has no account, or not that one
   */
  public Account serving(Tenant tenant, Optional<String> storeAccount) {
    if (storeAccount.isEmpty()) {
      return standard(tenant.code())
          .orElseThrow(
              () ->
                  new NotFoundException(
                      "The dealer %s has no account. Give it one with account(\"%s\", …), or let the account source list it."
                          .formatted(tenant.code(), tenant.code())));
    }
    String key = storeAccount.get();
    return of(tenant.code()).stream()
        .filter(account -> account.key().equals(key))
        .findFirst()
        .orElseThrow(
            () ->
                new NotFoundException(
                    "The dealer %s has no account %s, which the store names. Configure it, or correct the store."
                        .formatted(tenant.code(), shown(key))));
  }

  /**
   * Takes the account for the dealer in the database, once and for good: a row that is never taken
   * away decides between nodes with different configurations.
   *
   * @throws ConflictException if it belongs to another dealer
   */
  public void own(Tx tx, Tenant tenant, String account) {
    Owned owned = new Owned(tenant.id(), account);
    if (confirmed.contains(owned)) {
      return;
    }
    // Read without a lock: hosts whose commits we do not see come here each time, and must not wait
    // for each other.
    List<Integer> owner = ownerOf(tx, account, "");
    if (owner.isEmpty()) {
      tx.insertIfAbsent(
          """
          INSERT INTO {account} (dealer_id, account, since_ms) VALUES (:dealer, :account, :since)""",
          row ->
              row.bind("dealer", tenant.id())
                  .bind("account", account)
                  .bind("since", tx.machineMillis()));
      owner = ownerOf(tx, account, " FOR UPDATE");
    }
    if (!Objects.equals(owner, List.of(tenant.id()))) {
      throw new ConflictException(
          "The account %s belongs to another dealer than %s. An account belongs to exactly one dealer; a brand that runs one account for many shops is one dealer with stores. Use that dealer's handle, or give this dealer an account of its own."
              .formatted(shown(account), tenant.code()));
    }
    tx.afterCommit(() -> confirmed.add(owned));
  }

  private static List<Integer> ownerOf(Tx tx, String account, String lock) {
    return tx.query("SELECT dealer_id FROM {account} WHERE account = :account" + lock)
        .bind("account", account)
        .mapTo(Integer.class)
        .list();
  }

  private static ConflictException shared(String key, String one, String other) {
    return new ConflictException(
        "The account %s is given to the dealers %s and %s; an account belongs to exactly one dealer, so it is used for neither. Correct the account source."
            .formatted(shown(key), one, other));
  }

  private static String shown(String key) {
    return key.length() <= 64 ? key : key.substring(0, 64) + "…";
  }

  /** Closes the accounts given at build time. */
  @Override
  public void close() {
    for (DealerAccount one : fixed) {
      try {
        one.account().close();
      } catch (RuntimeException failed) {
        LOG.warn("laoke.account.close failed with {}", failed.getClass().getName());
      }
    }
  }
}
