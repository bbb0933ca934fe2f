package io.laoke.catalog;

import io.laoke.base.Phone;
import io.laoke.base.Upserted;
import java.util.List;
import java.util.Optional;

/**
 * One dealer's categories, stores, staff and own phones, put by the ERP. Every {@code put} may be
 * repeated: the same content changes no row. Safe for use by many threads; joins the host's
 * transaction where there is one.
 */
public interface Catalog {
  /**
   * Puts a category, and its missing ancestors under the names of their codes. Codes are added,
   * none is taken away; without a mark for service the recorded one stays. Lines that are reported
   * later under one of the codes stand in this category; those that were reported before move here
   * when their order is next written, or is recounted ({@code orders().recountAll}).
   *
   * @throws io.laoke.error.ConflictException if one of the codes, or the path, already names
   *     another category
   */
  Upserted put(Category category);

  /**
   * Marks a category, and what is below it and not marked itself, as serviced or not.
   *
   * @return whether this changed the mark
   * @throws io.laoke.error.NotFoundException if the category was never put
   */
  boolean markServiceable(String path, boolean serviceable);

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
