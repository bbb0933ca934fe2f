package io.laoke.examples.shell;

import io.laoke.segment.Labels;
import io.laoke.segment.SegmentSchema;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code describe}. */
@Command(
    name = "describe",
    description = {
      "Lists what segments can say of this dealer's members: fields, collections, operators, windows.",
      "",
      "With --json as data, with all codes and paths, for whoever draws a builder of segments."
    })
final class DescribeCommand implements Callable<Integer> {
  private static final int MOST_VALUES = 12;

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
    return asking.session(
        shell,
        session -> {
          SegmentSchema schema = session.segments().describe();
          PrintWriter out = spec.commandLine().getOut();
          if (shell.json()) {
            out.println(schema.toJson());
          } else {
            new Text(out, session.language()).all(schema);
          }
          out.flush();
          return 0;
        });
  }

  /** For people. */
  private record Text(PrintWriter out, Language language) {
    void all(SegmentSchema schema) {
      out.println(
          language.of("会员的字段（时区 %s）：", "Fields of members (zone %s):").formatted(schema.zone()));
      schema.fields().forEach(this::field);
      for (SegmentSchema.Collection of : schema.collections()) {
        out.printf(language.of("集合 %s：%s%n", "Collection %s: %s%n"), of.name(), label(of.labels()));
        of.fields().forEach(this::field);
        out.printf(
            language.of("  汇总：%s%s%n", "  aggregates: %s%s%n"),
            String.join(", ", of.aggregates().stream().map(SegmentSchema.Aggregate::name).toList()),
            of.scoped() ? language.of("；可用 scope all", "; scope all") : "");
      }
      out.println(language.of("运算符：", "Operators:"));
      schema
          .operators()
          .forEach(
              op ->
                  out.printf(
                      "  %-14s %-8s %s%n",
                      op.name(), op.given().name().toLowerCase(Locale.ROOT), label(op.labels())));
      out.println(language.of("时间窗口：", "Windows:"));
      schema
          .windows()
          .forEach(
              window ->
                  out.printf(
                      "  %-14s %-8s %s%n",
                      window.key(),
                      window.argument().name().toLowerCase(Locale.ROOT),
                      label(window.labels())));
      SegmentSchema.Limits most = schema.limits();
      out.printf(
          language.of(
              "最多 %d 层、%d 个条件，一个列表最多 %,d 个值，最长 %,d 字节。%n",
              "At most %d levels, %d parts, %,d values in a list, %,d bytes.%n"),
          most.depth(),
          most.nodes(),
          most.valuesInAList(),
          most.bytes());
    }

    private void field(SegmentSchema.Field field) {
      out.printf(
          "  %-22s %-9s %s%s%n",
          field.name(),
          field.type().name().toLowerCase(Locale.ROOT),
          label(field.labels()),
          field.values().isEmpty() ? "" : language.of("：", ": ") + values(field.values()));
      out.printf("  %-22s %-9s %s%n", "", "", String.join(" ", field.operators()));
    }

    private String values(List<SegmentSchema.Value> values) {
      String shown =
          String.join(
              ", ", values.stream().limit(MOST_VALUES).map(SegmentSchema.Value::value).toList());
      return values.size() <= MOST_VALUES
          ? shown
          : language
              .of("%s, …（共 %,d 个，--json 里都有）", "%s, … (%,d in all; --json has them)")
              .formatted(shown, values.size());
    }

    private String label(Labels labels) {
      return language.of(labels.zh(), labels.en());
    }
  }
}
