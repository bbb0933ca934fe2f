package io.laoke.examples.shell;

import io.laoke.error.InvalidInputException;
import io.laoke.reminder.ForecastDay;
import io.laoke.reminder.ForecastQuery;
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

/** {@code forecast}. */
@Command(
    name = "forecast",
    description = {
      "Tells how many services there are to do on each day in each store.",
      "",
      "Planned are those that are coming, and on the work list those that wait, are overdue or are"
          + " booked. With --capacity, what a day has no room for moves within its rule's lead time, what"
          + " is overdue to any later day, what is booked nowhere; 'over' are those for which no day has"
          + " room."
    })
final class ForecastCommand implements Callable<Integer> {
  private static final List<String> COLUMNS =
      List.of(
          "day",
          "store",
          "due",
          "planned",
          "over",
          "coming_planned",
          "waiting_planned",
          "overdue_planned",
          "booked_planned");

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Option(
      names = "--days",
      paramLabel = "COUNT",
      defaultValue = "90",
      description = "So many days, the first included. Default: ${DEFAULT-VALUE}")
  private int days;

  @Option(names = "--from", paramLabel = "DATE", description = "The first day; today unless said.")
  private @Nullable LocalDate from;

  @Option(
      names = "--capacity",
      paramLabel = "[STORE=]COUNT",
      description = "What each store can do on a day, or one of them; may be given several times.")
  private List<String> capacities = List.of();

  @Option(names = "--store", paramLabel = "CODE", description = "Of that store.")
  private @Nullable String store;

  @Option(names = "--kind", paramLabel = "CODE", description = "Of that kind of service.")
  private @Nullable String kind;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RowsOut.Choice format;

  private ForecastQuery query() {
    try {
      ForecastQuery query = ForecastQuery.days(days).store(store).kind(kind);
      query = from == null ? query : query.from(from);
      for (String one : capacities) {
        int equals = one.lastIndexOf('=');
        int count = Integer.parseInt(one.substring(equals + 1));
        query =
            equals < 0 ? query.capacity(count) : query.capacity(one.substring(0, equals), count);
      }
      return query;
    } catch (InvalidInputException refused) {
      throw new ParameterException(spec.commandLine(), "--" + refused.getMessage());
    } catch (NumberFormatException refused) {
      throw new ParameterException(
          spec.commandLine(),
          "--capacity: must be a number such as 20, or of one store, such as S1=35");
    }
  }

  @Override
  public Integer call() {
    ForecastQuery query = query();
    PrintWriter out = spec.commandLine().getOut();
    try (Opened opened = Opened.forAsking(shell.target(), shell.dealer(), shell.zone())) {
      RowsOut rows = format.rows(shell, out, COLUMNS);
      opened.dealer().reminders().forecast(query).days().forEach(day -> rows.row(cells(day)));
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> cells(ForecastDay day) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("day", day.day().toString());
    cells.put("store", day.store().orElse(null));
    cells.put("due", day.due());
    cells.put("planned", day.planned());
    cells.put("over", day.over());
    cells.put("comingPlanned", day.coming().planned());
    cells.put("waitingPlanned", day.waiting().planned());
    cells.put("overduePlanned", day.overdue().planned());
    cells.put("bookedPlanned", day.booked().planned());
    return cells;
  }
}
