package io.laoke.sms;

import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/** That a number is not to be written to outlives its owner's erasure; what they wrote does not. */
final class SmsData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("sms_template", "template_key").codes("template_key", "content"),
        PersonalTable.of("sms_opt_out", "phone_hash")
            .by(Person.By.RECIPIENT, "phone_hash")
            .sealed("words")
            .hashes("phone_hash")
            .codes("source", "account", "signature"));
  }
}
