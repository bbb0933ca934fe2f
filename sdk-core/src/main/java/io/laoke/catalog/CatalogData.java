package io.laoke.catalog;

import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/**
 * What the catalogue keeps of people: the dealer's own staff and phones, which are no customers';
 * erasing a customer does not touch them.
 */
final class CatalogData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("category", "path").codes("path", "name"),
        PersonalTable.of("category_code", "code").codes("code", "path"),
        PersonalTable.of("product", "model", "brand").codes("model", "brand", "path"),
        PersonalTable.of("region", "path").codes("path", "name"),
        PersonalTable.of("category_change", "id").codes("kind", "from_path", "to_path", "state"),
        PersonalTable.of("category_look", "change_id", "look_no").codes("place", "code"),
        PersonalTable.of("store", "code").codes("code", "name", "region", "account"),
        PersonalTable.of("staff", "code")
            .sealed("name", "phone")
            .codes("code", "role", "store", "digest_by"),
        PersonalTable.of("staff_openid", "account", "openid_hash")
            .sealed("openid")
            .hashes("openid_hash")
            .codes("account", "staff"),
        PersonalTable.of("own_phone", "phone_hash", "origin", "code")
            .sealed("phone")
            .hashes("phone_hash")
            .codes("origin", "code"));
  }
}
