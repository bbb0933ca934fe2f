package io.laoke.examples.shell;

import io.laoke.Dealer;
import io.laoke.DealerSettings;
import io.laoke.imports.ImportFact;
import io.laoke.imports.ImportOptions;
import io.laoke.imports.ImportReport;
import io.laoke.imports.ImportReport.State;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code import DIR}. */
@Command(
    name = "import",
    description = {
      "Brings members, orders, lines, stages, returns and services in from the files of a folder.",
      "",
      "Importing again changes nothing. An import that was stopped or killed goes on when the same"
          + " command is given once more. The layout of the files is in examples/shell/README.md."
    })
final class ImportCommand implements Callable<Integer> {
  private static final int STOPPED = 130;
  private static final int NAME = 40;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Parameters(
      paramLabel = "DIR",
      description =
          "The folder with members.csv, orders.csv, lines.csv, stages.csv and services.csv; each may"
              + " be packed, as orders.csv.gz.")
  @SuppressWarnings("NullAway.Init")
  private Path dir;

  @Option(
      names = "--dry-run",
      description = "Reads all, prints the counts and the first 20 errors, and writes nothing.")
  private boolean dryRun;

  @Option(
      names = "--errors",
      paramLabel = "FILE",
      description = "Writes all that is refused to this file, as comma-separated values.")
  private @Nullable Path errors;

  @Option(
      names = "--consent-text",
      paramLabel = "VERSION",
      defaultValue = "unknown",
      description =
          "Which words people agreed to, recorded with each consent. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private String consentText;

  private final Warnings warnings = new Warnings();

  @Override
  public Integer call() {
    Target target = shell.target();
    Optional<ZoneId> zone = shell.zone();
    Charsets charset = shell.charset();
    Progress progress = new Progress(spec.commandLine().getErr());
    try (Interrupt interrupt = new Interrupt()) {
      return done(target, zone, charset, progress, interrupt);
    } finally {
      progress.done();
    }
  }

  private int done(
      Target target,
      Optional<ZoneId> zone,
      Charsets charset,
      Progress progress,
      Interrupt interrupt) {
    PrintWriter err = spec.commandLine().getErr();
    try {
      Folder folder = Folder.of(Shell.absolute(dir), charset, warnings, progress, interrupt);
      Summary summary =
          dryRun
              ? dry(folder, target, zone, progress, interrupt)
              : imported(folder, target, zone, progress, interrupt);
      progress.done();
      folder
          .changed()
          .ifPresent(
              file -> err.println(file + " was changed while it was read: import it once more."));
      return told(summary);
    } catch (Interrupt.Stopped stopped) {
      progress.done();
      err.println(
          "Stopped. What is committed stays; give the same command once more, and it goes on.");
      err.flush();
      return STOPPED;
    }
  }

  private int told(Summary summary) {
    PrintWriter out = spec.commandLine().getOut();
    if (shell.json()) {
      summary.json(out);
    } else {
      summary.text(out, dryRun ? "Dry run: nothing was written." : "Imported.");
    }
    return summary.refused() == 0 ? 0 : Shell.SOME_REFUSED;
  }

  private Summary dry(
      Folder folder, Target target, Optional<ZoneId> zone, Progress progress, Interrupt interrupt) {
    try (Refused refused = new Refused(errors)) {
      Optional<Opened> opened = Opened.forReading(target, shell.dealer(), zone);
      try {
        ZoneId in =
            opened.map(Opened::zone).or(() -> zone).orElse(DealerSettings.defaults().zone());
        Catalogued catalogued =
            new Catalogued(opened.map(Opened::dealer).map(Dealer::catalog), false);
        try (History history =
            new History(
                folder,
                in,
                catalogued,
                name -> opened.flatMap(known -> known.dealer().attributes().find(name)),
                consentText,
                warnings,
                progress,
                interrupt,
                row -> progress.tell(() -> "%d%%: %s".formatted(folder.percent(), row.where())),
                refused)) {
          while (history.hasNext()) {
            history.next();
          }
          return head(Summary.dry(history, warnings), target, in)
              .with("newCategories", catalogued.added());
        }
      } finally {
        opened.ifPresent(Opened::close);
      }
    }
  }

  /** Where all that is refused goes, if anybody wants it. */
  private record Refused(@Nullable ErrorFile file) implements Consumer<Problem>, AutoCloseable {
    Refused(@Nullable Path path) {
      this(path == null ? null : new ErrorFile(path));
    }

    @Override
    public void accept(Problem problem) {
      if (file != null) {
        file.accept(problem);
      }
    }

    @Override
    public void close() {
      if (file != null) {
        file.close();
      }
    }
  }

  private Summary head(Summary summary, Target target, ZoneId zone) {
    return summary
        .with("dryRun", dryRun)
        .with("folder", Shell.absolute(dir).toString())
        .with("database", target.shown())
        .with("dealer", shell.dealer())
        .with("zone", zone.getId());
  }

  private Summary imported(
      Folder folder, Target target, Optional<ZoneId> zone, Progress progress, Interrupt interrupt) {
    try (Refused refused = new Refused(errors);
        Opened opened = Opened.forWriting(target, shell.dealer(), zone)) {
      Dealer dealer = opened.dealer();
      Catalogued catalogued = new Catalogued(Optional.of(dealer.catalog()), true);
      String run = name(folder);
      boolean resumed =
          dealer.imports().report(run).filter(was -> was.state() == State.RUNNING).isPresent();
      AtomicReference<@Nullable ImportReport> committed = new AtomicReference<>();
      try (History history =
          new History(
              folder,
              opened.zone(),
              catalogued,
              dealer.attributes()::find,
              consentText,
              warnings,
              progress,
              interrupt,
              row -> progress.tell(() -> shown(committed.get(), row, folder)),
              problem -> {})) {
        history.undeclared().forEach(dealer.attributes()::put);
        ImportReport report =
            dealer
                .imports()
                .run(run, history, ImportOptions.defaults().withProgress(committed::set));
        List<Problem> more = new ArrayList<>();
        Consents consents = new Consents(opened, (row, bad) -> more.add(row.problem(bad)));
        consents.record(history.consents(), progress, interrupt);
        if (refused.file() != null) {
          refused.file().all(dealer.imports(), run);
          more.forEach(refused);
        }
        return head(Summary.of(report, history, warnings, consents, more), target, opened.zone())
            .with("run", run)
            .with("starts", report.starts())
            .with("resumed", resumed)
            .with("newCategories", catalogued.added());
      }
    }
  }

  /** What is committed; a run that goes on passes over what it has behind it first. */
  private static String shown(@Nullable ImportReport committed, Row row, Folder folder) {
    return committed == null
        ? "%d%%: %s".formatted(folder.percent(), row.where())
        : "%d%%: %,d members, %,d orders, %,d lines, %,d returns, %,d refused"
            .formatted(
                folder.percent(),
                committed.of(ImportFact.Kind.MEMBER).accepted(),
                committed.of(ImportFact.Kind.ORDER).accepted(),
                committed.lines(),
                committed.of(ImportFact.Kind.RETURN).accepted(),
                committed.refused());
  }

  /**
   * The same files for the same dealer are the same run: killed, it goes on; ended, it starts over.
   * Files of other content are another run.
   */
  private static String name(Folder folder) {
    return "shell " + folder.digest().substring(0, NAME);
  }
}
