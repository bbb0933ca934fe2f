package io.laoke.examples.shell;

import io.laoke.error.InvalidInputException;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ReminderRuleJson;
import io.laoke.reminder.ReminderRules;
import io.laoke.reminder.RuleVersion;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code rules}. */
@Command(
    name = "rules",
    description =
        "Lists the rules that say what gets a service how often, as lines of JSON that 'rules add'"
            + " takes; retired ones are left out.",
    subcommands = {RulesCommand.Add.class, RulesCommand.Retire.class})
final class RulesCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    return rules(
        rules -> {
          rules.list().stream()
              .filter(RuleVersion::active)
              .forEach(one -> out.println(ReminderRuleJson.write(one.rule())));
          out.flush();
          return 0;
        });
  }

  private int rules(ToIntFunction<ReminderRules> work) {
    try (Opened opened = Opened.forAsking(shell.target(), shell.dealer(), shell.zone())) {
      return work.applyAsInt(opened.dealer().reminders().rules());
    }
  }

  /** {@code rules add}. */
  @Command(
      name = "add",
      description = {
        "Puts a rule, given as JSON, or changes the one of its code; several, one on each line, are all"
            + " read before the first is put. Reminders follow with 'tick'.",
        "",
        "Such as {\"code\": \"hood\", \"category\": \"kitchen/hood\", \"kind\": \"CLEANING\", \"every\": \"P6M\"}"
      })
  static final class Add implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private RulesCommand parent;

    @Parameters(
        paramLabel = "FILE|-",
        arity = "0..1",
        defaultValue = Questions.STANDARD_INPUT,
        description = "The JSON: a file, or - for standard input. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Option(
        names = "--dry-run",
        description = "Tells what the rule would do to reminders; changes nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
      List<ReminderRule> given = new ArrayList<>();
      PrintWriter err = spec.commandLine().getErr();
      try (Questions rules = Questions.open(parent.shell, source, "a rule", err, false)) {
        for (Questions.Question one = rules.next(); one != null; one = rules.next()) {
          try {
            given.add(ReminderRuleJson.read(one.text()));
          } catch (InvalidInputException refused) {
            err.println(
                (rules.several() ? "line " + one.line() + ": " : "") + refused.getMessage());
            err.flush();
            return Shell.WRONG;
          }
        }
      }
      if (given.isEmpty()) {
        throw new ParameterException(spec.commandLine(), "There is no rule in what was given.");
      }
      PrintWriter out = spec.commandLine().getOut();
      return parent.rules(
          rules -> {
            for (ReminderRule rule : given) {
              out.println(
                  rule.code()
                      + ": "
                      + (dryRun
                          ? rules.dryRun(rule).toEnglish()
                          : rules.put(rule).name().toLowerCase(Locale.ROOT)));
            }
            out.flush();
            return 0;
          });
    }
  }

  /** {@code rules retire}. */
  @Command(
      name = "retire",
      description = "Retires a rule; what is to come of it vanishes with the next 'tick'.")
  static final class Retire implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @ParentCommand
    @SuppressWarnings("NullAway.Init")
    private RulesCommand parent;

    @Parameters(paramLabel = "CODE", description = "The rule's code.")
    @SuppressWarnings("NullAway.Init")
    private String code;

    @Override
    public Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      return parent.rules(
          rules -> {
            out.println(code + ": " + (rules.retire(code) ? "retired" : "was retired already"));
            out.flush();
            return 0;
          });
    }
  }
}
