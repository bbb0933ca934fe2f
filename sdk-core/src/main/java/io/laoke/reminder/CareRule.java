package io.laoke.reminder;

import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Tenant;
import io.laoke.message.GateRule;
import io.laoke.message.Reason;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Stops reminders of what is settled meanwhile, and holds the others at night. */
final class CareRule implements GateRule {
  static final String CAUSE = "REMINDER";
  static final String ANSWERED = "ANSWERED";
  static final String STALE = "STALE";

  private static final Reason SETTLED =
      new Reason(
          ANSWERED, "Staff have taken the services up, or none of them is due any more.", "", "");
  private static final Reason OTHERS_DUE =
      new Reason(
          STALE, "Other services of the household are due by now; they are told anew.", "", "");
  private static final Reason QUIET =
      new Reason(
          "QUIET_HOURS",
          "Reminders leave by day only.",
          "It leaves by itself; see ReminderSettings for the hours.",
          "服务提醒只在白天发送，届时自动发出。");

  private static final Reason CHANGED =
      new Reason(
          "ORDER_CHANGED",
          "The order has just changed; what is due of it is found out first.",
          "It leaves, or is stopped, by itself.",
          "订单刚有变化，系统先重新计算到期服务，随后自动发出或取消。");
  private static final Duration SOON = Duration.ofSeconds(10);

  private final Function<Tenant, ReminderSettings> settings;

  CareRule(Function<Tenant, ReminderSettings> settings) {
    this.settings = settings;
  }

  @Override
  public List<Verdict> judge(Tx tx, Tenant tenant, Instant now, List<Candidate> messages) {
    Set<Long> contacts = new HashSet<>();
    messages.stream().filter(CareRule::concerned).forEach(one -> contacts.add(one.causeId()));
    if (contacts.isEmpty()) {
      return messages.stream().map(one -> Verdict.pass()).toList();
    }
    Map<Long, ContactTable.About> tasks = ContactTable.about(tx, tenant, contacts);
    Set<Long> wanted = new HashSet<>();
    tasks.values().forEach(one -> wanted.add(one.taskId()));
    Map<Long, ContactTable.Subject> subjects =
        new HashMap<>(ContactTable.subjects(tx, tenant, wanted));
    Map<Long, List<ContactTable.Told>> open = ContactTable.open(tx, tenant, wanted);
    subjects.keySet().retainAll(open.keySet());
    Set<Long> orders = new TreeSet<>();
    open.values().forEach(some -> some.forEach(one -> orders.add(one.orderId())));
    Set<Long> changed = new HashSet<>(ReminderTable.changed(tx, tenant, orders));
    Instant day = byDay(tenant, now);
    return messages.stream()
        .map(
            message -> {
              if (!concerned(message)) {
                return Verdict.pass();
              }
              ContactTable.About about = tasks.get(message.causeId());
              ContactTable.Subject subject = about == null ? null : subjects.get(about.taskId());
              if (about == null
                  || about.over()
                  || subject == null
                  || subject.state() != TaskState.OPEN) {
                return new Verdict.Stop(SETTLED);
              }
              List<ContactTable.Told> due = open.getOrDefault(subject.taskId(), List.of());
              if (due.stream().anyMatch(one -> changed.contains(one.orderId()))) {
                return new Verdict.Defer(now.plus(SOON), CHANGED);
              }
              if (due.size() != about.items()) {
                return new Verdict.Stop(OTHERS_DUE);
              }
              return day.equals(now) ? Verdict.pass() : new Verdict.Defer(day, QUIET);
            })
        .toList();
  }

  /** The same time, or else when the next day's hours begin. */
  Instant byDay(Tenant tenant, Instant at) {
    ReminderSettings hours = settings.apply(tenant);
    ZonedDateTime local = at.atZone(tenant.zone());
    LocalTime time = local.toLocalTime();
    LocalDate day = local.toLocalDate();
    if (time.isBefore(hours.contactFrom())) {
      return day.atTime(hours.contactFrom()).atZone(tenant.zone()).toInstant();
    }
    return time.isBefore(hours.contactUntil())
        ? at
        : day.plusDays(1).atTime(hours.contactFrom()).atZone(tenant.zone()).toInstant();
  }

  private static boolean concerned(Candidate message) {
    return message.causeKind().equals(CAUSE);
  }
}
