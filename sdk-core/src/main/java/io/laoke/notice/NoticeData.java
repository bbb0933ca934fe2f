package io.laoke.notice;

import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/** Templates hold the dealer's words and placeholders; agreements go with who has given them. */
final class NoticeData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("template", "account", "stage").codes("account", "stage", "content"),
        PersonalTable.of("subscription_grant", "id")
            .by(Person.By.RECIPIENT, "recipient")
            .hashes("recipient", "asked")
            .codes("account", "template_id")
            .removed());
  }
}
