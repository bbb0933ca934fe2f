package io.laoke.order;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** All that is recorded of one order. */
record Dossier(
    OrderHead head,
    List<LineRow> lines,
    List<StageRecord> stages,
    List<UnitRow> units,
    List<ReturnRow> returns,
    List<ServiceRow> services) {

  Dossier with(OrderHead newHead) {
    return new Dossier(newHead, lines, stages, units, returns, services);
  }

  Dossier withReturns(List<ReturnRow> newReturns) {
    return new Dossier(head, lines, stages, units, newReturns, services);
  }

  Dossier withStages(List<StageRecord> newStages) {
    return new Dossier(head, lines, newStages, units, returns, services);
  }

  Dossier withServices(List<ServiceRow> newServices) {
    return new Dossier(head, lines, stages, units, returns, newServices);
  }

  OrderDetail detail() {
    return head.detail(lines);
  }

  private record AskedLine(
      String lineNo, LineKind kind, String category, BigDecimal counted, long countedFen) {}

  /** What of it {@code member_change} is written for: it equals where nothing of that changed. */
  List<@Nullable Object> asked() {
    List<@Nullable Object> asked = new ArrayList<>();
    asked.add(head.memberId());
    asked.add(head.orderedMs());
    for (LineRow line : lines) {
      asked.add(
          new AskedLine(
              line.lineNo(), line.kind(), line.category(), line.counted(), line.countedFen()));
    }
    returns.stream().filter(Dossier::nameless).forEach(asked::add);
    return asked;
  }

  /** Whose lines and returns these are. */
  Set<Long> buyers() {
    Set<Long> buyers = new TreeSet<>();
    if (head.memberId() != null) {
      buyers.add(head.memberId());
    }
    for (ReturnRow back : returns) {
      if (nameless(back) && back.memberId() != null) {
        buyers.add(back.memberId());
      }
    }
    return buyers;
  }

  private static boolean nameless(ReturnRow back) {
    return back.nettedLine() == null && back.memberId() != null;
  }
}
