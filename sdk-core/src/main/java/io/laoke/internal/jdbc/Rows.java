package io.laoke.internal.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows of one table and one dealer that are to be written by few statements. */
public final class Rows {
  /** Types of columns, as PostgreSQL calls them and as JDBC does. */
  public enum Type {
    /** A 32-bit number. */
    INT("int4", Types.INTEGER),
    /** A 64-bit number. */
    LONG("int8", Types.BIGINT),
    /** An exact decimal. */
    DECIMAL("numeric", Types.DECIMAL),
    /** Text. */
    TEXT("text", Types.VARCHAR),
    /** True or false. */
    BOOL("bool", Types.BOOLEAN),
    /** A date, given as LocalDate. */
    DATE("date", Types.DATE);

    final String postgresql;
    final int jdbc;

    Type(String postgresql, int jdbc) {
      this.postgresql = postgresql;
      this.jdbc = jdbc;
    }

    /** An array of the type's own class, which PostgreSQL's driver sends without making it text. */
    @Nullable Object[] array(Collection<?> values) {
      int size = values.size();
      @Nullable Object[] all =
          switch (this) {
            case INT -> new @Nullable Integer[size];
            case LONG -> new @Nullable Long[size];
            case TEXT -> new @Nullable String[size];
            case DECIMAL, BOOL, DATE -> new @Nullable Object[size];
          };
      int i = 0;
      for (Object value : values) {
        all[i++] = this == LONG && value instanceof Integer few ? Long.valueOf(few) : value;
      }
      return all;
    }

    /** Sets a parameter to a value of this type. */
    void set(PreparedStatement statement, int at, @Nullable Object value) throws SQLException {
      if (value == null) {
        statement.setNull(at, jdbc);
      } else {
        // Of another type than before the statement would have to be prepared again.
        statement.setObject(
            at, this == LONG && value instanceof Integer few ? (Long) few.longValue() : value);
      }
    }
  }

  record Column(String name, Type type) {}

  private final String table;
  private final int dealerId;
  private final List<Column> columns = new ArrayList<>();
  private final List<@Nullable Object[]> rows = new ArrayList<>();

  private Rows(String table, int dealerId) {
    this.table = table;
    this.dealerId = dealerId;
  }

  /**
   * No rows yet.
   *
   * @param table without braces; its first column is {@code dealer_id}
   */
  public static Rows of(String table, int dealerId) {
    return new Rows(table, dealerId);
  }

  /** With columns of a type, behind those that were named before. */
  public Rows with(Type type, String... names) {
    for (String name : names) {
      columns.add(new Column(name, type));
    }
    return this;
  }

  /** One row more, a value for each column. */
  public void add(@Nullable Object... values) {
    if (values.length != columns.size()) {
      throw new IllegalArgumentException(
          "%d values for %d columns of %s".formatted(values.length, columns.size(), table));
    }
    rows.add(values);
  }

  /** How many there are. */
  public int size() {
    return rows.size();
  }

  String table() {
    return table;
  }

  int dealerId() {
    return dealerId;
  }

  List<Column> columns() {
    return columns;
  }

  List<@Nullable Object[]> rows() {
    return rows;
  }
}
