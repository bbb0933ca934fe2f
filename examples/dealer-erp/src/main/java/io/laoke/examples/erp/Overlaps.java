package io.laoke.examples.erp;

import io.laoke.push.PlanCounts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * 重叠: who is in several groups and where they go. A column for each combination of groups, with a
 * bar for how many are in exactly these, and a dot for each group; the dot of the one whose article
 * they get is filled in its colour.
 *
 * @param width of the drawing
 * @param height of the drawing
 * @param floor where the bars stand
 * @param rows the groups in order
 * @param columns the combinations, the largest first
 * @param others how many smaller combinations are not drawn
 * @param otherMembers how many members are in these
 * @param several how many members are in more than one group
 */
record Overlaps(
    int width,
    int height,
    int floor,
    List<Row> rows,
    List<Column> columns,
    int others,
    long otherMembers,
    long several) {
  /** The colours of groups, in their order; that of the rest is the last of a plan's own. */
  static final List<String> COLORS =
      List.of(
          "#0b6b57", "#d98a1f", "#3f7fc4", "#9a5fb5", "#c2563f", "#5b8a2d", "#b0477f", "#2f8f9d",
          "#7a6a4f", "#6b7680");

  private static final int MOST_COLUMNS = 12;
  private static final int LABELS = 128;
  private static final int STEP = 46;
  private static final int BARS = 96;
  private static final int TOP = 18;
  private static final int ROW = 26;

  /**
   * A group.
   *
   * @param y where it is drawn
   * @param label its name, short
   * @param name its name
   * @param color its colour
   */
  record Row(int y, String label, String name, String color) {}

  /**
   * A combination.
   *
   * @param x its middle
   * @param top of its bar
   * @param tall how tall the bar is
   * @param count members in exactly these groups
   * @param color of the group whose article they get
   * @param goes the name of that group
   * @param names of all of its groups
   * @param dots one for each group of the plan
   * @param from the highest of its dots
   * @param to the lowest of its dots
   */
  record Column(
      int x,
      int top,
      int tall,
      long count,
      String color,
      String goes,
      String names,
      List<Dot> dots,
      int from,
      int to) {}

  /** A dot: whether the combination has the group, and whether it is the one that counts. */
  record Dot(int y, boolean in, boolean wins, String color) {}

  static String color(int rule) {
    return COLORS.get(rule % COLORS.size());
  }

  /**
   * Of what a plan comes to.
   *
   * @param rest whether the last rule is what goes to who is in none of the others
   */
  static Overlaps of(PlanCounts counts, boolean rest) {
    List<String> names = counts.rules().stream().map(PlanCounts.OfRule::name).toList();
    Map<Set<Integer>, Long> sums = new HashMap<>();
    int last = names.size() - 1;
    counts
        .matched()
        .forEach(
            (groups, many) -> {
              TreeSet<Integer> of = new TreeSet<>(groups);
              if (rest && of.size() > 1) {
                of.remove(last); // the rest is nobody who is in another
              }
              sums.merge(of, many, Long::sum);
            });
    List<Map.Entry<Set<Integer>, Long>> sorted =
        sums.entrySet().stream()
            .filter(one -> one.getValue() > 0 && !one.getKey().isEmpty())
            .sorted(
                Comparator.comparing(Map.Entry<Set<Integer>, Long>::getValue)
                    .reversed()
                    .thenComparing(one -> one.getKey().toString()))
            .toList();
    long most = sorted.isEmpty() ? 1 : sorted.get(0).getValue();
    int floor = TOP + BARS;
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      rows.add(new Row(floor + 20 + i * ROW, shortened(names.get(i)), names.get(i), color(i)));
    }
    List<Column> columns = new ArrayList<>();
    for (Map.Entry<Set<Integer>, Long> one :
        sorted.subList(0, Math.min(MOST_COLUMNS, sorted.size()))) {
      int x = LABELS + 24 + columns.size() * STEP;
      columns.add(column(x, floor, one.getKey(), one.getValue(), most, rows));
    }
    List<Map.Entry<Set<Integer>, Long>> left = sorted.subList(columns.size(), sorted.size());
    return new Overlaps(
        LABELS + 12 + Math.max(1, columns.size()) * STEP,
        floor + 20 + names.size() * ROW,
        floor,
        rows,
        columns,
        left.size(),
        left.stream().mapToLong(Map.Entry::getValue).sum(),
        sorted.stream()
            .filter(one -> one.getKey().size() > 1)
            .mapToLong(Map.Entry::getValue)
            .sum());
  }

  private static Column column(
      int x, int floor, Set<Integer> groups, long count, long most, List<Row> rows) {
    int wins = groups.stream().min(Comparator.naturalOrder()).orElseThrow();
    int tall = (int) Math.max(2, Math.round((double) BARS * count / most));
    List<Dot> dots = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      dots.add(new Dot(rows.get(i).y(), groups.contains(i), i == wins, rows.get(wins).color()));
    }
    List<Integer> lit =
        dots.stream().filter(Dot::in).map(Dot::y).sorted().collect(Collectors.toList());
    return new Column(
        x,
        floor - tall,
        tall,
        count,
        rows.get(wins).color(),
        rows.get(wins).name(),
        groups.stream().sorted().map(i -> rows.get(i).name()).collect(Collectors.joining("＋")),
        dots,
        lit.get(0),
        lit.get(lit.size() - 1));
  }

  private static String shortened(String name) {
    int most = 8;
    return name.codePointCount(0, name.length()) <= most
        ? name
        : name.substring(0, name.offsetByCodePoints(0, most - 1)) + "…";
  }
}
