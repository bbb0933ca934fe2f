package io.laoke.member;

import io.laoke.base.Internal;
import io.laoke.base.Phone;
import io.laoke.catalog.CatalogBook;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A buyer as an ERP names one, and what is known by that once what waits is done. */
@Internal
public final class AskedBuyer {
  final Optional<String> number;
  final Optional<String> name;
  final Optional<Phone> phone;
  private final @Nullable InvalidInputException wrong;
  private final Map<IdentityKind, IdentityTable.Row> rows = new HashMap<>();
  private final Map<Long, Boolean> nameless = new HashMap<>();
  private BooleanSupplier ownPhone = () -> false;

  AskedBuyer(Optional<String> number, Optional<String> name, Optional<Phone> phone) {
    this(number, name, phone, null);
  }

  private AskedBuyer(
      Optional<String> number,
      Optional<String> name,
      Optional<Phone> phone,
      @Nullable InvalidInputException wrong) {
    this.number = number;
    this.name = name;
    this.phone = phone;
    this.wrong = wrong;
  }

  /** One whom the ERP names as nobody can be; told once somebody wants to know who it is. */
  static AskedBuyer wrong(InvalidInputException wrong) {
    return new AskedBuyer(Optional.empty(), Optional.empty(), Optional.empty(), wrong);
  }

  void check() {
    if (wrong != null) {
      throw wrong;
    }
  }

  void read(Tx tx, Tenant tenant, IdentityTable identities, CatalogBook catalog) {
    number.ifPresent(no -> read(tx, tenant, identities, StoredMemberBook.numberKey(tenant, no)));
    phone.ifPresent(
        which -> {
          read(tx, tenant, identities, StoredMemberBook.phoneKey(tenant, which));
          ownPhone = catalog.ownPhoneLater(tx, tenant, Keys.hash(tenant, which));
        });
  }

  private void read(Tx tx, Tenant tenant, IdentityTable identities, IdentityTable.Key key) {
    identities.findLater(
        tx,
        tenant,
        key,
        (row, without) -> {
          rows.put(key.kind(), row);
          if (without != null && row.member().isPresent()) {
            nameless.put(row.member().getAsLong(), without);
          }
        });
  }

  Optional<IdentityTable.Row> knownNumber() {
    return Optional.ofNullable(rows.get(IdentityKind.CUSTOMER_NO));
  }

  Optional<IdentityTable.Row> knownPhone() {
    return Optional.ofNullable(rows.get(IdentityKind.PHONE));
  }

  boolean ownPhone() {
    return ownPhone.getAsBoolean();
  }

  /** Whether that member has no name, if it was read. */
  Optional<Boolean> nameless(long member) {
    return Optional.ofNullable(nameless.get(member));
  }
}
