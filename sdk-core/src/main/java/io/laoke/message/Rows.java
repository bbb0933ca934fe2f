package io.laoke.message;

import io.laoke.internal.jdbc.Dialect;
import io.laoke.internal.jdbc.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * New values for many rows of one dealer: one statement on PostgreSQL, a batch elsewhere. Its text
 * is the same for any number of rows, so that it is planned once.
 */
final class Rows {
  private final Tx tx;
  private final int dealer;
  private final List<Long> ids;
  private final List<Column> columns = new ArrayList<>();

  private record Column(String name, Class<?> type, List<? extends @Nullable Object> values) {}

  Rows(Tx tx, int dealer, List<Long> ids) {
    this.tx = tx;
    this.dealer = dealer;
    this.ids = ids;
  }

  <T> Rows texts(String name, Collection<T> rows, Function<T, @Nullable String> value) {
    return column(name, String.class, rows, value);
  }

  <T> Rows longs(String name, Collection<T> rows, Function<T, @Nullable Long> value) {
    return column(name, Long.class, rows, value);
  }

  private <T> Rows column(
      String name,
      Class<?> type,
      Collection<T> rows,
      Function<T, ? extends @Nullable Object> value) {
    List<@Nullable Object> values = new ArrayList<>(ids.size());
    rows.forEach(row -> values.add(value.apply(row)));
    columns.add(new Column(name, type, values));
    return this;
  }

  /**
   * Writes them. Counts prove nothing.
   *
   * @param same what is set in every row alike, or empty
   */
  void update(String table, String same) {
    String rest = same.isEmpty() ? "" : ", " + same;
    if (tx.dialect() == Dialect.POSTGRESQL) {
      atOnce(table, rest);
    } else {
      oneByOne(table, rest);
    }
  }

  private void atOnce(String table, String rest) {
    String sql =
        "UPDATE %s AS o SET %s%s FROM unnest(:id, %s) AS n(id, %s) WHERE o.dealer_id = :dealer AND o.id = n.id"
            .formatted(
                table,
                each(column -> column.name + " = n." + column.name),
                rest,
                each(column -> ":" + column.name),
                each(Column::name));
    try (Update update = tx.update(sql)) {
      update.bind("dealer", dealer).bindArray("id", Long.class, ids);
      columns.forEach(column -> update.bindArray(column.name, column.type, column.values));
      update.execute();
    }
  }

  private void oneByOne(String table, String rest) {
    String sql =
        "UPDATE %s SET %s%s WHERE dealer_id = :dealer AND id = :id"
            .formatted(table, each(column -> column.name + " = :" + column.name), rest);
    try (PreparedBatch batch = tx.batch(sql)) {
      for (int i = 0; i < ids.size(); i++) {
        batch.bind("dealer", dealer).bind("id", ids.get(i));
        for (Column column : columns) {
          batch.bind(column.name, column.values.get(i));
        }
        batch.add();
      }
      batch.execute();
    }
  }

  private String each(Function<Column, String> text) {
    return columns.stream().map(text).collect(Collectors.joining(", "));
  }
}
