package io.laoke.catalog;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Collection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The recorded lines that stand in categories, for the catalogue, which is below them. */
@Internal
public interface PlacedGoods {
  /** There are none. */
  PlacedGoods NONE =
      new PlacedGoods() {
        @Override
        public List<Look> standing(
            Tx tx, Tenant tenant, Collection<String> places, Collection<String> codes) {
          return List.of();
        }

        @Override
        public ChangePlan plan(
            Tx tx, Tenant tenant, List<Look> looks, UnaryOperator<Placing> change) {
          return new ChangePlan(0, 0, 0, 0, java.math.BigInteger.ZERO, List.of());
        }

        @Override
        public List<UnmappedGoods> unmapped(
            Tx tx, Tenant tenant, @Nullable UnmappedGoods after, int limit) {
          return List.of();
        }
      };

  /** In which of these places lines stand with which of these codes. */
  List<Look> standing(Tx tx, Tenant tenant, Collection<String> places, Collection<String> codes);

  /** What would move if goods were placed so. */
  ChangePlan plan(Tx tx, Tenant tenant, List<Look> looks, UnaryOperator<Placing> change);

  /** Goods that stand under {@link CatalogBook#UNMAPPED}. */
  List<UnmappedGoods> unmapped(Tx tx, Tenant tenant, @Nullable UnmappedGoods after, int limit);
}
