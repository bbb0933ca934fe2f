package io.laoke.examples.shell;

import io.laoke.Dealer;
import io.laoke.reminder.ReminderRules;
import io.laoke.reminder.RuleEffect;
import io.laoke.reminder.RuleProgress;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      "Tells of each rule that reminders followed in this tick how many moved, vanished or appeared.",
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
            Map<String, RuleProgress> before = progress(opened.dealer());
            int ticks = 0;
            do {
              opened.tick(now);
              int done = ++ticks;
              progress.tell(() -> "%,d rounds".formatted(done));
            } while (following(opened.dealer()));
            told(opened.dealer(), before);
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

  /** How far each rule's last change is. */
  private static Map<String, RuleProgress> progress(Dealer dealer) {
    ReminderRules rules = dealer.reminders().rules();
    Map<String, RuleProgress> progress = new LinkedHashMap<>();
    rules.list().stream()
        .flatMap(one -> rules.progress(one.rule().code()).stream())
        .forEach(one -> progress.put(one.code(), one));
    return progress;
  }

  /** What this tick did for a change of a rule; what ticks before did was told by them. */
  private record Followed(String code, RuleEffect effect) {
    static Optional<Followed> of(RuleProgress now, Optional<RuleProgress> was) {
      Optional<RuleProgress> same = was.filter(one -> one.version() == now.version());
      RuleEffect told = same.map(RuleProgress::effect).orElse(new RuleEffect(0, 0, 0));
      RuleEffect all = now.effect();
      boolean ended = same.filter(one -> one.doneAt().isPresent()).isPresent();
      return ended && told.equals(all)
          ? Optional.empty()
          : Optional.of(
              new Followed(
                  now.code(),
                  new RuleEffect(
                      all.moved() - told.moved(),
                      all.vanished() - told.vanished(),
                      all.appeared() - told.appeared())));
    }

    Map<String, Object> json() {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("rule", code);
      all.put("moved", effect.moved());
      all.put("vanished", effect.vanished());
      all.put("appeared", effect.appeared());
      return all;
    }
  }

  private void told(Dealer dealer, Map<String, RuleProgress> before) {
    PrintWriter out = spec.commandLine().getOut();
    Map<String, RuleProgress> now = progress(dealer);
    List<Followed> followed =
        now.values().stream()
            .flatMap(one -> Followed.of(one, Optional.ofNullable(before.get(one.code()))).stream())
            .toList();
    if (shell.json()) {
      out.println(Json.pretty(Map.of("rules", followed.stream().map(Followed::json).toList())));
    } else if (now.isEmpty()) {
      out.println("There are no rules: add one by 'rules add'.");
    } else if (followed.isEmpty()) {
      out.println("No rule has changed since the last tick.");
    } else {
      followed.forEach(one -> out.printf("%s: %s%n", one.code(), one.effect().toEnglish()));
    }
    out.flush();
  }
}
