package io.laoke.catalog;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;

/** The catalogue's only door for the composition root. */
@Internal
public final class CatalogModule {
  private final StoredCatalogBook book = new StoredCatalogBook();

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
    return new StoredCatalog(view, tenant);
  }

  /** What the catalogue keeps of people. */
  public PersonalData personalData() {
    return new CatalogData();
  }
}
