package io.laoke.examples.shell;

import io.laoke.Dealer;
import io.laoke.reminder.ReminderRules;
import io.laoke.reminder.RuleEffect;
import io.laoke.reminder.RuleProgress;
import io.laoke.reminder.RuleVersion;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code tick}. */
@Command(
    name = "tick",
    description = {
      "Does what is due at a moment, as an engine does by itself: plans reminders by the rules, and has"
          + " those come due whose day has come.",
      "",
      "What came due stays so: try another day in a copy of the database, or from the earliest on."
    })
final class TickCommand implements Callable<Integer> {
  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking asking;

  @Override
  public Integer call() {
    Progress progress = new Progress(spec.commandLine().getErr());
    try {
      return asking.opened(
          shell,
          (opened, now) -> {
            int ticks = 0;
            do {
              opened.tick(now);
              int done = ++ticks;
              progress.tell(() -> "%,d rounds".formatted(done));
            } while (following(opened.dealer()));
            told(opened.dealer());
            return 0;
          });
    } finally {
      progress.done();
    }
  }

  /** Whether reminders have yet to follow a rule. */
  private static boolean following(Dealer dealer) {
    ReminderRules rules = dealer.reminders().rules();
    return rules.list().stream()
        .flatMap(one -> rules.progress(one.rule().code()).stream())
        .anyMatch(one -> one.doneAt().isEmpty());
  }

  private void told(Dealer dealer) {
    PrintWriter out = spec.commandLine().getOut();
    ReminderRules rules = dealer.reminders().rules();
    List<RuleVersion> all = rules.list();
    if (shell.json()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("rules", all.stream().map(one -> json(one, rules)).toList());
      out.println(Json.pretty(line));
    } else {
      for (RuleVersion one : all) {
        RuleEffect effect = effect(one, rules);
        out.printf("%s: %s%n", one.rule().code(), effect.toEnglish());
      }
      if (all.isEmpty()) {
        out.println("There are no rules: add one by 'rules add'.");
      }
    }
    out.flush();
  }

  private static RuleEffect effect(RuleVersion one, ReminderRules rules) {
    return rules
        .progress(one.rule().code())
        .map(RuleProgress::effect)
        .orElse(new RuleEffect(0, 0, 0));
  }

  private static Map<String, Object> json(RuleVersion one, ReminderRules rules) {
    RuleEffect effect = effect(one, rules);
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("rule", one.rule().code());
    all.put("moved", effect.moved());
    all.put("vanished", effect.vanished());
    all.put("appeared", effect.appeared());
    return all;
  }
}
