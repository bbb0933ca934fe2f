package io.laoke.reminder;

import io.laoke.catalog.Races;
import io.laoke.error.InvalidInputException;
import io.laoke.internal.ids.Ids;
import io.laoke.internal.jdbc.Database;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.notice.GoodsWords;
import io.laoke.order.Orders;
import io.laoke.order.Stage;
import io.laoke.order.StageReport;
import io.laoke.reminder.WorkTable.Dated;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Takes what customers answer, whichever way it comes. Locks the steps of the task, then orders,
 * reminders of their units and the task, so that of several answers one counts, and no step is
 * taken meanwhile.
 */
final class AnswerDesk {
  /** How many days before its delivery somebody may say that a unit was installed. */
  private static final int BEFORE_DELIVERY = 30;

  /** The field that is refused before anything is written. */
  static final String DAY = "day";

  private static final String BY = TaskEvent.CUSTOMER;

  private final BiFunction<Database, Tenant, Orders> orders;
  private final Planner planner;
  private final Addressees addressees;
  private final CareRule hours;
  private final AnswerLinks links;
  private final Function<Tenant, ReminderSettings> settings;
  private final Ids ids;
  private final Runnable wake;

  AnswerDesk(
      BiFunction<Database, Tenant, Orders> orders,
      Planner planner,
      Addressees addressees,
      CareRule hours,
      AnswerLinks links,
      Function<Tenant, ReminderSettings> settings,
      Ids ids,
      Runnable wake) {
    this.orders = orders;
    this.planner = planner;
    this.addressees = addressees;
    this.hours = hours;
    this.links = links;
    this.settings = settings;
    this.ids = ids;
    this.wake = wake;
  }

  AnswerLinks links() {
    return links;
  }

  /** What a customer says. */
  sealed interface Given {
    /** A time. */
    record Book(Task.Slot slot) implements Given {}

    /** Again after some days. */
    record Later(int days) implements Given {}

    /** No. */
    record Decline() implements Given {}

    /** Installed on that day. */
    record Installed(LocalDate day) implements Given {}

    /** To be called for a time. */
    record Call() implements Given {}
  }

  // ---- looking

  /** What a token leads to. */
  AnswerState look(Tx tx, Tenant tenant, AnswerLinks.Named named, Instant now) {
    return ContactTable.find(tx, tenant, named.contactId(), ContactTable.Lock.NONE)
        .map(
            contact -> look(tx, tenant, contact, Optional.of(named.lastDay()), named.member(), now))
        .orElseGet(AnswerState.Unknown::new);
  }

  /**
   * What a contact leads to.
   *
   * @param lastDay of its token; empty where there is none
   */
  AnswerState look(
      Tx tx,
      Tenant tenant,
      ContactTable.Contact contact,
      Optional<LocalDate> lastDay,
      Instant now) {
    return look(tx, tenant, contact, lastDay, OptionalLong.empty(), now);
  }

  private AnswerState look(
      Tx tx,
      Tenant tenant,
      ContactTable.Contact contact,
      Optional<LocalDate> lastDay,
      OptionalLong made,
      Instant now) {
    Optional<TaskRow> named = WorkTable.find(tx, tenant, contact.taskId());
    if (named.isEmpty()) {
      return new AnswerState.Unknown();
    }
    OptionalLong task = task(tx, tenant, contact, made, named.get());
    if (task.isEmpty()) {
      return new AnswerState.Expired();
    }
    Optional<TaskRow> row =
        task.getAsLong() == contact.taskId() ? named : WorkTable.find(tx, tenant, task.getAsLong());
    return row.isEmpty()
        ? new AnswerState.Unknown()
        : state(
            tx,
            tenant,
            row.get(),
            WorkTable.items(tx, tenant, List.of(row.get().id), false),
            answered(tx, tenant, contact, row.get().id),
            lastDay,
            now);
  }

  /** Whether a contact's answer is about that task. */
  boolean leads(Tx tx, Tenant tenant, ContactTable.Contact contact, long taskId) {
    return leads(tx, tenant, contact, OptionalLong.empty(), taskId);
  }

  private boolean leads(
      Tx tx, Tenant tenant, ContactTable.Contact contact, OptionalLong made, long taskId) {
    OptionalLong task =
        WorkTable.find(tx, tenant, contact.taskId())
            .map(row -> task(tx, tenant, contact, made, row))
            .orElseGet(OptionalLong::empty);
    return task.isPresent() && task.getAsLong() == taskId;
  }

  /** The task about which a contact is answered; empty where that is another's by now. */
  private OptionalLong task(
      Tx tx, Tenant tenant, ContactTable.Contact contact, OptionalLong made, TaskRow named) {
    return contact.anothers()
        ? OptionalLong.empty()
        : addressees.task(tx, tenant, contact, made, named);
  }

  /** A token that staff make now for whom a task concerns. */
  String token(Tx tx, Tenant tenant, ContactTable.Contact contact, long taskId, Instant now) {
    OptionalLong made =
        WorkTable.find(tx, tenant, taskId)
            .map(row -> addressees.unsaid(tx, tenant, contact, row))
            .orElseGet(OptionalLong::empty);
    return links.token(tenant, contact.id(), made, now);
  }

  /**
   * The newest answer to what somebody was told so, or that came after it; of those before, others
   * were told. By whose ids that is known, whose clocks may differ; of its own answer it is
   * certain.
   */
  private static AnswerTable.@Nullable Row answered(
      Tx tx, Tenant tenant, ContactTable.Contact contact, long taskId) {
    return AnswerTable.of(tx, tenant, taskId).stream()
        .filter(one -> one.contactId() == contact.id() || one.id() > contact.id())
        .findFirst()
        .orElse(null);
  }

  private AnswerState state(
      Tx tx,
      Tenant tenant,
      TaskRow row,
      List<Dated> items,
      AnswerTable.@Nullable Row answer,
      Optional<LocalDate> lastDay,
      Instant now) {
    AnswerState.Facts facts = facts(tx, tenant, row, items);
    if (answer != null && answer.word() != null) {
      return new AnswerState.Answered(facts, answer.answer(answer.word()), false);
    }
    if (!row.state.live() || row.state == TaskState.BOOKED) {
      return new AnswerState.Settled(
          facts, row.state, row.state == TaskState.BOOKED ? row.slot() : Optional.empty());
    }
    if (lastDay.filter(day -> tenant.dayOf(now).isAfter(day)).isPresent()) {
      return new AnswerState.Expired();
    }
    AnswerSettings offer = settings.apply(tenant).answers();
    return new AnswerState.Open(
        facts,
        slots(tenant, offer, now),
        offer.laterDays(),
        assumed(tx, tenant, items).stream()
            .map(one -> Objects.requireNonNull(one.from()))
            .min(LocalDate::compareTo),
        answer != null);
  }

  private AnswerState.Facts facts(Tx tx, Tenant tenant, TaskRow row, List<Dated> items) {
    List<Dated> open =
        items.stream().filter(one -> one.item().state() == TaskItem.State.OPEN).toList();
    List<Dated> of = open.isEmpty() ? items : open;
    int pieces = (int) of.stream().map(Dated::unitId).distinct().count();
    ActiveRules rules = planner.rules(tx, tenant);
    return new AnswerState.Facts(
        row.id,
        of.stream()
            .map(one -> rules.name(one.rule().code()).orElse(one.item().kind()))
            .distinct()
            .collect(Collectors.joining("、")),
        GoodsWords.of(
            of.stream()
                .map(Dated::item)
                .flatMap(
                    item ->
                        GoodsWords.named(
                            item.name().orElse(null),
                            item.model().orElse(null),
                            item.brand().orElse(null))
                            .stream())
                .findFirst(),
            pieces),
        pieces,
        of.stream().map(one -> one.item().due()).min(LocalDate::compareTo).orElse(row.due));
  }

  /** The times on offer that have not begun. */
  private static List<Task.Slot> slots(Tenant tenant, AnswerSettings offer, Instant now) {
    List<Task.Slot> slots = new ArrayList<>();
    LocalDate first = tenant.dayOf(now).plusDays(offer.firstInDays());
    for (int i = 0; i < offer.offeredDays(); i++) {
      LocalDate day = first.plusDays(i);
      for (AnswerSettings.Hours of : offer.hours()) {
        Task.Slot slot = new Task.Slot(at(tenant, day, of.from()), at(tenant, day, of.until()));
        if (slot.from().isAfter(now) && slot.to().isAfter(slot.from())) {
          slots.add(slot);
        }
      }
    }
    return slots;
  }

  private static Instant at(Tenant tenant, LocalDate day, LocalTime time) {
    return day.atTime(time).atZone(tenant.zone()).toInstant();
  }

  /**
   * What is open and was counted from a day on which a unit was only taken for installed, as it
   * still is.
   */
  private static List<Dated> assumed(Tx tx, Tenant tenant, List<Dated> items) {
    List<Dated> assumed =
        items.stream()
            .filter(one -> one.item().state() == TaskItem.State.OPEN)
            .filter(one -> one.assumed() && one.basis() == Basis.INSTALLED && one.from() != null)
            .toList();
    if (assumed.isEmpty()) {
      return assumed;
    }
    Set<Long> reported =
        ReminderTable.ofUnits(
                tx, tenant, assumed.stream().map(Dated::unitId).distinct().toList(), false)
            .values()
            .stream()
            .filter(row -> row.days().installed() != null)
            .map(row -> row.unit().id())
            .collect(Collectors.toSet());
    return assumed.stream().filter(one -> !reported.contains(one.unitId())).toList();
  }

  // ---- answering

  /**
   * Takes an answer, or says why not.
   *
   * @param within the same transaction, as the doors of others take it
   */
  AnswerState answer(
      Tx tx,
      Database within,
      Tenant tenant,
      AnswerLinks.Named link,
      Given given,
      CustomerAnswer.Source source,
      Instant now) {
    Optional<ContactTable.Contact> seen =
        ContactTable.find(tx, tenant, link.contactId(), ContactTable.Lock.NONE);
    if (seen.isEmpty()) {
      return new AnswerState.Unknown();
    }
    Optional<TaskRow> named = WorkTable.find(tx, tenant, seen.get().taskId());
    if (named.isEmpty()) {
      return new AnswerState.Unknown();
    }
    OptionalLong task = task(tx, tenant, seen.get(), link.member(), named.get());
    if (task.isEmpty()) {
      return new AnswerState.Expired();
    }
    long taskId = task.getAsLong();
    ContactTable.lockOf(tx, tenant, taskId);
    ContactTable.Contact contact =
        ContactTable.find(tx, tenant, link.contactId(), ContactTable.Lock.HELD)
            .orElseThrow(() -> Races.lost("reminder contact"));
    if (contact.anothers()) {
      return new AnswerState.Expired();
    }
    ActiveRules rules = planner.rules(tx, tenant);
    Set<Long> orderIds = new TreeSet<>();
    if (given instanceof Given.Installed) {
      WorkTable.items(tx, tenant, List.of(taskId), false)
          .forEach(item -> orderIds.add(item.orderId()));
      planner.lock(tx, tenant, rules, orderIds, taskId, now);
    }
    TaskRow row = WorkTable.lock(tx, tenant, taskId).orElseThrow(() -> Races.lost("reminder task"));
    if (!leads(tx, tenant, contact, link.member(), taskId)) {
      throw Races.lost("reminder contact"); // its dates have just gone to another
    }
    List<Dated> items = WorkTable.items(tx, tenant, List.of(taskId), true);
    AnswerTable.Row answer = answered(tx, tenant, contact, taskId);
    AnswerState state = state(tx, tenant, row, items, answer, Optional.of(link.lastDay()), now);
    if (!(state instanceof AnswerState.Open open)) {
      return state;
    }
    Taken taken = new Taken(tx, tenant, contact, row, source, now);
    reached(taken);
    if (given instanceof Given.Book booking) {
      book(taken, booking.slot());
      return applied(open, taken, AnswerWord.BOOK, booking.slot(), null);
    }
    if (given instanceof Given.Later after) {
      LocalDate day = tenant.dayOf(now).plusDays(after.days());
      AnswerState answered = applied(open, taken, AnswerWord.LATER, null, day);
      later(taken, day);
      return answered;
    }
    if (given instanceof Given.Decline) {
      decline(taken);
      return applied(open, taken, AnswerWord.DECLINE, null, null);
    }
    if (given instanceof Given.Installed report) {
      List<Dated> assumed = assumed(tx, tenant, items);
      if (assumed.isEmpty()) {
        return state;
      }
      if (items.stream().anyMatch(item -> !orderIds.contains(item.orderId()))) {
        throw Races.lost("reminder task"); // something joined it in between
      }
      installed(taken, within, rules, orderIds, items, assumed, report.day());
      return row.state.live()
          ? look(tx, tenant, contact, Optional.of(link.lastDay()), now)
          : applied(open, taken, AnswerWord.INSTALLED, null, report.day());
    }
    call(taken, open);
    return look(tx, tenant, contact, Optional.of(link.lastDay()), now);
  }

  /** An answer on its way; the task's row is locked. */
  private record Taken(
      Tx tx,
      Tenant tenant,
      ContactTable.Contact contact,
      TaskRow row,
      CustomerAnswer.Source source,
      Instant now) {}

  private AnswerState applied(
      AnswerState.Open open,
      Taken taken,
      AnswerWord word,
      Task.@Nullable Slot slot,
      @Nullable LocalDate day) {
    AnswerTable.Row row =
        new AnswerTable.Row(
            ids.next(), taken.contact().id(), word, taken.source(), slot, day, taken.now());
    AnswerTable.put(taken.tx(), taken.tenant(), taken.row().id, row);
    return new AnswerState.Answered(open.facts(), row.answer(word), true);
  }

  private void write(Taken taken, TaskState from, TaskEvent.Action action, String detail) {
    WorkTable.write(taken.tx(), taken.tenant(), taken.row(), taken.now());
    TaskTable.audit(
        taken.tx(),
        taken.tenant(),
        ids.next(),
        new TaskTable.Happened(taken.row().id, action, BY, from, taken.row().state, detail, null),
        taken.now());
  }

  /**
   * Nobody is told any further; what waits to be sent is stopped at the gate. What is not over is
   * for staff from now on, also if they give it back.
   */
  private static void toldEnough(Taken taken) {
    long task = taken.row().id;
    ContactTable.endOf(taken.tx(), taken.tenant(), task, CareRule.ANSWERED);
    ContactTable.toBeCalled(taken.tx(), taken.tenant(), List.of(task), taken.now());
  }

  /** Whoever answers was reached, whatever is known of the message. */
  private static void reached(Taken taken) {
    TaskRow row = taken.row();
    row.reached = taken.tenant().dayOf(taken.now());
    boolean bySms =
        taken.source() == CustomerAnswer.Source.SMS || taken.contact().step() == ContactStep.SMS;
    if (bySms) {
      row.reachedBy = ContactChannel.SMS.name();
    } else if (taken.contact().step() != ContactStep.CALL) {
      row.reachedBy = ContactChannel.WECHAT.name();
    }
  }

  /** It is the assignee's for good, unless their claim has lapsed. */
  private static void leave(TaskRow row) {
    if (row.free()) {
      row.assignee = null;
    }
  }

  private void book(Taken taken, Task.Slot slot) {
    TaskRow row = taken.row();
    TaskState from = row.state;
    leave(row);
    row.book(slot, taken.tenant().dayOf(taken.now()));
    taken.tx().afterCommit(wake);
    toldEnough(taken);
    write(taken, from, TaskEvent.Action.BOOKED, slot.from() + " to " + slot.to());
  }

  /** What nobody has taken up is told again then, from the first step on. */
  private void later(Taken taken, LocalDate day) {
    TaskRow row = taken.row();
    if (!row.free()) {
      row.leaseMs = null;
    }
    row.snoozed = day;
    toldEnough(taken);
    write(taken, row.state, TaskEvent.Action.SNOOZED, "until " + day);
    if (row.state == TaskState.OPEN) {
      Tenant tenant = taken.tenant();
      ContactTable.notToBeCalled(taken.tx(), tenant, row.id);
      ContactPlan plan = taken.contact().plan();
      Instant then = hours.byDay(tenant, day.atStartOfDay(tenant.zone()).toInstant());
      ContactTable.insert(
          taken.tx(),
          tenant,
          List.of(new ContactTable.NewContact(ids.next(), row.id, plan.steps().get(0), plan, then)),
          taken.now());
    }
  }

  private void decline(Taken taken) {
    TaskRow row = taken.row();
    TaskState from = row.state;
    leave(row);
    row.end(TaskState.REFUSED);
    toldEnough(taken);
    WorkTable.drop(taken.tx(), taken.tenant(), row.id);
    write(taken, from, TaskEvent.Action.REFUSED, "");
  }

  private void call(Taken taken, AnswerState.Open open) {
    if (open.asked()) {
      return;
    }
    TaskRow row = taken.row();
    toldEnough(taken);
    row.snoozed = null;
    write(taken, row.state, TaskEvent.Action.ASKED, "");
    AnswerTable.put(
        taken.tx(),
        taken.tenant(),
        row.id,
        new AnswerTable.Row(
            ids.next(), taken.contact().id(), null, taken.source(), null, null, taken.now()));
  }

  // ---- installed

  private void installed(
      Taken taken,
      Database within,
      ActiveRules rules,
      Set<Long> orderIds,
      List<Dated> items,
      List<Dated> assumed,
      LocalDate day) {
    Tenant tenant = taken.tenant();
    LocalDate today = tenant.dayOf(taken.now());
    LocalDate delivered = delivered(taken, assumed);
    if (day.isAfter(today)
        || (delivered != null && day.isBefore(delivered.minusDays(BEFORE_DELIVERY)))) {
      throw new InvalidInputException(
          DAY,
          "must not be after today, %s%s; was %s"
              .formatted(
                  today,
                  delivered == null
                      ? ""
                      : ", nor more than %d days before the delivery on %s"
                          .formatted(BEFORE_DELIVERY, delivered),
                  day));
    }
    Instant noon = at(tenant, day, LocalTime.NOON);
    Instant at = noon.isAfter(taken.now()) ? taken.now() : noon;
    Orders recorded = orders.apply(within, tenant);
    Map<String, Map<String, Set<Integer>>> units = new TreeMap<>();
    for (Dated one : assumed) {
      TaskItem item = one.item();
      units
          .computeIfAbsent(item.orderNo(), no -> new TreeMap<>())
          .computeIfAbsent(item.lineNo(), no -> new TreeSet<>())
          .add(item.unitNo());
    }
    units.forEach(
        (orderNo, lines) -> {
          StageReport report = StageReport.of(Stage.INSTALLED, at).detail("source", "CUSTOMER");
          for (Map.Entry<String, Set<Integer>> line : lines.entrySet()) {
            report =
                report.units(
                    line.getKey(), line.getValue().stream().mapToInt(Integer::intValue).toArray());
          }
          recorded.advance(orderNo, report);
        });
    List<Dated> early = notYetDue(taken, assumed, day, today);
    boolean left =
        items.stream()
            .anyMatch(one -> one.item().state() == TaskItem.State.OPEN && !early.contains(one));
    WorkTable.drop(taken.tx(), tenant, early);
    TaskRow row = taken.row();
    TaskState from = row.state;
    if (!left) {
      leave(row);
      row.end(TaskState.CLOSED);
      toldEnough(taken);
    }
    write(taken, from, TaskEvent.Action.INSTALLED, day.toString());
    planner.plan(taken.tx(), tenant, rules, orderIds, today, taken.now());
    taken.tx().afterCommit(wake);
  }

  /** The first delivery among these. */
  private static @Nullable LocalDate delivered(Taken taken, List<Dated> assumed) {
    return ReminderTable.ofUnits(
            taken.tx(),
            taken.tenant(),
            assumed.stream().map(Dated::unitId).distinct().toList(),
            false)
        .values()
        .stream()
        .map(row -> row.days().delivered())
        .filter(Objects::nonNull)
        .min(LocalDate::compareTo)
        .orElse(null);
  }

  /** Those whose customers would not have been told yet, had that day been known. */
  private static List<Dated> notYetDue(
      Taken taken, List<Dated> assumed, LocalDate day, LocalDate today) {
    Map<RuleTable.Key, ServiceCycle> cycles =
        new HashMap<>(
            RuleTable.cycles(
                taken.tx(),
                taken.tenant(),
                assumed.stream().map(Dated::rule).collect(Collectors.toSet())));
    return assumed.stream()
        .filter(
            one -> {
              ServiceCycle cycle = cycles.get(one.rule());
              return cycle != null
                  && cycle
                      .counted(
                          Objects.requireNonNull(one.from()),
                          Optional.of(Basis.INSTALLED),
                          true,
                          one.item().due())
                      .map(why -> cycle.dueFrom(day, why.times()))
                      .filter(due -> due.minusDays(cycle.leadDays()).isAfter(today))
                      .isPresent();
            })
        .toList();
  }
}
