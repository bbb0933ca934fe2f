package io.laoke.member;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.FieldBook.EventFields;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/** Table {@code event}. */
final class EventTable {
  /** Of numbers, words and texts; {@code FieldBook.EventFields} says what stands where. */
  private static final List<String> PLACES =
      Stream.of("n", "w", "t").flatMap(EventTable::places).toList();

  private static final String COLUMNS =
      "SELECT id, member_id, type, event_no, number_hash, at_ms, amount_fen, recorded_ms, %s FROM {event} WHERE dealer_id = :dealer"
          .formatted(String.join(", ", PLACES));

  private static Stream<String> places(String letter) {
    return numbered(place -> letter + place);
  }

  private static Stream<String> numbered(IntFunction<String> name) {
    return IntStream.rangeClosed(1, EventType.MOST_PROPERTIES).mapToObj(name);
  }

  /** The columns of keyed hashes and codes. */
  static String[] words() {
    return places("w").toArray(String[]::new);
  }

  /** The columns of sealed texts. */
  static String[] texts() {
    return places("t").toArray(String[]::new);
  }

  /**
   * A row.
   *
   * @param numberHash the lookup hash of the customer number that it was told of, if one was
   * @param values what stands at the places, as it is stored
   */
  record Row(
      long id,
      long member,
      String type,
      String eventNo,
      @Nullable String numberHash,
      long at,
      @Nullable Long amount,
      long recorded,
      Map<String, Object> values) {
    Row of(long newId, long newMember, long newlyRecorded) {
      return new Row(
          newId, newMember, type, eventNo, numberHash, at, amount, newlyRecorded, values);
    }
  }

  /** An event as it is to be stored; whose it is, is told later. */
  static Row row(
      Tenant tenant, Event event, EventFields fields, @Nullable String numberHash, Instant now) {
    Map<String, Object> values = new HashMap<>();
    event
        .properties()
        .forEach(
            (name, value) -> {
              int place = fields.places().getOrDefault(name, 0);
              if (value instanceof Attribute.Text text) {
                values.put("t" + place, String.valueOf(tenant.privacy().seal(text.value())));
                values.put("w" + place, tenant.privacy().hash("attribute", text.value()));
              } else if (value instanceof Attribute.Code code) {
                values.put("w" + place, code.value());
              } else {
                values.put("n" + place, number(value));
              }
            });
    return new Row(
        0,
        0,
        event.type(),
        event.id(),
        numberHash,
        event.at().toEpochMilli(),
        event.amountFen().isPresent() ? event.amountFen().getAsLong() : null,
        now.toEpochMilli(),
        values);
  }

  private static long number(Attribute value) {
    if (value instanceof Attribute.Numeric number) {
      return number.value().longValueExact();
    }
    if (value instanceof Attribute.Flag flag) {
      return flag.value() ? 1 : 0;
    }
    if (value instanceof Attribute.Day day) {
      LocalDate date = day.value();
      return date.getYear() * 10_000L + date.getMonthValue() * 100L + date.getDayOfMonth();
    }
    if (value instanceof Attribute.Moment moment) {
      return moment.value().toEpochMilli();
    }
    throw new IllegalStateException("an attribute of an unknown kind");
  }

  /** A stored event; what is not declared any more is left out. */
  static RecordedEvent event(Tenant tenant, Row row, EventFields fields) {
    Map<String, Attribute> properties = new TreeMap<>();
    for (AttributeType property : fields.type().properties()) {
      value(tenant, row, property, fields.places().getOrDefault(property.name(), 0))
          .ifPresent(value -> properties.put(property.name(), value));
    }
    return new RecordedEvent(
        row.member(),
        new Event(
            row.type(),
            row.eventNo(),
            Instant.ofEpochMilli(row.at()),
            properties,
            row.amount() == null ? OptionalLong.empty() : OptionalLong.of(row.amount())),
        Instant.ofEpochMilli(row.recorded()));
  }

  static Optional<Attribute> value(Tenant tenant, Row row, AttributeType property, int place) {
    return switch (property.type()) {
      case TEXT ->
          Optional.ofNullable(tenant.privacy().open((String) row.values().get("t" + place)))
              .map(Attribute.Text::new);
      case CODE ->
          Optional.ofNullable((String) row.values().get("w" + place)).map(Attribute.Code::new);
      case INTEGER, MONEY -> number(row, place).map(Attribute::of);
      case FLAG -> number(row, place).map(number -> new Attribute.Flag(number != 0));
      case DATE ->
          number(row, place)
              .map(Math::toIntExact)
              .map(day -> LocalDate.of(day / 10_000, day / 100 % 100, day % 100))
              .map(Attribute.Day::new);
      case INSTANT -> number(row, place).map(Instant::ofEpochMilli).map(Attribute.Moment::new);
    };
  }

  private static Optional<Long> number(Row row, int place) {
    return Optional.ofNullable((Long) row.values().get("n" + place));
  }

  boolean insert(Tx tx, Tenant tenant, Row row) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {event} (dealer_id, id, member_id, type, event_no, number_hash, at_ms,
          amount_fen, recorded_ms, %s)
        VALUES (:dealer, :id, :member, :type, :no, :hash, :at, :amount, :now, %s)"""
            .formatted(
                String.join(", ", PLACES),
                PLACES.stream().map(place -> ":" + place).collect(Collectors.joining(", "))),
        insert ->
            values(insert, row)
                .bind("dealer", tenant.id())
                .bind("id", row.id())
                .bind("member", row.member())
                .bind("type", row.type())
                .bind("no", row.eventNo())
                .bind("hash", row.numberHash())
                .bind("now", row.recorded()));
  }

  void update(Tx tx, Tenant tenant, Row row) {
    values(
            tx.update(
                """
                UPDATE {event} SET at_ms = :at, amount_fen = :amount, %s
                WHERE dealer_id = :dealer AND id = :id"""
                    .formatted(
                        PLACES.stream()
                            .map(place -> place + " = :" + place)
                            .collect(Collectors.joining(", ")))),
            row)
        .bind("dealer", tenant.id())
        .bind("id", row.id())
        .execute();
  }

  private static <S extends SqlStatement<S>> S values(S statement, Row row) {
    for (String place : PLACES) {
      Object value = row.values().get(place);
      if (place.startsWith("n")) {
        statement.bind(place, (Long) value);
      } else {
        statement.bind(place, (String) value);
      }
    }
    return statement.bind("at", row.at()).bind("amount", row.amount());
  }

  Optional<Row> find(Tx tx, Tenant tenant, String type, String eventNo, boolean lock) {
    return rows(
            tx.query(COLUMNS + " AND type = :type AND event_no = :no" + (lock ? " FOR UPDATE" : ""))
                .bind("type", type)
                .bind("no", eventNo),
            tenant)
        .stream()
        .findFirst();
  }

  /** Of one member, the latest first, from behind that row on. */
  List<Row> page(
      Tx tx, Tenant tenant, long member, @Nullable String type, long at, long id, int limit) {
    String condition =
        (type == null ? "" : " AND type = :type")
            + " AND member_id = :member AND (at_ms < :at OR (at_ms = :at AND id < :id))";
    Query query =
        tx.query(COLUMNS + condition + " ORDER BY at_ms DESC, id DESC LIMIT :limit")
            .bind("member", member)
            .bind("at", at)
            .bind("id", id)
            .bind("limit", limit);
    return rows(type == null ? query : query.bind("type", type), tenant);
  }

  /** All of these members. */
  List<Row> of(Tx tx, Tenant tenant, Collection<Long> members) {
    return members.isEmpty()
        ? List.of()
        : rows(
            tx.query(COLUMNS + " AND member_id IN (<members>)")
                .bindList("members", List.copyOf(members)),
            tenant);
  }

  private static List<Row> rows(Query query, Tenant tenant) {
    return query.bind("dealer", tenant.id()).map((row, context) -> row(row)).list();
  }

  private static Row row(ResultSet row) throws SQLException {
    Map<String, Object> values = new HashMap<>();
    for (String place : PLACES) {
      Object value = place.startsWith("n") ? number(row, place) : row.getString(place);
      if (value != null) {
        values.put(place, value);
      }
    }
    return new Row(
        row.getLong("id"),
        row.getLong("member_id"),
        row.getString("type"),
        row.getString("event_no"),
        row.getString("number_hash"),
        row.getLong("at_ms"),
        number(row, "amount_fen"),
        row.getLong("recorded_ms"),
        values);
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }

  /** Which events a locked member has, and the number that each was told of. */
  Map<Long, Optional<String>> told(Tx tx, Tenant tenant, long member) {
    Map<Long, Optional<String>> told = new TreeMap<>();
    tx.guarded(
            "SELECT id, number_hash FROM {event} WHERE dealer_id = :dealer AND member_id = :member")
        .bind("dealer", tenant.id())
        .bind("member", member)
        .map(
            (row, context) ->
                Map.entry(row.getLong("id"), Optional.ofNullable(row.getString("number_hash"))))
        .forEach(one -> told.put(one.getKey(), one.getValue()));
    return told;
  }

  /** Moves events from one locked member to another. */
  void move(Tx tx, Tenant tenant, Collection<Long> ids, long to) {
    Moves.move(tx, tenant, "event", ids, to);
  }

  boolean remove(Tx tx, Tenant tenant, long id) {
    return tx.update("DELETE FROM {event} WHERE dealer_id = :dealer AND id = :id")
            .bind("dealer", tenant.id())
            .bind("id", id)
            .execute()
        == 1;
  }

  /** How many of a type there are. */
  long count(Tx tx, Tenant tenant, String type) {
    return count(tx, tenant, type, "");
  }

  /** How many have something at that place. */
  long count(Tx tx, Tenant tenant, String type, AttributeType property, int place) {
    String column =
        switch (property.type()) {
          case TEXT, CODE -> "w";
          case INTEGER, MONEY, FLAG, DATE, INSTANT -> "n";
        };
    return count(tx, tenant, type, " AND " + column + place + " IS NOT NULL");
  }

  private static long count(Tx tx, Tenant tenant, String type, String condition) {
    return tx.guarded(
            "SELECT COUNT(*) FROM {event} WHERE dealer_id = :dealer AND type = :type" + condition)
        .bind("dealer", tenant.id())
        .bind("type", type)
        .mapTo(Long.class)
        .one();
  }

  /** How many have which code at that place. */
  Map<String, Long> codes(Tx tx, Tenant tenant, String type, int place) {
    Map<String, Long> codes = new TreeMap<>();
    tx.guarded(
            """
            SELECT w%1$d AS code, COUNT(*) AS events FROM {event}
            WHERE dealer_id = :dealer AND type = :type AND w%1$d IS NOT NULL GROUP BY w%1$d"""
                .formatted(place))
        .bind("dealer", tenant.id())
        .bind("type", type)
        .map((row, context) -> Map.entry(row.getString("code"), row.getLong("events")))
        .forEach(one -> codes.put(one.getKey(), one.getValue()));
    return codes;
  }
}
