package io.laoke.examples.shell;

import io.laoke.segment.Breakdown;
import io.laoke.segment.Scope;
import io.laoke.segment.Segment;
import io.laoke.segment.SegmentException;
import io.laoke.segment.SegmentJson;
import io.laoke.segment.SegmentSchema;
import io.laoke.segment.Share;
import io.laoke.segment.Window;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** {@code breakdown}. */
@Command(
    name = "breakdown",
    description = {
      "Divides the members of a segment and their money by a field.",
      "",
      "By a field of members, such as gender or region, with all that they paid; or by a field of what"
          + " they bought: category (a row for each path and each above it), order.store,"
          + " order.salesChannel, brand, or month. The segment is JSON, from a file or standard input;"
          + " several, one on each line, are answered by lines of JSON in the same order."
    })
final class BreakdownCommand implements Callable<Integer> {
  @ParentCommand
  @SuppressWarnings("NullAway.Init")
  private Shell shell;

  @Option(names = "--by", paramLabel = "FIELD", required = true, description = "The field.")
  @SuppressWarnings("NullAway.Init")
  private String by;

  @Option(
      names = "--where",
      paramLabel = "JSON",
      description = "Only of these items, as in an aggregate's where.")
  private @Nullable String where;

  @Option(
      names = "--during",
      paramLabel = "JSON",
      description = "Only of items of that time, as in an aggregate's during.")
  private @Nullable String during;

  @Option(
      names = "--scope",
      paramLabel = "default|all",
      defaultValue = "DEFAULT",
      description = "all: every document as it was written. Default: sales net of returns")
  @SuppressWarnings("NullAway.Init")
  private Scope scope;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking asking;

  @Mixin
  @SuppressWarnings("NullAway.Init")
  private Asking.Which which;

  /** The shares. */
  private record Divided(String by, List<Share> shares, Session session) implements Answer {
    @Override
    public Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("by", by);
      json.put("rows", shares.stream().map(Divided::row).toList());
      return json;
    }

    private static Map<String, Object> row(Share share) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("key", share.key().orElse(null));
      row.put("members", share.members());
      row.put("net", yuan(share));
      return row;
    }

    private static BigDecimal yuan(Share share) {
      return share.net().movePointLeft(2).setScale(2);
    }

    @Override
    public void text(PrintWriter out) {
      Language language = session.language();
      out.printf(
          "%s %s  %s%n",
          Language.right(language.of("会员数", "members"), 14),
          Language.right(language.of("净额（元）", "net"), 18),
          language.of(chinese(), by));
      String all = language.of("（全部）", "(all)");
      String none = language.of("（无）", "(none)");
      shares.forEach(
          share ->
              out.printf(
                  "%,14d %,18.2f  %s%n",
                  share.members(),
                  yuan(share),
                  share.key().map(key -> key.isEmpty() ? all : key).orElse(none)));
    }

    /** The field as members have it, or else the items that they bought. */
    private String chinese() {
      SegmentSchema schema = session.segments().describe();
      return Stream.concat(
              schema.fields().stream(),
              schema.collections().stream()
                  .filter(of -> of.name().equals("items"))
                  .flatMap(of -> of.fields().stream()))
          .filter(field -> field.name().equals(by))
          .findFirst()
          .map(field -> field.labels().zh())
          .orElse(by.equals("month") ? "月份" : by);
    }
  }

  @Override
  public Integer call() {
    return asking.answers(shell, which, this::divided);
  }

  private Divided divided(Session session, Segment segment) {
    Breakdown breakdown = Breakdown.by(by).scope(scope);
    if (where != null) {
      breakdown = breakdown.where(rows(where));
    }
    if (during != null) {
      breakdown = breakdown.during(window(during));
    }
    session.check(segment);
    try {
      return new Divided(
          by, session.segments().breakdown(segment, breakdown, session.asOf()), session);
    } catch (SegmentException refused) {
      throw Mistake.in(
          Map.of("/by/where", "--where", "/by/during", "--during", "/by/field", "--by"), refused);
    }
  }

  private Segment rows(String json) {
    return read("--where", json, "{\"v\":1,\"where\":%s}", "/where");
  }

  private Window window(String json) {
    Segment read =
        read(
            "--during",
            json,
            "{\"v\":1,\"where\":{\"agg\":\"count\",\"of\":\"items\",\"during\":%s,\"op\":\"gte\",\"value\":0}}",
            "/where/during");
    return ((Segment.Agg) read).during().orElseThrow();
  }

  /** Reads a part of a segment, put in its place. */
  private Segment read(String option, String json, String around, String place) {
    if (!Json.object(json)) {
      throw asking.wrong(
          "%s must be one object of JSON, was: %s".formatted(option, Cells.shown(json)));
    }
    try {
      return SegmentJson.read(around.formatted(json));
    } catch (SegmentException refused) {
      throw Mistake.in(Map.of(place, option), refused);
    }
  }
}
