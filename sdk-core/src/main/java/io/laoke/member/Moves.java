package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.util.Collection;
import org.jdbi.v3.core.statement.PreparedBatch;

/** Rows of one locked member that become those of another, found by their ids. */
final class Moves {
  private Moves() {}

  static void move(Tx tx, Tenant tenant, String table, Collection<Long> ids, long to) {
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedBatch batch =
        tx.batch(
            "UPDATE {%s} SET member_id = :to WHERE dealer_id = :dealer AND id = :id"
                .formatted(table))) {
      ids.stream()
          .sorted()
          .forEach(id -> batch.bind("to", to).bind("dealer", tenant.id()).bind("id", id).add());
      batch.execute();
    }
  }
}
