package io.laoke.examples.shell;

import io.laoke.error.InvalidInputException;
import io.laoke.error.LaokeException;
import io.laoke.order.UnitServiceReport;
import io.laoke.reminder.NextService;
import io.laoke.reminder.Reminders;
import io.laoke.reminder.ServiceDone;
import io.laoke.reminder.Task;
import io.laoke.reminder.TaskItem;
import io.laoke.reminder.TaskState;
import io.laoke.reminder.Tasks;
import io.laoke.reminder.UnitReminder;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code done}. */
@Command(
    name = "done",
    description = {
      "Records a service that was done, and tells the next dates that follow from it: of a unit that"
          + " --order, --line and --kind name, or of a task of 'tasks' with all that is open of it.",
      "",
      "The same once more changes nothing. What was due of the unit is done with the next 'tick', a"
          + " task that is named at once."
    })
final class DoneCommand implements Callable<Integer> {
  /** The options that the SDK's names of what they hold stand for. */
  private static final Map<String, String> OPTIONS =
      Map.ofEntries(
          Map.entry("orderNo", "--order"),
          Map.entry("lineNo", "--line"),
          Map.entry("unitNo", "--unit"),
          Map.entry("units", "--unit"),
          Map.entry("kind", "--kind"),
          Map.entry("doneAt", "--at"),
          Map.entry("paid", "--paid"),
          Map.entry("paidFen", "--paid"),
          Map.entry("document", "--document"),
          Map.entry("technician", "--staff"),
          Map.entry("staff", "--staff"));

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Option(names = "--order", paramLabel = "NO", description = "The order of the unit.")
  private @Nullable String order;

  @Option(names = "--line", paramLabel = "NO", description = "Its line.")
  private @Nullable String line;

  @Option(
      names = "--unit",
      paramLabel = "N",
      description = "Which unit of the line, from 1 to its quantity. Default: 1")
  private @Nullable Integer unit;

  @Option(names = "--kind", paramLabel = "CODE", description = "What was done, as rules call it.")
  private @Nullable String kind;

  @Option(
      names = "--task",
      paramLabel = "ID",
      description =
          "Instead of these: a task, which --staff takes up first if nobody has it. What was paid"
              + " is spread over its services.")
  private @Nullable Long task;

  @Option(
      names = "--at",
      required = true,
      paramLabel = "DATE|TIME",
      description =
          "When it really was done: 2026-07-10 (its beginning, in the dealer's zone),"
              + " 2026-07-10T18:00 or 2026-07-10T18:00:00+08:00.")
  @SuppressWarnings("NullAway.Init")
  private String at;

  @Option(
      names = "--as-of",
      paramLabel = "DATE|TIME",
      description =
          "As if it were that moment, as for 'tick': nothing is recorded of a later day. Default: now")
  private @Nullable String asOf;

  @Option(
      names = "--paid",
      paramLabel = "YUAN",
      defaultValue = "0",
      description = "What was paid for it, such as 120.00. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private String paid;

  @Option(
      names = "--document",
      paramLabel = "NO",
      description =
          "The number of the work order, by which the service is known; without one it is by its"
              + " time. A task has its own.")
  private @Nullable String document;

  @Option(
      names = "--staff",
      paramLabel = "CODE",
      description = "Who did it; of a task also who has it or takes it up.")
  private @Nullable String staff;

  @Option(
      names = "--lang",
      paramLabel = "zh|en",
      defaultValue = "en",
      description = "In which language dates are explained. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private Language language;

  @Override
  public Integer call() {
    checked();
    try (Opened opened = Opened.forAsking(shell.target(), shell.dealer(), shell.zone())) {
      if (asOf != null) {
        opened.asOf(moment("--as-of", asOf, opened.zone()));
      }
      return task == null ? unitDone(opened) : taskDone(opened, task);
    } catch (InvalidInputException refused) {
      throw wrong(told(refused));
    }
  }

  private void checked() {
    if (task == null) {
      if (order == null || line == null || kind == null) {
        throw wrong("Name the unit by --order, --line and --kind, or a task by --task.");
      }
    } else if (Stream.of(order, line, unit, kind, document).anyMatch(one -> one != null)) {
      throw wrong("--task stands for --order, --line, --unit, --kind and --document: leave them.");
    } else if (staff == null) {
      throw wrong("--task needs --staff: who has the task, or takes it up.");
    }
  }

  private static String told(InvalidInputException refused) {
    String said = String.valueOf(refused.getMessage());
    String field = refused.field();
    String option = OPTIONS.get(field.replaceAll("^lines\\[.*]\\.", ""));
    return option != null && said.startsWith(field)
        ? option + said.substring(field.length())
        : said;
  }

  private Instant moment(ZoneId zone) {
    return moment("--at", at, zone);
  }

  private Instant moment(String option, String given, ZoneId zone) {
    return Moments.of(given, zone)
        .orElseThrow(
            () ->
                wrong(
                    option
                        + " must be a date or time such as 2026-07-10 or 2026-07-10T18:00:00+08:00, was: "
                        + Cells.shown(given)));
  }

  private int unitDone(Opened opened) {
    String orderNo = String.valueOf(order);
    UnitServiceReport report =
        UnitServiceReport.of(String.valueOf(line), String.valueOf(kind), moment(opened.zone()))
            .unit(unit == null ? 1 : unit)
            .paid(paid)
            .document(document)
            .technician(staff);
    String outcome =
        opened.dealer().services().record(orderNo, report).name().toLowerCase(Locale.ROOT);
    List<Next> next =
        next(
            opened.dealer().reminders(),
            orderNo,
            one ->
                one.lineNo().equals(report.lineNo())
                    && one.unitNo() == report.unitNo().orElseThrow()
                    && one.kind().equals(report.kind()));
    return told("Recorded: " + outcome, outcome, next);
  }

  private int taskDone(Opened opened, long taskId) {
    String who = String.valueOf(staff);
    ServiceDone done =
        ServiceDone.at(moment(opened.zone()))
            .paidFen(UnitServiceReport.of("1", "1", Instant.EPOCH).paid(paid).paidFen())
            .technician(staff);
    Tasks tasks = opened.dealer().reminders().tasks();
    Task before =
        tasks
            .find(taskId)
            .orElseThrow(
                () ->
                    new CannotException(
                        "There is no task %d. 'tasks' lists them.".formatted(taskId)));
    boolean claimed = before.state().live() && !before.assignee().equals(Optional.of(who));
    if (claimed || before.state() == TaskState.OPEN) {
      tasks.claim(taskId, who); // by a rule it may be on their list already
    }
    String outcome;
    try {
      outcome = tasks.done(taskId, who, done) ? "done" : "unchanged";
    } catch (LaokeException refused) {
      if (claimed) {
        tasks.release(taskId, who);
      }
      throw refused;
    }
    List<Next> next = new ArrayList<>();
    before.items().stream()
        .filter(item -> item.state() != TaskItem.State.GONE)
        .forEach(
            item ->
                next.addAll(
                    next(opened.dealer().reminders(), item.orderNo(), one -> of(one, item))));
    return told(
        "Task %d: %s".formatted(taskId, outcome), outcome, next.stream().distinct().toList());
  }

  private static boolean of(UnitReminder one, TaskItem item) {
    return one.lineNo().equals(item.lineNo())
        && one.unitNo() == item.unitNo()
        && one.kind().equals(item.kind());
  }

  /** A next date of a unit of an order. */
  private record Next(String orderNo, UnitReminder reminder) {}

  private static List<Next> next(
      Reminders reminders, String orderNo, Predicate<UnitReminder> meant) {
    return reminders.of(orderNo).stream().filter(meant).map(one -> new Next(orderNo, one)).toList();
  }

  private int told(String said, String outcome, List<Next> next) {
    PrintWriter out = spec.commandLine().getOut();
    if (shell.json()) {
      Map<String, Object> answer = new LinkedHashMap<>();
      answer.put("outcome", outcome);
      answer.put("next", next.stream().map(this::json).toList());
      out.println(Json.pretty(answer));
    } else {
      out.println(said);
      next.forEach(one -> out.println(text(one)));
      if (next.isEmpty()) {
        out.println("No rule says when it is due again: see 'rules'.");
      }
    }
    out.flush();
    return 0;
  }

  private String text(Next next) {
    UnitReminder one = next.reminder();
    return "next %s of %s, line %s, unit %d: %s"
        .formatted(one.kind(), next.orderNo(), one.lineNo(), one.unitNo(), why(one.next()));
  }

  private String why(NextService next) {
    return language.of(next.toChinese(), next.toEnglish());
  }

  private Map<String, Object> json(Next next) {
    UnitReminder one = next.reminder();
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("orderNo", next.orderNo());
    all.put("lineNo", one.lineNo());
    all.put("unitNo", one.unitNo());
    all.put("kind", one.kind());
    all.put("rule", one.ruleCode());
    all.put("due", one.next() instanceof NextService.Due due ? due.due().toString() : null);
    all.put("contact", one.contact().map(LocalDate::toString).orElse(null));
    all.put("why", why(one.next()));
    return all;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
