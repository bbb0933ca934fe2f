package io.laoke.notice;

import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/** Templates hold the dealer's words and placeholders, nothing of people. */
final class NoticeData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("template", "account", "stage").codes("account", "stage", "content"));
  }
}
