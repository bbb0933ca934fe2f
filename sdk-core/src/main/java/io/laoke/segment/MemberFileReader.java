package io.laoke.segment;

import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.member.AttributeType;
import io.laoke.member.FieldBook.EventFields;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads the files of members, several at once. Knows nothing of how segments become SQL. */
final class MemberFileReader {
  private static final int MOST_STEPS = 100;

  /** Of one moment and number, the sale is before the return. */
  private static final char AFTER_THE_SALE = '\0';

  private final Tenant tenant;

  private final DealerSchema.Declared declared;

  MemberFileReader(Tenant tenant, DealerSchema.Declared declared) {
    this.tenant = tenant;
    this.declared = declared;
  }

  // Each query is of one table: H2 cannot plan a list of pairs beside a join.

  /**
   * The files of those of these members that live, by the ids asked for; one that was merged
   * answers with the survivor's.
   */
  Map<Long, MemberFile> read(Tx tx, Collection<Long> ids) {
    Map<Long, MemberFile> files = living(tx, ids);
    Map<Long, Long> survivors = new LinkedHashMap<>();
    ids.stream().filter(id -> !files.containsKey(id)).forEach(id -> survivors.put(id, id));
    Map<Long, Long> step = merged(tx, survivors.values());
    for (int steps = 0; !step.isEmpty() && steps < MOST_STEPS; steps++) {
      Map<Long, Long> into = step;
      survivors.replaceAll((id, at) -> into.getOrDefault(at, at));
      step = merged(tx, into.values());
    }
    Set<Long> unread = new TreeSet<>(survivors.values());
    unread.removeAll(survivors.keySet());
    unread.removeAll(files.keySet());
    Map<Long, MemberFile> found = living(tx, unread);
    found.putAll(files);
    survivors.forEach(
        (id, survivor) -> {
          MemberFile file = found.get(survivor);
          if (file != null) {
            files.put(id, file);
          }
        });
    return files;
  }

  /** Where merges took these, one step far. */
  private Map<Long, Long> merged(Tx tx, Collection<Long> ids) {
    Map<Long, Long> merged = new HashMap<>();
    if (!ids.isEmpty()) {
      tx.query(
              """
              SELECT id, merged_into FROM {member}
              WHERE dealer_id = :dealer AND id IN (<ids>) AND merged_into IS NOT NULL
              """,
              "ids",
              Rows.Type.LONG,
              Set.copyOf(ids))
          .bind("dealer", tenant.id())
          .map((row, context) -> Map.entry(row.getLong("id"), row.getLong("merged_into")))
          .forEach(row -> merged.put(row.getKey(), row.getValue()));
    }
    return merged;
  }

  private Map<Long, MemberFile> living(Tx tx, Collection<Long> ids) {
    if (ids.isEmpty()) {
      return new LinkedHashMap<>();
    }
    Map<Long, MemberFile> files = members(tx, ids);
    if (!files.isEmpty()) {
      Map<List<String>, Long> openids = identities(tx, files);
      Map<Long, Head> heads = orders(tx, files);
      bound(tx, files, heads, openids);
      returns(tx, files, heads);
      services(tx, files);
      sends(tx, files, openids);
      notes(tx, files);
      attributes(tx, files);
      events(tx, files);
    }
    return files;
  }

  private Map<Long, MemberFile> members(Tx tx, Collection<Long> ids) {
    Map<Long, MemberFile> files = new LinkedHashMap<>();
    tx.query(
            """
            SELECT id, source, name, gender, birthday, region, random31, created_ms FROM {member}
            WHERE dealer_id = :dealer AND id IN (<ids>) AND merged_into IS NULL
              AND erased_ms IS NULL
            """,
            "ids",
            Rows.Type.LONG,
            ids)
        .bind("dealer", tenant.id())
        .map((row, context) -> member(row))
        .forEach(file -> files.put(file.id(), file));
    return files;
  }

  private MemberFile member(ResultSet row) throws SQLException {
    Map<String, Object> values = MemberFile.values();
    MemberFile.put(values, "source", row.getString("source"));
    MemberFile.put(values, "name", tenant.privacy().open(row.getString("name")));
    MemberFile.put(values, "gender", row.getString("gender"));
    MemberFile.put(values, "birthday", row.getObject("birthday", LocalDate.class));
    MemberFile.put(values, "region", row.getString("region"));
    MemberFile.put(values, "createdAt", row.getLong("created_ms"));
    values.put("follows", false);
    values.put("hasPhone", false);
    values.put("hasBoundOrder", false);
    return new MemberFile(row.getLong("id"), row.getInt("random31"), values, new HashMap<>());
  }

  /** Notes what identities tell; the openids' owners. */
  private Map<List<String>, Long> identities(Tx tx, Map<Long, MemberFile> files) {
    Map<List<String>, Long> openids = new HashMap<>();
    tx.query(
            """
            SELECT member_id, kind, account, value_hash, status, follows, follow_at_ms
            FROM {identity} WHERE dealer_id = :dealer AND member_id IN (<ids>)
            """,
            "ids",
            Rows.Type.LONG,
            files.keySet())
        .bind("dealer", tenant.id())
        .map(
            (row, context) -> {
              Map<String, Object> values = file(files, row).fields();
              String kind = row.getString("kind");
              if (kind.equals("PHONE") && row.getString("status").equals("ACTIVE")) {
                values.put("hasPhone", true);
              }
              if (kind.equals("OPENID")) {
                openids.put(
                    List.of(row.getString("account"), row.getString("value_hash")),
                    row.getLong("member_id"));
                if (row.getBoolean("follows")) {
                  follows(values, longOrNull(row, "follow_at_ms"));
                }
              }
              return true;
            })
        .list();
    return openids;
  }

  private static void follows(Map<String, Object> values, @Nullable Long at) {
    values.put("follows", true);
    if (at != null) {
      values.merge("followedAt", at, (one, other) -> Math.max((Long) one, (Long) other));
    }
  }

  private void bound(
      Tx tx, Map<Long, MemberFile> files, Map<Long, Head> heads, Map<List<String>, Long> openids) {
    if (heads.isEmpty() || openids.isEmpty()) {
      return;
    }
    tx.query(
            """
            SELECT order_id, account, openid_hash FROM {recipient}
            WHERE dealer_id = :dealer AND order_id IN (<ids>) AND state = 'ACTIVE'
            """,
            "ids",
            Rows.Type.LONG,
            heads.keySet())
        .bind("dealer", tenant.id())
        .map(
            (row, context) -> {
              Head head = heads.get(row.getLong("order_id"));
              Long owner =
                  openids.get(List.of(row.getString("account"), row.getString("openid_hash")));
              MemberFile file = head == null ? null : files.get(head.member);
              if (file != null && owner != null && owner == file.id()) {
                file.fields().put("hasBoundOrder", true);
              }
              return true;
            })
        .list();
  }

  private void services(Tx tx, Map<Long, MemberFile> files) {
    of(tx, files, "SELECT member_id, id, kind, at_ms, paid_fen, document FROM {unit_service}")
        .map(
            (row, context) -> {
              Map<String, Object> values = MemberFile.values();
              values.put("kind", row.getString("kind"));
              values.put("paidAmount", row.getBigDecimal("paid_fen"));
              values.put("at", row.getLong("at_ms"));
              // By document, then by id.
              String number = row.getString("document") + "\0%019d".formatted(row.getLong("id"));
              add(file(files, row), BuiltIn.SERVICES.name(), row.getLong("at_ms"), number, values);
              return true;
            })
        .list();
  }

  private void sends(Tx tx, Map<Long, MemberFile> files, Map<List<String>, Long> openids) {
    if (openids.isEmpty()) {
      return;
    }
    Set<String> hashes = new TreeSet<>();
    openids.keySet().forEach(openid -> hashes.add(openid.get(1)));
    record Sent(long id, MemberFile file, long at, Map<String, Object> values, boolean open) {}
    Map<Long, Sent> sends = new LinkedHashMap<>();
    tx.query(
            """
            SELECT id, account, recipient, channel, purpose, result, delivery, at_ms
            FROM {decision} WHERE dealer_id = :dealer AND recipient IN (<hashes>)
            """,
            "hashes",
            Rows.Type.TEXT,
            hashes)
        .bind("dealer", tenant.id())
        .map(
            (row, context) -> {
              Long owner =
                  openids.get(List.of(row.getString("account"), row.getString("recipient")));
              MemberFile file = owner == null ? null : files.get(owner);
              if (file != null) {
                Map<String, Object> values = MemberFile.values();
                String result = row.getString("result");
                values.put("channel", row.getString("channel"));
                values.put("purpose", purpose(row.getInt("purpose")));
                values.put("outcome", result);
                values.put("at", row.getLong("at_ms"));
                boolean open =
                    row.getString("delivery") == null
                        && !result.equals("SENT")
                        && !result.equals("FITTED");
                long id = row.getLong("id");
                sends.put(id, new Sent(id, file, row.getLong("at_ms"), values, open));
              }
              return true;
            })
        .list();
    List<Long> open = sends.values().stream().filter(Sent::open).map(Sent::id).toList();
    if (!open.isEmpty()) {
      tx.query(
              "SELECT id FROM {outbox} WHERE dealer_id = :dealer AND id IN (<ids>) AND state = 'SENT'",
              "ids",
              Rows.Type.LONG,
              open)
          .bind("dealer", tenant.id())
          .mapTo(Long.class)
          .forEach(
              id ->
                  Optional.ofNullable(sends.get(id))
                      .ifPresent(sent -> sent.values().put("outcome", "SENT")));
    }
    // Ids of decisions are in the order of their numbers.
    sends
        .values()
        .forEach(
            sent ->
                add(
                    sent.file(),
                    BuiltIn.SENDS.name(),
                    sent.at(),
                    "%019d".formatted(sent.id()),
                    sent.values()));
  }

  private static String purpose(int stored) {
    return stored == 0 ? "ORDER" : stored == 1 ? "CARE" : "MARKETING";
  }

  private void notes(Tx tx, Map<Long, MemberFile> files) {
    of(tx, files, "SELECT member_id, tag FROM {member_tag}")
        .map((row, context) -> several(file(files, row), "tags").add(row.getString("tag")))
        .list();
    of(tx, files, "SELECT member_id, text_sealed FROM {member_remark}")
        .map(
            (row, context) -> {
              String text = tenant.privacy().open(row.getString("text_sealed"));
              return text != null && several(file(files, row), "remark").add(text);
            })
        .list();
  }

  @SuppressWarnings("unchecked")
  private static Set<String> several(MemberFile file, String field) {
    return (Set<String>) file.fields().computeIfAbsent(field, added -> new TreeSet<String>());
  }

  private Query of(Tx tx, Map<Long, MemberFile> files, String select) {
    return tx.query(
            select + " WHERE dealer_id = :dealer AND member_id IN (<ids>)",
            "ids",
            Rows.Type.LONG,
            files.keySet())
        .bind("dealer", tenant.id());
  }

  private void attributes(Tx tx, Map<Long, MemberFile> files) {
    Map<String, AttributeType> types = new HashMap<>();
    declared.attributes().forEach(type -> types.put(type.name(), type));
    if (types.isEmpty()) {
      return;
    }
    of(
            tx,
            files,
            """
            SELECT member_id, name, kind, text_sealed, number_value, date_value, flag_value,
              code_value
            FROM {member_attribute}""")
        .map(
            (row, context) -> {
              AttributeType type = types.get(row.getString("name"));
              FieldType of = type == null ? null : FieldType.valueOf(type.type().name());
              MemberFile file = file(files, row);
              if (of != null && MemberCells.kind(of).equals(row.getString("kind"))) {
                MemberFile.put(file.fields(), row.getString("name"), attribute(row, of));
              }
              return true;
            })
        .list();
  }

  private @Nullable Object attribute(ResultSet row, FieldType type) throws SQLException {
    return switch (type) {
      case TEXT -> tenant.privacy().open(row.getString("text_sealed"));
      case CODE -> row.getString("code_value");
      case FLAG -> row.getInt("flag_value") == 1;
      case DATE -> row.getObject("date_value", LocalDate.class);
      case INSTANT -> row.getBigDecimal("number_value").longValueExact();
      case INTEGER, MONEY -> row.getBigDecimal("number_value");
      case REGION, CATEGORY, TAGS -> null;
    };
  }

  private void events(Tx tx, Map<Long, MemberFile> files) {
    Map<String, EventFields> types = new HashMap<>();
    declared.events().forEach(event -> types.put(event.type().name(), event));
    if (types.isEmpty()) {
      return;
    }
    of(tx, files, "SELECT * FROM {event}")
        .map(
            (row, context) -> {
              event(row, file(files, row), types.get(row.getString("type")));
              return true;
            })
        .list();
  }

  private void event(ResultSet row, MemberFile file, @Nullable EventFields fields)
      throws SQLException {
    Map<String, Object> values = MemberFile.values();
    String type = row.getString("type");
    String id = row.getString("event_no");
    long at = row.getLong("at_ms");
    MemberFile.put(values, "type", type);
    MemberFile.put(values, "id", id);
    MemberFile.put(values, "at", at);
    MemberFile.put(values, "amount", row.getBigDecimal("amount_fen"));
    // Ids are unique within a type only; no id has the character between.
    add(file, BuiltIn.EVENTS.name(), at, id + '\0' + type, new HashMap<>(values));
    if (fields != null) {
      values.remove("type");
      for (AttributeType property : fields.type().properties()) {
        int place = fields.places().getOrDefault(property.name(), 0);
        MemberFile.put(
            values,
            property.name(),
            property(row, place, FieldType.valueOf(property.type().name())));
      }
      add(file, DealerSchema.collectionOf(fields.type()), at, id, values);
    }
  }

  private static void add(
      MemberFile file, String collection, long at, String number, Map<String, Object> values) {
    file.rows()
        .computeIfAbsent(MemberFile.rowsOf(collection, Scope.DEFAULT), key -> new ArrayList<>())
        .add(new MemberFile.Row(true, at, number, 0, 1, values));
  }

  private @Nullable Object property(ResultSet row, int place, FieldType type) throws SQLException {
    if (type == FieldType.TEXT) {
      return tenant.privacy().open(row.getString("t" + place));
    }
    if (type == FieldType.CODE) {
      return row.getString("w" + place);
    }
    BigDecimal number = row.getBigDecimal("n" + place);
    if (number == null) {
      return null;
    }
    return switch (type) {
      case FLAG -> number.signum() > 0;
      case INSTANT -> number.longValueExact();
      case DATE -> {
        int day = number.intValueExact();
        yield LocalDate.of(day / 10_000, day / 100 % 100, day % 100);
      }
      default -> number;
    };
  }

  /** An order as its rows need it. */
  private static final class Head {
    final long id;
    final long member;
    final long atMs;
    final String number;
    final Map<String, Object> values = MemberFile.values();
    BigDecimal counted = BigDecimal.ZERO;
    BigDecimal all = BigDecimal.ZERO;
    final @Nullable Long place;
    boolean live;

    Head(long id, long member, long atMs, String number, @Nullable Long place) {
      this.place = place;
      this.id = id;
      this.member = member;
      this.atMs = atMs;
      this.number = number;
    }
  }

  private Map<Long, Head> orders(Tx tx, Map<Long, MemberFile> files) {
    Map<Long, Head> heads = new LinkedHashMap<>();
    tx.query(
            """
            SELECT id, member_id, ordered_ms, order_no, stage, stage_text, store_code,
              sales_channel, place_id, approved_ms, shipped_ms, delivered_ms, installed_ms
            FROM {customer_order}
            WHERE dealer_id = :dealer AND member_id IN (<ids>) AND ordered_ms IS NOT NULL
            """,
            "ids",
            Rows.Type.LONG,
            files.keySet())
        .bind("dealer", tenant.id())
        .map((row, context) -> head(row))
        .forEach(head -> heads.put(head.id, head));
    if (!heads.isEmpty()) {
      regions(tx, heads);
      Map<List<Object>, Map<String, Object>> lines = lines(tx, files, heads);
      units(tx, files, heads, lines);
    }
    for (Head head : heads.values()) {
      add(files, head.member, "orders", Scope.DEFAULT, order(head, head.live, head.counted));
      add(files, head.member, "orders", Scope.ALL, order(head, true, head.all));
    }
    return heads;
  }

  private void regions(Tx tx, Map<Long, Head> heads) {
    Set<Long> places = new TreeSet<>();
    heads.values().forEach(head -> Optional.ofNullable(head.place).ifPresent(places::add));
    if (places.isEmpty()) {
      return;
    }
    Map<Long, String> regions = new HashMap<>();
    tx.query(
            """
            SELECT id, region FROM {place}
            WHERE dealer_id = :dealer AND id IN (<ids>) AND region IS NOT NULL
            """,
            "ids",
            Rows.Type.LONG,
            places)
        .bind("dealer", tenant.id())
        .map((row, context) -> regions.put(row.getLong("id"), row.getString("region")))
        .list();
    heads
        .values()
        .forEach(
            head -> {
              if (head.place != null) {
                MemberFile.put(head.values, "region", regions.get(head.place));
              }
            });
  }

  private static Head head(ResultSet row) throws SQLException {
    Head head =
        new Head(
            row.getLong("id"),
            row.getLong("member_id"),
            row.getLong("ordered_ms"),
            row.getString("order_no"),
            longOrNull(row, "place_id"));
    MemberFile.put(head.values, "type", "SALE");
    MemberFile.put(head.values, "stage", row.getString("stage"));
    MemberFile.put(head.values, "stageText", row.getString("stage_text"));
    MemberFile.put(head.values, "store", row.getString("store_code"));
    MemberFile.put(head.values, "salesChannel", row.getString("sales_channel"));
    MemberFile.put(head.values, "approvedAt", longOrNull(row, "approved_ms"));
    MemberFile.put(head.values, "shippedAt", longOrNull(row, "shipped_ms"));
    MemberFile.put(head.values, "deliveredAt", longOrNull(row, "delivered_ms"));
    MemberFile.put(head.values, "installedAt", longOrNull(row, "installed_ms"));
    return head;
  }

  private static MemberFile.Row order(Head head, boolean live, BigDecimal net) {
    Map<String, Object> values = new HashMap<>(head.values);
    values.put("number", head.number);
    values.put("at", head.atMs);
    values.put("netAmount", net);
    values.put("+netAmount", net);
    return new MemberFile.Row(live, head.atMs, head.number, 0, 1, values);
  }

  /** Adds lines to files; what units need of them, by order and line number. */
  private Map<List<Object>, Map<String, Object>> lines(
      Tx tx, Map<Long, MemberFile> files, Map<Long, Head> heads) {
    Map<List<Object>, Map<String, Object>> goods = new HashMap<>();
    tx.query(
            """
            SELECT order_id, line_no, line_index, kind, category, model, brand, quantity, net_fen,
              counted_quantity, counted_fen, plain_units, installed_ms, serviced_ms, warranty_ends
            FROM {order_line} WHERE dealer_id = :dealer AND order_id IN (<ids>)
            """,
            "ids",
            Rows.Type.LONG,
            heads.keySet())
        .bind("dealer", tenant.id())
        .map(
            (row, context) -> {
              Head head = heads.get(row.getLong("order_id"));
              if (head != null) {
                Map<String, Object> values = line(row, files, head);
                goods.put(List.of(head.id, row.getString("line_no")), values);
                plainUnits(row, files, head, values);
              }
              return true;
            })
        .list();
    return goods;
  }

  private void plainUnits(
      ResultSet row, Map<Long, MemberFile> files, Head head, Map<String, Object> line)
      throws SQLException {
    int alike = row.getInt("plain_units");
    if (alike > 0) {
      add(files, head.member, BuiltIn.UNITS.name(), Scope.DEFAULT, unit(row, head, line, 0, alike));
    }
  }

  private MemberFile.Row unit(
      ResultSet row, Head head, Map<String, Object> line, int number, int alike)
      throws SQLException {
    Map<String, Object> values = MemberFile.values();
    for (String field : List.of("category", "model", "brand", "warrantyEndsOn")) {
      MemberFile.put(values, field, line.get(field));
    }
    Long installed = longOrNull(row, "installed_ms");
    MemberFile.put(
        values,
        "installedOn",
        installed == null ? null : tenant.dayOf(Instant.ofEpochMilli(installed)));
    MemberFile.put(values, "lastServiceAt", longOrNull(row, "serviced_ms"));
    values.put("at", head.atMs);
    int place = (Integer) Optional.ofNullable(line.get("#")).orElse(0) * 100_000 + number;
    return new MemberFile.Row(true, head.atMs, head.number, place, alike, values);
  }

  private void units(
      Tx tx,
      Map<Long, MemberFile> files,
      Map<Long, Head> heads,
      Map<List<Object>, Map<String, Object>> lines) {
    tx.query(
            """
            SELECT order_id, line_no, unit_no, installed_ms, serviced_ms FROM {order_unit}
            WHERE dealer_id = :dealer AND order_id IN (<ids>) AND counted = TRUE
            """,
            "ids",
            Rows.Type.LONG,
            heads.keySet())
        .bind("dealer", tenant.id())
        .map(
            (row, context) -> {
              Head head = heads.get(row.getLong("order_id"));
              Map<String, Object> line =
                  head == null ? null : lines.get(List.of(head.id, row.getString("line_no")));
              if (head != null && line != null) {
                add(
                    files,
                    head.member,
                    BuiltIn.UNITS.name(),
                    Scope.DEFAULT,
                    unit(row, head, line, row.getInt("unit_no"), 1));
              }
              return true;
            })
        .list();
  }

  private static Map<String, Object> line(ResultSet row, Map<Long, MemberFile> files, Head head)
      throws SQLException {
    BigDecimal counted = row.getBigDecimal("counted_quantity");
    BigDecimal countedFen = BigDecimal.valueOf(row.getLong("counted_fen"));
    BigDecimal net = BigDecimal.valueOf(row.getLong("net_fen"));
    boolean live = counted.signum() > 0;
    head.live |= live;
    head.counted = head.counted.add(countedFen);
    head.all = head.all.add(net);
    Map<String, Object> values = MemberFile.values();
    head.values.forEach((field, value) -> values.put("order." + field, value));
    values.put("order", head.number);
    values.put("at", head.atMs);
    MemberFile.put(values, "kind", row.getString("kind"));
    MemberFile.put(values, "category", row.getString("category"));
    MemberFile.put(values, "model", row.getString("model"));
    MemberFile.put(values, "brand", row.getString("brand"));
    int place = row.getInt("line_index");
    add(
        files,
        head.member,
        "items",
        Scope.DEFAULT,
        item(live, head.atMs, head.number, place, values, counted, countedFen));
    add(
        files,
        head.member,
        "items",
        Scope.ALL,
        item(true, head.atMs, head.number, place, values, row.getBigDecimal("quantity"), net));
    Map<String, Object> forUnits = new HashMap<>(values);
    forUnits.put("#", place);
    MemberFile.put(forUnits, "warrantyEndsOn", row.getObject("warranty_ends", LocalDate.class));
    return forUnits;
  }

  private static MemberFile.Row item(
      boolean live,
      long atMs,
      String number,
      int place,
      Map<String, Object> shared,
      BigDecimal quantity,
      BigDecimal net) {
    Map<String, Object> values = new HashMap<>(shared);
    values.put("quantity", quantity);
    values.put("netAmount", net);
    values.put("+quantity", quantity);
    values.put("+netAmount", net);
    return new MemberFile.Row(live, atMs, number, place, 1, values);
  }

  private record Back(
      long member,
      long note,
      int place,
      long atMs,
      boolean nameless,
      Map<String, Object> values,
      BigDecimal quantity,
      BigDecimal net) {}

  private void returns(Tx tx, Map<Long, MemberFile> files, Map<Long, Head> heads) {
    List<Back> all = new ArrayList<>();
    String columns =
        """
        SELECT note_id, member_id, order_id, line_index, returned_ms, category, model, quantity,
          net_fen
        FROM {return_line} WHERE dealer_id = :dealer AND %s
        """;
    tx.query(
            columns.formatted("member_id IN (<ids>) AND netted_line IS NULL"),
            "ids",
            Rows.Type.LONG,
            files.keySet())
        .bind("dealer", tenant.id())
        .map((row, context) -> back(row, row.getLong("member_id"), true))
        .forEach(all::add);
    if (!heads.isEmpty()) {
      tx.query(
              columns.formatted("order_id IN (<ids>) AND netted_line IS NOT NULL"),
              "ids",
              Rows.Type.LONG,
              heads.keySet())
          .bind("dealer", tenant.id())
          .map(
              (row, context) -> {
                Head head = heads.get(row.getLong("order_id"));
                return back(row, head == null ? 0 : head.member, false);
              })
          .forEach(all::add);
    }
    if (!all.isEmpty()) {
      Map<Long, String> notes = notes(tx, all);
      documents(files, all, notes);
    }
  }

  private Map<Long, String> notes(Tx tx, List<Back> all) {
    Map<Long, String> notes = new HashMap<>();
    tx.query(
            "SELECT id, note_no FROM {return_note} WHERE dealer_id = :dealer AND id IN (<ids>)",
            "ids",
            Rows.Type.LONG,
            new TreeSet<>(all.stream().map(Back::note).toList()))
        .bind("dealer", tenant.id())
        .map((row, context) -> notes.put(row.getLong("id"), row.getString("note_no")))
        .list();
    return notes;
  }

  private static void documents(
      Map<Long, MemberFile> files, List<Back> all, Map<Long, String> numbers) {
    Map<List<Long>, List<Back>> notes = new LinkedHashMap<>();
    for (Back back : all) {
      String number = numbers.getOrDefault(back.note(), "");
      notes
          .computeIfAbsent(List.of(back.member(), back.note()), key -> new ArrayList<>())
          .add(back);
      Map<String, Object> document = new HashMap<>(back.values());
      document.put("order", number);
      document.put("order.type", "RETURN");
      add(
          files,
          back.member(),
          "items",
          Scope.ALL,
          item(
              true,
              back.atMs(),
              number + AFTER_THE_SALE,
              back.place(),
              document,
              back.quantity().negate(),
              back.net().negate()));
      if (back.nameless()) {
        add(files, back.member(), "items", Scope.DEFAULT, takenOff(back, back.values()));
        add(
            files,
            back.member(),
            "orders",
            Scope.DEFAULT,
            takenOff(back, Map.of("at", back.atMs())));
      }
    }
    notes
        .values()
        .forEach(note -> document(files, note, numbers.getOrDefault(note.get(0).note(), "")));
  }

  private static Back back(ResultSet row, long member, boolean nameless) throws SQLException {
    Map<String, Object> values = MemberFile.values();
    values.put("at", row.getLong("returned_ms"));
    MemberFile.put(values, "category", row.getString("category"));
    MemberFile.put(values, "model", row.getString("model"));
    return new Back(
        member,
        row.getLong("note_id"),
        row.getInt("line_index"),
        row.getLong("returned_ms"),
        nameless,
        values,
        row.getBigDecimal("quantity"),
        BigDecimal.valueOf(row.getLong("net_fen")));
  }

  /** No row, but taken off sums. */
  private static MemberFile.Row takenOff(Back back, Map<String, Object> known) {
    Map<String, Object> values = new HashMap<>(known);
    values.put("+quantity", back.quantity().negate());
    values.put("+netAmount", back.net().negate());
    return new MemberFile.Row(false, back.atMs(), "", back.place(), 1, values);
  }

  private static void document(Map<Long, MemberFile> files, List<Back> lines, String number) {
    Back first = lines.get(0);
    BigDecimal net = BigDecimal.ZERO;
    for (Back line : lines) {
      net = net.subtract(line.net());
    }
    Map<String, Object> values = MemberFile.values();
    values.put("number", number);
    values.put("type", "RETURN");
    values.put("at", first.atMs());
    values.put("netAmount", net);
    values.put("+netAmount", net);
    add(
        files,
        first.member(),
        "orders",
        Scope.ALL,
        new MemberFile.Row(true, first.atMs(), number + AFTER_THE_SALE, 0, 1, values));
  }

  private static void add(
      Map<Long, MemberFile> files,
      long member,
      String collection,
      Scope scope,
      MemberFile.Row row) {
    MemberFile file = files.get(member);
    if (file != null) {
      file.rows()
          .computeIfAbsent(MemberFile.rowsOf(collection, scope), key -> new ArrayList<>())
          .add(row);
    }
  }

  private static MemberFile file(Map<Long, MemberFile> files, ResultSet row) throws SQLException {
    MemberFile file = files.get(row.getLong("member_id"));
    if (file == null) {
      throw new IllegalStateException("a row of a member that was not asked for");
    }
    return file;
  }

  private static @Nullable Long longOrNull(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : (Long) value;
  }
}
