package io.laoke.examples.shell;

import io.laoke.error.InvalidInputException;
import io.laoke.reminder.Basis;
import io.laoke.reminder.DuePage;
import io.laoke.reminder.DueQuery;
import io.laoke.reminder.DueReminder;
import io.laoke.reminder.Reminders;
import java.io.PrintWriter;
import java.time.LocalDate;
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

/** {@code due}. */
@Command(
    name = "due",
    description = {
      "Lists the services that are to come, by the day on which their customers are told.",
      "",
      "'rules add' says what is serviced how often, and 'tick' plans it. What came due by a tick is no"
          + " longer to come."
    })
final class DueCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final List<String> COLUMNS =
      List.of(
          "contact",
          "due",
          "kind",
          "order_no",
          "line_no",
          "unit_no",
          "member_id",
          "store",
          "category",
          "model",
          "brand",
          "rule",
          "counted_from",
          "basis",
          "assumed");

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Option(
      names = "--from",
      required = true,
      paramLabel = "DATE",
      description = "The first day on which customers are told, such as 2026-11-27.")
  @SuppressWarnings("NullAway.Init")
  private LocalDate from;

  @Option(names = "--to", required = true, paramLabel = "DATE", description = "The last such day.")
  @SuppressWarnings("NullAway.Init")
  private LocalDate to;

  @Option(names = "--store", paramLabel = "CODE", description = "Of orders of that store.")
  private @Nullable String store;

  @Option(names = "--kind", paramLabel = "CODE", description = "Of that kind of service.")
  private @Nullable String kind;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RowsOut.Choice format;

  @Override
  public Integer call() {
    DueQuery query;
    try {
      query = DueQuery.between(from, to).store(store).kind(kind);
    } catch (InvalidInputException refused) {
      throw new ParameterException(spec.commandLine(), "--" + refused.getMessage());
    }
    PrintWriter out = spec.commandLine().getOut();
    try (Opened opened = Opened.forAsking(shell.target(), shell.dealer(), shell.zone())) {
      Reminders reminders = opened.dealer().reminders();
      RowsOut rows = format.rows(shell, out, COLUMNS);
      String cursor = null;
      do {
        DuePage page = reminders.due(query, cursor, PAGE);
        page.reminders().forEach(one -> rows.row(cells(one)));
        cursor = page.next().orElse(null);
        // A reader such as head may have seen enough.
      } while (cursor != null && !out.checkError());
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> cells(DueReminder one) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("contact", one.contact().toString());
    cells.put("due", one.due().toString());
    cells.put("kind", one.kind());
    cells.put("orderNo", one.orderNo());
    cells.put("lineNo", one.lineNo());
    cells.put("unitNo", one.unitNo());
    cells.put(
        "memberId", one.memberId().isPresent() ? String.valueOf(one.memberId().getAsLong()) : null);
    cells.put("store", one.storeCode().orElse(null));
    cells.put("category", one.category());
    cells.put("model", one.model().orElse(null));
    cells.put("brand", one.brand().orElse(null));
    cells.put("rule", one.ruleCode());
    cells.put("countedFrom", one.from().toString());
    cells.put("basis", one.basis().map(Basis::name).orElse(null));
    cells.put("assumed", one.assumed());
    return cells;
  }
}
