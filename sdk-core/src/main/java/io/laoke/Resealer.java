package io.laoke;

import io.laoke.error.SealedException;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.PersonalTable.Column;
import io.laoke.internal.tenant.PersonalTable.Holds;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Sealed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * Seals anew what stands under older keys, some rows in each transaction. It goes by the primary
 * keys; a value that changed meanwhile is let alone, since whoever wrote it sealed it by the
 * current key. Started again, it passes over what is done.
 */
final class Resealer {
  private static final int PAGE = 500;

  private final Database database;
  private final Json json;
  private final List<PersonalData> features;
  private final Consumer<ResealReport> progress;
  private final Map<String, Long> unreadable = new TreeMap<>();
  private long checked;
  private long resealed;

  Resealer(
      Database database, Json json, List<PersonalData> features, Consumer<ResealReport> progress) {
    this.database = database;
    this.json = json;
    this.features = features;
    this.progress = progress;
  }

  ResealReport report() {
    return new ResealReport(checked, resealed, unreadable);
  }

  void dealer(Tenant tenant) {
    for (PersonalData feature : features) {
      for (PersonalTable table : feature.tables()) {
        if (!sealed(table).isEmpty()) {
          table(tenant, table);
        }
      }
    }
  }

  private static List<Column> sealed(PersonalTable table) {
    List<Column> sealed = new ArrayList<>(table.columns(Holds.SEALED));
    sealed.addAll(table.columns(Holds.PIECES));
    return sealed;
  }

  private record Row(List<Object> key, Map<String, String> values) {}

  private void table(Tenant tenant, PersonalTable table) {
    List<Object> after = List.of();
    while (true) {
      List<Object> from = after;
      Page page =
          database.own(
              "seal values of table " + table.name() + " anew",
              tx -> page(tx, tenant, table, from));
      checked += page.checked;
      resealed += page.resealed;
      page.unreadable.forEach((column, count) -> unreadable.merge(column, count, Long::sum));
      if (page.last == null) {
        return;
      }
      after = page.last;
      progress.accept(report());
    }
  }

  private record Page(
      @Nullable List<Object> last, long checked, long resealed, Map<String, Long> unreadable) {}

  private Page page(Tx tx, Tenant tenant, PersonalTable table, List<Object> after) {
    List<Row> rows = rows(tx, tenant, table, after);
    long seen = 0;
    long written = 0;
    Map<String, Long> closed = new HashMap<>();
    for (Column column : sealed(table)) {
      PreparedBatch batch = tx.batch(update(table, column));
      int changed = 0;
      for (Row row : rows) {
        String stored = row.values.get(column.name());
        if (stored == null || stored.isEmpty()) {
          continue;
        }
        seen++;
        try {
          String anew = anew(tenant, column, stored);
          if (anew != null) {
            bound(batch, tenant, table, row)
                .bind("new_value", anew)
                .bind("old_value", stored)
                .add();
            changed++;
          }
        } catch (SealedException stays) {
          closed.merge(table.name() + "." + column.name(), 1L, Long::sum);
        }
      }
      if (changed > 0) {
        batch.execute();
        written += changed;
      }
    }
    return new Page(rows.isEmpty() ? null : rows.get(rows.size() - 1).key, seen, written, closed);
  }

  /** The value sealed by the current key; null if it is so already. */
  private @Nullable String anew(Tenant tenant, Column column, String stored) {
    if (column.holds() == Holds.SEALED) {
      return tenant.privacy().current(stored)
          ? null
          : tenant.privacy().seal(tenant.privacy().open(stored));
    }
    if (stored.startsWith("{")) {
      return Sealed.seal(json, tenant.privacy(), stored); // from before it was sealed
    }
    return Sealed.current(json, tenant.privacy(), stored)
        ? null
        : Sealed.seal(json, tenant.privacy(), Sealed.open(json, tenant.privacy(), stored));
  }

  /** The next rows by the primary key, each query a range of it. */
  private static List<Row> rows(Tx tx, Tenant tenant, PersonalTable table, List<Object> after) {
    List<Row> rows = new ArrayList<>();
    List<String> key = table.key();
    String dealer = dealer(table);
    for (int level = after.isEmpty() ? 0 : key.size(); level >= 0 && rows.size() < PAGE; level--) {
      if (!after.isEmpty() && level == 0) {
        break;
      }
      StringBuilder where = new StringBuilder(dealer + " = :dealer");
      for (int i = 0; i < level - 1; i++) {
        where.append(" AND ").append(key.get(i)).append(" = :k").append(i);
      }
      if (level > 0) {
        where.append(" AND ").append(key.get(level - 1)).append(" > :k").append(level - 1);
      }
      Query query =
          tx.query(
                  "SELECT %s FROM {%s} WHERE %s ORDER BY %s LIMIT %d"
                      .formatted(
                          columns(table),
                          table.name(),
                          where,
                          String.join(", ", key),
                          PAGE - rows.size()))
              .bind("dealer", tenant.id());
      for (int i = 0; i < level; i++) {
        query.bind("k" + i, after.get(i));
      }
      query
          .map(
              (row, context) -> {
                List<Object> at = new ArrayList<>();
                for (String column : key) {
                  at.add(row.getObject(column));
                }
                Map<String, String> values = new HashMap<>();
                for (Column column : sealed(table)) {
                  String value = row.getString(column.name());
                  if (value != null) {
                    values.put(column.name(), value);
                  }
                }
                return new Row(at, values);
              })
          .forEach(rows::add);
    }
    return rows;
  }

  private static String columns(PersonalTable table) {
    List<String> columns = new ArrayList<>(table.key());
    sealed(table).forEach(column -> columns.add(column.name()));
    return String.join(", ", columns);
  }

  /** Table dealer has no other key than the dealer's. */
  private static String dealer(PersonalTable table) {
    return table.name().equals("dealer") ? "id" : "dealer_id";
  }

  private static String update(PersonalTable table, Column column) {
    StringBuilder sql =
        new StringBuilder(
            "UPDATE {%s} SET %s = :new_value WHERE %s = :dealer"
                .formatted(table.name(), column.name(), dealer(table)));
    for (int i = 0; i < table.key().size(); i++) {
      sql.append(" AND ").append(table.key().get(i)).append(" = :k").append(i);
    }
    return sql.append(" AND ").append(column.name()).append(" = :old_value").toString();
  }

  private static PreparedBatch bound(
      PreparedBatch batch, Tenant tenant, PersonalTable table, Row row) {
    batch.bind("dealer", tenant.id());
    for (int i = 0; i < table.key().size(); i++) {
      batch.bind("k" + i, row.key.get(i));
    }
    return batch;
  }
}
