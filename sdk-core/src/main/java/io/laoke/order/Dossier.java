package io.laoke.order;

import java.util.List;

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
}
