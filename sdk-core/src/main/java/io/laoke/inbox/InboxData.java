package io.laoke.inbox;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Tenant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What table inbox keeps of people: the facts that are not applied, as the program that inserted
 * them wrote them. They are found by what they say, not by a column.
 */
final class InboxData implements PersonalData {
  private final InboxModule inbox;

  InboxData(InboxModule inbox) {
    this.inbox = inbox;
  }

  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("inbox", "id")
            .open("ref", "fact", "reason", "reason_field")
            .codes("dealer", "kind", "state", "reason_code"),
        PersonalTable.of("inbox_turn").codes("token"));
  }

  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    inbox.erase(
        tx,
        tenant,
        person.texts(Person.By.CUSTOMER_VALUE),
        person.texts(Person.By.ORDER_NO),
        person.texts(Person.By.VALUE));
  }

  @Override
  public void eraseAgain(Tx tx, Tenant tenant) {
    inbox.eraseAgain(tx, tenant);
  }

  @Override
  public Map<String, List<Map<String, @Nullable Object>>> export(
      Tx tx, Tenant tenant, Person person) {
    Mentioned theirs =
        new Mentioned(
            inbox.reader(),
            person.texts(Person.By.CUSTOMER_VALUE),
            person.texts(Person.By.ORDER_NO),
            person.texts(Person.By.VALUE));
    return Map.of("inbox", inbox.export(tx, tenant, theirs));
  }
}
