package io.laoke.order;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an order has come to: a pure function of its lines, the recorded stages and the recorded
 * returns, whatever the order in which they were recorded.
 *
 * <ul>
 *   <li>A unit's stage is CANCELLED if any report on it, its line or the whole order says so; else
 *       RETURNED likewise; else the furthest progress by rank, never the latest by time. EXCHANGED
 *       gives a unit another serial number and leaves its stage.
 *   <li>A line's stage is that of its least advanced live unit, an order's that of its least
 *       advanced live line. Once nothing lives it is CANCELLED if all were, else RETURNED.
 *   <li>A line counts with its live units from the dealer's stage on, the amount in proportion, and
 *       never with more than its quantity and amount less what return notes took off, so a returned
 *       stage and a note about the same thing count once. What comes back beyond what was sold
 *       counts nowhere: it is surplus.
 *   <li>A return nets the line that it names; without one, the first line of the same category code
 *       and, if it gives one, model, and what is more than that line the next ones.
 * </ul>
 *
 * @param milestones of a live order, of what it has reached the latest known time at which
 *     something that lives reached it; of one of which nothing lives, that of anything
 * @param surplus what came back beyond what was sold, in the order of lines
 * @param netted the line that each return is taken off, by {@link ReturnRow#key()}; absent if none
 */
record OrderState(
    Stage stage,
    @Nullable String text,
    @Nullable Long atMs,
    Milestones milestones,
    Map<String, LineState> lines,
    List<OrderHistory.Surplus> surplus,
    Map<String, String> netted) {

  /** The detail of an EXCHANGED report that holds the replacement's serial number. */
  static final String NEW_SERIAL = "newSerial";

  /** Stands for the units of a line that no report names. */
  static final int REST = 0;

  private static final Comparator<StageRecord> BY_TIME =
      Comparator.<StageRecord, Long>comparing(
              record -> record.at().map(at -> at.toEpochMilli()).orElse(Long.MIN_VALUE))
          .thenComparing(StageRecord::document)
          .thenComparing(record -> record.scope().toString())
          .thenComparing(record -> record.text().orElse(""));

  /**
   * What a line has come to.
   *
   * @param units the stages of the units that reports name one by one; number 0 stands for all
   *     others and is absent if there are none
   */
  record LineState(
      Stage stage, BigDecimal counted, long countedFen, SortedMap<Integer, Stage> units) {
    /** The stage of a unit; of the others for one that no report names. */
    Stage of(int unit) {
      Stage own = units.get(unit);
      return own != null ? own : units.getOrDefault(REST, stage);
    }
  }

  /** What reports on one thing say together. */
  private record Reach(boolean cancelled, boolean returned, Stage furthest) {
    static final Reach NONE = new Reach(false, false, Stage.REPORTED);

    Reach with(Stage report) {
      return new Reach(
          cancelled || report == Stage.CANCELLED,
          returned || report == Stage.RETURNED,
          report.progress() ? furthest(report) : furthest);
    }

    Reach and(Reach other) {
      return new Reach(
          cancelled || other.cancelled, returned || other.returned, furthest(other.furthest));
    }

    Stage stage() {
      return cancelled ? Stage.CANCELLED : returned ? Stage.RETURNED : furthest;
    }

    private Stage furthest(Stage other) {
      return other.compareTo(furthest) > 0 ? other : furthest;
    }
  }

  /** The state. */
  static OrderState of(
      long orderedMs,
      Collection<LineRow> lines,
      Collection<StageRecord> reports,
      Collection<ReturnRow> returns,
      Stage countsFrom) {
    Map<String, String> netted = netted(lines, returns);
    Map<String, BigDecimal> returnedQuantity = new HashMap<>();
    Map<String, BigDecimal> returnedFen = new HashMap<>();
    returns.stream()
        .filter(back -> netted.containsKey(back.key()))
        .sorted(MOST_DEFINITE)
        .forEach(
            back -> {
              List<LineRow> from = lines.stream().filter(line -> matches(back, line)).toList();
              takeOff(from, LineRow::quantity, back.quantity(), returnedQuantity);
              takeOff(
                  from,
                  line -> BigDecimal.valueOf(line.netFen()),
                  BigDecimal.valueOf(back.netFen()),
                  returnedFen);
            });
    Reach whole = Reach.NONE;
    for (StageRecord report : reports) {
      whole = report.scope().isEmpty() ? whole.with(report.stage()) : whole;
    }
    Map<String, LineState> states = new LinkedHashMap<>();
    for (LineRow line : lines) {
      SortedMap<Integer, Stage> units = units(line, whole, reports);
      states.put(
          line.lineNo(),
          counted(
              line,
              units,
              returnedQuantity.getOrDefault(line.lineNo(), BigDecimal.ZERO),
              returnedFen.getOrDefault(line.lineNo(), BigDecimal.ZERO),
              countsFrom));
    }
    Stage stage =
        states.isEmpty()
            ? whole.stage()
            : together(states.values().stream().map(LineState::stage).toList());
    Optional<StageRecord> said =
        reports.stream()
            .filter(report -> report.stage() == stage && touches(report, states, stage))
            .max(BY_TIME);
    Long implied = stage == Stage.REPORTED ? Long.valueOf(orderedMs) : null;
    return new OrderState(
        stage,
        said.flatMap(StageRecord::text).orElse(null),
        said.isEmpty() ? implied : said.get().at().map(at -> at.toEpochMilli()).orElse(null),
        Milestones.of(reached -> reached(reports, states, stage, reached)),
        states,
        surplus(lines, returnedQuantity, returnedFen),
        netted);
  }

  private static @Nullable Long reached(
      Collection<StageRecord> reports, Map<String, LineState> lines, Stage present, Stage reached) {
    if (!present.ending() && present.compareTo(reached) < 0) {
      return null;
    }
    return latest(
        reports.stream()
            .filter(report -> report.stage() == reached && touches(report, lines, present)));
  }

  /** When a unit was installed, last if more than once; null if that is not known. */
  static @Nullable Long installed(Collection<StageRecord> reports, String lineNo, int unit) {
    return latest(
        reports.stream()
            .filter(report -> report.stage() == Stage.INSTALLED && of(report, lineNo, unit)));
  }

  private static boolean of(StageRecord report, String lineNo, int unit) {
    SortedSet<Integer> units = report.scope().get(lineNo);
    return units == null ? report.scope().isEmpty() : units.isEmpty() || units.contains(unit);
  }

  private static @Nullable Long latest(Stream<StageRecord> reports) {
    return reports
        .flatMap(report -> report.at().stream())
        .map(Instant::toEpochMilli)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }

  /** Then what is taken off which line does not depend on the order of recording. */
  private static final Comparator<ReturnRow> MOST_DEFINITE =
      Comparator.comparing(back -> back.orderLineNo() != null ? 0 : back.model() != null ? 1 : 2);

  /** Off each line as much as it has, and off the first what none has. */
  private static void takeOff(
      List<LineRow> lines,
      Function<LineRow, BigDecimal> has,
      BigDecimal all,
      Map<String, BigDecimal> taken) {
    BigDecimal left = all;
    for (LineRow line : lines) {
      BigDecimal room =
          has.apply(line).subtract(taken.getOrDefault(line.lineNo(), BigDecimal.ZERO));
      BigDecimal some = left.min(room.max(BigDecimal.ZERO));
      taken.merge(line.lineNo(), some, BigDecimal::add);
      left = left.subtract(some);
    }
    taken.merge(lines.get(0).lineNo(), left, BigDecimal::add);
  }

  private static List<OrderHistory.Surplus> surplus(
      Collection<LineRow> lines,
      Map<String, BigDecimal> returnedQuantity,
      Map<String, BigDecimal> returnedFen) {
    return lines.stream()
        .map(
            line ->
                new OrderHistory.Surplus(
                    line.lineNo(),
                    OrderLine.plain(beyond(returnedQuantity, line, line.quantity())),
                    beyond(returnedFen, line, BigDecimal.valueOf(line.netFen())).longValueExact()))
        .filter(one -> one.quantity().signum() > 0 || one.netFen() > 0)
        .toList();
  }

  private static BigDecimal beyond(
      Map<String, BigDecimal> returned, LineRow line, BigDecimal sold) {
    return returned
        .getOrDefault(line.lineNo(), BigDecimal.ZERO)
        .subtract(sold)
        .max(BigDecimal.ZERO);
  }

  /**
   * Whether a recorded report is news after it led from one state to this: it has a time, and what
   * it concerns is not further already.
   *
   * @param before the state without it, or with its earlier content
   * @param repeated whether it was recorded before with other content
   */
  boolean news(StageRecord report, OrderState before, boolean repeated) {
    if (report.at().isEmpty()) {
      return false;
    }
    if (lines.isEmpty()) {
      return news(report.stage(), before.stage, stage, repeated);
    }
    for (Map.Entry<String, LineState> line : lines.entrySet()) {
      SortedSet<Integer> units = report.scope().get(line.getKey());
      if (units == null && !report.scope().isEmpty()) {
        continue;
      }
      LineState earlier = before.lines.getOrDefault(line.getKey(), line.getValue());
      Set<Integer> named =
          units == null || units.isEmpty() ? line.getValue().units().keySet() : units;
      for (int unit : named) {
        if (news(report.stage(), earlier.of(unit), line.getValue().of(unit), repeated)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean news(Stage reported, Stage before, Stage after, boolean repeated) {
    if (reported == Stage.EXCHANGED) {
      return !after.ending();
    }
    return after == reported && (reported.progress() || repeated || before != reported);
  }

  /** The serial number that exchanges gave a unit, if any did. */
  static Optional<String> exchanged(Collection<StageRecord> reports, LineRow line, int unit) {
    return reports.stream()
        .filter(
            report ->
                report.stage() == Stage.EXCHANGED
                    && report.details().containsKey(NEW_SERIAL)
                    && one(report, line) == unit)
        .max(BY_TIME)
        .map(report -> report.details().get(NEW_SERIAL));
  }

  /** The only unit of a line that a report names, or 0. */
  static int one(StageRecord report, LineRow line) {
    SortedSet<Integer> units = report.scope().get(line.lineNo());
    if (units == null) {
      return 0;
    }
    return units.size() == 1 ? units.first() : units.isEmpty() && line.units() == 1 ? 1 : 0;
  }

  private static SortedMap<Integer, Stage> units(
      LineRow line, Reach whole, Collection<StageRecord> reports) {
    Reach all = whole;
    Map<Integer, Reach> named = new TreeMap<>();
    int count = line.units();
    for (StageRecord report : reports) {
      SortedSet<Integer> units = report.scope().get(line.lineNo());
      if (units == null) {
        continue;
      }
      if (units.isEmpty()) {
        all = all.with(report.stage());
      } else {
        for (int unit : units) {
          if (unit <= count) {
            named.merge(unit, Reach.NONE.with(report.stage()), Reach::and);
          }
        }
      }
    }
    SortedMap<Integer, Stage> stages = new TreeMap<>();
    for (Map.Entry<Integer, Reach> unit : named.entrySet()) {
      stages.put(unit.getKey(), unit.getValue().and(all).stage());
    }
    if (count == 0 || named.size() < count) {
      stages.put(REST, all.stage());
    }
    return stages;
  }

  private static LineState counted(
      LineRow line,
      SortedMap<Integer, Stage> units,
      BigDecimal returned,
      BigDecimal returnedFen,
      Stage countsFrom) {
    long named = units.keySet().stream().filter(unit -> unit != REST).count();
    BigDecimal bought = BigDecimal.ZERO;
    for (Map.Entry<Integer, Stage> unit : units.entrySet()) {
      if (!unit.getValue().ending() && unit.getValue().compareTo(countsFrom) >= 0) {
        bought =
            bought.add(
                unit.getKey() == REST
                    ? line.quantity().subtract(BigDecimal.valueOf(named))
                    : BigDecimal.ONE);
      }
    }
    BigDecimal quantity = bought.min(line.quantity().subtract(returned)).max(BigDecimal.ZERO);
    long left = Math.subtractExact(line.netFen(), returnedFen.longValueExact());
    long fen = Math.max(0, Math.min(share(line, bought), left));
    return new LineState(together(units.values()), OrderLine.plain(quantity), fen, units);
  }

  private static long share(LineRow line, BigDecimal bought) {
    if (bought.compareTo(line.quantity()) == 0) {
      return line.netFen();
    }
    return BigDecimal.valueOf(line.netFen())
        .multiply(bought)
        .divide(line.quantity(), 0, RoundingMode.HALF_UP)
        .longValueExact();
  }

  /** The least advanced of what lives; once nothing lives, CANCELLED only if all are. */
  private static Stage together(Collection<Stage> stages) {
    Stage least = null;
    boolean returned = false;
    for (Stage stage : stages) {
      if (!stage.ending()) {
        least = least == null || stage.compareTo(least) < 0 ? stage : least;
      }
      returned |= stage == Stage.RETURNED;
    }
    if (least != null) {
      return least;
    }
    return returned ? Stage.RETURNED : Stage.CANCELLED;
  }

  private static boolean touches(StageRecord report, Map<String, LineState> lines, Stage stage) {
    if (report.scope().isEmpty()) {
      return true;
    }
    return report.scope().keySet().stream()
        .anyMatch(
            lineNo -> {
              LineState line = lines.get(lineNo);
              return line != null && (stage.ending() || !line.stage().ending());
            });
  }

  private static Map<String, String> netted(
      Collection<LineRow> lines, Collection<ReturnRow> returns) {
    Map<String, String> netted = new HashMap<>();
    for (ReturnRow back : returns) {
      for (LineRow line : lines) {
        if (matches(back, line)) {
          netted.put(back.key(), line.lineNo());
          break;
        }
      }
    }
    return netted;
  }

  private static boolean matches(ReturnRow back, LineRow line) {
    if (back.orderLineNo() != null) {
      return back.orderLineNo().equals(line.lineNo());
    }
    return back.categoryCode().equals(line.categoryCode())
        && (back.model() == null || back.model().equals(line.model()));
  }
}
