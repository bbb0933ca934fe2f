package io.laoke.order;

import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The units of an order's lines: which have rows of their own, how far each is, and which of them
 * count as bought. A line counts with as many units as its counted quantity has; where a return
 * says only how many came back, those are taken to be back first that have no row, then the least
 * advanced, then those of the highest numbers.
 *
 * @param rows units with a row, those that are gone included
 * @param plain by line, all units that have none
 */
record Units(List<UnitRow> rows, Map<String, LineRow.Plain> plain) {
  /** Makes the row of a unit that has none. */
  interface Maker {
    UnitRow unit(String lineNo, int unitNo);
  }

  private static final Comparator<UnitRow> FURTHEST =
      Comparator.comparing(UnitRow::stage).reversed().thenComparing(UnitRow::unitNo);

  static Units of(Dossier draft, OrderState state, Maker maker) {
    Map<String, Map<Integer, UnitRow>> known = byLine(draft.units());
    List<UnitRow> rows = new ArrayList<>();
    Map<String, LineRow.Plain> plain = new HashMap<>();
    for (LineRow line : draft.lines()) {
      Map<Integer, UnitRow> ofLine =
          Objects.requireNonNullElseGet(known.remove(line.lineNo()), TreeMap::new);
      OrderState.LineState lineState = Objects.requireNonNull(state.lines().get(line.lineNo()));
      for (int number : named(draft, line, lineState)) {
        ofLine.computeIfAbsent(number, unit -> maker.unit(line.lineNo(), unit));
      }
      List<UnitRow> settled = new ArrayList<>();
      for (UnitRow unit : ofLine.values()) {
        settled.add(
            unit.unitNo() > line.units() ? unit.gone() : settled(draft, line, lineState, unit));
      }
      int left = lineState.counted().setScale(0, RoundingMode.CEILING).intValueExact();
      Set<Integer> counted =
          settled.stream()
              .filter(unit -> unit.present() && !unit.stage().ending())
              .sorted(FURTHEST)
              .limit(left)
              .map(UnitRow::unitNo)
              .collect(Collectors.toSet());
      settled.replaceAll(unit -> counted.contains(unit.unitNo()) ? unit.counts() : unit);
      rows.addAll(settled);
      plain.put(
          line.lineNo(),
          new LineRow.Plain(
              line.kind() == LineKind.GOODS ? left - counted.size() : 0,
              OrderState.installed(draft.stages(), line.lineNo(), OrderState.REST),
              serviced(draft.services(), line.lineNo(), OrderState.REST)));
    }
    known.values().forEach(gone -> gone.values().forEach(unit -> rows.add(unit.gone())));
    return new Units(rows, plain);
  }

  static Map<String, Map<Integer, UnitRow>> byLine(Collection<UnitRow> units) {
    Map<String, Map<Integer, UnitRow>> byLine = new LinkedHashMap<>();
    for (UnitRow unit : units) {
      byLine.computeIfAbsent(unit.lineNo(), line -> new TreeMap<>()).put(unit.unitNo(), unit);
    }
    return byLine;
  }

  private static UnitRow settled(
      Dossier draft, LineRow line, OrderState.LineState state, UnitRow unit) {
    return unit.in(
        state.of(unit.unitNo()),
        OrderState.exchanged(draft.stages(), line, unit.unitNo()).orElse(null),
        OrderState.installed(draft.stages(), line.lineNo(), unit.unitNo()),
        serviced(draft.services(), line.lineNo(), unit.unitNo()));
  }

  /** Units to which something happened alone. */
  private static List<Integer> named(Dossier draft, LineRow line, OrderState.LineState state) {
    List<Integer> named = new ArrayList<>(state.units().keySet());
    draft.stages().stream()
        .filter(
            report ->
                report.stage() == Stage.EXCHANGED
                    && report.details().containsKey(OrderState.NEW_SERIAL))
        .forEach(report -> named.add(OrderState.one(report, line)));
    draft.services().stream()
        .filter(service -> service.lineNo().equals(line.lineNo()))
        .forEach(service -> named.add(service.unitNo()));
    named.removeIf(unit -> unit <= 0 || unit > line.units());
    return named;
  }

  private static @Nullable Long serviced(Collection<ServiceRow> services, String lineNo, int unit) {
    return services.stream()
        .filter(service -> service.of(lineNo, unit))
        .map(ServiceRow::atMs)
        .max(Comparator.naturalOrder())
        .orElse(null);
  }
}
