package io.laoke.examples.shell;

import io.laoke.imports.ImportFact.Kind;
import io.laoke.order.Order;
import io.laoke.order.OrderLine;
import io.laoke.order.ReturnLine;
import io.laoke.order.ReturnNote;
import io.laoke.order.StageReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An order, or a return, while its lines and stages come in. A bad line is refused without its
 * order; an order that is refused, or has lost all its lines, takes its lines and stages with it.
 */
final class Draft {
  /** Told of each row that is refused. */
  interface Refusals {
    void refuse(Kind kind, Row row, BadCell bad);
  }

  /** What the SDK takes of one order. */
  private static final int MOST_LINES = 10_000;

  private static final int MOST_STAGES = 1_000;

  private final Row row;
  private final OrderRows rows;
  private final Refusals refusals;
  private final Map<String, OrderLine> lines = new LinkedHashMap<>();
  private final Map<String, ReturnLine> back = new LinkedHashMap<>();
  private final Map<String, Row> lineRows = new LinkedHashMap<>();
  private final Map<String, Row> stageRows = new HashMap<>();
  private final List<StageReport> stages = new ArrayList<>();
  private Kind kind = Kind.ORDER;
  private @Nullable Order order;
  private @Nullable ReturnNote note;
  private @Nullable BadCell bad;
  private long refusedLines;

  Draft(Row row, OrderRows rows, Refusals refusals) {
    this.row = row;
    this.rows = rows;
    this.refusals = refusals;
    try {
      row.whole();
      if (OrderRows.returned(row)) {
        kind = Kind.RETURN;
        note = rows.note(row);
      } else {
        order = rows.order(row);
      }
    } catch (BadCell cell) {
      bad = cell;
    }
  }

  /** Takes a line in. */
  void line(Row line) {
    if (bad != null) {
      refusals.refuse(Kind.LINE, line, lost());
      return;
    }
    try {
      line.whole();
      if (kind == Kind.RETURN) {
        ReturnLine made = rows.back(line);
        once(made.lineNo(), line);
        back.put(made.lineNo(), made);
      } else {
        OrderLine made = rows.line(line);
        once(made.lineNo(), line);
        lines.put(made.lineNo(), made);
      }
    } catch (BadCell cell) {
      refusedLines++;
      refusals.refuse(Kind.LINE, line, cell);
    }
    if (lineRows.size() > MOST_LINES) {
      lose(new BadCell("", "has more than %,d lines".formatted(MOST_LINES)));
    }
  }

  private void once(String lineNo, Row line) {
    Row before = lineRows.putIfAbsent(lineNo, line);
    if (before != null) {
      throw new BadCell(
          "line_no", "stands in line %d of the file already".formatted(before.line()));
    }
  }

  private void lose(BadCell cell) {
    bad = cell;
    lineRows.values().forEach(line -> refusals.refuse(Kind.LINE, line, lost()));
    stageRows.values().stream()
        .distinct()
        .forEach(stage -> refusals.refuse(Kind.STAGE, stage, lost()));
    lineRows.clear();
    lines.clear();
    back.clear();
    stages.clear();
  }

  private BadCell lost() {
    return new BadCell("order_no", "is that of an order that was refused, " + row.where());
  }

  /** Takes a stage in; all lines are in before. */
  void stage(Row stage) {
    try {
      stage.whole();
      if (kind == Kind.RETURN) {
        throw new BadCell("order_no", "is that of a RETURN, which has no stages");
      }
      if (bad != null || (lines.isEmpty() && refusedLines > 0)) {
        throw lost();
      }
      if (stages.size() == MOST_STAGES) {
        throw new BadCell("", "is beyond %,d stages of one order".formatted(MOST_STAGES));
      }
      StageReport report = rows.stage(stage);
      for (String lineNo : report.scope().keySet()) {
        if (!lines.containsKey(lineNo)) {
          throw new BadCell("line_no", "is no line of the order, or was refused");
        }
      }
      onlyOne(report, stage);
      stages.add(report);
    } catch (BadCell cell) {
      refusals.refuse(Kind.STAGE, stage, cell);
    }
  }

  /** Two rows of one identity would take turns at each import. */
  private void onlyOne(StageReport report, Row stage) {
    String identity =
        report.stage()
            + "\n"
            + String.join("\n", report.scope().keySet())
            + "\n"
            + report.document();
    Row before = stageRows.putIfAbsent(identity, stage);
    if (before != null) {
      throw new BadCell(
          "stage",
          "stands in line %d of the file already, for the same line and document; give documents to tell them apart"
              .formatted(before.line()));
    }
  }

  /** All has come in. Whether there is something to import; else it is refused. */
  boolean whole() {
    if (bad == null && lines.isEmpty() && back.isEmpty() && refusedLines > 0) {
      lose(new BadCell("", "has no line left: all of its lines were refused"));
    }
    if (bad != null) {
      refusals.refuse(kind, row, bad);
    }
    return bad == null;
  }

  /** The order with its lines, unless it is a return. */
  @Nullable Order order() {
    return order == null ? null : order.lines(lines.values());
  }

  /** The return with its lines, unless it is an order. */
  @Nullable ReturnNote note() {
    return note == null ? null : note.lines(back.values());
  }

  List<StageReport> stages() {
    return stages;
  }

  Row row() {
    return row;
  }
}
