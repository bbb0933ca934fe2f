package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogBook;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.AddressBook;
import io.laoke.message.RecipientListener;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The members' only door for the composition root. */
@Internal
public final class MemberModule {
  private final StoredMemberBook book;
  private final CatalogBook catalog;
  private final Clock clock;

  /**
   * The members.
   *
   * @param clock business time
   */
  public MemberModule(CatalogBook catalog, Ids ids, Clock clock) {
    this.book = new StoredMemberBook(catalog, ids);
    this.catalog = catalog;
    this.clock = clock;
  }

  /** The members for the floors above. */
  public MemberBook book() {
    return book;
  }

  /** The members of a dealer, on a view of the database. */
  public Members members(Database view, Tenant tenant) {
    return new StoredMembers(view, tenant, book, catalog, clock);
  }

  /** Where messages are sent: to an openid as long as its value is known. */
  public AddressBook addressBook() {
    return new AddressBook() {
      @Override
      public Optional<String> addressOf(Tx tx, Tenant tenant, String account, String openidHash) {
        return Optional.ofNullable(
            addressesOf(tx, tenant, account, Set.of(openidHash)).get(openidHash));
      }

      @Override
      public Map<String, String> addressesOf(
          Tx tx, Tenant tenant, String account, Set<String> openidHashes) {
        return book.addressesOf(tx, tenant, account, openidHashes);
      }
    };
  }

  /** To be told who cannot be reached any more: they have unfollowed. */
  public RecipientListener recipientListener() {
    return book::gone;
  }
}
