package io.laoke.examples.shell;

import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportFact.Kind;
import io.laoke.member.AttributeType;
import io.laoke.member.MemberProfile;
import io.laoke.order.Order;
import io.laoke.order.ReturnNote;
import io.laoke.order.StageReport;
import io.laoke.order.UnitServiceReport;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a folder: members, then orders and returns with their lines and stages in the
 * sequence of {@code orders.csv}, then stages of orders that the folder does not have, then
 * services. The same files give the same facts, whatever the database holds. Memory is bounded by
 * the largest order.
 */
final class History implements Iterator<ImportFact>, AutoCloseable {
  private static final String NO_KEY = "?";
  private static final int MOST_KEY = 150;

  private final RowFile consenting = new RowFile();
  private final KeyIndex memberLines = new KeyIndex();
  private final Deque<ImportFact> ready = new ArrayDeque<>();
  private final KeyIndex serviceLines = new KeyIndex();
  private final Tally tally = new Tally();
  private final Warnings warnings;
  private final Interrupt interrupt;
  private final Consumer<Row> reading;
  private final Consumer<Problem> problems;
  private final OrderRows orderRows;
  private final @Nullable Table members;
  private final @Nullable MemberRows memberRows;
  private final OrderIndex index;
  private final @Nullable Table orders;
  private final Children lines;
  private final Children stages;
  private final @Nullable Table services;
  private @Nullable Draft draft;
  private long place;
  private long facts;
  private boolean membersDone;
  private boolean ordersDone;
  private boolean done;

  /**
   * Opens the files.
   *
   * @param declared what the dealer has declared of an attribute
   * @param progress of what must be read in advance
   * @param reading told of each row of members and orders
   * @param problems told of each row that is refused
   */
  History(
      Folder folder,
      ZoneId zone,
      Catalogued catalogued,
      Function<String, Optional<AttributeType>> declared,
      String consentText,
      Warnings warnings,
      Progress progress,
      Interrupt interrupt,
      Consumer<Row> reading,
      Consumer<Problem> problems) {
    this.warnings = warnings;
    this.reading = reading;
    this.interrupt = interrupt;
    this.problems = problems;
    LocalTimes times = new LocalTimes(zone, warnings);
    this.orderRows = new OrderRows(times, catalogued, warnings);
    Opening opening = new Opening(folder, progress);
    try {
      this.members = opening.table(Folder.MEMBERS, MemberRows.KNOWN, MemberRows.REQUIRED);
      this.memberRows =
          members == null
              ? null
              : new MemberRows(members.header(), times, catalogued, declared, consentText);
      this.orders = opening.table(Folder.ORDERS, OrderRows.KNOWN, OrderRows.REQUIRED);
      unknown(orders);
      this.index = new OrderIndex(folder.source(Folder.ORDERS), progress, interrupt);
      this.lines =
          opening.children(Folder.LINES, OrderRows.LINE_KNOWN, OrderRows.LINE_REQUIRED, this);
      this.stages =
          opening.children(Folder.STAGES, OrderRows.STAGE_KNOWN, OrderRows.STAGE_REQUIRED, this);
      this.services =
          opening.table(Folder.SERVICES, OrderRows.SERVICE_KNOWN, OrderRows.SERVICE_REQUIRED);
      unknown(services);
    } catch (RuntimeException failed) {
      opening.close();
      consenting.close();
      throw failed;
    }
    folder.rewound();
  }

  /** Closes what was opened if the rest cannot be. */
  private record Opening(Folder folder, Progress progress, Deque<AutoCloseable> opened) {
    Opening(Folder folder, Progress progress) {
      this(folder, progress, new ArrayDeque<>());
    }

    @Nullable Table table(String name, Set<String> known, Set<String> required) {
      Source source = folder.source(name);
      if (source == null) {
        return null;
      }
      Table table = new Table(source, known, required);
      opened.push(table);
      return table;
    }

    Children children(String name, Set<String> known, Set<String> required, History history) {
      Source source = folder.source(name);
      if (source != null) {
        try (Table table = new Table(source, known, required)) {
          history.unknown(table);
        }
      }
      Children children =
          Children.of(source, known, required, history.index, progress, history.interrupt);
      opened.push(children);
      return children;
    }

    void close() {
      while (!opened.isEmpty()) {
        try {
          opened.removeLast().close();
        } catch (Exception also) {
          // The first failure is told.
        }
      }
    }
  }

  private void unknown(@Nullable Table table) {
    if (table != null) {
      table
          .header()
          .unknown()
          .forEach(
              column ->
                  warnings.add(
                      "UNKNOWN_COLUMN",
                      "column '%s' is none of the layout, and was not read"
                          .formatted(Cells.shown(column)),
                      table.header().file()));
    }
  }

  @Override
  public boolean hasNext() {
    while (ready.isEmpty() && !done) {
      interrupt.check();
      step();
    }
    return !ready.isEmpty();
  }

  @Override
  public ImportFact next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.remove();
  }

  /** Reads one row. */
  private void step() {
    if (!membersDone) {
      member();
    } else if (draft != null) {
      child(draft);
    } else if (!ordersDone) {
      order();
    } else {
      rest();
    }
  }

  private void add(ImportFact fact) {
    facts++;
    ready.add(fact);
  }

  private void refuse(Kind kind, String key, Row row, BadCell bad) {
    Problem problem = row.problem(bad);
    add(
        ImportFact.refused(
                kind,
                key(key),
                bad.column().isEmpty() ? Problem.ROW : Cells.shown(bad.column()),
                Cells.plain(row.cell(bad.column())),
                bad.reason())
            .from(row.where()));
    tally.refused(kind, facts, problem);
    problems.accept(problem);
  }

  /** A key as it can be kept, whatever stands there. */
  private static String key(String cell) {
    String plain = Cells.plain(cell);
    plain =
        plain.codePointCount(0, plain.length()) <= MOST_KEY
            ? plain
            : plain.substring(0, plain.offsetByCodePoints(0, MOST_KEY - 1)) + "…";
    return plain.isBlank() ? NO_KEY : plain;
  }

  private void member() {
    Row row = members == null ? null : members.next();
    if (row == null || memberRows == null) {
      membersDone = true;
      return;
    }
    reading.accept(row);
    try {
      row.whole();
      MemberProfile profile = memberRows.profile(row);
      int before =
          memberLines.putIfAbsent(
              profile.customerNo(), (int) Math.min(row.line(), Integer.MAX_VALUE));
      if (before != KeyIndex.NONE) {
        throw new BadCell("customer_no", "stands in line %d of the file already".formatted(before));
      }
      if (!memberRows.consents(row).isEmpty()) {
        consenting.add(new RowFile.Keyed(0, row.raw()));
      }
      add(ImportFact.member(profile).from(row.where()));
      tally.member();
    } catch (BadCell bad) {
      refuse(Kind.MEMBER, row.cell("customer_no"), row, bad);
    }
  }

  private void order() {
    Row row = orders == null ? null : orders.next();
    if (row == null) {
      ordersDone = true;
      return;
    }
    reading.accept(row);
    String orderNo = row.cell("order_no");
    int first = index.place(orderNo);
    if (first != OrderIndex.NONE && first != place) {
      refuse(
          Kind.ORDER,
          orderNo,
          row,
          new BadCell("order_no", "stands in row %,d of the file already".formatted(first + 1)));
      place++;
      return;
    }
    draft =
        new Draft(row, orderRows, (kind, of, bad) -> refuse(kind, of.cell("order_no"), of, bad));
  }

  /** The next line or stage of an order, or its end. */
  private void child(Draft of) {
    Children.Child line = lines.peek();
    if (line != null && line.place() <= place) {
      lines.pass();
      if (line.place() == place) {
        of.line(line.row());
      } else {
        orphanLine(line.row());
      }
      return;
    }
    Children.Child stage = stages.peek();
    if (stage != null && stage.place() <= place) {
      stages.pass();
      if (stage.place() == place) {
        of.stage(stage.row());
      } else {
        orphanStage(stage.row());
      }
      return;
    }
    finish(of);
    draft = null;
    place++;
  }

  private void finish(Draft of) {
    if (!of.whole()) {
      return;
    }
    Order order = of.order();
    ReturnNote note = of.note();
    if (order != null) {
      ImportFact fact = ImportFact.order(order);
      for (StageReport stage : of.stages()) {
        fact = fact.stage(stage);
        tally.stage();
      }
      add(fact.from(of.row().where()));
      tally.order(order);
    } else if (note != null) {
      add(ImportFact.returned(note).from(of.row().where()));
      boolean guest =
          note.customerNo().isEmpty() && note.orderNo().filter(index::ofCustomer).isEmpty();
      tally.note(note, guest);
    }
  }

  private void orphanLine(Row row) {
    try {
      row.whole();
      row.requiredKey("order_no");
      throw new BadCell("order_no", "is that of no order in orders.csv");
    } catch (BadCell bad) {
      refuse(Kind.LINE, row.cell("order_no"), row, bad);
    }
  }

  /** A stage of an order that an earlier import brought in, or nobody knows. */
  private void orphanStage(Row row) {
    try {
      row.whole();
      String orderNo = row.requiredKey("order_no");
      Row.made("order_no", () -> Order.of(orderNo, Instant.EPOCH));
      StageReport report = orderRows.stage(row);
      add(ImportFact.stage(orderNo, report).from(row.where()));
      tally.stage();
    } catch (BadCell bad) {
      refuse(Kind.STAGE, row.cell("order_no"), row, bad);
    }
  }

  private void rest() {
    Children.Child line = lines.peek();
    Children.Child stage = stages.peek();
    if (line != null) {
      lines.pass();
      orphanLine(line.row());
    } else if (stage != null) {
      stages.pass();
      orphanStage(stage.row());
    } else {
      service();
    }
  }

  /** A service of an order of the folder, or of one that an earlier import brought in. */
  private void service() {
    Row row = services == null ? null : services.next();
    if (row == null) {
      done = true;
      return;
    }
    reading.accept(row);
    try {
      row.whole();
      String orderNo = row.requiredKey("order_no");
      Row.made("order_no", () -> Order.of(orderNo, Instant.EPOCH));
      UnitServiceReport report = orderRows.service(row);
      onlyOne(orderNo, report, row);
      add(ImportFact.service(orderNo, report).from(row.where()));
      tally.service();
    } catch (BadCell bad) {
      refuse(Kind.SERVICE, row.cell("order_no"), row, bad);
    }
  }

  /** Two rows of one identity would take turns at each import. */
  private void onlyOne(String orderNo, UnitServiceReport report, Row row) {
    String identity =
        String.join(
            "\n",
            orderNo,
            report.lineNo(),
            report.unitNo().toString(),
            report.kind(),
            report.doneAt().toString());
    int before = serviceLines.putIfAbsent(identity, (int) Math.min(row.line(), Integer.MAX_VALUE));
    if (before != KeyIndex.NONE) {
      throw new BadCell(
          "done_at",
          "stands in line %d of the file already, for the same line, unit and kind"
              .formatted(before));
    }
  }

  /** What was read so far. */
  Tally tally() {
    return tally;
  }

  /** Rows by their files. */
  Map<String, Long> rows() {
    Map<String, Long> rows = new LinkedHashMap<>();
    if (members != null) {
      rows.put(Folder.MEMBERS, members.count());
    }
    if (orders != null) {
      rows.put(Folder.ORDERS, orders.count());
      rows.put(Folder.LINES, lines.count());
    }
    if (stages.count() > 0) {
      rows.put(Folder.STAGES, stages.count());
    }
    if (services != null) {
      rows.put(Folder.SERVICES, services.count());
    }
    return rows;
  }

  /** The attributes of members, with their types. */
  Map<String, String> attributes() {
    return memberRows == null ? Map.of() : memberRows.attributes();
  }

  /** The attributes that are yet to be declared. */
  List<AttributeType> undeclared() {
    return memberRows == null ? List.of() : memberRows.undeclared();
  }

  /** Members that agreed to or refused something; once all facts are read. */
  Iterator<Consents.Said> consents() {
    RowFile rows = consenting.rewound();
    return new Iterator<>() {
      private RowFile.@Nullable Keyed ahead = rows.next();

      @Override
      public boolean hasNext() {
        return ahead != null;
      }

      @Override
      public Consents.Said next() {
        RowFile.Keyed keyed = ahead;
        if (keyed == null || members == null || memberRows == null) {
          throw new NoSuchElementException();
        }
        ahead = rows.next();
        Row row = new Row(members.header(), keyed.row());
        return new Consents.Said(row, row.cell("customer_no"), memberRows.consents(row));
      }
    };
  }

  @Override
  public void close() {
    if (members != null) {
      members.close();
    }
    if (orders != null) {
      orders.close();
    }
    lines.close();
    stages.close();
    if (services != null) {
      services.close();
    }
    consenting.close();
  }
}
