package io.laoke.catalog;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The catalogue as the floors above use it, inside a transaction that is under way. */
@Internal
public interface CatalogBook {
  /** The path under which goods stand whose code is mapped to none. */
  String UNMAPPED = "?";

  /**
   * The paths of the ERP's category codes. A code is a path that was put, or a code given with one;
   * each code that is neither maps to {@link #UNMAPPED}.
   */
  Map<String, String> pathsOf(Tx tx, Tenant tenant, Collection<String> codes);

  /** Where products of these models lead. */
  Map<Product.Key, String> productsOf(Tx tx, Tenant tenant, Collection<String> models);

  /** Where these goods stand. */
  default Placing placing(Tx tx, Tenant tenant, Collection<Goods> goods) {
    Set<String> codes = new HashSet<>();
    goods.forEach(one -> codes.add(one.code()));
    Map<String, String> paths = codes.isEmpty() ? Map.of() : pathsOf(tx, tenant, codes);
    Set<String> models = new HashSet<>();
    for (Goods one : goods) {
      if (one.model() != null && UNMAPPED.equals(paths.get(one.code()))) {
        models.add(one.model());
      }
    }
    return Placing.of(paths, models.isEmpty() ? Map.of() : productsOf(tx, tenant, models));
  }

  /** Whether units of this category are serviced, by its nearest marked ancestor. */
  Map<String, Boolean> serviceable(Tx tx, Tenant tenant, Collection<String> paths);

  /**
   * Where these paths are now, by what each was; those that have not moved, alone or with what is
   * above them, are absent. One query where none has.
   */
  Map<String, String> movedPaths(Tx tx, Tenant tenant, Collection<String> paths);

  /**
   * Where goods stand, and whether they are serviced there.
   *
   * @param serviceable by the paths where these goods stand
   */
  record Stand(Placing placing, Map<String, Boolean> serviceable) {}

  /** Where these goods stand and whether they are serviced there, once what waits is done. */
  default Supplier<Stand> standLater(Tx tx, Tenant tenant, Collection<Goods> goods) {
    Placing placing = placing(tx, tenant, goods);
    Set<String> paths = new HashSet<>();
    goods.forEach(one -> paths.add(placing.of(one)));
    Stand stand = new Stand(placing, paths.isEmpty() ? Map.of() : serviceable(tx, tenant, paths));
    return () -> stand;
  }

  /** Whether a phone, by its lookup hash, is the dealer's own, once what waits is done. */
  default BooleanSupplier ownPhoneLater(Tx tx, Tenant tenant, String phoneHash) {
    return () -> ownPhone(tx, tenant, phoneHash);
  }

  /** The account key of a store, if it has one of its own. */
  Optional<String> accountOfStore(Tx tx, Tenant tenant, String storeCode);

  /** The name of a store, if it is known. */
  Optional<String> storeName(Tx tx, Tenant tenant, String storeCode);

  /** The names of stores by their codes, without those that are not known. */
  Map<String, String> storeNames(Tx tx, Tenant tenant, Collection<String> storeCodes);

  /**
   * Whether a normalised phone is one of the dealer's own: a store's, a member of staff's, or
   * declared.
   */
  boolean ownPhone(Tx tx, Tenant tenant, String phoneHash);

  /** Those of these phones, by their lookup hashes, that are the dealer's own. */
  Set<String> ownPhones(Tx tx, Tenant tenant, Collection<String> phoneHashes);

  /** Those of these openids, by their lookup hashes, that belong to active staff. */
  Set<String> staffOpenids(Tx tx, Tenant tenant, String account, Collection<String> openidHashes);

  /** Whether an openid belongs to active staff. */
  boolean staffOpenid(Tx tx, Tenant tenant, String account, String openidHash);

  /**
   * A member of staff, and where they work.
   *
   * @param region of their store, if it is known
   */
  record Seat(
      String code,
      Optional<String> role,
      Optional<String> store,
      boolean active,
      Optional<String> region) {}

  /** What is known of whether somebody works for the dealer. */
  enum Works {
    /** They are active. */
    YES,
    /** They were put, and are not active. */
    NO_LONGER,
    /** Others were put, but they were not. */
    UNKNOWN,
    /** The dealer keeps no staff in Laoke, so that any code may be somebody's. */
    NOT_KEPT
  }

  /** Whether somebody works for the dealer. One query by key, a second one if they were not put. */
  Works works(Tx tx, Tenant tenant, String staff);

  /** All staff, active or not, by their codes. One query. */
  List<Seat> seats(Tx tx, Tenant tenant);

  /**
   * The phones of active staff by their codes, as lookup hashes; those who have none are absent.
   */
  Map<String, String> staffPhones(Tx tx, Tenant tenant, Collection<String> staff);

  /**
   * Where an active member of staff can be written to by WeChat.
   *
   * @param openidHash the lookup hash
   */
  record StaffOpenid(String account, String openidHash) {}

  /** How these, if they are active, get digests, by their codes. */
  Map<String, Staff.DigestBy> digestsBy(Tx tx, Tenant tenant, Collection<String> staff);

  /** The openids of active staff by their codes, in the order of accounts. */
  Map<String, List<StaffOpenid>> openidsOf(Tx tx, Tenant tenant, Collection<String> staff);

  /** Those of these openids of an account, by their lookup hashes, that are active staff's. */
  Map<String, String> openidsOfStaff(
      Tx tx, Tenant tenant, String account, Collection<String> openidHashes);

  /** Those of these phones, by their lookup hashes, that are active staff's, as numbers. */
  Map<String, String> phonesOfStaff(Tx tx, Tenant tenant, Collection<String> phoneHashes);
}
