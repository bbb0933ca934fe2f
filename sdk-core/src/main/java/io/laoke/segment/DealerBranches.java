package io.laoke.segment;

import io.laoke.internal.tenant.Tenant;
import io.laoke.member.FieldBook.EventFields;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Where a dealer's collections have their rows. */
final class DealerBranches implements Branches {
  private final Tenant tenant;
  private final Map<String, EventFields> events;
  private final @Nullable KnownPlaces known;

  /**
   * Branches.
   *
   * @param events by the names of their collections
   */
  DealerBranches(Tenant tenant, Map<String, EventFields> events) {
    this(tenant, events, null);
  }

  /**
   * Branches of one question.
   *
   * @param events by the names of their collections
   * @param known the categories, where they are named one by one
   */
  DealerBranches(Tenant tenant, Map<String, EventFields> events, @Nullable KnownPlaces known) {
    this.tenant = tenant;
    this.events = events;
    this.known = known;
  }

  @Override
  public List<Branch> of(CollectionDef of, Scope scope, boolean sums, boolean single, Binds binds) {
    return switch (of.name()) {
      case "items" -> OrderBranches.items(scope, sums, known);
      case "orders" -> OrderBranches.orders(scope, sums, single);
      case "units" ->
          List.of(new UnitRows(true, tenant.zone()), new UnitRows(false, tenant.zone()));
      case "services" -> List.of(new ServiceRows());
      case "sends" -> List.of(new SendRows());
      default -> List.of(new EventRows(tenant, Optional.ofNullable(events.get(of.name())), binds));
    };
  }
}
