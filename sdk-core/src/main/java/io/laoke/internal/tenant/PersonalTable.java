package io.laoke.internal.tenant;

import io.laoke.base.Internal;
import io.laoke.internal.jdbc.Dialect;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a table keeps of people: how a person's rows are found, which columns hold personal values,
 * and what erasure does to them. Every column of text of every table of Laoke is declared in one; a
 * test fails for one that is not.
 *
 * <p>Export shows the rows that are found, sealed values opened. Erasure removes them, or puts what
 * each personal column is to hold afterwards. A table whose rows are not found by anything is
 * touched by neither, but its sealed values are still sealed anew when the key changes.
 */
@Internal
public final class PersonalTable {
  /** What a column holds. */
  public enum Holds {
    /** A value sealed by {@link Privacy#seal}. */
    SEALED,
    /** A text sealed piece by piece, as {@code message.Sealed} does. */
    PIECES,
    /** Personal values, or free text that may name them, as they are. */
    OPEN,
    /** A keyed hash; never exported. */
    HASH,
    /** A key, a code, or words of Laoke's own: nothing personal. */
    CODE
  }

  /**
   * A column.
   *
   * @param erased what it holds after erasure; null is NULL
   * @param wiped whether erasure writes it
   */
  public record Column(String name, Holds holds, @Nullable String erased, boolean wiped) {}

  /** By what column a person's rows are found. */
  public record Finder(Person.By by, String column) {}

  private final String name;
  private final List<String> key;
  private final Map<String, Column> columns = new LinkedHashMap<>();
  private final List<Finder> finders = new ArrayList<>();
  private final Map<String, String> derived = new LinkedHashMap<>();
  private @Nullable String other;
  private boolean removed;
  private boolean shownByFeature;

  private PersonalTable(String name, List<String> key) {
    this.name = name;
    this.key = key;
  }

  /**
   * A table.
   *
   * @param name without the prefix
   * @param key the columns of the primary key behind dealer_id
   */
  public static PersonalTable of(String name, String... key) {
    return new PersonalTable(name, List.of(key));
  }

  /** A person's rows have that in this column, which an index leads to. */
  public PersonalTable by(Person.By by, String column) {
    finders.add(new Finder(by, column));
    return this;
  }

  /**
   * Rows have the same id, and that column, in this other table, whose indexes lead to them where
   * the table itself has none.
   */
  public PersonalTable foundIn(String table) {
    other = table;
    return this;
  }

  /**
   * The condition of what a finder finds among {@code <values>}.
   *
   * @param row what it calls the rows, with a dot, or empty
   */
  public String where(Finder finder, Dialect dialect, String row) {
    String condition = finder.column() + " IN (<values>)";
    return other == null ? row + condition : dialect.foundIn(other, row, condition);
  }

  /** Erasure removes the rows. */
  public PersonalTable removed() {
    removed = true;
    return this;
  }

  /** Export shows the rows as {@link PersonalData#export} of the feature gives them. */
  public PersonalTable shownByFeature() {
    shownByFeature = true;
    return this;
  }

  /** Sealed values; NULL after erasure. */
  public PersonalTable sealed(String... names) {
    return add(Holds.SEALED, null, true, names);
  }

  /** Texts sealed piece by piece; empty after erasure. */
  public PersonalTable pieces(String... names) {
    return add(Holds.PIECES, "", true, names);
  }

  /** Texts sealed piece by piece; NULL after erasure. */
  public PersonalTable piecesOrNull(String... names) {
    return add(Holds.PIECES, null, true, names);
  }

  /** Values or free text that may be personal; NULL after erasure. */
  public PersonalTable open(String... names) {
    return add(Holds.OPEN, null, true, names);
  }

  /** The same where NULL is not allowed; empty after erasure. */
  public PersonalTable openText(String... names) {
    return add(Holds.OPEN, "", true, names);
  }

  /** Keyed hashes, which stay. */
  public PersonalTable hashes(String... names) {
    return add(Holds.HASH, null, false, names);
  }

  /** Columns that hold nothing personal, which stay. */
  public PersonalTable codes(String... names) {
    return add(Holds.CODE, null, false, names);
  }

  /** Columns that the feature itself erases. */
  public PersonalTable byHand(String... names) {
    for (String column : names) {
      columns.computeIfPresent(
          column, (same, was) -> new Column(same, was.holds(), was.erased(), false));
    }
    return this;
  }

  /** A declared column that erasure gives a word of Laoke's own. */
  public PersonalTable becomes(String column, String word) {
    columns.computeIfPresent(column, (same, was) -> new Column(same, was.holds(), word, true));
    return this;
  }

  /**
   * Columns whose value export works out, since other tables know it better.
   *
   * @param value an expression about a row {@code t}
   */
  public PersonalTable derived(String value, String... names) {
    for (String column : names) {
      derived.put(column, value.formatted(column));
    }
    return this;
  }

  private PersonalTable add(Holds holds, @Nullable String erased, boolean wiped, String... names) {
    for (String column : names) {
      columns.put(column, new Column(column, holds, erased, wiped));
    }
    return this;
  }

  /** Without the prefix. */
  public String name() {
    return name;
  }

  /** The columns of the primary key behind dealer_id. */
  public List<String> key() {
    return key;
  }

  /** By what a person's rows are found. */
  public List<Finder> finders() {
    return Collections.unmodifiableList(finders);
  }

  /** The values that export works out, by column: expressions about a row {@code t}. */
  public Map<String, String> derived() {
    return Collections.unmodifiableMap(derived);
  }

  /** Declared columns by name. */
  public Map<String, Column> columns() {
    return Collections.unmodifiableMap(columns);
  }

  /** Whether erasure removes the rows. */
  public boolean isRemoved() {
    return removed;
  }

  /** Whether the feature itself gives what export shows of them. */
  public boolean isShownByFeature() {
    return shownByFeature;
  }

  /** Columns of that kind. */
  public List<Column> columns(Holds holds) {
    return columns.values().stream().filter(column -> column.holds() == holds).toList();
  }
}
