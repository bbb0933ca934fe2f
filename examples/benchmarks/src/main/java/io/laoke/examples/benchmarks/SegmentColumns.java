package io.laoke.examples.benchmarks;

import static io.laoke.examples.benchmarks.SegmentQuestion.AVERAGE_FEN;
import static io.laoke.examples.benchmarks.SegmentQuestion.BORN_BEFORE;
import static io.laoke.examples.benchmarks.SegmentQuestion.BORN_FROM;
import static io.laoke.examples.benchmarks.SegmentQuestion.KITCHEN_FEN;
import static io.laoke.examples.benchmarks.SegmentQuestion.SPENT_FEN;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.FastAggregation;
import org.roaringbitmap.IntConsumer;
import org.roaringbitmap.RangeBitmap;
import org.roaringbitmap.RoaringBitmap;

/**
 * What a dealer's members are, in arrays of this process: the bare scan that an index for live
 * counts is measured beside, and the same questions over RoaringBitmaps made of them. Sizes are
 * those of these questions only.
 */
final class SegmentColumns {
  private static final int FETCHED = 10_000;
  private static final int NOT_BORN = Integer.MIN_VALUE;

  private final int members;
  private final long[] ids;
  private final byte[] female;
  private final byte[] city;
  private final int[] bornOn;
  private final long[] spentFen;
  private final int[] orders;
  private final int[] lines;
  private final long[] lastMs;
  private final boolean[] boughtAv;
  // Lines in kitchen by member: those of a member are from first[member] to first[member + 1].
  private final int[] first;
  private final long[] kitchenMs;
  private final long[] kitchenFen;

  private final RoaringBitmap women = new RoaringBitmap();
  private final RoaringBitmap neverAv = new RoaringBitmap();
  private final Map<Integer, RoaringBitmap> inCity = new HashMap<>();
  private final RangeBitmap spent;
  private final RangeBitmap ordered;
  private final RangeBitmap lastDay;
  private final RangeBitmap born;
  private final RoaringBitmap withBirthday = new RoaringBitmap();

  /** Reads everything. */
  SegmentColumns(SegmentDatabase database) throws SQLException {
    int dealer = database.dealerId();
    members =
        Integer.parseInt(
            database
                .ask("SELECT COUNT(*) FROM laoke_member WHERE dealer_id = " + dealer)
                .get(0)
                .get(0));
    ids = new long[members];
    female = new byte[members];
    city = new byte[members];
    bornOn = new int[members];
    spentFen = new long[members];
    orders = new int[members];
    lines = new int[members];
    lastMs = new long[members];
    boughtAv = new boolean[members];
    first = new int[members + 1];
    int[] at = {0};
    each(
        database,
        "SELECT id, gender, region, birthday FROM laoke_member WHERE dealer_id = %d ORDER BY id"
            .formatted(dealer),
        row -> {
          int member = at[0]++;
          ids[member] = row.getLong(1);
          female[member] = (byte) ("FEMALE".equals(row.getString(2)) ? 1 : 0);
          city[member] = (byte) Shop.CITIES.indexOf(row.getString(3));
          LocalDate birthday = row.getObject(4, LocalDate.class);
          bornOn[member] = birthday == null ? NOT_BORN : (int) birthday.toEpochDay();
        });
    each(
        database,
        """
        SELECT member_id, path, net_fen, orders, last_ms, line_count FROM laoke_member_category
        WHERE dealer_id = %d AND month_no = 0 AND path IN ('', 'av')
        """
            .formatted(dealer),
        row -> {
          int member = Arrays.binarySearch(ids, row.getLong(1));
          if (row.getString(2).isEmpty()) {
            spentFen[member] = row.getLong(3);
            orders[member] = row.getInt(4);
            lastMs[member] = row.getLong(5);
            lines[member] = row.getInt(6);
          } else {
            boughtAv[member] = row.getInt(4) > 0;
          }
        });
    String kitchen = "'" + String.join("', '", Shop.under("kitchen")) + "'";
    int all =
        Integer.parseInt(
            database
                .ask(
                    "SELECT COUNT(*) FROM laoke_order_line WHERE dealer_id = %d AND category IN (%s)"
                        .formatted(dealer, kitchen))
                .get(0)
                .get(0));
    kitchenMs = new long[all];
    kitchenFen = new long[all];
    int[] line = {0};
    int[] member = {0};
    each(
        database,
        """
        SELECT member_id, ordered_ms, counted_fen FROM laoke_order_line
        WHERE dealer_id = %d AND category IN (%s) ORDER BY member_id
        """
            .formatted(dealer, kitchen),
        row -> {
          while (ids[member[0]] < row.getLong(1)) {
            first[++member[0]] = line[0];
          }
          kitchenMs[line[0]] = row.getLong(2);
          kitchenFen[line[0]++] = row.getLong(3);
        });
    Arrays.fill(first, member[0] + 1, members + 1, all);
    RangeBitmap.Appender spentBy = RangeBitmap.appender(Arrays.stream(spentFen).max().orElse(0));
    RangeBitmap.Appender orderedBy = RangeBitmap.appender(Arrays.stream(orders).max().orElse(0));
    RangeBitmap.Appender lastOn = RangeBitmap.appender(day(Shop.AS_OF.toEpochMilli()) + 400L);
    RangeBitmap.Appender bornBy = RangeBitmap.appender(40_000);
    for (int i = 0; i < members; i++) {
      if (female[i] == 1) {
        women.add(i);
      }
      if (!boughtAv[i]) {
        neverAv.add(i);
      }
      if (bornOn[i] != NOT_BORN) {
        withBirthday.add(i);
      }
      inCity.computeIfAbsent((int) city[i], none -> new RoaringBitmap()).add(i);
      spentBy.add(Math.max(0, spentFen[i]));
      orderedBy.add(orders[i]);
      lastOn.add(day(lastMs[i]));
      bornBy.add(bornOn[i] == NOT_BORN ? 0 : bornOn[i] + 10_000L);
    }
    spent = spentBy.build();
    ordered = orderedBy.build();
    lastDay = lastOn.build();
    born = bornBy.build();
    inCity.values().forEach(RoaringBitmap::runOptimize);
  }

  private interface Reading {
    void row(ResultSet row) throws SQLException;
  }

  private static void each(SegmentDatabase database, String sql, Reading reading)
      throws SQLException {
    try (Connection connection = database.pool.getConnection()) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.setFetchSize(database.product.equals("MySQL") ? Integer.MIN_VALUE : FETCHED);
        try (ResultSet rows = statement.executeQuery(sql)) {
          while (rows.next()) {
            reading.row(rows);
          }
        }
      }
      connection.rollback();
    }
  }

  /** Days in Shanghai, where the questions' days begin. */
  private static long day(long ms) {
    return Math.floorDiv(ms + 8L * 60 * 60 * 1000, 24L * 60 * 60 * 1000);
  }

  /** The questions that arrays answer. */
  static List<String> answered() {
    return List.of(SegmentQuestion.Q1, SegmentQuestion.Q2, SegmentQuestion.Q3, SegmentQuestion.Q4);
  }

  /** Looks at every member. */
  long scan(String question) {
    return switch (question) {
      case SegmentQuestion.Q1 -> scanQ1();
      case SegmentQuestion.Q2 -> scanQ2();
      case SegmentQuestion.Q3 -> scanQ3();
      default -> scanQ4();
    };
  }

  private long scanQ1() {
    int found = 0;
    for (int i = 0; i < members; i++) {
      found += female[i] & (spentFen[i] >= SPENT_FEN ? 1 : 0);
    }
    return found;
  }

  private long scanQ2() {
    return inKitchen(null);
  }

  private long inKitchen(@Nullable RoaringBitmap among) {
    long from = SegmentQuestion.daysBefore(SegmentQuestion.WINDOW_DAYS);
    long to = Shop.AS_OF.toEpochMilli();
    int found = 0;
    for (int i = 0; i < members; i++) {
      if (among == null ? !boughtAv[i] : among.contains(i)) {
        long sum = 0;
        for (int line = first[i]; line < first[i + 1]; line++) {
          if (kitchenMs[line] >= from && kitchenMs[line] < to) {
            sum += kitchenFen[line];
          }
        }
        found += sum >= KITCHEN_FEN ? 1 : 0;
      }
    }
    return found;
  }

  private long scanQ3() {
    long gone = SegmentQuestion.daysBefore(SegmentQuestion.GONE_DAYS);
    int found = 0;
    for (int i = 0; i < members; i++) {
      found += orders[i] >= 2 && lastMs[i] < gone ? 1 : 0;
    }
    return found;
  }

  private long scanQ4() {
    boolean[] wanted = new boolean[Shop.CITIES.size()];
    SegmentQuestion.THREE_CITIES.forEach(each -> wanted[Shop.CITIES.indexOf(each)] = true);
    int from = (int) BORN_FROM.toEpochDay();
    int before = (int) BORN_BEFORE.toEpochDay();
    int found = 0;
    for (int i = 0; i < members; i++) {
      found +=
          wanted[city[i]]
                  && bornOn[i] >= from
                  && bornOn[i] < before
                  && orders[i] >= 2
                  && orders[i] <= 5
                  && spentFen[i] >= AVERAGE_FEN * lines[i]
              ? 1
              : 0;
    }
    return found;
  }

  /** Combines bitmaps, and looks only at members that they leave open. */
  long bitmaps(String question) {
    return switch (question) {
      case SegmentQuestion.Q1 -> spent.gteCardinality(SPENT_FEN, women);
      case SegmentQuestion.Q2 -> inKitchen(neverAv);
      case SegmentQuestion.Q3 ->
          lastDay.ltCardinality(
              day(SegmentQuestion.daysBefore(SegmentQuestion.GONE_DAYS)), ordered.gte(2));
      default -> bitmapsQ4();
    };
  }

  private long bitmapsQ4() {
    RoaringBitmap cities =
        FastAggregation.or(
            SegmentQuestion.THREE_CITIES.stream()
                .map(each -> inCity.getOrDefault(Shop.CITIES.indexOf(each), new RoaringBitmap()))
                .iterator());
    cities.and(withBirthday);
    RoaringBitmap open = ordered.between(2, 5);
    open.and(born.between(BORN_FROM.toEpochDay() + 10_000, BORN_BEFORE.toEpochDay() - 1 + 10_000));
    open.and(cities);
    int[] found = {0};
    open.forEach((IntConsumer) i -> found[0] += spentFen[i] >= AVERAGE_FEN * lines[i] ? 1 : 0);
    return found[0];
  }

  /** Bytes of the arrays. */
  long arrayBytes() {
    return members * (8L + 1 + 1 + 4 + 8 + 4 + 4 + 8 + 1 + 4) + kitchenMs.length * 16L;
  }

  /** Bytes of the bitmaps. */
  long bitmapBytes() {
    return women.getLongSizeInBytes()
        + neverAv.getLongSizeInBytes()
        + withBirthday.getLongSizeInBytes()
        + inCity.values().stream().mapToLong(RoaringBitmap::getLongSizeInBytes).sum();
  }
}
