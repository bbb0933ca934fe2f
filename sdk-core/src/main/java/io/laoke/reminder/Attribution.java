package io.laoke.reminder;

import io.laoke.internal.tenant.Tenant;
import io.laoke.order.ServicedOrder;
import io.laoke.reminder.TaskTable.Item;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which service came of which date. One by which a task was done came of that task's; any other of
 * the latest date of its unit and kind that had come due, if that, or the last contact about it
 * before the service, was not too long ago. So each service comes of one date at most. A function
 * of what is recorded.
 */
final class Attribution {
  private final Tenant tenant;
  private final int days;

  Attribution(Tenant tenant, int days) {
    this.tenant = tenant;
    this.days = days;
  }

  /** What came of a date. */
  record Income(@Nullable LocalDate served, @Nullable Long fen) {
    static final Income NONE = new Income(null, null);

    Income and(LocalDate day, long more) {
      return new Income(
          served == null || day.isBefore(served) ? day : served, fen == null ? more : fen + more);
    }
  }

  OfOrder ofOrder() {
    return new OfOrder();
  }

  /** That of one order, whose units are asked for one after the other. */
  final class OfOrder {
    /** Services of whole lines; what was paid for one counts with the first of its units. */
    private record WholeLine(String lineNo, String kind, Instant at, String document) {}

    private final Set<WholeLine> counted = new HashSet<>();
    private final Set<Item> changed = new HashSet<>();
    private final Map<Long, LocalDate> reminded = new HashMap<>();

    /** The items of a unit, each with what came of it. */
    List<Item> of(ServicedOrder.Unit unit, List<Item> items, Map<Long, TaskTable.Task> tasks) {
      if (items.isEmpty()) {
        return items;
      }
      Map<Item, Income> incomes = new HashMap<>();
      unit.services().stream()
          .sorted(
              Comparator.comparing(ServicedOrder.Service::at)
                  .thenComparing(ServicedOrder.Service::document))
          .forEach(
              service -> {
                Item cause = cause(unit, service, items, tasks);
                if (cause != null) {
                  reminded.putIfAbsent(service.id(), cause.due());
                  boolean first =
                      !service.wholeLine()
                          || counted.add(
                              new WholeLine(
                                  unit.lineNo(), service.kind(), service.at(), service.document()));
                  incomes.merge(
                      cause,
                      Income.NONE.and(tenant.dayOf(service.at()), first ? service.paidFen() : 0),
                      (was, more) ->
                          was.and(
                              Objects.requireNonNull(more.served()),
                              Objects.requireNonNull(more.fen())));
                }
              });
      List<Item> all = new ArrayList<>();
      for (Item item : items) {
        Item with = item.with(incomes.getOrDefault(item, Income.NONE));
        if (!with.equals(item)) {
          changed.add(with);
        }
        all.add(with);
      }
      return all;
    }

    /** What is to be noted of services, once all units were asked for. */
    Map<Long, Optional<LocalDate>> reminded(ServicedOrder order) {
      Map<Long, Optional<LocalDate>> differs = new HashMap<>();
      reminded.forEach(
          (service, due) -> {
            if (!due.equals(order.reminded().get(service))) {
              differs.put(service, Optional.of(due));
            }
          });
      for (long service : order.reminded().keySet()) {
        if (!reminded.containsKey(service)) {
          differs.put(service, Optional.empty());
        }
      }
      return differs;
    }

    /** Whether what came of it is not what is stored. */
    boolean differs(Item item) {
      return changed.contains(item);
    }
  }

  private @Nullable Item cause(
      ServicedOrder.Unit unit,
      ServicedOrder.Service service,
      List<Item> items,
      Map<Long, TaskTable.Task> tasks) {
    LocalDate day = tenant.dayOf(service.at());
    LocalDate replaced = unit.exchanged().map(tenant::dayOf).orElse(null);
    Item cause = null;
    for (Item item : items) {
      if (!item.kind().equals(service.kind())) {
        continue;
      }
      if (item.doneMs() != null && item.doneMs() == service.at().toEpochMilli()) {
        return item;
      }
      boolean may =
          Planner.of(unit, service) == Planner.of(item, replaced)
              && !item.opened().isAfter(day)
              && Planner.after(day, item.since())
              && !day.isAfter(latest(item, tasks.get(item.taskId()), day));
      if (may && (cause == null || !item.opened().isBefore(cause.opened()))) {
        cause = item;
      }
    }
    return cause;
  }

  /** Until when a service comes of it. */
  private LocalDate latest(Item item, TaskTable.@Nullable Task task, LocalDate day) {
    LocalDate from = item.opened();
    if (task != null && task.contactMs() != null) {
      LocalDate contacted = tenant.dayOf(Instant.ofEpochMilli(task.contactMs()));
      from = contacted.isAfter(from) && !contacted.isAfter(day) ? contacted : from;
    }
    return from.plusDays(days);
  }
}
