package io.laoke.examples.shell;

import io.laoke.error.InvalidInputException;
import io.laoke.reminder.ReportQuery;
import io.laoke.reminder.ReportQuery.Part;
import io.laoke.reminder.ReportRow;
import java.io.PrintWriter;
import java.time.YearMonth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code report}. */
@Command(
    name = "report",
    description = {
      "Tells what came of service reminders: how many came due, were reached, booked and done, and what"
          + " they brought in.",
      "",
      "A date counts in the month in which it came onto the work list, be it ahead of its own day by the"
          + " rule's lead time or late, with all that came of it since; services that came of none in"
          + " that in which they were done."
    })
final class ReportCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "month",
          "kind",
          "store",
          "staff",
          "channel",
          "due",
          "reached",
          "booked",
          "done",
          "income_fen",
          "own_services",
          "own_income_fen");

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "MONTH",
      description = "The first month, such as 2026-11.")
  @SuppressWarnings("NullAway.Init")
  private YearMonth from;

  @Option(
      names = "--to",
      paramLabel = "MONTH",
      description = "The last month; the first one unless said.")
  private @Nullable YearMonth to;

  @Option(
      names = "--by",
      paramLabel = "PART",
      split = ",",
      description = "What rows are told apart by: ${COMPLETION-CANDIDATES}; all unless said.")
  private Part @Nullable [] by;

  @Option(names = "--store", paramLabel = "CODE", description = "Of that store.")
  private @Nullable String store;

  @Option(names = "--kind", paramLabel = "CODE", description = "Of that kind of service.")
  private @Nullable String kind;

  @Option(names = "--staff", paramLabel = "CODE", description = "Of that member of staff.")
  private @Nullable String staff;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RowsOut.Choice format;

  private ReportQuery query() {
    try {
      ReportQuery query = ReportQuery.months(from, to == null ? from : to).store(store).kind(kind);
      query = by == null ? query : query.by(by);
      return staff == null ? query : query.staff(staff);
    } catch (InvalidInputException refused) {
      String option =
          refused.field().equals("first")
              ? "from"
              : refused.field().equals("last") ? "to" : refused.field();
      throw new ParameterException(
          spec.commandLine(),
          "--" + option + String.valueOf(refused.getMessage()).substring(refused.field().length()));
    }
  }

  @Override
  public Integer call() {
    ReportQuery query = query();
    PrintWriter out = spec.commandLine().getOut();
    try (Opened opened = Opened.forAsking(shell.target(), shell.dealer(), shell.zone())) {
      RowsOut rows = format.rows(shell, out, COLUMNS);
      opened.dealer().reminders().report(query).rows().forEach(row -> rows.row(cells(row)));
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> cells(ReportRow row) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("month", row.month().map(Object::toString).orElse(null));
    cells.put("kind", row.kind().orElse(null));
    cells.put("store", row.store().orElse(null));
    cells.put("staff", row.staff().orElse(null));
    cells.put("channel", row.channel().map(Object::toString).orElse(null));
    cells.put("due", row.due());
    cells.put("reached", row.reached());
    cells.put("booked", row.booked());
    cells.put("done", row.done());
    cells.put("incomeFen", row.incomeFen());
    cells.put("ownServices", row.ownServices());
    cells.put("ownIncomeFen", row.ownIncomeFen());
    return cells;
  }
}
