package io.laoke.examples.shell;

import io.laoke.segment.Segment;
import io.laoke.segment.SegmentException;
import io.laoke.segment.SegmentJson;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntBiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What commands that ask about members are told by options, and how they go about it. */
final class Asking {
  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Option(
      names = "--as-of",
      paramLabel = "DATE|TIME",
      description =
          "The moment from which windows of time are reckoned: 2026-11-27 (its beginning, in the"
              + " dealer's zone), 2026-11-27T18:00 or 2026-11-27T18:00:00+08:00. Default: now")
  private @Nullable String asOf;

  @Option(
      names = "--lang",
      paramLabel = "zh|en",
      defaultValue = "en",
      description = "The language of sentences. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private Language language;

  /** Which members. */
  static final class Which {
    @Option(
        names = "--segment",
        paramLabel = "FILE|-",
        description =
            "A segment in JSON, or one on each line: a file, or - for standard input, which is read"
                + " if this is not given.")
    private @Nullable String segment;

    @Option(names = "--everyone", description = "All members instead of a segment.")
    private boolean everyone;

    @Option(
        names = "--lines",
        description =
            "Takes each line for a question and answers it at once with a line of JSON, even if it"
                + " is the only one.")
    private boolean lines;

    private String source() {
      return segment == null ? Questions.STANDARD_INPUT : segment;
    }
  }

  private boolean everyone(Which which) {
    if (which.everyone && which.segment != null) {
      throw wrong("Give --segment or --everyone, not both.");
    }
    return which.everyone;
  }

  /** Works with the dealer; what is wrong with the question is told. */
  int session(Shell shell, ToIntFunction<Session> work) {
    return opened(
        shell, (opened, moment) -> work.applyAsInt(new Session(opened.dealer(), moment, language)));
  }

  /** The same with all that is open, at the moment that {@code --as-of} names. */
  int opened(Shell shell, ToIntBiFunction<Opened, Instant> work) {
    Target target = shell.target();
    try (Opened opened = Opened.forAsking(target, shell.dealer(), shell.zone())) {
      return work.applyAsInt(opened, moment(opened.zone()));
    } catch (SegmentException refused) {
      return told(shell, Mistake.of(refused));
    } catch (Mistake.MistakenException mistaken) {
      return told(shell, mistaken.mistakes());
    }
  }

  private int told(Shell shell, List<Mistake> mistakes) {
    PrintWriter err = spec.commandLine().getErr();
    if (shell.json()) {
      err.println(Json.pretty(error(mistakes)));
    } else {
      mistakes.forEach(one -> err.println(one.text(language)));
    }
    err.flush();
    return Shell.WRONG;
  }

  private static Map<String, Object> error(List<Mistake> mistakes) {
    return Map.of("error", Map.of("problems", mistakes.stream().map(Mistake::json).toList()));
  }

  private Instant moment(ZoneId zone) {
    if (asOf == null) {
      return Instant.now().truncatedTo(ChronoUnit.MILLIS);
    }
    String given = asOf;
    return Moments.of(given, zone)
        .orElseThrow(
            () ->
                wrong(
                    "--as-of must be a date or time such as 2026-11-27 or 2026-11-27T18:00:00+08:00, was: "
                        + Cells.shown(given)));
  }

  ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Answers one question, or each of several by a line of JSON. */
  int answers(Shell shell, Which which, Answer.Answering answering) {
    return session(
        shell,
        session -> {
          if (everyone(which)) {
            return answer(shell, answering.of(session, new Segment.Everyone()));
          }
          try (Questions questions = questions(shell, which)) {
            return questions.several()
                ? lines(questions, session, answering)
                : answer(shell, answering.of(session, SegmentJson.read(only(questions, which))));
          }
        });
  }

  private int answer(Shell shell, Answer answer) {
    PrintWriter out = spec.commandLine().getOut();
    if (shell.json()) {
      out.println(Json.pretty(answer.json()));
    } else {
      answer.text(out);
    }
    out.flush();
    return 0;
  }

  private int lines(Questions questions, Session session, Answer.Answering answering) {
    PrintWriter out = spec.commandLine().getOut();
    int code = 0;
    for (Questions.Question one = questions.next(); one != null; one = questions.next()) {
      Map<String, Object> line = new LinkedHashMap<>();
      line.put("line", one.line());
      try {
        line.putAll(answering.of(session, SegmentJson.read(one.text())).json());
      } catch (SegmentException refused) {
        code = Shell.SOME_REFUSED;
        line.putAll(error(Mistake.of(refused)));
      } catch (Mistake.MistakenException mistaken) {
        code = Shell.SOME_REFUSED;
        line.putAll(error(mistaken.mistakes()));
      }
      out.println(Json.line(line));
      out.flush();
    }
    return code;
  }

  /** The only segment, for a command that takes no more. */
  Segment only(Shell shell, Which which) {
    if (everyone(which)) {
      return new Segment.Everyone();
    }
    try (Questions questions = questions(shell, which)) {
      if (questions.several()) {
        throw wrong("This command takes one segment, and there are several lines.");
      }
      return SegmentJson.read(only(questions, which));
    }
  }

  private String only(Questions questions, Which which) {
    Questions.Question only = questions.next();
    if (only == null) {
      throw wrong(
          "There is no segment %s. Give --segment FILE, or --everyone."
              .formatted(
                  which.source().equals(Questions.STANDARD_INPUT)
                      ? "on standard input"
                      : "in the file"));
    }
    return only.text();
  }

  private Questions questions(Shell shell, Which which) {
    return Questions.open(
        shell, which.source(), "a segment", spec.commandLine().getErr(), which.lines);
  }
}
