package io.laoke.reminder;

import static io.laoke.base.Check.notNull;

import io.laoke.catalog.CatalogBook.Seat;
import io.laoke.catalog.Keys;
import io.laoke.error.InvalidInputException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who gets the tasks that come due by a rule, the longest without one of that rule first; where
 * there is nobody, they are in the pool. A task is on its assignee's list from the start, and
 * nobody else can claim it; it is OPEN until they do, so that its customer is told by messages and
 * what else comes due for them joins it. Services of several rules in one task: that of the one due
 * first says who gets it. Staff who are not active get none. Immutable.
 *
 * @param by how they are chosen
 * @param role of staff of a store or region those alone with that role; empty for all of them
 * @param staff whose turn it is, by {@link By#ROUND_ROBIN}; else empty
 */
public record AssigneeRule(By by, Optional<String> role, List<String> staff) {
  /** How they are chosen. */
  public enum By {
    /** 公共池: nobody; who has time claims one. */
    POOL,
    /** 按门店: staff of the store that sold the goods. */
    STORE,
    /** 按区域: staff of the stores whose region is the nearest around the service's place. */
    REGION,
    /** 轮流: these, in turn. */
    ROUND_ROBIN
  }

  private static final int MOST_STAFF = 200;
  private static final AssigneeRule NOBODY = new AssigneeRule(By.POOL, Optional.empty(), List.of());

  /** Checks and copies. */
  public AssigneeRule {
    notNull("assign.by", by);
    role = notNull("assign.role", role).map(text -> Keys.line("assign.role", text, 32));
    staff =
        notNull("assign.staff", staff).stream()
            .map(code -> Keys.line("assign.staff", code, 64))
            .toList();
    if ((by == By.ROUND_ROBIN) == staff.isEmpty() || staff.size() > MOST_STAFF) {
      throw new InvalidInputException(
          "assign.staff",
          "must name 1 to %d for ROUND_ROBIN, and nobody else; was %s of %d"
              .formatted(MOST_STAFF, by, staff.size()));
    }
    if (staff.stream().distinct().count() < staff.size()) {
      throw new InvalidInputException("assign.staff", "must name each once, was " + staff);
    }
    if (role.isPresent() && by != By.STORE && by != By.REGION) {
      throw new InvalidInputException(
          "assign.role", "is for STORE and REGION; leave it out for " + by);
    }
  }

  /** Nobody: who has time claims one. */
  public static AssigneeRule pool() {
    return NOBODY;
  }

  /** Staff of the store that sold the goods. */
  public static AssigneeRule store() {
    return new AssigneeRule(By.STORE, Optional.empty(), List.of());
  }

  /** Staff of the stores around the service's place. */
  public static AssigneeRule region() {
    return new AssigneeRule(By.REGION, Optional.empty(), List.of());
  }

  /**
   * These in turn, by the ERP's codes. Where the dealer's staff are known, those among them alone
   * who are active then, as only they can claim a task.
   */
  public static AssigneeRule roundRobin(String... staff) {
    return new AssigneeRule(
        By.ROUND_ROBIN, Optional.empty(), Arrays.asList(notNull("assign.staff", staff)));
  }

  /** Of staff of a store or region those alone with that role, in the dealer's own words. */
  public AssigneeRule withRole(String given) {
    return new AssigneeRule(by, Optional.of(notNull("assign.role", given)), staff);
  }

  /** Who may get a task of that store and place; depends on nothing but the arguments. */
  List<String> candidates(Collection<Seat> seats, @Nullable String store, @Nullable String region) {
    return switch (by) {
      case POOL -> List.of();
      case ROUND_ROBIN -> {
        Set<String> there =
            seats.stream().filter(Seat::active).map(Seat::code).collect(Collectors.toSet());
        yield seats.isEmpty() ? staff : staff.stream().filter(there::contains).toList();
      }
      case STORE ->
          sorted(
              seats.stream()
                  .filter(this::may)
                  .filter(seat -> store != null && store.equals(seat.store().orElse(null)))
                  .toList());
      case REGION -> {
        List<Seat> around =
            seats.stream()
                .filter(this::may)
                .filter(seat -> around(seat.region().orElse(null), region))
                .toList();
        int nearest =
            around.stream().mapToInt(seat -> seat.region().orElse("").length()).max().orElse(0);
        yield sorted(
            around.stream().filter(seat -> seat.region().orElse("").length() == nearest).toList());
      }
    };
  }

  private boolean may(Seat seat) {
    return seat.active() && (role.isEmpty() || role.equals(seat.role()));
  }

  private static boolean around(@Nullable String region, @Nullable String place) {
    return region != null
        && place != null
        && (place.equals(region) || place.startsWith(region + "/"));
  }

  private static List<String> sorted(List<Seat> seats) {
    return seats.stream().map(Seat::code).distinct().sorted().toList();
  }

  /**
   * Whose turn it is: who has had none, in their order, else who has had theirs the longest ago.
   *
   * @param turns the number of each one's last turn
   */
  static Optional<String> next(List<String> candidates, Map<String, Long> turns) {
    return candidates.stream().min(Comparator.comparingLong(code -> turns.getOrDefault(code, 0L)));
  }
}
