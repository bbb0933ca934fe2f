package io.laoke.reminder;

import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.CatalogBook.Works;
import io.laoke.error.ConflictException;
import io.laoke.error.NotFoundException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;

/**
 * Who may take tasks: active staff; of a dealer who keeps no staff in Laoke, whoever the host says.
 */
final class TakingStaff {
  private final CatalogBook catalog;
  private final Tenant tenant;

  TakingStaff(CatalogBook catalog, Tenant tenant) {
    this.catalog = catalog;
    this.tenant = tenant;
  }

  /** Refuses who cannot do what a task asks for. */
  void mustWork(Tx tx, String staff) {
    Works works = catalog.works(tx, tenant, staff);
    if (works == Works.UNKNOWN) {
      throw unknown("Tasks cannot be given to '%s'".formatted(staff), staff);
    }
    if (works == Works.NO_LONGER) {
      throw new ConflictException(
          "Tasks cannot be given to '%s': they are not active. Name somebody active of catalog().staff(), or put them as active again with catalog().put(Staff)."
              .formatted(staff));
    }
  }

  /** Refuses who has nothing to give over because nobody knows them. */
  void mustBeKnown(Tx tx, String staff) {
    if (catalog.works(tx, tenant, staff) == Works.UNKNOWN) {
      throw unknown("'%s' has no tasks to give over".formatted(staff), staff);
    }
  }

  private NotFoundException unknown(String what, String staff) {
    return new NotFoundException(
        "%s: dealer '%s' has no member of staff '%s'. Take the code of one of catalog().staff(), or put them first with catalog().put(Staff)."
            .formatted(what, tenant.code(), staff));
  }
}
