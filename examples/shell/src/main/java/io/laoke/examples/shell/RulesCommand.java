package io.laoke.examples.shell;

import io.laoke.base.Upserted;
import io.laoke.error.InvalidInputException;
import io.laoke.reminder.ReminderRule;
import io.laoke.reminder.ReminderRuleJson;
import io.laoke.reminder.ReminderRules;
import io.laoke.reminder.RuleVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
  private static final String STANDARD_INPUT = "-";

  /** More than any rule may have. */
  private static final int MOST = 70_000;

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
        "Puts a rule, given as JSON, or changes the one of its code. Reminders follow with 'tick'.",
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
        defaultValue = STANDARD_INPUT,
        description = "The rule's JSON: a file, or - for standard input. Default: ${DEFAULT-VALUE}")
    @SuppressWarnings("NullAway.Init")
    private String source;

    @Option(
        names = "--dry-run",
        description = "Tells what the rule would do to reminders; changes nothing.")
    private boolean dryRun;

    @Override
    public Integer call() {
      ReminderRule rule;
      try {
        rule = ReminderRuleJson.read(parent.text(source));
      } catch (InvalidInputException refused) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(refused.getMessage());
        err.flush();
        return Shell.WRONG;
      }
      PrintWriter out = spec.commandLine().getOut();
      return parent.rules(
          rules -> {
            if (dryRun) {
              out.println("Dry run: " + rules.dryRun(rule).toEnglish());
            } else {
              Upserted outcome = rules.put(rule);
              out.println(rule.code() + ": " + outcome.name().toLowerCase(Locale.ROOT));
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

  private String text(String source) {
    Charset charset = shell.charset().candidates().get(0);
    if (source.equals(STANDARD_INPUT)) {
      return text("Standard input", shell.in(), charset);
    }
    Path file = Shell.absolute(Path.of(source));
    try (InputStream in = Files.newInputStream(file)) {
      return text(file.toString(), in, charset);
    } catch (NoSuchFileException missing) {
      throw new CannotException("There is no file " + file + ".");
    } catch (IOException failed) {
      throw unreadable(file.toString(), failed);
    }
  }

  private static String text(String name, InputStream in, Charset charset) {
    try {
      return new String(in.readNBytes(MOST), charset).strip();
    } catch (IOException failed) {
      throw unreadable(name, failed);
    }
  }

  private static CannotException unreadable(String name, IOException failed) {
    return new CannotException(
        "%s cannot be read (%s).".formatted(name, failed.getClass().getSimpleName()));
  }
}
