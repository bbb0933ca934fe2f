package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogBook;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.util.Optional;

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

  /** The openid of that hash, while its value is known: where a message is sent. */
  public Optional<String> addressOf(Tx tx, Tenant tenant, String account, String openidHash) {
    return book.addressOf(tx, tenant, account, openidHash);
  }
}
