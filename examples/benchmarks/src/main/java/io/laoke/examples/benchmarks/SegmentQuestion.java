package io.laoke.examples.benchmarks;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A question of the benchmark, in SQL by hand, in several shapes that an expert would try: the
 * fastest of them is the baseline. Values stand in the text, so that every database can plan for
 * them.
 *
 * @param expert over Laoke's tables, the consumption file among them
 * @param raw over members, orders and lines alone
 * @param inFile whether the consumption file answers it alone
 */
record SegmentQuestion(
    String name, String about, List<String> expert, List<String> raw, boolean inFile) {
  static final String Q1 = "Q1";
  static final String Q2 = "Q2";
  static final String Q3 = "Q3";
  static final String Q4 = "Q4";
  static final String Q5 = "Q5";

  static final long SPENT_FEN = 500_000;
  static final long KITCHEN_FEN = 200_000;
  static final long AVERAGE_FEN = 200_000;
  static final int WINDOW_DAYS = 365;
  static final int GONE_DAYS = 540;
  static final List<String> THREE_CITIES = List.of("浙江/杭州", "江苏/苏州", "广东/深圳");
  static final LocalDate BORN_FROM = LocalDate.of(1970, 1, 1);
  static final LocalDate BORN_BEFORE = LocalDate.of(2000, 1, 1);
  private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  /** Start of the day, so many days before the questions are asked. */
  static long daysBefore(int days) {
    return millis(Shop.AS_OF.atZone(ZONE).toLocalDate().minusDays(days));
  }

  private static long millis(LocalDate day) {
    return day.atStartOfDay(ZONE).toInstant().toEpochMilli();
  }

  /** The window's whole months, as first and last, and where the first begins and the last ends. */
  private record Months(int first, int last, long fromMs, long toMs) {
    static Months within(long fromMs, Instant to) {
      LocalDateTime from = LocalDateTime.ofInstant(Instant.ofEpochMilli(fromMs), ZONE);
      LocalDate first = from.toLocalDate().withDayOfMonth(1);
      if (millis(first) < fromMs) {
        first = first.plusMonths(1);
      }
      LocalDate end = to.atZone(ZONE).toLocalDate().withDayOfMonth(1);
      LocalDate last = end.minusMonths(1);
      return new Months(
          first.getYear() * 100 + first.getMonthValue(),
          last.getYear() * 100 + last.getMonthValue(),
          millis(first),
          millis(end));
    }
  }

  /** All questions. */
  static List<SegmentQuestion> all(SegmentDatabase database) {
    Sql sql = new Sql(database.dealerId(), database.postgresql());
    return List.of(sql.q1(), sql.q2(), sql.q3(), sql.q4(), sql.q5());
  }

  /**
   * The expert's statements.
   *
   * @param split whether the consumption file for the lifetime is a table of its own
   */
  private record Sql(int dealer, boolean split) {
    private String filled(String text) {
      return text.replace(":dealer", Integer.toString(dealer))
          .replace(":life", split ? "laoke_member_category_life" : "laoke_member_category")
          .replace(":months", split ? "laoke_member_category_month" : "laoke_member_category")
          .replaceAll("\\[forLife ([a-z])]", split ? "" : " AND $1.month_no = 0")
          .strip();
    }

    /** By what members repeat of the consumption file, and by its rows. */
    private List<String> onFile(String members, String sums) {
      return List.of(
          filled(
              """
              SELECT COUNT(*) FROM laoke_member m WHERE m.dealer_id = :dealer AND %s AND %s
              """
                  .formatted(members, sums.replace("r.", "m."))),
          filled(
              """
              SELECT COUNT(*) FROM laoke_member m
              JOIN :life r ON r.dealer_id = :dealer AND r.member_id = m.id
                AND r.path = ''[forLife r] AND %s
              WHERE m.dealer_id = :dealer AND %s
              """
                  .formatted(sums, members)));
    }

    SegmentQuestion q1() {
      String women = "m.gender = 'FEMALE'";
      return new SegmentQuestion(
          Q1,
          "women with lifetime spend of 5,000 yuan or more",
          onFile(women, "r.net_fen >= " + SPENT_FEN),
          List.of(
              filled(
                  """
                  SELECT COUNT(*) FROM laoke_member m
                  JOIN (%s) s ON s.member_id = m.id WHERE m.dealer_id = :dealer AND %s
                  """
                      .formatted(spenders(), women)),
              filled(
                  """
                  SELECT COUNT(*) FROM laoke_member m
                  WHERE m.dealer_id = :dealer AND %s AND m.id IN (%s)
                  """
                      .formatted(women, spenders())),
              filled(
                  """
                  SELECT COUNT(*) FROM (
                    SELECT m.id FROM laoke_member m
                    JOIN laoke_order_line l ON l.dealer_id = :dealer AND l.member_id = m.id
                    WHERE m.dealer_id = :dealer AND %s
                    GROUP BY m.id HAVING SUM(l.counted_fen) >= %d) s
                  """
                      .formatted(women, SPENT_FEN))),
          true);
    }

    private static String spenders() {
      return """
      SELECT member_id FROM laoke_order_line WHERE dealer_id = :dealer AND member_id IS NOT NULL
      GROUP BY member_id HAVING SUM(counted_fen) >= %d
      """
          .formatted(SPENT_FEN);
    }

    private static String quoted(List<String> texts) {
      return texts.stream().map(text -> "'" + text + "'").collect(Collectors.joining(", "));
    }

    SegmentQuestion q2() {
      long from = daysBefore(WINDOW_DAYS);
      long to = Shop.AS_OF.toEpochMilli();
      Months months = Months.within(from, Shop.AS_OF);
      String kitchen =
          "dealer_id = :dealer AND member_id IS NOT NULL AND category IN (%s)"
              .formatted(quoted(Shop.under("kitchen")));
      String lines =
          """
          SELECT member_id FROM laoke_order_line
          WHERE %s AND ordered_ms >= %d AND ordered_ms < %d
          GROUP BY member_id HAVING SUM(counted_fen) >= %d
          """
              .formatted(kitchen, from, to, KITCHEN_FEN);
      String edge =
          """
          UNION ALL SELECT member_id, counted_fen FROM laoke_order_line
          WHERE %s AND ordered_ms >= %d AND ordered_ms < %d
          """;
      String monthsAndEdges =
          """
          SELECT member_id FROM (
            SELECT member_id, net_fen FROM :months
            WHERE dealer_id = :dealer AND path = 'kitchen' AND month_no BETWEEN %d AND %d
          """
                  .formatted(months.first(), months.last())
              + edge.formatted(kitchen, from, months.fromMs())
              + edge.formatted(kitchen, months.toMs(), to)
              + ") w GROUP BY member_id HAVING SUM(net_fen) >= "
              + KITCHEN_FEN;
      String neverInFile =
          """
          SELECT COUNT(*) FROM (%s) s WHERE NOT EXISTS (
            SELECT 1 FROM :life r WHERE r.dealer_id = :dealer
              AND r.member_id = s.member_id AND r.path = 'av'[forLife r] AND r.orders > 0)
          """;
      String withoutFile =
          """
          SELECT COUNT(*) FROM (%s) s
          LEFT JOIN :life r ON r.dealer_id = :dealer
            AND r.member_id = s.member_id AND r.path = 'av'[forLife r] AND r.orders > 0
          WHERE r.member_id IS NULL
          """;
      String neverInLines =
          """
          SELECT COUNT(*) FROM (%s) s WHERE NOT EXISTS (
            SELECT 1 FROM laoke_order_line a WHERE a.dealer_id = :dealer
              AND a.member_id = s.member_id AND a.category IN (%s) AND a.counted_quantity > 0)
          """
              .formatted(lines, quoted(Shop.under("av")));
      return new SegmentQuestion(
          Q2,
          "2,000 yuan or more in kitchen in the last 365 days, and never bought av",
          List.of(
              filled(neverInFile.formatted(lines) + notErased("s")),
              filled(neverInFile.formatted(lines) + notErasedByKey("s")),
              // For those who know that the index of paths has the first time, and nothing else.
              filled(
                  neverInFile.formatted(lines).replace("r.orders > 0", "r.first_ms IS NOT NULL")
                      + notErased("s")),
              filled(withoutFile.formatted(lines) + notErased("s")),
              filled(withoutFile.formatted(lines) + notErasedByKey("s")),
              filled(neverInFile.formatted(monthsAndEdges) + notErased("s")),
              filled(neverInLines + notErased("s"))),
          List.of(filled(neverInLines)),
          false);
    }

    /** Erased people keep what they bought; merged members do not. */
    private static String notErased(String rows) {
      return """
          AND %s.member_id NOT IN (
            SELECT e.id FROM laoke_member e
            WHERE e.dealer_id = :dealer AND e.erased_ms IS NOT NULL)
          """
          .formatted(rows);
    }

    private static String notErasedByKey(String rows) {
      return """
          AND NOT EXISTS (
            SELECT 1 FROM laoke_member e WHERE e.dealer_id = :dealer AND e.id = %s.member_id
              AND e.erased_ms IS NOT NULL)
          """
          .formatted(rows);
    }

    SegmentQuestion q3() {
      long gone = daysBefore(GONE_DAYS);
      String file =
          """
          SELECT COUNT(*) FROM :life r WHERE r.dealer_id = :dealer AND r.path = ''
           [forLife r] AND r.orders >= 2 AND r.last_ms < %d
          """
              + notErased("r");
      String members =
          """
          SELECT COUNT(*) FROM laoke_member
          WHERE dealer_id = :dealer AND orders >= 2 AND last_ms < %d AND erased_ms IS NULL
          """;
      // An order counts while one of its lines does; the first shape is for those who know that
      // nothing was cancelled or returned.
      String orders =
          """
          SELECT COUNT(*) FROM (
            SELECT member_id FROM laoke_customer_order
            WHERE dealer_id = :dealer AND member_id IS NOT NULL AND stage NOT IN
              ('CANCELLED', 'RETURNED')
            GROUP BY member_id HAVING COUNT(*) >= 2 AND MAX(ordered_ms) < %d) s
          """;
      String lines =
          """
          SELECT COUNT(*) FROM (
            SELECT member_id FROM laoke_order_line
            WHERE dealer_id = :dealer AND member_id IS NOT NULL AND counted_quantity > 0
            GROUP BY member_id HAVING COUNT(DISTINCT order_id) >= 2 AND MAX(ordered_ms) < %d) s
          """;
      return new SegmentQuestion(
          Q3,
          "2 orders or more, the last one more than 540 days ago",
          List.of(filled(members.formatted(gone)), filled(file.formatted(gone))),
          List.of(filled(orders.formatted(gone)), filled(lines.formatted(gone))),
          true);
    }

    SegmentQuestion q4() {
      String members =
          "m.region IN (%s) AND m.birthday >= DATE '%s' AND m.birthday < DATE '%s'"
              .formatted(quoted(THREE_CITIES), BORN_FROM, BORN_BEFORE);
      String grouped =
          """
          SELECT COUNT(*) FROM (
            SELECT l.member_id FROM laoke_member m
            JOIN laoke_order_line l ON l.dealer_id = :dealer AND l.member_id = m.id
              AND l.counted_quantity > 0
            WHERE m.dealer_id = :dealer AND %s
            GROUP BY l.member_id HAVING COUNT(DISTINCT l.order_id) BETWEEN 2 AND 5
              AND SUM(l.counted_fen) >= %d * COUNT(*)) s
          """;
      String twice =
          """
          SELECT COUNT(*) FROM laoke_member m JOIN (
            SELECT member_id FROM (
              SELECT member_id, order_id, SUM(counted_fen) AS fen, COUNT(*) AS items
              FROM laoke_order_line WHERE dealer_id = :dealer AND counted_quantity > 0
              GROUP BY member_id, order_id) o
            GROUP BY member_id HAVING COUNT(*) BETWEEN 2 AND 5 AND SUM(fen) >= %d * SUM(items)) s
          ON s.member_id = m.id WHERE m.dealer_id = :dealer AND %s
          """;
      return new SegmentQuestion(
          Q4,
          "three cities, born 1970 to 1999, 2 to 5 orders, 2,000 yuan a line on average",
          onFile(
              members,
              "r.orders BETWEEN 2 AND 5 AND r.net_fen >= %d * r.line_count".formatted(AVERAGE_FEN)),
          List.of(
              filled(grouped.formatted(members, AVERAGE_FEN)),
              filled(twice.formatted(AVERAGE_FEN, members))),
          true);
    }

    SegmentQuestion q5() {
      String file =
          """
          SELECT b.path, SUM(CASE WHEN b.orders > 0 THEN 1 ELSE 0 END), SUM(b.net_fen)
          FROM :life b
          WHERE b.dealer_id = :dealer[forLife b] AND b.member_id IN (
            SELECT m.id FROM laoke_member m
            WHERE m.dealer_id = :dealer AND m.gender = 'FEMALE' AND m.net_fen >= %d)
          GROUP BY b.path ORDER BY b.path
          """;
      String joined =
          """
          SELECT b.path, SUM(CASE WHEN b.orders > 0 THEN 1 ELSE 0 END), SUM(b.net_fen)
          FROM laoke_member m
          JOIN :life b ON b.dealer_id = :dealer AND b.member_id = m.id
           [forLife b]
          WHERE m.dealer_id = :dealer AND m.gender = 'FEMALE' AND m.net_fen >= %d
          GROUP BY b.path ORDER BY b.path
          """;
      String above =
          Shop.CATEGORIES.stream()
              .flatMap(
                  category ->
                      Shop.PATHS.stream()
                          .filter(path -> Shop.under(category, path))
                          .map(
                              path ->
                                  "SELECT '%s' AS category, '%s' AS path"
                                      .formatted(category, path)))
              .collect(Collectors.joining(" UNION ALL "));
      String lines =
          """
          SELECT p.path, COUNT(*), SUM(x.fen) FROM (
            SELECT l.member_id, q.path, SUM(l.counted_fen) AS fen
            FROM laoke_order_line l JOIN (%s) q ON q.category = l.category
            JOIN (%s) s ON s.member_id = l.member_id
            JOIN laoke_member m ON m.dealer_id = :dealer AND m.id = l.member_id
            WHERE l.dealer_id = :dealer AND l.counted_quantity > 0 AND m.gender = 'FEMALE'
            GROUP BY l.member_id, q.path) x
          JOIN (SELECT DISTINCT path FROM (%1$s) a) p ON p.path = x.path
          GROUP BY p.path ORDER BY p.path
          """;
      return new SegmentQuestion(
          Q5,
          "members of Q1 by category, with ancestors and all",
          List.of(filled(file.formatted(SPENT_FEN)), filled(joined.formatted(SPENT_FEN))),
          List.of(filled(lines.formatted(above, spenders()))),
          false);
    }
  }
}
