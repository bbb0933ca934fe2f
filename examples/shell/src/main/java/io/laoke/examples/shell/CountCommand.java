package io.laoke.examples.shell;

import io.laoke.segment.Segment;
import io.laoke.segment.SegmentException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code count}. */
@Command(
    name = "count",
    description = {
      "Counts the members of a segment, or what they have.",
      "",
      "The segment is JSON, from a file or standard input; several, one on each line, are answered by"
          + " lines of JSON in the same order. 'describe' lists what a segment can say."
    })
final class CountCommand implements Callable<Integer> {
  private static final String MEMBERS = "members";

  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking asking;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking.Which which;

  @Option(
      names = "--of",
      paramLabel = "members|orders|items|…",
      defaultValue = MEMBERS,
      description =
          "Counts the rows of a collection that the members have, in its default scope, instead of"
              + " the members. Default: ${DEFAULT-VALUE}")
  @SuppressWarnings("NullAway.Init")
  private String of;

  /** How many there are. */
  private record Count(long count, String of, Session session, Segment segment) implements Answer {
    @Override
    public Map<String, Object> json() {
      Map<String, Object> all = new LinkedHashMap<>();
      all.put("count", count);
      all.put("of", of);
      return all;
    }

    @Override
    public void text(PrintWriter out) {
      out.printf(
          session.language().of("%,d %s：%s%n", "%,d %s: %s%n"),
          count,
          session.language().of(chinese(), of),
          session.sentence(segment));
    }

    private String chinese() {
      return of.equals(MEMBERS)
          ? "位会员"
          : session.segments().describe().collections().stream()
              .filter(collection -> collection.name().equals(of))
              .findFirst()
              .map(collection -> "条" + collection.labels().zh())
              .orElse(of);
    }
  }

  @Override
  public Integer call() {
    return asking.answers(
        shell,
        which,
        (session, segment) -> new Count(counted(session, segment), of, session, segment));
  }

  private long counted(Session session, Segment segment) {
    if (of.equals(MEMBERS)) {
      return session.segments().count(segment, session.asOf());
    }
    session.check(segment);
    try {
      return session.segments().countRows(segment, of, session.asOf());
    } catch (SegmentException refused) {
      throw Mistake.in(Map.of("/where/of", "--of"), refused);
    }
  }
}
