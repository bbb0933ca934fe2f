package io.laoke.reminder;

import io.laoke.catalog.Chunks;
import io.laoke.internal.jdbc.Tx;
import io.laoke.internal.tenant.Person;
import io.laoke.internal.tenant.PersonalData;
import io.laoke.internal.tenant.PersonalTable;
import io.laoke.internal.tenant.Tenant;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the tables of reminders keep of people: when units that they bought get services. Once the
 * order's person was erased, nothing is planned of it any more.
 */
final class ReminderData implements PersonalData {
  private final Planner planner;
  private final Clock business;

  ReminderData(Planner planner, Clock business) {
    this.planner = planner;
    this.business = business;
  }

  @Override
  public List<PersonalTable> tables() {
    return List.of(
        PersonalTable.of("reminder_rule", "code").codes("code", "body", "state"),
        PersonalTable.of("reminder_rule_version", "code", "version").codes("code", "body"),
        PersonalTable.of("reminder_change", "id").codes("code", "kind", "category"),
        PersonalTable.of("reminder_todo", "id").by(Person.By.ORDER, "order_id"),
        PersonalTable.of("reminder", "unit_id", "kind")
            .hashes("party")
            .codes(
                "kind", "category", "model", "brand", "store_code", "rule_code", "state", "basis"),
        PersonalTable.of("reminder_task", "id")
            .hashes("open_party", "party")
            .codes(
                "store_code",
                "state",
                "assignee",
                "work_order_no",
                "contact_channel",
                "contact_result",
                "told_by",
                "reached_by"),
        PersonalTable.of("reminder_item", "unit_id", "kind", "due")
            .codes("kind", "rule_code", "state", "basis"),
        PersonalTable.of("reminder_contact", "id").codes("step", "state", "plan", "why", "account"),
        PersonalTable.of("reminder_audit", "id")
            .sealed("note")
            .byHand("note")
            .codes("action", "actor", "from_state", "to_state", "detail"),
        PersonalTable.of("reminder_filled", "store_code").codes("store_code"),
        PersonalTable.of("reminder_answer", "id").codes("kind", "source"),
        PersonalTable.of("reminder_digest", "staff").codes("staff"),
        PersonalTable.of("reminder_turn", "code", "staff").codes("code", "staff"));
  }

  /**
   * The person's orders are marked as erased by now: what was planned of them goes. Tasks, be they
   * open for others of the household or ended, forget whose they were and where, and what staff
   * wrote down about them.
   */
  @Override
  public void erase(Tx tx, Tenant tenant, Person person) {
    Instant now = business.instant();
    for (List<Long> some : Chunks.of(person.numbers(Person.By.ORDER))) {
      planner.plan(tx, tenant, planner.rules(tx, tenant), some, tenant.dayOf(now), now);
    }
    Set<Long> tasks = new TreeSet<>();
    for (List<Object> some : person.chunks(Person.By.MEMBER)) {
      tasks.addAll(TaskTable.with(tx, tenant, "member_id", some));
    }
    for (List<Object> some : person.chunks(Person.By.PLACE)) {
      tasks.addAll(TaskTable.with(tx, tenant, "place_id", some));
    }
    TaskTable.forget(tx, tenant, tasks);
    for (List<Long> some : Chunks.of(person.numbers(Person.By.ORDER))) {
      tasks.addAll(TaskTable.ofOrders(tx, tenant, some));
    }
    TaskTable.forgetNotes(tx, tenant, tasks);
  }

  @Override
  public Map<String, List<Map<String, @Nullable Object>>> export(
      Tx tx, Tenant tenant, Person person) {
    Map<String, List<Map<String, @Nullable Object>>> all = new HashMap<>();
    for (List<Long> some : Chunks.of(person.numbers(Person.By.ORDER))) {
      rows(
          tx,
          tenant,
          some,
          """
          SELECT t.unit_id, t.kind, t.category, t.model, t.brand, t.store_code, t.rule_code, t.state,
            t.due, t.contact_day FROM {reminder} t""",
          all.computeIfAbsent("reminder", table -> new ArrayList<>()));
      rows(
          tx,
          tenant,
          some,
          """
          SELECT t.unit_id, t.kind, t.due, k.id, k.store_code, k.state, k.opened, k.booked_from_ms,
            k.booked_to_ms, k.work_order_no, k.contact_ms, k.contact_channel, k.contact_result,
            k.told, k.told_by, k.reached, k.reached_by, k.booked
          FROM {reminder_item} t
          JOIN {reminder_task} k ON k.dealer_id = t.dealer_id AND k.id = t.task_id""",
          all.computeIfAbsent("reminder_task", table -> new ArrayList<>()));
      rows(
          tx,
          tenant,
          some,
          """
          SELECT t.unit_id, t.kind, t.due, t.task_id, t.opened, t.rule_code, t.state
          FROM {reminder_item} t""",
          all.computeIfAbsent("reminder_item", table -> new ArrayList<>()));
      for (long task : TaskTable.ofOrders(tx, tenant, some)) {
        for (TaskEvent event : WorkTable.history(tx, tenant, task)) {
          Map<String, @Nullable Object> row = new LinkedHashMap<>();
          row.put("task_id", task);
          row.put("action", event.action().name());
          row.put("at_ms", event.at().toEpochMilli());
          row.put("detail", event.detail());
          row.put("note", event.note().orElse(null));
          all.computeIfAbsent("reminder_audit", table -> new ArrayList<>()).add(row);
        }
      }
    }
    all.values().removeIf(List::isEmpty);
    return all;
  }

  private static void rows(
      Tx tx,
      Tenant tenant,
      List<Long> orderIds,
      String select,
      List<Map<String, @Nullable Object>> found) {
    tx.query(
            select
                + """
                 JOIN {order_unit} u ON u.dealer_id = t.dealer_id AND u.id = t.unit_id
                WHERE t.dealer_id = :dealer AND u.dealer_id = :dealer AND u.order_id IN (<orders>)
                ORDER BY t.unit_id, t.kind, t.due""")
        .bind("dealer", tenant.id())
        .bindList("orders", orderIds)
        .mapToMap()
        .forEach(found::add);
  }
}
