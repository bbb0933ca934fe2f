package io.laoke.catalog;

import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One dealer's categories, stores, staff and own phones, put by the ERP. Every {@code put} may be
 * repeated: the same content changes no row. Safe for use by many threads; joins the host's
 * transaction where there is one.
 */
public interface Catalog {
  /**
   * Puts a category, and its missing ancestors under the names of their codes. Codes are added,
   * none is taken away; without a mark for service the recorded one stays. Lines that are reported
   * later under one of the codes stand in this category; those that were reported before follow in
   * the background, see {@link #changes}. A path that was moved stands for where it is now.
   *
   * @throws io.laoke.error.ConflictException if one of the codes, or the path, already names
   *     another category
   */
  Upserted put(Category category);

  /** As {@link #put(Category)} with a path of the ERP's codes and a name alone. */
  default Upserted put(String path, String name) {
    return put(Category.of(path, name));
  }

  /**
   * Moves a category with all below it to another path, which may be there already: then the two
   * become one, under the name and mark for service of the one that was there. The old paths stay
   * as codes of the new ones, so that what the ERP sends under them lands in the new place;
   * products that led there lead to the new place, too. Recorded lines follow in the background,
   * see {@link #changes}; look at {@link #plan} first. Units of lines that come into a serviced
   * category so get no rows of their own. Repeating a move changes nothing.
   *
   * @throws io.laoke.error.NotFoundException if there is no category of that path
   * @throws io.laoke.error.InvalidInputException if the new path is below the old one, or of more
   *     levels or characters than a path may have, for it or for one below it
   * @throws io.laoke.error.ConflictException if the new path is a code of another category
   */
  ChangeProgress move(String fromPath, String toPath);

  /**
   * Says to which categories goods belong whose category code is mapped to none; a mapped code
   * wins. Of a product that leads elsewhere already this changes where. Recorded lines follow in
   * the background, see {@link #changes}. All or nothing; a few statements whatever their number.
   *
   * @param products at most 10,000
   * @return how many are new or lead elsewhere now
   * @throws io.laoke.error.NotFoundException if there is no such category
   */
  int mapProducts(Collection<Product> products);

  /**
   * The same for a model of any brand.
   *
   * @return whether it is new or leads elsewhere now
   */
  boolean mapProduct(String model, String path);

  /**
   * Takes back that a model, or one of a brand, leads to a category. Recorded lines follow.
   *
   * @return whether it did
   */
  boolean unmapProduct(String model, Optional<String> brand);

  /**
   * Products by model and brand.
   *
   * @param after the last of the page before, null for the first
   * @param limit 1 to 1,000
   */
  List<Product> products(@Nullable Product after, int limit);

  /**
   * The goods of recorded orders that stand under {@code ?}, by code, model and brand.
   *
   * @param after the last of the page before, null for the first
   * @param limit 1 to 1,000
   */
  List<UnmappedGoods> unmapped(@Nullable UnmappedGoods after, int limit);

  /**
   * What a change would move, without making it. Reads each line that would move; members and
   * orders are counted once, whatever moves of them.
   *
   * @throws io.laoke.error.LaokeException what the change itself would throw
   */
  ChangePlan plan(CatalogChange change);

  /**
   * Changes that recorded lines follow or have followed, newest first.
   *
   * @param beforeId only those before it; 0 for the newest
   * @param limit 1 to 1,000
   */
  List<ChangeProgress> changes(long beforeId, int limit);

  /** How far a change is. */
  Optional<ChangeProgress> change(long id);

  /** Puts a region, and those above it that are missing under the names of their levels. */
  Upserted putRegion(String path, String name);

  /** The region of that path. */
  Optional<Region> region(String path);

  /** All regions, those above before what is below them. */
  List<Region> regions();

  /**
   * Marks a category, and what is below it and not marked itself, as serviced or not.
   *
   * @return whether this changed the mark
   * @throws io.laoke.error.NotFoundException if the category was never put
   */
  boolean markServiceable(String path, boolean serviceable);

  /**
   * Where a path is now: where it was moved to, alone or with what is above it, over any number of
   * moves; the path itself if it never was, whether or not there is a category.
   */
  String currentPath(String path);

  /** The category of that path, as it was put. */
  Optional<Category> category(String path);

  /** All categories, ancestors before what is below them. */
  List<Category> categories();

  /** Puts a store. Its phones become exactly those given. */
  Upserted put(Store store);

  /** The store of that code. */
  Optional<Store> store(String code);

  /** All stores, by code. */
  List<Store> stores();

  /** Puts a member of staff. */
  Upserted put(Staff staff);

  /** The member of staff of that code, active or gone. */
  Optional<Staff> staff(String code);

  /** All staff, by code, active and gone. */
  List<Staff> staff();

  /**
   * Says that an openid is that of a member of staff; one that was somebody else's becomes theirs.
   * They may have several.
   *
   * @param account key of the account to which the openid belongs
   * @return whether this was new
   * @throws io.laoke.error.NotFoundException if no such member of staff was put
   */
  boolean linkStaff(String code, String account, String openid);

  /**
   * Takes an openid from a member of staff.
   *
   * @return whether it was theirs
   */
  boolean unlinkStaff(String code, String account, String openid);

  /**
   * Declares a number as the shop's own, so that it never identifies a customer. Those of stores
   * and active staff are so without this call. Members that it identified before keep it.
   *
   * @return whether this was new
   * @throws io.laoke.error.InvalidInputException if it is no phone number
   */
  boolean ownPhone(String phone);

  /**
   * Takes back what {@link #ownPhone} declared.
   *
   * @return whether it was declared
   */
  boolean releaseOwnPhone(String phone);

  /** The numbers that {@link #ownPhone} declared; without those of stores and staff. */
  List<Phone> ownPhones();
}
