package io.laoke.order;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads return notes with their lines. */
final class ReturnReader {
  private final ReturnTable returns;

  ReturnReader(ReturnTable returns) {
    this.returns = returns;
  }

  Optional<ReturnDetail> find(Tx tx, Tenant tenant, String noteNo) {
    return returns
        .find(tx, tenant, noteNo)
        .map(note -> detail(note, returns.linesOfNote(tx, tenant, note.id())));
  }

  List<ReturnDetail> ofOrder(Tx tx, Tenant tenant, long orderId) {
    List<ReturnRow> lines = returns.linesOfOrder(tx, tenant, orderId);
    return returns.ofOrder(tx, tenant, orderId).stream()
        .map(
            note ->
                detail(note, lines.stream().filter(line -> line.noteId() == note.id()).toList()))
        .toList();
  }

  private static ReturnDetail detail(ReturnTable.NoteRow note, List<ReturnRow> lines) {
    return new ReturnDetail(
        note.noteNo(),
        Instant.ofEpochMilli(note.returnedMs()),
        Optional.ofNullable(note.orderNo()),
        note.memberId() == null ? OptionalLong.empty() : OptionalLong.of(note.memberId()),
        lines.stream()
            .map(
                line ->
                    new ReturnDetail.Line(
                        line.lineNo(),
                        line.category(),
                        line.quantity(),
                        line.netFen(),
                        Optional.ofNullable(line.nettedLine())))
            .toList());
  }
}
