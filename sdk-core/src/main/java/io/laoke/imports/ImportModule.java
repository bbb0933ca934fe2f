package io.laoke.imports;

import static java.util.Objects.requireNonNull;

import io.laoke.base.Internal;
import io.laoke.catalog.CatalogModule;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.MemberModule;
import io.laoke.order.OrderModule;
import java.time.Clock;

/** The door of this package for the composition root. */
@Internal
public final class ImportModule {
  private final RunTable runs;
  private final Ids ids;
  private final CatalogModule catalog;
  private final MemberModule members;
  private final OrderModule orders;
  private final Clock clock;

  /**
   * Imports of all dealers of an engine.
   *
   * @param clock business time
   */
  public ImportModule(
      Json json,
      Ids ids,
      CatalogModule catalog,
      MemberModule members,
      OrderModule orders,
      Clock clock) {
    this.runs = new RunTable(json);
    this.ids = ids;
    this.catalog = catalog;
    this.members = members;
    this.orders = orders;
    this.clock = requireNonNull(clock);
  }

  /** What imports keep of people. */
  public PersonalData personalData() {
    return new ImportData();
  }

  /** A dealer's imports, in transactions of their own. */
  public Imports imports(Database view, Tenant tenant) {
    return new StoredImports(view, tenant, runs, ids, catalog, members, orders, clock);
  }
}
