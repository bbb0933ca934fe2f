package io.laoke.order;

import io.laoke.catalog.Chunks;
import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** The SQL of return notes. */
class ReturnTable {
  private static final String NOTES =
      """
      SELECT n.id, n.note_no, n.returned_ms, n.order_id, n.member_id, n.customer_no, n.content_hash,
        o.order_no
      FROM {return_note} n
      LEFT JOIN {customer_order} o ON o.dealer_id = n.dealer_id AND o.id = n.order_id
      """;
  private static final String LINES =
      """
      SELECT note_id, line_no, line_index, order_id, order_line_no, category_code, category, model,
        quantity, net_fen, returned_ms, note_member_id, netted_line, member_id
      FROM {return_line}
      """;

  /** A note's own row. */
  record NoteRow(
      long id,
      String noteNo,
      long returnedMs,
      @Nullable Long orderId,
      @Nullable Long memberId,
      @Nullable String customerNo,
      String contentHash,
      @Nullable String orderNo) {}

  boolean insert(Tx tx, Tenant tenant, NoteRow note, Instant now) {
    return tx.insertIfAbsent(
        """
        INSERT INTO {return_note} (dealer_id, id, note_no, returned_ms, order_id, member_id,
          customer_no, content_hash, created_ms)
        VALUES (:dealer, :id, :note, :returned, :order, :member, :customerNo, :hash, :now)
        """,
        row ->
            row.bind("dealer", tenant.id())
                .bind("id", note.id())
                .bind("note", note.noteNo())
                .bind("returned", note.returnedMs())
                .bind("order", note.orderId())
                .bind("member", note.memberId())
                .bind("customerNo", tenant.privacy().seal(note.customerNo()))
                .bind("hash", note.contentHash())
                .bind("now", now.toEpochMilli()));
  }

  void update(Tx tx, Tenant tenant, NoteRow note) {
    tx.update(
            """
            UPDATE {return_note} SET returned_ms = :returned, order_id = :order, member_id = :member,
              customer_no = :customerNo, content_hash = :hash
            WHERE dealer_id = :dealer AND id = :id
            """)
        .bind("returned", note.returnedMs())
        .bind("order", note.orderId())
        .bind("member", note.memberId())
        .bind("customerNo", tenant.privacy().seal(note.customerNo()))
        .bind("hash", note.contentHash())
        .bind("dealer", tenant.id())
        .bind("id", note.id())
        .execute();
  }

  /** The note, its row locked. */
  NoteRow lock(Tx tx, Tenant tenant, String noteNo) {
    // A join cannot be locked everywhere, and nobody reads the order's number here.
    return tx.query(
            """
            SELECT id, note_no, returned_ms, order_id, member_id, customer_no, content_hash,
              CAST(NULL AS CHAR(64)) AS order_no
            FROM {return_note} WHERE dealer_id = :dealer AND note_no = :note FOR UPDATE
            """)
        .bind("dealer", tenant.id())
        .bind("note", noteNo)
        .map((row, context) -> note(row, tenant))
        .findOne()
        .orElseThrow(() -> Races.lost("return '" + noteNo + "'"));
  }

  /** Those of these notes that are known, locked by their numbers' order where one is kept. */
  List<NoteRow> lockAll(Tx tx, Tenant tenant, Collection<String> noteNos) {
    List<NoteRow> locked = new ArrayList<>();
    TreeSet<String> sorted = new TreeSet<>(noteNos);
    for (List<String> some : Chunks.of(sorted)) {
      boolean ordered = tx.dialect().locksInOrder();
      List<String> known =
          tx.query(
                  "SELECT note_no FROM {return_note} WHERE dealer_id = :dealer AND note_no IN"
                      + " (<notes>) ORDER BY note_no"
                      + (ordered ? " FOR UPDATE" : ""))
              .bind("dealer", tenant.id())
              .bindList("notes", some)
              .mapTo(String.class)
              .list();
      if (!ordered) {
        known.forEach(noteNo -> locked.add(lock(tx, tenant, noteNo)));
      } else if (!known.isEmpty()) {
        tx.query(
                """
                SELECT id, note_no, returned_ms, order_id, member_id, customer_no, content_hash,
                  CAST(NULL AS CHAR(64)) AS order_no
                FROM {return_note} WHERE dealer_id = :dealer AND note_no IN (<notes>)
                """)
            .bind("dealer", tenant.id())
            .bindList("notes", known)
            .map((row, context) -> note(row, tenant))
            .forEach(locked::add);
      }
    }
    return locked;
  }

  /** The same by its id. */
  void lock(Tx tx, Tenant tenant, long noteId) {
    tx.query("SELECT id FROM {return_note} WHERE dealer_id = :dealer AND id = :note FOR UPDATE")
        .bind("dealer", tenant.id())
        .bind("note", noteId)
        .mapTo(Long.class)
        .one();
  }

  /** Notes with lines that count for a member by themselves, with the order that each names. */
  Map<Long, Optional<Long>> ofMember(Tx tx, Tenant tenant, long memberId) {
    Map<Long, Optional<Long>> notes = new LinkedHashMap<>();
    tx.query(
            """
            SELECT DISTINCT note_id, order_id FROM {return_line}
            WHERE dealer_id = :dealer AND member_id = :member
            """)
        .bind("dealer", tenant.id())
        .bind("member", memberId)
        .map(
            (row, context) ->
                Map.entry(row.getLong("note_id"), Optional.ofNullable(number(row, "order_id"))))
        .forEach(note -> notes.put(note.getKey(), note.getValue()));
    return notes;
  }

  Optional<NoteRow> find(Tx tx, Tenant tenant, String noteNo) {
    return tx.query(NOTES + "WHERE n.dealer_id = :dealer AND n.note_no = :note")
        .bind("dealer", tenant.id())
        .bind("note", noteNo)
        .map((row, context) -> note(row, tenant))
        .findOne();
  }

  List<NoteRow> ofOrder(Tx tx, Tenant tenant, long orderId) {
    return tx.query(
            NOTES
                + "WHERE n.dealer_id = :dealer AND n.order_id = :order ORDER BY n.returned_ms,"
                + " n.id")
        .bind("dealer", tenant.id())
        .bind("order", orderId)
        .map((row, context) -> note(row, tenant))
        .list();
  }

  private static NoteRow note(ResultSet row, Tenant tenant) throws SQLException {
    return new NoteRow(
        row.getLong("id"),
        row.getString("note_no"),
        row.getLong("returned_ms"),
        number(row, "order_id"),
        number(row, "member_id"),
        tenant.privacy().open(row.getString("customer_no")),
        row.getString("content_hash"),
        row.getString("order_no"));
  }

  private static @Nullable Long number(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? null : value;
  }

  List<ReturnRow> linesOfOrder(Tx tx, Tenant tenant, long orderId) {
    return lines(
        tx.guarded(
                LINES
                    + "WHERE dealer_id = :dealer AND order_id = :order ORDER BY note_id,"
                    + " line_index")
            .bind("dealer", tenant.id())
            .bind("order", orderId));
  }

  List<ReturnRow> linesOfNote(Tx tx, Tenant tenant, long noteId) {
    return lines(
        tx.guarded(LINES + "WHERE dealer_id = :dealer AND note_id = :note ORDER BY line_index")
            .bind("dealer", tenant.id())
            .bind("note", noteId));
  }

  /** The lines of these notes. */
  List<ReturnRow> linesOfNotes(Tx tx, Tenant tenant, Collection<Long> noteIds) {
    List<ReturnRow> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(noteIds)) {
      found.addAll(
          lines(
              tx.query(LINES + "WHERE dealer_id = :dealer AND note_id IN (<notes>)")
                  .bind("dealer", tenant.id())
                  .bindList("notes", some)));
    }
    return found;
  }

  /** The lines of returns that name these orders. */
  List<ReturnRow> linesOfOrders(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    List<ReturnRow> found = new ArrayList<>();
    for (List<Long> some : Chunks.of(orderIds)) {
      found.addAll(
          lines(
              tx.query(LINES + "WHERE dealer_id = :dealer AND order_id IN (<orders>)")
                  .bind("dealer", tenant.id())
                  .bindList("orders", some)));
    }
    return found;
  }

  private static List<ReturnRow> lines(Query query) {
    return query
        .map(
            (row, context) ->
                new ReturnRow(
                    row.getLong("note_id"),
                    row.getString("line_no"),
                    row.getInt("line_index"),
                    number(row, "order_id"),
                    row.getString("order_line_no"),
                    row.getString("category_code"),
                    row.getString("category"),
                    row.getString("model"),
                    OrderLine.plain(row.getBigDecimal("quantity")),
                    row.getLong("net_fen"),
                    row.getLong("returned_ms"),
                    number(row, "note_member_id"),
                    row.getString("netted_line"),
                    number(row, "member_id")))
        .list();
  }

  /** Makes the stored lines of notes or of an order equal to these. */
  void replace(Tx tx, Tenant tenant, List<ReturnRow> before, List<ReturnRow> after) {
    Map<String, ReturnRow> stored = new LinkedHashMap<>();
    before.forEach(line -> stored.put(line.key(), line));
    PreparedBatch inserts =
        tx.batch(
            """
            INSERT INTO {return_line} (dealer_id, note_id, line_no, line_index, order_id, order_line_no,
              category_code, category, model, quantity, net_fen, returned_ms, note_member_id,
              netted_line, member_id)
            VALUES (:dealer, :note, :lineNo, :index, :order, :orderLine, :code, :category, :model,
              :quantity, :net, :returned, :noteMember, :netted, :member)
            """);
    PreparedBatch updates =
        tx.batch(
            """
            UPDATE {return_line} SET line_index = :index, order_id = :order,
              order_line_no = :orderLine, category_code = :code, category = :category,
              model = :model, quantity = :quantity, net_fen = :net, returned_ms = :returned,
              note_member_id = :noteMember, netted_line = :netted, member_id = :member
            WHERE dealer_id = :dealer AND note_id = :note AND line_no = :lineNo
            """);
    for (ReturnRow line : after) {
      ReturnRow was = stored.remove(line.key());
      if (was == null) {
        bind(inserts, tenant, line).add();
      } else if (!was.equals(line)) {
        bind(updates, tenant, line).add();
      }
    }
    for (PreparedBatch batch : List.of(inserts, updates)) {
      if (batch.size() > 0) {
        batch.execute();
      }
    }
    delete(tx, tenant, stored.values());
  }

  private static void delete(Tx tx, Tenant tenant, Collection<ReturnRow> lines) {
    if (lines.isEmpty()) {
      return;
    }
    PreparedBatch batch =
        tx.batch(
            "DELETE FROM {return_line} WHERE dealer_id = :dealer AND note_id = :note AND line_no ="
                + " :lineNo");
    for (ReturnRow line : lines) {
      batch
          .bind("dealer", tenant.id())
          .bind("note", line.noteId())
          .bind("lineNo", line.lineNo())
          .add();
    }
    batch.execute();
  }

  private static PreparedBatch bind(PreparedBatch batch, Tenant tenant, ReturnRow line) {
    return batch
        .bind("dealer", tenant.id())
        .bind("note", line.noteId())
        .bind("lineNo", line.lineNo())
        .bind("index", line.index())
        .bind("order", line.orderId())
        .bind("orderLine", line.orderLineNo())
        .bind("code", line.categoryCode())
        .bind("category", line.category())
        .bind("model", line.model())
        .bind("quantity", line.quantity())
        .bind("net", line.netFen())
        .bind("returned", line.returnedMs())
        .bind("noteMember", line.noteMemberId())
        .bind("netted", line.nettedLine())
        .bind("member", line.memberId());
  }
}
