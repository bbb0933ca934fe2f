package io.laoke.member;

import io.laoke.catalog.Races;
import io.laoke.error.LaokeException;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.json.Json;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.PersonalTable.Column;
import io.laoke.internal.tenant.PersonalTable.Finder;
import io.laoke.internal.tenant.PersonalTable.Holds;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.Sealed;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds a person in all tables of all features. */
final class People {
  private static final int EXPORT_VERSION = 1;

  /** Facts from outside, and tries to claim: others hold these when they come to an order. */
  private static final List<String> BEFORE_ORDERS = List.of("callback_inbox", "claim_try");

  /** What others were told of the person's orders is in facts of theirs. */
  private static final Finder TOLD = new Finder(Person.By.TOLD, "recipient");

  private final Json json;
  private final List<PersonalData> data = new CopyOnWriteArrayList<>();

  People(Json json) {
    this.json = json;
  }

  void add(PersonalData feature) {
    data.add(feature);
  }

  /** By what the rows of these members are found. */
  Person find(Tx tx, Tenant tenant, Collection<Long> members) {
    Person person = new Person().addAll(Person.By.MEMBER, members);
    data.forEach(feature -> feature.find(tx, tenant, person, false));
    return person;
  }

  /**
   * The same, and all locked that an erasure changes and others lock, too, in the order in which
   * they do: running imports, what others hold when they come to an order, notes and orders by id,
   * members by id and their identities, messages by id. What is to be locked is looked for first,
   * without locks; whatever comes meanwhile lets the transaction be repeated.
   */
  Person lock(Tx tx, Tenant tenant, Collection<Long> members) {
    data.forEach(feature -> feature.lockFirst(tx, tenant));
    Person foreseen = new Person().addAll(Person.By.MEMBER, members);
    data.forEach(feature -> feature.foresee(tx, tenant, foreseen));
    List<PersonRows> first = BEFORE_ORDERS.stream().flatMap(name -> rows(name).stream()).toList();
    for (PersonRows rows : first) {
      rows.lock(tx, tenant, foreseen, rows.isOf("callback_inbox") ? List.of(TOLD) : List.of());
    }
    Person person = new Person(foreseen).addAll(Person.By.MEMBER, members);
    data.forEach(feature -> feature.find(tx, tenant, person, true));
    for (Person.By by : List.of(Person.By.RECIPIENT, Person.By.TOLD)) {
      if (!foreseen.all(by).containsAll(person.all(by))) {
        throw Races.lost("erasure");
      }
    }
    first.forEach(rows -> rows.lockMore(tx, tenant, person));
    rows("outbox").ifPresent(rows -> rows.lock(tx, tenant, person, List.of()));
    return person;
  }

  private Optional<PersonRows> rows(String name) {
    return found().stream()
        .filter(table -> table.name().equals(name))
        .findFirst()
        .map(PersonRows::new);
  }

  private List<PersonalTable> found() {
    return data.stream()
        .flatMap(feature -> feature.tables().stream())
        .filter(table -> !table.finders().isEmpty())
        .toList();
  }

  // ---- erasure

  void erase(Tx tx, Tenant tenant, Person person) {
    data.forEach(feature -> feature.erase(tx, tenant, person));
    for (PersonalTable table : found()) {
      String change = change(table);
      if (!change.isEmpty()) {
        new PersonRows(table).change(tx, tenant, person, change);
      }
    }
  }

  void eraseAgain(Tx tx, Tenant tenant) {
    data.forEach(feature -> feature.eraseAgain(tx, tenant));
  }

  private static String change(PersonalTable table) {
    if (table.isRemoved()) {
      return "DELETE FROM {" + table.name() + "}";
    }
    String columns =
        table.columns().values().stream()
            .filter(Column::wiped)
            .map(
                column ->
                    column.name()
                        + (column.erased() == null ? " = NULL" : " = '" + column.erased() + "'"))
            .collect(Collectors.joining(", "));
    return columns.isEmpty() ? "" : "UPDATE {" + table.name() + "} SET " + columns;
  }

  // ---- export

  String export(Tx tx, Tenant tenant, long member, Person person, Instant now) {
    Map<String, @Nullable Object> all = new LinkedHashMap<>();
    Map<String, Set<Map<String, @Nullable Object>>> tables = new TreeMap<>();
    List<String> unreadable = new ArrayList<>();
    for (PersonalTable table : found()) {
      if (table.isShownByFeature()) {
        continue;
      }
      Set<Map<String, @Nullable Object>> rows = new LinkedHashSet<>();
      for (Finder finder : table.finders()) {
        for (List<Object> some : person.chunks(finder.by())) {
          tx.query(
                  "SELECT t.*"
                      + derived(table)
                      + " FROM {"
                      + table.name()
                      + "} t WHERE t.dealer_id = :dealer AND "
                      + table.where(finder, tx.dialect(), "t."))
              .bind("dealer", tenant.id())
              .bindList("values", some)
              .map((row, context) -> row(tenant, table, row, unreadable))
              .forEach(rows::add);
        }
      }
      tables.put(table.name(), rows);
    }
    for (PersonalData feature : data) {
      feature
          .export(tx, tenant, person)
          .forEach(
              (table, rows) ->
                  tables.computeIfAbsent(table, any -> new LinkedHashSet<>()).addAll(rows));
    }
    tables.values().removeIf(Set::isEmpty);
    all.put("version", EXPORT_VERSION);
    all.put("dealer", tenant.code());
    all.put("member", Long.toString(member));
    all.put("at", now.toEpochMilli());
    all.put("tables", tables);
    all.put("unreadable", unreadable.stream().distinct().sorted().toList());
    return json.write(all);
  }

  /** Behind all columns, of which these take the place of their namesakes. */
  private static String derived(PersonalTable table) {
    StringBuilder more = new StringBuilder();
    table
        .derived()
        .forEach((column, value) -> more.append(", ").append(value).append(" AS ").append(column));
    return more.toString();
  }

  private Map<String, @Nullable Object> row(
      Tenant tenant, PersonalTable table, ResultSet row, List<String> unreadable)
      throws SQLException {
    ResultSetMetaData about = row.getMetaData();
    Map<String, @Nullable Object> shown = new TreeMap<>();
    for (int i = 1; i <= about.getColumnCount(); i++) {
      String name = about.getColumnLabel(i).toLowerCase(Locale.ROOT);
      Column column = table.columns().get(name);
      if (name.equals("dealer_id") || (column != null && column.holds() == Holds.HASH)) {
        continue;
      }
      try {
        shown.put(
            name,
            column != null
                ? text(tenant, column, row, i)
                : isId(name) ? row.getString(i) : number(row.getObject(i)));
      } catch (LaokeException closed) {
        shown.put(name, null);
        unreadable.add(table.name() + "." + name);
      }
    }
    return shown;
  }

  private @Nullable String text(Tenant tenant, Column column, ResultSet row, int index)
      throws SQLException {
    String stored = row.getString(index);
    if (stored == null || stored.isEmpty()) {
      return stored;
    }
    return switch (column.holds()) {
      case SEALED -> tenant.privacy().open(stored);
      case PIECES -> Sealed.open(json, tenant.privacy(), stored);
      default -> stored;
    };
  }

  /** Text whatever their size, so that a reader need not expect two kinds. */
  private static boolean isId(String column) {
    return column.equals("id") || column.endsWith("_id");
  }

  /** Numbers that JavaScript would round are text. */
  private static @Nullable Object number(@Nullable Object value) {
    if (value == null || value instanceof Boolean || value instanceof Integer) {
      return value;
    }
    if (value instanceof Long number && Math.abs(number) < (1L << 53)) {
      return number;
    }
    return String.valueOf(value);
  }
}
