package io.laoke.examples.shell;

import io.laoke.base.Phone;
import io.laoke.error.InvalidInputException;
import io.laoke.reminder.Task;
import io.laoke.reminder.TaskItem;
import io.laoke.reminder.TaskPage;
import io.laoke.reminder.TaskQuery;
import io.laoke.reminder.TaskState;
import io.laoke.reminder.Tasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tasks}. */
@Command(
    name = "tasks",
    description = {
      "Lists the work list: what came due by 'tick' and is still to be done, by its day.",
      "",
      "With the names and addresses that orders have, phones masked. A line for each service, or, in JSON,"
          + " for each task with its services."
    })
final class TasksCommand implements Callable<Integer> {
  private static final int PAGE = 500;
  private static final LocalDate FIRST = LocalDate.of(1900, 1, 1);
  private static final LocalDate LAST = LocalDate.of(2399, 12, 31);

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Option(
      names = "--due-from",
      paramLabel = "DATE",
      description = "Due on that day, such as 2026-11-27, or later.")
  private @Nullable LocalDate dueFrom;

  @Option(names = "--due-to", paramLabel = "DATE", description = "Due on that day or before.")
  private @Nullable LocalDate dueTo;

  @Option(names = "--store", paramLabel = "CODE", description = "Of orders of that store.")
  private @Nullable String store;

  @Option(names = "--kind", paramLabel = "CODE", description = "With that kind of service.")
  private @Nullable String kind;

  @Option(names = "--staff", paramLabel = "CODE", description = "Which that member of staff has.")
  private @Nullable String staff;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      split = ",",
      description =
          "In one of these states, with commas between them: ${COMPLETION-CANDIDATES}. Default: those"
              + " in which something is to do.")
  private TaskState @Nullable [] states;

  @Option(
      names = "--format",
      paramLabel = "csv|jsonl",
      description = "Comma-separated values, or a line of JSON each (also by --json). Default: csv")
  private RowsOut.@Nullable Format format;

  @Override
  public Integer call() throws IOException {
    TaskQuery query = query();
    PrintWriter out = spec.commandLine().getOut();
    try (Opened opened = Opened.forAsking(shell.target(), shell.dealer(), shell.zone())) {
      Tasks tasks = opened.dealer().reminders().tasks();
      if (shell.json() || format == RowsOut.Format.JSONL) {
        lines(tasks, query, out);
      } else {
        tasks.exportCsv(query, out);
      }
    }
    out.flush();
    return 0;
  }

  private TaskQuery query() {
    try {
      TaskQuery query = TaskQuery.todo().store(store).kind(kind);
      if (dueFrom != null || dueTo != null) {
        query = query.due(dueFrom == null ? FIRST : dueFrom, dueTo == null ? LAST : dueTo);
      }
      if (staff != null) {
        query = query.assignee(staff);
      }
      return states == null ? query : query.states(states);
    } catch (InvalidInputException refused) {
      String said = String.valueOf(refused.getMessage());
      throw new ParameterException(
          spec.commandLine(),
          switch (refused.field()) {
            case "first" -> "--due-from" + said.substring("first".length());
            case "last" -> "--due-to" + said.substring("last".length());
            default -> "--" + said;
          });
    }
  }

  private static void lines(Tasks tasks, TaskQuery query, PrintWriter out) {
    String cursor = null;
    do {
      TaskPage page = tasks.list(query, cursor, PAGE);
      page.tasks().forEach(one -> out.println(Json.line(json(one))));
      cursor = page.next().orElse(null);
      // A reader such as head may have seen enough.
    } while (cursor != null && !out.checkError());
  }

  private static Map<String, Object> json(Task one) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("taskId", one.id());
    all.put("state", one.state().name());
    all.put("due", one.due().toString());
    all.put("overdueDays", one.overdueDays());
    all.put(
        "memberId", one.memberId().isPresent() ? String.valueOf(one.memberId().getAsLong()) : null);
    all.put("contactName", one.contactName().orElse(null));
    all.put("phone", one.phone().map(Phone::masked).orElse(null));
    all.put("region", one.region().orElse(null));
    all.put("street", one.street().orElse(null));
    all.put("store", one.storeCode().orElse(null));
    all.put("assignee", one.assignee().orElse(null));
    all.put("snoozedUntil", one.snoozedUntil().map(LocalDate::toString).orElse(null));
    all.put("bookedFrom", one.booked().map(slot -> slot.from().toString()).orElse(null));
    all.put("bookedTo", one.booked().map(slot -> slot.to().toString()).orElse(null));
    all.put("workOrderNo", one.workOrderNo().orElse(null));
    all.put("services", one.items().stream().map(TasksCommand::json).toList());
    return all;
  }

  private static Map<String, Object> json(TaskItem item) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("orderNo", item.orderNo());
    all.put("lineNo", item.lineNo());
    all.put("unitNo", item.unitNo());
    all.put("kind", item.kind());
    all.put("due", item.due().toString());
    all.put("state", item.state().name());
    all.put("model", item.model().orElse(null));
    all.put("brand", item.brand().orElse(null));
    all.put("served", item.served().map(LocalDate::toString).orElse(null));
    all.put("incomeFen", item.incomeFen().isPresent() ? item.incomeFen().getAsLong() : null);
    return all;
  }
}
