package io.laoke.reminder;

import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Spreads what is to be done over days that have room for so many. Pure: what comes out depends on
 * what goes in alone, not on its order.
 *
 * <p>All stay on the day that is wanted while it has room. One that has no room goes to a day of
 * its window, if need be by moving others within theirs, so that in the end no other way would
 * leave fewer without room: it is a flow, and each is added along the shortest way to a day with
 * room.
 */
final class Smoothing {
  /** What some are; of those that may be done on one day alone the first of these have it first. */
  enum Sort {
    BOOKED,
    OVERDUE,
    WAITING,
    COMING
  }

  /**
   * Some of a sort that may be done on the same days.
   *
   * @param earliest not after {@code wanted}
   * @param latest not before {@code wanted}
   */
  record Wish(Sort sort, LocalDate wanted, LocalDate earliest, LocalDate latest, long count) {
    Wish {
      if (earliest.isAfter(wanted) || latest.isBefore(wanted) || count < 0) {
        throw new IllegalArgumentException(
            "Wanted on %s, from %s to %s: %d".formatted(wanted, earliest, latest, count));
      }
    }

    private Wish and(Wish alike) {
      return new Wish(sort, wanted, earliest, latest, Math.addExact(count, alike.count));
    }

    private boolean may(LocalDate day) {
      return !day.isBefore(earliest) && !day.isAfter(latest);
    }
  }

  private record Window(Sort sort, LocalDate wanted, LocalDate earliest, LocalDate latest) {
    static Window of(Wish wish) {
      return new Window(wish.sort(), wish.wanted(), wish.earliest(), wish.latest());
    }
  }

  private static final Comparator<Wish> ORDER =
      Comparator.comparing(Wish::wanted)
          .thenComparing(Wish::latest)
          .thenComparing(Wish::earliest, Comparator.reverseOrder())
          .thenComparing(Wish::sort);

  /**
   * How many of a wish are done on which day.
   *
   * @param number its place among all
   */
  private record Placed(int number, Wish wish, NavigableMap<LocalDate, Long> on) {}

  private final long room;
  private final List<Placed> all = new ArrayList<>();
  private final Map<LocalDate, Long> used = new HashMap<>();

  /** How many have no room, by number. */
  private final Map<Integer, Long> over = new HashMap<>();

  /** The numbers of those of whom some are done on a day. */
  private final Map<LocalDate, BitSet> on = new HashMap<>();

  /** Days from which no way leads to one with room, now or ever: all ways lead among them. */
  private final Set<LocalDate> closed = new HashSet<>();

  private Smoothing(long room) {
    this.room = room;
  }

  /** Days, each with what is to be done on it; sorts and days with nothing are left out. */
  static NavigableMap<LocalDate, Map<Sort, ForecastDay.Count>> of(
      Collection<Wish> wishes, long room) {
    return new Smoothing(room).days(wishes);
  }

  private NavigableMap<LocalDate, Map<Sort, ForecastDay.Count>> days(Collection<Wish> wishes) {
    Map<Window, Wish> alike = new HashMap<>();
    wishes.forEach(wish -> alike.merge(Window.of(wish), wish, Wish::and));
    List<Wish> sorted = alike.values().stream().sorted(ORDER).toList();
    Map<Wish, Long> left = new HashMap<>();
    for (Wish wish : sorted) {
      long stays = Math.min(wish.count(), free(wish.wanted()));
      Placed placed = new Placed(all.size(), wish, new TreeMap<>());
      all.add(placed);
      put(placed, wish.wanted(), stays);
      left.put(wish, wish.count() - stays);
    }
    for (Placed placed : all) {
      place(placed, left.getOrDefault(placed.wish(), 0L));
    }
    return days();
  }

  private NavigableMap<LocalDate, Map<Sort, ForecastDay.Count>> days() {
    NavigableMap<LocalDate, Map<Sort, ForecastDay.Count>> days = new TreeMap<>();
    for (Placed one : all) {
      Wish wish = one.wish();
      long more = over.getOrDefault(one.number(), 0L);
      add(days, wish.wanted(), wish.sort(), new ForecastDay.Count(wish.count(), more, more));
      one.on()
          .forEach(
              (day, some) -> add(days, day, wish.sort(), ForecastDay.Count.NONE.withPlanned(some)));
    }
    return days;
  }

  private static void add(
      Map<LocalDate, Map<Sort, ForecastDay.Count>> days,
      LocalDate day,
      Sort sort,
      ForecastDay.Count some) {
    if (!some.equals(ForecastDay.Count.NONE)) {
      days.computeIfAbsent(day, none -> new EnumMap<>(Sort.class))
          .merge(sort, some, ForecastDay.Count::and);
    }
  }

  private long free(LocalDate day) {
    return room - used.getOrDefault(day, 0L);
  }

  private void put(Placed placed, LocalDate day, long count) {
    boolean some = placed.on().merge(day, count, Long::sum) > 0;
    on.computeIfAbsent(day, none -> new BitSet()).set(placed.number(), some);
    used.merge(day, count, Long::sum);
  }

  /** How one comes to a day: from another, by moving some of a wish; or as what is to be placed. */
  private record Step(@Nullable LocalDate from, Placed moved) {}

  private void place(Placed added, long count) {
    long left = count;
    while (left > 0) {
      Map<LocalDate, Step> steps = new HashMap<>();
      LocalDate end = nearest(added, steps);
      if (end == null) {
        closed.addAll(steps.keySet());
        over.put(added.number(), left);
        return;
      }
      left -= along(added, steps, end, left);
    }
  }

  /** The day with room that the fewest moves lead to, those nearest to what is wanted first. */
  private @Nullable LocalDate nearest(Placed added, Map<LocalDate, Step> steps) {
    Deque<LocalDate> next = new ArrayDeque<>();
    BitSet moved = new BitSet(); // from any of its days one leads to the same
    moved.set(added.number());
    LocalDate found = reach(added, null, added.wish().wanted(), steps, next);
    while (found == null && !next.isEmpty()) {
      LocalDate day = next.remove();
      BitSet others = (BitSet) on.getOrDefault(day, new BitSet()).clone();
      others.andNot(moved);
      moved.or(others);
      for (int i = others.nextSetBit(0); i >= 0 && found == null; i = others.nextSetBit(i + 1)) {
        found = reach(all.get(i), day, day, steps, next);
      }
    }
    return found;
  }

  private @Nullable LocalDate reach(
      Placed moved,
      @Nullable LocalDate from,
      LocalDate near,
      Map<LocalDate, Step> steps,
      Deque<LocalDate> next) {
    Wish wish = moved.wish();
    for (int away = 0; ; away++) {
      LocalDate before = near.minusDays(away);
      LocalDate after = near.plusDays(away);
      if (!wish.may(before) && !wish.may(after)) {
        return null;
      }
      for (LocalDate day : List.of(before, after)) {
        if (wish.may(day) && !closed.contains(day) && !steps.containsKey(day)) {
          steps.put(day, new Step(from, moved));
          if (free(day) > 0) {
            return day;
          }
          next.add(day);
        }
      }
    }
  }

  private long along(Placed added, Map<LocalDate, Step> steps, LocalDate end, long most) {
    long count = Math.min(most, free(end));
    for (Step step = steps.get(end); step != null && step.from() != null; ) {
      count = Math.min(count, step.moved().on().getOrDefault(step.from(), 0L));
      step = steps.get(step.from());
    }
    LocalDate day = end;
    Step step = steps.get(end);
    while (step != null && step.from() != null) {
      put(step.moved(), day, count);
      put(step.moved(), step.from(), -count);
      day = step.from();
      step = steps.get(day);
    }
    put(added, day, count);
    return count;
  }
}
