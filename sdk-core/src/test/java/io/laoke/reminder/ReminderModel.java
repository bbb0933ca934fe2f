package io.laoke.reminder;

import io.laoke.order.Stage;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What reminders should do, in memory and said plainly: nothing is kept but what happened, and each
 * day all of it is looked at.
 */
final class ReminderModel {
  static final String[] KINDS = {"CLEANING", "FILTER"};

  /** A stage of a unit that somebody reported. */
  record Reported(Stage stage, LocalDate day) {}

  /** A service, as it can be taken out again. */
  record Done(String order, int unit, String kind, LocalDate day) {}

  /** A date that came due, counted from a day, and what became of it. */
  static final class Contact {
    final String kind;
    final LocalDate due;
    final LocalDate counted;
    LocalDate told;
    LocalDate over;
    LocalDate lastDone;
    String state = "OPEN";

    Contact(String kind, LocalDate due, LocalDate counted) {
      this.kind = kind;
      this.due = due;
      this.counted = counted;
    }

    /** Whether it was told on a day that a clock was moved back from, and a service came before. */
    boolean isVoid(List<LocalDate> done) {
      return over.isBefore(due)
          && done.stream()
              .anyMatch(day -> day.isBefore(due) && (lastDone == null || day.isAfter(lastDone)));
    }

    /** Whether it has nothing to do with what the customer has since an exchange. */
    boolean before(LocalDate replaced) {
      return replaced != null && counted.isBefore(replaced);
    }
  }

  /** A unit that was sold. */
  static final class Unit {
    final String order;
    final int number;
    final String category;
    final List<Reported> stages = new ArrayList<>();
    final List<Contact> contacts = new ArrayList<>();

    Unit(String order, int number, String category) {
      this.order = order;
      this.number = number;
      this.category = category;
    }

    private LocalDate last(Stage stage) {
      return stages.stream()
          .filter(one -> one.stage() == stage)
          .map(Reported::day)
          .max(Comparator.naturalOrder())
          .orElse(null);
    }

    boolean living() {
      return last(Stage.RETURNED) == null && last(Stage.CANCELLED) == null;
    }
  }

  final Map<String, ReminderRule> rules = new TreeMap<>();
  final Map<String, List<Unit>> orders = new LinkedHashMap<>();
  final List<Done> services = new ArrayList<>();
  private LocalDate lived;

  private Stream<Unit> units() {
    return orders.values().stream().flatMap(List::stream);
  }

  private ReminderRule rule(Unit unit, String kind) {
    ReminderRule best = null;
    for (ReminderRule rule : rules.values()) { // by code
      if (rule.kind().equals(kind)
          && (unit.category + "/").startsWith(rule.category() + "/")
          && (best == null || rule.category().length() > best.category().length())) {
        best = rule;
      }
    }
    return best;
  }

  private List<LocalDate> done(Unit unit, String kind) {
    LocalDate replaced = unit.last(Stage.EXCHANGED);
    return services.stream()
        .filter(one -> one.order().equals(unit.order))
        .filter(one -> one.unit() == 0 || one.unit() == unit.number)
        .filter(one -> kind == null || one.kind().equals(kind))
        .map(Done::day)
        .filter(day -> replaced == null || day.isAfter(replaced))
        .sorted()
        .distinct()
        .toList();
  }

  private NextService next(Unit unit, String kind) {
    ReminderRule rule = rule(unit, kind);
    if (rule == null || !unit.living()) {
      return null;
    }
    return rule.cycle().next(days(unit, kind));
  }

  private UnitDays days(Unit unit, String kind) {
    LocalDate replaced = unit.last(Stage.EXCHANGED);
    UnitDays days = UnitDays.unknown();
    LocalDate delivered = unit.last(Stage.DELIVERED);
    if (delivered != null || replaced != null) {
      days = days.delivered(latest(delivered, replaced));
    }
    if (unit.last(Stage.INSTALLED) != null) {
      days = days.installed(latest(unit.last(Stage.INSTALLED), replaced));
    }
    if (unit.last(Stage.COMPLETED) != null) {
      days = days.completed(latest(unit.last(Stage.COMPLETED), replaced));
    }
    List<LocalDate> any = done(unit, null);
    if (!any.isEmpty()) {
      days = days.serviced(any.get(any.size() - 1));
    }
    List<LocalDate> same = done(unit, kind);
    if (!same.isEmpty()) {
      days = days.done(same.get(same.size() - 1));
    }
    List<Contact> told =
        unit.contacts.stream()
            .filter(one -> one.kind.equals(kind))
            .filter(one -> !one.before(replaced))
            .filter(one -> !one.isVoid(same))
            .sorted(
                Comparator.comparing(
                        (Contact one) -> Objects.requireNonNullElse(one.lastDone, LocalDate.MIN))
                    .thenComparing(one -> one.due))
            .toList();
    int over = same.size();
    LocalDate last = null;
    for (int i = 0; i < told.size(); i++) {
      Contact one = told.get(i);
      last = latest(last, latest(one.due, one.over));
      LocalDate from = one.lastDone == null ? LocalDate.MIN : one.lastDone;
      LocalDate to =
          i + 1 == told.size()
              ? LocalDate.MAX
              : Objects.requireNonNullElse(told.get(i + 1).lastDone, LocalDate.MIN);
      over += same.stream().anyMatch(day -> day.isAfter(from) && !day.isAfter(to)) ? 0 : 1;
    }
    return last == null ? days.closed(over) : days.closed(over, last);
  }

  private static LocalDate latest(LocalDate one, LocalDate other) {
    return one == null ? other : other == null || one.isAfter(other) ? one : other;
  }

  /** What should be planned, as the fixture shows it. */
  List<String> planned() {
    TreeSet<String> all = new TreeSet<>();
    units()
        .forEach(
            unit -> {
              for (String kind : KINDS) {
                NextService next = next(unit, kind);
                int over = days(unit, kind).closed();
                if (next instanceof NextService.Due due) {
                  all.add(
                      "%s 1 %d %s PLANNED %s %s %d"
                          .formatted(
                              unit.order, unit.number, kind, due.due(), due.contact(), over));
                } else if (next instanceof NextService.Never never) {
                  all.add(
                      "%s 1 %d %s %s null null %d"
                          .formatted(unit.order, unit.number, kind, never.why(), over));
                }
              }
            });
    return List.copyOf(all);
  }

  /** What should have come due, each with its day, and whether it is done with. */
  List<String> contacts() {
    List<String> all = new ArrayList<>();
    units()
        .forEach(
            unit -> {
              for (Contact one : unit.contacts) {
                all.add(
                    "%s 1 %d %s %s %s %s"
                        .formatted(
                            unit.order, unit.number, one.kind, one.due, one.told, one.state));
              }
            });
    all.sort(null);
    return all;
  }

  /** All services of a kind that a unit got, be it one that was replaced later. */
  private List<LocalDate> ever(Unit unit, String kind) {
    return services.stream()
        .filter(one -> one.order().equals(unit.order) && one.kind().equals(kind))
        .filter(one -> one.unit() == 0 || one.unit() == unit.number)
        .map(Done::day)
        .toList();
  }

  /** What has become of a date: what is done is not taken back but with the service itself. */
  private String state(Unit unit, Contact one) {
    if (one.state.equals("DROPPED")) {
      return "DROPPED";
    }
    boolean wasDone = one.state.equals("DONE");
    if (!unit.living()) {
      return wasDone ? "DONE" : "GONE";
    }
    LocalDate replaced = unit.last(Stage.EXCHANGED);
    boolean old = one.before(replaced);
    for (LocalDate day : ever(unit, one.kind)) {
      boolean later = one.lastDone == null || day.isAfter(one.lastDone);
      boolean toTheOldOne = replaced != null && !day.isAfter(replaced);
      if (later && (wasDone || toTheOldOne == old)) {
        return "DONE";
      }
    }
    return old ? "GONE" : "OPEN";
  }

  /** What has become of all dates of an order's units. */
  void settle(String order) {
    units()
        .filter(unit -> unit.order.equals(order))
        .forEach(unit -> unit.contacts.forEach(one -> one.state = state(unit, one)));
  }

  /** The dates of a task that waits. */
  List<Contact> open(Task task) {
    List<Contact> open = new ArrayList<>();
    for (TaskItem item : task.items()) {
      if (item.state() == TaskItem.State.OPEN) {
        open.add(
            units()
                .filter(unit -> unit.order.equals(item.orderNo()) && unit.number == item.unitNo())
                .flatMap(unit -> unit.contacts.stream())
                .filter(one -> one.kind.equals(item.kind()) && one.due.equals(item.due()))
                .findFirst()
                .orElseThrow());
      }
    }
    return open;
  }

  /** A day before the last one: dates that came due ahead were told today, and do not again. */
  private void backOn(LocalDate today) {
    units()
        .forEach(
            unit -> {
              for (Contact one : unit.contacts) {
                ReminderRule rule = unit.living() ? rule(unit, one.kind) : null;
                LocalDate over = today.plusDays(rule == null ? 0 : rule.cycle().leadDays());
                if (one.told.isAfter(today.plusDays(1)) && one.over.isAfter(over)) {
                  one.over = over;
                }
              }
            });
  }

  /** A day on which somebody looks. */
  void tick(LocalDate today) {
    if (lived != null && lived.isAfter(today.plusDays(1))) {
      backOn(today);
      lived = today;
    }
    lived = latest(lived, today);
    units().forEach(unit -> unit.contacts.forEach(one -> one.state = state(unit, one)));
    units()
        .forEach(
            unit -> {
              for (String kind : KINDS) {
                if (next(unit, kind) instanceof NextService.Due due
                    && !due.contact().isAfter(today)) {
                  List<LocalDate> same = done(unit, kind);
                  int lead = Objects.requireNonNull(rule(unit, kind)).cycle().leadDays();
                  // One day is told once, unless it was that of a unit that is gone.
                  unit.contacts.removeIf(one -> one.kind.equals(kind) && one.due.equals(due.due()));
                  Contact one = new Contact(kind, due.due(), due.from());
                  one.told = today;
                  one.over = latest(due.due(), today.plusDays(lead));
                  one.lastDone = same.isEmpty() ? null : same.get(same.size() - 1);
                  unit.contacts.add(one);
                }
              }
            });
  }
}
