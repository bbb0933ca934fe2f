package io.laoke.examples.shell;

import io.laoke.member.Member;
import io.laoke.segment.Explanation;
import io.laoke.segment.Explanation.Result;
import io.laoke.segment.FieldType;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code explain MEMBER}. */
@Command(
    name = "explain",
    description = {
      "Says why a member is in a segment, or is not: part by part, with the values that were found.",
      "",
      "The segment is JSON, from a file or standard input; several, one on each line, are answered by"
          + " lines of JSON in the same order."
    })
final class ExplainCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  /** Who it is about. */
  private static final class Whom {
    @Parameters(
        index = "0",
        arity = "0..1",
        paramLabel = "CUSTOMER_NO",
        description = "The member's customer number.")
    private @Nullable String customerNo;

    @Option(
        names = "--id",
        paramLabel = "ID",
        description = "The member's id, as 'list' shows it, instead of a customer number.")
    private @Nullable Long id;
  }

  @ArgGroup(exclusive = true, multiplicity = "1")
  @SuppressWarnings("NullAway.Init")
  private Whom whom;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking asking;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking.Which which;

  /** Why. */
  private record Why(long member, Explanation all, Session session) implements Answer {
    @Override
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("memberId", String.valueOf(member));
      json.put("in", all.result() == Result.TRUE);
      json.put("explanation", part(all));
      return json;
    }

    private static Map<String, Object> part(Explanation of) {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("result", of.result().name());
      json.put("zh", of.zh());
      json.put("en", of.en());
      of.seen().ifPresent(seen -> json.put("seen", seen));
      if (of.rows() >= 0) {
        json.put("rows", of.rows());
      }
      if (!of.parts().isEmpty()) {
        json.put("parts", of.parts().stream().map(Why::part).toList());
      }
      return json;
    }

    @Override
    public void text(PrintWriter out) {
      boolean in = all.result() == Result.TRUE;
      out.printf(
          session
              .language()
              .of(
                  in ? "会员 %d 符合这些条件。%n" : "会员 %d 不符合这些条件。%n",
                  in ? "Member %d is in the segment.%n" : "Member %d is not in the segment.%n"),
          member);
      Types types = new Types(session.segments().describe());
      lines(all, "", "", types, out);
    }

    private void lines(Explanation of, String before, String below, Types types, PrintWriter out) {
      List<String> found = new ArrayList<>();
      of.seen()
          .ifPresent(
              seen -> found.add(label("看到：", "seen: ") + shown(seen, types.of(of.segment()))));
      if (of.rows() >= 0) {
        found.add(label("记录数：", "rows: ") + of.rows());
      }
      out.printf(
          "%s%-7s %s%s%n",
          before,
          of.result(),
          session.language().of(of.zh(), of.en()),
          found.isEmpty() ? "" : "  [" + String.join(label("，", ", "), found) + "]");
      for (int i = 0; i < of.parts().size(); i++) {
        boolean last = i == of.parts().size() - 1;
        lines(
            of.parts().get(i),
            below + (last ? "└ " : "├ "),
            below + (last ? "  " : "│ "),
            types,
            out);
      }
    }

    private String label(String zh, String en) {
      return session.language().of(zh, en);
    }

    private static String shown(String seen, @Nullable FieldType type) {
      String[] parts = Cells.shown(seen).split("/", -1);
      if (type == FieldType.MONEY && parts[0].matches("-?\\d+")) {
        parts[0] = "¥%,.2f".formatted(new BigDecimal(parts[0]).movePointLeft(2));
      }
      return String.join("/", parts);
    }
  }

  @Override
  public Integer call() {
    return asking.answers(
        shell,
        which,
        (session, segment) -> {
          Member member = member(session);
          return new Why(
              member.id(),
              session.segments().explain(segment, member.id(), session.asOf()),
              session);
        });
  }

  private Member member(Session session) {
    String customerNo = whom.customerNo;
    Long id = whom.id;
    if (id != null) {
      return session
          .dealer()
          .members()
          .get(id)
          .orElseThrow(() -> new CannotException("There is no member with the id " + id + "."));
    }
    if (customerNo == null || customerNo.isBlank()) {
      throw asking.wrong("Name a member by customer number, or by --id.");
    }
    return session
        .dealer()
        .members()
        .find(customerNo)
        .orElseThrow(
            () ->
                new CannotException(
                    "There is no member with the customer number '%s'."
                        .formatted(Cells.shown(customerNo))));
  }
}
