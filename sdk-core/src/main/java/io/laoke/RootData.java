package io.laoke;

import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import java.util.List;

/** The tables of no feature: dealers and what the engine itself keeps. Nothing of customers. */
final class RootData implements PersonalData {
  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("dealer", "id").sealed("hash_key").codes("code", "zone", "settings"),
        PersonalTable.of("node", "node_no").codes("holder"),
        PersonalTable.of("schema_version", "version", "step").codes("checksum", "holder"));
  }
}
