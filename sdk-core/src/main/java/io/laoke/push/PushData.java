package io.laoke.push;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Retained;
import io.laoke.internal.tenant.Tenant;
import java.util.List;

/**
 * What contents and plans keep of people: of contents nothing, as what is sent to all is the
 * dealer's own text; of plans what was decided about a member, under an id which is a pseudonym
 * once the person was erased, and how many messages an openid got, by its keyed hash, so that one
 * who is erased and follows again does not get a fifth.
 */
final class PushData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("content", "content_key")
            .codes("content_key", "name", "body", "hash", "saved_by"),
        PersonalTable.of("content_version", "content_key", "version")
            .codes("content_key", "name", "body", "hash", "saved_by"),
        PersonalTable.of("content_file", "sha256").codes("sha256", "name", "file_type"),
        PersonalTable.of("content_file_part", "sha256", "part").codes("sha256"),
        PersonalTable.of("content_upload", "account", "kind", "upload_key")
            .codes("account", "kind", "upload_key", "ref"),
        PersonalTable.of("content_draft", "id")
            .codes("account", "batch_key", "hash", "state", "media_id"),
        PersonalTable.of("plan", "plan_key")
            .codes("plan_key", "body", "hash", "state", "changed_by", "submitted_by", "pins")
            .hashes("turn_token"),
        PersonalTable.of("plan_event", "plan_id", "id").codes("hash", "action", "actor", "note"),
        PersonalTable.of("plan_member", "plan_id", "member_id")
            .codes("result", "reason")
            .hashes("openid_hash"),
        PersonalTable.of("plan_batch", "id")
            .codes(
                "account",
                "prepared",
                "payload",
                "purpose",
                "state",
                "reason",
                "provider_id",
                "job_end"),
        PersonalTable.of("plan_report", "id").codes("account", "provider_id", "words"),
        PersonalTable.of("push_quota", "account", "month_no", "openid_hash")
            .codes("account")
            .hashes("openid_hash"),
        PersonalTable.of("push_console", "id").codes("account", "noted_by", "note"));
  }

  /** Job reports are kept for as long as what was decided about sending. */
  @Override
  public int expire(Tx tx, Tenant tenant, Retained kind, long beforeMs, int limit) {
    return kind == Retained.DECISIONS ? ReportTable.expire(tx, tenant, beforeMs, limit) : 0;
  }
}
