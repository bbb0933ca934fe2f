package io.laoke.segment;

import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/**
 * What segments keep of people: that a member was in an audience, under an id which is a pseudonym
 * once the person was erased. What a segment asks is the dealer's own text.
 */
final class SegmentData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("segment", "segment_key")
            .codes("segment_key", "name", "body", "hash", "saved_by"),
        PersonalTable.of("segment_version", "segment_key", "version")
            .codes("segment_key", "name", "body", "hash", "saved_by"),
        PersonalTable.of("audience", "id").codes("name", "body", "hash", "frozen_by"),
        PersonalTable.of("audience_member", "audience_id", "member_id"));
  }
}
