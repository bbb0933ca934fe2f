package io.laoke.examples.benchmarks;

import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Members, orders and lines of a dealer over five years, made up from a seed: five orders a member
 * and two lines an order on average, the members' activity after Zipf and Mandelbrot, amounts
 * log-normal. Orders are numbered in the order of time.
 */
final class Shop {
  /** Twelve, as a tree; each is sold in. */
  static final List<String> CATEGORIES =
      List.of(
          "kitchen",
          "kitchen/hood",
          "kitchen/stove",
          "kitchen/dishwasher",
          "av",
          "av/tv",
          "av/audio",
          "air",
          "air/conditioner",
          "laundry",
          "laundry/washer",
          "laundry/dryer");

  static final List<String> CITIES =
      List.of(
          "浙江/杭州", "浙江/宁波", "江苏/南京", "江苏/苏州", "上海/上海", "广东/广州", "广东/深圳", "山东/青岛", "四川/成都", "湖北/武汉");

  /** All categories, their ancestors, and the root, which is the last. */
  static final List<String> PATHS = paths();

  static final Instant FROM = Instant.parse("2020-12-31T16:00:00Z");

  /** In the middle of a month, so that a window has days at its edges. */
  static final Instant AS_OF = Instant.parse("2025-12-15T02:30:00Z");

  private static final long LENGTH_MS = 1826L * 24 * 60 * 60 * 1000;
  private static final long ZONE_MS = 8L * 60 * 60 * 1000;
  private static final long DAY_MS = 24L * 60 * 60 * 1000;
  private static final int ORDERS_EACH = 5;
  private static final int[] LINES = {1, 1, 1, 1, 2, 2, 2, 3, 3, 4};
  // How often of 20 each category is bought.
  private static final int[] BOUGHT = {
    0, 1, 1, 1, 2, 2, 3, 4, 5, 5, 6, 7, 8, 8, 8, 9, 10, 10, 11, 2
  };
  private static final int[] MASKS = masks();
  private static final double MEDIAN_FEN = 120_000;

  /** More than members, and prime: spreads ranks over members. */
  private static final long SPREAD = 2_147_483_629L;

  final int members;
  final int orders;
  private final long seed;
  private final int[] owner;
  private final int[] first;
  private final int[] ofMember;

  Shop(int members, long seed) {
    this.members = members;
    this.orders = members * ORDERS_EACH;
    this.seed = seed;
    owner = new int[orders];
    first = new int[members + 1];
    SplittableRandom random = new SplittableRandom(seed);
    double shift = Math.max(1, members / 500.0);
    for (int order = 0; order < orders; order++) {
      double rank = shift * Math.pow((members + shift) / shift, random.nextDouble()) - shift;
      owner[order] = (int) (Math.min(members - 1, (long) rank) * SPREAD % members);
      first[owner[order] + 1]++;
    }
    for (int member = 0; member < members; member++) {
      first[member + 1] += first[member];
    }
    ofMember = new int[orders];
    int[] next = first.clone();
    for (int order = 0; order < orders; order++) {
      ofMember[next[owner[order]]++] = order;
    }
  }

  /** What is known of a member; gender and birthday may be missing. */
  record Person(@Nullable String gender, @Nullable LocalDate birthday, String city, int random31) {}

  /** A line; category is a place in {@link #CATEGORIES}. */
  record Line(int category, int quantity, long fen) {}

  Person person(int member) {
    SplittableRandom random = random(1, member);
    int gender = random.nextInt(100);
    boolean born = random.nextInt(10) < 8;
    LocalDate birthday = LocalDate.of(1950, 1, 1).plusDays(random.nextInt(20_000));
    return new Person(
        gender < 48 ? "FEMALE" : gender < 90 ? "MALE" : null,
        born ? birthday : null,
        CITIES.get(random.nextInt(CITIES.size())),
        random.nextInt(Integer.MAX_VALUE));
  }

  int owner(int order) {
    return owner[order];
  }

  long orderedMs(int order) {
    double step = (double) LENGTH_MS / orders;
    return FROM.toEpochMilli()
        + (long) (step * order + random(2, order).nextDouble() * Math.max(0, step - 1));
  }

  List<Line> lines(int order) {
    SplittableRandom random = random(3, order);
    List<Line> lines = new ArrayList<>(4);
    for (int i = LINES[(int) (order * 7L % LINES.length)]; i > 0; i--) {
      int category = BOUGHT[random.nextInt(BOUGHT.length)];
      int quantity = random.nextInt(10) == 0 ? 2 : 1;
      lines.add(
          new Line(category, quantity, Math.round(MEDIAN_FEN * Math.exp(random.nextGaussian()))));
    }
    return lines;
  }

  /** The orders of a member, oldest first. */
  int[] orders(int member) {
    return Arrays.copyOfRange(ofMember, first[member], first[member + 1]);
  }

  /** The orders of a member, oldest first, from this one on. */
  int[] ordersFrom(int member, int order) {
    int from = first[member];
    while (ofMember[from] != order) {
      from++;
    }
    return Arrays.copyOfRange(ofMember, from, first[member + 1]);
  }

  /** The calendar month of an instant in Shanghai, such as 202512. */
  static int month(long ms) {
    LocalDate day = LocalDate.ofEpochDay(Math.floorDiv(ms + ZONE_MS, DAY_MS));
    return day.getYear() * 100 + day.getMonthValue();
  }

  /** The places in {@link #PATHS} that a line of this category counts in, as bits. */
  static int mask(int category) {
    return MASKS[category];
  }

  /** A path and those below it. */
  static List<String> under(String path) {
    return CATEGORIES.stream()
        .filter(each -> each.equals(path) || each.startsWith(path + "/"))
        .toList();
  }

  /** Whether a category is this path or below it; all are below the root. */
  static boolean under(String category, String path) {
    return path.isEmpty() || category.equals(path) || category.startsWith(path + "/");
  }

  private SplittableRandom random(int what, int number) {
    return new SplittableRandom(seed * 31 + what + number * 0x9E3779B97F4A7C15L);
  }

  private static List<String> paths() {
    List<String> paths = new ArrayList<>(CATEGORIES);
    paths.add("");
    return List.copyOf(paths);
  }

  private static int[] masks() {
    int[] masks = new int[CATEGORIES.size()];
    for (int category = 0; category < masks.length; category++) {
      for (int path = 0; path < PATHS.size(); path++) {
        if (under(CATEGORIES.get(category), PATHS.get(path))) {
          masks[category] |= 1 << path;
        }
      }
    }
    return masks;
  }
}
