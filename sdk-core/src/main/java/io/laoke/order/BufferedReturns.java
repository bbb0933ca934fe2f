package io.laoke.order;

import io.laoke.catalog.Races;
import io.laoke.internal.jdbc.Rows;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.jdbc.Undo;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The returns that one transaction speaks of: changed in memory, written at its end. */
final class BufferedReturns extends ReturnTable {
  private record HeldNote(boolean stored, NoteRow row, boolean written) {}

  private record HeldLine(@Nullable ReturnRow stored, @Nullable ReturnRow now) {}

  private static final Comparator<ReturnRow> BY_NOTE =
      Comparator.comparingLong(ReturnRow::noteId).thenComparingInt(ReturnRow::index);

  private final ReturnTable table;
  private final Undo undo;
  private final Map<String, HeldNote> notes = new LinkedHashMap<>();
  private final Set<String> absent = new HashSet<>();
  private final Map<String, HeldLine> lines = new LinkedHashMap<>();
  private final Map<Long, Set<String>> ofNote = new HashMap<>();
  private final Map<Long, Set<String>> ofOrder = new HashMap<>();
  private final Set<Long> readNotes = new HashSet<>();
  private final Set<Long> readOrders = new HashSet<>();

  BufferedReturns(ReturnTable table, Undo undo) {
    this.table = table;
    this.undo = undo;
  }

  /** Reads and locks what is there of these notes. */
  void prefetch(Tx tx, Tenant tenant, Collection<String> noteNos) {
    absent.addAll(noteNos);
    for (NoteRow row : table.lockAll(tx, tenant, noteNos)) {
      absent.remove(row.noteNo());
      notes.put(row.noteNo(), new HeldNote(true, row, false));
    }
  }

  /** Whose those are that were read. */
  Set<Long> members() {
    Set<Long> members = new HashSet<>();
    notes
        .values()
        .forEach(note -> Optional.ofNullable(note.row().memberId()).ifPresent(members::add));
    return members;
  }

  /** Reads the lines of what came back of these orders. */
  void prefetchLines(Tx tx, Tenant tenant, Collection<Long> orderIds) {
    readOrders.addAll(orderIds);
    table.linesOfOrders(tx, tenant, orderIds).forEach(this::found);
  }

  private void found(ReturnRow row) {
    if (lines.putIfAbsent(row.key(), new HeldLine(row, row)) == null) {
      index(row);
    }
  }

  private void index(ReturnRow row) {
    ofNote.computeIfAbsent(row.noteId(), id -> new HashSet<>()).add(row.key());
    if (row.orderId() != null) {
      ofOrder.computeIfAbsent(row.orderId(), id -> new HashSet<>()).add(row.key());
    }
  }

  /** The note as this transaction sees it. */
  Optional<NoteRow> seen(String noteNo) {
    return Optional.ofNullable(notes.get(noteNo)).map(HeldNote::row);
  }

  @Override
  boolean insert(Tx tx, Tenant tenant, NoteRow note, Instant now) {
    if (!notes.containsKey(note.noteNo()) && !absent.contains(note.noteNo())) {
      prefetch(tx, tenant, Set.of(note.noteNo()));
    }
    if (notes.containsKey(note.noteNo())) {
      return false;
    }
    readNotes.add(note.id());
    notes.put(note.noteNo(), new HeldNote(false, note, true));
    undo.by(() -> notes.remove(note.noteNo()));
    return true;
  }

  @Override
  NoteRow lock(Tx tx, Tenant tenant, String noteNo) {
    return seen(noteNo).orElseThrow(() -> Races.lost("return '" + noteNo + "'"));
  }

  @Override
  void update(Tx tx, Tenant tenant, NoteRow note) {
    HeldNote was = notes.get(note.noteNo());
    notes.put(note.noteNo(), new HeldNote(was != null && was.stored(), note, true));
    undo.by(
        () -> {
          if (was == null) {
            notes.remove(note.noteNo());
          } else {
            notes.put(note.noteNo(), was);
          }
        });
  }

  @Override
  List<ReturnRow> linesOfOrder(Tx tx, Tenant tenant, long orderId) {
    if (readOrders.add(orderId)) {
      table.linesOfOrder(tx, tenant, orderId).forEach(this::found);
    }
    return now(ofOrder.getOrDefault(orderId, Set.of())).stream()
        .filter(line -> line.orderId() != null && line.orderId() == orderId)
        .toList();
  }

  @Override
  List<ReturnRow> linesOfNote(Tx tx, Tenant tenant, long noteId) {
    if (readNotes.add(noteId)) {
      table.linesOfNote(tx, tenant, noteId).forEach(this::found);
    }
    return now(ofNote.getOrDefault(noteId, Set.of()));
  }

  private List<ReturnRow> now(Collection<String> keys) {
    List<ReturnRow> rows = new ArrayList<>();
    for (String key : keys) {
      HeldLine line = lines.get(key);
      if (line != null && line.now() != null) {
        rows.add(line.now());
      }
    }
    rows.sort(BY_NOTE);
    return rows;
  }

  @Override
  void replace(Tx tx, Tenant tenant, List<ReturnRow> before, List<ReturnRow> after) {
    Set<String> gone = new HashSet<>();
    before.forEach(line -> gone.add(line.key()));
    for (ReturnRow line : after) {
      gone.remove(line.key());
      put(line.key(), line);
      index(line);
    }
    gone.forEach(key -> put(key, null));
  }

  private void put(String key, @Nullable ReturnRow now) {
    HeldLine was = lines.get(key);
    if (was != null && Objects.equals(was.now(), now)) {
      return;
    }
    lines.put(key, new HeldLine(was == null ? null : was.stored(), now));
    undo.by(
        () -> {
          if (was == null) {
            lines.remove(key);
          } else {
            lines.put(key, was);
          }
        });
  }

  /** Writes what was changed. */
  void flush(Tx tx, Tenant tenant, Instant now) {
    Rows added =
        Rows.of("return_note", tenant.id())
            .with(Rows.Type.LONG, "id")
            .with(Rows.Type.TEXT, "note_no")
            .with(Rows.Type.LONG, "returned_ms", "order_id", "member_id")
            .with(Rows.Type.TEXT, "customer_no", "content_hash")
            .with(Rows.Type.LONG, "created_ms");
    notes.values().stream()
        .filter(HeldNote::written)
        .sorted(Comparator.comparing(note -> note.row().noteNo()))
        .forEach(
            note -> {
              if (note.stored()) {
                table.update(tx, tenant, note.row());
              } else {
                add(added, tenant, note.row(), now);
              }
            });
    tx.insertAll(added);
    lines(tx, tenant);
  }

  private static void add(Rows rows, Tenant tenant, NoteRow note, Instant now) {
    rows.add(
        note.id(),
        note.noteNo(),
        note.returnedMs(),
        note.orderId(),
        note.memberId(),
        tenant.privacy().seal(note.customerNo()),
        note.contentHash(),
        now.toEpochMilli());
  }

  private void lines(Tx tx, Tenant tenant) {
    Rows added =
        Rows.of("return_line", tenant.id())
            .with(Rows.Type.LONG, "note_id")
            .with(Rows.Type.TEXT, "line_no")
            .with(Rows.Type.INT, "line_index")
            .with(Rows.Type.LONG, "order_id")
            .with(Rows.Type.TEXT, "order_line_no", "category_code", "category", "model")
            .with(Rows.Type.DECIMAL, "quantity")
            .with(Rows.Type.LONG, "net_fen", "returned_ms", "note_member_id")
            .with(Rows.Type.TEXT, "netted_line")
            .with(Rows.Type.LONG, "member_id");
    List<ReturnRow> before = new ArrayList<>();
    List<ReturnRow> after = new ArrayList<>();
    for (HeldLine line : lines.values()) {
      ReturnRow now = line.now();
      if (line.stored() == null && now != null) {
        added.add(
            now.noteId(),
            now.lineNo(),
            now.index(),
            now.orderId(),
            now.orderLineNo(),
            now.categoryCode(),
            now.category(),
            now.model(),
            now.quantity(),
            now.netFen(),
            now.returnedMs(),
            now.noteMemberId(),
            now.nettedLine(),
            now.memberId());
      } else if (line.stored() != null) {
        before.add(line.stored());
        if (now != null) {
          after.add(now);
        }
      }
    }
    tx.insertAll(added);
    table.replace(tx, tenant, before, after);
  }
}
