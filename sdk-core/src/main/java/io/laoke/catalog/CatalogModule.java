package io.laoke.catalog;

import static java.util.Objects.requireNonNull;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;

/** The catalogue's only door for the composition root. */
@Internal
public final class CatalogModule {
  private final StoredCatalogBook book = new StoredCatalogBook();
  private final ChangeTable changes = new ChangeTable();
  private volatile PlacedGoods goods = PlacedGoods.NONE;
  private volatile Runnable wake = () -> {};

  /** The catalogue for the floors above. */
  public CatalogBook book() {
    return book;
  }

  /** The catalogue as it is at the beginning of a transaction of many facts. */
  public CatalogBatch batch() {
    return new CatalogBatch(book);
  }

  /** The catalogue of a dealer, on a view of the database. */
  public Catalog catalog(Database view, Tenant tenant) {
    return new StoredCatalog(view, tenant, book, changes, goods, wake);
  }

  /** Sets the recorded lines that follow changes; without it, there are none. */
  public void goods(PlacedGoods recorded) {
    goods = requireNonNull(recorded);
  }

  /** Sets who is told when there is a change to follow, which is committed. */
  public void wakes(Runnable follower) {
    wake = requireNonNull(follower);
  }

  /** The changes that recorded lines follow. */
  public ChangeTable changes() {
    return changes;
  }

  /** What the catalogue keeps of people. */
  public PersonalData personalData() {
    return new CatalogData();
  }
}
