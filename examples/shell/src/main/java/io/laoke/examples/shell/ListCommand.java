package io.laoke.examples.shell;

import io.laoke.member.Gender;
import io.laoke.member.Member;
import io.laoke.segment.Segment;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code list}. */
@Command(
    name = "list",
    description = {
      "Lists the members of a segment by id, as of one moment, however many they are.",
      "",
      "The segment is JSON, from a file or standard input."
    })
final class ListCommand implements Callable<Integer> {
  private static final int EVERY = 500;
  private static final int STOPPED = 130;

  /** No reader is left. */
  private static final class GoneException extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  /** As many as were wanted. */
  private static final class EnoughException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EnoughException() {
      super("Enough.", null, false, false);
    }
  }

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking asking;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking.Which which;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private RowsOut.Choice format;

  @Option(names = "--names", description = "With the members' names, which are left out else.")
  private boolean names;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most so many, those with the smallest ids. Default: all")
  private @Nullable Long limit;

  private long listed;

  @Override
  public Integer call() {
    if (limit != null && limit < 1) {
      throw asking.wrong("--limit must be at least 1, was: " + limit);
    }
    Progress progress = new Progress(spec.commandLine().getErr());
    try (Interrupt interrupt = new Interrupt()) {
      return asking.session(shell, session -> listed(session, progress, interrupt));
    } catch (Interrupt.Stopped stopped) {
      return STOPPED;
    } finally {
      progress.done();
    }
  }

  private int listed(Session session, Progress progress, Interrupt interrupt) {
    Segment segment = asking.only(shell, which);
    PrintWriter out = spec.commandLine().getOut();
    session.check(segment);
    List<String> columns =
        new ArrayList<>(List.of("member_id", "customer_no", "gender", "region", "source", "since"));
    if (names) {
      columns.add("name");
    }
    RowsOut rows = format.rows(shell, out, columns);
    MembersAhead ahead = new MembersAhead(session.dealer().members());
    try {
      session.segments().stream(
          segment,
          session.asOf(),
          id -> {
            interrupt.check();
            ahead
                .get(id)
                .ifPresent(
                    member -> {
                      rows.row(cells(member));
                      listed++;
                    });
            progress.tell(() -> "%,d members".formatted(listed));
            // A reader such as head may have seen enough.
            if (listed % EVERY == 0 && out.checkError()) {
              throw new GoneException();
            }
            if (limit != null && listed == limit) {
              throw new EnoughException();
            }
          });
    } catch (EnoughException enough) {
      out.flush();
      return 0;
    } catch (GoneException gone) {
      return 0;
    }
    out.flush();
    return 0;
  }

  private Map<String, Object> cells(Member member) {
    Map<String, Object> cells = new LinkedHashMap<>();
    cells.put("memberId", String.valueOf(member.id()));
    cells.put("customerNos", member.customerNos());
    cells.put("gender", member.gender().map(Gender::name).orElse(null));
    cells.put("region", member.region().orElse(null));
    cells.put("source", member.source());
    cells.put("since", member.since().toString());
    if (names) {
      cells.put("name", member.name().orElse(null));
    }
    return cells;
  }
}
