package io.laoke.push;

import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/** What contents keep of people: nothing. What is sent to all is the dealer's own text. */
final class ContentData implements PersonalData {
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
            .codes("account", "batch_key", "hash", "state", "media_id"));
  }
}
