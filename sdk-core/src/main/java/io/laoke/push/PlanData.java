package io.laoke.push;

import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/**
 * What plans keep of people: what was decided about a member, under an id which is a pseudonym once
 * the person was erased, and how many messages an openid got, by its keyed hash, so that one who is
 * erased and follows again does not get a fifth.
 */
final class PlanData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("plan", "plan_key")
            .codes("plan_key", "body", "hash", "state", "changed_by", "submitted_by", "pins")
            .hashes("turn_token"),
        PersonalTable.of("plan_event", "plan_id", "id").codes("hash", "action", "actor", "note"),
        PersonalTable.of("plan_member", "plan_id", "member_id")
            .codes("result", "reason")
            .hashes("openid_hash"),
        PersonalTable.of("plan_batch", "id")
            .codes("account", "prepared", "payload", "state", "reason"),
        PersonalTable.of("push_quota", "account", "month_no", "openid_hash")
            .codes("account")
            .hashes("openid_hash"),
        PersonalTable.of("push_console", "id").codes("account", "noted_by", "note"));
  }
}
