package io.laoke.imports;

import io.laoke.catalog.Keys;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Tenant;
import java.util.List;

/** What imports keep of people: the facts that they have refused, by their keys. */
final class ImportData implements PersonalData {
  private static final int AT_ONCE = 500;

  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("import_run", "name").codes("name", "state", "holder", "counts"),
        PersonalTable.of("import_refusal", "run_id", "refusal_no")
            .by(Person.By.CUSTOMER_NO, "fact_hash")
            .removed()
            .sealed("fact_key")
            .hashes("fact_hash")
            .open("origin", "fact_value", "reason")
            .codes("kind", "field"));
  }

  /** What a refused fact is found by: a member's is the lookup hash of the customer number. */
  static String hash(Tenant tenant, Kind kind, String key) {
    return switch (kind) {
      case MEMBER -> Keys.customerNo(tenant, key);
      case RETURN -> tenant.privacy().hash("refused return", key);
      default -> tenant.privacy().hash("refused order", key);
    };
  }

  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    List<String> hashes =
        person.texts(Person.By.ORDER_NO).stream()
            .map(orderNo -> hash(tenant, Kind.ORDER, orderNo))
            .toList();
    for (int from = 0; from < hashes.size(); from += AT_ONCE) {
      tx.update(
              """
              DELETE FROM {import_refusal}
              WHERE dealer_id = :dealer AND fact_hash IN (<hashes>)\
              """)
          .bind("dealer", tenant.id())
          .bindList("hashes", hashes.subList(from, Math.min(hashes.size(), from + AT_ONCE)))
          .execute();
    }
  }
}
